"""What the answers' headers have browsers guard, and whether they do so everywhere."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.errors import MissingPage
from launchready.facts.web import FrontPage, InnerPages, InnerView, Transfer
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.reading import Measured
from launchready.model.subject import EndpointKind, Host
from launchready.parse.csp import (
    Policy,
    allows_any_inline_script,
    allows_any_script_url,
    read_meta_policies,
    read_policies,
    read_sources,
)
from launchready.parse.framing import may_be_framed_by_anybody
from launchready.parse.rfc9110 import CLIENT_ERROR

REDIRECT: Final = 300  # RFC 9110 section 15.4
GUARDS: Final = ("strict-transport-security", "x-content-type-options")
"""Headers that guard whatever an answer is."""

PAGE_GUARDS: Final = ("content-security-policy", "x-frame-options")
"""Headers that guard pages alone."""

GOOD_POLICY: Final = (
    "Content-Security-Policy: script-src 'nonce-{a new random text for each answer}' 'strict-dynamic'; "
    "object-src 'none'; base-uri 'none'"
)
"""The strict policy that the specification's authors advise (https://web.dev/articles/strict-csp)."""

Shown = tuple[str, Transfer, tuple[str, ...]]
"""A page's URL as shown, its answer, and the policies that it names itself."""


@check(
    "csp-ineffective",
    impact=Impact.MINOR,
    customer_sees="Nothing; the guard that the page has does not guard.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://www.w3.org/TR/CSP3/#strict-csp", "https://web.dev/articles/strict-csp"),
)
def csp_ineffective(host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """A policy on scripts keeps strangers' scripts out.

    ## Why it matters at launch
    A policy that allows every inline script, or scripts from everywhere, stops no attack, and looks as if it did.

    ## How to fix
    Give each of your scripts a nonce, a random text that is new for each answer, and allow those alone.
    """
    found = ((url, _holes(transfer, metas)) for url, transfer, metas in _pages(page, inner))
    judged = [(url, reasons) for url, reasons in found if reasons is not None]
    if not judged:
        return NotApplicable(f"no page of {host.name} has a policy on scripts")
    offenders = tuple(f"{url}: {reason}" for url, reasons in judged for reason in reasons)
    return Fail(offenders, Fix("Send a policy with nonces in place of this one", GOOD_POLICY)) if offenders else Pass()


@check(
    "framing-allowed",
    impact=Impact.MINOR,
    customer_sees="Your log-in, inside of somebody else's page that only looks like yours.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.w3.org/TR/CSP3/#directive-frame-ancestors",
        "https://html.spec.whatwg.org/#the-x-frame-options-header",
    ),
    when=(HAS_FILE,),
)
def framing_allowed(host: Host, inner: InnerPages) -> Judgement:
    """Log-in pages can't be shown inside of other sites' pages.

    ## Why it matters at launch
    A page in a frame can be covered, so that customers click and type where somebody else wants them to.

    ## How to fix
    Send `frame-ancestors 'self'` with log-in pages. Where your own other site embeds them, name it behind 'self'.
    """
    logins = [
        seen.value
        for one in inner.pages
        if one.kind is EndpointKind.LOGIN and isinstance(seen := one.view, Measured) and not seen.value.redirects_to
    ]
    shown = [view.transfer for view in logins if view.transfer.status < REDIRECT]
    if not shown:
        return NotApplicable(f"no log-in page of {host.name} is declared and shown")
    open_ = [t.url for t in shown if may_be_framed_by_anybody(_enforced(t), t.values("x-frame-options"))]
    if not open_:
        return Pass()
    offenders = tuple(f"{url} may be shown inside of any site's page" for url in open_)
    return Fail(offenders, Fix("Send this with log-in pages", "Content-Security-Policy: frame-ancestors 'self'"))


