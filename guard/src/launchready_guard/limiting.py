"""How often who may ask: budgets of requests per session, per client and for everybody together.

Counted by the `limits` library in windows that begin with the first request. What a client's budget refuses does not
count for everybody's, so one who floods does not use up what belongs to all.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from starlette.types import ASGIApp, Receive, Scope, Send

from launchready_guard.client import ClientAddresses
from launchready_guard.error_bodies import Refusal, answer
from launchready_guard.store import MemoryStore, Store, StoreError, epoch_s

FALLBACK_NOTE_S = 60.0
"""Seconds between two log lines that the shared store is gone: once a minute is enough to be woken by."""

KEY_CHARS = 32
"""Hex digits kept of a hashed session or address: 128 bits; the store never holds a session's own id."""

REMEMBERED = 4096
"""Visitors whose key is not worked out again."""

IPV6_CLIENT_PREFIX = 64
"""Bits of an IPv6 address that make one client: a household gets a whole /64 to choose addresses from (RFC 6177)."""


class Per(StrEnum):
    """Who shares a budget."""

    SESSION = "session"
    CLIENT = "client"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` requests in `seconds` seconds.

    Raises:
        ValueError: Either is not positive.
    """

    times: int
    seconds: int
    per: Per = Per.CLIENT

    def __post_init__(self) -> None:
        """Refuse what would let nobody in."""
        if self.times < 1 or self.seconds < 1:
            raise ValueError(f"a rate needs at least 1 request in 1 second, not {self.times} in {self.seconds} s")


@dataclass(frozen=True, slots=True)
class Rule:
    """The budgets of some paths.

    Attributes:
        name: Short and stable; part of the key, and of metrics.
        paths: Exact paths; one that ends with `*` stands for all that begin so.
        rates: All have to allow a request.
        methods: Methods that count; empty for all.
    """

    name: str
    paths: tuple[str, ...]
    rates: tuple[Rate, ...]
    methods: frozenset[str] = frozenset({"POST"})

    def covers(self, method: str, path: str) -> bool:
        """Whether a request is counted by this rule."""
        return (not self.methods or method in self.methods) and matches(self.paths, path)


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks.

    Attributes:
        client: The client's address.
        session: Id of the session; empty without one, then the client stands for it.
    """

    client: str
    session: str = ""

    def key(self, per: Per) -> str:
        """The name under which this one is counted."""
        match per:
            case Per.EVERYBODY:
                return "everybody"
            case Per.SESSION if self.session:
                return _hashed(f"session {self.session}")
            case _:
                return _hashed(f"client {client_network(self.client)}")


class StoreStorage(Storage):
    """Lets `limits` count in one of our stores."""

    STORAGE_SCHEME = None

    def __init__(self, store: Store) -> None:
        super().__init__(wrap_exceptions=True)
        self._store = store

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a store raises when it is gone."""
        return StoreError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter."""
        return (await self._store.add(key, amount, lifetime_s=expiry)).total

    async def get(self, key: str) -> int:
        """Read a counter."""
        return (await self._store.count(key)).total

    async def get_expiry(self, key: str) -> float:
        """When the counter begins anew, in seconds since the epoch."""
        return (await self._store.count(key)).expires_at

    async def check(self) -> bool:
        """Whether the store is there."""
        await self._store.check()
        return True

    async def reset(self) -> int | None:
        """Not offered: the store holds more than counts of requests."""
        return None

    async def clear(self, key: str) -> None:
        """Forget a counter."""
        await self._store.forget(key)


@dataclass(slots=True)
class _Counting:
    """A limiter, and whether its store was gone when last asked."""

    limiter: FixedWindowRateLimiter
    noted_at: float = field(default=float("-inf"))


class Limits:
    """Judges requests by rules.

    While the shared store is gone, each process counts on its own: a visitor notices nothing, and with n workers the
    budgets are n times as large until it is back.

    Args:
        rules: Budgets; a request has to pass each rule that covers it.
        store: One of our stores, or an async storage of the `limits` library (Redis).
        logger: Where a lost store is noted.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        store: Store | Storage,
        *,
        logger: logging.Logger | None = None,
        clock: Callable[[], float] = epoch_s,
    ) -> None:
        self._rules = [(rule, [(rate, _item(rule, rate)) for rate in _narrowest_first(rule.rates)]) for rule in rules]
        storage = store if isinstance(store, Storage) else StoreStorage(store)
        theirs = storage.base_exceptions  # what a storage of `limits` raises unless it was told to wrap it
        lost = theirs if isinstance(theirs, tuple) else (theirs,)
        self._lost: tuple[type[Exception], ...] = (StorageError, OSError, *lost)
        self._shared = _Counting(FixedWindowRateLimiter(storage))
        self._local = FixedWindowRateLimiter(StoreStorage(MemoryStore(clock)))
        self._logger = logger
        self._clock = clock

    async def judge(self, method: str, path: str, who: Who) -> Refusal | None:
        """Count a request; None lets it pass."""
        for rule, rates in self._rules:
            if not rule.covers(method, path):
                continue
            for rate, item in rates:
                wait_s = await self._wait_s(item, who.key(rate.per))
                if wait_s is not None:
                    return Refusal(429, f"too_many_requests_{rate.per.value}", retry_after_s=wait_s)
        return None

    def rule_of(self, method: str, path: str) -> str:
        """Name of the first rule that covers a request; empty when none does."""
        return next((rule.name for rule, _rates in self._rules if rule.covers(method, path)), "")

    async def _wait_s(self, item: RateLimitItem, key: str) -> int | None:
        try:
            return await self._asked(self._shared.limiter, item, key)
        except self._lost:
            self._note()
            return await self._asked(self._local, item, key)

    async def _asked(self, limiter: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> int | None:
        if await limiter.hit(item, key):
            return None
        window = await limiter.get_window_stats(item, key)
        return max(1, ceil(window.reset_time - self._clock()))

    def _note(self) -> None:
        now_s = self._clock()
        if self._logger is not None and now_s - self._shared.noted_at >= FALLBACK_NOTE_S:
            self._shared.noted_at = now_s
            self._logger.error("limits-store-gone", extra={"outcome": "counting-in-this-process"})


class Limited:
    """Refuses requests beyond their budgets, where `ChatGuard` does not see them since they are answered before it.

    Args:
        app: The application inside.
        limits: The budgets.
        addresses: Finds the client's address.
        session_cookie: Cookie with the session's id.
    """

    def __init__(
        self, app: ASGIApp, *, limits: Limits, addresses: ClientAddresses, session_cookie: str = "session"
    ) -> None:
        self._app = app
        self._limits = limits
        self._addresses = addresses
        self._session_cookie = session_cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        serve = self._app
        if scope["type"] == "http":
            who = Who(self._addresses.of(scope), cookie_of(scope, self._session_cookie))
            refusal = await self._limits.judge(scope["method"], scope["path"], who)
            serve = self._app if refusal is None else answer(scope, refusal)
        await serve(scope, receive, send)


def matches(paths: Sequence[str], path: str) -> bool:
    """Whether a path is one of these; an entry that ends with `*` stands for all that begin so."""
    return any(path.startswith(entry[:-1]) if entry.endswith("*") else path == entry for entry in paths)


@lru_cache(maxsize=REMEMBERED)
def client_network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 around an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), IPV6_CLIENT_PREFIX), strict=False))


def _narrowest_first(rates: Sequence[Rate]) -> list[Rate]:
    return sorted(rates, key=lambda rate: list(Per).index(rate.per))


def _item(rule: Rule, rate: Rate) -> RateLimitItem:
    return RateLimitItemPerSecond(rate.times, rate.seconds, namespace=f"rate/{rule.name}/{rate.per.value}")


@lru_cache(maxsize=REMEMBERED)
def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_CHARS]


def cookie_of(scope: Scope, name: str) -> str:
    """The value of a cookie as it was sent; empty without one. Quick, since each request is asked."""
    wanted = name.encode() + b"="
    for header, value in scope["headers"]:
        if header == b"cookie":
            for pair in value.split(b";"):
                if pair.strip().startswith(wanted):
                    return str(pair.strip()[len(wanted) :].decode("latin-1"))
    return ""
