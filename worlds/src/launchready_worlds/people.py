"""The product for a browser on this machine: no TLS, no names, and the mails that the world's visitors get."""

import html
import re
from collections.abc import Callable, Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.wrapping import answer, at, response_headers
from launchready_worlds.wrapping import html as html_edited

MAIL_PATH = "/mail"
OWN_ORIGINS = (f"https://{APP}", f"https://{APEX}")
LINK = re.compile(r"https?://[^\s<>]+")


def for_people(product: ASGIApp, mails: Callable[[], Iterable[str]]) -> ASGIApp:
    """The product with links that stay on this machine, and a page with the mails at `/mail`.

    Args:
        product: The product's application, faults included.
        mails: The texts of the mails delivered so far.
    """
    app = html_edited(_local)(response_headers(_plain_cookies)(product))
    return answer(lambda: _mail_page(mails()), at(MAIL_PATH))(app)


def _local(text: str) -> str:
    """Without the product's origins, which no browser here can reach: what is left is relative."""
    for origin in OWN_ORIGINS:
        text = text.replace(f'"{origin}"', '"/"').replace(origin, "")
    return text


def _plain_cookies(headers: MutableHeaders) -> None:
    """Let cookies come back over plain http."""
    if "set-cookie" in headers:
        headers["set-cookie"] = headers["set-cookie"].replace("; Secure", "")


def _mail_page(mails: Iterable[str]) -> Response:
    shown = "".join(f"<pre>{_linked(mail)}</pre><hr>" for mail in mails) or "<p>No mail yet."
    return HTMLResponse(f"<!doctype html><meta charset=utf-8><title>Mail</title><h1>Mail</h1>{shown}")


def _linked(mail: str) -> str:
    """The text, escaped, with links that can be clicked here."""
    return LINK.sub(lambda found: f'<a href="{_local(found[0])}">{found[0]}</a>', html.escape(mail))
