"""Whether text travels small."""

from typing import Final

from launchready.facts.compression import PackedPage, StreamHead
from launchready.facts.web import FrontPage, PageAssets, Transfer
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_STREAM
from launchready.model.subject import Endpoint, Host
from launchready.parse.rfc9111 import parse_cache_control

SMALL_BYTES: Final = 1024
"""Below this size compression saves less than one network packet (1,500 bytes), so nobody gains."""

TEXT_TYPES: Final = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/json",
    "image/svg+xml",
)
"""What compresses well; images, fonts and films are compressed already."""


@check(
    "text-uncompressed",
    impact=Impact.MAJOR,
    customer_sees="On a phone, the page stays white for seconds.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9110#section-8.4",
        "https://developer.chrome.com/docs/lighthouse/performance/uses-text-compression",
    ),
)
def text_uncompressed(host: Host, page: FrontPage, assets: PageAssets) -> Judgement:
    """Pages, styles and scripts are compressed on the way.

    ## Why it matters at launch
    Text shrinks to a third or less. Uncompressed, the first visit on a mobile network takes seconds longer, and each
    second costs visitors that you paid for.

    ## How to fix
    Switch on Brotli or gzip for HTML, CSS, JavaScript and JSON, at the edge or the server; never for event streams.
    """
    if page.redirects_to:
        return NotApplicable(f"{host.name} shows no page of its own")
    big = [t for t in (page.transfer, *assets.transfers) if _is_text(t) and t.size_bytes > SMALL_BYTES]
    wrong = [t for t in big if not t.content_encoding or t.wire_bytes >= t.size_bytes]
    if not wrong:
        return Pass()
    paste = (
        f"nginx:   gzip on; gzip_vary on; gzip_min_length {SMALL_BYTES}; "
        "gzip_types text/css text/javascript application/javascript application/json image/svg+xml;"
    )
    offenders = tuple(f"{t.url}: {t.size_bytes} bytes of {t.media_type}, sent as {t.wire_bytes}" for t in wrong)
    return Fail(offenders, Fix(f"Compress text on {host.name}", paste))


def _is_text(transfer: Transfer) -> bool:
    return transfer.media_type in TEXT_TYPES


@check(
    "compression-broken",
    impact=Impact.MAJOR,
    customer_sees="The browser's error page, or a page full of strange characters.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9110#section-8.4",
        "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3",
    ),
)
def compression_broken(page: PackedPage) -> Judgement:
    """What says that it is compressed can be unpacked.

    ## Why it matters at launch
    A page that is labelled as compressed and is not, or is compressed twice, or ends early, can be read by nobody.
    Tests that ask without compression never see it.

    ## How to fix
    Compress in one place only: at the edge, the proxy or the application, and let the others pass it on untouched.
    """
    if not page.packed.coding:
        return NotApplicable("its front page is not compressed")
    if page.packed.is_readable:
        return Pass()
    what = f"{page.url} says Content-Encoding: {page.packed.coding}, and can't be unpacked by a browser"
    paste = 'nginx:   proxy_set_header Accept-Encoding "";   (the proxy alone compresses)'
    return Fail((what,), Fix("Compress in one place only", paste))


@check(
    "compression-unvaried",
    impact=Impact.MINOR,
    customer_sees="Behind an old proxy, a page of strange characters.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
        "https://www.rfc-editor.org/rfc/rfc9111#section-4.1",
    ),
)
def compression_unvaried(host: Host, page: FrontPage, assets: PageAssets) -> Judgement:
    """What caches may keep in compressed form says that there is another form.

    ## Why it matters at launch
    A cache that is not told gives the compressed form to programs that can't read it: link previews, monitors, feeds.

    ## How to fix
    Send the header below with everything that is compressed for those who ask for it.
    """
    if page.redirects_to:
        return NotApplicable(f"{host.name} shows no page of its own")
    packed = [t for t in (page.transfer, *assets.transfers) if t.content_encoding and _is_kept_by_all(t)]
    if not packed:
        return NotApplicable("nothing on its front page is compressed and may be kept by a shared cache")
    wrong = tuple(t.url for t in packed if not {"*", "accept-encoding"} & {v.strip() for v in t.vary.split(",")})
    if not wrong:
        return Pass()
    return Fail(wrong, Fix("Say that the answer varies", "Vary: Accept-Encoding   (nginx: gzip_vary on;)"))


def _is_kept_by_all(transfer: Transfer) -> bool:
    """Whether a shared cache is told that it may answer with it."""
    return parse_cache_control(transfer.cache_control).shared_for_s > 0


@check(
    "stream-compressed",
    impact=Impact.MAJOR,
    customer_sees="Nothing happens for a long time; then the whole answer appears at once.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://html.spec.whatwg.org/multipage/server-sent-events.html",
        "https://www.rfc-editor.org/rfc/rfc9110#section-8.4",
    ),
    when=(HAS_STREAM,),
)
def stream_compressed(endpoint: Endpoint, head: StreamHead) -> Judgement:
    """A stream of events is not compressed.

    ## Why it matters at launch
    Compression waits until it has enough to pack, so words that should appear one by one arrive together at the end.
    The chat seems dead, and people leave or ask again.

    ## How to fix
    Leave this endpoint out of compression, at the edge, the proxy and the application, and tell proxies not to wait.
    """
    if not head.coding:
        return Pass()
    what = f"{endpoint.url} sends {head.content_type or 'its stream'} with Content-Encoding: {head.coding}"
    paste = "Cache-Control: no-cache, no-transform\nX-Accel-Buffering: no"
    return Fail((what,), Fix("Send the stream as it is, with these headers", paste))
