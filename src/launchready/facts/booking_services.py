"""Services that take bookings for others: their hosts, and what they say in place of a calendar.

Data with sources. A host alone says nothing of whether a call can be booked; a notice says that it can't be.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit


class Times(StrEnum):
    """Where the times of a service can be read without running its page."""

    CALENDLY = "calendly"  # the service's own page asks for them, without a key; not documented
    CAL_COM = "cal.com"  # a documented interface that needs no key
    SCRIPT = "script"  # only a browser that runs the page sees them


@dataclass(frozen=True, slots=True)
class BookingService:
    """One service.

    Attributes:
        name: As the service writes it.
        hosts: Where its booking pages are, and under which names.
        times: Where its times can be read.
        source: What `hosts` and `times` rest on, as it was on `CHECKED_ON`.
    """

    name: str
    hosts: tuple[str, ...]
    times: Times
    source: str


CHECKED_ON: Final = "2026-11"
"""When the sources were last read."""

SERVICES: Final = (
    BookingService(
        "Calendly",
        ("calendly.com",),
        Times.CALENDLY,
        "https://developer.calendly.com/view-event-type-and-user-calendar-availability-data",
    ),
    BookingService(
        "Cal.com",
        ("cal.com",),
        Times.CAL_COM,
        "https://cal.com/docs/api-reference/v2/slots/get-available-time-slots-for-an-event-type",
    ),
    BookingService(
        "Acuity Scheduling",
        ("acuityscheduling.com", "as.me"),
        Times.SCRIPT,
        "https://help.acuityscheduling.com/hc/en-us/articles/16676883635725-Managing-availability-and-calendars",
    ),
    BookingService(
        "SavvyCal", ("savvycal.com",), Times.SCRIPT, "https://docs.savvycal.com/article/96-sharing-availability"
    ),
    BookingService(
        "HighLevel",
        ("leadconnectorhq.com", "msgsndr.com"),
        Times.SCRIPT,
        "https://marketplace.gohighlevel.com/docs/ghl/calendars/create-calendar",
    ),
)
"""The services that coaches use most."""

NOTICES: Final = (
    "This Calendly URL is not valid",
    "This calendar is currently unavailable",
)
"""What a customer reads in place of a calendar: an event type that was deleted or switched off, or a lost connection to
the owner's calendar. Both come with status 200."""


def service_of(url: str) -> BookingService | None:
    """The service that a URL belongs to."""
    host = (urlsplit(url).hostname or "").lower()
    for service in SERVICES:
        if any(host == known or host.endswith(f".{known}") for known in service.hosts):
            return service
    return None


def notice_in(text: str) -> str:
    """The notice that stands in the visible text of a page; empty where there is none."""
    return next((notice for notice in NOTICES if notice.casefold() in text.casefold()), "")
