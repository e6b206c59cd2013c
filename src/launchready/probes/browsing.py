"""A browser for one visitor: opens pages, sends forms, goes where redirects lead, and never past the declared hosts."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from launchready.model.reading import NotSeen, Why
from launchready.model.subject import host_of
from launchready.net.http_client import Visitor
from launchready.net.http_message import MAX_BODY_BYTES, HttpResponse
from launchready.parse.html_page import Form, Page, read_page
from launchready.parse.rfc9110 import TOO_MANY_REQUESTS
from launchready.probes.confirmation import is_key
from launchready.probes.forms import Person, submission
from launchready.probes.walking import hop_of
from launchready.probes.web import text_of

MAX_REDIRECTS: Final = 5
"""Redirects after one click; a log-in needs one or two."""

KEEPS_METHOD: Final = frozenset({307, 308})
"""Redirects that repeat the request; after the others a form's answer is fetched (Fetch standard, HTTP-redirect)."""

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
"""A scheme's own port (RFC 9110 section 4.2), which a link may name or leave out."""

BROKEN: Final = frozenset({Why.REFUSED, Why.UNREADABLE, Why.TIMED_OUT})
"""What a product that was there a moment ago does wrong when it does not answer."""

_PAGES: Final = (("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), ("Accept-Language", "en"))


class StepFailedError(Exception):
    """The product answered wrong; the text says how, without keys and without words of the target."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor sees in the end: where, the status, the page, whether redirects led there, and the headers."""

    url: str
    status: int
    page: Page
    was_redirected: bool
    headers: tuple[tuple[str, str], ...] = ()


class Browser:
    """One visitor's browser without scripts.

    Args:
        visitor: keeps the cookies.
        hosts: names of the hosts it may touch.

    Attributes:
        set_cookies: URL and Set-Cookie lines of every answer that had some, in order; they hold what logs somebody in.
    """

    def __init__(self, visitor: Visitor, hosts: frozenset[str]) -> None:
        self._visitor = visitor
        self._hosts = hosts
        self._has_seen_product = False
        self.set_cookies: list[tuple[str, tuple[str, ...]]] = []

    def may_open(self, url: str) -> bool:
        """Whether a URL is one of the web, on a declared host and its scheme's own port."""
        try:
            parts = urlsplit(url)
            is_own_port = parts.port in {None, DEFAULT_PORTS.get(parts.scheme)}
        except ValueError:
            return False
        is_bare = parts.username is None
        return parts.scheme in DEFAULT_PORTS and is_own_port and is_bare and host_of(url) in self._hosts

    async def open(self, url: str) -> Shown:
        """Open a page.

        Raises:
            StepFailedError: it is an error page, leads elsewhere, or the product broke off.
            NotSeen: it can't be looked at.
        """
        return await self._follow(await self._fetch(url, headers=_PAGES))

    async def submit(self, form: Form, shown: Shown, person: Person) -> Shown:
        """Fill in and send a form of a page, and go on to what comes of it. Raises as `open` does."""
        try:
            sent = submission(form, shown.page, shown.url, person)
        except ValueError:
            raise StepFailedError(f"the form on {without_keys(shown.url)} goes to what is no URL") from None
        if not self.may_open(sent.url):
            raise StepFailedError(f"the form goes to {without_keys(sent.url)}, which is not on a declared host")
        headers = (*_PAGES, *sent.headers)
        return await self._follow(await self._fetch(sent.url, "POST", headers, sent.body), headers, sent.body)

    async def post_json(self, url: str, body: bytes, max_bytes: int) -> HttpResponse:
        """Send JSON as the page's own script would, and read at most so much of the answer."""
        parts = urlsplit(url)
        headers = (
            ("Content-Type", "application/json"),
            ("Accept", "text/event-stream, application/json"),
            ("Origin", f"{parts.scheme}://{parts.netloc}"),
        )
        return await self._fetch(url, "POST", headers, body, max_bytes)

    async def _follow(
        self, response: HttpResponse, headers: tuple[tuple[str, str], ...] = _PAGES, body: bytes | None = None
    ) -> Shown:
        for redirects in range(MAX_REDIRECTS + 1):
            target = hop_of(response.url, response).location
            if not target:
                return _shown(response, was_redirected=redirects > 0)
            if not self.may_open(target):
                raise StepFailedError(
                    f"{without_keys(response.url)} leads to {without_keys(target)}, which is not on a declared host"
                )
            if response.status in KEEPS_METHOD and body is not None:
                response = await self._fetch(target, "POST", headers, body)
            else:
                response, body = await self._fetch(target, headers=_PAGES), None
        raise StepFailedError(f"{without_keys(response.url)} redirects more than {MAX_REDIRECTS} times")

    async def _fetch(
        self,
        url: str,
        method: str = "GET",
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes | None = None,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> HttpResponse:
        try:
            response = await self._visitor.fetch(url, method=method, headers=headers, body=body, max_bytes=max_bytes)
        except NotSeen as unseen:
            if self._has_seen_product and unseen.why in BROKEN:
                raise StepFailedError(f"{without_keys(url)} broke off: {unseen.detail}") from None
            raise
        if response.status == TOO_MANY_REQUESTS:
            detail = f"{without_keys(url)} answered 429: a limit stopped our visitors, who all come from one address."
            raise NotSeen(Why.CHALLENGED, detail)
        self._has_seen_product = True
        if lines := response.values("set-cookie"):
            self.set_cookies.append((url, lines))
        return response


def without_keys(url: str) -> str:
    """A URL to show: without its query and fragment, and with a dash of dots where a part of the path is a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(no URL)"
    path = "/".join("…" if is_key(segment) else segment for segment in parts.path.split("/"))
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def _shown(response: HttpResponse, *, was_redirected: bool) -> Shown:
    if response.status >= 300:
        raise StepFailedError(f"{without_keys(response.url)} answered {response.status}")
    return Shown(response.url, response.status, read_page(text_of(response)), was_redirected, response.headers)
