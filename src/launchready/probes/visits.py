"""Come to a page as a new visitor; what the first visit saw is shared, so that no two looks ask for the same."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from launchready.facts.redirects import Walk, WalkEnd, origin_of
from launchready.model.reading import NotSeen, Why
from launchready.net.clock import Clock
from launchready.net.cookies import Cookies
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.rfc9110 import SERVER_ERROR
from launchready.probes.walking import Walker


@dataclass(frozen=True, slots=True)
class Visit:
    """A new visitor's way to a page, within its origin.

    Attributes:
        url: Where it began.
        walk: The way, or why it was not seen to its end.
        answers: Every answer on it, in order; never empty.
        cookies: What the visitor has in the end.
        at: When the last answer was there.
    """

    url: str
    walk: Walk | NotSeen
    answers: tuple[HttpResponse, ...]
    cookies: Cookies
    at: datetime

    @property
    def sent_to(self) -> str:
        """Where visitors are sent to elsewhere (another host or http); empty where they stay."""
        return self.walk.end_url if isinstance(self.walk, Walk) and self.walk.end is WalkEnd.LEFT else ""

    def end(self) -> HttpResponse:
        """The last answer, whatever it says.

        Raises:
            NotSeen: UNREADABLE where the way goes round in a circle, or what the client raised on it.
        """
        if isinstance(self.walk, NotSeen):
            raise NotSeen(self.walk.why, self.walk.detail)
        if self.walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
            raise NotSeen(Why.UNREADABLE, f"{self.url} leads round in a circle, so there is no page.")
        return self.answers[-1]

    def page(self) -> HttpResponse:
        """The last answer, where it is one that can be judged.

        Raises:
            NotSeen: UNREADABLE for a circle and for an error of the server; TOO_LARGE.
        """
        return whole(without_error(self.end()))


def without_error(answer: HttpResponse) -> HttpResponse:
    """The answer; raises NotSeen (UNREADABLE) where it is an error of the server."""
    if answer.status >= SERVER_ERROR:
        raise NotSeen(Why.UNREADABLE, f"{answer.url} answered {answer.status}, an error instead of a page.")
    return answer


def whole(answer: HttpResponse) -> HttpResponse:
    """The answer; raises NotSeen (TOO_LARGE) where not all of it was read."""
    if answer.truncated:
        raise NotSeen(Why.TOO_LARGE, f"{answer.url} is larger than {len(answer.body) // 1024} KiB.")
    return answer


async def pay_visit(url: str, http: HttpClient, clock: Clock) -> Visit:
    """Come to a page as somebody who was never here; raises NotSeen where not even the first answer was seen."""
    origin = origin_of(url)
    async with Visitor(http) as visitor:
        walker = Walker(visitor.fetch, lambda target: origin_of(target) == origin, visitor.cookies)
        walk = await _walked(walker, url)
    return Visit(url, walk, tuple(walker.answers.values()), visitor.cookies, clock.now())


async def _walked(walker: Walker, url: str) -> Walk | NotSeen:
    try:
        return await walker.walk(url)
    except NotSeen as unseen:
        if not walker.answers:
            raise
        return unseen


def is_front(url: str) -> bool:
    """Whether a URL is the front page of its host."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


class FirstVisits:
    """The first visit to each page in one audit: whoever needs it gets the same one.

    Args:
        http: asks.
        clock: says when.
    """

    def __init__(self, http: HttpClient, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._seen: dict[str, Visit | NotSeen] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def to(self, url: str) -> Visit:
        """The visit to one page. What could not be seen once is not asked for again.

        Raises:
            NotSeen: what the client raises for the first answer.
        """
        async with self._asking[url]:
            if url not in self._seen:
                try:
                    self._seen[url] = await pay_visit(url, self._http, self._clock)
                except NotSeen as unseen:
                    self._seen[url] = unseen
        seen = self._seen[url]
        if isinstance(seen, NotSeen):
            raise NotSeen(seen.why, seen.detail)
        return seen
