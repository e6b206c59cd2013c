"""Pieces of HTTP field grammar that several field definitions share: RFC 9110 section 5.6."""

import re
from typing import Final

# RFC 9110 sections 5.6.2 to 5.6.4:
#
#   token         = 1*tchar
#   tchar         = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~"
#                 / DIGIT / ALPHA
#   OWS           = *( SP / HTAB )
#   quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
#   qdtext        = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
#   quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
#   obs-text      = %x80-FF
TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar's token
QUOTED_STRING: Final = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
OWS: Final = " \t"

_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_PIECE: Final = re.compile(r'[^",;\\]+|"(?:[^"\\]|\\.)*"|".*|[,;\\]', re.DOTALL)


def unquote(text: str) -> str:
    """The meaning of a token or quoted-string: the quotes and escapes taken away (RFC 9110 section 5.6.4)."""
    return _QUOTED_PAIR.sub(r"\1", text[1:-1]) if text.startswith('"') else text


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Cut at a comma or semicolon that is not inside a quoted-string, and strip the whitespace around each piece.

    A quote that is never closed runs to the end. Time is linear in the length.
    """
    pieces = [""]
    parts: list[str] = []
    for match in _PIECE.finditer(text):
        if match[0] == separator:
            pieces[-1] = "".join(parts).strip(OWS)
            pieces.append("")
            parts = []
        else:
            parts.append(match[0])
    pieces[-1] = "".join(parts).strip(OWS)
    return pieces
