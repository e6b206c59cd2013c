"""What the large mailbox providers ask of senders, as they published it, and which checks answer it.

A table of data with sources and dates: what stands here is shown by `launchready mail`, and judged by nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from launchready.model.check import Fail, Outcome, Pass


class Whom(StrEnum):
    """Of whom something is asked."""

    EVERYBODY = "everybody"
    MANY = "5,000 mails a day or more"
    MARKETING = "newsletters and campaigns, 5,000 a day or more"


class State(StrEnum):
    """Whether a requirement is met, as far as the checks tell."""

    MET = "met"
    NOT_MET = "not met"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that one provider asks.

    Attributes:
        receiver: The provider.
        asks: What, in a few words.
        of: Of whom.
        since: The day from which it is enforced, ISO 8601.
        ways: Each way to meet it, as ids of checks; none where nothing but the provider's own tools can tell.
        source: Where it is written.
    """

    receiver: str
    asks: str
    of: Whom
    since: str
    ways: tuple[tuple[str, ...], ...]
    source: str


READ_ON: Final = "2026-07"
"""When the sources were last read."""

GMAIL: Final = "https://support.google.com/a/answer/81126"
YAHOO: Final = "https://senders.yahooinc.com/best-practices/"
OUTLOOK: Final = "https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730"

_SPF: Final = ("spf-missing", "spf-invalid", "spf-sender-refused")
_DKIM: Final = ("dkim-key-unusable",)
_DMARC: Final = ("dmarc-missing",)
_TIED: Final = ("dmarc-sender-unaligned", "received-mail-unauthenticated")
_NAMED: Final = ("sender-address-without-name",)

MAY_BE_SILENT: Final = frozenset({"spf-sender-refused", *_TIED})
"""Checks that hang on what an owner may not know, such as a service's addresses: another one of the way is enough."""


def _gmail(asks: str, of: Whom, *ways: tuple[str, ...], since: str = "2024-02-01") -> Requirement:
    return Requirement("Gmail", asks, of, since, ways, GMAIL)


def _yahoo(asks: str, of: Whom, *ways: tuple[str, ...], since: str = "2024-02-01") -> Requirement:
    return Requirement("Yahoo", asks, of, since, ways, YAHOO)


def _outlook(asks: str, *ways: tuple[str, ...]) -> Requirement:
    return Requirement("Outlook.com", asks, Whom.MANY, "2025-05-05", ways, OUTLOOK)


REQUIREMENTS: Final = (
    _gmail("SPF or DKIM", Whom.EVERYBODY, _SPF, _DKIM),
    _gmail("a name for the sending address that leads back to it (PTR)", Whom.EVERYBODY, _NAMED),
    _gmail("an encrypted connection from your sending server", Whom.EVERYBODY, since="2023-12-01"),
    _gmail("reports of spam below 0.3 % (Postmaster Tools)", Whom.EVERYBODY),
    _gmail("SPF and DKIM", Whom.MANY, (*_SPF, *_DKIM)),
    _gmail("a DMARC record, p=none at least", Whom.MANY, _DMARC),
    _gmail("SPF or DKIM for the domain in From (alignment)", Whom.MANY, _TIED),
    _gmail("unsubscribing by one click (RFC 8058)", Whom.MARKETING, since="2024-06-01"),
    _yahoo("SPF or DKIM", Whom.EVERYBODY, _SPF, _DKIM),
    _yahoo("a name for the sending address that leads back to it (PTR)", Whom.EVERYBODY, _NAMED),
    _yahoo("reports of spam below 0.3 %", Whom.EVERYBODY),
    _yahoo("SPF and DKIM", Whom.MANY, (*_SPF, *_DKIM)),
    _yahoo("a DMARC record, p=none at least, that mail passes", Whom.MANY, (*_DMARC, *_TIED)),
    _yahoo("unsubscribing by one click (RFC 8058)", Whom.MARKETING, since="2024-06-01"),
    _outlook("SPF that passes for the sending domain", _SPF),
    _outlook("DKIM that passes", _DKIM),
    _outlook("a DMARC record, p=none at least, aligned with SPF or DKIM", (*_DMARC, *_TIED)),
)
"""The providers' names for "many" differ by words, not by number: Gmail and Outlook.com name 5,000 a day."""


def state_of(requirement: Requirement, outcomes: Mapping[str, Iterable[Outcome]]) -> State:
    """Whether a requirement is met: one of its ways is.

    Args:
        requirement: What is asked.
        outcomes: What each check came to, on all its subjects.
    """
    states = [_state_of_way(way, outcomes) for way in requirement.ways]
    if State.MET in states:
        return State.MET
    return State.NOT_MET if states and set(states) == {State.NOT_MET} else State.NOT_MEASURED


def _state_of_way(way: tuple[str, ...], outcomes: Mapping[str, Iterable[Outcome]]) -> State:
    answers = {check: tuple(outcomes.get(check, ())) for check in way}
    if any(isinstance(one, Fail) for found in answers.values() for one in found):
        return State.NOT_MET
    passed = {check for check, found in answers.items() if found and all(isinstance(one, Pass) for one in found)}
    return State.MET if passed and set(way) - passed <= MAY_BE_SILENT else State.NOT_MEASURED
