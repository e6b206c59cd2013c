"""Readings inside a fact: each part that a probe discovers is seen or not seen by itself."""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable
from typing import Any, TypeVar

from launchready.model.reading import Measured, NotSeen, Unmeasured
from launchready.net.clock import Clock

T = TypeVar("T")


async def reading_of(look: Awaitable[T], clock: Clock) -> Measured[T] | Unmeasured:
    """What came of one look: its value, or why it was not seen. Only `NotSeen` becomes a reading."""
    started = clock.tick()
    try:
        value = await look
    except NotSeen as unseen:
        return Unmeasured(unseen.why, unseen.detail, clock.now())
    return Measured(value, clock.now(), round(clock.tick() - started, 4))


async def all_at_once(looks: Iterable[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
    """The results of looks taken at the same time, in their order; none of them may raise `NotSeen`."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(look) for look in looks]
    return tuple(task.result() for task in tasks)
