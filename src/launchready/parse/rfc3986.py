"""URIs as mail records list them: RFC 3986 section 3, without the characters that such lists have to encode."""

import ipaddress
import re
from typing import Final

# URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]; comma, semicolon and "!" are %2C, %3B and %21 in a list
# (RFC 9989 section 4.8, RFC 8460 section 3). Brackets stand around an IPv6 address alone.
_CHARS: Final = r"(?:[\w.~:/?@$&'()*+=-]|%[0-9A-Fa-f]{2})*"
_URI: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://\[(?P<ip6>[0-9A-Fa-f:.]{{2,45}})\](?=[:/?#]|\Z))?{_CHARS}(?:#{_CHARS})?", re.ASCII
)


def is_listed_uri(text: str) -> bool:
    """Whether a text is a URI that may stand in a list."""
    match = _URI.fullmatch(text)
    if match is None or match["ip6"] is None:
        return match is not None
    try:
        ipaddress.IPv6Address(match["ip6"])
    except ipaddress.AddressValueError:
        return False
    return True
