"""Whether a page under https asks for anything over plain http (Mixed Content, https://www.w3.org/TR/mixed-content/)."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.web import FrontPage, Handling, InnerPages, PageAssets, PlainReference
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.rfc9110 import CLIENT_ERROR, SERVER_ERROR

WORDS: Final = {
    Handling.BLOCKED: "browsers block it",
    Handling.UPGRADED: "older browsers warn, newer ones ask for it over https instead",
    Handling.WARNED: "browsers warn before it is sent",
}


@check(
    "mixed-content",
    impact=Impact.BLOCKER,
    customer_sees="Parts of the page are missing, or the browser warns when the form is sent.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://www.w3.org/TR/mixed-content/", "https://www.w3.org/TR/upgrade-insecure-requests/"),
)
def mixed_content(host: Host, page: FrontPage, assets: PageAssets, inner: InnerPages) -> Judgement:
    """Pages load nothing and post nothing over plain http.

    ## Why it matters at launch
    Browsers block scripts, styles, fonts and frames that come over http, so the page breaks; they warn before a form is
    sent that way.

    ## How to fix
    Write https:// in the addresses that are named. Where one has no https, take the file onto your own host.
    """
    if not _shows_pages(page, inner):
        return NotApplicable(f"{host.name} shows no page of its own; it sends visitors to {page.redirects_to}")
    found = [reference for reference in _references(page, assets, inner) if _is_broken(reference)]
    if not found:
        return Pass()
    secure = "\n".join(dict.fromkeys(f"https://{reference.url.removeprefix('http://')}" for reference in found))
    return Fail(tuple(dict.fromkeys(map(_said, found))), Fix("Use these addresses instead", secure))


@check(
    "script-calls-plain-http",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="A part of the page that loads by itself, such as the chat, stays empty or says it can't connect.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://www.w3.org/TR/mixed-content/", "https://websockets.spec.whatwg.org/#websocket"),
)
def script_calls_plain_http(host: Host, page: FrontPage, assets: PageAssets, inner: InnerPages) -> Judgement:
    """No script of the pages calls an address over plain http or an open web socket.

    ## Why it matters at launch
    It works on the developer's machine. From a page under https, browsers refuse such a call before it is sent.

    ## How to fix
    Write https:// for http:// and wss:// for ws:// in the calls that are named.
    """
    if not _shows_pages(page, inner):
        return NotApplicable(f"{host.name} shows no page of its own; it sends visitors to {page.redirects_to}")
    calls = (*page.plain_calls, *(call for asset in assets.assets for call in asset.plain_calls))
    calls += tuple(call for view in inner.views for call in view.plain_calls)
    if not calls:
        return Pass()
    offenders = tuple(dict.fromkeys(f"{call.found_in} calls {call.what}({call.url})" for call in calls))
    secure = "\n".join(dict.fromkeys(_secured(call.url) for call in calls))
    return Fail(offenders, Fix("Call these addresses instead", secure))


def _shows_pages(page: FrontPage, inner: InnerPages) -> bool:
    return not page.redirects_to or any(not view.redirects_to for view in inner.views)


def _references(page: FrontPage, assets: PageAssets, inner: InnerPages) -> Iterator[PlainReference]:
    yield from page.plain_references
    for view in inner.views:
        yield from view.plain_references
    for asset in assets.assets:
        yield from asset.plain_references


def _is_broken(reference: PlainReference) -> bool:
    """Whether visitors notice: yes, unless the page has browsers go to https instead and something is there."""
    if reference.over_https is None:
        return True
    limit = SERVER_ERROR if reference.handling is Handling.WARNED else CLIENT_ERROR
    return isinstance(reference.over_https, Measured) and reference.over_https.value >= limit


def _said(reference: PlainReference) -> str:
    verb = "posts to" if reference.handling is Handling.WARNED else "loads"
    if isinstance(reference.over_https, Measured):
        outcome = f"browsers go to https instead, which answers {reference.over_https.value}"
    else:
        outcome = WORDS[reference.handling]
    return f"{reference.found_in} {verb} {reference.url} ({reference.what}): {outcome}"


def _secured(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{'wss' if scheme.lower() == 'ws' else 'https'}://{rest}"
