"""SMTP TLS reporting: the TXT record of RFC 8460 section 3."""

import re
from dataclasses import dataclass
from typing import Final

from launchready.parse.rfc3986 import is_listed_uri

MAX_RECORD_CHARS: Final = 65_535
"""A TXT record's data is at most 65,535 octets (RFC 1035 section 3.2.1, RDLENGTH); nothing longer came from the DNS."""


class TlsRptError(ValueError):
    """The text is no TLS-RPT record: senders send no reports."""


@dataclass(frozen=True, slots=True)
class TlsRpt:
    """A record: where reports are wanted, `mailto:` or `https:` URIs as published, and what is ignored.

    Attributes:
        uris: The URIs of `rua` with a scheme that reports can take, in order; at least one.
        ignored: The URIs of `rua` with another scheme, in order.
        unknown: Names of fields that RFC 8460 does not know, in order.
    """

    uris: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]


# RFC 8460 section 3:
#
#   tlsrpt-record    = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim]
#   field-delim      = *WSP ";" *WSP
#   tlsrpt-field     = tlsrpt-rua / tlsrpt-extension              ; rua is required
#   tlsrpt-version   = %s"v=TLSRPTv1"
#   tlsrpt-rua       = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
#   tlsrpt-uri       = URI                                        ; RFC 3986, "," "!" and ";" encoded
#   tlsrpt-extension = tlsrpt-ext-name "=" tlsrpt-ext-value
#   tlsrpt-ext-name  = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
#   tlsrpt-ext-value = 1*(%x21-3A / %x3C / %x3E-7E)               ; no "=", ";", SP and controls
_VERSION: Final = re.compile(r"v=TLSRPTv1[ \t]*;")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_VALUE: Final = re.compile(r"[!-:<>-~]+")
_USABLE: Final = re.compile(r"mailto:[^@?#]+@[A-Za-z0-9._-]+(?:[?#].*)?|https://[^/?#].*", re.IGNORECASE)
_SCHEMES: Final = ("mailto:", "https:")
_WSP: Final = " \t"


def is_tls_rpt(text: str) -> bool:
    """Whether a TXT record at `_smtp._tls` counts at all: it begins with `v=TLSRPTv1;`.

    Where not exactly one of a name's records does, the domain takes no reports; that is for the caller to see.
    """
    return _VERSION.match(text) is not None


def parse_tls_rpt(text: str) -> TlsRpt:
    """Read the TXT record at `_smtp._tls`, its strings already joined.

    Raises:
        TlsRptError: outside the grammar, no `rua`, or none of its URIs is a `mailto:` or `https:` one. Several `rua`
            count together.
    """
    if len(text) > MAX_RECORD_CHARS:
        raise TlsRptError(f"longer than {MAX_RECORD_CHARS} characters")
    if not is_tls_rpt(text):
        raise TlsRptError("does not begin with v=TLSRPTv1;")
    pieces = [piece.strip(_WSP) for piece in text.split(";")[1:]]
    if pieces[-1] == "":
        pieces.pop()
    fields = [_field(piece) for piece in pieces]
    lists = [value for name, value in fields if name == "rua"]
    if not lists:
        raise TlsRptError("there is no rua, so nobody gets the reports")
    uris = tuple(uri.strip(_WSP) for value in lists for uri in value.split(","))
    return _record(uris, tuple(dict.fromkeys(name for name, _ in fields if name != "rua")))


def _field(piece: str) -> tuple[str, str]:
    name, equals, value = piece.partition("=")
    is_value = value[:1] not in _WSP if name == "rua" else _VALUE.fullmatch(value) is not None
    if not equals or not _NAME.fullmatch(name) or not is_value:
        raise TlsRptError("a field is no name, equals sign and value")
    return name, value


def _record(uris: tuple[str, ...], unknown: tuple[str, ...]) -> TlsRpt:
    for uri in uris:
        if not is_listed_uri(uri) or (uri.lower().startswith(_SCHEMES) and not _USABLE.fullmatch(uri)):
            raise TlsRptError(f"rua has what is no URI: {uri[:60]!a}")
    usable = tuple(uri for uri in uris if uri.lower().startswith(_SCHEMES))
    if not usable:
        raise TlsRptError("rua has no mailto: and no https: URI")
    return TlsRpt(usable, tuple(uri for uri in uris if not uri.lower().startswith(_SCHEMES)), unknown)
