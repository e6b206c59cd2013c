"""Turn failures into findings, put causes in the place of their symptoms, and sort: what to mend first stands first."""

from collections.abc import Iterable, Sequence

from launchready.model.check import Fail, Impact
from launchready.model.verdict import Finding, Result


def rank(results: Sequence[Result]) -> tuple[Finding, ...]:
    """Findings, worst first.

    Order: impact; a waived one behind the open ones of its impact, unless it is a blocker (a waived blocker still shows
    first); depth of the layer; confidence; how many subjects are affected; smallest fix; id.
    """
    by_check: dict[str, list[Result]] = {}
    for result in results:
        if isinstance(result.outcome, Fail):
            by_check.setdefault(result.check.id, []).append(result)
    findings = {
        check: Finding(failed[0].check, failed[0].check.impact, tuple(sorted(failed, key=lambda r: r.subject)))
        for check, failed in by_check.items()
    }
    return tuple(sorted(_explained(findings), key=_order))


def _explained(findings: dict[str, Finding]) -> Iterable[Finding]:
    """Diagnoses take in the symptoms that they explain, and inherit the worst impact among them.

    A symptom that is itself a diagnosis takes in its own first. Each symptom goes to one cause, by the order of ids.
    """
    taken: set[str] = set()
    settled: dict[str, Finding] = {}

    def settle(check: str) -> Finding:
        if check not in settled:
            diagnosis = settled[check] = findings[check]
            symptoms = tuple(
                settle(s)
                for s in diagnosis.check.explains
                if s in findings and s not in taken and s != check and _covers(diagnosis, findings[s])
            )
            taken.update(s.check.id for s in symptoms)
            impact = max([diagnosis.impact, *(s.impact for s in symptoms)])
            settled[check] = Finding(diagnosis.check, impact, diagnosis.results, symptoms)
        return settled[check]

    for check in sorted(findings):
        settle(check)
    return [finding for check, finding in settled.items() if check not in taken]


def _covers(diagnosis: Finding, symptom: Finding) -> bool:
    """Whether the cause was found on every subject that shows the symptom; a cause on the product covers all."""
    causes = {r.subject for r in diagnosis.results}
    return "product" in causes or causes >= {r.subject for r in symptom.results}


def _order(finding: Finding) -> tuple[object, ...]:
    check = finding.check
    return (
        -finding.impact,
        finding.waiver is not None and finding.impact is not Impact.BLOCKER,
        check.layer,
        -check.confidence,
        -len(finding.results),
        check.minutes,
        check.id,
    )
