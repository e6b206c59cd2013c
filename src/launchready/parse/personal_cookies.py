"""Tells cookies that may be somebody's own from those of the network. They follow no specification."""

import re
from typing import Final

from launchready.parse.cookie_purpose import CookiePurpose, purpose_of
from launchready.parse.rfc6265 import SetCookieError, parse_set_cookie

MIN_KEY_CHARS: Final = 16
"""A value that is shorter is no session's key, which should hold 64 bits, 16 hexadecimal digits
(https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html)."""

NOBODYS: Final = frozenset({CookiePurpose.EDGE, CookiePurpose.MEASURING})

NETWORK_COOKIES: Final = re.compile(
    r"__vercel|aws(?:alb|elb)|arraffinity|bigip|incap_|visid_incap|nlbi_|ak_bmsc|bm_|datadome|_px|ts01|"
    r"serverid|routeid|ingresscookie|route$|lb(?:_|id)?$|sticky|backend$|node(?:id)?$|server$|x-?mapping",
    re.IGNORECASE,
)
"""More names of cookies that networks and load balancers set: they log nobody in, and are added after a cache, or say
which server answered, so that strangers may well have one in common."""


def personal_cookie(line: str) -> tuple[str, str] | None:
    """Name and value of a Set-Cookie line that may be somebody's own; None for any other, and for one that is removed.

    The value is a secret: whoever calls this keeps a digest at most.
    """
    try:
        cookie = parse_set_cookie(line)
    except SetCookieError:
        return None
    value = line.partition(";")[0].partition("=")[2].strip()
    is_nobodys = NETWORK_COOKIES.match(cookie.name) or purpose_of(cookie.name) in NOBODYS
    is_own = cookie.max_age_s != 0 and not is_nobodys
    return (cookie.name, value) if is_own and len(value) >= MIN_KEY_CHARS else None
