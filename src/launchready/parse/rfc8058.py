"""Leaving a mailing list: List-Unsubscribe of RFC 2369, and the one click of RFC 8058."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.rfc5322_fields import Field

MAX_FIELD_CHARS: Final = 8_192
"""The longest List-Unsubscribe that is read; a URI with a token has some 300 characters."""


class ListHeaderError(ValueError):
    """A value is no List-Unsubscribe header field."""


class OneClickFault(Enum):
    """Why a message does not offer the one click of RFC 8058 section 3.1; the value is a clause for a person."""

    NO_LIST_UNSUBSCRIBE = "there is no List-Unsubscribe header"
    SEVERAL_LIST_UNSUBSCRIBE = "there is more than one List-Unsubscribe header"
    UNREADABLE = "the List-Unsubscribe header is no list of addresses in angle brackets"
    NO_POST = "there is no List-Unsubscribe-Post header"
    SEVERAL_POST = "there is more than one List-Unsubscribe-Post header"
    WRONG_POST = "the List-Unsubscribe-Post header is not List-Unsubscribe=One-Click"
    NO_HTTPS = "the List-Unsubscribe header has no https address"
    SEVERAL_HTTPS = "the List-Unsubscribe header has more than one https address"
    INSECURE_HTTP = "the List-Unsubscribe header has an http address without encryption"
    NOT_SIGNED = "no valid DKIM signature covers both headers"


@dataclass(frozen=True, slots=True)
class OneClick:
    """What a message offers: the https URI to post to, all URIs in order, and what is wrong (ideally nothing)."""

    uri: str | None
    uris: tuple[str, ...]
    faults: tuple[OneClickFault, ...]


# RFC 2369 section 2: angle-bracketed URLs with commas between, white space in them ignored, comments in parentheses
# allowed. RFC 8058 section 8.1: postarg = "List-Unsubscribe=One-Click"
_COMMENT: Final = re.compile(r"\([^()<>]*\)")
_ITEM: Final = re.compile(r"<([^<>]*)>")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+")
_POST: Final = "list-unsubscribe=one-click"
_HEADERS: Final = frozenset({"list-unsubscribe", "list-unsubscribe-post"})


def parse_list_unsubscribe(value: str) -> tuple[str, ...]:
    """Read a List-Unsubscribe header field (RFC 2369 section 2): its URIs, in order of preference.

    Raises:
        ListHeaderError: it does not begin with an angle bracket, something else stands outside of the brackets,
            something inside is no URI, or there are more than MAX_FIELD_CHARS characters.
    """
    if len(value) > MAX_FIELD_CHARS:
        raise ListHeaderError(f"longer than {MAX_FIELD_CHARS} characters")
    bare = _COMMENT.sub("", value)
    uris = tuple(_SPACE.sub("", uri) for uri in _ITEM.findall(bare))
    outline = _SPACE.sub("", _ITEM.sub("<>", bare))
    if not uris or outline.removesuffix(",") != ",".join(["<>"] * len(uris)):
        raise ListHeaderError("not a list of addresses in angle brackets with commas between")
    if not all(_URI.fullmatch(uri) for uri in uris):
        raise ListHeaderError("what stands in angle brackets is no URI")
    return uris


def read_one_click(fields: Sequence[Field], signed: Iterable[Collection[str]]) -> OneClick:
    """Judge whether a message offers one-click unsubscription as RFC 8058 section 3.1 demands.

    Args:
        fields: The message's header fields.
        signed: Of each DKIM signature that passed, the names of the header fields it covers, in any case.
    """
    listed = [field.value for field in fields if field.name.lower() == "list-unsubscribe"]
    posts = [field.value for field in fields if field.name.lower() == "list-unsubscribe-post"]
    faults: list[OneClickFault] = []
    uris: tuple[str, ...] = ()
    if len(listed) != 1:
        faults.append(OneClickFault.SEVERAL_LIST_UNSUBSCRIBE if listed else OneClickFault.NO_LIST_UNSUBSCRIBE)
    if listed:
        try:
            uris = parse_list_unsubscribe(listed[0])
            faults += _uri_faults(uris)
        except ListHeaderError:
            faults.append(OneClickFault.UNREADABLE)
    faults += _post_faults(posts)
    if not any({name.lower() for name in names} >= _HEADERS for names in signed):
        faults.append(OneClickFault.NOT_SIGNED)
    uri = next((one for one in uris if one.lower().startswith("https:")), None)
    return OneClick(uri, uris, tuple(faults))


def _uri_faults(uris: tuple[str, ...]) -> list[OneClickFault]:
    secure = sum(uri.lower().startswith("https:") for uri in uris)
    faults = [] if secure == 1 else [OneClickFault.SEVERAL_HTTPS if secure else OneClickFault.NO_HTTPS]
    if any(uri.lower().startswith("http:") for uri in uris):
        faults.append(OneClickFault.INSECURE_HTTP)
    return faults


def _post_faults(posts: list[str]) -> list[OneClickFault]:
    if len(posts) != 1:
        return [OneClickFault.SEVERAL_POST if posts else OneClickFault.NO_POST]
    return [] if posts[0].lower() == _POST else [OneClickFault.WRONG_POST]
