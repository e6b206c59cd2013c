"""Ask every check of every subject, from evidence alone: a pure function of evidence, checks and a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from launchready.engine.plan import subjects_of
from launchready.model.check import Check, Fail, NotApplicable, NotMeasured, OnYourWord, Outcome, Pass
from launchready.model.evidence import Evidence
from launchready.model.fact import FACTS, Each
from launchready.model.intent import Intent
from launchready.model.product import Attestation, Product, Subject, Waiver
from launchready.model.reading import Attested, Measured, Reading, Unmeasured, Why
from launchready.model.signature import Parameter, Role
from launchready.model.verdict import Result

Readings = Mapping[tuple[str, str], Reading[Any]]

NEEDS = {
    Why.TIMED_OUT: "an answer in time; run the audit again, or look whether the server is up",
    Why.REFUSED: "a server that accepts the connection",
    Why.NO_NAME: "a name that resolves",
    Why.NO_RESOLVER: "a resolver that answers; try another network, or `--resolver 1.1.1.1`",
    Why.OWN_NETWORK: "a network connection on this machine",
    Why.CHALLENGED: "a rule at your edge that lets this audit's address through",
    Why.CAPTIVE_PORTAL: "a network without a sign-in page in between",
    Why.CERTIFICATE: "a valid certificate first",
    Why.PRIVATE_ADDRESS: "a public address, or `allow_private` for this host",
    Why.TOO_LARGE: "a smaller answer",
    Why.UNREADABLE: "an answer in the expected form",
    Why.NOT_FOUND: "the thing itself, at the declared place",
    Why.NOT_PERMITTED: "proof that the host is yours",
    Why.NOT_INSTALLED: "a component that is not installed here",
    Why.NOT_REQUESTED: "a run that includes it",
    Why.NOT_DECLARED: "a line in launchready.toml",
    Why.DEPENDENCY: "another look to succeed first",
    Why.INTERRUPTED: "a run to the end",
    Why.EXPIRED: "a newer word with proof",
    Why.OUR_BUG: "a corrected Launch Ready; please report it",
}


def judge(evidence: Evidence, checks: Iterable[Check], at: datetime) -> tuple[Result, ...]:
    """Every check's outcome on every subject, sorted by check and subject.

    Args:
        evidence: what was seen.
        checks: the questions.
        at: the moment that attestations and waivers are measured against.
    """
    readings: Readings = {(e.kind, e.subject): e.reading for e in evidence.entries}
    results = [r for check in checks for r in _results(check, evidence.product, readings, at)]
    return tuple(sorted(results, key=lambda r: (r.check.id, r.subject)))


def _results(check: Check, product: Product, readings: Readings, at: datetime) -> Iterable[Result]:
    subjects = asked_of(check, product)
    if not subjects:
        yield Result(check, product.id, _without_subject(check, product))
    for subject in subjects:
        outcome = _outcome(check, subject, product, readings, at)
        waiver = _waiver(product.waivers, check, subject.id, at) if isinstance(outcome, Fail) else None
        yield Result(check, subject.id, outcome, waiver)


def asked_of(check: Check, product: Product) -> tuple[Subject, ...]:
    """The declared subjects that have every fact which the check reads of the subject itself."""
    own = [FACTS[p.type] for p in check.parameters if p.role is Role.FACT and FACTS[p.type].about is check.about]
    if any(not subjects_of(product, p.type) for p in check.parameters if p.role is Role.EACH):
        return ()
    return tuple(s for s in product.subjects_of(check.about) if all(kind.only(s) for kind in own))


def _outcome(check: Check, subject: Subject, product: Product, readings: Readings, at: datetime) -> Outcome:
    unwanted = _unwanted(check.when, product, subject)
    if unwanted is not None:
        return unwanted
    if check.ask is None:
        return _word(check, product.attestations, at)
    arguments: dict[str, object] = {}
    for parameter in check.parameters:
        value = _bind(parameter, subject, product, readings, at)
        if isinstance(value, Unmeasured):
            return _unmeasured(value)
        arguments[parameter.name] = value
    return _ask(check, arguments, at)


def _without_subject(check: Check, product: Product) -> Outcome:
    """Of a check that nothing declared can be asked of: what the owner says of the whole product comes first."""
    product_wide = tuple(intent for intent in check.when if intent.is_product_wide)
    return _unwanted(product_wide, product, product) or _not_declared(check)


def _unwanted(when: tuple[Intent, ...], product: Product, subject: Subject) -> NotMeasured | NotApplicable | None:
    """Why a check is not asked, by the first intent that is no or not said; None where all are yes."""
    for intent in when:
        answer = intent.read(product, subject)
        if answer is None:
            need = f"declare {intent.declare} to have this answered"
            return NotMeasured(Why.NOT_DECLARED, "the owner has not said what is wanted", need)
        if answer is False:
            return NotApplicable(intent.otherwise)
    return None


def _ask(check: Check, arguments: Mapping[str, object], at: datetime) -> Outcome:
    """Call one check. The only place where a check's own bug becomes an outcome."""
    assert check.ask is not None
    try:
        judgement: object = check.ask(**arguments)
    except Exception as bug:  # noqa: BLE001 - a check's bug must not take the verdict with it; it is shown as ours
        return _unmeasured(Unmeasured(Why.OUR_BUG, f"{check.id} failed on our side: {type(bug).__name__}", at))
    if not isinstance(judgement, Pass | Fail | NotApplicable):
        return _unmeasured(Unmeasured(Why.OUR_BUG, f"{check.id} gave no answer", at))
    if isinstance(judgement, Pass | NotApplicable):
        gap = next((u for p in check.parameters for u in _gaps(arguments[p.name])), None)
        if gap is not None:
            return _unmeasured(gap)
    return judgement


