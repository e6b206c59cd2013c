"""Where the declared hosts point, as the resolver sees it."""

from launchready.facts.domain import HostAddresses
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
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
    return Fail(
        (f"{host.name} {what}",), Fix(f"Add the DNS record of {host.name} that your provider names", _records(host))
    )


def _records(host: Host) -> str:
    """The declared records, ready to paste; nothing where none is declared."""
    if host.cname is not None:
        return f"{host.name}. CNAME {host.cname}."
    return "\n".join(_record(host, address) for address in host.addresses)


def _record(host: Host, address: str) -> str:
    return f"{host.name}. {'AAAA' if ':' in address else 'A'} {address}"


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
    if not seen.addresses:
        return NotApplicable(f"{host.name} has no address at all, which another check says")
    if host.cname is not None and host.cname in seen.cname_chain:
        return Pass()
    declared = (*host.addresses, *(seen.declared_target or ()))
    strangers = tuple(address for address in seen.addresses if address not in declared)
    if not strangers:
        return Pass()
    if host.cname is not None:
        found = " → ".join((*seen.cname_chain, *seen.addresses))
        return Fail(
            (f"{host.name} leads to {found}, not to {host.cname}",), Fix(f"Point {host.name} there", _records(host))
        )
    return Fail(
        tuple(f"{host.name} also points to {address}, which is not declared" for address in strangers),
        Fix(
            f"Delete what points {host.name} to {', '.join(strangers)} in your DNS",
            "\n".join(_record(host, address) for address in strangers),
        ),
    )
