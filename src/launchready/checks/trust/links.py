"""Links that customers are sent."""

from typing import Final

from launchready.facts.links import Arrival, DeadEnd, LinkVisit
from launchready.facts.redirects import WalkEnd
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Link

CLIENT_ERROR: Final = 400  # from here on the answer is an error (RFC 9110 section 15.5)


@check(
    "link-broken",
    impact=Impact.BLOCKER,
    customer_sees="They click to book a call or to buy, and get an error.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.5",),
)
def link_broken(link: Link, visit: LinkVisit) -> Judgement:
    """Links in advertisements, mails and on booking buttons lead to a page that works.

    ## Why it matters at launch
    This is the last step before money. Whoever gets an error here had decided already.

    ## How to fix
    Open the link in a private window. Renew it at the service it belongs to, and replace it wherever it is used.
    """
    fix = Fix(f"Renew this {link.kind.value} link, and replace it wherever it is used", link.url)
    match visit.went:
        case DeadEnd(words=words):
            return Fail((f"{link.url}: {words}",), fix)
        case Arrival(walk=walk) if walk.end is not WalkEnd.ANSWERED:
            return Fail((f"{link.url} leads round in a circle, or nowhere",), fix)
        case Arrival(status=status, walk=walk) if status >= CLIENT_ERROR:
            return Fail((f"{link.url} ends at {walk.end_url} with {status}",), fix)
        case _:
            return Pass()
