"""What a booking page offers."""

from datetime import datetime

from launchready.model.fact import fact
from launchready.model.subject import Link, LinkKind


def is_booking(link: Link) -> bool:
    """Whether customers book a call there."""
    return link.kind is LinkKind.BOOKING


@fact(about=Link, only=is_booking, declare='the [[links]] of kind = "booking"')
class BookingOffer:
    """Which times can be booked in the days after `asked_at`.

    `service` is the booking service, and empty for a page of somebody's own. `refusal` is what a customer reads in
    place of times; empty where there is a calendar. `starts` are the start times on offer, sorted, `days` days ahead.
    """

    service: str
    refusal: str
    starts: tuple[datetime, ...]
    asked_at: datetime
    days: int
