"""A red-team run: plan, controls, conversations, and a file that is judged afterwards."""

import copy
import dataclasses
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.app.audit import utc_now
from launchready.chatting.rights import NotOursError, rights_for
from launchready.config.chat_target import target_of
from launchready.config.redteam import RedteamPlan
from launchready.facts.chat import Reply
from launchready.facts.redteam import Attempt, Manifest, Mode, ToolRule
from launchready.model.chat import Chat, ChatProtocol
from launchready.model.reading import NotSeen
from launchready.net.chat_client import ChatClient, ChatTarget, Conversation, network_for
from launchready.net.clock import Clock
from launchready.net.closed_port import LOOPBACK, closed_port
from launchready.net.cookies import Cookies
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.network import Network
from launchready.oracles.judge import judge_attempts
from launchready.oracles.outcomes import Outcome
from launchready.probes.customers import new_customer
from launchready.probes.endpoints import MAX_REPORT_BYTES, read_commit
from launchready.probes.redteam_record import FILE_NAME, Header
from launchready.redteam.attacks import load_attacks
from launchready.redteam.controls import run_controls
from launchready.redteam.manifest_file import read_manifest
from launchready.redteam.planning import ASKER, OTHER, Plan, Task, make_plan
from launchready.redteam.run import CONCURRENCY, Ended, Runner, Ways
from launchready.redteam.transcript_book import TranscriptBook

NOT_STAGING: Final = (
    "The chat is not declared as a copy that no customer uses, and it is going to be attacked: point url at a staging "
    "copy, and write staging = true under [chat]."
)

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the owner wants of one run; None takes what the file says.

    Attributes:
        manifest: file of what was planted.
        attacks: file of the owner's own attacks.
        out: where transcripts are written; None is `.launchready/redteam.jsonl` beside the file.
        seed: decides numbers and words of markers.
        concurrency: conversations at once.
        max_calls: the most messages; None is no limit.
    """

    seed: int
    manifest: Path | None = None
    attacks: Path | None = None
    out: Path | None = None
    concurrency: int = CONCURRENCY
    max_calls: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that can begin. `whole` is the plan without a limit of messages: our own bots are asked all of it."""

    target: ChatTarget
    declared: RedteamPlan
    plan: Plan
    whole: Plan
    manifest: Manifest | None
    mode: Mode
    out: Path
    chosen: Chosen


def prepare(declared: RedteamPlan, chosen: Chosen) -> Prepared:
    """Read what there is to read, and plan; nothing is sent.

    Raises:
        AttackError: a file of attacks can't be used.
        ManifestError: a manifest can't be used.
        MissingSecretError: a header's value is not set.
    """
    attacks = load_attacks(chosen.attacks or declared.attacks)
    file = chosen.manifest or declared.manifest
    planted = None if file is None else read_manifest(file)
    manifest = _with_declared(planted, declared.chat)
    is_white = planted is not None and bool(planted.canaries or planted.private_texts)
    return Prepared(
        target_of(declared.chat),
        declared,
        make_plan(attacks, manifest, chosen.seed, chosen.max_calls),
        make_plan(attacks, manifest, chosen.seed),
        manifest,
        Mode.WHITE_BOX if is_white else Mode.BLACK_BOX,
        chosen.out or Path(declared.chat.records) / FILE_NAME,
        chosen,
    )


def _with_declared(planted: Manifest | None, chat: Chat) -> Manifest | None:
    """With the tools of `[chat]`, where the manifest names none."""
    if chat.tools is None or (planted is not None and planted.allowed_tools is not None):
        return planted
    rules = tuple(ToolRule(tool.name, role) for tool in chat.tools for role in (tool.roles or ("",)))
    return dataclasses.replace(planted or Manifest(), allowed_tools=rules)


