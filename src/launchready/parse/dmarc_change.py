"""Where receivers of the old DMARC (RFC 7489) and of the new one (RFC 9989) treat a domain's mail differently."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from launchready.parse.inquiry import Inquiry
from launchready.parse.rfc7489 import ALL_PERCENT, OldApplied, Registrable, discover_old_policy
from launchready.parse.rfc9989 import Policy
from launchready.parse.rfc9989_evaluate import Applied, discover_policy


class Reason(Enum):
    """Why the two differ; the value is a sentence for a person."""

    SEVERAL_RECORDS = "Of several records at one name, old receivers stop and apply none; new ones go on above it."
    PLACE = "The two look in different places: old receivers use a list of public suffixes, new ones ask up the tree."
    PERCENT = "pct is for old receivers alone: new ones apply the policy to all mail."
    TESTING = "t=y is for new receivers alone: old ones apply the policy as it stands."
    NONEXISTENT = "np is for new receivers alone: old ones take sp or p for names that do not exist."
    NO_POLICY = "A record without a valid p counts for one and not for the other."
    ORGANIZATION = "The two take different domains for one organization, so relaxed alignment differs."


@dataclass(frozen=True, slots=True)
class Side:
    """What receivers of one standard do: a policy (None: no DMARC), for how much of the mail, and where it stands."""

    policy: Policy | None
    percent: int
    found_at: str | None
    organizational_domain: str


@dataclass(frozen=True, slots=True)
class DmarcChange:
    """The two side by side.

    Attributes:
        old: Receivers that follow RFC 7489.
        new: Receivers that follow RFC 9989.
        reasons: Why they differ, in the order of `Reason`; empty where they treat the domain's mail alike.
        is_certain: False where the DNS left a question open.
    """

    old: Side
    new: Side
    reasons: tuple[Reason, ...]
    is_certain: bool

    @property
    def is_policy_different(self) -> bool:
        """Whether mail that fails is asked to be treated differently."""
        return (self.old.policy, self.old.percent) != (self.new.policy, self.new.percent)


def compare_standards(from_domain: str, registrable: Registrable) -> Inquiry[DmarcChange]:
    """Compare what the two standards make of mail from a domain.

    Args:
        from_domain: The domain of the From header.
        registrable: From a domain to its organizational one by a list of public suffixes; None for a suffix itself.

    Raises:
        DmarcError: no domain name.
    """
    old = yield from discover_old_policy(from_domain, registrable)
    new = yield from discover_policy(from_domain)
    before = Side(old.policy, _percent(old), old.found_at, old.organizational_domain)
    after = Side(new.policy, ALL_PERCENT, new.found_at, new.walk.organizational_domain)
    is_certain = old.is_certain and new.is_certain
    reasons = frozenset(_reasons(before, after, old, new)) if is_certain else frozenset()
    return DmarcChange(before, after, tuple(one for one in Reason if one in reasons), is_certain)


def _percent(old: OldApplied) -> int:
    """`pct` of a policy that does something; of one that asks for nothing, any part is all of it."""
    return old.percent if old.policy in {Policy.QUARANTINE, Policy.REJECT} else ALL_PERCENT


def _reasons(before: Side, after: Side, old: OldApplied, new: Applied) -> Iterator[Reason]:
    if before.found_at != after.found_at:
        yield Reason.SEVERAL_RECORDS if old.several else Reason.PLACE
    elif before.policy != after.policy:
        yield from _policy_reasons(new)
    if before.percent != after.percent:
        yield Reason.PERCENT
    is_applied = before.found_at is not None and after.found_at is not None
    if is_applied and before.organizational_domain != after.organizational_domain:
        yield Reason.ORGANIZATION


def _policy_reasons(new: Applied) -> Iterator[Reason]:
    """Why one record says two things."""
    if new.record is None or new.record.counts_as_none:
        yield Reason.NO_POLICY
        return
    if new.record.testing:
        yield Reason.TESTING
    if new.exists is False and new.record.nonexistent_policy is not new.record.subdomain_policy:
        yield Reason.NONEXISTENT
