"""Release a commit, and bring a former one back: the steps, in an order after which the state is always known.

    gates -> is there a way back? -> `began` on disk -> the owner's command -> look -> (the former release back, look)
    -> `ended` on disk

Nothing is touched before `began` is on the disk. Whatever happens after it, a look at the public name ends the run.
"""

import asyncio
import contextlib
import getpass
import platform
import re
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from launchready.config.deploy import DeployPlan
from launchready.deliver import gates
from launchready.deliver.checkout import CheckoutError, Repository
from launchready.deliver.commands import Ran, Surroundings, run
from launchready.deliver.looking import Eyes, Look, Visitor, is_same
from launchready.deliver.records import RecordError, Records
from launchready.deliver.running import running_manifest
from launchready.model.reading import NotSeen
from launchready.net.clock import Clock
from launchready.parse.manifest import Manifest, compare, digest_of, lines_of
from launchready.parse.migrations import OneWay
from launchready.parse.release_log import Kind, Log, Phase, Record, Result
from launchready.probes.release_files import GOOD_RESULTS, manifest_of, unfinished

STEPS_SHOWN: Final = 3
"""Steps of migrations that one sentence names."""

LAST_LOOK_S: Final = 3.0
"""Seconds of looking after a command failed: enough for the looks that tell whether the former release still works."""