async def attack(prepared: Prepared, network: Network, report: Report) -> Ended:
    """Have every conversation, and write each down as it ends; Ctrl-C keeps those that are over.

    Raises:
        NotOursError: it is another machine's, and nothing shows that it is the owner's, or it is no staging copy.
        NotSeen: nobody could be signed up, where the chat wants it.
        BookError: nothing can be written down.
    """
    dead = Chat(f"http://{LOOPBACK}:{closed_port()}/")
    own = network_for(network, prepared.target.chat.url, prepared.target.chat.version, dead.url)
    connections = max(own.connections_per_host, prepared.chosen.concurrency)
    own = dataclasses.replace(own, connections_per_host=connections)
    dns = DnsClient(own)
    async with HttpClient(own, dns) as http, ChatClient(http) as client:
        await _permitted(prepared.declared, http, dns)
        jars = await _log_ins(prepared.declared, http)
        with TranscriptBook(prepared.out) as book:
            controls = await run_controls(prepared.whole, prepared.manifest, SpokenTo(http, client, ChatTarget(dead)))
            book.begin(await _header(prepared, http), controls)
            ways = Ways(
                has_failed=_failure_by(prepared.manifest),
                keep=book.keep,
                report=report,
                concurrency=prepared.chosen.concurrency,
                max_calls=prepared.chosen.max_calls,
            )
            ended = await Runner(SpokenTo(http, client, prepared.target, jars), prepared.plan, ways).run()
            book.close(interrupted=ended.was_stopped or bool(ended.why))
            return ended


async def _permitted(declared: RedteamPlan, http: HttpClient, dns: DnsClient) -> None:
    clock = Clock(utc_now, time.monotonic)
    rights = await rights_for(declared.chat, declared.product, http, dns, clock)
    if not rights.may_break:
        raise NotOursError(NOT_STAGING)


async def _log_ins(declared: RedteamPlan, http: HttpClient) -> Mapping[str, Cookies]:
    """Cookies of the visitors, who are signed up first where the chat is for customers only."""
    journey = next((one for one in declared.product.journeys if one.name == declared.chat.login), None)
    if journey is None:
        return {}
    clock, jars = Clock(utc_now, time.monotonic), dict[str, Cookies]()
    for name in (ASKER, OTHER):
        async with Visitor(http) as visitor:
            jars[name] = (await new_customer(journey, declared.product, visitor, clock)).visitor.cookies
    return jars


async def _header(prepared: Prepared, http: HttpClient) -> Header:
    version = await _version(prepared.target.chat, http)
    product = prepared.declared.product.name
    plan = prepared.plan
    return Header(utc_now(), product, version, prepared.mode, prepared.manifest, plan.planned, left_out=plan.left_out)


async def _version(chat: Chat, http: HttpClient) -> str:
    """The commit that answers; empty where none is told."""
    if not chat.version:
        return ""
    try:
        answer = await http.fetch(chat.version, max_bytes=MAX_REPORT_BYTES)
    except NotSeen:
        return ""
    return read_commit(answer.body) if answer.status == 200 else ""


def _failure_by(manifest: Manifest | None) -> Callable[[Attempt], bool]:
    def has_failed(attempt: Attempt) -> bool:
        return judge_attempts((attempt,), manifest)[0].outcome is Outcome.FAIL

    return has_failed


class SpokenTo:
    """A bot behind a URL.

    Args:
        http: the way to it.
        client: talks to it, but for WebSockets, which get a client of their own for each conversation.
        target: where it is.
        jars: cookies of visitors who are logged in, by their name; each conversation begins with a copy.
    """

    def __init__(
        self, http: HttpClient, client: ChatClient, target: ChatTarget, jars: Mapping[str, Cookies] | None = None
    ) -> None:
        self._http = http
        self._client = client
        self._target = target
        self._jars = jars or {}

    @asynccontextmanager
    async def talk(self, task: Task) -> AsyncIterator["_Spoken"]:
        """A conversation with cookies and a session of its own."""
        cookies = copy.deepcopy(self._jars.get(task.visitor))
        if self._target.chat.protocol is ChatProtocol.WEBSOCKET:
            async with ChatClient(self._http) as client:
                yield _Spoken(client, client.conversation(self._target, task.visitor, cookies))
        else:
            yield _Spoken(self._client, self._client.conversation(self._target, task.visitor, cookies))


@dataclass(frozen=True, slots=True)
class _Spoken:
    client: ChatClient
    conversation: Conversation

    async def say(self, text: str) -> Reply:
        return await self.client.say(self.conversation, text)
