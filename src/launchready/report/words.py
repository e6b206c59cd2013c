"""The phrases that all renderers share. A phrase that holds text from outside is made printable here or in `page`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from launchready.model.check import (
    Check,
    Cost,
    Fail,
    Fixer,
    Impact,
    Layer,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Outcome,
    Pass,
)
from launchready.model.reading import Why
from launchready.model.verdict import Decision, RowState, Verdict
from launchready.report.hostile import printable

DECISION = {
    Decision.NO_GO: "No-go",
    Decision.UNDETERMINED: "Not known yet",
    Decision.GO_WITH_RISKS: "Go, with risks",
    Decision.GO: "Go",
}

IMPACT = {
    Impact.BLOCKER: "Blocker",
    Impact.MAJOR: "Major",
    Impact.MINOR: "Minor",
    Impact.NOTE: "Note",
}

IMPACT_MEANING = {
    Impact.BLOCKER: "paid traffic would be wasted, or customers harmed",
    Impact.MAJOR: "customers, money or time are lost, but the product can be sold",
    Impact.MINOR: "some customers notice",
    Impact.NOTE: "worth knowing; no customer is lost",
}

ROW_STATE = {
    RowState.PROVEN: "Proven",
    RowState.FAILED: "Failed",
    RowState.ATTESTED: "On your word",
    RowState.NOT_APPLICABLE: "Does not apply",
    RowState.NOT_MEASURED: "Not checked",
    RowState.NOT_YET_CHECKABLE: "Not yet checkable by this version",
}

LAYER = {
    Layer.DOMAIN: "Domain",
    Layer.TLS: "Certificates (TLS)",
    Layer.REDIRECTS: "Redirects",
    Layer.MAIL: "Mail",
    Layer.WEB: "Web pages",
    Layer.SECRETS: "Secrets",
    Layer.ENVIRONMENT: "Environment",
    Layer.DELIVERY: "Delivery",
    Layer.SPEED: "Speed",
    Layer.OBSERVABILITY: "Observability",
    Layer.JOURNEYS: "Customer journeys",
    Layer.CHAT: "Chat",
    Layer.EDGE: "Edge network",
    Layer.TRUST: "Trust",
    Layer.HANDOVER: "Handover",
    Layer.OVERBUILD: "Overbuilding",
}

WHY = {
    Why.TIMED_OUT: "No answer came in time",
    Why.REFUSED: "The connection was refused",
    Why.NO_NAME: "The name does not exist",
    Why.NO_RESOLVER: "No name server answered us",
    Why.OWN_NETWORK: "Our own network was down",
    Why.CHALLENGED: "We were shown a challenge page instead of the site",
    Why.CAPTIVE_PORTAL: "The network we looked from answered with a log-in page of its own",
    Why.CERTIFICATE: "The certificate can't be trusted, so we looked no further",
    Why.PRIVATE_ADDRESS: "It points to a private address",
    Why.TOO_LARGE: "The answer was too large to read",
    Why.UNREADABLE: "The answer could not be read",
    Why.NOT_FOUND: "It was not found",
    Why.NOT_PERMITTED: "This look needs proof that the product is yours",
    Why.NOT_INSTALLED: "A program that this look needs is not installed",
    Why.NOT_REQUESTED: "This was not asked for",
    Why.NOT_DECLARED: "You have not said yet what should be true",
    Why.DEPENDENCY: "Something that this depends on could not be seen",
    Why.INTERRUPTED: "The look was interrupted",
    Why.EXPIRED: "The proof has expired",
    Why.OUR_BUG: "We made a mistake: this is a bug in Launch Ready",
}

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# How the words of a check's id are written in a sentence; the others stay as they are.
_WRITTEN = """
    AAAA AI API CAA CDN CNAME CORS CPU CSP CSS DKIM DMARC DNS DNSSEC GB HSTS HTML HTTP HTTPS ID IP IPv4 IPv6
    JS JSON KB MB MX NS OCSP PTR SDK SMTP SPF SQL SSL TLS TTL TXT URL UTC
