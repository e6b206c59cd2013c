"""Where the declared hosts point, as the resolver sees it."""

from launchready.facts.domain import HostAddresses
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import ADDRESS_IS_SAID
from launchready.model.subject import Host


@check(
    "domain-unresolved",
    impact=Impact.BLOCKER,
    customer_sees="The browser says that the site can't be found.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc1034#section-3.6",),
)
def domain_unresolved(host: Host, seen: HostAddresses) -> Judgement:
    """The host has an address.

    ## Why it matters at launch
    A name without an address is a dead link: every click on an ad or in a mail ends before it reaches you.

    ## How to fix
    Add the A, AAAA or CNAME record that your provider names, at the company where your DNS is kept.
    """
    if seen.addresses:
        return Pass()
    what = "has no A or AAAA record" if seen.exists else "does not exist in DNS"
    value = host.cname or ", ".join(host.addresses) or "the address your provider names"
    kind = "CNAME" if host.cname else "A"
    return Fail((f"{host.name} {what}",), Fix(f"Add a DNS record for {host.name}", f"{host.name}. {kind} {value}"))


@check(
    "host-address-undeclared",
    impact=Impact.BLOCKER,
    customer_sees="Some visitors land on an old or a foreign server, others on yours.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc1034#section-3.6",),
    when=(ADDRESS_IS_SAID,),
)
def host_address_undeclared(host: Host, seen: HostAddresses) -> Judgement:
    """The host points to the declared servers, and to no other.

    ## Why it matters at launch
    A second or stale address sends a share of your visitors to a server that is not yours any more; only they see it.

    ## How to fix
    Delete the record that is not declared; if it is right, declare it in launchready.toml.
    """
    if host.cname is not None:
        if host.cname in seen.cname_chain:
            return Pass()
        fix = Fix(f"Point {host.name} to {host.cname}", f"{host.name}. CNAME {host.cname}.")
        found = " → ".join((*seen.cname_chain, *seen.addresses)) or "nothing"
        return Fail((f"{host.name} leads to {found}, not to {host.cname}",), fix)
    strangers = [address for address in seen.addresses if address not in host.addresses]
    if not strangers:
        return Pass()
    records = "\n".join(f"{host.name}. {'AAAA' if ':' in address else 'A'} {address}" for address in strangers)
    return Fail(
        tuple(f"{host.name} also points to {address}, which is not declared" for address in strangers),
        Fix(f"Delete these DNS records of {host.name}", records),
    )
