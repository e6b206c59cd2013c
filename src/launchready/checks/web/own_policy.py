"""Whether a page's own policy lets it work."""

from launchready.facts.web import BlockedLoad, FrontPage, InnerPages, InnerView
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host, host_of


@check(
    "csp-blocks-own-page",
    impact=Impact.MAJOR,
    customer_sees="A page without its looks, a button that does nothing, an empty place where the calendar should be.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://www.w3.org/TR/CSP3/#should-block-request",
        "https://www.w3.org/TR/CSP3/#match-url-to-source-list",
    ),
)
def csp_blocks_own_page(host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """The policy lets in the scripts, style sheets and frames that the pages name.

    ## Why it matters at launch
    A booking calendar, a payment form or a counter is added to the page, and the policy in the headers is forgotten. No
    server reports it: browsers leave the part out, and say so only to developers. A page from a cache with yesterday's
    nonce loses all its scripts.

    ## How to fix
    Add the origin that is named to the directive, or give the element the nonce of the same answer.
    """
    views: tuple[FrontPage | InnerView, ...] = (page, *inner.views)
    shown = [view for view in views if not view.redirects_to]
    if not any(view.transfer.values("content-security-policy") for view in shown):
        return NotApplicable(f"no page of {host.name} has a policy in its headers")
    blocked = [(view.transfer.url, load) for view in shown for load in view.blocked_loads]
    if not blocked:
        return Pass()
    offenders = tuple(
        f"{url} names {load.url} ({load.what}), which {load.directive} keeps out" for url, load in blocked
    )
    paste = "\n".join(sorted({_allowing(load) for _, load in blocked}))
    return Fail(offenders, Fix("Add these to the policy", paste))


def _allowing(load: BlockedLoad) -> str:
    """The directive as people write it, with the origin to add."""
    return f"{load.directive.removesuffix('-elem')} … https://{host_of(load.url)}"
