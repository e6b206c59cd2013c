"""Stand between the documentation addresses and a world's real ports, and let every message wait.

Runs inside a network namespace that owns the addresses. Each message (a datagram, or a chunk of a stream) waits half
the round trip on its way in and half on its way out. A TCP handshake is answered by the kernel at once, so this is a
delay of the servers, not of the network: whoever needs fewer turns gains the same in both.

    python bench/relay.py ROUND_TRIP_MS < connect.json      prints "ready" once it listens
"""

import asyncio
import contextlib
import json
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

CHUNK_BYTES = 64 * 1024  # what one read of a stream takes; larger answers come in several
DNS_PORT = 53
MAX_BACKLOG = 512  # connections that wait to be taken; a peer opens some hundred at once

Target = tuple[str, int]


async def shift(source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay_s: float) -> None:
    """Pass on what comes, each chunk late by the delay, in order, without holding up what follows."""
    loop = asyncio.get_running_loop()
    waiting: deque[tuple[float, bytes]] = deque()
    arrived = asyncio.Event()

    async def send() -> None:
        while True:
            await arrived.wait()
            due, chunk = waiting.popleft()
            if not waiting:
                arrived.clear()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not chunk:
                if sink.can_write_eof():
                    sink.write_eof()
                else:
                    sink.close()
                return
            sink.write(chunk)
            await sink.drain()

    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(send())
        chunk = b" "
        while chunk and not sending.done():
            chunk = await source.read(CHUNK_BYTES)
            waiting.append((loop.time() + delay_s, chunk))
            arrived.set()


def stream_relay(target: Target, delay_s: float, tasks_of_all: asyncio.TaskGroup) -> Callable[..., None]:
    """A handler of connections that passes them on to a target."""

    def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks_of_all.create_task(pass_on(reader, writer))

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ExceptionGroup):  # either side may break off: so does the other, then
            there_reader, there_writer = await asyncio.open_connection(*target)
            with contextlib.closing(there_writer), contextlib.closing(writer):
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(shift(reader, there_writer, delay_s))
                    tasks.create_task(shift(there_reader, writer, delay_s))

    return handle


class Datagrams(asyncio.DatagramProtocol):
    """Questions and answers, each late; every asker has a socket of its own towards the target."""

    def __init__(self, target: Target, delay_s: float) -> None:
        self._target = target
        self._delay_s = delay_s
        self._outlets: dict[Any, asyncio.DatagramTransport] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back to the askers."""
        self._transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        """Pass a question on, after the wait."""
        asyncio.get_running_loop().call_later(self._delay_s, self._ask, data, address)

    def _ask(self, data: bytes, address: Any) -> None:
        task = asyncio.get_running_loop().create_task(self._outlet(address))
        task.add_done_callback(lambda done: done.result().sendto(data))

    async def _outlet(self, address: Any) -> Any:
        if address not in self._outlets:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Answers(self._transport, address, self._delay_s), remote_addr=self._target
            )
            self._outlets[address] = transport
        return self._outlets[address]


class _Answers(asyncio.DatagramProtocol):
    def __init__(self, back: Any, address: Any, delay_s: float) -> None:
        self._back, self._address, self._delay_s = back, address, delay_s

    def datagram_received(self, data: bytes, _address: Any) -> None:
        asyncio.get_running_loop().call_later(self._delay_s, self._back.sendto, data, self._address)


async def relay(connect: list[dict[str, Any]], round_trip_s: float) -> None:
    """Listen at every published address until standard input closes."""
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        for entry in connect:
            target, delay_s = (entry["to_ip"], entry["to_port"]), round_trip_s / 2
            here = (entry["ip"], entry["port"])
            await asyncio.start_server(stream_relay(target, delay_s, tasks), *here, backlog=MAX_BACKLOG)
            if entry["port"] == DNS_PORT:
                await loop.create_datagram_endpoint(lambda t=target, d=delay_s: Datagrams(t, d), local_addr=here)
        print("ready", flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        raise KeyboardInterrupt  # ends the connections that are still open


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(relay(json.loads(sys.stdin.readline()), float(sys.argv[1]) / 1000))
