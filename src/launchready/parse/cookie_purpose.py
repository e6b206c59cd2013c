"""What a cookie is for, told by its name: frameworks, scripts that measure and edges name theirs in their manuals."""

import re
from enum import Enum
from typing import Final


class CookiePurpose(Enum):
    """What a cookie is for."""

    SESSION = "says who is logged in"
    FORM_KEY = "guards forms; logs nobody in, and scripts read some on purpose"
    EDGE = "of the edge, for the whole zone"
    MEASURING = "measures visitors, or spreads them over servers"
    UNKNOWN = "unknown"


_SESSION: Final = re.compile(
    r"(?:__host-|__secure-)?(?:"
    r"session(?:_?id)?|sid|connect\.sid|koa[.:]sess|phpsessid|jsessionid|asp\.net_sessionid"
    r"|\.aspnetcore\.(?:session|cookies|identity\.application)|\.aspxauth"
    r"|(?:(?:__secure-)?next-auth|authjs)\.session-token|better-auth\.session_token"
    r"|wordpress_(?:logged_in|sec)_[0-9a-f]+|_?[a-z][a-z0-9]*_session"
    r"|(?:access|refresh|id|auth|session)[_-]?token|jwt"
    r")",
    re.IGNORECASE,
)
"""What frameworks call the cookie that says who is logged in, as their manuals have it; Rails and Laravel put the
application's name before `_session`."""

_NO_SESSIONS: Final = frozenset({"ai_session", "analytics_session", "visitor_session", "utm_session", "hs_session"})
"""Cookies of measuring scripts, such as Azure's Application Insights, that end like a framework's."""

_FORM_KEY: Final = re.compile(r"csrf|xsrf", re.IGNORECASE)

_EDGE: Final = ("__cf", "_cf", "cf_")
"""How the names of Cloudflare's own cookies begin, which it sets for the whole zone: they log nobody in
(https://developers.cloudflare.com/fundamentals/reference/policies-compliances/cloudflare-cookies/)."""

_MEASURING: Final = ("_ga", "_gid", "_gcl", "_fbp", "_hj", "ajs_", "ph_", "mp_", "AWSALB", "ARRAffinity", "__utm")
"""How the names begin of cookies of Google, Meta, Hotjar, Segment, PostHog and Mixpanel, and of load balancers."""


def purpose_of(name: str) -> CookiePurpose:
    """What a cookie of this name is for; UNKNOWN where no manual that we know names it."""
    if _FORM_KEY.search(name):
        return CookiePurpose.FORM_KEY
    if name.startswith(_EDGE):
        return CookiePurpose.EDGE
    if name.startswith(_MEASURING) or name.lower() in _NO_SESSIONS:
        return CookiePurpose.MEASURING
    return CookiePurpose.SESSION if _SESSION.fullmatch(name) else CookiePurpose.UNKNOWN
