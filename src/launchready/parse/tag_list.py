"""The tag=value list of RFC 6376 section 3.2, which DKIM key records and DMARC policy records share."""

import re
from dataclasses import dataclass
from typing import Final

# RFC 6376 section 3.2, with FWS of section 2.8:
#
#   tag-list  = tag-spec *( ";" tag-spec ) [ ";" ]
#   tag-spec  = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
#   tag-name  = ALPHA *ALNUMPUNC
#   tag-value = [ tval *( 1*(WSP / FWS) tval ) ]   ; no WSP or FWS at either end
#   tval      = 1*VALCHAR
#   VALCHAR   = %x21-3A / %x3C-7E                  ; "!" to "~" except ";"
#   ALNUMPUNC = ALPHA / DIGIT / "_"
#   FWS       = [*WSP CRLF] 1*WSP
_TAG_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_TAG_VALUE: Final = re.compile(r"[!-:<-~]+(?:(?:[ \t]|\r\n[ \t])+[!-:<-~]+)*")
_FWS: Final = re.compile(r"(?:[ \t]|\r\n[ \t])*")
_FOLD_CHARS: Final = " \t\r\n"

MAX_TAG_LIST_CHARS: Final = 65_535
"""A TXT record's data is at most 65,535 octets (RFC 1035 section 3.2.1, RDLENGTH); nothing longer came from the DNS."""


class TagListError(ValueError):
    """The text is no tag-list of RFC 6376 section 3.2."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: a name as written, and its value without the whitespace around it (whitespace inside is kept)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TagList:
    """A valid tag-list, in the order it was written. Names are case-sensitive and differ from each other."""

    tags: tuple[Tag, ...]

    def value(self, name: str) -> str | None:
        """The value of the named tag; None where the tag is absent (RFC 6376: that is not the same as empty)."""
        return next((tag.value for tag in self.tags if tag.name == name), None)


def split_tag_specs(text: str) -> tuple[str, ...]:
    """Cut at the semicolons; a last empty piece, after a closing semicolon, is dropped.

    Whitespace after the closing semicolon is accepted: the grammar of RFC 6376 has no place for it, that of
    RFC 9989 section 4.8 has, and receivers of both kinds of record ignore it.
    """
    pieces = text.split(";")
    if len(pieces) > 1 and _is_fws(pieces[-1]):
        pieces.pop()
    return tuple(pieces)


def parse_tag_spec(text: str) -> Tag:
    """Read one tag-spec.

    Raises:
        TagListError: no equals sign, or a name or value outside the grammar.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise TagListError("a tag has no equals sign")
    name, value = _strip_fws(name), _strip_fws(value)
    if not _TAG_NAME.fullmatch(name):
        raise TagListError("a tag's name is not a letter followed by letters, digits and underscores")
    if value and not _TAG_VALUE.fullmatch(value):
        raise TagListError(f"the value of tag {name} has a character that is not printable ASCII")
    return Tag(name, value)


def parse_tag_list(text: str) -> TagList:
    """Read a whole tag-list (RFC 6376 section 3.2).

    Raises:
        TagListError: a tag outside the grammar, a name that occurs twice (which makes the entire list invalid),
            an empty list, or more than MAX_TAG_LIST_CHARS characters.
    """
    if len(text) > MAX_TAG_LIST_CHARS:
        raise TagListError(f"longer than {MAX_TAG_LIST_CHARS} characters")
    tags = tuple(parse_tag_spec(piece) for piece in split_tag_specs(text))
    names = {tag.name for tag in tags}
    if len(names) != len(tags):
        raise TagListError("a tag occurs more than once")
    return TagList(tags)


def _is_fws(text: str) -> bool:
    return _FWS.fullmatch(text) is not None


def _strip_fws(text: str) -> str:
    """Remove folding whitespace at both ends; a CR or LF that folds nothing stays, and the grammar refuses it."""
    kept = text.lstrip(_FOLD_CHARS)
    if not _is_fws(text[: len(text) - len(kept)]):
        return text
    bare = kept.rstrip(_FOLD_CHARS)
    return bare if _is_fws(kept[len(bare) :]) else kept
