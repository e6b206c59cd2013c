"""What redirects do, as sentences that are test cases: seen, written down, read again, and compared.

One rule speaks of one way to begin an address, such as `http://www.example.com`, whatever page stands behind it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from launchready.facts.redirects import Entry, RedirectMatrix, Walk, WalkEnd, origin_of
from launchready.model.reading import Measured, Unmeasured

PERMANENT: Final = frozenset({301, 308})
"""The statuses that say "for ever" (RFC 9110 sections 15.4.2 and 15.4.9)."""


@dataclass(frozen=True, slots=True)
class Goes:
    """Every page leads to another origin, with or without its path and its query, through these statuses."""

    start: str
    end: str
    keeps_page: bool
    keeps_tags: bool
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stays:
    """Every page is answered at its own origin; `status` is what the front page ends with."""

    start: str
    status: int


@dataclass(frozen=True, slots=True)
class Circles:
    """No page comes to an end."""

    start: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Pages lead to different places: origins, sorted; an empty one stands for a circle."""

    start: str
    ends: tuple[str, ...]


Rule = Goes | Stays | Circles | Parts


@dataclass(frozen=True, slots=True)
class Unseen:
    """No rule can be told, for a way was not seen."""

    start: str
    why: str


class State(StrEnum):
    """What became of a rule that was written down."""

    HOLDS = "holds"
    OUT_OF_DATE = "out of date"
    NOT_SEEN = "not seen"
    NOT_WRITTEN = "not written down"


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule against what is seen now. `written` and `now` are sentences; empty where there is none."""

    state: State
    start: str
    written: str
    now: str


def rules_of(matrix: RedirectMatrix) -> tuple[Rule | Unseen, ...]:
    """One rule for each origin that the matrix begins at, in the order of its entries."""
    by_start: dict[str, list[Entry]] = {}
    for entry in matrix.entries:
        by_start.setdefault(origin_of(entry.start_url), []).append(entry)
    return tuple(_rule(start, entries) for start, entries in by_start.items())


def _rule(start: str, entries: list[Entry]) -> Rule | Unseen:
    gap = next((entry.walk for entry in entries if isinstance(entry.walk, Unmeasured)), None)
    if gap is not None:
        return Unseen(start, gap.detail)
    ways = [(entry.start_url, entry.walk.value) for entry in entries if isinstance(entry.walk, Measured)]
    ends = sorted({_end(walk) for _, walk in ways})
    if len(ends) > 1:
        return Parts(start, tuple(ends))
    end = ends[0]
    if end == start:
        front = next((walk for url, walk in ways if urlsplit(url).path == "/"), ways[0][1])
        return Stays(start, front.hops[-1].status)
    return _goes(start, end, ways) if end else Circles(start)


def _end(walk: Walk) -> str:
    return "" if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY} else origin_of(walk.end_url)


def _goes(start: str, end: str, ways: list[tuple[str, Walk]]) -> Goes:
    arrivals = [(url, _arrival(walk, end)) for url, walk in ways]
    statuses = {_statuses(walk, end) for _, walk in ways}
    return Goes(
        start,
        end,
        keeps_page=all(_path(url) == _path(to) for url, to in arrivals if urlsplit(url).path != "/"),
        keeps_tags=all(set(_tags(url)) <= set(_tags(to)) for url, to in arrivals),
        statuses=max(statuses, key=lambda one: (len(one), one)),
    )


def _arrival(walk: Walk, end: str) -> str:
    """The first URL at the origin where a walk ends: what a site does among its own pages is no redirect rule."""
    return next((hop.location for hop in walk.hops if hop.location and origin_of(hop.location) == end), walk.end_url)


def _statuses(walk: Walk, end: str) -> tuple[int, ...]:
    statuses: list[int] = []
    for hop in walk.hops:
        statuses.append(hop.status)
        if hop.location and origin_of(hop.location) == end:
            break
    return tuple(statuses)


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _tags(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


_KEEPS: Final[Mapping[tuple[bool, bool], str]] = {
    (True, True): "keeping the page and its campaign tags",
    (True, False): "keeping the page and losing its campaign tags",
    (False, True): "losing the page and keeping its campaign tags",
    (False, False): "losing the page and its campaign tags",
}
_CIRCLE: Final = "a circle without end"


def sentence(rule: Rule) -> str:
    """A rule in plain English; `read_sentence` reads it again."""
    opens = f"Anyone who opens `{rule.start}`"
    match rule:
        case Goes(end=end, statuses=statuses):
            keeps = _KEEPS[rule.keeps_page, rule.keeps_tags]
            steps = f" in {len(statuses)} steps" if len(statuses) > 1 else ""
            lasts = "for good" if set(statuses) <= PERMANENT else "for now"
            return f"{opens} goes to `{end}`{steps}, {keeps}, {lasts} ({', '.join(map(str, statuses))})."
        case Stays(status=status):
            return f"{opens} stays there, and the front page answers {status}."
        case Circles():
            return f"{opens} goes round in a circle and sees no page."
        case Parts(ends=ends):
            places = " and ".join(f"`{end}`" if end else _CIRCLE for end in ends)
            return f"{opens} ends at different places, page by page: {places}."


_URL: Final = r"`(https?://[^`\s]{1,300})`"
_ANY: Final = r"`([^`\s]{0,300})`"
_GOES: Final = re.compile(
    rf"goes to {_ANY}(?: in (\d+) steps)?, ({'|'.join(_KEEPS.values())}), for (good|now) \((\d{{3}}(?:, \d{{3}})*)\)\."
)
_STAYS: Final = re.compile(r"stays there, and the front page answers (\d{3})\.")
_PARTS: Final = re.compile(r"ends at different places, page by page: (.+)\.")
_OPENS: Final = re.compile(rf"Anyone who opens {_URL} (.+)")
BEGINNING: Final = "Anyone who opens "
"""How every sentence begins; a line that begins so and can't be read is a mistake that we say."""


