"""Whether the domain stays yours."""

from datetime import timedelta
from typing import Final

from launchready.facts.registration import Registration
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Domain

RENEWAL_DAYS: Final = 30
"""So many days before the end registrars must have warned once (ICANN, Expired Registration Recovery Policy, 2.1.1)."""

LOST_STATES: Final = frozenset({"redemption period", "pending delete"})
"""What a registry calls a domain that was let go (RFC 8056, section 2)."""


@check(
    "domain-expires-soon",
    impact=Impact.MAJOR,
    customer_sees="Nothing yet; on the day, another company's advertisements in place of the site, and no mail.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.icann.org/resources/pages/errp-2013-02-28-en",
        "https://www.rfc-editor.org/rfc/rfc9083#section-4.5",
    ),
)
def domain_expires_soon(domain: Domain, seen: Registration) -> Judgement:
    """The domain's registration lasts for another thirty days at least.

    ## Why it matters at launch
    When a registration runs out, site, mail and every link stop on the same day, and after some weeks anybody may
    buy the name. A card that was replaced, or mails to an address under the very same domain, let it happen unseen.

    ## How to fix
    Renew the domain at the registrar now, switch automatic renewal on, and look whether the card there is valid.
    """
    left = seen.expires_at - seen.seen_at
    lost = tuple(f"{domain.name} was let go: its state is “{state}”" for state in seen.states if state in LOST_STATES)
    if not lost and left >= timedelta(days=RENEWAL_DAYS):
        return Pass()
    when = "ended" if left < timedelta() else f"ends in {left.days} days,"
    registrar = f" at {seen.registrar}" if seen.registrar else ""
    return Fail(
        lost or (f"the registration of {domain.name} {when} on {seen.expires_at:%Y-%m-%d}",),
        Fix(f"Renew {domain.name}{registrar}, and switch automatic renewal on"),
    )