_HASH: Final = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `is_accepted` says that the owner knows of steps that can't go back."""

    commit: str
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, what is live now, and in one sentence what that means."""

    record: Record
    sentence: str
    was_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Runner:
    """All that a release needs. `say` is narration, `show` a line of a command's output."""

    plan: DeployPlan
    repository: Repository
    records: Records
    eyes: Eyes
    clock: Clock
    say: Callable[[str], None]
    show: Callable[[str], None]

    async def deploy(self, order: Order) -> Outcome:
        """Release a commit.

        Raises:
            CheckoutError: the commit can't be released from this repository.
            RecordError: nothing can be written down, so nothing was touched.
        """
        log = self.records.read()
        await self._tell_of_uncommitted(order.commit)
        before = await self._before(log)
        draft = self.draft(Kind.DEPLOY, order.commit, before.commit)
        async with self._folder(order.commit) as folder:
            around = self.around(folder, draft)
            refusal = await self._ask_gates(order.commit, around)
            one_way = "" if refusal else await self._one_way(order.commit, before.commit, around)
            if one_way and not order.is_accepted:
                refusal = f"it can't be taken back: {one_way}. Where that is meant, add --one-way"
            if refusal:
                return self.end(draft, Result.REFUSED, before, f"Nothing was touched: {refusal}.")
            self.records.append(draft)
            way_back = "" if one_way else draft.before or self.last_good(log, draft.commit)
            return await self._watched(draft, self._release(draft, around, way_back))

    async def rollback(self, target: str) -> Outcome:
        """Bring a commit back that was live before.

        Raises:
            RecordError: nothing can be written down, so nothing was touched.
        """
        before = await self._before(self.records.read())
        with contextlib.suppress(CheckoutError):
            steps = await self.repository.one_way_steps(target, before.commit)
            if steps:
                self.say(f"Careful: since then {_steps(steps)}; the older release likely can't live with that.")
        draft = self.draft(Kind.ROLLBACK, target, before.commit)
        self.records.append(draft)
        around = self.around(self.plan.base, draft)
        return await self._watched(draft, self._go_back(around, target))

    def last_good(self, log: Log, live: str) -> str:
        """The newest commit that was seen to work and is not the one that is live; empty where there is none."""
        for record in reversed(log.records):
            if record.result in GOOD_RESULTS and record.live and not is_same(record.live, live):
                return record.live
        return ""

    async def _before(self, log: Log) -> Look:
        """What is live before anything is touched; and what a run that was cut off left unsaid."""
        if unfinished(log) is not None or log.is_last_torn:
            self.say("The last release was cut off before its end was written down; what it left is seen now.")
        before = await self.eyes.look()
        self.say(f"Live now: {before.detail}.")
        return before

    async def _release(self, draft: Record, around: Surroundings, way_back: str) -> "_End":
        self.say(f"Releasing {draft.commit[:12]}.")
        ran = await run(self.plan.deploy, draft.commit, around)
        if ran.is_good:
            seen = await self.eyes.wait_for(draft.commit, self.plan.healthy_within_s, self.say)
            if seen.is_release(draft.commit):
                kept = await self._keep_manifest(draft.commit, around)
                again = f" {_counted(kept)} from its former release." if kept.differs else ""
                return _End(Result.LIVE, seen, f"{draft.commit[:12]} is live and well.{again}", kept)
            within = f"within {self.plan.healthy_within_s:g} seconds"
            failure = f"{draft.commit[:12]} was not live and well {within}: {seen.detail}"
        else:
            failure = f"the deploy command {ran.words}"
            seen = await self.eyes.wait_for(draft.before, LAST_LOOK_S, self.say)
        if draft.before and seen.is_release(draft.before):
            return _End(Result.UNCHANGED, seen, f"The release failed, {failure}; the former one is live and well.")
        self.say(f"It failed: {failure}.")
        return await self._mend(around, seen, failure, "" if is_same(way_back, draft.commit) else way_back)

    async def _mend(self, around: Surroundings, seen: Look, failure: str, target: str) -> "_End":
        """After a failed release: the former one back, where that is possible and would help."""
        if seen.is_blind:
            return _End(Result.UNKNOWN, seen, f"What is live is unknown, for we can't see it: {seen.detail}.")
        if not target:
            why = "nothing is brought back by itself: data may not fit a former release, or none is known"
            return _End(Result.BROKEN, seen, f"The release failed, {failure}; {why}.")
        end = await self._go_back(around, target)
        if end.result is Result.LIVE:
            return replace(end, result=Result.ROLLED_BACK, sentence=f"The release failed, {failure}. {end.sentence}")
        return replace(end, sentence=f"The release failed, {failure}. {end.sentence}")

    async def _go_back(self, around: Surroundings, target: str) -> "_End":
        self.say(f"Bringing {target[:12]} back.")
        began = self.clock.tick()
        ran = await run(self.plan.rollback, target, around)
        seen = await self.eyes.wait_for(target, self.plan.healthy_within_s if ran.is_good else LAST_LOOK_S, self.say)
        took_s = self.clock.tick() - began
        if seen.is_release(target):
            await self._keep_manifest(target, around)
            note = "" if ran.is_good else f", though the rollback command {ran.words}"
            return _End(Result.LIVE, seen, f"{target[:12]} is back and well after {took_s:.1f} seconds{note}.")
        return _failed_return(target, ran, seen)

    async def _watched(self, draft: Record, work: "Coroutine[None, None, _End]") -> Outcome:
        """Do the work with a light visitor beside it; however it ends, look, and write down what is live."""
        visitor, began, was_stopped = Visitor(self.eyes), self.clock.tick(), False
        async with asyncio.TaskGroup() as group:
            visits = group.create_task(visitor.visit())
            try:
                end = await work
            except asyncio.CancelledError:
                was_stopped = _take_back_cancellation()
                self.say("Stopped. Looking what is live now; wait a moment.")
                seen = await self.eyes.wait_for(draft.commit, LAST_LOOK_S, self.say)
                end = _stopped(draft, seen)
            finally:
                visits.cancel()
        draft = replace(
            draft,
            digest=end.kept.digest,
            named=end.kept.differs,
            took_s=round(self.clock.tick() - began, 2),
            down_s=round(visitor.down_s, 2),
            asked=visitor.asked,
            failed=visitor.failed,
        )
        return replace(self.end(draft, end.result, end.seen, end.sentence), was_stopped=was_stopped)

    def end(self, draft: Record, result: Result, seen: Look, sentence: str) -> Outcome:
        """Write down how it ended."""
        record = replace(
            draft, phase=Phase.ENDED, at=self.clock.now(), result=result, live=seen.commit, detail=sentence
        )
        try:
            self.records.append(record)
        except RecordError as error:  # what happened has happened: it is told, also where it can't be written down
            self.say(f"This could NOT be written down: {error}.")
        return Outcome(record, sentence)

    def draft(self, kind: Kind, commit: str, before: str) -> Record:
        """The line of a beginning, not written down yet."""
        now = self.clock.now()
        return Record(_new_id(now), kind, Phase.BEGAN, now, _who(), commit, before if _is_hash(before) else "")

    def around(self, folder: Path, draft: Record) -> Surroundings:
        """Where the commands of one release run, and what they are told besides the commit."""
        variables = {"LAUNCHREADY_PREVIOUS_COMMIT": draft.before, "LAUNCHREADY_RELEASE": draft.id}
        log = self.records.output_path(draft.id)
        return Surroundings(folder, variables, self.plan.command_limit_s, self.show, log)

    @contextlib.asynccontextmanager
    async def _folder(self, commit: str) -> AsyncIterator[Path]:
        if self.plan.is_clean:
            async with self.repository.copy(commit) as folder:
                yield folder
        else:
            yield Path(self.plan.repository)

    async def _tell_of_uncommitted(self, commit: str) -> None:
        changed = await self.repository.uncommitted()
        if self.plan.is_clean:
            if changed:
                self.say(f"{len(changed)} changed or new files are not committed, and are left out.")
            return
        if changed:
            raise CheckoutError(
                f"{len(changed)} files are not committed, {changed[0][3:]} first. Commit or remove them."
            )
        if await self.repository.commit() != commit:
            raise CheckoutError("The folder stands on another commit. Type `git checkout`, or set clean = true.")

    async def _ask_gates(self, commit: str, around: Surroundings) -> str:
        """Why the gates refuse; empty where all are green."""
        refusals = []
        for gate in self.plan.gates:
            self.say(f"Gate {gate.name}.")
            answer = await gates.ask(gate, commit, self.plan.base, around, self.clock.now())
            if answer.blocks:
                refusals.append(f"gate {gate.name} is {answer.blocks}")
        return "; ".join(refusals)

    async def _one_way(self, commit: str, before: str, around: Surroundings) -> str:
        """Why the release could not be taken back; empty where nothing says so."""
        if not self.plan.is_reversible:
            return "launchready.toml says reversible = false"
        if self.plan.migrate_check is not None:
            ran = await run(self.plan.migrate_check, commit, around)
            if not ran.is_good:
                return f"migrate_check {ran.words}"
        try:
            steps = await self.repository.one_way_steps(before, commit)
        except CheckoutError as error:
            self.say(f"Whether data can go back is not known: {error}.")
            return ""
        return f"likely, {_steps(steps)}" if steps else ""

    async def _keep_manifest(self, commit: str, around: Surroundings) -> "_Kept":
        """Write down what was released, and hold it against the former release of the same commit, if there was one."""
        written = self.plan.delivery.written
        try:
            manifest = await running_manifest(self.plan, commit, around)
            differs = self._differing(commit, manifest)
            self.records.keep_manifest(commit, manifest)
        except NotSeen as unseen:
            self.say(f"What runs on the host was not written down, so later edits there can't be told: {_why(unseen)}.")
            return _NOTHING_KEPT
        return _Kept(digest_of(manifest, written), differs)

    def _differing(self, commit: str, manifest: Manifest) -> tuple[str, ...]:
        try:
            former = manifest_of(str(self.records.folder), commit)
        except NotSeen:
            return ()
        return tuple(lines_of(compare(former, replace(manifest, environment=()), self.plan.delivery.written)))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on record of the files of a release, and in which ones it differs from the one before it."""

    digest: str = ""
    differs: tuple[str, ...] = ()


_NOTHING_KEPT: Final = _Kept()


@dataclass(frozen=True, slots=True)
class _End:
    result: Result
    seen: Look
    sentence: str
    kept: _Kept = _NOTHING_KEPT


def _counted(kept: _Kept) -> str:
    """How much differs, as the beginning of a sentence."""
    more = f" and {len(kept.differs) - 1} more" if len(kept.differs) > 1 else ""
    return f"It differs ({kept.differs[0]}{more})"


def _failed_return(target: str, ran: Ran, seen: Look) -> _End:
    how = "" if ran.is_good else f" (the rollback command {ran.words})"
    if seen.is_blind:
        return _End(Result.UNKNOWN, seen, f"Whether {target[:12]} is back is unknown{how}: {seen.detail}.")
    return _End(Result.BROKEN, seen, f"{target[:12]} is NOT back{how}: {seen.detail}.")


def _stopped(draft: Record, seen: Look) -> _End:
    """What is true after somebody stopped us in the middle."""
    if seen.is_release(draft.commit):
        return _End(Result.LIVE, seen, f"Stopped, but {draft.commit[:12]} is live and well.")
    if draft.before and seen.is_release(draft.before):
        return _End(Result.UNCHANGED, seen, f"Stopped; {draft.before[:12]} is still live and well.")
    result = Result.UNKNOWN if seen.is_blind else Result.BROKEN
    return _End(result, seen, f"Stopped in the middle; what is live is not well: {seen.detail}.")


def _steps(steps: tuple[OneWay, ...]) -> str:
    more = f" and {len(steps) - STEPS_SHOWN} more" if len(steps) > STEPS_SHOWN else ""
    return "; ".join(f"{s.path} line {s.line} {s.what}" for s in steps[:STEPS_SHOWN]) + more


def _why(error: NotSeen | RecordError) -> str:
    return error.detail if isinstance(error, NotSeen) else str(error)


def _take_back_cancellation() -> bool:
    """We were told to stop, and do so in order: the task goes on for a last look. A second time ends it at once."""
    task = asyncio.current_task()
    assert task is not None
    task.uncancel()
    return True


def _new_id(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _who() -> str:
    """Who released it, as this machine knows them."""
    try:
        return f"{getpass.getuser()}@{platform.node()}"
    except (KeyError, OSError):  # a container may run as a number that has no name
        return f"nobody@{platform.node()}"


def _is_hash(text: str) -> bool:
    return _HASH.fullmatch(text) is not None
