"""What a page, a style sheet or a script asks for over plain http. Pure."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.web import Handling, PlainReference
from launchready.net.http_message import HttpResponse
from launchready.parse.css import CssLoad, CssLoadKind, read_loads
from launchready.parse.ecmascript import read_calls
from launchready.parse.html_page import Page
from launchready.probes.walking import REDIRECTS, absolute_url

_CSS_HANDLING: Final = {
    CssLoadKind.IMPORT: Handling.BLOCKED,
    CssLoadKind.FONT: Handling.BLOCKED,
    CssLoadKind.IMAGE: Handling.UPGRADED,
}


def base_of(page: Page, url: str) -> str:
    """What the relative addresses of a page start from."""
    return absolute_url(url, page.base_href or "") or url


def references_of_page(page: Page, url: str) -> tuple[PlainReference, ...]:
    """What a page itself loads or posts to over plain http, each address once."""
    base = base_of(page, url)
    written = [
        *((asset.url, asset.kind.value, _handling(is_active=asset.is_active)) for asset in page.assets),
        *((form.action, "form", Handling.WARNED) for form in page.forms if form.method != "dialog"),
        *((target, "form", Handling.WARNED) for target in page.submits_to),
        *_of_loads(load for text in page.styles for load in read_loads(text)),
        *_of_loads(load for text in page.style_attributes for load in read_loads(text, is_attribute=True)),
    ]
    return _plain(written, base, url)


def references_of_style(text: str, url: str) -> tuple[PlainReference, ...]:
    """What a style sheet loads over plain http, each address once."""
    return _plain(_of_loads(read_loads(text)), url, url)


def imports_of_style(text: str, url: str) -> tuple[str, ...]:
    """The style sheets that another one imports, as absolute URLs."""
    targets = (absolute_url(url, load.url) for load in read_loads(text) if load.kind is CssLoadKind.IMPORT)
    return tuple(dict.fromkeys(target for target in targets if target is not None))


def reference_of_redirect(answer: HttpResponse) -> tuple[PlainReference, ...]:
    """Where an asset under https sends browsers over plain http; they block that, too."""
    locations = answer.values("location") if answer.status in REDIRECTS else ()
    return _plain([(location, "redirect", Handling.BLOCKED) for location in locations[:1]], answer.url, answer.url)


def calls_of_script(text: str, url: str) -> tuple[PlainReference, ...]:
    """Calls of a script to an address over plain http or an open web socket, as far as they stand there as such.

    This machine's own addresses are left out: they are a developer's, and browsers allow them.
    """
    found = ((call, call.url) for call in read_calls(text) if call.url.lower().startswith(("http://", "ws://")))
    calls = (PlainReference(target, url, call.name, Handling.BLOCKED, None) for call, target in found)
    return tuple({call.url: call for call in calls if not _is_loopback(call.url)}.values())


def _handling(*, is_active: bool) -> Handling:
    return Handling.BLOCKED if is_active else Handling.UPGRADED


def _of_loads(loads: Iterable[CssLoad]) -> Iterator[tuple[str, str, Handling]]:
    return ((load.url, load.kind.value, _CSS_HANDLING[load.kind]) for load in loads)


def _plain(written: Iterable[tuple[str, str, Handling]], base: str, found_in: str) -> tuple[PlainReference, ...]:
    seen: dict[str, PlainReference] = {}
    for address, what, handling in written:
        target = absolute_url(base, address)
        if target is not None and target.startswith("http://"):
            seen.setdefault(target, PlainReference(target, found_in, what, handling, None))
    return tuple(seen.values())


def _is_loopback(url: str) -> bool:
    """Whether a URL leads to the visitor's own machine, or to nothing that could be read."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return not host or host == "localhost" or host.endswith(".localhost")
