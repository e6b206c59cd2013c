"""Recognises a log-in that stands before everything a host shows, as platforms put before previews."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

VERCEL: Final = "Vercel's deployment protection"
LOGIN_HOSTS: Final = {
    "cloudflareaccess.com": "Cloudflare Access",
    "login.microsoftonline.com": "Microsoft's log-in",
    "login.windows.net": "Microsoft's log-in",
}
"""Hosts that a platform sends everybody to who is not let in; the names below them count too."""

UNAUTHORIZED: Final = 401

FOR_PROGRAMS: Final = ("bearer", "dpop")
"""Schemes that no browser asks people for (RFC 6750, RFC 9449)."""

JSON: Final = ("application/json", "application/problem+json")
"""What programs read; a wall is made for people."""


def recognise_wall(status: int, headers: Mapping[str, str], sent_to: str) -> str:
    """Who asks every visitor to log in before they see anything, in words for the owner; empty where nobody does.

    Args:
        status: of the front page.
        headers: by lower-case name.
        sent_to: the absolute URL that it redirects to on another host; empty where it does not.
    """
    target = urlsplit(sent_to)
    host = target.hostname or ""
    if host == "vercel.com" and target.path.startswith("/sso-api"):
        return VERCEL
    if headers.get("x-goog-iap-generated-response", "").lower() == "true":
        return "Google's Identity-Aware Proxy"
    if status == UNAUTHORIZED:
        return _who_asks(headers)
    return next((who for name, who in LOGIN_HOSTS.items() if host == name or host.endswith(f".{name}")), "")


def _who_asks(headers: Mapping[str, str]) -> str:
    """By whose hand a 401 came; empty where it is what programs are told, such as those that call an API's root."""
    if "x-vercel-id" in headers:
        return VERCEL
    if "x-nf-request-id" in headers:
        return "Netlify's password protection"
    asked = headers.get("www-authenticate", "")
    if asked.lower().startswith(FOR_PROGRAMS) or headers.get("content-type", "").lower().startswith(JSON):
        return ""
    return "a password" if asked else "a log-in"
