"""Start what was built with one variable removed, then malformed, and see whether it stops and says which."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from launchready.config.keys import CommandLine
from launchready.deliver.canaries import Canary, is_needed, malformed
from launchready.deliver.sandbox import Ran, Room, Stop, run
from launchready.facts.build import Trial, TrialEnd, TrialKind
from launchready.probes.build_record import Starts

AT_ONCE: Final = 4
"""Starts at the same time in sandboxes of their own; more would make a small machine slow, and a slow start late."""

PATIENCE: Final = 3
"""How many times as long a start gets before it is said to go on."""

MAX_READ_BYTES: Final = 2**20
"""What is read of what a start prints: the reason comes first."""


@dataclass(frozen=True, slots=True)
class Start:
    """The product's start: the command, where it runs, and seconds after which it counts as running."""

    command: CommandLine
    room: Room
    limit_s: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """One start: what was done to which variable, and what all variables are then."""

    canary: Canary
    kind: TrialKind
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a start ended, and what it printed."""

    ran: Ran
    words: str

    @property
    def went_on(self) -> bool:
        """Whether it was still running at the end of its time."""
        return self.ran.stop is Stop.TIME


def attempts(canaries: Sequence[Canary], settings: Mapping[str, str]) -> Iterator[Attempt]:
    """Every start that is to be tried: only variables that the product can't run without are touched."""
    good = {**{canary.variable.name: canary.value for canary in canaries}, **settings}
    for canary in canaries:
        name = canary.variable.name
        if not is_needed(canary.variable) or name in settings:
            continue
        yield Attempt(canary, TrialKind.REMOVED, {key: value for key, value in good.items() if key != name})
        bad = malformed(canary.variable)
        if bad is not None:
            yield Attempt(canary, TrialKind.MALFORMED, {**good, name: bad})


async def try_starts(
    start: Start, canaries: Sequence[Canary], settings: Mapping[str, str], report: Callable[[str], None]
) -> Starts:
    """Start it well first, then once for each variable and each thing that is done to it."""
    good = {**{canary.variable.name: canary.value for canary in canaries}, **settings}
    well = await _start(start, good, "well")
    todo = list(attempts(canaries, settings))
    report(f"Starting it {len(todo)} times with a variable that is not as it should be")
    ends = await _all(start, todo)
    ends = await _looked_at_again(start, todo, ends)
    trials: list[Trial] = []
    untold: list[str] = []
    for one, end in zip(todo, ends, strict=True):
        told = judge(one.canary.variable.name, end, well)
        if told is None:
            untold.append(f"{one.canary.variable.name} {one.kind.value}: the product does not start with good values")
        else:
            trials.append(Trial(one.canary.variable.name, one.kind, told))
    return Starts(tuple(trials), tuple(untold))


def judge(name: str, end: Ended, well: Ended) -> TrialEnd | None:
    """What a start says; None where the start with good values ended badly, too, so that nothing can be told.

    Args:
        name: the variable that was not as it should be.
        end: how this start ended.
        well: how the start with good values ended.
    """
    is_bad_anyway = not well.went_on and not well.ran.is_good
    is_named = names_it(name, end.words) and not (is_bad_anyway and names_it(name, well.words))
    stopped = not end.went_on and (end.ran.code != 0 or well.went_on)
    if stopped and is_named:
        return TrialEnd.NAMED
    if is_bad_anyway:
        return None
    return TrialEnd.SILENT if stopped else TrialEnd.RAN


def names_it(name: str, words: str) -> bool:
    """Whether a variable's whole name stands in what was printed, in any letters: some tools use their own fields."""
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", words, re.IGNORECASE) is not None


async def _all(start: Start, todo: Sequence[Attempt]) -> list[Ended]:
    gate = asyncio.Semaphore(AT_ONCE if start.room.is_sandboxed else 1)  # without walls they would share one port

    async def gated(attempt: Attempt, called: str) -> Ended:
        async with gate:
            return await _start(start, attempt.variables, called)

    async with asyncio.TaskGroup() as tasks:
        started = [tasks.create_task(gated(one, f"trial-{number}")) for number, one in enumerate(todo)]
    return [task.result() for task in started]


async def _looked_at_again(start: Start, todo: Sequence[Attempt], ends: Sequence[Ended]) -> list[Ended]:
    """What went on gets more time, alone: on a busy machine a good check of variables is late, and nobody to blame.

    Where the first one goes on all the same, so do the others.
    """
    patient = replace(start, limit_s=start.limit_s * PATIENCE)
    looked_at = list(ends)
    for number, end in enumerate(ends):
        if end.went_on:
            looked_at[number] = await _start(patient, todo[number].variables, f"again-{number}")
            if looked_at[number].went_on:
                break
    return looked_at


async def _start(start: Start, variables: Mapping[str, str], called: str) -> Ended:
    """One start with a home and temporary files of its own; it reaches nothing but itself."""
    spare = start.room.spare / called
    room = replace(start.room, spare=spare, has_network=False)
    spare.mkdir(parents=True, exist_ok=True)
    log = spare / "log"
    log.touch()
    ran = await run(start.command, room, variables, log, start.limit_s)
    return Ended(ran, _words(log))


def _words(log: Path) -> str:
    with log.open("rb") as stream:
        return stream.read(MAX_READ_BYTES).decode("utf-8", "replace")