@check(
    "guards-missing",
    impact=Impact.NOTE,
    customer_sees="Nothing.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://www.w3.org/TR/CSP3/", "https://fetch.spec.whatwg.org/#x-content-type-options-header"),
)
def guards_missing(host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """Where people log in, browsers are told to run the page's own scripts alone and to take files for what they are.

    ## Why it matters at launch
    It is a second wall: worth an hour when there is one, and nothing to hold a launch back for.

    ## How to fix
    Send `X-Content-Type-Options: nosniff` with everything. Try a policy on scripts with report-only first, then send it
    in earnest.
    """
    if not any(one.kind is EndpointKind.LOGIN for one in inner.pages):
        return NotApplicable(f"no log-in page of {host.name} is declared")
    lacking = [(url, what) for url, transfer, metas in _pages(page, inner) for what in _lacking(transfer, metas)]
    if not lacking:
        return Pass()
    offenders = tuple(f"{url} has no {what}" for url, what in lacking)
    paste = f"X-Content-Type-Options: nosniff\n{GOOD_POLICY.replace('Policy:', 'Policy-Report-Only:', 1)}"
    return Fail(offenders, Fix("Send these with every answer", paste))


@check(
    "headers-missing-on-errors",
    impact=Impact.MINOR,
    customer_sees="Nothing; an error page is open to what the other pages are guarded against.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(
        "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
        "https://www.rfc-editor.org/rfc/rfc6797#section-7.1",
    ),
)
def headers_missing_on_errors(host: Host, page: FrontPage, missing: MissingPage) -> Judgement:
    """The headers that guard pages come with errors, too.

    ## Why it matters at launch
    An attack needs one page without them, and an error page is the easiest to come by. In nginx, `add_header` without
    `always` leaves errors out, and nobody notices.

    ## How to fix
    Set the headers in the outermost layer, for every status; in nginx, write `always` behind each.
    """
    if page.redirects_to or page.transfer.status >= REDIRECT:
        return NotApplicable(f"{host.name} shows no front page to compare with")
    if missing.transfer.status < CLIENT_ERROR:
        return NotApplicable(f"{host.name} answers {missing.transfer.status} for a page that does not exist")
    names = GUARDS + PAGE_GUARDS if "html" in missing.transfer.content_type.lower() else GUARDS
    lost = [name for name in names if page.transfer.values(name) and not missing.transfer.values(name)]
    if not lost:
        return Pass()
    status = missing.transfer.status
    offenders = tuple(f"{missing.transfer.url} ({status}) has no {name}, which the front page has" for name in lost)
    paste = "\n".join(f'add_header {name.title()} "{page.transfer.values(name)[0]}" always;' for name in lost)
    return Fail(offenders, Fix("Send these with errors as well (nginx; in an app, its outermost layer)", paste))


def _pages(page: FrontPage, inner: InnerPages) -> Iterator[Shown]:
    """The pages that are shown, the front page first; an error, or a password before all, is no page."""
    views: tuple[FrontPage | InnerView, ...] = (page, *inner.views)
    for view in views:
        is_twin = view is not page and view.transfer.url == page.transfer.url
        if not view.redirects_to and view.transfer.status < REDIRECT and not is_twin:
            yield view.transfer.url, view.transfer, view.policies


def _enforced(transfer: Transfer, metas: tuple[str, ...] = ()) -> tuple[Policy, ...]:
    return (*read_policies(transfer.values("content-security-policy")), *read_meta_policies(metas))


def _holes(transfer: Transfer, metas: tuple[str, ...]) -> list[str] | None:
    """Why a page's policies keep no script out; empty where one does, None where none is about scripts.

    All policies apply at once, so one that holds is enough.
    """
    directives = [policy.governing("script-src-elem") for policy in _enforced(transfer, metas)]
    found = [read_sources(directive.words) for directive in directives if directive is not None]
    if not found:
        return None
    reasons: list[str] = []
    for sources in found:
        holes = []
        if allows_any_inline_script(sources):
            holes.append("its policy allows every inline script ('unsafe-inline' without a nonce or hash)")
        if allows_any_script_url(sources):
            holes.append("its policy allows scripts from everywhere (a star, or a whole scheme)")
        if not holes:
            return []
        reasons += holes
    return list(dict.fromkeys(reasons))


def _lacking(transfer: Transfer, metas: tuple[str, ...]) -> Iterator[str]:
    if not any(policy.governing("script-src-elem") for policy in _enforced(transfer, metas)):
        is_tried = bool(transfer.values("content-security-policy-report-only"))
        yield "policy on scripts that counts, only one that reports" if is_tried else "policy on scripts"
    first = ", ".join(transfer.values("x-content-type-options")).partition(",")[0]
    if first.strip(" \t").lower() != "nosniff":
        yield "X-Content-Type-Options: nosniff"
