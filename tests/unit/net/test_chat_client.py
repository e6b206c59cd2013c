"""The chat client against chatbots on loopback, in every protocol and in every way to fail."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn import Config, Server
from websockets.asyncio.server import ServerConnection, serve

from launchready.facts.chat import Reply, ToolCall, Transport
from launchready.model.chat import Budgets, Chat, ChatProtocol, Place, Placed
from launchready.net.chat_client import ChatClient, ChatTarget, Conversation, network_for
from launchready.net.chat_reply import MAX_REPLY_BYTES, Listener
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network

QUICK = Budgets(0.4, 0.4, 1.0)
Handler = Callable[[Request], "Response | AsyncIterator[bytes]"]


@contextlib.asynccontextmanager
async def bot(handler) -> AsyncIterator[str]:
    """A chatbot that answers what `handler(request)` gives; its URL."""
    app = Starlette(routes=[Route("/chat", handler, methods=["POST"])])
    config = Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=0)
    server = Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    ticking = asyncio.ensure_future(server.main_loop())
    try:
        yield f"http://127.0.0.1:{port}/chat"
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown()


@contextlib.asynccontextmanager
async def talking(chat: Chat, **headers) -> AsyncIterator[tuple[ChatClient, Conversation]]:
    network = network_for(Network(("192.0.2.53",), loopback_only=True), chat.url)
    async with HttpClient(network, DnsClient(network)) as http, ChatClient(http) as client:
        yield client, client.conversation(ChatTarget(chat, headers))


async def answer(handler, *, budgets: Budgets = QUICK, text: str = "Hello", **declared) -> Reply:
    async with bot(handler) as url, talking(Chat(url, budgets=budgets, **declared)) as (client, talk):
        return await client.say(talk, text)


def events(*parts: str | bytes | float, kind: str = "text/event-stream", **headers: str):
    """An answer of these parts; a number waits so many seconds."""

    async def handler(_request: Request) -> Response:
        async def stream() -> AsyncIterator[bytes]:
            for part in parts:
                if isinstance(part, float):
                    await asyncio.sleep(part)
                else:
                    yield part.encode() if isinstance(part, str) else part

        return StreamingResponse(
            stream(), media_type=kind, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    return handler


def data(**value) -> str:
    return f"data: {json.dumps(value)}\n\n"


def chunk(text: str) -> str:
    return data(choices=[{"delta": {"content": text}}])


async def test_a_json_bot_needs_a_url_alone() -> None:
    async def handler(request: Request) -> Response:
        asked = await request.json()
        return JSONResponse({"reply": f"You said {asked['message']}", "debug": "v1"})

    reply = await answer(handler)
    assert (reply.transport, reply.text, reply.other) == (Transport.OK, "You said Hello", ("$.debug: v1",))
    assert reply.status == 200
    assert reply.first_token_s is not None


async def test_events_are_timed_as_they_come() -> None:
    reply = await answer(
        events(data(delta="Hel"), 0.2, data(delta="lo"), "event: done\ndata: {}\n\n"), protocol=ChatProtocol.SSE
    )
    assert (reply.transport, reply.text, reply.pieces, reply.done_seen) == (Transport.OK, "Hello", 2, True)
    assert reply.largest_gap_s is not None
    assert 0.15 < reply.largest_gap_s < 0.35
    assert reply.first_token_s is not None
    assert reply.first_token_s < 0.15


async def test_a_packed_stream_is_unpacked_as_browsers_do() -> None:
    whole = gzip.compress((data(delta="Hello") + "data: [DONE]\n\n").encode())
    reply = await answer(events(whole, Content_Encoding="gzip"), protocol=ChatProtocol.SSE)
    assert (reply.transport, reply.text) == (Transport.OK, "Hello")


async def test_an_openai_bot_gets_the_whole_talk_and_calls_tools() -> None:
    bodies: list[object] = []

    async def handler(request: Request) -> Response:
        bodies.append(await request.json())
        call = {"index": 0, "function": {"name": "slots", "arguments": '{"day"'}}
        more = {"index": 0, "function": {"arguments": ": 1}"}}
        parts = [chunk("One "), chunk("moment"), data(choices=[{"delta": {"tool_calls": [call]}}])]
        parts += [data(choices=[{"delta": {"tool_calls": [more]}}]), "data: [DONE]\n\n"]
        return await events(*parts)(request)

    async with bot(handler) as url, talking(Chat(url, ChatProtocol.OPENAI, model="m", budgets=QUICK)) as (client, talk):
        first = await client.say(talk, "Book")
        await client.say(talk, "Again")
    assert (first.text, first.tools) == ("One moment", (ToolCall("slots", '{"day": 1}'),))
    assert bodies[0] == {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Book"}]}
    assert isinstance(bodies[1], dict)
    assert [turn["content"] for turn in bodies[1]["messages"]] == ["Book", "One moment", "Again"]


async def test_an_openai_bot_may_answer_in_one_piece() -> None:
    async def handler(_request: Request) -> Response:
        return JSONResponse({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]})

    reply = await answer(handler, protocol=ChatProtocol.OPENAI)
    assert (reply.transport, reply.text, reply.done_seen) == (Transport.OK, "Hi", True)


async def test_use_chat_gets_its_parts() -> None:
    parts = [
        data(type="start"),
        data(type="text-delta", id="1", delta="Hi"),
        data(type="finish"),
        "data: [DONE]\n\n",
    ]
    reply = await answer(events(*parts, x_vercel_ai_ui_message_stream="v1"), protocol=ChatProtocol.UI_MESSAGE_STREAM)
    assert (reply.transport, reply.text, reply.done_seen) == (Transport.OK, "Hi", True)


async def test_use_chat_reads_the_older_data_stream() -> None:
    lines = ['0:"H', 'i"\nd:{"finishReason":"stop"}\n']
    reply = await answer(
        events(*lines, kind="text/plain", x_vercel_ai_data_stream="v1"), protocol=ChatProtocol.UI_MESSAGE_STREAM
    )
    assert (reply.transport, reply.text, reply.done_seen) == (Transport.OK, "Hi", True)


DONE = "data: [DONE]\n\n"
EVENTS = ChatProtocol.SSE
OPENAI = ChatProtocol.OPENAI


@pytest.mark.parametrize(
    ("handler", "protocol", "transport", "text"),
    [
        (events(5.0), EVENTS, Transport.TIMED_OUT_FIRST, ""),
        (events(": ping\n\n", 0.3, ": ping\n\n", 5.0), EVENTS, Transport.TIMED_OUT_FIRST, ""),
        (events(data(delta="a"), ": ping\n\n", 5.0), EVENTS, Transport.TIMED_OUT_IDLE, "a"),
        (events(*[data(delta="a"), 0.1] * 30), EVENTS, Transport.TIMED_OUT_TOTAL, None),
        (events(chunk("a")), OPENAI, Transport.CUT, "a"),
        (events(chunk("a"), "data: {oops\n\n", DONE), OPENAI, Transport.MALFORMED, "a"),
        (events("data: [DONE]\n\n"), OPENAI, Transport.EMPTY, ""),
        (events(data(error={"code": "busy"})), OPENAI, Transport.REFUSED, ""),
        (events(data(delta="a"), 'event: error\ndata: {"code": "x"}\n\n'), EVENTS, Transport.REFUSED, "a"),
        (events("<html>", kind="text/html"), EVENTS, Transport.BAD_CONTENT_TYPE, ""),
        (events("data: ", b"x" * 2_000_000), EVENTS, Transport.TOO_LARGE, ""),
        (events(*[data(delta="x" * 60_000)] * 100), EVENTS, Transport.TOO_LARGE, None),
        (events("{nothing", kind="application/json"), ChatProtocol.JSON, Transport.MALFORMED, ""),
        (events("", kind="application/json"), ChatProtocol.JSON, Transport.EMPTY, ""),
        (events('{"a": 1}', kind="application/json"), ChatProtocol.JSON, Transport.EMPTY, ""),
        (events(b"\xff\xfe\x00", kind="application/json"), ChatProtocol.JSON, Transport.MALFORMED, ""),
        (events("[" * 100_000, kind="application/json"), ChatProtocol.JSON, Transport.MALFORMED, ""),
    ],
)
async def test_each_way_to_fail_has_its_name(handler, protocol, transport: Transport, text: str | None) -> None:
    reply = await answer(handler, protocol=protocol)
    assert reply.transport is transport
    assert reply.detail.endswith(".")
    assert text is None or reply.text == text


async def test_what_an_error_page_says_is_kept_and_so_is_when_to_come_back() -> None:
    async def handler(_request: Request) -> Response:
        return JSONResponse({"error": {"trace": "Traceback (most recent call last)"}}, 429, {"retry-after": "7"})

    reply = await answer(handler)
    assert (reply.transport, reply.status, reply.retry_after_s) == (Transport.BAD_STATUS, 429, 7.0)
    assert reply.other == ("$.error.trace: Traceback (most recent call last)",)


@pytest.mark.parametrize(
    ("date", "told", "seconds"),
    [
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("", "Wed, 21 Oct 2026 07:28:30 GMT", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "soon", None),
    ],
)
def test_a_date_to_come_back_at_is_read_by_the_chats_own_clock(date: str, told: str, seconds: float | None) -> None:
    listener = Listener(Chat("http://127.0.0.1:9/chat"), lambda: 0.0)
    listener.head(429, (("retry-after", told), *((("date", date),) if date else ())))
    assert listener.reply(None).retry_after_s == seconds


async def test_a_dead_port_is_no_connection() -> None:
    async with talking(Chat("http://127.0.0.1:9/chat")) as (client, talk):
        reply = await client.say(talk, "Hello")
    assert (reply.transport, reply.status, reply.text) == (Transport.NO_CONNECTION, None, "")


async def test_a_connection_that_breaks_in_the_middle_is_a_cut(tcp_server) -> None:
    async def broken(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        part = data(delta="Hel").encode()
        writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        await writer.drain()
        writer.close()

    async with tcp_server(broken) as port, talking(Chat(f"http://127.0.0.1:{port}/chat", EVENTS)) as (client, talk):
        reply = await client.say(talk, "Hello")
    assert (reply.transport, reply.text) == (Transport.CUT, "Hel")


async def test_a_chat_that_showed_its_end_once_has_to_show_it_again() -> None:
    answers = [[data(delta="a"), "event: done\ndata: {}\n\n"], [data(delta="b")]]

    async def handler(request: Request) -> Response:
        return await events(*answers.pop(0))(request)

    async with bot(handler) as url, talking(Chat(url, EVENTS, budgets=QUICK)) as (client, talk):
        assert (await client.say(talk, "1")).transport is Transport.OK
        assert (await client.say(talk, "2")).transport is Transport.CUT


async def test_sessions_in_bodies_headers_and_cookies_are_kept_and_visitors_are_apart() -> None:
    async def handler(request: Request) -> Response:
        asked = await request.json()
        said = f"{asked.get('sid')} {request.headers.get('x-sid')} {request.headers.get('cookie')}"
        said += f" {request.headers.get('authorization')}"
        return JSONResponse({"reply": said, "sid": "s1"}, headers={"X-Sid": "h1", "Set-Cookie": "c=1"})

    async with bot(handler) as url:
        for place, first, second in (
            (Placed(Place.BODY, "$.sid"), "None None None A", "s1 None c=1 A"),
            (Placed(Place.HEADER, "X-Sid"), "None None None A", "None h1 c=1 A"),
            (Placed(Place.COOKIE), "None None None A", "None None c=1 A"),
        ):
            chat = Chat(url, session=place)
            async with talking(chat, a=(("Authorization", "A"),), b=(("Authorization", "B"),)) as (client, talk):
                assert (await client.say(talk, "x")).text == first
                assert (await client.say(client.second_tab(talk), "x")).text == second
                other = client.conversation(talk.target, "b")
                assert (await client.say(other, "x")).text == "None None None B"


async def test_a_message_id_is_made_up_or_given_and_stands_where_it_was_declared() -> None:
    async def handler(request: Request) -> Response:
        return JSONResponse({"reply": (await request.json())["meta"]["id"]})

    async with bot(handler) as url:
        chat = Chat(url, message_id=Placed(Place.BODY, "$.meta.id"), body='{"meta": {"v": 2}}')
        async with talking(chat) as (client, talk):
            made_up = await client.say(talk, "x")
            assert made_up.text == talk.last_message_id
            assert (await client.say(talk, "x", message_id="mine-0001")).text == "mine-0001"


async def test_a_visitor_may_leave_in_the_middle() -> None:
    async with bot(events(*[data(delta="a"), 0.05] * 20)) as url, talking(Chat(url, EVENTS)) as (client, talk):
        reply = await client.say(talk, "x", leave_after=2)
    assert (reply.transport, reply.text) == (Transport.CUT, "aa")
    assert reply.total_s < 0.5


async def test_bytes_are_sent_as_they_are() -> None:
    async def handler(request: Request) -> Response:
        return PlainTextResponse(f"{len(await request.body())}", 413)

    async with bot(handler) as url, talking(Chat(url)) as (client, talk):
        reply = await client.send(talk, b"{" * 1000)
    assert (reply.status, reply.other) == (413, ("body: 1000",))


@contextlib.asynccontextmanager
async def socket_bot(handler) -> AsyncIterator[str]:
    async with serve(handler, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/chat"


async def test_a_websocket_keeps_its_connection_and_sends_the_visitors_headers() -> None:
    async def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        async for message in connection:
            said = json.loads(message)["message"]
            await connection.send(json.dumps({"token": f"{connection.request.headers['X-Key']} "}))
            await connection.send(json.dumps({"token": f"{said} {connection.id.hex[:4]}"}))
            await connection.send(json.dumps({"type": "done"}))

    async with socket_bot(handler) as url:
        chat = Chat(url, ChatProtocol.WEBSOCKET, budgets=QUICK)
        async with talking(chat, a=(("X-Key", "k1"),)) as (client, talk):
            first, second = await client.say(talk, "one"), await client.say(talk, "two")
    assert first.transport is Transport.OK
    assert (first.pieces, first.done_seen, first.status) == (2, True, 101)
    assert first.text.split()[:2] == ["k1", "one"]
    assert first.text.split()[2] == second.text.split()[2]


@pytest.mark.parametrize(
    ("act", "transport"),
    [
        (lambda connection: connection.close(1011), Transport.CUT),
        (lambda _connection: asyncio.sleep(5), Transport.TIMED_OUT_FIRST),
        (lambda connection: connection.send('{"type": "error", "message": "busy"}'), Transport.REFUSED),
        (lambda connection: connection.send("x" * 2_000_000), Transport.CUT),
        (lambda connection: connection.transport.abort() or asyncio.sleep(0), Transport.CUT),
    ],
)
async def test_each_way_a_websocket_fails_has_its_name(act, transport: Transport) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await act(connection)
        await connection.wait_closed()

    async with socket_bot(handler) as url, talking(Chat(url, ChatProtocol.WEBSOCKET, budgets=QUICK)) as (client, talk):
        reply = await client.say(talk, "x")
    assert reply.transport is transport
    assert reply.detail


async def test_a_websocket_that_is_no_websocket_is_no_connection() -> None:
    async with (
        bot(events("hello", kind="text/plain")) as url,
        talking(Chat(f"ws{url[4:]}", ChatProtocol.WEBSOCKET)) as (client, talk),
    ):
        assert (await client.say(talk, "x")).transport is Transport.NO_CONNECTION


def test_a_reply_of_five_mebibytes_is_the_most_that_is_read() -> None:
    assert MAX_REPLY_BYTES == 5 * 1024 * 1024
