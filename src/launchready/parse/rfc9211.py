"""What caches on the way say they did: Cache-Status (RFC 9211), and the headers that came before it.

Only few edges send the standard field. CF-Cache-Status (Cloudflare), X-Cache (CloudFront, Fastly, Varnish), the
X-Vercel-Cache of Vercel, a few of nginx and LiteSpeed, and the Age of RFC 9111 section 5.1 say the same in their words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from launchready.parse.rfc9651 import SfItem, SfToken, StructuredFieldError, parse_list

Headers = Sequence[tuple[str, str]]
"""(lower-case name, value), in order."""


class CacheStatusError(ValueError):
    """The field is no Cache-Status, and recipients ignore it as a whole."""


@dataclass(frozen=True, slots=True)
class CacheHop:
    """What one cache says it did with a request (section 2).

    Attributes:
        cache: Its name.
        hit: Whether it answered without asking further. Never together with `fwd`.
        fwd: Why it asked further (`uri-miss`, `bypass`, `stale` …); empty where it did not say.
        fwd_status: The status that came back; None where it did not say.
        ttl_s: How long the answer stays fresh, below zero where it is stale; None as above.
        stored: Whether it kept the answer.
        collapsed: Whether it put several requests together.
        key: Under what name it keeps the answer; empty as above.
        detail: Words of its own; empty as above.
    """

    cache: str
    hit: bool
    fwd: str
    fwd_status: int | None
    ttl_s: int | None
    stored: bool
    collapsed: bool
    key: str
    detail: str


def parse_cache_status(values: Sequence[str]) -> tuple[CacheHop, ...]:
    """The caches that an answer came through, the one nearest to the origin first (RFC 9211 section 2).

    A parameter of another type than the RFC gives it counts as absent, and so do unknown ones.

    Raises:
        CacheStatusError: it is no list of tokens and strings.
    """
    try:
        members = parse_list(tuple(values))
    except StructuredFieldError as error:
        raise CacheStatusError(f"it is no structured list: {error}") from None
    return tuple(_hop(member) for member in members)


def _hop(member: object) -> CacheHop:
    match member:
        case SfItem(value=str(name)) | SfItem(value=SfToken(text=name)):
            pass
        case _:
            raise CacheStatusError("a member is neither a token nor a string")
    said = member.parameters
    forward = said.get("fwd")
    return CacheHop(
        cache=name,
        hit=said.get("hit") is True,
        fwd=forward.text if isinstance(forward, SfToken) else "",
        fwd_status=_whole(said.get("fwd-status")),
        ttl_s=_whole(said.get("ttl")),
        stored=said.get("stored") is True,
        collapsed=said.get("collapsed") is True,
        key=_words(said.get("key")),
        detail=_words(said.get("detail")),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(value: object) -> str:
    return value.text if isinstance(value, SfToken) else value if isinstance(value, str) else ""


class EdgeAnswer(StrEnum):
    """What the edge nearest to the visitor did."""

    HIT = "hit"  # it answered from what it keeps, also where it asked whether that still holds
    MISS = "miss"  # it keeps such answers, and did not have this one
    PASSED = "passed"  # it does not keep this one at all
    NO_EDGE = "no edge"  # nothing says that there is one


# Cloudflare's words (https://developers.cloudflare.com/cache/concepts/cache-responses/), Vercel's
# (https://vercel.com/docs/headers/response-headers) and those of X-Cache, of which the last word is the visitor's edge.
_WORDS: Final = {
    "hit": EdgeAnswer.HIT,
    "refreshhit": EdgeAnswer.HIT,
    "stale": EdgeAnswer.HIT,
    "updating": EdgeAnswer.HIT,
    "revalidated": EdgeAnswer.HIT,
    "prerender": EdgeAnswer.HIT,
    "miss": EdgeAnswer.MISS,
    "expired": EdgeAnswer.MISS,
    "refreshmiss": EdgeAnswer.MISS,
    "bypass": EdgeAnswer.PASSED,
    "dynamic": EdgeAnswer.PASSED,
    "none": EdgeAnswer.PASSED,
    "unknown": EdgeAnswer.PASSED,
    "none/unknown": EdgeAnswer.PASSED,
    "pass": EdgeAnswer.PASSED,
    "uncacheable": EdgeAnswer.PASSED,
}
_OWN_HEADERS: Final = (
    *("cf-cache-status", "x-vercel-cache", "x-cache", "x-cache-status", "x-proxy-cache", "x-litespeed-cache"),
    *("x-nginx-cache", "x-fastcgi-cache", "x-sucuri-cache"),
)
_X_CACHE_WORD: Final = re.compile(r"(?:tcp_)?([a-z]+(?:/unknown)?)\b")
NOT_MODIFIED: Final = 304
"""The origin's word that what the cache keeps still holds (RFC 9110 section 15.4.5)."""

_FORWARDED_PAST: Final = frozenset({"bypass", "method", "request"})
"""Reasons to ask further (RFC 9211 section 2.2) that have nothing to do with what the cache keeps."""


def edge_answer(headers: Headers) -> EdgeAnswer:
    """What the cache nearest to the visitor did, by its own word; a positive Age is a hit of some cache on the way.

    Args:
        headers: all headers of the answer.
    """
    named = _by_cache_status([value for name, value in headers if name == "cache-status"])
    if named is not None:
        return named
    for header in _OWN_HEADERS:
        values = [value for name, value in headers if name == header]
        match = _X_CACHE_WORD.match(values[-1].rpartition(",")[2].strip().lower()) if values else None
        if match and match[1] in _WORDS:
            return _WORDS[match[1]]
    ages = [value for name, value in headers if name == "age"]
    return EdgeAnswer.HIT if ages and _is_positive(ages[0]) else EdgeAnswer.NO_EDGE


def _by_cache_status(values: Sequence[str]) -> EdgeAnswer | None:
    try:
        hops = parse_cache_status(values)
    except CacheStatusError:
        return None
    if not hops:
        return None
    nearest = hops[-1]
    if not (nearest.hit or nearest.fwd):
        return None
    if nearest.hit or (nearest.fwd == "stale" and nearest.fwd_status == NOT_MODIFIED):
        return EdgeAnswer.HIT
    return EdgeAnswer.PASSED if nearest.fwd in _FORWARDED_PAST else EdgeAnswer.MISS


def _is_positive(text: str) -> bool:
    """Whether an Age is a number above zero; what is no number is ignored (RFC 9111 section 5.1)."""
    first = text.partition(",")[0].strip()
    return first.isascii() and first.isdigit() and first.strip("0") != ""