"""
ACRONYMS = {word.lower(): word for word in _WRITTEN.split()}


def day(of: date) -> str:
    """A day as `3 May 2026`."""
    return f"{of.day} {MONTHS[of.month - 1]} {of.year}"


def when(moment: datetime) -> str:
    """A moment as `3 May 2026, 09:12 UTC`, the same on every machine."""
    at = moment.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def holds(verdict: Verdict) -> str:
    """Until when the answer holds, in a sentence."""
    if verdict.holds_until <= verdict.at:
        return f"Checked {when(verdict.at)}. This answer has run out: check again."
    return f"Checked {when(verdict.at)}. Holds until {when(verdict.holds_until)}."


def count_line(verdict: Verdict) -> str:
    """`9 of 14 proven · 2 failed · 3 not checked`, about the rows of the minimum bar."""
    failed = sum(row.state is RowState.FAILED for row in verdict.rows)
    idle = sum(row.state is RowState.NOT_APPLICABLE for row in verdict.rows)
    unchecked = len(verdict.rows) - verdict.proven - failed - idle
    attested = sum(row.state is RowState.ATTESTED for row in verdict.rows)
    on_word = f" ({attested} on your word)" if attested else ""
    line = f"{verdict.proven} of {len(verdict.rows)} proven{on_word} · {failed} failed · {unchecked} not checked"
    return f"{line} · {idle} {'do' if idle > 1 else 'does'} not apply" if idle else line


def subject_name(subject: str, product: str = "the product") -> str:
    """How a person calls a subject, from its canonical id."""
    kind, _, rest = subject.partition(":")
    match kind:
        case "product":
            return printable(product)
        case "repository":
            return "the repository"
        case "journey":
            return printable(f"the journey “{rest}”")
        case _:
            return printable((rest or kind).removeprefix("https://"))


def failing_state(check: Check) -> str:
    """What is not good, from the check's id: `spf-lookups-excessive` reads `SPF lookups excessive`."""
    words = [ACRONYMS.get(word, word) for word in printable(check.id).split("-")]
    sentence = " ".join(words)
    return sentence[:1].upper() + sentence[1:]


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a check's documentation."""
    return tuple(printable(paragraph) for paragraph in text.split("\n\n") if paragraph.strip())


def sentence(text: str) -> str:
    """A phrase with a capital and a full stop, however it was written; names of hosts keep their letters.

    It is printable afterwards.
    """
    line = printable(text)
    first = line[:1].upper() if line.partition(" ")[0].rstrip(",:;").isalpha() else line[:1]
    end = "" if not line or line.endswith((".", "?", "!", ")", "”", "…")) else "."
    return f"{first}{line[1:]}{end}"


def spans(text: str) -> list[tuple[bool, str]]:
    """Split a sentence at its `code`: pairs of whether it is code, and the text. Unpaired backticks are plain text."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or not all(parts[1::2]):
        return [(False, text)]
    return [(index % 2 == 1, part) for index, part in enumerate(parts) if part]


def listing(things: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join((", ".join(things[:-1]), things[-1])) if len(things) > 1 else "".join(things)


def some(things: Sequence[str], limit: int) -> str:
    """The first few of them and how many more there are."""
    left = len(things) - limit
    return listing((*things[:limit], f"{left} more")) if left > 0 else listing(things)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def costs(of: tuple[Cost, ...]) -> str:
    """What a failure costs the owner, in words; no amounts, for we know none. Empty where nothing is lost."""
    return f"{listing([str(cost) for cost in of]).capitalize()}." if of else ""


def duration(minutes: int) -> str:
    """`10 minutes`, or hours from ninety minutes on."""
    return counted(minutes, "minute") if minutes < 90 else counted(round(minutes / 60), "hour")


def who_fixes(fixer: Fixer, minutes: int) -> str:
    """Who mends it, and how long that takes."""
    who = "You can do this yourself" if fixer is Fixer.OWNER else "An engineer"
    return f"{who}, about {duration(minutes)}"


def outcome_word(outcome: Outcome) -> str:
    """The outcome for a person; the same for every renderer."""
    match outcome:
        case Pass():
            return "Passed"
        case Fail():
            return "Failed"
        case NotApplicable():
            return "Does not apply"
        case NotMeasured():
            return "Not checked"
        case OnYourWord():
            return "On your word"


def outcome_detail(outcome: Outcome) -> str:
    """The sentence that goes with an outcome, raw; empty for a pass, which needs none."""
    match outcome:
        case Pass():
            return ""
        case Fail():
            return "; ".join(outcome.offenders)
        case NotApplicable():
            return outcome.reason
        case NotMeasured():
            return outcome.detail
        case OnYourWord():
            return f"{outcome.who}, until {day(outcome.until)}: {outcome.proof}"
