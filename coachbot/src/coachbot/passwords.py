"""Passwords: hashed slowly on purpose, and never on the event loop."""

import argon2
from anyio import CapacityLimiter, to_thread
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MEMORY_KIB = 19 * 1024
TIME_COST = 2
PARALLELISM = 1
"""OWASP's minimum for Argon2id: about 20 ms a hash, so ten people who sign up at once wait a tenth of a second."""

MAX_AT_ONCE = 2
"""Hashes computed at the same time: bounds the memory (19 MiB each) and leaves the event loop its share."""

MIN_PASSWORD_CHARS = 10
"""Shortest password (NIST SP 800-63B asks for 8, and for 15 without a second factor)."""

MAX_PASSWORD_CHARS = 200
"""Longest password: long enough for any pass phrase, short enough not to be a load."""


class Passwords:
    """Hashes and verifies passwords with Argon2id in worker threads.

    Args:
        memory_kib: Memory of one hash.
        time_cost: Passes over it.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, time_cost: int = TIME_COST) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=PARALLELISM)
        self._threads = CapacityLimiter(MAX_AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store, with its salt and parameters inside."""
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._threads)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` belongs to the stored hash.

        Args:
            stored: The stored hash; None when there is no such account: that takes as long, so the time tells nothing.
            password: What was typed.
        """
        if stored is None:
            self._nobody = self._nobody or await self.hash("")
            await to_thread.run_sync(self._matches, self._nobody, password, limiter=self._threads)
            return False
        return await to_thread.run_sync(self._matches, stored, password, limiter=self._threads)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
