"""`python -m launchready_worlds selftest`: put an auditor before every case, and score what it says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launchready_worlds.cases import Case, all_cases
from launchready_worlds.folder import world_folder
from launchready_worlds.pipes import CommandError, commands, emit
from launchready_worlds.score import Score
from launchready_worlds.world import World


class _Run:
    """One run through the cases."""

    def __init__(self, world: World, cases: Sequence[Case]) -> None:
        self._world = world
        self._cases = cases
        self._score = Score()
        self._asked = 0
        """Cases handed out; the last one is being answered."""

    async def next(self) -> None:
        """Prepare the next case and hand it out, or the score when there is none left."""
        if self._asked == len(self._cases):
            emit("score", **self._score.report())
            return
        case = self._cases[self._asked]
        self._asked += 1
        await self._world.reset(*filter(None, [case.situation]))
        emit(
            "case",
            case=self._asked,
            of=len(self._cases),
            check=case.check,
            config=str(self._world.config),
            patience_s=case.patience_s,
        )

    def verdict(self, number: int, results: Sequence[dict[str, str]]) -> None:
        """Take the answer to the case that was handed out last.

        Raises:
            CommandError: It is about another case.
        """
        if number != self._asked:
            raise CommandError(f"case {number} is not the one that was asked: {self._asked}")
        self._score.take(number, self._cases[number - 1], results)


async def selftest(only: Sequence[str], folder: Path | None) -> None:
    """Run through the cases until stdin ends.

    Args:
        only: Check ids; empty means all.
        folder: Where the world keeps its files; None for a temporary folder.

    Raises:
        UnknownCheckError: There is no such check.
    """
    cases = all_cases(only)
    with world_folder(folder) as path:
        async with commands() as source, World.start(path) as world:
            emit("network", **world.network())
            run = _Run(world, cases)
            while True:
                try:
                    command = await source.next()
                    if command["do"] == "stop":
                        return
                    await _obey(run, command)
                except CommandError as error:
                    emit("error", message=str(error))


async def _obey(run: _Run, command: dict[str, Any]) -> None:
    match command:
        case {"do": "next"}:
            await run.next()
        case {"do": "verdict", "case": int(number), "results": list(results)}:
            run.verdict(number, results)
        case _:
            raise CommandError(f"not a command here: {command['do']}")
