"""Slows down guessing of passwords without locking out a family, an office or a workshop.

Failures count, log-ins that succeed don't: ten people behind one address may log in at the same time.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from math import ceil
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

WINDOW_MINUTES = 15
"""Minutes a failure is remembered: a pause that a forgetful customer can sit out."""

ACCOUNT_FAILURES = 5
"""Failures per account in one window: 480 guesses a day against one password (OWASP ASVS 2.2.1 allows 100 an hour)."""

ADDRESS_FAILURES = 50
"""Failures per client address in one window: a workshop of ten people with five slips each still gets in."""


class ThrottledError(Exception):
    """Too many failures; the attempt was not judged.

    Attributes:
        retry_after_s: Whole seconds until another attempt is judged, at least 1 (for `Retry-After`, RFC 9110 10.2.3).
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Attempt(Protocol):
    """One log-in that is being judged."""

    async def failed(self) -> None:
        """Count the attempt as a failure."""

    async def succeeded(self) -> None:
        """Forget the failures of this account."""


class LoginThrottle:
    """Counts failed log-ins by account and by client address in a moving window.

    An attempt that is still being judged counts too, so a hundred guesses sent at once are not all judged.

    Args:
        storage: Where counts live; in this process by default. Several processes share a Redis one from `limits`.
        account_limit: Failures per account.
        address_limit: Failures per client address.
        count: Called for each failure, for metrics.
    """

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        account_limit: RateLimitItem | None = None,
        address_limit: RateLimitItem | None = None,
        count: Callable[[], None] | None = None,
    ) -> None:
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())
        self._account_limit = account_limit or RateLimitItemPerMinute(ACCOUNT_FAILURES, WINDOW_MINUTES)
        self._address_limit = address_limit or RateLimitItemPerMinute(ADDRESS_FAILURES, WINDOW_MINUTES)
        self._count = count
        self._in_flight: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def attempt(self, *, account: str, address: str, now_s: float) -> AsyncIterator[Attempt]:
        """Judge one log-in inside the `async with`.

        Args:
            account: The account's name, in the one spelling that the product compares.
            address: The client's address.
            now_s: Seconds since the epoch.

        Raises:
            ThrottledError: The account or the address has no attempt left.
        """
        keys = [(self._account_limit, ("account", account)), (self._address_limit, ("address", address))]
        # Counted before it is compared, with no pause between: of attempts sent at once each sees the others.
        self._in_flight.update(key for _limit, key in keys)
        try:
            for limit, key in keys:
                await self._refuse_if_spent(limit, key, now_s)
            yield _Judged(self._limiter, self._account_limit, keys, self._count)
        finally:
            self._in_flight.subtract(key for _limit, key in keys)
            self._in_flight += Counter()  # drops the keys that are back at zero, so the table can't grow for ever

    async def _refuse_if_spent(self, limit: RateLimitItem, key: tuple[str, str], now_s: float) -> None:
        window = await self._limiter.get_window_stats(limit, *key)
        if window.remaining >= self._in_flight[key]:
            return
        # While some are left, only attempts in flight stand in the way: they end within a moment.
        wait_s = window.reset_time - now_s if window.remaining <= 0 else 1
        raise ThrottledError(max(1, ceil(wait_s)))


class _Judged:
    def __init__(
        self,
        limiter: MovingWindowRateLimiter,
        account_limit: RateLimitItem,
        keys: list[tuple[RateLimitItem, tuple[str, str]]],
        count: Callable[[], None] | None,
    ) -> None:
        self._limiter = limiter
        self._account_limit = account_limit
        self._keys = keys
        self._count = count

    async def failed(self) -> None:
        if self._count is not None:
            self._count()
        for limit, key in self._keys:
            await self._limiter.hit(limit, *key)

    async def succeeded(self) -> None:
        for limit, key in self._keys:
            if limit is self._account_limit:
                await self._limiter.clear(limit, *key)
