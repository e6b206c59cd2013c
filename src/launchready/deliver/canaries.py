"""Made-up values for every variable of the contract, and the search for them in what a build wrote.

No real secret is needed or read: each variable gets a value that exists nowhere else, so wherever it is found, in
whatever spelling, it came through the build.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Final

from launchready.deliver.opened import opened
from launchready.facts.build import BakedValue
from launchready.model.environment import RequiredIn, Variable, VariableType, flaw_of
from launchready.parse.spellings import spellings
from launchready.probes.keys.unfold import Limits

MARK_CHARS: Final = 18
"""Characters that all values of one run share; 72 random bits are found by chance in no output."""

TAIL: Final = "e0"
"""Ends each value, since base64 does not give the last character back whole."""

STREAM_BYTES: Final = 8 * 2**20
OVERLAP_BYTES: Final = 1024
"""Longer than a value in its longest spelling, six characters for each of its own."""

SEARCHED: Final = frozenset(
    {VariableType.URL, VariableType.EMAIL, VariableType.KEY, VariableType.SECRET, VariableType.TEXT}
)
"""Types that have room for something unique; a port or a choice is found everywhere."""

MIN_SECRET_CHARS: Final = 40
"""Length of a made-up secret: frameworks refuse shorter ones (Django wants 50, most others 32)."""

PUBLIC_NAME: Final = re.compile(
    r"(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC|VUE_APP|SNOWPACK_PUBLIC|STORYBOOK)_"
)
"""Prefixes by which build tools put a variable into what browsers load, as their documentation says."""

SECRET_NAME: Final = re.compile(
    r"SECRET|PASSWORD|PASSWD|PRIVATE|SERVICE_ROLE|TOKEN|(?:API|ACCESS|AUTH|ADMIN|SIGNING|ENCRYPTION|MASTER)_?KEY"
    r"|CREDENTIAL|SALT|(?:DATABASE|DB|POSTGRES|PG|MYSQL|MONGO(?:DB)?|REDIS|AMQP|RABBITMQ|SMTP|MAIL(?:ER)?|BROKER)_?"
    r"(?:URL|URI|DSN)"
)
OPEN_NAME: Final = re.compile(r"PUBLISHABLE|PUBLIC|ANON|SITE_?KEY|POSTHOG|MAPS|SENTRY_DSN|CLIENT_ID|_NAME$")
"""Words in names of values that browsers have to know, whatever else the name says."""


@dataclass(frozen=True, slots=True)
class Canary:
    """A variable, the value that it is given, and the part of it that is unique; empty where nothing can be."""

    variable: Variable
    value: str
    token: str


def make_canaries(variables: Iterable[Variable]) -> tuple[Canary, ...]:
    """A good value for every variable, as its row of the contract wants it."""
    mark = "c" + secrets.token_hex(MARK_CHARS)[: MARK_CHARS - 1]
    return tuple(_canary(variable, f"{mark}{number:04x}{TAIL}") for number, variable in enumerate(variables))


def _canary(variable: Variable, token: str) -> Canary:
    if variable.type in SEARCHED:
        value = _filled(variable, token)
        if flaw_of(variable, value, is_required=True) is None:
            return Canary(variable, value, token)
    return Canary(variable, _plain(variable, token), "")


def _filled(variable: Variable, token: str) -> str:
    """A value around a token, long enough."""
    match variable.type:
        case VariableType.URL:
            value = f"{_scheme(variable.prefix)}{token}.test/app"
        case VariableType.EMAIL:
            value = f"{token}@mail.test"
        case _:
            value = f"{variable.prefix}{token}"
    shortest = max(variable.min_chars, MIN_SECRET_CHARS if variable.type is VariableType.SECRET else 0)
    if variable.max_chars:
        shortest = min(shortest, variable.max_chars)
    return value + ("0123456789abcdef" * (shortest // 16 + 1))[: max(0, shortest - len(value))]


def _scheme(prefix: str) -> str:
    """The beginning of a URL as the contract wants it; a prefix such as `smtp` or `redis:` is completed."""
    if "://" in prefix:
        return prefix
    return f"{prefix.rstrip(':/') or 'https'}://"


def _plain(variable: Variable, token: str) -> str:
    """A value of a type that has no room for a token."""
    match variable.type:
        case VariableType.ENUM:
            return variable.choices[0]
        case VariableType.BOOL:
            return "true"
        case VariableType.INT:
            least, most = variable.minimum, variable.maximum
            return str(least if least is not None else min(most, 1) if most is not None else 1)
        case _:
            room = max(variable.max_chars - len(variable.prefix), 0)
            return variable.prefix + token[::-1][:room]


def malformed(variable: Variable) -> str | None:
    """A value that breaks what the contract says of a variable; None where it says nothing that could be broken."""
    candidates = ("not a value", "x", "none-of-these", "") if variable.type in SEARCHED else ("none-of-these", "")
    wanted = (value for value in candidates if flaw_of(variable, value, is_required=True) is not None)
    if variable.type in {VariableType.SECRET, VariableType.KEY, VariableType.TEXT} and not variable.prefix:
        wanted = (value for value in (("x", "") if variable.min_chars > 1 else ("",)) if value is not None)
    return next(wanted, None)


def is_secret(variable: Variable) -> bool:
    """By its type, or by a name that nobody gives to anything else; whoever declares it public has said otherwise."""
    if variable.is_secret:
        return True
    return bool(SECRET_NAME.search(variable.name.upper())) and not OPEN_NAME.search(variable.name.upper())


def is_public(variable: Variable) -> bool:
    """By the contract, or by a prefix that means nothing else, unless it is a secret all the same."""
    prefixed = bool(PUBLIC_NAME.match(variable.name.upper())) and not is_secret(variable)
    return variable.is_public or prefixed


def is_needed(variable: Variable) -> bool:
    """Whether the product can't run without it."""
    return variable.is_required(RequiredIn.RUN)


