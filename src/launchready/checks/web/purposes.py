"""Whether each name serves what it is for."""

import re
from itertools import combinations
from typing import Final

from launchready.facts.web import FrontPage
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.fact import Each
from launchready.model.intent import HAS_FILE
from launchready.model.product import Product
from launchready.model.subject import Host

API: Final = re.compile(r"\bAPIs?\b", re.IGNORECASE)
"""How a declared purpose says that a name is for programs."""

SAME_SIZE: Final = 0.98
"""Two pages that differ in a key or a name differ by less than a fiftieth in size; our judgement."""

REDIRECT: Final = 300  # RFC 9110 section 15.4


@check(
    "host-serves-other-purpose",
    impact=Impact.MINOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing at first; then an app that gets pages where it asked for data.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-7.4",),
    when=(HAS_FILE,),
)
def host_serves_other_purpose(product: Product, pages: Each[FrontPage]) -> Judgement:
    """A name for an API does not show another name's page.

    ## Why it matters at launch
    It means that the name leads to the wrong service, by a wildcard in DNS or a rule for "all other hosts". Calls to
    the API then get a page with status 200, which nothing reports as an error.

    ## How to fix
    Point the name at the service that it is for, and let the web server refuse names that it does not know.
    """
    seen = tuple((subject, page) for subject, page in pages if isinstance(subject, Host))
    apis = {subject.name for subject, _ in seen if API.search(subject.purpose)}
    if not apis:
        return NotApplicable(f"no host of {product.name} is declared to be for an API")
    offenders = tuple(
        f"{api.name} ({api.purpose}) shows the page of {other.name} ({other.purpose}): “{page.title}”"
        for (one, page), (two, twin) in combinations(seen, 2)
        for api, other in ((one, two), (two, one))
        if api.name in apis and other.name not in apis and _are_twins(page, twin)
    )
    if not offenders:
        return Pass()
    paste = "nginx: server { listen 443 ssl default_server; ssl_reject_handshake on; }"
    return Fail(offenders, Fix("Point each name at its own service, and refuse names that are not known", paste))


def _are_twins(page: FrontPage, other: FrontPage) -> bool:
    """Whether two names show one page: both show one, with one title and about one size."""
    sizes = sorted((page.transfer.size_bytes, other.transfer.size_bytes))
    return (
        not (page.redirects_to or other.redirects_to)
        and max(page.transfer.status, other.transfer.status) < REDIRECT
        and bool(page.title)
        and page.title == other.title
        and sizes[0] >= sizes[1] * SAME_SIZE
    )
