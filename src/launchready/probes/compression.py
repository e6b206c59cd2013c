"""Take pages as they come, packed, and look whether a browser could unpack them."""

from functools import partial
from typing import Final

from launchready.facts.compression import Packed, PackedPage, StreamHead
from launchready.facts.redirects import WalkEnd, origin_of
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, Host
from launchready.net.http_client import HttpClient
from launchready.net.http_message import ACCEPT_ENCODING, HttpResponse
from launchready.parse.content_coding import Packing, unpacked
from launchready.parse.rfc9110 import CLIENT_ERROR, SERVER_ERROR
from launchready.probes.visits import FirstVisits
from launchready.probes.walking import Walker

AS_A_BROWSER: Final = (("Accept-Encoding", ACCEPT_ENCODING),)


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def packed_page(host: Host, visits: FirstVisits, http: HttpClient) -> PackedPage:
    """Fetch the front page without unpacking it; where we can't unpack it by hand, the client's word counts.

    No other look can stand in: the client hands out unpacked bytes, and overlooks a body that ends early.
    """
    origin = f"https://{host.name}"
    raw = partial(http.fetch, headers=AS_A_BROWSER, accept_encoding=None)
    walker = Walker(raw, lambda url: origin_of(url) == origin)
    walk = await walker.walk(f"{origin}/")
    if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        raise NotSeen(Why.UNREADABLE, f"{origin}/ leads round in a circle, so there is no page.")
    answer = list(walker.answers.values())[-1]
    if answer.truncated:
        raise NotSeen(Why.TOO_LARGE, f"{answer.url} is larger than {len(answer.body) // 1024} KiB.")
    coding = coding_of(answer)
    packing = unpacked(answer.body, coding)
    readable = packing in {Packing.PLAIN, Packing.WHOLE}
    if packing is Packing.UNREAD:
        readable = await _client_reads(f"{origin}/", visits)
    return PackedPage(answer.url, Packed(answer.status, coding, readable))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def stream_head(endpoint: Endpoint, http: HttpClient) -> StreamHead:
    """Ask for a stream as a browser does, and leave after its headers."""
    answer = await http.fetch(endpoint.url, headers=(("Accept", "text/event-stream"),), headers_only=True)
    if answer.status >= CLIENT_ERROR or answer.values("location"):
        end = "an error of the server" if answer.status >= SERVER_ERROR else "no stream that we may open"
        raise NotSeen(Why.UNREADABLE, f"{endpoint.url} answered {answer.status}, {end}.")
    kind = ", ".join(answer.values("content-type")).partition(";")[0].strip().lower()
    return StreamHead(answer.status, kind, coding_of(answer))


def coding_of(answer: HttpResponse) -> str:
    """Its Content-Encoding in lower case, and nothing for `identity`, which is none (RFC 9110 section 12.5.3)."""
    names = ", ".join(answer.values("content-encoding")).lower().split(",")
    return ", ".join(name.strip() for name in names if name.strip() not in {"", "identity"})


async def _client_reads(url: str, visits: FirstVisits) -> bool:
    """Whether libcurl, as browsers' own code, unpacks it.

    Raises:
        NotSeen: whatever the client raises but UNREADABLE, which is its word for a body that it can't unpack.
    """
    try:
        await visits.to(url)
    except NotSeen as unseen:
        if unseen.why is Why.UNREADABLE:
            return False
        raise
    return True
