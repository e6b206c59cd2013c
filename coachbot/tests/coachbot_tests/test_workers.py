"""Two processes of the product over one database: history, owner and running answers are the same in both."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

WORKER = Path(__file__).with_name("worker.py")
PATIENCE_S = 20
WHOLE = "".join(f"w{number} " for number in range(30))


class Pair:
    """Two workers; either may be killed and started again."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.processes: list[subprocess.Popen] = []
        self.origins: list[str] = []
        for number in range(2):
            self.start(number)

    def start(self, number: int) -> None:
        command = [sys.executable, str(WORKER), str(self._database)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.processes[number : number + 1] = [process]
        self.origins[number : number + 1] = [process.stdout.readline().strip()]

    def kill(self, number: int) -> None:
        process = self.processes[number]
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def pair(tmp_path) -> Iterator[Pair]:
    pair = Pair(tmp_path / "coachbot.sqlite3")
    yield pair
    for number in range(2):
        pair.kill(number)


class Customer:
    """A browser that keeps its cookie whichever worker it talks to."""

    def __init__(self, pair: Pair, name: str = "ana") -> None:
        self._pair = pair
        self._form = {"email": f"{name}@example.org", "password": "correct horse"}
        self._cookie = ""

    async def log_in(self, worker: int) -> None:
        async with self.client(worker) as client:
            answer = await client.post("/login", data=self._form)
            self._cookie = f"session={answer.cookies['session']}"

    def client(self, worker: int) -> httpx2.AsyncClient:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        origin = self._pair.origins[worker]
        return httpx2.AsyncClient(base_url=origin, headers=headers, trust_env=False, timeout=PATIENCE_S)

    @asynccontextmanager
    async def asking(self, worker: int, message_id: str) -> AsyncIterator[AsyncIterator[str]]:
        question = {"message": f"This is {message_id}", "message_id": message_id}
        async with self.client(worker) as client, client.stream("POST", "/api/chat", json=question) as response:
            yield response.aiter_lines()

    async def ask(self, worker: int, message_id: str) -> str:
        async with self.asking(worker, message_id) as lines:
            return said([line async for line in lines])

    async def history(self, worker: int) -> list[tuple[str, str]]:
        async with self.client(worker) as client:
            return [
                (turn["message_id"], turn["status"]) for turn in (await client.get("/api/history")).json()["messages"]
            ]


def said(lines: list[str]) -> str:
    data = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    return "".join(event.get("delta", "") for event in data)


async def test_a_talk_goes_on_over_workers_and_restarts_with_its_history_and_its_owner(pair):
    ana, ben = Customer(pair), Customer(pair, "ben")
    await ana.log_in(0)
    await ben.log_in(1)
    assert await ana.ask(0, "question-0001") == f"after 0: {WHOLE}"
    assert await ana.ask(1, "question-0002") == f"after 1: {WHOLE}"
    assert await ben.ask(1, "question-0001") == f"after 0: {WHOLE}"
    for number in range(2):
        pair.kill(number)
        pair.start(number)
    assert await ana.ask(0, "question-0003") == f"after 2: {WHOLE}"
    for worker in range(2):
        assert [message_id for message_id, _ in await ana.history(worker)] == [
            "question-0001",
            "question-0002",
            "question-0003",
        ]
        assert await ben.history(worker) == [("question-0001", "done")]


async def test_a_reload_in_mid_answer_that_lands_on_the_other_worker_shows_the_same_answer_to_its_end(pair):
    ana = Customer(pair)
    await ana.log_in(0)
    async with ana.asking(0, "question-0001") as lines:
        async for line in lines:
            if "w5" in line:
                break
    assert await ana.history(1) == [("question-0001", "pending")]
    async with ana.client(1) as client:
        answer = await client.get("/api/chat/messages/question-0001")
    assert said(answer.text.split("\n")) == f"after 0: {WHOLE}"
    assert await ana.history(1) == [("question-0001", "done")]


async def test_an_answer_whose_worker_is_killed_is_marked_kept_and_can_be_asked_again(pair):
    ana = Customer(pair)
    await ana.log_in(0)
    with pytest.raises(httpx2.TransportError):
        await _ask_and_kill(ana, pair)
    async with ana.client(1) as client:
        left = await client.get("/api/chat/messages/question-0001")
        assert said(left.text.split("\n")).startswith("after 0: w0 w1 w2 w3 w4 ")
        assert '"code": "worker_lost"' in left.text
        told = (await client.get("/api/chat/messages")).json()["messages"]
        assert [(one["message_id"], one["state"], one["retryable"]) for one in told] == [
            ("question-0001", "interrupted", True)
        ]
    assert await ana.ask(1, "question-0001") == f"after 0: {WHOLE}"
    assert await ana.history(1) == [("question-0001", "done")]


async def _ask_and_kill(ana: Customer, pair: Pair) -> None:
    async with ana.asking(0, "question-0001") as lines:
        async for line in lines:
            if "w9" in line:
                await asyncio.sleep(0.1)
                pair.kill(0)
