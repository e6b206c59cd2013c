"""Trials of a chat on loopback whose provider counts what it was asked."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn import Config, Server

from launchready.chatting import failing
from launchready.chatting.control import ProviderControl
from launchready.chatting.failing import fail_once
from launchready.chatting.interrupting import Talks
from launchready.chatting.ordinary import pause_once
from launchready.chatting.stage import Stage
from launchready.facts.chat_trials import FailureTrial, Interruption, Mood, Told
from launchready.model.chat import Chat, ChatProtocol, Place, Placed
from launchready.net.chat_client import ChatClient, ChatTarget, network_for
from launchready.net.cookies import Cookies
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network


@dataclass
class Shop:
    """A chat and the provider that may stand behind it.

    Attributes:
        asks: whether the chat asks the provider.
        known: answers by the id of the message; None means that ids are passed over.
        varies: whether each answer has other words.
    """

    asks: bool = True
    known: dict[str, str] | None = None
    varies: bool = False
    mood: str = "ok"
    calls: int = 0
    said: list[str] = field(default_factory=list)

    async def chat(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        again = None if self.known is None else self.known.get(asked["message_id"])
        if again is not None:
            return JSONResponse({"reply": again})
        if self.asks:
            self.calls += 1
            if self.mood != "ok":
                return JSONResponse({"code": "model_down", "message": "The model is down."}, 503)
        self.said.append(f"An hour, answer {len(self.said)}." if self.varies else "An hour.")
        if self.known is not None:
            self.known[asked["message_id"]] = self.said[-1]
        return JSONResponse({"reply": self.said[-1]})

    async def control(self, request: Request) -> Response:
        if request.method == "PUT":
            self.mood = json.loads(await request.body())["mood"]
        return JSONResponse({"calls": {"total": self.calls, "prompt_tokens": 0}})


@contextlib.asynccontextmanager
async def stage_of(shop: Shop, protocol: ChatProtocol = ChatProtocol.JSON) -> AsyncIterator[Stage]:
    routes = [
        Route("/chat", shop.chat, methods=["POST"]),
        Route("/control", shop.control, methods=["GET", "PUT"]),
    ]
    config = Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    chat = Chat(f"{base}/chat", protocol, message_id=Placed(Place.BODY, "$.message_id"))
    network = network_for(Network(("192.0.2.53",), loopback_only=True), chat.url)

    async def enter(_visitor: str) -> Cookies:
        return Cookies()

    async with HttpClient(network, DnsClient(network)) as http, ChatClient(http) as client:
        control = ProviderControl(http, f"{base}/control", "token")
        yield Stage(client, ChatTarget(chat), enter, control, lambda _words: None)
    server.should_exit = True
    await server.shutdown()


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failing, "RECOVERY_S", 1.0)


async def test_a_failure_that_the_chat_met_is_a_trial() -> None:
    async with stage_of(Shop()) as stage:
        assert stage.control is not None
        trial = await fail_once(stage, stage.control, Mood.ERROR)
    assert isinstance(trial, FailureTrial)
    assert (trial.told, trial.code, trial.retry.status) == (Told.NAMED, "model_down", 200)


async def test_a_chat_that_never_asks_the_provider_met_no_failure() -> None:
    async with stage_of(Shop(asks=False)) as stage:
        assert stage.control is not None
        seen = await fail_once(stage, stage.control, Mood.ERROR)
    assert not isinstance(seen, FailureTrial)
    assert (seen.part, "without asking the provider" in seen.detail) == ("failures error-500", True)


async def test_a_chat_that_never_asks_the_provider_met_no_pause() -> None:
    async with stage_of(Shop(asks=False), ChatProtocol.SSE) as stage:
        seen = await pause_once(stage)
    assert "without asking the provider" in getattr(seen, "detail", "")


@pytest.mark.parametrize(
    ("shop", "held"),
    [
        (Shop(known={}, varies=True), True),
        (Shop(varies=True), False),
        (Shop(), None),
        (Shop(known={}), None),
    ],
)
async def test_a_repeated_message_without_a_provider_is_told_by_words_where_a_new_one_gets_others(
    shop: Shop, held: bool | None
) -> None:
    async with stage_of(shop) as stage:
        stage.control = None
        talks = Talks(stage)
        await talks.repeat(await stage.talk())
    assert [trial.held for trial in talks.trials] == ([] if held is None else [held])
    assert [gap.part for gap in talks.unseen] == ([f"continuity {Interruption.REPEATED.value}"] if held is None else [])


async def test_a_repeated_message_with_a_provider_is_told_by_its_calls() -> None:
    async with stage_of(Shop(known={})) as stage:
        talks = Talks(stage)
        await talks.repeat(await stage.talk())
    assert [trial.held for trial in talks.trials] == [True]
