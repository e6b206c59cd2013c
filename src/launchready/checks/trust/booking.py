"""The page where a call is booked."""

from launchready.facts.booking import BookingOffer
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Link


@check(
    "booking-unavailable",
    impact=Impact.BLOCKER,
    customer_sees="They want to book a call, and the page has no time to choose.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://cal.com/docs/api-reference/v2/slots/get-available-time-slots-for-an-event-type",
        "https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-time-element",
    ),
)
def booking_unavailable(link: Link, offer: BookingOffer) -> Judgement:
    """The booking page offers a time within two weeks.

    ## Why it matters at launch
    A booking page that loads and offers nothing looks well to you and turns every customer away. It happens when a
    kind of call is switched off, when the calendar behind it is disconnected, or when all of its days are blocked.

    ## How to fix
    Log in at the service that takes your bookings. See that this kind of call is on, that its calendar is connected and
    that it has free hours in the next two weeks. Then open the link in a private window.
    """
    where = offer.service or "your booking page"
    if offer.refusal:
        fix = Fix(f"Switch this kind of call on again at {where}, or use the link of one that is on", link.url)
        return Fail((f"{link.url} says: {offer.refusal}",), fix)
    if not offer.starts:
        fix = Fix(
            f"Open hours in the next {offer.days} days at {where}, and see that its calendar is connected", link.url
        )
        return Fail((f"{link.url} offers no time in the next {offer.days} days",), fix)
    return Pass()
