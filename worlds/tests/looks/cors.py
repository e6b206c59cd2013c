"""Which pages may read an answer, by what the answer says."""

from looking import CHAT_HOST, OLD_SITE, SITE, challenged

from launchready_worlds.addresses import DOMAIN


def _lets_read(world, url, origin, **headers):
    """Whether the answer to a page's request names its origin."""
    return world.get(url, origin=origin, **headers).headers.get("access-control-allow-origin") == origin


def _cors(world, origin, path="", start=f"{CHAT_HOST}/api/chat"):
    """The headers of an answer to a page's request."""
    return world.get(f"{start}{path or ('/' if start in {SITE, CHAT_HOST} else '')}", origin=origin).headers


LOOKS = {
    "landing-calls-the-chat": lambda w: _lets_read(w, f"{CHAT_HOST}/api/chat", SITE) and "vary" in _cors(w, SITE),
    "cors-star-with-credentials": lambda w: _lets_read(w, f"{CHAT_HOST}/", "https://stranger.example", cookie="a=1"),
    "cors-pattern-without-a-dot": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"https://stranger{DOMAIN}"),
    "cors-null-listed": lambda w: _lets_read(w, f"{CHAT_HOST}/", "null"),
    "cors-star": lambda w: w.get(f"{CHAT_HOST}/api/x", origin=SITE).headers["access-control-allow-origin"] == "*",
    "cors-any-subdomain": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"https://old.{DOMAIN}"),
    "cors-names-another-host": lambda w: _lets_read(w, f"{CHAT_HOST}/", OLD_SITE),
    "cors-origin-with-a-slash": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"{SITE}/"),
    "cors-only-on-success": lambda w: (
        _lets_read(w, f"{CHAT_HOST}/api/chat", SITE) and "access-control-allow-origin" not in _cors(w, SITE, "/gone")
    ),
    "cors-answer-kept-for-others": lambda w: (
        _lets_read(w, f"{SITE}/", "null") and "origin" not in _cors(w, "null", "", SITE)["vary"].lower()
    ),
    "cors-answer-kept-for-each": lambda w: (
        _lets_read(w, f"{SITE}/", "null") and "origin" in _cors(w, "null", "", SITE)["vary"].lower()
    ),
    "cors-star-that-browsers-refuse": lambda w: _cors(w, "null", "", SITE)["access-control-allow-origin"] == "*",
    "cors-star-on-the-front-page": lambda w: _cors(w, "null", "", CHAT_HOST)["access-control-allow-origin"] == "*",
    "cors-errors-for-everybody": lambda w: _cors(w, SITE, "/gone")["access-control-allow-origin"] == "*",
    "api-challenged": lambda w: challenged(w, f"{CHAT_HOST}/api/chat") and w.get(f"{CHAT_HOST}/").status == 200,
}
