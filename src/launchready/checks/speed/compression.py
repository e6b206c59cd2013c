"""Whether text travels small."""

from typing import Final

from launchready.facts.web import FrontPage, PageAssets, Transfer
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host

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
    offenders = tuple(f"{t.url}: {t.size_bytes} bytes of {_kind(t)}, sent as {t.wire_bytes}" for t in wrong)
    return Fail(offenders, Fix(f"Compress text on {host.name}", paste))


def _kind(transfer: Transfer) -> str:
    return transfer.content_type.partition(";")[0].strip().lower()


def _is_text(transfer: Transfer) -> bool:
    return _kind(transfer) in TEXT_TYPES