def _gaps(value: object) -> Iterator[Unmeasured]:
    """The unmeasured readings inside a fact: parts that were discovered, looked at, and not seen.

    A failure stands whatever else was not seen; nothing else may be concluded over a gap.
    """
    if isinstance(value, Unmeasured):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _gaps(item)
    elif is_dataclass(value) and not isinstance(value, Product | type):
        for field in fields(value):
            yield from _gaps(getattr(value, field.name))


def _bind(
    parameter: Parameter, subject: Subject, product: Product, readings: Readings, at: datetime
) -> object | Unmeasured:
    match parameter.role:
        case Role.PRODUCT:
            return product
        case Role.SUBJECT:
            return product.ancestor(subject, parameter.type)
        case Role.EACH:
            return _bind_each(parameter.type, subject, product, readings, at)
        case _:
            ancestor = product.ancestor(subject, FACTS[parameter.type].about)
            assert ancestor is not None, "subject_kind puts every fact on the subject's own line"
            return _value(parameter.type, ancestor, readings, at)


def _bind_each(
    fact: type, subject: Subject, product: Product, readings: Readings, at: datetime
) -> Each[object] | Unmeasured:
    pairs: list[tuple[Subject, object]] = []
    for descendant in subjects_of(product, fact):
        if product.ancestor(descendant, type(subject)) != subject:
            continue
        value = _value(fact, descendant, readings, at)
        if isinstance(value, Unmeasured):
            return value
        pairs.append((descendant, value))
    return Each(tuple(pairs))


def _value(fact: type, subject: Subject, readings: Readings, at: datetime) -> object | Unmeasured:
    name = FACTS[fact].name
    match readings.get((name, subject.id)):
        case Measured() as seen:
            value: object = seen.value
            return value
        case Unmeasured() as unseen:
            return unseen
        case Attested(who=who):
            return Unmeasured(Why.DEPENDENCY, f"{name} rests on the word of {who}", at)
        case _:
            return Unmeasured(Why.NOT_REQUESTED, f"{name} was not looked at in this run", at)


def _word(check: Check, attestations: tuple[Attestation, ...], at: datetime) -> Outcome:
    """A person's word on a check that no measurement answers; the one that counts longest."""
    words = sorted((a for a in attestations if a.check == check.id), key=lambda a: (a.until, a.who, a.proof))
    if not words:
        need = f'declare an [[attestations]] table with check = "{check.id}" to have this answered'
        return NotMeasured(Why.NOT_DECLARED, "only a person can answer this, and nobody has", need)
    newest = words[-1]
    if newest.until < at.date():
        detail = f"the word of {newest.who} counted until {newest.until.isoformat()}"
        return _unmeasured(Unmeasured(Why.EXPIRED, detail, at))
    return OnYourWord(newest.who, newest.proof, newest.until)


def _waiver(waivers: tuple[Waiver, ...], check: Check, subject: str, at: datetime) -> Waiver | None:
    fitting = [w for w in waivers if w.check == check.id and w.subject in {"", subject} and w.until >= at.date()]
    return max(fitting, key=lambda w: (w.until, w.owner, w.reason), default=None)


def _not_declared(check: Check) -> NotMeasured:
    hints = dict.fromkeys(FACTS[f].declare for f in check.facts if FACTS[f].declare)
    what = " and ".join(hints) or "it"
    return NotMeasured(Why.NOT_DECLARED, "nothing of this kind is declared", f"declare {what} to have this answered")


def _unmeasured(reading: Unmeasured) -> NotMeasured:
    need = NEEDS[reading.why]
    if reading.why is Why.NOT_DECLARED:
        need = f"{reading.detail} to have this answered"
    return NotMeasured(reading.why, reading.detail, need)
