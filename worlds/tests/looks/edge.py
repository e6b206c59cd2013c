"""Answers at the edge and around it."""

from looking import CHAT_HOST, challenged, quiet_port

from launchready_worlds.addresses import APP, ORIGIN


def _around(world, url):
    """An answer of the app's own server, around its edge; it takes no connection in the good world."""
    try:
        return world.get(url, ip=ORIGIN)
    except ConnectionError:
        raise KeyError(ORIGIN) from None


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
