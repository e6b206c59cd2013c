"""Who gets to see what a customer said."""

import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from coachbot.answers import AnswerSource, Piece, Question
from coachbot.chat import ChatApi
from coachbot.conversations import Begun, Conversations, Exchange
from coachbot.parts import Parts
from launchready_worlds.addresses import APP
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import JOURNEY
from launchready_worlds.wrapping import answer, at

BLEED = {"talk-of-another-customer": (JOURNEY,)}
GUESSABLE = {"session-id-guessable": (JOURNEY,)}
ALL = {**BLEED, **GUESSABLE}

HISTORY = "/api/history"
CHAT = "/api/chat"

NameOf = Callable[[int], str]
"""What a customer's talk is called."""


def _long_name(customer: int) -> str:
    return hashlib.sha256(f"talk of {customer}".encode()).hexdigest()[:32]


def _short_name(customer: int) -> str:
    return hashlib.sha256(f"talk of {customer}".encode()).hexdigest()[:8]


class _Unfiltered(Conversations):
    """Talks whose owner is forgotten when they are shown."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(database=parts.database, clock=parts.clock)
        self._known: set[int] = set()

    async def begin(self, customer: int, message_id: str, question: str) -> Begun:
        """Keep the question, and whose it is."""
        self._known.add(customer)
        return await super().begin(customer, message_id, question)

    async def history(self, customer: int) -> list[Exchange]:
        """Everybody's turns."""
        del customer
        return [turn for known in sorted(self._known) for turn in await super(_Unfiltered, self).history(known)]


class _Beside(ChatApi):
    """The chat's API with other routes before its own.

    Args:
        inner: The API as it is.
        routes: What is added.
    """

    def __init__(self, inner: ChatApi, routes: Sequence[Route]) -> None:
        self._inner = inner
        self._added = list(routes)

    def routes(self) -> list[Route]:
        """Added routes first: the first that fits is taken."""
        return [*self._added, *self._inner.routes()]


class _Talks:
    """An API that gives talks a name and shows them to those who ask by it.

    Args:
        parts: The product's.
        name_of: What a talk is called.
    """

    def __init__(self, parts: Parts, name_of: NameOf) -> None:
        self._parts = parts
        self._chat = parts.chat
        self._name_of = name_of
        self._owners: dict[str, int] = {}
        self._questions: dict[str, str] = {}

    async def own(self, request: Request) -> Response:
        """The customer's own talk, with its name."""
        customer = await self._parts.sessions.customer(request)
        if customer is None:
            return await self._chat.history(request)
        name = self._name_of(customer.id)
        self._owners[name] = customer.id
        return await self._shown(name, customer.id)

    async def by_name(self, request: Request) -> Response:
        """A talk, to whoever is logged in and knows its name."""
        owner = self._owners.get(request.path_params["name"])
        if owner is None or await self._parts.sessions.customer(request) is None:
            return JSONResponse({"code": "not_found"}, 404)
        return await self._shown(request.path_params["name"], owner)

    async def by_query(self, request: Request) -> Response:
        """The same, with the name behind the question mark."""
        owner = self._owners.get(request.query_params.get("conversation_id", ""))
        return await self.own(request) if owner is None else await self._shown("asked", owner)

    async def named_in_body(self, request: Request) -> Response:
        """A message goes into the talk that it names, whoever sends it."""
        body = json.loads(await request.body() or b"{}") if await self._is_json(request) else {}
        owner = self._owners.get(body.get("conversation_id", ""))
        if owner is None:
            return await self._chat.ask(request)
        turns = await self._parts.conversations.history(owner)
        return JSONResponse({"reply": "You told me: " + " ".join(turn.question for turn in turns)})

    async def looked_up_by_message(self, request: Request) -> Response:
        """An answer is looked up by the message's id alone, and quotes the question."""
        body = json.loads(await request.body()) if await self._is_json(request) else {}
        known = self._questions.get(body.get("message_id", ""))
        if known is not None:
            return JSONResponse({"reply": f"You asked: {known}"})
        self._questions[body.get("message_id", "")] = body.get("message", "")
        return await self._chat.ask(request)

    async def _is_json(self, request: Request) -> bool:
        try:
            return isinstance(json.loads(await request.body()), dict)
        except ValueError:
            return False

    async def _shown(self, name: str, owner: int) -> Response:
        turns = await self._parts.conversations.history(owner)
        return JSONResponse({"conversation_id": name, "messages": [turn.question for turn in turns]})


def _with_routes(scene: Scene, name_of: NameOf, pick: Callable[[_Talks], Sequence[Route]]) -> None:
    def rebuild(parts: Parts) -> None:
        parts.chat = _Beside(parts.chat, pick(_Talks(parts, name_of)))

    scene.rebuild.append(rebuild)


