"""DMARC as receivers of RFC 7489 (March 2015) still apply it: a list of public suffixes, `pct`, no tree walk."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from launchready.parse.inquiry import Inquiry, Question, Status, as_a_labels, is_name
from launchready.parse.rfc9989 import Alignment, Dmarc, DmarcError, Policy, is_dmarc, parse_dmarc
from launchready.parse.rfc9989_evaluate import DmarcResult
from launchready.parse.tag_list import split_tag_specs

DEFAULT_INTERVAL_S: Final = 86_400
"""`ri`: the time between two reports, in seconds, where the record names none (RFC 7489 section 6.3)."""

ALL_PERCENT: Final = 100

Registrable = Callable[[str], str | None]
"""From a lower-case domain to its organizational one by a list of public suffixes; None for a suffix itself."""


@dataclass(frozen=True, slots=True)
class OldDmarc:
    """A record with the tags that only RFC 7489 knows.

    Attributes:
        record: The tags that both standards know. `np`, `psd` and `t` mean nothing here.
        percent: `pct`: how much of the mail the policy is for; the rest gets the next weaker one.
        report_formats: `rf`.
        interval_s: `ri`, in seconds.
        policy_is_second: Whether `p` follows right after `v`, as section 6.3 demands of policy records.
        invalid: Names of those three tags whose value is outside the grammar; they show their defaults.
    """

    record: Dmarc
    percent: int
    report_formats: tuple[str, ...]
    interval_s: int
    policy_is_second: bool
    invalid: tuple[str, ...]

    def asked(self, *, subdomain: bool) -> Policy | None:
        """What is asked of receivers for all or `percent` of the mail; None where DMARC does not apply (6.6.3)."""
        record = self.record
        if record.policy is None or "sp" in record.invalid:
            return Policy.NONE if record.aggregate_uris else None
        return (record.subdomain_policy or record.policy) if subdomain else record.policy


# RFC 7489 section 6.4: pct = 1*3DIGIT, 0 to 100; rf = Keyword *(*WSP ":" Keyword); ri = 1*DIGIT, 32 bits (section 6.3)
_PERCENT: Final = re.compile(r"[0-9]{1,3}")
_FORMATS: Final = re.compile(r"[A-Za-z0-9-]+(?:[ \t]*:[ \t]*[A-Za-z0-9-]+)*")
_INTERVAL: Final = re.compile(r"[0-9]{1,10}")
_MAX_INTERVAL_S: Final = 2**32 - 1


def parse_old_dmarc(text: str) -> OldDmarc:
    """Read one policy record by RFC 7489 section 6.

    Raises:
        DmarcError: as `parse_dmarc` of `rfc9989`.
    """
    record = parse_dmarc(text)
    specs = [piece.partition("=") for piece in split_tag_specs(text)]
    tags = {name.strip(" \t").lower(): value.strip(" \t") for name, _, value in specs}
    percent, formats, interval = tags.get("pct", "100"), tags.get("rf", "afrf"), tags.get("ri", str(DEFAULT_INTERVAL_S))
    invalid = []
    if not _PERCENT.fullmatch(percent) or int(percent) > ALL_PERCENT:
        invalid.append("pct")
        percent = str(ALL_PERCENT)
    if not _FORMATS.fullmatch(formats):
        invalid.append("rf")
        formats = "afrf"
    if not _INTERVAL.fullmatch(interval) or int(interval) > _MAX_INTERVAL_S:
        invalid.append("ri")
        interval = str(DEFAULT_INTERVAL_S)
    return OldDmarc(
        record=record,
        percent=int(percent),
        report_formats=tuple(one.strip(" \t").lower() for one in formats.split(":")),
        interval_s=int(interval),
        policy_is_second=list(tags)[1:2] == ["p"],
        invalid=tuple(invalid),
    )


@dataclass(frozen=True, slots=True)
class OldApplied:
    """The policy that applies to mail from a domain by RFC 7489 section 6.6.3.

    Attributes:
        from_domain: The domain, in lower case.
        organizational_domain: The one that the list of public suffixes makes of it.
        record: The record that applies; None where there is none.
        found_at: The domain it stands at; None where there is none.
        policy: What is asked for mail that fails; None where DMARC does not apply.
        percent: For how much of it; the rest gets the next weaker policy.
        several: The domain whose records are more than one, so that DMARC does not apply; None where that is not so.
        is_certain: False where the DNS gave no answer.
    """

    from_domain: str
    organizational_domain: str
    record: OldDmarc | None
    found_at: str | None
    policy: Policy | None
    percent: int
    several: str | None
    is_certain: bool


def discover_old_policy(from_domain: str, registrable: Registrable) -> Inquiry[OldApplied]:
    """The policy that applies to mail from a domain (RFC 7489 section 6.6.3): its own, or its organization's.

    Raises:
        DmarcError: no domain name.
    """
    domain = as_a_labels(from_domain).lower()
    if not is_name(domain):
        raise DmarcError("not a domain name")
    organization = registrable(domain) or domain
    for name in dict.fromkeys((domain, organization)):
        answer = yield Question(f"_dmarc.{name}", "TXT")
        if answer.status is Status.TEMPFAIL:
            return OldApplied(domain, organization, None, None, None, ALL_PERCENT, None, is_certain=False)
        found = [text for text in answer.records if is_dmarc(text)]
        if found:
            return _applied(domain, organization, name, found)
    return OldApplied(domain, organization, None, None, None, ALL_PERCENT, None, is_certain=True)


def _applied(domain: str, organization: str, name: str, found: list[str]) -> OldApplied:
    several = name if len(found) > 1 else None
    try:
        record = None if several else parse_old_dmarc(found[0])
    except DmarcError:
        record = None
    if record is None:
        return OldApplied(domain, organization, None, None, None, ALL_PERCENT, several, is_certain=True)
    policy = record.asked(subdomain=name != domain)
    return OldApplied(domain, organization, record, name, policy, record.percent, None, is_certain=True)


@dataclass(frozen=True, slots=True)
class OldOutcome:
    """What a receiver of RFC 7489 makes of a message.

    Attributes:
        result: The result.
        disposition: What the owner asks for, for `policy.percent` of such mail: NONE for mail that passes.
        policy: The policy that applies.
        spf_aligned: Whether SPF passed for a domain that is aligned with From.
        dkim_aligned: The domains of signatures that passed and are aligned with From.
    """

    result: DmarcResult
    disposition: Policy
    policy: OldApplied
    spf_aligned: bool
    dkim_aligned: tuple[str, ...]


def check_message_by_old_rules(
    from_domain: str, spf_domain: str | None, dkim_domains: Sequence[str], registrable: Registrable
) -> Inquiry[OldOutcome]:
    """What a receiver of RFC 7489 makes of a message (section 6.6.2); the arguments are those of `check_message`.

    Raises:
        DmarcError: `from_domain` is no domain name.
    """
    policy = yield from discover_old_policy(from_domain, registrable)
    if policy.record is None or policy.policy is None:
        result = DmarcResult.NONE if policy.is_certain else DmarcResult.TEMPERROR
        return OldOutcome(result, Policy.NONE, policy, spf_aligned=False, dkim_aligned=())
    record = policy.record.record
    dkim = tuple(
        domain
        for domain in dict.fromkeys(as_a_labels(one).lower() for one in dkim_domains)
        if _is_aligned(domain, policy, record.dkim_alignment, registrable)
    )
    spf = spf_domain is not None and _is_aligned(
        as_a_labels(spf_domain).lower(), policy, record.spf_alignment, registrable
    )
    passed = spf or bool(dkim)
    result, disposition = (DmarcResult.PASS, Policy.NONE) if passed else (DmarcResult.FAIL, policy.policy)
    return OldOutcome(result, disposition, policy, spf, dkim)


def _is_aligned(domain: str, policy: OldApplied, mode: Alignment, registrable: Registrable) -> bool:
    """RFC 7489 section 3.1."""
    if domain == policy.from_domain or mode is Alignment.STRICT:
        return domain == policy.from_domain
    return (registrable(domain) or domain) == policy.organizational_domain
