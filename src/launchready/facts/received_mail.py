"""A message that was really received, as its receiver judges it."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.subject import Journey
from launchready.parse.rfc6376_verify import DkimResult
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc8058 import OneClickFault
from launchready.parse.rfc9989 import Policy
from launchready.parse.rfc9989_evaluate import DmarcResult


@dataclass(frozen=True, slots=True)
class SpfSeen:
    """What SPF says of the address that a message came from.

    `came_from` and `taken_from` are that address and where it is written; both are empty, and `result` is None, where
    the message does not tell. `domain` is the envelope sender's.
    """

    result: SpfResult | None
    reason: str
    domain: str
    came_from: str
    taken_from: str


@dataclass(frozen=True, slots=True)
class SignatureSeen:
    """One DKIM signature, and whether its domain speaks for the one in From."""

    domain: str
    selector: str
    result: DkimResult
    reason: str
    is_related: bool


@dataclass(frozen=True, slots=True)
class DmarcSeen:
    """What DMARC says, by today's standard and by the older one; `found_at` is empty without a record."""

    result: DmarcResult
    older_result: DmarcResult
    policy: Policy | None
    found_at: str


@dataclass(frozen=True, slots=True)
class MailSeen:
    """A received message, without its text.

    Attributes:
        from_domain: What stands behind the @ of From, lower-case.
        reply_domain: The same of Reply-To; empty where there is none.
        return_domain: The same of Return-Path; empty where there is none, or it is empty, as a bounce's.
        spf: What SPF says.
        is_spf_related: Whether the envelope's domain speaks for the one in From.
        signatures: Every DKIM signature, from the top one down.
        dmarc: What DMARC says.
        one_click_faults: Why it offers no one-click unsubscription; empty where it does.
        link_hosts: The hosts that links in the text lead to, each once, in order.
        stray_hosts: Those of them outside of the domain in From and of the hosts that are known.
        placeholders: What looks like a variable that a template left in the text.
    """

    from_domain: str
    reply_domain: str
    return_domain: str
    spf: SpfSeen
    is_spf_related: bool
    signatures: tuple[SignatureSeen, ...]
    dmarc: DmarcSeen
    one_click_faults: tuple[OneClickFault, ...]
    link_hosts: tuple[str, ...]
    stray_hosts: tuple[str, ...]
    placeholders: tuple[str, ...]

    @property
    def signed_for(self) -> tuple[str, ...]:
        """Domains with a good signature that speak for the one in From."""
        return tuple(one.domain for one in self.signatures if one.is_related and one.result is DkimResult.PASS)

    @property
    def is_tied(self) -> bool:
        """Whether signature or envelope show that the message is from the domain in From.

        Where the domain has a DMARC record it says how close they must be; without one, related is close enough.
        """
        if self.dmarc.found_at:
            return self.dmarc.result is DmarcResult.PASS
        return bool(self.signed_for) or (self.is_spf_related and self.spf.result is SpfResult.PASS)

    @property
    def is_open(self) -> bool:
        """Whether that can't be told: nothing shows it, and a part could not be looked at."""
        lost = any(one.is_related and one.result is DkimResult.TEMPERROR for one in self.signatures)
        unknown = self.spf.result in {None, SpfResult.TEMPERROR} and (self.is_spf_related or not self.spf.domain)
        return not self.is_tied and (lost or unknown or self.dmarc.result is DmarcResult.TEMPERROR)


@fact(about=Journey)
class ReceivedMail:
    """The mail that the visitor of a journey received after signing up."""

    mail: MailSeen


class Standing(StrEnum):
    """How one thing about a message stands."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"
    BLOCKER = "blocker"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class MessageLine:
    """What is said of one thing about a message, and the change that mends it; `do` and `paste` may be empty."""

    topic: str
    standing: Standing
    words: str
    do: str = ""
    paste: str = ""