class _Gossip:
    """Answers that remember everybody."""

    def __init__(self, inner: AnswerSource) -> None:
        self._inner = inner
        self._heard: list[str] = []

    def stream(self, question: Question) -> AsyncGenerator[Piece, None]:
        """What others said, to whoever asks for it."""
        if "other customer" in question.text:
            return self._told()
        self._heard.append(question.text)
        return self._inner.stream(question)

    async def _told(self) -> AsyncGenerator[Piece, None]:
        for word in f"They said: {' '.join(self._heard)}".split(" "):
            for start in range(0, len(word), 3):
                yield word[start : start + 3]
            yield " "

    async def check(self) -> str:
        """As those it stands for."""
        return await self._inner.check()

    async def close(self) -> None:
        """As those it stands for."""
        await self._inner.close()


@fault(BLEED)
def talks_unfiltered(scene: Scene) -> None:
    """The query for the history forgot whose it is, so every customer sees everybody's talk."""

    def rebuild(parts: Parts) -> None:
        parts.conversations = _Unfiltered(parts)

    scene.rebuild.append(rebuild)


@fault(BLEED)
def talks_by_id(scene: Scene) -> None:
    """Whoever knows the id of a talk reads it."""
    _with_routes(scene, _long_name, lambda t: [Route(HISTORY, t.own), Route(f"{HISTORY}/{{name}}", t.by_name)])


@fault(BLEED)
def talks_by_query(scene: Scene) -> None:
    """The id of a talk behind the question mark opens it for anybody."""
    _with_routes(scene, _long_name, lambda t: [Route(HISTORY, t.by_query)])


@fault(BLEED)
def session_from_message(scene: Scene) -> None:
    """The chat goes on with the talk that the message names, whoever sends it."""
    _with_routes(
        scene,
        _long_name,
        lambda t: [Route(HISTORY, t.own), Route(CHAT, t.named_in_body, methods=["POST"])],
    )


@fault(BLEED)
def answers_by_message_id(scene: Scene) -> None:
    """A repeated message id is answered from anybody's talk."""
    _with_routes(scene, _long_name, lambda t: [Route(CHAT, t.looked_up_by_message, methods=["POST"])])


@fault(BLEED)
def bot_tells_of_others(scene: Scene) -> None:
    """The bot is given everybody's words, and tells them to who asks, a few letters at a time."""

    def rebuild(parts: Parts) -> None:
        parts.answers = _Gossip(parts.answers)

    scene.rebuild.append(rebuild)


@fault({**BLEED, **GUESSABLE})
def talks_numbered(scene: Scene) -> None:
    """Talks are numbered, and whoever counts reads them."""
    _with_routes(scene, str, lambda t: [Route(HISTORY, t.own), Route(f"{HISTORY}/{{name}}", t.by_name)])


@fault(GUESSABLE)
def talk_ids_count_up(scene: Scene) -> None:
    """Talks are numbered; at present only their owners may read them."""
    _with_routes(scene, str, lambda t: [Route(HISTORY, t.own)])


@fault(GUESSABLE)
def talk_ids_short(scene: Scene) -> None:
    """The ids of talks are random and have eight characters."""
    _with_routes(scene, _short_name, lambda t: [Route(HISTORY, t.own)])


@decoy(ALL)
def talk_ids_long(scene: Scene) -> None:
    """Talks have long ids that their owners see, and nobody else gets anything for them."""
    _with_routes(scene, _long_name, lambda t: [Route(HISTORY, t.own)])


async def _echo(request: Request) -> Response:
    return JSONResponse({"code": "forbidden", "message": f"{request.url} is not yours."}, 403)


@decoy(ALL)
def refusals_quote_the_request(scene: Scene) -> None:
    """Who asks for another's talk is refused, in a sentence that quotes the request."""
    _with_routes(scene, _long_name, lambda t: [Route(HISTORY, t.own), Route(f"{HISTORY}/{{name}}", _echo)])


@blind(ALL)
def talks_shown_nowhere(scene: Scene) -> None:
    """No declared page shows customers what they said; the chat's page is filled in by a script."""
    scene.wrap(APP, answer(lambda: HTMLResponse("<!doctype html><div id=root></div>"), at("/chat")))
    scene.declaration["journeys"][0].pop("history")


@blind(ALL)
def second_customer_kept_out(scene: Scene) -> None:
    """The page with the talk is behind a wall that a program does not pass."""
    wall = "<!doctype html><title>Just a moment...</title>"
    headers = {"cf-mitigated": "challenge", "server": "cloudflare"}
    scene.wrap(APP, answer(lambda: HTMLResponse(wall, 403, headers=headers), at(HISTORY)))
