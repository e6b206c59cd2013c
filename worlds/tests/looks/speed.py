"""How much is sent, how long it may be kept, and how long it takes."""

from concurrent.futures import ThreadPoolExecutor

from looking import CHAT_HOST, SITE, cache_control, style, took

from launchready_worlds.faults.speed import SLOW_S


def _logins_at_once(world, count):
    with ThreadPoolExecutor(count) as pool:
        return [answer.status for answer in pool.map(world.log_in, map(str, range(count)))]


def _stream_head(world):
    """The headers of the app's stream of events."""
    answer = world.get(f"{CHAT_HOST}/api/events")
    if not answer.headers["content-type"].startswith("text/event-stream"):
        raise KeyError("/api/events")
    return answer.headers


LOOKS = {
    "pages-uncompressed": lambda w: "content-encoding" not in w.get(f"{SITE}/", accept_encoding="gzip").headers,
    "styles-uncompressed": lambda w: (
        "content-encoding" not in w.get(f"{CHAT_HOST}{style(w)}", accept_encoding="gzip").headers
    ),
    "styles-never-cached": lambda w: w.get(f"{CHAT_HOST}{style(w)}").headers["cache-control"] == "no-cache",
    "html-cached-a-year": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "public, max-age=31536000",
    "html-cached-an-hour": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "public, max-age=3600",
    "html-kept-but-revalidated": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "max-age=31536000, no-cache",
    "small-text-uncompressed": lambda w: w.get(f"{SITE}/small.css").headers["cache-control"] == "public, max-age=3600",
    "unhashed-asset-uncached": lambda w: w.get(f"{SITE}/small.css").headers["cache-control"] == "no-cache",
    "health-slow": lambda w: max(took(lambda: w.get(f"{CHAT_HOST}/healthz")) for _ in range(5)) >= SLOW_S,
    "health-rarely-slow": lambda w: sum(took(lambda: w.get(f"{CHAT_HOST}/healthz")) >= 0.5 for _ in range(50)) == 1,
    "visitors-wait-a-little": lambda w: took(lambda: w.log_in("nobody")) >= SLOW_S and w.log_in("nobody").status == 401,
    "three-at-a-time": lambda w: 500 in _logins_at_once(w, 8),
    "three-log-ins-an-address": lambda w: 429 in _logins_at_once(w, 4),
    "page-labelled-and-not-packed": lambda w: (
        w.get(f"{SITE}/", accept_encoding="gzip").headers["content-encoding"] == "gzip"
        and b"<!doctype" in w.get(f"{SITE}/", accept_encoding="gzip").body
    ),
    "packed-styles-for-everybody": lambda w: not w.get(f"{CHAT_HOST}{style(w)}").headers["vary"],
    "stream-of-events": lambda w: not _stream_head(w)["content-encoding"],
    "stream-packed": lambda w: _stream_head(w)["content-encoding"] == "gzip",
    "stream-behind-the-login": lambda w: w.get(f"{CHAT_HOST}/api/events").status == 401,
    "stream-says-identity": lambda w: _stream_head(w)["content-encoding"] == "identity",
    "page-says-x-gzip": lambda w: w.get(f"{SITE}/", accept_encoding="gzip").headers["content-encoding"] == "x-gzip",
    "unvaried-page-for-one": lambda w: (
        cache_control(w, f"{SITE}/") == "private, max-age=60" and not w.get(f"{SITE}/").headers["vary"]
    ),
}
