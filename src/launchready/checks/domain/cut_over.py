"""Whether DNS is ready for the change that the owner has planned."""

from typing import Final

from launchready.facts.domain import Nameservers
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DNS_CHANGE_IS_PLANNED
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Domain

DAYS_AHEAD: Final = 14
"""So many days before the change the question arises; before that, a long time to live does no harm."""

LONGEST_TTL_S: Final = 3600
"""The longest that an answer may be kept when records are about to change: an hour of old answers is bearable."""

SHORT_TTL_S: Final = 300
"""What is commonly set before a move."""


@check(
    "dns-change-ttl-long",
    impact=Impact.MAJOR,
    customer_sees="The old site, for hours or days after the move, or nothing at all where the old server is off.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc1912#section-2.2",
        "https://www.rfc-editor.org/rfc/rfc1034#section-3.6",
    ),
    when=(DNS_CHANGE_IS_PLANNED,),
)
def dns_change_ttl_long(domain: Domain, product: Product, seen: Nameservers) -> Judgement:
    """Before a planned change of DNS, answers about the hosts are kept for an hour at most.

    ## Why it matters at launch
    Resolvers everywhere keep the old answer for as long as the record allows. With a day or more, visitors go to the
    old server long after the move, and a mistake takes as long to undo.

    ## How to fix
    Set the time to live (TTL) of the hosts' records to five minutes, at least one old TTL before the change.
    """
    measured = [(server, server.views) for server in seen.servers if isinstance(server.views, Measured)]
    if not seen.servers or product.dns_change is None:
        return NotApplicable(f"{domain.name} has no name servers of its own")
    if not measured:
        return Pass()
    days = (product.dns_change - max(views.at for _, views in measured).date()).days
    if not 0 <= days <= DAYS_AHEAD:
        return NotApplicable(f"the change is planned for {product.dns_change}, which is not within {DAYS_AHEAD} days")
    long = {v.host: v.ttl_s for _, views in measured for v in views.value if (v.ttl_s or 0) > LONGEST_TTL_S}
    if not long:
        return Pass()
    return Fail(
        tuple(
            f"{host}: answers are kept for {_hours(ttl_s)}, and the change is planned for {product.dns_change}"
            for host, ttl_s in sorted(long.items())
            if ttl_s is not None
        ),
        Fix(
            f"Set the TTL of these records to {SHORT_TTL_S} seconds now",
            "\n".join(f"{host}. {SHORT_TTL_S}" for host in sorted(long)),
        ),
    )


def _hours(ttl_s: int) -> str:
    return f"{ttl_s / 3600:.3g} hours"
