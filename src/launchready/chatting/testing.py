"""One test of the chat from begin to end, written down as it goes."""

import asyncio
import dataclasses
from typing import Any, Final

from launchready.chatting.failing import fail_once
from launchready.chatting.interrupting import interrupt_all
from launchready.chatting.misusing import misuse_once
from launchready.chatting.ordinary import ask_once, pause_once
from launchready.chatting.restarting import Restart
from launchready.chatting.rights import Rights
from launchready.chatting.stage import Stage, heard
from launchready.facts.chat import Transport
from launchready.facts.chat_trials import BadInput, FailureTrial, InputTrial, Mood
from launchready.model.reading import NotSeen
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.probes.chat_record import FORMAT, ChatRecord, Paused, RecordState, Unseen, encode_record
from launchready.probes.endpoints import read_commit
from launchready.store.book import Book

NO_PROVIDER: Final = (
    "no model was made to fail: run `launchready provider`, point a copy of the product at it, and declare "
    "provider_control and provider_token under [chat]"
)
NO_ANSWER: Final = "an ordinary question was not answered"

MAX_VERSION_BYTES: Final = 16 * 1024
VERSION_S: Final = 10.0
"""Seconds within which the chat has to say its commit."""


class ChatTest:
    """One test.

    Args:
        stage: the chat and its visitors.
        http: for the commit.
        book: where it is written down.
        clock: for the time.
        rights: what may be done.
        restart: the owner's command; None where there is none.

    Attributes:
        record: what was seen so far.
    """

    def __init__(
        self, stage: Stage, http: HttpClient, book: Book, clock: Clock, rights: Rights, restart: Restart | None
    ) -> None:
        self._stage = stage
        self._http = http
        self._book = book
        self._clock = clock
        self._rights = rights
        self._restart = restart
        chat = stage.chat
        self.record = ChatRecord(FORMAT, RecordState.BEGUN, clock.now(), chat.url, chat.declared)

    async def run(self) -> None:
        """Take every part; what was seen is written down also where it is broken off.

        Raises:
            ControlError: the provider can't be switched.
            NotSeen: no visitor could be signed up.
            BookError: nothing can be written down.
        """
        started = self._clock.tick()
        self._book.write(encode_record(self.record))
        state = RecordState.INTERRUPTED
        try:
            await self._take_parts()
            state = RecordState.ENDED
        finally:
            took_s = round(self._clock.tick() - started, 1)
            self._note(state=state, took_s=took_s)
            self._book.write(encode_record(self.record))

    async def _take_parts(self) -> None:
        if self._stage.control is not None:
            await self._stage.control.set(None)
        self._note(commit=await self._commit())
        reply = await ask_once(self._stage)
        self._note(answer=heard(reply))
        if reply.transport is not Transport.OK:
            for part in ("streaming", "continuity", "input", "failures"):
                self._skip(part, NO_ANSWER)
            return
        for take in (self._streaming, self._continuity, self._input, self._failures):
            await take()

    async def _streaming(self) -> None:
        paused = await pause_once(self._stage)
        if isinstance(paused, Paused):
            self._note(streaming=paused)
        else:
            self._skip(paused.part, paused.detail)

    async def _continuity(self) -> None:
        talks = await interrupt_all(self._stage, self._restart)
        self._note(continuity=tuple(talks.trials), unseen=(*self.record.unseen, *talks.unseen))

    async def _input(self) -> None:
        if not self._rights.may_break:
            self._skip("input", self._rights.detail)
            return
        trials: list[InputTrial] = []
        for kind in BadInput:
            trials.append(await misuse_once(self._stage, kind))
            self._note(input=tuple(trials))

    async def _failures(self) -> None:
        control = self._stage.control
        if control is None or not self._rights.may_break:
            self._skip("failures", self._rights.detail if not self._rights.may_break else NO_PROVIDER)
            return
        trials: list[FailureTrial] = []
        for mood in Mood:
            seen = await fail_once(self._stage, control, mood)
            if isinstance(seen, Unseen):
                self._skip(seen.part, seen.detail)
            else:
                trials.append(seen)
                self._note(failures=tuple(trials))

    async def _commit(self) -> str:
        """The commit that the chat says it runs; empty where it says none."""
        url = self._stage.chat.version
        if not url:
            return ""
        try:
            async with asyncio.timeout(VERSION_S):
                response = await self._http.fetch(url, max_bytes=MAX_VERSION_BYTES)
        except (NotSeen, TimeoutError):
            return ""
        return read_commit(response.body) if response.status == 200 else ""

    def _note(self, **seen: Any) -> None:
        self.record = dataclasses.replace(self.record, **seen)

    def _skip(self, part: str, detail: str) -> None:
        self._note(unseen=(*self.record.unseen, Unseen(part, detail)))
