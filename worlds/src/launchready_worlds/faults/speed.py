"""Pages and endpoints that keep visitors waiting."""

import gzip

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HEALTH, HOST_APEX, HOST_APP, JOURNEY, PAGE
from launchready_worlds.wrapping import (
    HeaderEdit,
    answer,
    at,
    crowded,
    html,
    response_headers,
    slow,
    under,
    without_request_headers,
)

STREAM_PATH = "/api/events"
STREAM = f"endpoint:https://{APP}{STREAM_PATH}"
SMALL_PATH = "/small.css"
SMALL_STYLE = "h1 { letter-spacing: 0 }\n"
SLOW_S = 0.15
TIGHT_BUDGET_MS = 100
YEAR = "public, max-age=31536000"
HOUR = "public, max-age=3600"
"""The longest that a front page may be kept without asking."""


def _cache(value: str) -> HeaderEdit:
    def edit(headers: MutableHeaders) -> None:
        headers["cache-control"] = value

    return edit


def _link_small_style(scene: Scene, cache: str) -> None:
    """Give the landing page a style sheet of a few bytes, under a name that never changes."""

    def style() -> Response:
        return Response(SMALL_STYLE, media_type="text/css", headers={"cache-control": cache})

    link = f'<link rel="stylesheet" href="{SMALL_PATH}"></head>'
    scene.wrap(APEX, html(lambda page: page.replace("</head>", link)))
    scene.wrap(APEX, answer(style, at(SMALL_PATH)))


@fault(
    {"text-uncompressed": (HOST_APEX,)},
)
def pages_uncompressed(scene: Scene) -> None:
    """The landing page is sent uncompressed, which costs seconds on a phone."""
    scene.wrap(APEX, without_request_headers({"accept-encoding"}))


@fault(
    {"text-uncompressed": (HOST_APP,)},
)
def styles_uncompressed(scene: Scene) -> None:
    """The app's pages are compressed, its styles and scripts are not."""
    scene.wrap(APP, without_request_headers({"accept-encoding"}, under("/static/")))


@fault(
    {"hashed-asset-uncached": (HOST_APP,)},
    implies={"edge-cache-cold": (HOST_APP,)},
)
def styles_never_cached(scene: Scene) -> None:
    """Browsers fetch the app's styles again on every page."""
    scene.wrap(APP, response_headers(_cache("no-cache"), under("/static/")))


@fault(
    {"html-cached-too-long": (HOST_APEX,)},
)
def html_cached_a_year(scene: Scene) -> None:
    """Browsers keep the landing page for a year, so a corrected price never reaches those who came before."""
    scene.wrap(APEX, response_headers(_cache(YEAR), media_type="text/html"))


@fault(
    {"core-endpoint-slow": (HEALTH,)},
)
def health_slow(scene: Scene) -> None:
    """One answer in five takes longer than was promised."""
    scene.declaration["endpoints"][0]["p95_ms"] = TIGHT_BUDGET_MS
    scene.wrap(APP, slow(SLOW_S, at("/healthz"), every=5))


@fault(
    {"visitors-together-fail": (JOURNEY,)},
)
def three_at_a_time(scene: Scene) -> None:
    """The app serves three customers at a time and turns the fourth away."""

    def refusal() -> Response:
        return PlainTextResponse("QueuePool limit of size 3 reached", 500)

    occupied = crowded(3, refusal, at("/signup", "/verify", "/login", "/api/chat", methods=("POST",)))
    scene.wrap(APP, slow(SLOW_S, at("/signup", "/login", methods=("POST",))))
    scene.wrap(APP, occupied)


@blind(
    {"visitors-together-fail": (JOURNEY,)},
)
def three_log_ins_an_address(scene: Scene) -> None:
    """The app lets three visitors of one address log in at a time and asks the others to wait, as it should."""

    def refusal() -> Response:
        return PlainTextResponse("Too many requests", 429, {"Retry-After": "1"})

    scene.wrap(APP, slow(SLOW_S, at("/login", methods=("POST",))))
    scene.wrap(APP, crowded(3, refusal, at("/login", methods=("POST",))))


def _encoding(value: str) -> HeaderEdit:
    def edit(headers: MutableHeaders) -> None:
        headers["content-encoding"] = value

    return edit


@fault(
    {"compression-broken": (HOST_APEX,)},
    implies={"core-endpoint-slow": (PAGE,)},
)
def page_labelled_and_not_packed(scene: Scene) -> None:
    """A proxy unpacks the landing page and forgets to say so: browsers can't read it."""
    scene.wrap(APEX, without_request_headers({"accept-encoding"}, at("/")))
    scene.wrap(APEX, response_headers(_encoding("gzip"), at("/")))


