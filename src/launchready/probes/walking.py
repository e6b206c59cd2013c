"""Follow redirects as a visitor does, one hop at a time, each URL asked once."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote, urljoin

from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.reading import NotSeen
from launchready.net.cookies import Cookies
from launchready.net.http_message import HttpResponse, read_url
from launchready.parse.edge_headers import recognise_edge
from launchready.parse.url_standard import in_plain_form

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""The statuses that browsers follow (Fetch standard, "redirect status")."""

MAX_HOPS: Final = 10
"""Answers in one walk. Browsers give up after 20 redirects (Fetch standard), Googlebot after 10."""

EDGE_COOKIES: Final = ("__cf", "_cf", "AWSALB", "AWSELB", "incap_ses_", "visid_incap_", "ak_bmsc", "bm_", "__Secure-cf")
"""How the names of cookies begin that edges and load balancers set by themselves, on redirects too."""

Step = tuple[str, str | None]
"""A URL and the cookies that go with it: to come to both a second time is to go round."""


class Walker:
    """Takes walks that share what was fetched, so that two of them over one URL ask for it once.

    Args:
        fetch: asks for one URL.
        may_follow: whether a walk goes on to a URL.
        cookies: the visitor's jar, where it has one.

    Attributes:
        answers: every answer so far, by step.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[HttpResponse]],
        may_follow: Callable[[str], bool],
        cookies: Cookies | None = None,
    ) -> None:
        self._fetch = fetch
        self._may_follow = may_follow
        self._cookies = cookies
        self._unseen: dict[Step, NotSeen] = {}
        self._asking: defaultdict[Step, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.answers: dict[Step, HttpResponse] = {}

    async def walk(self, start_url: str) -> Walk:
        """A visitor's way from a URL to its end.

        Raises:
            NotSeen: an answer on the way could not be seen.
        """
        url, hops, seen = read_url(start_url).url, list[Hop](), set[Step]()
        while True:
            step = self._step(url)
            if step in seen:
                return Walk(tuple(hops), WalkEnd.LOOP, url)
            if len(hops) == MAX_HOPS:
                return Walk(tuple(hops), WalkEnd.TOO_MANY, url)
            seen.add(step)
            hop = hop_of(url, await self._answer(step))
            hops.append(hop)
            if not hop.location:
                return Walk(tuple(hops), WalkEnd.ANSWERED, url)
            if not self._may_follow(hop.location):
                return Walk(tuple(hops), WalkEnd.LEFT, hop.location)
            url = hop.location

    def _step(self, url: str) -> Step:
        return url, None if self._cookies is None else self._cookies.header_for(url)

    async def _answer(self, step: Step) -> HttpResponse:
        async with self._asking[step]:
            if step in self._unseen:
                raise NotSeen(self._unseen[step].why, self._unseen[step].detail)
            if step not in self.answers:
                try:
                    self.answers[step] = await self._fetch(step[0])
                except NotSeen as unseen:
                    self._unseen[step] = unseen
                    raise
            return self.answers[step]


def hop_of(url: str, answer: HttpResponse) -> Hop:
    """What an answer says of where to go on."""
    locations = answer.values("location") if answer.status in REDIRECTS else ()
    return Hop(
        url,
        answer.status,
        _absolute(url, locations[0]) if locations else "",
        edge=recognise_edge(answer.headers),
        sets_cookies=any(not line.lstrip().startswith(EDGE_COOKIES) for line in answer.values("set-cookie")),
    )


def _absolute(url: str, location: str) -> str:
    """Where a Location leads, in the form of all our URLs; what is no URL of the web, as text that nothing trips on."""
    try:
        text = location.encode("latin-1").decode("utf-8")  # browsers read the field's bytes as UTF-8
    except UnicodeDecodeError:
        text = location
    return absolute_url(url, text) or quote(text, safe=":/?&=#%+,;@")


def absolute_url(base: str, reference: str) -> str | None:
    """A reference as an absolute URL of the web; None for what leads to no server (data:, mailto:) or is no URL.

    It is read as browsers read it, and twice, for a host with DNS escapes in it may be another host, or none, once
    they are undone.
    """
    try:
        target = read_url(urljoin(base, in_plain_form(reference, base.partition(":")[0])))
        return target.url if read_url(target.url) == target else None
    except (NotSeen, ValueError):
        return None
