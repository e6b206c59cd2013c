"""Whether a cache on the way may keep what one customer alone may see."""

from launchready.facts.caching import PageAfterLogin
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check


@check(
    "private-response-stored",
    impact=Impact.BLOCKER,
    customer_sees="Another customer's name and conversations.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9111#section-3",
        "https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.7",
    ),
)
def private_response_stored(after: PageAfterLogin) -> Judgement:
    """No cache that serves many may keep the page of a customer who is logged in.

    ## Why it matters at launch
    A page with a customer's name that says `public`, or how long shared caches may keep it, is handed to the next one
    who asks: by the edge, or by the proxy of a company or a mobile network.

    ## How to fix
    Send the header below with every answer that is for one customer.
    """
    page = after.page
    if not page.names_visitor:
        return NotApplicable("the page after logging in shows nothing of the visitor")
    if not page.shared_for_s:
        return Pass()
    what = f"{page.url} shows the visitor's name, and any cache may hand it on for {page.shared_for_s} seconds"
    offender = f"{what}: {page.cache_control}" if page.cache_control else f"{what}, for it has no Cache-Control"
    return Fail(
        (offender,), Fix("Keep what is for one customer out of shared caches", "Cache-Control: private, no-store")
    )
