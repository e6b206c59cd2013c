"""Whether all who answer for a domain say the same."""

from collections.abc import Iterable, Mapping

from launchready.facts.domain import Nameserver, Nameservers, NameserverView
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Domain

Views = list[tuple[str, tuple[NameserverView, ...]]]
"""Name servers as a reader tells them apart, each with what it says."""


@check(
    "nameservers-disagree",
    impact=Impact.BLOCKER,
    customer_sees="The site works for some visitors and not for others, and changes from hour to hour.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc1912#section-2.8", "https://www.rfc-editor.org/rfc/rfc2182#section-3"),
)
def nameservers_disagree(domain: Domain, product: Product, seen: Nameservers) -> Judgement:
    """Every name server of the domain knows it, at each of its addresses, and all give the same answers.

    ## Why it matters at launch
    Resolvers pick any of your name servers. One that lags behind, or does not know your domain any more, sends a
    share of your visitors to the old server or to nothing, and you will not see it from your own desk. At a DNS
    company where nobody has claimed your domain, a stranger may do so and answer for it.

    ## How to fix
    Make the server transfer the zone again, or take it out of the NS records here and at the registrar.
    """
    if not seen.servers:
        return NotApplicable(f"{domain.name} has no name servers of its own")
    nowhere = [server.name for server in seen.servers if not server.address and isinstance(server.views, Measured)]
    views = _measured(seen.servers)
    lame = {name: v for name, answers in views for v in answers if v.refusal or not (v.authoritative or v.alias)}
    if nowhere or lame:
        told = {name: f" ({view.refusal.rstrip('.')})" if view.refusal else "" for name, view in lame.items()}
        unfit = (*nowhere, *lame)
        names = ", ".join(unfit)
        return Fail(
            (
                *(f"{name} is a name server of {domain.name}, and its name leads to no address" for name in nowhere),
                *(f"{name} does not answer for {domain.name} with authority{said}" for name, said in told.items()),
            ),
            Fix(
                f"Serve {domain.name} on {names}, or take it out of the NS records here and at the registrar",
                "\n".join(f"{domain.name}. NS {name.partition(' ')[0]}." for name in unfit),
            ),
        )
    different = _different(views)
    if different and _may_be_meant(_different_hosts(views), product, seen):
        return NotApplicable(
            f"the servers hold one version of {domain.name} and give different addresses, as where each "
            "looks an alias (ALIAS, flattening) or a place up by itself; declare addresses to have them judged"
        )
    if different:
        do = f"Transfer the zone {domain.name} again to the name server that lags behind, and look again"
        return Fail(different, Fix(do, "\n".join(_questions(views))))
    return Pass()


@check(
    "delegation-differs",
    impact=Impact.MAJOR,
    customer_sees="Changes to your DNS reach some visitors late or never, and the site gets slow to find.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc1034#section-4.2.2",
        "https://www.rfc-editor.org/rfc/rfc1912#section-2.3",
    ),
)
def delegation_differs(domain: Domain, seen: Nameservers) -> Judgement:
    """The registrar and the domain's own DNS name the same name servers.

    ## Why it matters at launch
    Two lists mean that a move of your DNS stopped half-way. Which list a visitor's resolver follows is chance, and the
    day that the old company switches its servers off, a part of your visitors finds nothing.

    ## How to fix
    Decide which name servers are right, and enter exactly those at the registrar and as NS records of the domain.
    """
    above = seen.delegation.value if isinstance(seen.delegation, Measured) else ()
    if not above:
        return NotApplicable(f"no name servers of {domain.name} are entered at the registrar")
    own = {s.name: s.top.value.named for s in seen.servers if isinstance(s.top, Measured) and s.top.value.named}
    differing = {name: named for name, named in own.items() if set(named) != set(above)}
    if not differing:
        return Pass() if own else NotApplicable(f"no name server of {domain.name} names any")
    offenders = tuple(
        f"the registrar names {', '.join(above)}; {name} names {', '.join(named)}" for name, named in differing.items()
    )
    return Fail(
        offenders,
        Fix(
            f"If the registrar's list is right, put it into the zone {domain.name} in place of the NS records there;"
            " if not, enter the other list at the registrar",
            "\n".join(f"{domain.name}. NS {name}." for name in above),
        ),
    )


