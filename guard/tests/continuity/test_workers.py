"""Two real worker processes over one file: readers move between them, and one of them dies in mid-answer."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORKER = Path(__file__).with_name("worker.py")
WORDS = [f"w{number} " for number in range(30)]
PATIENCE_S = 20


@dataclass
class Workers:
    processes: list[subprocess.Popen]
    origins: list[str]
    notes: Path

    def asked(self, message_id: str) -> int:
        """How often the model was asked."""
        return self.notes.read_text().split().count(message_id)


def start(path: Path) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen([sys.executable, str(WORKER), str(path)], stdout=subprocess.PIPE, text=True)
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}"


def stop(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def workers(tmp_path_factory) -> Iterator[Workers]:
    path = tmp_path_factory.mktemp("workers") / "guard.sqlite3"
    started = [start(path) for _ in range(2)]
    yield Workers([process for process, _ in started], [origin for _, origin in started], path.with_suffix(".asked"))
    for process, _ in started:
        stop(process)


class Reader:
    """A client that keeps what it was told as the standard says, over any number of connections."""

    def __init__(self, message_id: str, user: str = "ana", **said: object) -> None:
        self.message = {"message": "Hello", "message_id": message_id} | said
        self.user = user
        self.words: list[str] = []
        self.last = ""
        self.ended = ""

    async def read(self, origin: str, *, pieces: int = 1000, method: str = "POST") -> None:
        """Connect, and go away after so many pieces."""
        path = "/api/chat" if method == "POST" else f"/api/chat/messages/{self.message['message_id']}"
        headers = {"X-User": self.user} | ({"Last-Event-ID": self.last} if self.last else {})
        body = self.message if method == "POST" else None
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx2.AsyncClient(base_url=origin, headers=headers, trust_env=False, timeout=None) as client,
            client.stream(method, path, json=body) as response,
        ):
            self.status = response.status_code
            block: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    block[name] = value
                elif block:
                    self._take(block)
                    block = {}
                    pieces -= 1
                    if pieces <= 0:
                        return

    def _take(self, block: dict[str, str]) -> None:
        self.last = block.get("id", self.last)
        match block.get("event"):
            case "restart":
                self.words = []
            case None:
                self.words.append(json.loads(block["data"])["delta"])
            case ended:
                self.ended = ended


async def test_two_workers_answer_one_message_once(workers):
    readers = [Reader("both-at-once") for _ in range(6)]
    async with asyncio.TaskGroup() as group:
        for number, reader in enumerate(readers):
            group.create_task(reader.read(workers.origins[number % 2]))
    assert [reader.words for reader in readers] == [WORDS] * 6
    assert workers.asked("both-at-once") == 1


numbers = iter(range(1_000_000))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stays=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 1), st.booleans()), max_size=6))
def test_wherever_a_reader_breaks_off_and_comes_back_no_piece_is_lost_or_doubled(workers, stays):
    async def wander() -> None:
        reader = Reader(f"wanderer-{next(numbers):04}", pause_s=0.005)
        for pieces, worker, again in stays:
            method = "POST" if again or not reader.last else "GET"
            await reader.read(workers.origins[worker], pieces=pieces, method=method)
        await reader.read(workers.origins[0])
        assert reader.words == WORDS
        assert (reader.ended, reader.last.partition("-")[2]) == ("done", "31")
        assert workers.asked(reader.message["message_id"]) == 1

    asyncio.run(wander())


async def test_fifty_people_with_the_same_ids_on_both_workers_are_told_their_own_answers_alone(workers):
    readers = [Reader("everybodys-id", f"user-{number}", message=f"I am {number}", pause_s=0) for number in range(50)]
    async with asyncio.TaskGroup() as group:
        for number, reader in enumerate(readers):
            group.create_task(reader.read(workers.origins[number % 2]))
    assert all(reader.words == WORDS for reader in readers)
    assert workers.asked("everybodys-id") == 50
    stranger = Reader("everybodys-id", "stranger")
    await stranger.read(workers.origins[0], method="GET")
    assert (stranger.status, stranger.words) == (404, [])


async def test_a_worker_that_is_killed_leaves_its_words_and_the_other_one_answers_again_after_the_lease(tmp_path):
    path = tmp_path / "guard.sqlite3"
    (dying, first), (living, second) = start(path), start(path)
    try:
        reader, onlooker = Reader("killed-in-mid-answer"), Reader("killed-in-mid-answer")
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_read_until_cut(reader, first))
            while len(reader.words) < 10:  # noqa: ASYNC110 - what is awaited is another process
                await asyncio.sleep(0.005)
            joined = group.create_task(onlooker.read(second))
            await asyncio.sleep(0.1)
            dying.kill()
            await watching
            await joined
        assert onlooker.ended == "error"
        assert onlooker.words == WORDS[: len(onlooker.words)]
        assert len(onlooker.words) >= 8
        partial = Reader("killed-in-mid-answer")
        await partial.read(second, method="GET")
        assert (partial.words, partial.ended) == (onlooker.words, "error")
        assert len(reader.words) < 30
        await reader.read(second)
        assert (reader.words, reader.ended) == (WORDS, "done")
        assert path.with_suffix(".asked").read_text().split() == ["killed-in-mid-answer"] * 2
    finally:
        stop(dying)
        stop(living)


async def _read_until_cut(reader: Reader, origin: str) -> None:
    with pytest.raises(httpx2.TransportError):
        await reader.read(origin)
