"""DMARC as receivers of RFC 9989 apply it: the tree walk, the policy that applies, alignment and what follows."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.inquiry import Answer, Inquiry, Lookup, Question, Status, answered, as_a_labels
from launchready.parse.rfc9989 import (
    Alignment,
    Dmarc,
    DmarcError,
    Policy,
    PublicSuffix,
    effective_policy,
    is_dmarc,
    organizational_domain,
    parse_dmarc,
    tree_walk_names,
)

MAX_IDENTIFIERS: Final = 20
"""Authenticated domains of one message that are compared; each may cost a tree walk. Mail has two."""

_LABEL: Final = "_dmarc."


@dataclass(frozen=True, slots=True)
class Walk:
    """What a tree walk found (RFC 9989 section 4.10).

    Attributes:
        start: The domain it began at, in lower case.
        records: The domains with a single valid record, in the order they were asked.
        several: Domains with more than one record, which are all discarded.
        broken: Domains whose one record begins with v=DMARC1 and is invalid all the same, and why.
        unanswered: Domains that the DNS gave no answer for: then what is above stands on the other answers alone.
    """

    start: str
    records: tuple[tuple[str, Dmarc], ...]
    several: tuple[str, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def organizational_domain(self) -> str:
        """The organizational domain of the start (RFC 9989 section 4.10.2)."""
        return organizational_domain(self.start, {_LABEL + name: record for name, record in self.records})

    def record_at(self, domain: str) -> Dmarc | None:
        """The record of one domain; None where it has none."""
        return dict(self.records).get(domain)


@dataclass(frozen=True, slots=True)
class Applied:
    """The policy that applies to mail from a domain (RFC 9989 section 4.10.1).

    Attributes:
        walk: What was found on the way.
        record: The record that applies; None where there is none.
        found_at: The domain it stands at; None where there is none.
        is_subdomain: Whether that is not the From domain itself, so that `sp` or `np` counts.
        exists: Whether the From domain exists; None where nobody asked, as nothing hangs on it.
        policy: What receivers are asked to do with mail that fails, `t=y` counted in; None where DMARC does not apply.
        is_certain: False where the DNS left a question open on which this hangs.
    """

    walk: Walk
    record: Dmarc | None
    found_at: str | None
    is_subdomain: bool
    exists: bool | None
    policy: Policy | None
    is_certain: bool


class DmarcResult(Enum):
    """The results of RFC 9989 for a message; NONE where no policy applies."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    NONE = "none"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True)
class DmarcOutcome:
    """What a receiver makes of a message.

    Attributes:
        result: The result.
        disposition: What the owner asks for: NONE for mail that passes or has no policy.
        policy: The policy that applies.
        spf_aligned: Whether SPF passed for a domain that is aligned with From.
        dkim_aligned: The domains of signatures that passed and are aligned with From.
    """

    result: DmarcResult
    disposition: Policy
    policy: Applied
    spf_aligned: bool
    dkim_aligned: tuple[str, ...]


def walk_tree(domain: str) -> Inquiry[Walk]:
    """Ask up the DNS tree for DMARC records (RFC 9989 section 4.10): at most TREE_WALK_QUERIES questions.

    An international domain is asked for in A-labels (section 5.3.1).

    Raises:
        DmarcError: no domain name.
    """
    names = tree_walk_names(as_a_labels(domain))
    start = names[0].removeprefix(_LABEL)
    records: list[tuple[str, Dmarc]] = []
    several: list[str] = []
    broken: list[tuple[str, str]] = []
    unanswered: list[str] = []
    for asked in names:
        name = asked.removeprefix(_LABEL)
        answer = yield Question(asked, "TXT")
        found = [text for text in answer.records if is_dmarc(text)]
        if answer.status is Status.TEMPFAIL:
            unanswered.append(name)
        elif len(found) > 1:
            several.append(name)
        elif found:
            try:
                record = parse_dmarc(found[0])
            except DmarcError as error:
                broken.append((name, str(error)))
                continue
            records.append((name, record))
            if record.psd is PublicSuffix.NO or (record.psd is PublicSuffix.YES and name != start):
                break
    return Walk(start, tuple(records), tuple(several), tuple(broken), tuple(unanswered))


