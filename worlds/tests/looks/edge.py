"""Answers at the edge and around it."""

from urllib.parse import urlsplit

from looking import CHAT_HOST, challenged, quiet_port, slammed_port

from launchready_worlds.addresses import APP, ORIGIN


def _around(world, url):
    """An answer of the app's own server, around its edge; it takes no connection in the good world."""
    if _slams(world, 443 if urlsplit(url).scheme == "https" else 80):
        raise KeyError(ORIGIN)
    return world.get(url, ip=ORIGIN)


def _slams(world, port):
    """Whether the app's own server resets connections; asked ahead of TLS, which leaks a socket that is reset early."""
    try:
        return slammed_port(world, ORIGIN, port)
    except TimeoutError:
        return False


def _quiet_origin(world, port):
    try:
        return quiet_port(world, ORIGIN, port)
    except ConnectionError:
        return False


LOOKS = {
    "origin-open-to-all": lambda w: _around(w, f"{CHAT_HOST}/").body == w.get(f"{CHAT_HOST}/").body,
    "origin-open-in-plain-http": lambda w: "Bright Path" in _around(w, f"http://{APP}/").text,
    "origin-turns-strangers-away": lambda w: _around(w, f"{CHAT_HOST}/").status == 403,
    "origin-says-nothing": lambda w: _quiet_origin(w, 443) and _quiet_origin(w, 80),
    "origin-address-is-somebody-elses": lambda w: "ladders" in _around(w, f"{CHAT_HOST}/").text,
    "webhook-behind-a-challenge": lambda w: challenged(w, f"{CHAT_HOST}/hooks/payments"),
    "webhook-wants-a-signature": lambda w: "no_signature" in w.get(f"{CHAT_HOST}/hooks/payments").text,
    "only-pages-challenged": lambda w: (
        challenged(w, f"{CHAT_HOST}/signup") and w.get(f"{CHAT_HOST}/healthz").status == 200
    ),
}