def read_sentence(text: str) -> Rule | None:
    """The rule in a sentence of ours; None where it is none, or says two things that don't fit."""
    match = _OPENS.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    rule = _read(match[1], match[2])
    return rule if rule is not None and sentence(rule) == match[0] else None


def _read(start: str, rest: str) -> Rule | None:
    if found := _GOES.fullmatch(rest):
        keeps = next(both for both, words in _KEEPS.items() if words == found[3])
        return Goes(start, found[1], *keeps, tuple(int(status) for status in found[5].split(", ")))
    if found := _STAYS.fullmatch(rest):
        return Stays(start, int(found[1]))
    if found := _PARTS.fullmatch(rest):
        places = found[1].split(" and ")
        return Parts(start, tuple("" if place == _CIRCLE else place.strip("`") for place in places))
    return Circles(start) if rest == "goes round in a circle and sees no page." else None


def written_rules(text: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules in a text, one a line, and the lines that begin like one and can't be read."""
    rules: list[Rule] = []
    unread: list[str] = []
    for line in text.splitlines():
        body = line.strip().removeprefix("- ").removeprefix("* ").strip()
        if not body.startswith(BEGINNING):
            continue
        rule = read_sentence(body)
        if rule is None:
            unread.append(body)
        else:
            rules.append(rule)
    return tuple(rules), tuple(unread)


def check_rules(written: Iterable[Rule], seen: Iterable[Rule | Unseen]) -> tuple[Checked, ...]:
    """Each rule that was written down against what is seen now, then what is seen and not written down."""
    now = {one.start: one for one in seen}
    checked: list[Checked] = []
    for rule in written:
        current = now.get(rule.start)
        checked.append(_checked(rule, current))
    known = {one.start for one in checked}
    new = [one for one in now.values() if one.start not in known and not isinstance(one, Unseen)]
    return (*checked, *(Checked(State.NOT_WRITTEN, rule.start, "", sentence(rule)) for rule in new))


def _checked(rule: Rule, current: Rule | Unseen | None) -> Checked:
    if current is None:
        return Checked(State.OUT_OF_DATE, rule.start, sentence(rule), "It is not declared any more.")
    if isinstance(current, Unseen):
        return Checked(State.NOT_SEEN, rule.start, sentence(rule), current.why)
    state = State.HOLDS if current == rule else State.OUT_OF_DATE
    return Checked(state, rule.start, sentence(rule), sentence(current))