def discover_policy(from_domain: str) -> Inquiry[Applied]:
    """The policy that applies to mail from a domain (RFC 9989 section 4.10.1).

    It is the record of the domain itself, else of its organizational domain, else of the public suffix above it.

    Raises:
        DmarcError: no domain name.
    """
    walk = yield from walk_tree(from_domain)
    return (yield from _applied(walk))


def _applied(walk: Walk) -> Generator[Question, Answer, Applied]:
    found_at = _place(walk)
    record = walk.record_at(found_at) if found_at else None
    is_certain = walk.start not in walk.unanswered and (found_at == walk.start or not walk.unanswered)
    if record is None or found_at is None:
        return Applied(walk, None, None, is_subdomain=False, exists=None, policy=None, is_certain=is_certain)
    is_subdomain, exists = found_at != walk.start, None
    if is_subdomain and record.nonexistent_policy is not None:
        answer = yield Question(walk.start, "A")
        exists = answer.status is not Status.NXDOMAIN
        is_certain = is_certain and answer.status is not Status.TEMPFAIL
    policy = effective_policy(record, subdomain=is_subdomain, exists=exists is not False)
    return Applied(walk, record, found_at, is_subdomain, exists, policy, is_certain)


def _place(walk: Walk) -> str | None:
    """Whose record applies: the start's, the organizational domain's, or the public suffix's right above that."""
    organization = walk.organizational_domain
    suffix = organization.partition(".")[2]
    for name in (walk.start, organization):
        if walk.record_at(name) is not None:
            return name
    above = walk.record_at(suffix)
    return suffix if above is not None and above.psd is PublicSuffix.YES else None


def check_message(from_domain: str, spf_domain: str | None, dkim_domains: Sequence[str]) -> Inquiry[DmarcOutcome]:
    """What a receiver of RFC 9989 makes of a message (section 5.3).

    Args:
        from_domain: The domain of the From header's one address.
        spf_domain: The domain that SPF passed for; None where it did not pass.
        dkim_domains: `d` of each DKIM signature that passed; MAX_IDENTIFIERS are looked at.

    Raises:
        DmarcError: `from_domain` is no domain name.
    """
    policy = yield from discover_policy(from_domain)
    record = policy.record
    if record is None or policy.policy is None or not policy.is_certain:
        result = DmarcResult.NONE if policy.is_certain else DmarcResult.TEMPERROR
        return DmarcOutcome(result, Policy.NONE, policy, spf_aligned=False, dkim_aligned=())
    comparison = _Comparison(policy.walk)
    dkim: tuple[str, ...] = ()
    for domain in dict.fromkeys(domain.lower() for domain in dkim_domains[:MAX_IDENTIFIERS]):
        if (yield from comparison.is_aligned(domain, record.dkim_alignment)):
            dkim += (domain,)
    spf = spf_domain is not None and (yield from comparison.is_aligned(spf_domain, record.spf_alignment))
    if spf or dkim:
        return DmarcOutcome(DmarcResult.PASS, Policy.NONE, policy, spf, dkim)
    if comparison.is_uncertain:
        return DmarcOutcome(DmarcResult.TEMPERROR, Policy.NONE, policy, spf_aligned=False, dkim_aligned=())
    return DmarcOutcome(DmarcResult.FAIL, policy.policy, policy, spf_aligned=False, dkim_aligned=())


def evaluate_dmarc(
    from_domain: str, spf_domain: str | None, dkim_domains: Sequence[str], lookup: Lookup
) -> DmarcOutcome:
    """`check_message` with a look-up that answers at once."""
    return answered(check_message(from_domain, spf_domain, dkim_domains), lookup)


class _Comparison:
    """Compares domains with the From domain (RFC 9989 section 4.4), and notes where the DNS could not say."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self.is_uncertain = False

    def is_aligned(self, domain: str, mode: Alignment) -> Generator[Question, Answer, bool]:
        name = as_a_labels(domain).lower()
        if name == self._walk.start:
            return True
        if mode is Alignment.STRICT:
            return False
        try:
            other = yield from walk_tree(name)
        except DmarcError:
            return False  # no domain name, so it is aligned with nothing
        if other.unanswered or self._walk.unanswered:
            self.is_uncertain = True
            return False
        return other.organizational_domain == self._walk.organizational_domain
