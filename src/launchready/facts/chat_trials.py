"""What the last `launchready chat test` of the present commit brought to light.

The test talks to a copy of the product and writes one record; an audit reads it and says nothing to anybody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from launchready.facts.chat import Transport
from launchready.model.chat import Chat
from launchready.model.fact import fact
from launchready.model.reading import Unmeasured

DECLARE = "a [chat] table"

LONG_ENOUGH_S: Final = 1.5
"""Seconds from which on an answer takes so long that people see whether it comes word by word."""

PIECES: Final = 5
"""Fewest pieces that tell a stream from an answer which is simply short."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer without its words: how it came, and when. See `Reply`."""

    transport: Transport
    status: int | None
    first_token_s: float | None
    largest_gap_s: float | None
    total_s: float
    pieces: int
    detail: str


@fact(about=Chat, declare=DECLARE)
class ChatAnswer:
    """An ordinary question, asked of `commit` (empty: it does not say), and its answer."""

    commit: str
    tested_at: datetime
    heard: Heard


@fact(about=Chat, declare=DECLARE)
class ChatStreaming:
    """An answer in whose middle the model paused for `pause_s` seconds, as a browser gets it.

    `encoding` is its Content-Encoding, and `buffer_hint` what in its headers lets proxies hold it back.
    """

    pause_s: float
    heard: Heard
    encoding: str
    buffer_hint: str


class Mood(StrEnum):
    """In which way the model failed; the values are those of `launchready provider`."""

    SLOW = "slow-first-token"
    STALL = "stall"
    CUT = "cut"
    RATE = "rate-limited-retry-after"
    QUOTA = "insufficient-quota"
    ERROR = "error-500"
    NO_MODEL = "wrong-model"
    TOO_LONG = "context-overflow"
    MALFORMED = "malformed"
    EMPTY = "empty"


class Told(StrEnum):
    """What the visitor was told when the model failed."""

    NAMED = "named"
    NOTICE = "notice"
    ANSWER = "answer"
    APOLOGY = "apology"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FailureTrial:
    """One failure of the model.

    Attributes:
        mood: how it failed.
        told: NAMED is an error that is one by its status or event; NOTICE a text that is marked as standing in for an
            answer; ANSWER an ordinary answer, as by a second model; APOLOGY an apology that counts as an answer for
            every program; NOTHING none of these.
        code: what the error or the notice is called; empty where it has no name.
        said: the beginning of what was told.
        told_after_s: seconds until it was told, or we gave up.
        leaks: what it showed that is for developers alone, in words.
        heard: how it came.
        retry: the same message once the model was well again.
    """

    mood: Mood
    told: Told
    code: str
    said: str
    told_after_s: float
    leaks: tuple[str, ...]
    heard: Heard
    retry: Heard


@fact(about=Chat, declare=DECLARE)
class ChatFailures:
    """The chat while its model fails, one way after the other; `unseen` are ways that were not tried."""

    trials: tuple[FailureTrial, ...]
    unseen: tuple[Unmeasured, ...]


class Interruption(StrEnum):
    """What happens between two messages of one visitor, or beside them."""

    NEXT_TURN = "next-turn"
    RELOAD = "reload"
    TWO_TABS = "two-tabs"
    RESTART = "restart"
    REPEATED = "repeated"
    OTHER_VISITOR = "other-visitor"


@dataclass(frozen=True, slots=True)
class ContinuityTrial:
    """One interruption: whether the talk was then as it has to be, and what was seen."""

    kind: Interruption
    held: bool
    seen: str


@fact(about=Chat, declare=DECLARE)
class ChatContinuity:
    """A talk over some turns, a reload and two tabs; `unseen` are interruptions that were not tried."""

    trials: tuple[ContinuityTrial, ...]
    unseen: tuple[Unmeasured, ...]


@fact(about=Chat, declare=DECLARE)
class ChatRestart:
    """A talk over a restart of the product."""

    trial: ContinuityTrial


@fact(about=Chat, declare=DECLARE)
class ChatRepeat:
    """One message that was sent twice."""

    trial: ContinuityTrial


@fact(about=Chat, declare=DECLARE)
class ChatNeighbours:
    """Two visitors, one of whom asks what the other one said."""

    trial: ContinuityTrial


class BadInput(StrEnum):
    """What no page of the product would send."""

    INVALID_JSON = "invalid-json"
    NO_OBJECT = "no-object"
    NO_MESSAGE = "no-message"
    NULL_BYTES = "null-bytes"
    UNKNOWN_FIELDS = "unknown-fields"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class InputTrial:
    """One bad message: how it was answered, what that showed, and whether an ordinary one was answered after it."""

    kind: BadInput
    heard: Heard
    leaks: tuple[str, ...]
    is_alive: bool


@fact(about=Chat, declare=DECLARE)
class ChatInput:
    """Bad messages, one after the other; `unseen` are kinds that were not sent."""

    trials: tuple[InputTrial, ...]
    unseen: tuple[Unmeasured, ...] = ()
