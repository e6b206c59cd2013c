"""What receivers make of the declared senders by DMARC: today's (RFC 9989), and RFC 7489, which many still follow."""

from collections.abc import Iterator
from dataclasses import dataclass

from launchready.checks.mail.dkim import usable_keys
from launchready.checks.mail.dmarc_policy import WHOLE, Applied, applied_before, applied_now, is_aligned, is_whole
from launchready.facts.mail import DkimKeys, DmarcWalks
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc9989 import Alignment

NO_POLICY = "no DMARC policy asks receivers to hide or refuse mail of the domain's senders"
NEWER, OLDER = "receivers that follow today's standard (RFC 9989)", "receivers that follow the older one (RFC 7489)"


@dataclass(frozen=True, slots=True)
class Reader:
    """One standard, as its receivers read what was found: the policy of each domain, and its organization."""

    who: str
    applied: dict[str, Applied]

    def of(self, domain: str) -> Applied:
        """What applies to mail from a domain."""
        return self.applied.get(domain, Applied("", None, None, WHOLE, domain))

    def aligns(self, domain: str, author: str, *, by_dkim: bool) -> bool:
        """Whether a domain shown by DKIM or SPF speaks for the author's."""
        record = self.of(author).record
        if record is None:
            return False
        alignment = record.dkim_alignment if by_dkim else record.spf_alignment
        organizations = {name: applied.organization for name, applied in self.applied.items()}
        return is_aligned(domain, author, alignment, organizations)


def readers(domain: Domain, walks: DmarcWalks) -> tuple[Reader, Reader]:
    """Those of today's standard, and those of the older one."""
    return (
        Reader(NEWER, {walk.domain: applied_now(walk) for walk in walks.of}),
        Reader(OLDER, {walk.domain: applied_before(walk, domain.name) for walk in walks.of}),
    )


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
    if not is_whole(walks):
        return Pass()
    if not any(applied.is_enforced for reader in readers(domain, walks) for applied in reader.applied.values()):
        return NotApplicable(NO_POLICY)
    signing: dict[str, set[str]] = {}
    for where, _ in usable_keys(keys):
        signing.setdefault(where.sender, set()).add(where.domain)
    wrong: list[str] = []
    unsure: list[str] = []
    for sender in domain.senders:
        ways = signing.get(sender.name, set())
        failing = [reader.who for reader in readers(domain, walks) if _is_unaligned(domain, sender, ways, reader)]
        if failing and _has_unread_key(sender, keys):
            continue
        if failing and sender.bounce_domain and sender.dkim_selectors:
            wrong.append(_offender(domain, sender, ways, failing))
        elif failing:
            unsure.append(sender.name)
    if wrong:
        do = "Have each named service sign with the domain in From, or let its bounces go to a name under that domain"
        return Fail(tuple(wrong), Fix(do))
    if unsure:
        names = ", ".join(unsure)
        return NotApplicable(
            f"nothing is known that ties {names} to the domain: declare bounce_domain and dkim_selectors"
        )
    return Pass()


def _has_unread_key(sender: Sender, keys: DkimKeys) -> bool:
    """Whether a declared key could not be looked up, so that what ties the sender to the domain is not known."""
    declared = (key for key in keys.keys if key.sender == sender.name and key.selector)
    return any(not isinstance(key.records, Measured) for key in declared)


def _author(domain: Domain, sender: Sender) -> str:
    return sender.from_domain or domain.name


def _is_unaligned(domain: Domain, sender: Sender, ways: set[str], reader: Reader) -> bool:
    """Whether these receivers would apply the policy to a sender's mail."""
    author = _author(domain, sender)
    if not reader.of(author).is_enforced:
        return False
    if any(reader.aligns(way, author, by_dkim=True) for way in ways):
        return False
    return not (sender.bounce_domain and reader.aligns(sender.bounce_domain, author, by_dkim=False))


def _offender(domain: Domain, sender: Sender, ways: set[str], failing: list[str]) -> str:
    signs = f"signs with {', '.join(sorted(ways))}" if ways else "signs with no key that receivers can use"
    author = _author(domain, sender)
    return f"{sender.name}: From is {author}, it {signs} and bounces to {sender.bounce_domain}; so say {_both(failing)}"


def _both(failing: list[str]) -> str:
    return failing[0] if len(failing) == 1 else "all receivers"


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
    if not is_whole(walks):
        return Pass()
    newer, older = readers(domain, walks)
    authors = dict.fromkeys((domain.name, *(_author(domain, sender) for sender in domain.senders)))
    pairs = [(name, newer.of(name), older.of(name)) for name in authors]
    differing = [(name, now, then) for name, now, then in pairs if _differ(now, then)]
    if not any(now.record or then.record for _, now, then in pairs):
        return NotApplicable("there is no DMARC record, which another check says")
    if not differing:
        return Pass()
    offenders = tuple(f"{name}: {NEWER} apply {now.words}; {OLDER} {then.words}" for name, now, then in differing)
    name, now, then = differing[0]
    strongest = then if now.record is None else now
    policy = strongest.policy.value if strongest.policy else "none"
    do = f"Give {name} a record that both read alike"
    return Fail(offenders, Fix(do, f'_dmarc.{name}. TXT "v=DMARC1; p={policy}; {_rest(strongest)}"'))


def _differ(now: Applied, then: Applied) -> bool:
    return (now.policy, now.percent) != (then.policy, then.percent)


def _rest(applied: Applied) -> str:
    return "; ".join(_tags(applied))


def _tags(applied: Applied) -> Iterator[str]:
    """What the record says besides its policy, as far as both standards know it."""
    record = applied.record
    if record is None:
        return
    if record.dkim_alignment is Alignment.STRICT:
        yield "adkim=s"
    if record.spf_alignment is Alignment.STRICT:
        yield "aspf=s"
    if record.aggregate_uris:
        yield "rua=" + ",".join(uri.uri for uri in record.aggregate_uris)
