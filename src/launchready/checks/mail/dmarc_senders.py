"""What receivers make of the declared senders by DMARC: today's (RFC 9989), and RFC 7489, which many still follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from launchready.checks.mail.dkim import usable_keys
from launchready.checks.mail.dmarc_policy import compare, lookup_in, registrable_in
from launchready.facts.mail import DkimKeys, DmarcWalks
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Sender
from launchready.parse.dmarc_change import DmarcChange, Reason, Side
from launchready.parse.inquiry import answered
from launchready.parse.rfc7489 import ALL_PERCENT, check_message_by_old_rules
from launchready.parse.rfc9989 import Alignment, Dmarc, DmarcError, Policy
from launchready.parse.rfc9989_evaluate import DmarcResult, check_message, discover_policy

NO_POLICY = "no DMARC policy asks receivers to hide or refuse mail of the domain's senders"
NO_RECORD = "there is no DMARC record, which another check says"
NEWER, OLDER = "receivers of today's standard (RFC 9989)", "receivers of the older one (RFC 7489)"
ENFORCED = frozenset({Policy.QUARANTINE, Policy.REJECT})


class Tie(Enum):
    """Whether receivers see a sender's mail as the domain's."""

    NOT_ASKED = "no policy asks them to mind"
    TIED = "by signature or envelope"
    UNTIED = "by neither"
    UNKNOWN = "the owner has not said enough"
    UNSEEN = "a part was not looked up"


@dataclass(frozen=True, slots=True)
class Tied:
    """A sender, the domains that it signs for, and how receivers of both standards see it; `who` sees it untied."""

    sender: Sender
    author: str
    signs_for: tuple[str, ...]
    tie: Tie
    who: tuple[str, ...] = ()


@check(
    "dmarc-sender-unaligned",
    impact=Impact.BLOCKER,
    customer_sees="Your mail is in the spam folder, or nowhere.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9989#section-4.4",
        "https://www.rfc-editor.org/rfc/rfc7489#section-3.1",
        "https://support.google.com/a/answer/81126",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def dmarc_sender_unaligned(domain: Domain, walks: DmarcWalks, keys: DkimKeys) -> Judgement:
    """Each declared sender's mail is shown to be from the domain that its From names, by DKIM or by SPF.

    ## Why it matters at launch
    Your DMARC policy tells receivers to hide or refuse mail that neither signature nor envelope ties to the domain in
    From. A service that signs with another domain of yours, or bounces to its own, sends just such mail.

    ## How to fix
    Have the service sign with the domain in From (its page calls it "authenticate your domain"), or let its bounces go
    to a name under that domain.
    """
    ties = [_tie(domain, sender, walks, keys) for sender in domain.senders]
    untied = [one for one in ties if one.tie is Tie.UNTIED]
    if untied:
        do = "Have each named service sign with the domain in From, or let its bounces go to a name under that domain"
        return Fail(tuple(map(_offender, untied)), Fix(do))
    if any(one.tie is Tie.UNSEEN for one in ties):
        return Pass()  # a fact holds an unmeasured part, so this is not measured
    unknown = [one.sender.name for one in ties if one.tie is Tie.UNKNOWN]
    if unknown:
        said = f"nothing is known that ties {', '.join(unknown)} to the domain"
        return NotApplicable(f"{said}: declare bounce_domain and dkim_selectors")
    return Pass() if any(one.tie is Tie.TIED for one in ties) else NotApplicable(NO_POLICY)


def _tie(domain: Domain, sender: Sender, walks: DmarcWalks, keys: DkimKeys) -> Tied:
    author = sender.from_domain or domain.name
    ways = tuple(dict.fromkeys(where.domain for where, _ in usable_keys(keys) if where.sender == sender.name))
    change = compare(domain, walks, author)
    if change is None:
        return Tied(sender, author, ways, Tie.UNSEEN)
    if not (_is_enforced(change.new) or _is_enforced(change.old)):
        return Tied(sender, author, ways, Tie.NOT_ASKED)
    who = _who_sees_no_tie(domain, sender, author, ways, walks, change)
    if who is None or (who and _has_unread_key(sender, keys)):
        return Tied(sender, author, ways, Tie.UNSEEN)
    if who and not (sender.bounce_domain and sender.dkim_selectors):
        return Tied(sender, author, ways, Tie.UNKNOWN)
    return Tied(sender, author, ways, Tie.UNTIED if who else Tie.TIED, who)


def _who_sees_no_tie(
    domain: Domain, sender: Sender, author: str, ways: tuple[str, ...], walks: DmarcWalks, change: DmarcChange
) -> tuple[str, ...] | None:
    """Receivers that would hide or refuse the sender's mail; None where the answer hangs on what was not seen."""
    lookup = lookup_in(walks)
    bounces = sender.bounce_domain or None
    try:
        new = answered(check_message(author, bounces, ways), lookup)
        old = answered(check_message_by_old_rules(author, bounces, ways, registrable_in(domain)), lookup)
    except DmarcError:
        return None
    if DmarcResult.TEMPERROR in {new.result, old.result}:
        return None
    failing = ((NEWER, new.result, change.new), (OLDER, old.result, change.old))
    return tuple(who for who, result, side in failing if result is DmarcResult.FAIL and _is_enforced(side))