@check(
    "apex-alias",
    impact=Impact.MAJOR,
    customer_sees="Mail to you bounces, or the site is not found, depending on which resolver the customer has.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2",
        "https://www.rfc-editor.org/rfc/rfc2181#section-10.1",
    ),
)
def apex_alias(domain: Domain, seen: Nameservers) -> Judgement:
    """The domain itself is no alias (CNAME).

    ## Why it matters at launch
    An alias allows no other record beside it, and a domain must have others: its name servers, its mail. Resolvers
    then lose one or the other, so mail stops for some and the site for others.

    ## How to fix
    Delete the CNAME of the bare domain. Use what your DNS company calls ALIAS, ANAME or flattening, or the A records
    that your provider names.
    """
    if not seen.servers:
        return NotApplicable(f"{domain.name} has no name servers of its own")
    aliases = {s.top.value.alias for s in seen.servers if isinstance(s.top, Measured) and s.top.value.alias}
    if not aliases:
        return Pass()
    target = min(aliases)
    return Fail(
        tuple(f"{domain.name} is an alias of {alias}, beside its NS and SOA records" for alias in sorted(aliases)),
        Fix(
            f"Delete this record, and use an ALIAS record (flattening) to {target} or your provider's A records",
            f"{domain.name}. CNAME {target}.",
        ),
    )


def _measured(servers: Iterable[Nameserver]) -> Views:
    """The servers that answered; one with several addresses is told with the address."""
    names = [server.name for server in servers]
    return [
        (s.name if names.count(s.name) == 1 else f"{s.name} ({s.address})", s.views.value)
        for s in servers
        if s.address and isinstance(s.views, Measured)
    ]


def _may_be_meant(hosts: Mapping[str, Mapping[str, NameserverView]], product: Product, seen: Nameservers) -> bool:
    """Whether servers with equal copies make up their answers, each for itself, and no declaration says otherwise.

    Then each has addresses, and none a record that could be compared.
    """
    serials = {s.top.value.serial if isinstance(s.top, Measured) else "" for s in seen.servers if s.address}
    said = {host.name for host in product.hosts if host.addresses or host.cname is not None}
    answers = [view for by_server in hosts.values() for view in by_server.values()]
    is_made_up = all(view.addresses and not view.alias for view in answers)
    return len(serials) == 1 and "" not in serials and is_made_up and not said & set(hosts)


def _questions(views: Views) -> list[str]:
    """Commands that ask each server for the hosts that are answered differently."""
    servers = dict.fromkeys(name.partition(" ")[0] for name, _ in views)
    return [f"dig +short @{server} {host} A {host} AAAA" for host in _different_hosts(views) for server in servers]


def _different(views: Views) -> tuple[str, ...]:
    """The hosts that servers answer differently, with what each says."""
    return tuple(
        f"{host}: " + "; ".join(f"{server} says {_said(view)}" for server, view in sorted(says.items()))
        for host, says in _different_hosts(views).items()
    )


def _said(view: NameserverView) -> str:
    return view.alias or ", ".join(view.addresses) or "nothing"


def _different_hosts(views: Views) -> dict[str, dict[str, NameserverView]]:
    """The hosts that servers answer differently, each with every server's answer.

    Where one server already answers by turns, as those of large networks do, nothing can be compared.
    """
    says: dict[str, dict[str, NameserverView]] = {}
    by_turns = {view.host for _, answers in views for view in answers if view.varies}
    for server, answers in views:
        for view in (one for one in answers if one.host not in by_turns):
            says.setdefault(view.host, {})[server] = view
    return {host: one for host, one in sorted(says.items()) if len(set(map(_said, one.values()))) > 1}
