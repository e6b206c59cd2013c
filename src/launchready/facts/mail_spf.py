"""What receivers make of the domain's SPF policies (RFC 7208)."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc7208_survey import TermCost


@dataclass(frozen=True, slots=True)
class SpfReached:
    """The record of a name that another record includes or redirects to."""

    name: str
    record: str


@dataclass(frozen=True, slots=True)
class SpfPolicy:
    """The SPF records of a name, and what a receiver gets to who goes through them for an address that none names.

    Attributes:
        records: As they came, sorted; one is right, several are an error.
        result: What such an address is told.
        reason: Why, in a few words.
        lookups: How many were needed until then; a receiver gives up at the eleventh.
        void_names: Names that were asked for and have nothing; a receiver gives up at the third.
        terms: Of all the records, those that cost look-ups, each once.
        reached: What they lead to, as far as it is valid.
        is_complete: Whether all was followed and answered; otherwise the costs are lower bounds.
    """

    records: tuple[str, ...]
    result: SpfResult
    reason: str
    lookups: int
    void_names: tuple[str, ...]
    terms: tuple[TermCost, ...]
    reached: tuple[SpfReached, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class SpfPolicyOf:
    """The policy of one name that mail bounces to: the domain itself, or one that a sender declares."""

    name: str
    policy: Measured[SpfPolicy] | Unmeasured


@fact(about=Domain)
class SpfPolicies:
    """The policies of the domain, first, and of every bounce domain that a sender declares."""

    of: tuple[SpfPolicyOf, ...]


@dataclass(frozen=True, slots=True)
class SpfVerdict:
    """What a receiver that gets mail from one address is told, whose record says it, and the records of `domain`."""

    result: SpfResult
    reason: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SenderSpf:
    """One declared address of one sender, judged as the receiver of its mail does.

    `domain` is the envelope sender's: the declared bounce domain, or else the From domain.
    """

    sender: str
    address: str
    domain: str
    verdict: Measured[SpfVerdict] | Unmeasured


@fact(about=Domain)
class SendersSpf:
    """Every declared address of every sender; empty where none is declared."""

    of: tuple[SenderSpf, ...]
