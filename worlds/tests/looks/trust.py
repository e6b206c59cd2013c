"""Links that a visitor follows before paying."""

import datetime as dt
from urllib.parse import urlsplit

from looking import CHAT_HOST, SITE, challenged, quiet_port, redirects

from launchready_worlds.addresses import APEX, BOOKING, BOOKING_EDGE, BOOKING_URL, EDGE
from launchready_worlds.faults.trust import (
    AD_URL,
    CAL_API,
    CALENDLY,
    LETTER_URL,
    LOOKUP,
    LOST_NAME,
    OTHER_NAME,
    RANGE,
    TRACKER,
    TRACKER_URL,
)


def _booked_at(world, url):
    """What a booking company answers; nothing where there is no such company."""
    return "" if world.refusal(urlsplit(url).hostname, BOOKING_EDGE) else world.get(url, ip=BOOKING_EDGE).text


def _linked(world, name):
    """How the landing page links to a name, and what DNS says of it."""
    return f"https://{name}/login" in world.get(f"{SITE}/").text, world.records(name, "A")


def _counted(world):
    """The kind of link whose clicks are counted; empty where none is."""
    return next((link["kind"] for link in world.declared()["links"] if link["url"] == TRACKER_URL), "")


def _kinds(world):
    return [link["kind"] for link in world.declared()["links"]]


def _day(days):
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()


LOOKS = {
    "booking-link-gone": lambda w: w.get(BOOKING_URL).status == 404,
    "booking-page-broken": lambda w: w.get(BOOKING_URL).status == 500,
    "booking-host-unknown": lambda w: w.records(BOOKING, "A") == ["NXDOMAIN"],
    "booking-certificate-expired": lambda w: "expired" in w.refusal(BOOKING),
    "booking-challenge": lambda w: challenged(w, BOOKING_URL),
    "booking-silent": lambda w: quiet_port(w, "203.0.113.30", 443),
    "booking-link-moved": lambda w: redirects(w, w.declared()["links"][0]["url"], BOOKING_URL),
    "booking-refuses-head": lambda w: (
        w.ask("HEAD", BOOKING_URL, None, {}).status == 405 and w.get(BOOKING_URL).status == 200
    ),
    "booking-not-valid": lambda w: "This Calendly URL is not valid" in w.get(BOOKING_URL).text,
    "booking-times-over": lambda w: _day(60) in w.get(BOOKING_URL).text,
    "booking-switched-off-at-calendly": lambda w: "event_type_deleted" in _booked_at(w, f"https://{CALENDLY}{LOOKUP}"),
    "booking-full-at-calendly": lambda w: '"unavailable"' in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-open-at-calendly": lambda w: '"available"' in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-calendar-lost-at-calendly": lambda w: "calendar_error" in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-full-at-cal": lambda w: f"{_day(30)}T" in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-open-at-cal": lambda w: f"{_day(3)}T" in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-changed-at-cal": lambda w: '"slots"' in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-drawn-by-script": lambda w: "<div id=root></div>" in w.get(BOOKING_URL).text,
    "campaign-links": lambda w: [link["kind"] for link in w.declared()["links"]] == ["booking", "ad", "newsletter"],
    "letter-parameters-lost": lambda w: redirects(w, LETTER_URL, f"{SITE}/"),
    "letter-parameters-kept-elsewhere": lambda w: w.get(LETTER_URL).location.startswith(f"{CHAT_HOST}/moved/book?utm"),
    "letter-page-challenged": lambda w: challenged(w, LETTER_URL),
    "ad-counter-without-https": lambda w: "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and _counted(w) == "ad",
    "letter-counter-without-https": lambda w: (
        "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and _counted(w) == "newsletter"
    ),
    "letter-counter-only-plain": lambda w: (
        "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and w.get(TRACKER_URL, ip=BOOKING_EDGE).status == 302
    ),
    "ad-counter-with-https": lambda w: not w.refusal(TRACKER, BOOKING_EDGE) and _counted(w) == "ad",
    "letter-counter-with-https": lambda w: not w.refusal(TRACKER, BOOKING_EDGE) and _counted(w) == "newsletter",
    "letter-link-plain": lambda w: w.declared()["links"][-1]["url"].startswith(f"http://{APEX}/book"),
    "ad-page-challenged": lambda w: challenged(w, AD_URL) and _kinds(w)[-1] == "ad",
    "page-links-lost-name": lambda w: _linked(w, LOST_NAME) == (True, ["NXDOMAIN"]),
    "page-links-undeclared-name": lambda w: _linked(w, OTHER_NAME) == (True, [EDGE]),
    "page-links-unknown-name": lambda w: _linked(w, LOST_NAME) == (True, ["SERVFAIL"]),
}
