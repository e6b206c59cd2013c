"""Names that point to another company's name, and what has become of that."""

from launchready.facts.domain import HostAddresses
from launchready.facts.takeover import Claimable, ClaimableNames
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Host

TAKEOVER_SOURCES = (
    "https://github.com/EdOverflow/can-i-take-over-xyz/blob/master/README.md",
    "https://learn.microsoft.com/en-us/azure/security/fundamentals/subdomain-takeover",
)


@check(
    "alias-dangling",
    impact=Impact.MAJOR,
    customer_sees="The browser says that the site can't be found.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc1912#section-2.4",),
    explains=("domain-unresolved",),
)
def alias_dangling(host: Host, seen: HostAddresses) -> Judgement:
    """Where the host is an alias, the name that it points to exists.

    ## Why it matters at launch
    The record is there and looks right, but what it points to is gone: the service was deleted, renamed or never
    finished. Visitors find nothing, and some hosting companies let strangers take such a name.

    ## How to fix
    Create the service again under that name, point the alias to the new name that your provider shows, or delete it.
    """
    if seen.addresses or not seen.cname_chain:
        return Pass()
    target = seen.cname_chain[-1]
    what = "has no address" if seen.exists else "does not exist"
    way = " → ".join((host.name, *seen.cname_chain))
    if host.cname is not None and host.cname != seen.cname_chain[0]:
        return Fail((f"{way}, which {what}",), Fix(f"Point {host.name} there", f"{host.name}. CNAME {host.cname}."))
    return Fail(
        (f"{way}, which {what}",),
        Fix(
            f"Delete this record, or let it point to the name that your provider shows today instead of {target}",
            f"{host.name}. CNAME {seen.cname_chain[0]}.",
        ),
    )


@check(
    "takeover-possible",
    impact=Impact.BLOCKER,
    customer_sees="A stranger's page under your name, with your cookies and your good reputation.",
    costs=(Cost.TICKETS, Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=TAKEOVER_SOURCES,
)
def takeover_possible(host: Host, seen: Claimable) -> Judgement:
    """No stranger can claim the host at the company that it points to.

    ## Why it matters at launch
    The host points to a hosting company where nobody has claimed its name any more. Whoever adds your name to an
    account of theirs answers for it: with a copy of your login page, a certificate that browsers trust, and the
    cookies that your other hosts share with it.

    ## How to fix
    Claim the name in your own account at that company today, or delete the record.
    """
    if not _is_claimable(seen):
        return Pass()
    return Fail(
        (_told(host.name, seen),),
        Fix(
            f"Add {host.name} to your own account at {seen.provider}, or delete this record",
            f"{host.name}. CNAME {seen.target}.",
        ),
    )


@check(
    "forgotten-name-claimable",
    impact=Impact.BLOCKER,
    customer_sees="A stranger's page under your name, with your cookies and your good reputation.",
    costs=(Cost.TICKETS, Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=TAKEOVER_SOURCES,
)
def forgotten_name_claimable(domain: Domain, seen: ClaimableNames) -> Judgement:
    """No name under the domain that was found beside the declared hosts can be claimed by a stranger.

    ## Why it matters at launch
    Old preview sites and shops leave their names in DNS. Where such a name still points to a hosting company and
    nobody has claimed it there, whoever adds it to an account of theirs has a page under your domain.

    ## How to fix
    Delete the record. Nobody needs the name, or it would have been missed.
    """
    bad = [(one.name, one.seen.value) for one in seen.names if isinstance(one.seen, Measured)]
    bad = [(name, claimable) for name, claimable in bad if _is_claimable(claimable)]
    if not bad:
        return Pass()
    return Fail(
        tuple(_told(name, claimable) for name, claimable in bad),
        Fix(
            f"Delete these records of {domain.name}",
            "\n".join(f"{name}. CNAME {claimable.target}." for name, claimable in bad),
        ),
    )


def _is_claimable(seen: Claimable) -> bool:
    return bool(seen.words) or seen.is_name_free


def _told(name: str, seen: Claimable) -> str:
    proof = f"it says “{seen.words}”" if seen.words else "that name does not exist there any more"
    can = "can" if seen.is_certain else "may be able to"
    return f"{name} points to {seen.target} at {seen.provider}, and {proof}: a stranger {can} claim it ({seen.source})"