@fault(
    {"compression-unvaried": (HOST_APP,)},
)
def packed_styles_for_everybody(scene: Scene) -> None:
    """The app's styles may be kept by every cache, and nothing says that there is an unpacked form."""

    def edit(headers: MutableHeaders) -> None:
        del headers["vary"]

    scene.wrap(APP, response_headers(edit, under("/static/")))


def _stream(scene: Scene, *, packed: bool = False, status: int = 200, encoding: str = "") -> None:
    """Declare a stream of events at the app, and serve it."""
    events = b"".join(b"data: word %d\n\n" % number for number in range(20))

    def stream() -> Response:
        headers = {"cache-control": "no-cache"} | ({"content-encoding": encoding} if encoding else {})
        body = gzip.compress(events) if packed else events
        return Response(body, status, headers, media_type="text/event-stream")

    scene.declaration["endpoints"].append({"url": STREAM.partition(":")[2], "kind": "stream"})
    scene.wrap(APP, answer(stream, at(STREAM_PATH)))


@good(
    {"stream-compressed": (STREAM,)},
    outcome=Outcome.PASS,
)
def stream_of_events(scene: Scene) -> None:
    """The app has a stream of events, sent word by word."""
    _stream(scene)


@fault(
    {"stream-compressed": (STREAM,)},
)
def stream_packed(scene: Scene) -> None:
    """The app's stream of events is compressed, so its words arrive together."""
    _stream(scene, packed=True, encoding="gzip")


@blind(
    {"stream-compressed": (STREAM,)},
)
def stream_behind_the_login(scene: Scene) -> None:
    """The app's stream is for customers who are logged in."""
    _stream(scene, status=401)


@decoy(
    {"stream-compressed": (STREAM,)},
)
def stream_says_identity(scene: Scene) -> None:
    """The app's stream says that it is not compressed, in the word that HTTP has for that."""
    _stream(scene, encoding="identity")


@decoy(
    {"compression-broken": (HOST_APEX,)},
)
def page_says_x_gzip(scene: Scene) -> None:
    """The landing page is compressed under gzip's older name, which every browser reads."""
    scene.wrap(APEX, response_headers(_encoding("x-gzip"), at("/")))


@decoy(
    {"compression-unvaried": (HOST_APEX,)},
)
def unvaried_page_for_one(scene: Scene) -> None:
    """The landing page is compressed and says nothing of another form, and only the visitor's browser may keep it."""

    def edit(headers: MutableHeaders) -> None:
        headers["cache-control"] = "private, max-age=60"
        del headers["vary"]

    scene.wrap(APEX, response_headers(edit, media_type="text/html"))


@decoy(
    {"text-uncompressed": (HOST_APEX,)},
)
def small_text_uncompressed(scene: Scene) -> None:
    """A style sheet too small to be worth it is sent uncompressed."""
    _link_small_style(scene, HOUR)


@decoy(
    {"hashed-asset-uncached": (HOST_APEX,), "edge-cache-cold": (HOST_APEX,)},
)
def unhashed_asset_uncached(scene: Scene) -> None:
    """A style sheet whose name never changes is asked for each time, as it must be."""
    _link_small_style(scene, "no-cache")


@decoy(
    {"html-cached-too-long": (HOST_APEX,)},
)
def html_cached_an_hour(scene: Scene) -> None:
    """Browsers keep the landing page for an hour."""
    scene.wrap(APEX, response_headers(_cache(HOUR), media_type="text/html"))


@decoy(
    {"html-cached-too-long": (HOST_APEX,)},
)
def html_kept_but_revalidated(scene: Scene) -> None:
    """Browsers keep the landing page for a year and ask each time whether it changed."""
    scene.wrap(APEX, response_headers(_cache("max-age=31536000, no-cache"), media_type="text/html"))


@decoy(
    {"core-endpoint-slow": (HEALTH,)},
)
def health_rarely_slow(scene: Scene) -> None:
    """Two answers in a hundred take longer than promised: 95 of 100 are in time."""
    scene.wrap(APP, slow(0.6, at("/healthz"), every=50))


@decoy(
    {"visitors-together-fail": (JOURNEY,)},
)
def visitors_wait_a_little(scene: Scene) -> None:
    """Ten visitors at once make the app slower, and all of them are served."""
    scene.wrap(APP, slow(SLOW_S, at("/api/chat", "/login", methods=("POST",))))
