"""The secrets of a repository on a terminal or as JSON: each key once, with its places and what to do. Never a key."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rich.console import Console
from rich.text import Text

from launchready.facts.secrets import Accepted, Exposure, Place
from launchready.model.check import Impact
from launchready.report.hostile import printable, printable_block
from launchready.report.terminal import IMPACT_STYLE, Pen
from launchready.report.words import counted

PLACES_SHOWN: Final = 6
"""Places of one key that the terminal shows; the JSON has all that are kept."""

COMMIT_CHARS: Final = 12

VALIDATION: Final = "off: no key was sent to its provider to see whether it still works"


class Standing(StrEnum):
    """What is to be made of a key, the worst first."""

    LEAKED = "leaked"
    EXPOSED = "exposed"
    POSSIBLE = "possible"
    KEPT_ASIDE = "kept aside"
    ACCEPTED = "accepted"
    TEST = "test key"
    PUBLIC = "public by design"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Standing).index(self)


STANDING_STYLE: Final = {Standing.LEAKED: "red", Standing.EXPOSED: "yellow", Standing.POSSIBLE: "cyan"}
CALM: Final = frozenset({Standing.KEPT_ASIDE, Standing.ACCEPTED, Standing.TEST, Standing.PUBLIC})


@dataclass(frozen=True, slots=True)
class Incident:
    """One key: whose, how it can be told from others, where it is, what it opens, the first step."""

    provider: str
    fingerprint: str
    hint: str
    length: int
    standing: Standing
    exposure: Exposure
    places: tuple[Place, ...]
    place_count: int
    brought_by: str
    is_on_branch: bool
    opens: str
    step: str
    accepted: Accepted | None


@dataclass(frozen=True, slots=True)
class SecretsFinding:
    """A check that failed."""

    check: str
    impact: Impact
    title: str
    offenders: tuple[str, ...]
    do: str
    paste: str


@dataclass(frozen=True, slots=True)
class SecretsView:
    """All about the secrets of one folder. `gone` are accepted fingerprints that are nowhere any more."""

    path: str
    decision: str
    incidents: tuple[Incident, ...]
    findings: tuple[SecretsFinding, ...]
    gaps: tuple[str, ...]
    gone: tuple[str, ...]
    objects_read: int
    files_read: int


def render_secrets(view: SecretsView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    pen.say(f"Secrets in {printable(view.path)}: {_sentence(view)}", style="bold")
    for number, one in enumerate((one for one in view.incidents if one.standing not in CALM), start=1):
        _incident(number, one, pen)
    _checks(view, pen)
    if view.gaps:
        pen.heading("What could not be checked")
    for gap in view.gaps:
        pen.bullet(printable(gap))
    calm = [one for one in view.incidents if one.standing in CALM]
    if calm:
        pen.heading("Found, and no alarm")
    for one in calm:
        pen.bullet(f"{one.standing.value}: {_name(one)}, {_where(one.places[0])}{_others(one, 1)}{_word(one)}")
    for fingerprint in view.gone:
        pen.bullet(f"gone: {fingerprint} is in accepted-secrets.toml and nowhere else any more; take it off the list")
    pen.gap()
    read = f"{counted(view.objects_read, 'object')} of git and {counted(view.files_read, 'file')} were read."
    pen.say(f"{read} Asking providers is {VALIDATION}.", style="dim")


def _sentence(view: SecretsView) -> str:
    leaked = sum(one.standing is Standing.LEAKED for one in view.incidents)
    exposed = sum(one.standing is Standing.EXPOSED for one in view.incidents)
    parts = [f"{counted(leaked, 'live key')} leaked"]
    if exposed:
        parts.append(f"{counted(exposed, 'live key')} open in files")
    if view.gaps:
        parts.append("not all could be read")
    return ", ".join(parts)


def _incident(number: int, one: Incident, pen: Pen) -> None:
    pen.gap()
    standing = (one.standing.value, STANDING_STYLE.get(one.standing, ""))
    pen.say(Text.assemble(f"{number}. ", standing, "  ", (_name(one), "bold")))
    for place in one.places[:PLACES_SHOWN]:
        pen.labelled("Where", _where(place), indent=3)
    if one.place_count > PLACES_SHOWN:
        pen.labelled("Where", _others(one, PLACES_SHOWN).strip(), indent=3)
    if one.brought_by:
        branch = "a branch leads to it" if one.is_on_branch else "no branch leads to it"
        pen.labelled("Came with", f"commit {one.brought_by[:COMMIT_CHARS]}; {branch}", indent=3)
    pen.labelled("Opens", printable(one.opens), indent=3)
    pen.labelled("Do", printable(one.step), indent=3)
    if one.accepted is not None:
        pen.labelled("Was accepted", f"until {one.accepted.until}: {printable(one.accepted.reason)}", indent=3)


def _checks(view: SecretsView, pen: Pen) -> None:
    if view.findings:
        pen.heading("What the checks say")
    for finding in view.findings:
        impact = (finding.impact.word, IMPACT_STYLE[finding.impact])
        pen.say(Text.assemble(impact, f"  {finding.check}: not so: {printable(finding.title)}"))
        pen.labelled("Do", printable(finding.do))
        if finding.check == "env-file-tracked":
            pen.block(printable_block(finding.paste), indent=5)


def _name(one: Incident) -> str:
    hint = f" {printable(one.hint)}…" if one.hint else ""
    return f"{printable(one.provider)} key{hint} ({one.length} characters, {one.fingerprint})"


def _where(place: Place) -> str:
    line = f":{place.line}" if place.line else ""
    commit = f" in {place.commit[:COMMIT_CHARS]}" if place.commit else ""
    public = f", given to {place.public_name}" if place.public_name else ""
    return f"{printable(place.path)}{line}{commit} ({place.exposure.value}{public})"


def _others(one: Incident, shown: int) -> str:
    more = one.place_count - shown
    return f" and {counted(more, 'more place')}" if more > 0 else ""


def _word(one: Incident) -> str:
    if one.accepted is None:
        return ""
    return f"; {printable(one.accepted.owner)}, until {one.accepted.until}: {printable(one.accepted.reason)}"


def secrets_json(view: SecretsView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "path": view.path,
        "decision": view.decision,
        "incidents": [_incident_json(one) for one in view.incidents],
        "findings": [
            {
                "check": one.check,
                "impact": one.impact.word,
                "title": one.title,
                "offenders": list(one.offenders),
                "do": one.do,
                "paste": one.paste,
            }
            for one in view.findings
        ],
        "not_measured": list(view.gaps),
        "gone": list(view.gone),
        "objects_read": view.objects_read,
        "files_read": view.files_read,
        "live_validation": VALIDATION,
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def _incident_json(one: Incident) -> dict[str, object]:
    word = one.accepted
    return {
        "provider": one.provider,
        "fingerprint": one.fingerprint,
        "starts_with": one.hint,
        "length": one.length,
        "standing": one.standing.value,
        "exposure": one.exposure.value,
        "places": [
            {
                "exposure": place.exposure.value,
                "path": place.path,
                "line": place.line,
                "commit": place.commit,
                "public_name": place.public_name,
            }
            for place in one.places
        ],
        "place_count": one.place_count,
        "brought_by": one.brought_by,
        "is_on_branch": one.is_on_branch,
        "opens": one.opens,
        "do": one.step,
        "accepted": word
        and {"reason": word.reason, "owner": word.owner, "until": word.until.isoformat(), "is_over": word.is_over},
    }
