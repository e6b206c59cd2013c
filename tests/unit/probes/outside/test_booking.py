"""What the probe of `probes/booking.py` sees."""

import datetime as dt
import json

import pytest

from launchready.facts.booking import BookingOffer
from launchready.facts.links import Arrival, DeadEnd, LinkVisit
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.reading import NotSeen, Why
from launchready.probes.booking import DAYS, booking_offer

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # as the clock of these tests stands
SECOND = dt.timedelta(seconds=1)
LAST = NOW + dt.timedelta(days=14)
OWN = "https://book.vendor.example/maya"
CAL = "https://cal.com/maya/intro"
CALENDLY = "https://calendly.com/maya/intro"
SLOTS = "https://api.cal.com/v2/slots"
LOOKUP = "https://calendly.com/api/booking/event_types/lookup"
RANGE = "https://calendly.com/api/booking/event_types/U%2F1/calendar/range"


def arrival(url=OWN, status=200, end=WalkEnd.ANSWERED, **said):
    walk = Walk((Hop(url, status, ""),), end, url)
    page = {"notice": "", "starts": (), "calendar": "", "was_cut": False} | said
    return LinkVisit(Arrival(walk, status, "", **page))


async def offer(internet, clock, visit) -> BookingOffer:
    return await booking_offer(visit, internet.http, clock)


async def refused(internet, clock, visit) -> Why:
    with pytest.raises(NotSeen) as seen:
        await offer(internet, clock, visit)
    return seen.value.why


@pytest.fixture
def internet(internet):
    """The same, with the names of the services."""
    for name in ("api.cal.com", "calendly.com"):
        internet.records[name, "A"] = ("203.0.113.10",)
    return internet


def says(internet, url, value, status=200):
    internet.show(url, json.dumps(value).encode(), status, content_type="application/json")


async def test_the_times_of_a_page_of_ones_own_count_from_now_for_fourteen_days(internet, clock):
    assert DAYS == 14
    edges = (NOW, NOW + SECOND, LAST, LAST + SECOND)
    found = await offer(internet, clock, arrival(starts=edges))
    assert found == BookingOffer("", "", (NOW + SECOND, LAST), NOW, 14)


async def test_a_list_of_times_that_are_all_over_offers_none(internet, clock):
    found = await offer(internet, clock, arrival(starts=(NOW - SECOND,)))
    assert found.starts == ()


async def test_a_page_without_a_time_or_cut_before_one_is_not_seen(internet, clock):
    assert await refused(internet, clock, arrival()) is Why.NOT_INSTALLED
    assert await refused(internet, clock, arrival(starts=(NOW - SECOND,), was_cut=True)) is Why.NOT_INSTALLED


async def test_a_notice_is_a_refusal_whoever_says_it(internet, clock):
    found = await offer(internet, clock, arrival(CALENDLY, notice="This Calendly URL is not valid"))
    assert (found.service, found.refusal, found.starts) == ("Calendly", "This Calendly URL is not valid", ())


@pytest.mark.parametrize(
    "visit",
    [LinkVisit(DeadEnd("gone")), arrival(status=404), arrival(status=400), arrival(end=WalkEnd.LOOP)],
)
async def test_without_a_page_there_is_nothing_to_book(internet, clock, visit):
    assert await refused(internet, clock, visit) is Why.DEPENDENCY


@pytest.mark.parametrize(
    "url",
    [
        "https://maya.as.me/",
        "https://savvycal.com/maya/intro",
        "https://api.leadconnectorhq.com/widget/bookings/x",
        "https://calendly.com/maya",
        "https://calendly.com/d/abc/intro",
        "https://cal.com/maya",
        "https://cal.com/maya+ana/intro",
        "https://acme.cal.com/maya/intro",
    ],
)
async def test_what_only_a_browser_sees_is_not_seen(internet, clock, url):
    assert await refused(internet, clock, arrival(url)) is Why.NOT_INSTALLED


SOON = "2026-03-02T09:00:00.000Z"
LATE = "2026-04-02T09:00:00.000Z"


