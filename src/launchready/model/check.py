"""A check asks one yes/no question about facts, and knows everything a reader needs when the answer is no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from launchready.model.intent import Intent
from launchready.model.product import Subject
from launchready.model.reading import Why
from launchready.model.signature import Parameter, Role, read_parameters, subject_kind


class Impact(IntEnum):
    """Each level is defined by its consequence at launch; a higher number is worse."""

    NOTE = 0  # worth knowing; no customer is lost
    MINOR = 1  # some customers notice
    MAJOR = 2  # customers, money or time are lost, but the product can be sold
    BLOCKER = 3  # paid traffic is wasted, or customers are harmed

    @property
    def word(self) -> str:
        """The lower-case name."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure a failure is; a higher number is surer. Severity is another matter."""

    LIKELY = 0  # an inference from several facts
    CERTAIN = 1  # what was seen is itself the fault


class Layer(IntEnum):
    """Where a check lives, and how deep: what lies deeper is mended first. The names are the folders of `checks`."""

    DOMAIN = 0
    TLS = 1
    REDIRECTS = 2
    MAIL = 3
    WEB = 4
    SECRETS = 5
    ENVIRONMENT = 6
    DELIVERY = 7
    SPEED = 8
    OBSERVABILITY = 9
    JOURNEYS = 10
    CHAT = 11
    EDGE = 12
    TRUST = 13
    HANDOVER = 14
    OVERBUILD = 15

    @property
    def word(self) -> str:
        """The folder's name."""
        return self.name.lower()


class Cost(StrEnum):
    """What a failure costs the owner; never an amount that we made up."""

    LEADS = "lost leads"
    TICKETS = "support tickets"
    REFUNDS = "refund requests"
    AD_SPEND = "wasted ad spend"


class Fixer(StrEnum):
    """Who can mend it."""

    OWNER = "you"
    ENGINEER = "an engineer"


@dataclass(frozen=True, slots=True)
class Fix:
    """The exact change: what to do, in a sentence, and what to paste; `paste` may be empty."""

    do: str
    paste: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """Measured, and good."""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A file of the repository, seen from its top, and the line in it counted from 1; 0 means the whole file."""

    path: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fail:
    """Measured, and not good: what exactly, the change that mends it, and where in the source code that is."""

    offenders: tuple[str, ...]
    fix: Fix
    places: tuple[SourcePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The question does not arise, by the owner's declaration or by a measured fact."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A fact is missing, so the check was not asked. `need` says what would answer it."""

    why: Why
    detail: str
    need: str


@dataclass(frozen=True, slots=True)
class OnYourWord:
    """A person's word stands in for a measurement."""

    who: str
    proof: str
    until: date


Judgement = Pass | Fail | NotApplicable
Outcome = Pass | Fail | NotApplicable | NotMeasured | OnYourWord


@dataclass(frozen=True, slots=True)
class Check:
    """A question with its documentation. `ask` is None where only a person can answer."""

    id: str
    ask: Callable[..., Judgement] | None
    parameters: tuple[Parameter, ...]
    about: type[Subject]
    layer: Layer
    impact: Impact
    confidence: Confidence
    title: str
    why_it_matters: str
    how_to_fix: str
    customer_sees: str
    costs: tuple[Cost, ...]
    fixer: Fixer
    minutes: int
    sources: tuple[str, ...]
    when: tuple[Intent, ...]
    explains: tuple[str, ...]
    topic: str

    @property
    def facts(self) -> tuple[type, ...]:
        """The facts that it reads."""
        return tuple(p.type for p in self.parameters if p.role in {Role.FACT, Role.EACH})


CHECKS: dict[str, Check] = {}

WHY_HEADING = "## Why it matters at launch"
FIX_HEADING = "## How to fix"
CHECKS_PACKAGE = "launchready.checks."


def check(  # noqa: PLR0913 - each is a different fact about the check, and all are named where it is declared
    id: str,  # noqa: A002 - "id" is what the field calls it
    *,
    impact: Impact,
    customer_sees: str,
    costs: tuple[Cost, ...],
    fixer: Fixer,
    minutes: int,
    sources: tuple[str, ...],
    confidence: Confidence = Confidence.CERTAIN,
    when: tuple[Intent, ...] = (),
    explains: tuple[str, ...] = (),
    attestable: bool = False,
) -> Callable[[Callable[..., Judgement]], Callable[..., Judgement]]:
    """Register a pure function as a check.

    Args:
        id: the failing state, a noun in kebab case, stable for ever.
        impact: how bad a failure is.
        customer_sees: one sentence, from the customer's side.
        costs: what a failure costs the owner.
        fixer: who can mend it.
        minutes: how long that takes, when all goes well.
        sources: the rules it applies, as URLs.
        confidence: how sure a failure is.
        when: intents; the check is asked only where every one of them is yes.
        explains: ids of the checks whose failures this diagnosis gives the cause of.
        attestable: only a person can answer; the function is never called.
    """

    def decorate(ask: Callable[..., Judgement]) -> Callable[..., Judgement]:
        title, why_it_matters, how_to_fix = _read_docstring(ask.__doc__ or "", id)
        parameters = read_parameters(ask)
        if id in CHECKS:
            raise TypeError(f"two checks are called {id}")
        area, _, topic = ask.__module__.removeprefix(CHECKS_PACKAGE).partition(".")
        CHECKS[id] = Check(
            id=id,
            ask=None if attestable else ask,
            parameters=parameters,
            about=subject_kind(parameters),
            layer=Layer[area.upper()],
            impact=impact,
            confidence=confidence,
            title=title,
            why_it_matters=why_it_matters,
            how_to_fix=how_to_fix,
            customer_sees=customer_sees,
            costs=costs,
            fixer=fixer,
            minutes=minutes,
            sources=sources,
            when=when,
            explains=explains,
            topic=topic,
        )
        return ask

    return decorate


def _read_docstring(text: str, check_id: str) -> tuple[str, str, str]:
    """Title, why and fix. The docstring is a check's only documentation, so its shape is enforced."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if WHY_HEADING not in lines or FIX_HEADING not in lines:
        raise TypeError(f"{check_id}: the docstring needs {WHY_HEADING!r} and {FIX_HEADING!r}")
    why, fix = lines.index(WHY_HEADING), lines.index(FIX_HEADING)
    return lines[0], _prose(lines[why + 1 : fix]), _prose(lines[fix + 1 :])


def _prose(lines: list[str]) -> str:
    paragraphs = "\n".join(lines).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)
