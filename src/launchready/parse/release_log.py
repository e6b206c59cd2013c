"""The log of releases: one JSON object a line, appended by `launchready deploy`, `rollback` and `drift`.

A line that was cut off (a full disk, a machine that died while it wrote) is recognised: it is no object, or lacks a
part. It is counted, and those around it are read as ever.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

VERSION: Final = 1

_COMMIT: Final = re.compile(r"(?:[0-9a-f]{7,64})?")
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{64})?")
_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
MAX_TEXT_CHARS: Final = 2_000
"""Longest text that is kept of a line, in characters: a sentence, and never a log."""

MAX_NAMED: Final = 20
"""Most files that one line names: enough to see what happened; `launchready drift` shows them all."""

E = TypeVar("E", bound=StrEnum)


class Kind(StrEnum):
    """What was done."""

    DEPLOY = "deploy"
    ROLLBACK = "rollback"
    DRIFT = "drift"


class Phase(StrEnum):
    """A line is written before the first command runs, and one when all is over."""

    BEGAN = "began"
    ENDED = "ended"


class Result(StrEnum):
    """How it ended; NONE stands in the line of a beginning."""

    NONE = ""
    LIVE = "live"  # the commit is live, and answers well
    REFUSED = "refused"  # nothing was touched
    UNCHANGED = "unchanged"  # the release failed, and the former one is live and well
    ROLLED_BACK = "rolled-back"  # the release failed, and the former one was brought back and is well
    BROKEN = "broken"  # what is live is not well
    UNKNOWN = "unknown"  # what is live could not be seen
    SAME = "same"  # nothing on the host differs from what was released
    DRIFTED = "drifted"  # something does


@dataclass(frozen=True, slots=True)
class Record:
    """One line.

    `commit` is what was to be live, `before` what was until then, and `live` what the product itself named in the end;
    each is empty where nobody could tell. `took_s` are seconds from the first command to the last look. Meanwhile a
    light visitor sent `asked` requests, of which `failed` got no good answer, for `down_s` seconds at a stretch at the
    most. `named` are files that differ. `digest` is of the files that were released, empty where nobody saw them.
    """

    id: str
    kind: Kind
    phase: Phase
    at: datetime
    who: str
    commit: str
    before: str = ""
    result: Result = Result.NONE
    live: str = ""
    took_s: float = 0.0
    down_s: float = 0.0
    asked: int = 0
    failed: int = 0
    detail: str = ""
    named: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """All records in their order, how many lines were no record, and whether the last line is one of those."""

    records: tuple[Record, ...]
    torn: int = 0
    is_last_torn: bool = False


class _TornError(Exception):
    """A line is no record."""


def read_log(data: bytes) -> Log:
    """Every line that is a record; what is none is counted and never guessed at."""
    records: list[Record] = []
    torn, is_last_torn = 0, False
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        try:
            records.append(_record(line))
        except _TornError:
            torn, is_last_torn = torn + 1, True
        else:
            is_last_torn = False
    return Log(tuple(records), torn, is_last_torn)


def write_record(record: Record) -> bytes:
    """A record as one line, its end included."""
    fields = {
        "v": VERSION,
        "id": record.id,
        "kind": record.kind.value,
        "phase": record.phase.value,
        "at": record.at.astimezone(UTC).isoformat(),
        "who": record.who[:MAX_TEXT_CHARS],
        "commit": record.commit,
        "before": record.before,
    }
    if record.phase is Phase.ENDED:
        fields |= {
            "result": record.result.value,
            "live": record.live,
            "took_s": record.took_s,
            "down_s": record.down_s,
            "asked": record.asked,
            "failed": record.failed,
            "detail": record.detail[:MAX_TEXT_CHARS],
            "named": list(record.named[:MAX_NAMED]),
            "digest": record.digest,
        }
    return json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"


def _record(line: bytes) -> Record:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        raise _TornError from None
    if not isinstance(value, Mapping) or value.get("v") != VERSION:
        raise _TornError
    phase, result = _word(Phase, value, "phase"), Result.NONE
    if phase is Phase.ENDED:
        result = _word(Result, value, "result")
        if result is Result.NONE:
            raise _TornError
    return Record(
        id=_matching(_ID, value, "id"),
        kind=_word(Kind, value, "kind"),
        phase=phase,
        at=_time(value),
        who=_text(value, "who"),
        commit=_matching(_COMMIT, value, "commit"),
        before=_matching(_COMMIT, value, "before"),
        result=result,
        live=_text(value, "live"),
        took_s=_number(value, "took_s"),
        down_s=_number(value, "down_s"),
        asked=int(_number(value, "asked")),
        failed=int(_number(value, "failed")),
        detail=_text(value, "detail"),
        named=_texts(value, "named"),
        digest=_matching(_DIGEST, value, "digest"),
    )


def _word(kind: type[E], value: Mapping[str, object], key: str) -> E:
    try:
        return kind(_text(value, key))
    except ValueError:
        raise _TornError from None


def _matching(form: re.Pattern[str], value: Mapping[str, object], key: str) -> str:
    text = _text(value, key)
    if not form.fullmatch(text):
        raise _TornError
    return text


def _text(value: Mapping[str, object], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str):
        raise _TornError
    return text[:MAX_TEXT_CHARS]


def _texts(value: Mapping[str, object], key: str) -> tuple[str, ...]:
    items = value.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise _TornError
    return tuple(item[:MAX_TEXT_CHARS] for item in items[:MAX_NAMED])


def _number(value: Mapping[str, object], key: str) -> float:
    """A count or seconds; JSON in Python also has NaN and infinity, which are neither."""
    number = value.get(key, 0)
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 10**12:
        raise _TornError
    return float(number)


def _time(value: Mapping[str, object]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value, "at"))
        return moment.astimezone(UTC) if moment.tzinfo else _torn()
    except (ValueError, OverflowError):
        raise _TornError from None


def _torn() -> datetime:
    raise _TornError