async def test_cal_com_is_asked_the_documented_question(internet, clock):
    says(
        internet,
        SLOTS,
        {"status": "success", "data": {"2026-03-02": [{"start": SOON}], "2026-04-02": [{"start": LATE}]}},
    )
    found = await offer(internet, clock, arrival(CAL + "?month=2026-03"))
    assert (found.service, [start.day for start in found.starts]) == ("Cal.com", [2])
    assert internet.asked == [
        f"{SLOTS}?eventTypeSlug=intro&username=maya&start=2026-03-01&end=2026-03-16&timeZone=UTC",
    ]
    await offer(internet, clock, arrival("https://cal.com/team/bright/intro"))
    assert "eventTypeSlug=intro&teamSlug=bright&" in internet.asked[1]


async def test_a_calendar_without_a_time_offers_none(internet, clock):
    says(internet, SLOTS, {"status": "success", "data": {}})
    assert (await offer(internet, clock, arrival(CAL))).starts == ()


async def test_a_calendar_on_a_page_of_ones_own_is_asked(internet, clock):
    says(internet, SLOTS, {"data": {"2026-03-02": [{"start": SOON}]}})
    found = await offer(internet, clock, arrival(OWN, calendar=CAL))
    assert (found.service, len(found.starts)) == ("Cal.com", 1)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({"status": "error", "error": {"code": "NotFound"}}, 404),
        ({"status": "success"}, 200),
        ({"data": []}, 200),
        ({"data": {"2026-03-02": {}}}, 200),
        ({"data": {"2026-03-02": [{"start": "9 o'clock"}]}}, 200),
        ({"data": {"2026-03-02": ["2026-03-02T09:00Z"]}}, 200),
        ({"data": {"2026-03-02": [{"start": 9}]}}, 200),
        ([], 200),
        ("", 200),
    ],
)
async def test_an_answer_of_cal_com_in_another_form_is_no_answer(internet, clock, value, status):
    says(internet, SLOTS, value, status)
    assert await refused(internet, clock, arrival(CAL)) is Why.UNREADABLE


async def test_calendly_is_asked_as_its_own_page_does(internet, clock):
    says(internet, LOOKUP, {"uuid": "U/1", "duration": 30})
    spots = [{"status": "available", "start_time": SOON}, {"status": "unavailable", "start_time": SOON}]
    says(internet, RANGE, {"days": [{"date": "2026-03-02", "spots": spots}, {"date": "2026-03-03", "spots": []}]})
    found = await offer(internet, clock, arrival(CALENDLY))
    assert (found.service, found.refusal, len(found.starts)) == ("Calendly", "", 1)
    assert internet.asked == [
        f"{LOOKUP}?event_type_slug=intro&profile_slug=maya",
        f"{RANGE}?timezone=UTC&range_start=2026-03-01&range_end=2026-03-15",
    ]


async def test_an_event_type_that_is_switched_off_is_a_refusal_with_its_code(internet, clock):
    says(internet, LOOKUP, {"unavailability_reason": {"code": "event_type_deleted", "error": "gone"}})
    found = await offer(internet, clock, arrival(CALENDLY))
    assert found.refusal == "This Calendly URL is not valid (event_type_deleted)"
    says(internet, LOOKUP, {"unavailability_reason": {}})
    assert (await offer(internet, clock, arrival(CALENDLY))).refusal.endswith("(no reason given)")


@pytest.mark.parametrize(
    ("lookup", "calendar", "status"),
    [
        ({}, {}, 200),
        ({"uuid": 7}, {}, 200),
        ({"uuid": "U/1"}, {"failure": {"code": "external_calendar_error"}}, 400),
        ({"uuid": "U/1"}, {}, 200),
        ({"uuid": "U/1"}, {"days": [{}]}, 200),
        ({"uuid": "U/1"}, {"days": ["2026-03-02"]}, 200),
        ({"uuid": "U/1"}, {"days": [{"spots": [{"status": "available"}]}]}, 200),
    ],
)
async def test_an_answer_of_calendly_in_another_form_is_no_answer(internet, clock, lookup, calendar, status):
    says(internet, LOOKUP, lookup)
    says(internet, RANGE, calendar, status)
    assert await refused(internet, clock, arrival(CALENDLY)) is Why.UNREADABLE
