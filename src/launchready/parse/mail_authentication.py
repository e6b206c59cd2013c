"""A message as a receiver judges it: SPF, DKIM, DMARC by both standards, and the one click of a list, in one go."""

import email.utils
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from launchready.parse.inquiry import Answer, Inquiry, Question, as_a_labels
from launchready.parse.rfc5322_fields import Field, split_message
from launchready.parse.rfc6376_verify import DkimOutcome, DkimResult, verify_dkim
from launchready.parse.rfc7208_evaluate import SpfOutcome, SpfResult, check_host
from launchready.parse.rfc7489 import OldOutcome, Registrable, check_message_by_old_rules
from launchready.parse.rfc8058 import OneClick, read_one_click
from launchready.parse.rfc9989 import DmarcError, Policy
from launchready.parse.rfc9989_evaluate import DmarcOutcome, DmarcResult, check_message

MAX_FROM_CHARS: Final = 8_192
"""The longest From header that is read; the standard library takes quadratic time over some hostile ones."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a message came: the client's address, MAIL FROM (empty for a bounce) and the name after HELO or EHLO."""

    ip: str
    mail_from: str
    helo: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """What a receiver makes of a message.

    Attributes:
        from_domain: The one domain of the From header, in lower case; None where there is none or more than one, to
            which no DMARC applies (RFC 9989 section 5.3.1).
        spf: None where nobody knows how the message came.
        dkim: One for each signature, from the top one down.
        dmarc: By RFC 9989. None without a From domain, and where all hangs on an SPF result that nobody knows.
        old_dmarc: By RFC 7489, likewise; None also without a list of public suffixes.
        one_click: What the message offers to leave its list.
    """

    from_domain: str | None
    spf: SpfOutcome | None
    dkim: tuple[DkimOutcome, ...]
    dmarc: DmarcOutcome | None
    old_dmarc: OldOutcome | None
    one_click: OneClick


def authenticate(
    raw: bytes, envelope: Envelope | None, *, now_s: int, registrable: Registrable | None = None
) -> Inquiry[Authentication]:
    """Judge a message as its receiver does.

    Args:
        raw: The message as it was received.
        envelope: How it came; None where it was taken out of a mailbox.
        now_s: The present, in seconds since 1970.
        registrable: From a domain to its organizational one by a list of public suffixes, for RFC 7489.

    Raises:
        FieldsError: the bytes are no message.
        SpfError: the envelope's address is none, or its names are far too long.
    """
    fields, _ = split_message(raw)
    spf = None
    if envelope is not None:
        spf = yield from check_host(envelope.ip, envelope.mail_from, envelope.helo)
    dkim = yield from verify_dkim(raw, now_s=now_s)
    spf_domain = _spf_domain(envelope) if spf is not None and spf.result is SpfResult.PASS else None
    signers = [one.domain for one in dkim if one.result is DkimResult.PASS]
    seen = _Seen(author_domain(fields), spf, dkim, spf_domain, signers)
    dmarc = yield from seen.dmarc()
    old_dmarc = None if registrable is None else (yield from seen.old_dmarc(registrable))
    signed = [one.signed for one in dkim if one.result is DkimResult.PASS]
    return Authentication(seen.from_domain, spf, dkim, dmarc, old_dmarc, read_one_click(fields, signed))


def author_domain(fields: Sequence[Field]) -> str | None:
    """The domain of the author (RFC 9989 section 5.3.1), in A-labels; None where there is not exactly one."""
    values = [field.value for field in fields if field.name.lower() == "from"]
    if len(values) != 1 or len(values[0]) > MAX_FROM_CHARS:
        return None
    try:
        addresses = [address for _, address in email.utils.getaddresses(values) if address]
    except RecursionError:  # comments nested too deep
        return None
    domains = {as_a_labels(address.rpartition("@")[2]).lower() for address in addresses}
    domain = domains.pop() if len(domains) == 1 else ""
    return domain if domain and all("@" in address for address in addresses) else None


def _spf_domain(envelope: Envelope | None) -> str | None:
    """The domain SPF was asked about: that of MAIL FROM, or the HELO name for a bounce (RFC 7208 section 2.4)."""
    if envelope is None:
        return None
    return envelope.mail_from.rpartition("@")[2] if envelope.mail_from else envelope.helo


_Outcome = TypeVar("_Outcome", DmarcOutcome, OldOutcome)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What both standards of DMARC start from."""

    from_domain: str | None
    spf: SpfOutcome | None
    dkim: tuple[DkimOutcome, ...]
    spf_domain: str | None
    signers: list[str]

    def dmarc(self) -> Generator[Question, Answer, DmarcOutcome | None]:
        if self.from_domain is None:
            return None
        try:
            outcome = yield from check_message(self.from_domain, self.spf_domain, self.signers)
        except DmarcError:
            return None  # From names no domain that DMARC could be asked about
        return self.settled(outcome)

    def old_dmarc(self, registrable: Registrable) -> Generator[Question, Answer, OldOutcome | None]:
        if self.from_domain is None:
            return None
        inquiry = check_message_by_old_rules(self.from_domain, self.spf_domain, self.signers, registrable)
        try:
            outcome = yield from inquiry
        except DmarcError:
            return None
        return self.settled(outcome)

    def settled(self, outcome: _Outcome) -> _Outcome | None:
        """A fail is one only where all that could have made it a pass is known."""
        if outcome.result is not DmarcResult.FAIL:
            return outcome
        if self.is_open:
            return replace(outcome, result=DmarcResult.TEMPERROR, disposition=Policy.NONE)
        return None if self.spf is None else outcome

    @property
    def is_open(self) -> bool:
        """Whether a later try may pass what did not pass now."""
        spf = self.spf is not None and self.spf.result is SpfResult.TEMPERROR
        return spf or any(one.result is DkimResult.TEMPERROR for one in self.dkim)