class Search:
    """Looks for the values of one run.

    Args:
        canaries: The values; those without a token are not looked for.
    """

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._canaries = tuple(canary for canary in canaries if canary.token)
        mark = self._canaries[0].token[:MARK_CHARS] if self._canaries else ""
        self._of_mark = spellings(mark) if mark else {}
        self._of_each = {canary.token: spellings(canary.token) for canary in self._canaries}
        self.gaps: set[str] = set()

    @property
    def searched(self) -> tuple[str, ...]:
        """Names of the variables whose values can be found."""
        return tuple(sorted(canary.variable.name for canary in self._canaries))

    def look(self, where: str, data: bytes) -> Iterator[BakedValue]:
        """Every variable whose value is in a file, each once, by the first spelling.

        Args:
            where: What to call it.
            data: What it holds; archives, maps and compressed parts are unfolded.
        """
        seen: set[str] = set()
        limits = Limits()
        for piece in opened(data, limits):
            for canary, spelling in self._found(piece.data):
                if canary.variable.name not in seen:
                    seen.add(canary.variable.name)
                    yield _baked(canary.variable, f"{where}{piece.inside}", spelling)
        self.gaps |= {f"{where}: {gap}" for gap in limits.gaps}

    def look_at_stream(self, where: str, stream: IO[bytes]) -> Iterator[BakedValue]:
        """The same for a file that is too large to be held, which is not opened: piece by piece, overlapping.

        Args:
            where: What to call it.
            stream: What it holds, from its beginning.
        """
        seen: set[str] = set()
        tail = b""
        while chunk := stream.read(STREAM_BYTES):
            for canary, spelling in self._found(tail + chunk):
                if canary.variable.name not in seen:
                    seen.add(canary.variable.name)
                    yield _baked(canary.variable, where, spelling)
            tail = chunk[-OVERLAP_BYTES:]

    def _found(self, data: bytes) -> Iterator[tuple[Canary, str]]:
        """The mark is searched first: where it is not, no value is."""
        for name, forms in self._of_mark.items():
            if any(form in data for form in forms):
                for canary in self._canaries:
                    if any(form in data for form in self._of_each[canary.token][name]):
                        yield canary, name


def _baked(variable: Variable, where: str, spelling: str) -> BakedValue:
    return BakedValue(variable.name, where, spelling, is_secret(variable), is_public(variable))
