"""What names a session or a talk in what a product sends, and how well it can be guessed. Pure."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from launchready.facts.isolation import IdSeen
from launchready.net.http_message import HttpResponse
from launchready.parse.chat_fields import find_reply
from launchready.parse.cookie_purpose import CookiePurpose, purpose_of
from launchready.parse.event_stream import EventStreamError, EventStreamReader, ServerEvent
from launchready.parse.rfc6265 import SetCookieError, parse_set_cookie
from launchready.parse.rfc8259 import read_json

MAX_DEPTH: Final = 6
"""How deep ids are looked for in JSON; the lists of talks that products send need three."""

MAX_FOUND: Final = 200
"""Ids that are kept of one answer."""

NEAR: Final = 1000
"""Numbers of two customers who came within seconds are this close where ids are counted; random ones hardly ever."""

MAX_ID_CHARS: Final = 200

_ID: Final = re.compile(r"(?:^|[_.-])(?:id|uuid|guid|key)$|[a-z](?:Id|ID|Uuid)$|^(?:session|thread|conversation)$")
_TALK: Final = re.compile(r"session|conversation|thread|chat|talk|dialog", re.IGNORECASE)
_OTHERS: Final = re.compile(r"request|trace|span|correlation|event|client|tenant|model|version", re.IGNORECASE)
_ALPHABETS: Final = ((re.compile(r"[0-9]+"), 10), (re.compile(r"[0-9a-fA-F]+"), 16), (re.compile(r"[0-9a-z]+"), 36))
WIDE_ALPHABET: Final = 64
"""Characters of base64, from which most random ids are made."""


@dataclass(frozen=True, slots=True)
class TalkId:
    """An id as one customer got it: what it is called, where it stood, and its value, which nothing shows."""

    name: str
    where: str
    value: str = field(repr=False)

    @property
    def names_talk(self) -> bool:
        """Whether its name says that it is a session's or a talk's."""
        return bool(_TALK.search(self.name))


def ids_of(answer: HttpResponse) -> tuple[TalkId, ...]:
    """Ids in the headers and the JSON of an answer, each once."""
    in_headers = (TalkId(name, "header", value) for name, value in answer.headers if _is_id(name, value))
    in_body = (found for value in _values(answer) for found in _ids_in(value, MAX_DEPTH))
    found = dict.fromkeys([*in_headers, *in_body])
    return tuple(found)[:MAX_FOUND]


def cookie_ids(set_cookies: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[TalkId, ...]:
    """The cookies that say who is logged in, the last value of each."""
    found: dict[str, TalkId] = {}
    for _url, lines in set_cookies:
        for line in lines:
            try:
                cookie = parse_set_cookie(line)
            except SetCookieError:
                continue
            value = line.partition(";")[0].partition("=")[2].strip()
            if purpose_of(cookie.name) is CookiePurpose.SESSION and value:
                found[cookie.name] = TalkId(cookie.name, "cookie", value)
    return tuple(found.values())


def compared(mine: Iterable[TalkId], theirs: Iterable[TalkId]) -> tuple[IdSeen, ...]:
    """What two customers' ids of sessions and talks show; one that both share names something else."""
    other = {(talk.name, talk.where): talk.value for talk in theirs}
    seen: dict[str, IdSeen] = {}
    for talk in mine:
        value = other.get((talk.name, talk.where), "")
        if (talk.names_talk or talk.where == "cookie") and value and value != talk.value:
            label = f"the {talk.where} {talk.name}"
            bits = min(chance_bits(talk.value), chance_bits(value))
            seen.setdefault(label, IdSeen(label, bits, counts_up(talk.value, value)))
    return tuple(seen.values())


def chance_bits(value: str) -> int:
    """The most bits of chance that a text can hold: its length times those of its alphabet, hyphens left out."""
    bare = value.replace("-", "")
    size = next((size for pattern, size in _ALPHABETS if pattern.fullmatch(bare)), WIDE_ALPHABET)
    return math.floor(len(bare) * math.log2(size))


def counts_up(first: str, second: str) -> bool:
    """Whether two ids are the same but for numbers that are close to each other."""
    parts, others = re.split(r"([0-9]+)", first), re.split(r"([0-9]+)", second)
    if len(parts) != len(others) or parts[::2] != others[::2]:
        return False
    pairs = [(a, b) for a, b in zip(parts[1::2], others[1::2], strict=True) if a != b]
    return len(pairs) == 1 and max(map(len, pairs[0])) <= MAX_DIGITS and abs(int(pairs[0][0]) - int(pairs[0][1])) < NEAR


MAX_DIGITS: Final = 18
"""Longest number that is compared: what a database counts in 64 bits."""


def words_of(answer: HttpResponse) -> str:
    """All that can be read in an answer, in small letters: as it came, and the words of a stream joined."""
    text = answer.body.decode("utf-8", "replace")
    joined = "".join(found.text for value in _values(answer) if (found := find_reply(value, None)) is not None)
    return f"{text}\n{joined}".lower()


def _values(answer: HttpResponse) -> Iterator[object]:
    """The JSON of an answer: one value, or that of each event."""
    if not answer.values("content-type") or "event-stream" not in answer.values("content-type")[0].lower():
        yield read_json(answer.body)
        return
    reader = EventStreamReader()
    try:
        events = (*reader.feed(answer.body), *reader.close())
    except EventStreamError:
        return
    yield from (read_json(event.data) for event in events if isinstance(event, ServerEvent))


def _ids_in(value: object, depth: int) -> Iterator[TalkId]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _ids_in(item, depth - 1)
    if not isinstance(value, Mapping) or not depth:
        return
    for name, inner in value.items():
        if isinstance(inner, str | int) and not isinstance(inner, bool) and _is_id(name, str(inner)):
            yield TalkId(name, "field", str(inner))
        yield from _ids_in(inner, depth - 1)


def _is_id(name: str, value: str) -> bool:
    return bool(value and len(value) <= MAX_ID_CHARS and _ID.search(name) and not _OTHERS.search(name))
