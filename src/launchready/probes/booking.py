"""Ask for the times that can be booked, as the booking page itself does. Nothing is booked."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from launchready.facts.booking import BookingOffer
from launchready.facts.booking_services import Times, service_of
from launchready.facts.links import Arrival, LinkVisit
from launchready.facts.redirects import WalkEnd
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.parse.booking_page import read_moment
from launchready.parse.rfc8259 import read_json
from launchready.parse.rfc9110 import CLIENT_ERROR

DAYS: Final = 14
"""Days ahead that are asked for. Whoever clicks an advertisement does not wait longer than two weeks for a call."""


OK: Final = 200

JSON_HEADERS: Final = (("accept", "application/json"),)

CAL_API: Final = "https://api.cal.com/v2/slots"
CAL_HOSTS: Final = frozenset({"cal.com", "www.cal.com", "app.cal.com"})
"""Where a path names a user; under other names of cal.com an organization comes before it."""

CAL_API_VERSION: Final = ("cal-api-version", "2024-09-04")
"""The version that the documentation of this question names."""

CALENDLY_API: Final = "https://calendly.com/api/booking/event_types"
"""Where Calendly's own page asks; it is not documented, so an unexpected answer is no answer."""

Found = tuple[str, tuple[datetime, ...]]
"""What is said in place of times, and the start times."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def booking_offer(visit: LinkVisit, http: HttpClient, clock: Clock) -> BookingOffer:
    """Read the times from the page, from the calendar it embeds, or from the service that draws them."""
    page = _page(visit)
    now = clock.now()
    until = now + timedelta(days=DAYS)
    url = page.calendar or page.walk.end_url
    service = service_of(url)
    name = service.name if service else ""
    if page.notice:
        return BookingOffer(name, page.notice, (), now, DAYS)
    if service is None:
        return BookingOffer("", "", _own_times(page, now, until), now, DAYS)
    refusal, starts = await _READERS[service.times](url, service.name, http, now)
    return BookingOffer(name, refusal, tuple(sorted(s for s in starts if now < s <= until)), now, DAYS)


def _page(visit: LinkVisit) -> Arrival:
    """The page that a customer sees.

    Raises:
        NotSeen: DEPENDENCY; there is none.
    """
    match visit.went:
        case Arrival(walk=walk, status=status) as page if walk.end is WalkEnd.ANSWERED and status < CLIENT_ERROR:
            return page
        case _:
            raise NotSeen(Why.DEPENDENCY, "the link leads to no page, so there is nothing to book on it")


def _own_times(page: Arrival, now: datetime, until: datetime) -> tuple[datetime, ...]:
    """The times in the page itself; that none is in time is only known of a page that lists some."""
    offered = tuple(start for start in page.starts if now < start <= until)
    if not page.starts or (page.was_cut and not offered):
        raise NotSeen(
            Why.NOT_INSTALLED,
            f"no time to choose stands in {page.walk.end_url} itself; a script may draw them, and only a run in a "
            "browser would see that",
        )
    return offered


async def _drawn_by_script(url: str, name: str, _http: HttpClient, _now: datetime) -> Found:
    raise NotSeen(
        Why.NOT_INSTALLED, f"the times of {name} on {url} are drawn by a script; a run in a browser is needed"
    )


async def _cal_com(url: str, name: str, http: HttpClient, now: datetime) -> Found:
    """The documented question, which needs no key: cal.com/docs/api-reference/v2/slots."""
    match _parts(url):
        case _ if urlsplit(url).hostname not in CAL_HOSTS:
            raise _no_event(url, name)
        case ["team", team, event]:
            whose = {"eventTypeSlug": event, "teamSlug": team}
        case [user, event] if "+" not in user and user != "d":
            whose = {"eventTypeSlug": event, "username": user}
        case _:
            raise _no_event(url, name)
    days = {"start": _day(now), "end": _day(now + timedelta(days=DAYS + 1)), "timeZone": "UTC"}
    answer = await _ask(f"{CAL_API}?{urlencode(whose | days)}", name, http, CAL_API_VERSION)
    return "", tuple(_moments(_values(answer, "data"), "start"))


async def _calendly(url: str, name: str, http: HttpClient, now: datetime) -> Found:
    """What the page asks: which event type this is, and then its times."""
    match _parts(url):
        case [profile, event] if profile != "d":
            whose = {"event_type_slug": event, "profile_slug": profile}
        case _:
            raise _no_event(url, name)
    event_type = await _ask(f"{CALENDLY_API}/lookup?{urlencode(whose)}", name, http)
    reason = event_type.get("unavailability_reason")
    if isinstance(reason, dict):
        return f"This Calendly URL is not valid ({reason.get('code') or 'no reason given'})", ()
    if not isinstance(event_type.get("uuid"), str):
        raise _unexpected(name)
    days = {"timezone": "UTC", "range_start": _day(now), "range_end": _day(now + timedelta(days=DAYS))}
    calendar = f"{CALENDLY_API}/{quote(event_type['uuid'], safe='')}/calendar/range?{urlencode(days)}"
    answer = await _ask(calendar, name, http)
    spots = [spot for day in _listed(answer, "days", name) for spot in _listed(day, "spots", name)]
    return "", tuple(_moments([[spot for spot in spots if spot.get("status") == "available"]], "start_time"))


_READERS: Final[dict[Times, Callable[[str, str, HttpClient, datetime], Coroutine[Any, Any, Found]]]] = {
    Times.SCRIPT: _drawn_by_script,
    Times.CAL_COM: _cal_com,
    Times.CALENDLY: _calendly,
}


async def _ask(url: str, name: str, http: HttpClient, *headers: tuple[str, str]) -> dict[str, Any]:
    """An answer of a service.

    Raises:
        NotSeen: UNREADABLE; it is no object, or an error, which a change at the service would look like too.
    """
    answer = await http.fetch(url, headers=(*JSON_HEADERS, *headers))
    value = read_json(answer.body)
    if answer.status != OK or not isinstance(value, dict):
        raise NotSeen(Why.UNREADABLE, f"{name} answered {answer.status} and no times when it was asked for them")
    return value


def _listed(value: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    items = value.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _unexpected(name)
    return items


def _values(answer: dict[str, Any], key: str) -> list[Any]:
    """The lists of an object of lists by day.

    Raises:
        NotSeen: UNREADABLE; there is no such object.
    """
    days = answer.get(key)
    if not isinstance(days, dict) or not all(isinstance(day, list) for day in days.values()):
        raise _unexpected("Cal.com")
    return list(days.values())


def _moments(days: list[list[Any]], key: str) -> Iterator[datetime]:
    """The start times of all days; one that can't be read makes all of them unseen.

    Raises:
        NotSeen: UNREADABLE.
    """
    for start in (item.get(key) if isinstance(item, dict) else None for day in days for item in day):
        moment = read_moment(start) if isinstance(start, str) else None
        if moment is None:
            raise NotSeen(Why.UNREADABLE, "the booking service lists times in a form that we don't know")
        yield moment


def _parts(url: str) -> list[str]:
    return [part for part in urlsplit(url).path.split("/") if part]


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _no_event(url: str, name: str) -> NotSeen:
    detail = f"{url} is no page of one kind of call at {name}, so no times can be asked for"
    return NotSeen(Why.NOT_INSTALLED, f"{detail}; a run in a browser is needed")


def _unexpected(name: str) -> NotSeen:
    return NotSeen(Why.UNREADABLE, f"{name} answered in a form that we don't know")
