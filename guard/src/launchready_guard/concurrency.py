"""How many answers are made at once: the rest wait a moment, and what would wait for longer is told so at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from launchready_guard.error_bodies import Refusal


class BusyError(Exception):
    """No place became free in time.

    Attributes:
        refusal: What to answer.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("busy")
        self.refusal = Refusal(503, "busy", retry_after_s=retry_after_s)


class Places:
    """A bounded number of places and a bounded queue before them.

    Args:
        places: Answers made at the same time.
        queue: Requests that wait; one more is refused at once.
        wait_s: Seconds that one waits at most.
        retry_after_s: Seconds after which to ask again.
    """

    def __init__(self, *, places: int, queue: int, wait_s: float, retry_after_s: int) -> None:
        self._free = asyncio.Semaphore(places)
        self._queue = queue
        self._wait_s = wait_s
        self._retry_after_s = retry_after_s
        self.waiting = 0
        self.running = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place.

        Raises:
            BusyError: None became free in time, or too many wait already.
        """
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._free.release()

    async def _wait(self) -> None:
        if self.waiting >= self._queue:
            raise BusyError(self._retry_after_s)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError(self._retry_after_s) from None
        finally:
            self.waiting -= 1
