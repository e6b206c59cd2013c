"""A visitor's cookies: which are kept and which go with a request (RFC 6265bis, sections 5.7 and 5.8)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from launchready.parse.rfc6265 import SetCookie, SetCookieError, parse_set_cookie

MAX_COOKIES = 3000
"""What browsers keep at least over all sites (RFC 6265, section 6.1); what comes later is not kept."""


@dataclass(frozen=True, slots=True)
class _Key:
    """Two cookies with one key are one: the later takes the place of the earlier."""

    name: str
    domain: str
    path: str
    host_only: bool


class Cookies:
    """A jar. What has a time to live is kept as long as the visitor, except where that time is over at once."""

    def __init__(self) -> None:
        self._jar: dict[_Key, tuple[str, bool]] = {}

    def __len__(self) -> int:
        return len(self._jar)

    def store(self, url: str, fields: tuple[str, ...]) -> None:
        """Keep what the Set-Cookie fields of a response from a URL say, and pass over what browsers reject."""
        for field in fields:
            try:
                self._store_one(url, field, parse_set_cookie(field))
            except SetCookieError:
                continue

    def header_for(self, url: str) -> str | None:
        """The Cookie header for a request to a URL, longest path first; None where nothing matches."""
        parts = urlsplit(url)
        host, path, is_secure = (parts.hostname or "").rstrip("."), parts.path or "/", parts.scheme == "https"
        matching = [
            (key, value)
            for key, (value, secure_only) in self._jar.items()
            if _domain_matches(host, key) and _path_matches(path, key.path) and (is_secure or not secure_only)
        ]
        matching.sort(key=lambda pair: -len(pair[0].path))
        return "; ".join(f"{key.name}={value}" if key.name else value for key, value in matching) or None

    def _store_one(self, url: str, field: str, cookie: SetCookie) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        key = _Key(
            name=cookie.name,
            domain=cookie.domain or host,
            path=cookie.path or _default_path(parts.path),
            host_only=cookie.domain is None,
        )
        if cookie.domain is not None and _is_public_suffix(cookie.domain):
            key = _Key(key.name, host, key.path, host_only=True)
        rejected = not cookie.prefix_honoured or (cookie.secure and parts.scheme != "https")
        if rejected or not may_set_for(host, cookie.domain or host):
            return
        if is_over(cookie, datetime.now(UTC)):
            self._jar.pop(key, None)
        elif key in self._jar or len(self._jar) < MAX_COOKIES:
            self._jar[key] = (_value(field), cookie.secure)


def _value(field: str) -> str:
    before, equals, after = field.partition(";")[0].partition("=")
    return (after if equals else before).strip(" \t")


def is_over(cookie: SetCookie, now: datetime) -> bool:
    """Whether the cookie's time is over already, so that it takes one away; a Max-Age goes before an Expires."""
    if cookie.max_age_s is not None:
        return cookie.max_age_s == 0
    return cookie.expires is not None and cookie.expires <= now


def may_set_for(host: str, domain: str) -> bool:
    """Whether browsers let a host set a cookie for a domain (RFC 6265bis, section 5.7): its own, or one above it.

    Not for a public suffix above it, under which others have their names.
    """
    if _is_public_suffix(domain):
        return domain == host
    return _domain_matches(host, _Key("", domain, "/", host_only=False))


def _domain_matches(host: str, key: _Key) -> bool:
    """RFC 6265bis, section 5.1.3; an address matches only itself."""
    if host == key.domain:
        return True
    return not key.host_only and host.endswith(f".{key.domain}") and not _is_address(host)


def _path_matches(path: str, cookie_path: str) -> bool:
    """RFC 6265bis, section 5.1.4."""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")


def _default_path(path: str) -> str:
    """The folder of a URL's path (RFC 6265bis, section 5.1.4)."""
    return path[: path.rfind("/")] or "/"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_public_suffix(domain: str) -> bool:
    """Whether domains under it belong to many owners (com, vercel.app), so that a cookie for all is refused."""
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)
