"""The check of `checks/trust/booking.py`."""

from datetime import UTC, datetime

from launchready.checks.trust.booking import booking_unavailable
from launchready.facts.booking import BookingOffer, is_booking
from launchready.facts.booking_services import NOTICES, SERVICES, notice_in, service_of
from launchready.model.check import Fail, Fix, Pass
from launchready.model.subject import Link, LinkKind

AT = datetime(2026, 3, 1, tzinfo=UTC)
LINK = Link("https://calendly.com/maya/intro", LinkKind.BOOKING)


def test_one_time_is_an_offer() -> None:
    assert booking_unavailable(LINK, BookingOffer("Calendly", "", (AT,), AT, 14)) == Pass()


def test_no_time_fails_with_the_days() -> None:
    assert booking_unavailable(LINK, BookingOffer("", "", (), AT, 14)) == Fail(
        (f"{LINK.url} offers no time in the next 14 days",),
        Fix(
            "Open hours in the next 14 days at your booking page, and see that its calendar is connected",
            LINK.url,
        ),
    )


def test_a_refusal_is_told_in_the_services_words() -> None:
    assert booking_unavailable(LINK, BookingOffer("Calendly", NOTICES[0], (), AT, 14)) == Fail(
        (f"{LINK.url} says: This Calendly URL is not valid",),
        Fix("Switch this kind of call on again at Calendly, or use the link of one that is on", LINK.url),
    )


def test_only_a_booking_link_offers_times() -> None:
    assert [is_booking(Link(LINK.url, kind)) for kind in LinkKind] == [True, False, False]


def test_a_service_is_known_by_its_host_and_those_under_it() -> None:
    assert service_of("https://calendly.com/maya") is service_of("https://WWW.Calendly.com/maya")
    assert service_of("https://maya.as.me/") in SERVICES
    assert service_of("https://notcalendly.com/maya") is None
    assert service_of("https://calendly.com.evil.example/maya") is None
    assert service_of("no url") is None


def test_a_notice_is_found_in_any_case_and_nothing_else_is() -> None:
    assert notice_in("Oh. this calendly url is not valid. Sorry") == NOTICES[0]
    assert notice_in("This calendar is open") == ""
