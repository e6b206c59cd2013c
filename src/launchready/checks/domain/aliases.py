"""Names that point to another company's name, and what has become of that."""

from launchready.facts.domain import HostAddresses
from launchready.facts.takeover import Claimable
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Host


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
    sources=(
        "https://github.com/EdOverflow/can-i-take-over-xyz/blob/master/README.md",
        "https://learn.microsoft.com/en-us/azure/security/fundamentals/subdomain-takeover",
    ),
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
    if not seen.words and not seen.is_name_free:
        return Pass()
    proof = f"it says “{seen.words}”" if seen.words else "that name does not exist there any more"
    can = "can" if seen.is_certain else "may be able to"
    told = f"{host.name} points to {seen.target} at {seen.provider}, and {proof}: a stranger {can} claim it"
    return Fail(
        (f"{told} ({seen.source})",),
        Fix(
            f"Add {host.name} to your own account at {seen.provider}, or delete this record",
            f"{host.name}. CNAME {seen.target}.",
        ),
    )
