"""Who gets to see a visitor's cookies."""

from typing import Final

from launchready.facts.web import CookieSeen, FrontPage
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.product import Product
from launchready.model.subject import Host

EDGE_COOKIES: Final = ("__cf", "_cf", "cf_")
"""How the names of Cloudflare's own cookies begin, which it sets for the whole zone: they log nobody in
(https://developers.cloudflare.com/fundamentals/reference/policies-compliances/cloudflare-cookies/)."""


@check(
    "session-cookie-shared",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until somebody else is logged in as them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc6265#section-8.6", "https://owasp.org/www-project-top-ten/"),
    when=(HAS_FILE,),
)
def session_cookie_shared(product: Product, host: Host, page: FrontPage) -> Judgement:
    """A cookie of one host is not sent to the others.

    ## Why it matters at launch
    A cookie with `Domain=` of the whole domain goes to every host below it: to the landing page's builder, to a help
    centre, to whoever gets hold of a forgotten subdomain. A log-in cookie there is a log-in for them.

    ## How to fix
    Leave the Domain attribute out when the cookie is set; then it stays with the host that set it.
    """
    shared = [(cookie.name, _also_to(cookie, host, product)) for cookie in page.cookies]
    offenders = tuple(f"{name} of {host.name} is also sent to {', '.join(to)}" for name, to in shared if to)
    if not offenders:
        return Pass()
    return Fail(offenders, Fix("Set these cookies without Domain=, and give them the __Host- prefix"))


def _also_to(cookie: CookieSeen, host: Host, product: Product) -> tuple[str, ...]:
    """The other declared hosts that get a cookie.

    Browsers refuse one whose Domain does not cover the host that sets it (RFC 6265 section 5.3, step 6).
    """
    if cookie.name.startswith(EDGE_COOKIES) or not _covers(cookie.domain, host.name):
        return ()
    others = (other.name for other in product.hosts if other != host)
    return tuple(name for name in others if _covers(cookie.domain, name))


def _covers(domain: str, name: str) -> bool:
    """Whether a cookie's Domain matches a host (RFC 6265 section 5.1.3); an empty one stays where it was set."""
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))
