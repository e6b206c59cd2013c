"""Cookies as the pages and the log-in set them."""

from looking import CHAT_HOST, challenged, login_cookies

from launchready_worlds.addresses import APP, BOOKING, DOMAIN


def _cookies(world, origin):
    """All Set-Cookie lines of a front page."""
    return "\n".join(world.get(f"{origin}/").headers.get_all("set-cookie", []))


LOOKS = {
    "session-cookie-sound": lambda w: (
        "__Host-session" in _cookies(w, CHAT_HOST) and "Domain" not in _cookies(w, CHAT_HOST)
    ),
    "session-cookie-readable": lambda w: "connect.sid" in _cookies(w, CHAT_HOST),
    "session-cookie-breaks-its-prefix": lambda w: f"Domain={APP}; Path=/" in _cookies(w, CHAT_HOST),
    "session-cookie-for-the-old-domain": lambda w: "brightpath-beta.example" in _cookies(w, CHAT_HOST),
    "session-on-another-site": lambda w: "SameSite=Lax" in _cookies(w, f"https://{BOOKING}"),
    "session-partitioned": lambda w: "Partitioned" in _cookies(w, f"https://{BOOKING}"),
    "second-site-challenged": lambda w: challenged(w, f"https://{BOOKING}/"),
    "session-on-the-same-site": lambda w: (
        "allowed_origins" in w.declared()["hosts"][2] and "session=" in _cookies(w, CHAT_HOST)
    ),
    "login-cookie-for-all-hosts": lambda w: f"Domain={DOMAIN}" in login_cookies(w, "dom"),
    "login-cookie-over-http": lambda w: "Secure" not in login_cookies(w, "plain"),
    "login-sets-more-than-a-session": lambda w: "csrftoken" in login_cookies(w, "more"),
    "cookies-that-measure": lambda w: "_ga=" in _cookies(w, CHAT_HOST),
}