def _is_enforced(side: Side) -> bool:
    return side.policy in ENFORCED and side.percent > 0


def _has_unread_key(sender: Sender, keys: DkimKeys) -> bool:
    """Whether a declared key could not be looked up, so that what ties the sender to the domain is not known."""
    declared = (key for key in keys.keys if key.sender == sender.name and key.selector)
    return any(not isinstance(key.records, Measured) for key in declared)


def _offender(one: Tied) -> str:
    signs = f"signs with {', '.join(one.signs_for)}" if one.signs_for else "signs with no key that receivers can use"
    who = one.who[0] if len(one.who) == 1 else "all receivers"
    mail = f"From is {one.author}, it {signs} and bounces to {one.sender.bounce_domain}"
    return f"{one.sender.name}: {mail}; it fails at {who}"


@check(
    "dmarc-receivers-differ",
    impact=Impact.MINOR,
    customer_sees="Your mail arrives at some providers, and is hidden at others.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9989#appendix-C",
        "https://www.rfc-editor.org/rfc/rfc7489#section-6.6.3",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def dmarc_receivers_differ(domain: Domain, walks: DmarcWalks) -> Judgement:
    """Receivers of today's DMARC standard and of the older one apply the same policy.

    ## Why it matters at launch
    The standard changed in 2026, and large receivers change over one by one. A record that the two read differently
    gives you reports that contradict each other, and mail that some refuse.

    ## How to fix
    Write a record that both read alike: give each From domain a record of its own, and leave out `pct` and `t`.
    """
    authors = dict.fromkeys((domain.name, *(sender.from_domain or domain.name for sender in domain.senders)))
    changes = {author: compare(domain, walks, author) for author in authors}
    differing = [(author, one) for author, one in changes.items() if one is not None and _matters(one)]
    if differing:
        offenders = tuple(_difference(author, change) for author, change in differing)
        author, change = differing[0]
        do = f"Decide what you want, and give {author} a record that both read alike, such as this one"
        return Fail(offenders, Fix(do, _record(walks, author, change)))
    known = [change for change in changes.values() if change is not None]
    if len(known) == len(changes) and all(one.new.found_at is None and one.old.found_at is None for one in known):
        return NotApplicable(NO_RECORD)
    return Pass()


def _matters(change: DmarcChange) -> bool:
    """Whether mail is treated differently; where both only watch, it is not."""
    related = Reason.ORGANIZATION in change.reasons and (_is_enforced(change.new) or _is_enforced(change.old))
    return change.is_policy_different or related


def _difference(author: str, change: DmarcChange) -> str:
    why = " ".join(reason.value for reason in change.reasons)
    return f"{author}: {NEWER} apply {_words(change.new)}; {OLDER} {_words(change.old)}. {why}".rstrip()


def _words(side: Side) -> str:
    if side.policy is None:
        return "no policy"
    share = "" if side.percent == ALL_PERCENT else f" to {side.percent} % of the mail"
    return f"p={side.policy.value}{share}, found at {side.found_at}"


def _record(walks: DmarcWalks, author: str, change: DmarcChange) -> str:
    """A record that both standards know all of, for the newer one's policy where it has one."""
    policy = change.new.policy or change.old.policy or Policy.NONE
    found = answered(discover_policy(author), lookup_in(walks)).record
    return f'_dmarc.{author}. TXT "{"; ".join(["v=DMARC1", f"p={policy.value}", *_tags(found)])}"'


def _tags(record: Dmarc | None) -> Iterator[str]:
    if record is None:
        return
    if record.dkim_alignment is Alignment.STRICT:
        yield "adkim=s"
    if record.spf_alignment is Alignment.STRICT:
        yield "aspf=s"
    if record.aggregate_uris:
        yield "rua=" + ",".join(uri.uri for uri in record.aggregate_uris)
