"""Which DMARC policy receivers apply: those that follow RFC 9989, and those that still follow RFC 7489. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from launchready.facts.mail import DmarcWalk, DmarcWalks
from launchready.model.reading import Measured
from launchready.parse.rfc9989 import (
    Alignment,
    Dmarc,
    DmarcError,
    Policy,
    effective_policy,
    is_dmarc,
    organizational_domain,
    parse_dmarc,
    tree_walk_names,
)

WHOLE: Final = 100
"""`pct` in percent: all mail, the default (RFC 7489 section 6.3)."""

_PCT: Final = re.compile(r"(?:^|;)[ \t]*pct[ \t]*=[ \t]*(\d{1,3})[ \t]*(?:;|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a receiver applies to mail from a domain.

    Attributes:
        name: Where the record stands; empty where none applies.
        record: The record; None where none applies.
        policy: What is to be done with mail that fails; None where no DMARC is applied at all.
        percent: How much of the mail that is for, in percent.
        organization: The domain whose names count as related.
    """

    name: str
    record: Dmarc | None
    policy: Policy | None
    percent: int
    organization: str

    @property
    def is_enforced(self) -> bool:
        """Whether mail that fails is hidden or refused."""
        return self.policy in {Policy.QUARANTINE, Policy.REJECT} and self.percent > 0

    @property
    def words(self) -> str:
        """The policy for a reader."""
        if self.policy is None:
            return "no DMARC policy"
        share = "" if self.percent == WHOLE else f" for {self.percent} % of the mail"
        return f"p={self.policy.value}{share} from {self.name}"


def is_whole(walks: DmarcWalks) -> bool:
    """Whether every name of every walk was looked up; where one was not, no policy is known for sure.

    A check that then returns Pass is not measured, since the fact holds an unmeasured part.
    """
    return all(isinstance(texts.records, Measured) for walk in walks.of for texts in walk.texts)


def applied_now(walk: DmarcWalk) -> Applied:
    """By RFC 9989 section 4.10.1: the domain's own record, else that of the organization, else of a public suffix."""
    found = _records(walk)
    try:
        organization = organizational_domain(walk.domain, found)
        above = [name for name in tree_walk_names(walk.domain) if name in found]
    except DmarcError:  # no domain name, so nobody publishes a policy for it
        return Applied("", None, None, WHOLE, walk.domain)
    own = f"_dmarc.{walk.domain}"
    name = next((one for one in (own, f"_dmarc.{organization}") if one in found), None) or next(iter(above), "")
    if not name:
        return Applied("", None, None, WHOLE, organization)
    exists = walk.exists.value if isinstance(walk.exists, Measured) else True
    policy = effective_policy(found[name], subdomain=name != own, exists=exists)
    return Applied(name, found[name], policy, WHOLE, organization)


def applied_before(walk: DmarcWalk, registered: str) -> Applied:
    """By RFC 7489 section 6.6.3: the domain's own record, else that of the registered domain.

    Args:
        walk: What was found.
        registered: The domain that the public suffix list makes of the walk's.
    """
    found = _records(walk)
    is_within = f".{walk.domain}".endswith(f".{registered}")
    organization = registered if is_within else walk.domain
    own = f"_dmarc.{walk.domain}"
    name = next((one for one in (own, f"_dmarc.{organization}") if one in found), "")
    if not name:
        return Applied("", None, None, WHOLE, organization)
    record = found[name]
    policy = record.policy
    if policy is None or "sp" in record.invalid:
        policy = Policy.NONE if record.aggregate_uris else None
    elif name != own:
        policy = record.subdomain_policy or policy
    return Applied(name, record, policy, _percent(walk, name), organization)


def is_aligned(domain: str, author: str, alignment: Alignment, organizations: Mapping[str, str]) -> bool:
    """Whether an authenticated domain speaks for an author's domain (RFC 9989 section 4.4).

    Args:
        domain: What SPF or DKIM has shown.
        author: What stands behind the @ of From.
        alignment: How closely they must match.
        organizations: The organizational domain of each.
    """
    if alignment is Alignment.STRICT:
        return domain == author
    return organizations.get(domain, domain) == organizations.get(author, author)


def _records(walk: DmarcWalk) -> dict[str, Dmarc]:
    """The single valid record at each name that has one."""
    found: dict[str, Dmarc] = {}
    for texts in walk.texts:
        valid = [text for text in texts.records.value if is_dmarc(text)] if isinstance(texts.records, Measured) else []
        if len(valid) == 1:
            try:
                found[texts.name] = parse_dmarc(valid[0])
            except DmarcError:
                continue
    return found


def _percent(walk: DmarcWalk, name: str) -> int:
    for texts in walk.texts:
        if texts.name == name and isinstance(texts.records, Measured):
            match = _PCT.search(next((text for text in texts.records.value if is_dmarc(text)), ""))
            return min(int(match[1]), WHOLE) if match else WHOLE
    return WHOLE
