import asyncio
import contextlib
import gzip
import socket
import struct
import time
import zlib

import pytest

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import read_url
from launchready.net.http_transfer import MAX_HEADER_BYTES, USER_AGENT

ADDRESS = "203.0.113.1"
HOST = "shop.example"
SITE = f"http://{HOST}/"


def response(body=b"", *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Site:
    """Answers each request on a connection with what `answer(request)` gives, and remembers the requests."""

    def __init__(self, answer):
        self.answer = answer if callable(answer) else lambda _request: answer
        self.requests = []
        self.connections = 0

    async def __call__(self, reader, writer):
        self.connections += 1
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            sizes = [line for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            if sizes:
                request += await reader.readexactly(int(sizes[0].split(b":")[1]))
            self.requests.append(request)
            answer = self.answer(request)
            async for piece in answer if hasattr(answer, "__aiter__") else pieces(answer):
                writer.write(piece)
                await writer.drain()


async def pieces(answer):
    yield answer


@pytest.fixture
def client_of(tcp_server, network_to):
    """`async with client_of(answer or Site) as (http, site)`: shop.example is on 203.0.113.1."""

    @contextlib.asynccontextmanager
    async def start(answer, *, context=None, addresses=(ADDRESS,), **options):
        site = answer if isinstance(answer, Site) else Site(answer)
        async with tcp_server(site, context) as port:
            ways = {(ADDRESS, 443 if context else 80): port}
            network = network_to(connect=ways, resolve=((HOST, addresses),), **options)
            async with HttpClient(network, DnsClient(network, (0.05,))) as http:
                yield http, site

    return start


async def test_a_response_comes_back_whole_with_where_and_when(client_of):
    body = b"<html>\xff</html>"
    async with client_of(response(body, b"X-Two: 1", b"X-Two:  2 ", b"Content-Type: text/html")) as (http, site):
        got = await http.fetch(f"http://{HOST}/a?b=c#d", headers=(("Accept", "text/html"), ("X-Empty", "")))
    assert (got.status, got.method, got.url, got.body) == (200, "GET", f"http://{HOST}/a?b=c#d", body)
    assert (got.address, got.http_version, got.truncated) == (ADDRESS, "1.1", False)
    assert got.headers[1:] == (("x-two", "1"), ("x-two", "2"), ("content-type", "text/html"))
    assert (got.values("X-Two"), got.values("x-three")) == (("1", "2"), ())
    assert got.body_size_on_wire_bytes == len(body)
    assert 0 < got.timings.connect_s <= got.timings.first_byte_s <= got.timings.total_s < 10
    assert got.timings.tls_s == 0
    lines = site.requests[0].split(b"\r\n")
    assert lines[0] == b"GET /a?b=c HTTP/1.1"
    assert set(lines[1:]) >= {b"Host: shop.example", b"Accept: text/html", b"X-Empty:"}
    assert f"User-Agent: {USER_AGENT}".encode() in lines
    assert dict(http.requests) == {HOST: 1}


async def test_a_body_is_sent_as_it_is(client_of):
    async with client_of(response()) as (http, site):
        await http.fetch(SITE, method="POST", body=b"a\0b", headers=(("Content-Type", "application/json"),))
        await http.fetch(SITE, method="POST")
        await http.fetch(SITE, method="OPTIONS")
        await http.fetch(SITE, method="PUT", body=b"x" * 100_000)
    post, empty, options, put = site.requests
    assert post.startswith(b"POST / ")
    assert post.endswith(b"Content-Type: application/json\r\nContent-Length: 3\r\n\r\na\0b")
    assert b"Content-Length: 0\r\n" in empty
    assert b"Content-Type" not in empty
    assert options.startswith(b"OPTIONS / ")
    assert put.endswith(b"\r\n\r\n" + b"x" * 100_000)
    assert b"Expect" not in put


async def test_a_head_request_has_no_body_to_wait_for(client_of):
    async with client_of(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n") as (http, site):
        got = await http.fetch(SITE, method="HEAD")
    assert (got.body, got.values("content-length")) == (b"", ("500",))
    assert site.requests[0].startswith(b"HEAD / ")


async def test_hostile_header_bytes_survive_and_interim_responses_and_trailers_are_passed_over(client_of):
    answer = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        b"HTTP/1.1 200 \xff\x1b[31m\r\nX-Bytes: \xff\x1b[31m\xc3\xbc\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nhi\r\n0\r\nX-Trailer: late\r\n\r\n"
    )
    async with client_of(answer) as (http, _):
        got = await http.fetch(SITE)
    assert got.headers == (("x-bytes", "\xff\x1b[31m\xc3\xbc"), ("transfer-encoding", "chunked"))
    assert got.body == b"hi"


async def test_redirects_are_not_followed(client_of):
    moved = response(b"", b"Location: http://shop.example/elsewhere", status="301 Moved")
    async with client_of(moved) as (http, site):
        got = await http.fetch(SITE)
    assert (got.status, got.values("location")) == (301, ("http://shop.example/elsewhere",))
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/"],
)
async def test_a_private_address_is_not_asked_even_where_a_redirect_leads_there(client_of, why_of, url):
    async with client_of(response()) as (http, site):
        assert await why_of(http.fetch(url)) is Why.PRIVATE_ADDRESS
        assert site.connections == 0
        assert not http.requests


async def test_policy_sees_the_logical_address_and_the_connect_map_comes_last(client_of, why_of):
    async with client_of(response(), addresses=("10.0.0.1",)) as (http, site):
        assert await why_of(http.fetch(SITE)) is Why.PRIVATE_ADDRESS
        assert (await http.fetch(SITE, address=ADDRESS)).address == ADDRESS
        assert await why_of(http.fetch(SITE, address="198.51.100.9")) is Why.OWN_NETWORK
        assert site.connections == 1


async def test_a_private_host_may_be_asked_where_the_owner_allows_it(client_of, why_of):
    async with client_of(response(), addresses=("127.0.0.1",), allow_private=(HOST,)) as (http, _):
        assert await why_of(http.fetch(f"http://{HOST}:1/")) is Why.REFUSED


async def test_the_next_address_is_asked_where_one_takes_no_connection(tcp_server, network_to, why_of):
    async with tcp_server(Site(response())) as closed:
        pass
    async with tcp_server(Site(response(b"here"))) as port:
        network = network_to(
            connect={("203.0.113.2", 80): closed, (ADDRESS, 80): port},
            resolve=((HOST, ("203.0.113.2", ADDRESS)),),
        )
        async with HttpClient(network, DnsClient(network)) as http:
            assert (await http.fetch(SITE)).address == ADDRESS
            assert await why_of(http.fetch(SITE, address="203.0.113.2")) is Why.REFUSED
            assert http.requests[HOST] == 3


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Why.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", Why.UNREADABLE),
        (response(b"not packed", b"Content-Encoding: gzip"), Why.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * MAX_HEADER_BYTES + b"\r\n\r\n", Why.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + (b"X: %b\r\n" % (b"a" * 1019)) * (MAX_HEADER_BYTES // 1024) + b"\r\n", Why.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz", Why.UNREADABLE),
    ],
)
async def test_what_is_no_response_is_told(client_of, why_of, answer, why):
    async with client_of(answer) as (http, _):
        assert await why_of(http.fetch(SITE)) is why


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"])
async def test_a_connection_that_is_cut_is_no_response(tcp_server, client_of, why_of, said):
    class Cutting(Site):
        async def __call__(self, reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(said)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    async with client_of(Cutting(b"")) as (http, _):
        assert await why_of(http.fetch(SITE)) is Why.UNREADABLE


async def test_a_connection_that_is_reset_refuses(client_of, why_of):
    class Resetting(Site):
        async def __call__(self, reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            linger = struct.pack("ii", 1, 0)  # close sends RST
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    async with client_of(Resetting(b"")) as (http, _):
        assert await why_of(http.fetch(SITE)) is Why.REFUSED


async def test_bodies_are_unpacked_and_counted_as_they_came(client_of):
    packed = gzip.compress(b"hello " * 1000)
    async with client_of(response(packed, b"Content-Encoding: gzip")) as (http, site):
        got = await http.fetch(SITE)
        raw = await http.fetch(SITE, accept_encoding=None)
    assert (got.body, got.body_size_on_wire_bytes) == (b"hello " * 1000, len(packed))
    assert raw.body == packed
    assert b"Accept-Encoding: gzip, deflate, br\r\n" in site.requests[0]
    assert b"Accept-Encoding" not in site.requests[1]


@pytest.mark.parametrize(("size", "truncated"), [(999, False), (1000, False), (1001, True)])
async def test_a_body_is_cut_beyond_its_limit_and_not_at_it(client_of, size, truncated):
    async with client_of(response(b"x" * size)) as (http, _):
        got = await http.fetch(SITE, max_bytes=1000)
    assert (len(got.body), got.truncated) == (min(size, 1000), truncated)


async def test_a_gigabyte_costs_no_more_than_the_limit(client_of):
    sent = 0

    async def endless(_request):
        nonlocal sent
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
        while sent < 1_000_000_000:
            yield b"x" * 65536
            sent += 65536

    async with client_of(endless) as (http, _):
        got = await http.fetch(SITE, max_bytes=1_000_000)
    assert (len(got.body), got.truncated) == (1_000_000, True)
    assert sent < 50_000_000


async def test_a_gzip_bomb_is_cut_while_it_unpacks(client_of):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    async with client_of(response(bomb, b"Content-Encoding: gzip")) as (http, _):
        got = await http.fetch(SITE)
    assert (len(got.body), got.truncated) == (5 * 1024 * 1024, True)
    assert got.body_size_on_wire_bytes <= len(bomb) < 250_000


async def test_a_closed_port_refuses(client_of, why_of):
    async with client_of(response()) as (http, _):
        pass
    async with HttpClient(http._network, http._dns) as http:
        assert await why_of(http.fetch(SITE)) is Why.REFUSED


async def test_a_silent_server_ends_with_the_callers_timeout_and_leaves_no_socket(client_of, open_sockets):
    async def silence(_request):
        await asyncio.sleep(60)
        yield b""

    async with client_of(silence) as (http, site):
        before = open_sockets()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await http.fetch(SITE)
        assert len(site.requests) == 1
        await asyncio.sleep(0.05)
        assert open_sockets() <= before + 1  # the server's end, which is this process too
    await asyncio.sleep(0.05)
    assert open_sockets() < before


async def test_a_host_sees_eight_requests_at_once_and_no_more(client_of):
    at_once = most = 0

    async def slow(_request):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        yield response()

    async with client_of(slow) as (http, _), asyncio.TaskGroup() as group, Visitor(http) as visitor:
        tasks = [group.create_task(who.fetch(SITE)) for who in (http, visitor) for _ in range(15)]
        await asyncio.wait(tasks)
        assert most == 8
        assert http.requests[HOST] == 30


CHALLENGE = response(b"<title>Just a moment...</title>", b"cf-mitigated: challenge", status="403 Forbidden")
PORTAL = response(b"log in to the hotel", status="511 Network Authentication Required")


@pytest.mark.parametrize(("page", "why"), [(CHALLENGE, Why.CHALLENGED), (PORTAL, Why.CAPTIVE_PORTAL)])
async def test_what_answers_in_the_products_place_is_no_response_of_the_product(client_of, why_of, page, why):
    async with client_of(page) as (http, _):
        assert await why_of(http.fetch(SITE)) is why
        assert (await http.fetch(SITE, even_if_challenged=True)).status in {403, 511}


async def test_an_ordinary_refusal_is_a_response(client_of):
    async with client_of(response(b"no", status="403 Forbidden")) as (http, _):
        assert (await http.fetch(SITE)).status == 403


async def test_a_trusted_certificate_lets_us_in_and_any_other_is_told(client_of, authority, make_authority, why_of):
    url = f"https://{HOST}/"
    good = authority.server_context(HOST)
    async with client_of(response(b"in"), context=good, ca_bundle=authority.bundle) as (http, _):
        got = await http.fetch(url)
        assert (got.body, got.timings.tls_s > 0) == (b"in", True)
    stranger = make_authority("Stranger").server_context(HOST)
    for bad in (authority.server_context("other.example"), authority.server_context(HOST, days=(-9, -1)), stranger):
        async with client_of(response(b"in"), context=bad, ca_bundle=authority.bundle) as (http, site):
            assert await why_of(http.fetch(url)) is Why.CERTIFICATE
            assert site.requests == []


async def test_a_stranger_is_asked_all_the_same_where_that_is_the_question(
    client_of, authority, make_authority, why_of
):
    stranger = make_authority("Stranger").server_context("other.example")
    async with client_of(response(b"in"), context=stranger, ca_bundle=authority.bundle) as (http, _):
        assert (await http.fetch(f"https://{HOST}/", any_certificate=True)).body == b"in"
        assert await why_of(http.fetch(f"https://{HOST}/")) is Why.CERTIFICATE


async def test_a_stream_without_end_is_left_after_its_headers(client_of):
    async def stream(_request):
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        await asyncio.sleep(60)

    async with client_of(stream) as (http, _), asyncio.timeout(10):
        got = await http.fetch(SITE, headers_only=True)
    assert (got.status, got.headers, got.body, got.truncated) == (
        200,
        (("content-type", "text/event-stream"),),
        b"",
        True,
    )


async def test_https_on_a_plain_port_is_unreadable(tcp_server, network_to, authority, why_of):
    async def plain(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)

    async with tcp_server(plain) as port:
        ways = {(ADDRESS, 443): port}
        network = network_to(connect=ways, resolve=((HOST, (ADDRESS,)),), ca_bundle=authority.bundle)
        async with HttpClient(network, DnsClient(network)) as http:
            assert await why_of(http.fetch(f"https://{HOST}/")) is Why.UNREADABLE


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://shop.example/", Why.UNREADABLE),
        ("file:///etc/passwd", Why.UNREADABLE),
        ("/relative", Why.UNREADABLE),
        ("http://", Why.UNREADABLE),
        ("http://[::1", Why.UNREADABLE),
        ("http://shop.example:99999/", Why.UNREADABLE),
        ("http://me:secret@shop.example/", Why.UNREADABLE),
        ("http://a..b/", Why.NO_NAME),
    ],
)
async def test_what_is_no_url_for_us_is_not_asked(client_of, why_of, url, why):
    async with client_of(response()) as (http, site):
        assert await why_of(http.fetch(url)) is why
        assert site.connections == 0


async def test_a_line_break_does_not_get_into_a_request(client_of, why_of):
    async with client_of(response()) as (http, site):
        assert await why_of(http.fetch(SITE, headers=(("X", "a\r\nEvil: 1"),))) is Why.UNREADABLE
        assert await why_of(http.fetch(SITE, headers=(("X", "☃"),))) is Why.UNREADABLE
        assert await why_of(http.fetch(SITE, method="GET / HTTP/1.1\r\nEvil: 1\r\n")) is Why.UNREADABLE
        assert await why_of(http.fetch(SITE, cookies="a=b\r\nEvil: 1")) is Why.UNREADABLE
        await http.fetch(f"http://{HOST}/a b/ü\t?q=ü \r\nEvil: 1")
    assert len(site.requests) == 1
    assert b"\r\nEvil" not in site.requests[0]


async def test_an_international_host_is_asked_in_its_dns_form(tcp_server, network_to):
    site = Site(response())
    async with tcp_server(site) as port:
        network = network_to(connect={(ADDRESS, 80): port}, resolve=(("xn--mnchen-3ya.example", (ADDRESS,)),))
        async with HttpClient(network, DnsClient(network)) as http:
            await http.fetch("http://München.example/")
    assert b"Host: xn--mnchen-3ya.example\r\n" in site.requests[0]


async def test_a_proxy_of_the_environment_is_not_used(client_of, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with client_of(response()) as (http, _):
        assert (await http.fetch(SITE)).status == 200


async def test_a_slow_first_byte_is_measured(client_of):
    async def slow(_request):
        await asyncio.sleep(0.2)
        yield response(b"")

    async with client_of(slow) as (http, _):
        started = time.monotonic()
        got = await http.fetch(SITE)
    assert 0.19 < got.timings.first_byte_s <= time.monotonic() - started


def shop(request):
    if b"cookie: session=1" in request.lower():
        return response(b"hello again")
    return response(b"who are you?", b"Set-Cookie: session=1; Path=/", b"Set-Cookie: s=2; Path=/; Secure")


async def test_a_visitor_brings_cookies_back_and_one_apart_has_connections_of_its_own(client_of):
    async with client_of(shop) as (http, site), Visitor(http) as ann, Visitor(http, apart=True) as ben:
        assert (await ann.fetch(SITE)).body == b"who are you?"
        assert (await ann.fetch(f"{SITE}again")).body == b"hello again"
        assert site.connections == 1
        assert (await ben.fetch(SITE)).body == b"who are you?"
        assert (await ben.fetch(SITE, cookies="other=1")).body == b"who are you?"
        assert (await http.fetch(SITE)).body == b"who are you?"
        assert site.connections == 2
        assert http.requests[HOST] == 5


async def test_a_visitor_keeps_cookies_that_a_redirect_sets(client_of):
    moved = response(b"", b"Location: /", b"Set-Cookie: a=b; Path=/", status="303 See Other")
    async with client_of(moved) as (http, site), Visitor(http) as visitor:
        await visitor.fetch(f"{SITE}login", method="POST", body=b"")
        await visitor.fetch(SITE)
    assert b"Cookie: a=b\r\n" in site.requests[1]
    assert site.requests[1].startswith(b"GET / ")


async def test_a_client_that_is_left_has_no_socket_open(client_of, open_sockets):
    before = open_sockets()
    async with client_of(response()) as (http, _):
        await http.fetch(SITE)
        async with Visitor(http) as visitor:
            await visitor.fetch(SITE)
    await asyncio.sleep(0.05)
    assert open_sockets() == before


def test_a_host_with_an_escape_is_no_url_because_dns_would_read_another_name():
    with pytest.raises(NotSeen) as raised:
        read_url("http://a\\047b.example.com/")
    assert raised.value.why is Why.UNREADABLE
