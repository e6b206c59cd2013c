"""What a browser makes of CORS headers: the algorithms of the Fetch standard (https://fetch.spec.whatwg.org/).

Header values come as sent, one a field; fields of one name are one list (section 2.2.2), so two answers are none.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
"""CORS-safelisted methods (section 2.2.1), which need no word of the server."""

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WHITESPACE: Final = " \t"


@dataclass(frozen=True, slots=True)
class CorsHeaders:
    """The CORS headers of one answer, each as the values of its fields in order."""

    allow_origin: tuple[str, ...]
    allow_credentials: tuple[str, ...]
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()


def may_read(origin: str, headers: CorsHeaders, *, with_credentials: bool) -> bool:
    """Whether a page may read an answer: the CORS check (section 4.9).

    Args:
        origin: the page's origin as browsers send it; "null" for sandboxed frames and local files.
        headers: of the answer.
        with_credentials: whether cookies went along.
    """
    if not headers.allow_origin:
        return False
    allowed = ", ".join(headers.allow_origin)
    if allowed == "*" and not with_credentials:
        return True
    if allowed != origin:
        return False
    return not with_credentials or ", ".join(headers.allow_credentials) == "true"


def may_send(
    origin: str,
    status: int,
    headers: CorsHeaders,
    *,
    method: str,
    names: Collection[str] = (),
    with_credentials: bool,
) -> bool:
    """Whether a page may send the request that a preflight asked about (section 4.8, from step 7 on).

    Args:
        origin: the page's origin.
        status: of the answer to the preflight.
        headers: of the answer to the preflight.
        method: of the request, in capitals.
        names: its header names in lower case that need the server's word, such as "content-type" for JSON.
        with_credentials: whether cookies would go along.
    """
    if not may_read(origin, headers, with_credentials=with_credentials) or not 200 <= status <= 299:
        return False
    methods, allowed = _list_of(headers.allow_methods), _list_of(headers.allow_headers)
    if methods is None or allowed is None:
        return False
    allowed = [name.lower() for name in allowed]
    any_method, any_name = "*" in methods and not with_credentials, "*" in allowed and not with_credentials
    if method not in methods and method not in SAFE_METHODS and not any_method:
        return False
    return all(name in allowed or (any_name and name != "authorization") for name in names)


def _list_of(values: tuple[str, ...]) -> list[str] | None:
    """The tokens of a list (RFC 9110 section 5.6.1); None where it is none, which browsers take as a failure."""
    tokens = [token.strip(_WHITESPACE) for value in values for token in value.split(",")]
    tokens = [token for token in tokens if token]
    return tokens if all(_TOKEN.fullmatch(token) for token in tokens) else None
