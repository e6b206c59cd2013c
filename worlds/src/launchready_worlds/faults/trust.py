"""Links that a visitor follows before paying.

Booking companies have their real names here, since an auditor knows them by name; in a world's own DNS they lead to a
world's own address.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from launchready_worlds.addresses import APEX, APP, BOOKING, BOOKING_EDGE, EDGE, HTTPS_PORT, NS_FARM
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Findings, Outcome, blind, decoy, fault, good
from launchready_worlds.faults.aliases import company_zone
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import booking_page, redirect, requested
from launchready_worlds.subjects import HOST_APEX, LINK
from launchready_worlds.wrapping import answer, at, html, replace

OLDER_URL = f"https://{BOOKING}/maya"
BROKEN = {"link-broken": (LINK,)}
UNAVAILABLE = {"booking-unavailable": (LINK,)}

CALENDLY, CAL_COM, CAL_API = "calendly.com", "cal.com", "api.cal.com"
CALENDLY_URL, CAL_URL = f"https://{CALENDLY}/maya/intro", f"https://{CAL_COM}/maya/intro"
CALENDLY_EVENT = "0c4d3f5a"
LOOKUP, RANGE = "/api/booking/event_types/lookup", f"/api/booking/event_types/{CALENDLY_EVENT}/calendar/range"
AT_CALENDLY: Findings = {"booking-unavailable": (f"link:{CALENDLY_URL}",)}
AT_CAL: Findings = {"booking-unavailable": (f"link:{CAL_URL}",)}
SHELL = "<!doctype html><title>Calendly</title><div id=root></div><script src=/app.js></script>"
"""What Calendly serves for any link, with status 200: a script draws the rest."""

CAMPAIGN = "utm_source=letter&utm_campaign=spring%20sale&gclid=probe"
AD_URL, LETTER_URL = f"https://{APEX}/?{CAMPAIGN}", f"https://{APEX}/book?{CAMPAIGN}"
AD, LETTER = f"link:{AD_URL}", f"link:{LETTER_URL}"
PLAIN_LETTER_URL = f"http://{APEX}/book?{CAMPAIGN}"
PLAIN_LETTER = f"link:{PLAIN_LETTER_URL}"
TRACKER = "click.calendar.example"
TRACKER_URL = f"http://{TRACKER}/c/9?{CAMPAIGN}"
TRACKED = f"link:{TRACKER_URL}"


def _link(scene: Scene, url: str, kind: str) -> None:
    scene.declaration["links"].append({"url": url, "kind": kind})


def _letter(scene: Scene) -> None:
    """Declare a letter's link to a page of the product that is there."""
    _link(scene, LETTER_URL, "newsletter")
    scene.wrap(APEX, answer(lambda: HTMLResponse("<title>Book</title>"), at("/book")))


def _service(scene: Scene, name: str, *hosts: str) -> None:
    """Let a booking company exist, with certificates."""
    labels = [host.removesuffix(name).removesuffix(".") or "@" for host in hosts]
    company_zone(scene, name, *((label, "A", BOOKING_EDGE) for label in labels))
    for host in hosts:
        scene.certificates[host] = Certificate.GOOD


def _json(value: Mapping[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(dict(value), status)


def _at_calendly(scene: Scene, lookup: Response, calendar: Response) -> None:
    _service(scene, CALENDLY, CALENDLY)
    scene.declaration["links"][0]["url"] = CALENDLY_URL
    scene.wrap(CALENDLY, answer(lambda: HTMLResponse(SHELL)))
    scene.wrap(CALENDLY, answer(lambda: lookup, at(LOOKUP)))
    scene.wrap(CALENDLY, answer(lambda: calendar, at(RANGE)))


def _at_cal(scene: Scene, slots: Response) -> None:
    _service(scene, CAL_COM, CAL_COM, CAL_API)
    scene.declaration["links"][0]["url"] = CAL_URL
    scene.wrap(CAL_COM, answer(lambda: HTMLResponse("<title>Intro | Maya</title><div id=app></div>")))
    scene.wrap(CAL_API, answer(lambda: slots, at("/v2/slots")))


def _in_days(scene: Scene, days: int) -> str:
    return (scene.now + dt.timedelta(days=days)).strftime("%Y-%m-%dT10:00:00Z")


@fault(BROKEN)
def booking_link_gone(scene: Scene) -> None:
    """The page where a call is booked does not exist any more."""
    scene.wrap(BOOKING, answer(lambda: PlainTextResponse("This event type is gone.", 404)))


@fault(BROKEN)
def booking_page_broken(scene: Scene) -> None:
    """The page where a call is booked shows an error."""
    scene.wrap(BOOKING, answer(lambda: PlainTextResponse("Internal Server Error", 500)))


@fault(BROKEN)
def booking_host_unknown(scene: Scene) -> None:
    """The booking link's host does not exist."""
    scene.servers[NS_FARM].zones["calendar.example"].drop("book", "A")


@fault(BROKEN)
def booking_certificate_expired(scene: Scene) -> None:
    """Browsers refuse the booking page: its certificate ran out."""
    scene.certificates[BOOKING] = Certificate.EXPIRED


@blind(BROKEN | UNAVAILABLE | {"link-begins-over-http": (LINK,), "link-over-http": (LINK,)})
def booking_challenge(scene: Scene) -> None:
    """The booking company's bot protection stops our visit."""
    scene.wrap(BOOKING, answer(challenge))


@blind(BROKEN | UNAVAILABLE | {"link-begins-over-http": (LINK,), "link-over-http": (LINK,)})
def booking_silent(scene: Scene) -> None:
    """The booking company's server takes connections and says nothing."""
    scene.doors[BOOKING_EDGE, HTTPS_PORT] = Door.SILENT


@decoy({"link-broken": (f"link:{OLDER_URL}",), "booking-unavailable": (f"link:{OLDER_URL}",)})
def booking_link_moved(scene: Scene) -> None:
    """The declared booking link is an older one that leads to the new page."""
    scene.declaration["links"][0]["url"] = OLDER_URL


@decoy(BROKEN | UNAVAILABLE)
def booking_refuses_head(scene: Scene) -> None:
    """The booking page answers GET only; other questions get an error."""
    scene.wrap(
        BOOKING, answer(lambda: PlainTextResponse("Method Not Allowed", 405), lambda asked: asked["method"] != "GET")
    )


@fault(UNAVAILABLE)
def booking_not_valid(scene: Scene) -> None:
    """The booking page loads and says that there is no such kind of call."""
    scene.wrap(BOOKING, answer(lambda: HTMLResponse("<title>Calendly</title><h1>This Calendly URL is not valid.</h1>")))


@fault(UNAVAILABLE)
def booking_times_over(scene: Scene) -> None:
    """All times that the booking page lists are over, or months away."""
    scene.wrap(BOOKING, answer(lambda: HTMLResponse(booking_page((-3, -2, 60)))))


@fault(AT_CALENDLY)
def booking_switched_off_at_calendly(scene: Scene) -> None:
    """The kind of call was switched off at Calendly, whose page still loads."""
    gone = _json({"unavailability_reason": {"code": "event_type_deleted", "error": "The event type was deleted"}})
    _at_calendly(scene, gone, _json({"days": []}))


@fault(AT_CALENDLY)
def booking_full_at_calendly(scene: Scene) -> None:
    """Calendly's page loads, and every hour of the next two weeks is taken."""
    taken = {"status": "unavailable", "start_time": _in_days(scene, 2)}
    days = [{"date": _in_days(scene, 2)[:10], "status": "unavailable", "spots": [taken]}]
    _at_calendly(scene, _json({"uuid": CALENDLY_EVENT}), _json({"days": days}))


@fault(AT_CAL)
def booking_full_at_cal(scene: Scene) -> None:
    """Cal.com's page loads, and the first free hour is in a month."""
    late = _in_days(scene, 30)
    _at_cal(scene, _json({"status": "success", "data": {late[:10]: [{"start": late}]}}))


@decoy(AT_CALENDLY)
def booking_open_at_calendly(scene: Scene) -> None:
    """Calendly's page is an empty shell that a script fills, and there are free hours."""
    spots = [{"status": "available", "start_time": _in_days(scene, 3)}]
    days = [{"date": _in_days(scene, 3)[:10], "status": "available", "spots": spots}]
    _at_calendly(scene, _json({"uuid": CALENDLY_EVENT}), _json({"days": days}))


@decoy(AT_CAL)
def booking_open_at_cal(scene: Scene) -> None:
    """Cal.com's page is an empty shell that a script fills, and there are free hours."""
    soon = _in_days(scene, 3)
    _at_cal(scene, _json({"status": "success", "data": {soon[:10]: [{"start": soon}]}}))


@blind(AT_CALENDLY)
def booking_calendar_lost_at_calendly(scene: Scene) -> None:
    """Calendly can't reach Maya's own calendar at the moment, and answers with an error."""
    lost = _json({"failure": {"code": "external_calendar_error"}}, 400)
    _at_calendly(scene, _json({"uuid": CALENDLY_EVENT}), lost)


@blind(AT_CAL)
def booking_changed_at_cal(scene: Scene) -> None:
    """Cal.com answers in a form that nobody knows yet."""
    _at_cal(scene, _json({"status": "success", "slots": []}))


@blind(UNAVAILABLE)
def booking_drawn_by_script(scene: Scene) -> None:
    """The booking page is a shell, and its times are drawn by a script."""
    scene.wrap(BOOKING, answer(lambda: HTMLResponse(SHELL)))


@good({"link-loses-parameters": (AD, LETTER), "ad-link-over-http": (AD,), "link-over-http": (LETTER,)}, Outcome.PASS)
def campaign_links(scene: Scene) -> None:
    """An advertisement and a letter link to the product, with the parameters of their campaign."""
    _link(scene, AD_URL, "ad")
    _letter(scene)


@fault({"link-loses-parameters": (LETTER,)})
def letter_parameters_lost(scene: Scene) -> None:
    """The page that a letter links to moved, and the redirect drops what stands behind the question mark."""
    _letter(scene)
    scene.wrap(APEX, replace(redirect(lambda _scope: f"https://{APEX}/"), at("/book")))


@decoy({"link-loses-parameters": (LETTER,)})
def letter_parameters_kept_elsewhere(scene: Scene) -> None:
    """The page that a letter links to moved to another host, in two steps, and everything behind it is kept."""
    _letter(scene)
    scene.wrap(APEX, replace(redirect(lambda scope: f"https://{APP}/moved{requested(scope)}"), at("/book")))
    back = redirect(lambda scope: f"https://{APEX}{requested(scope).removeprefix('/moved').replace('/book', '/')}")
    scene.wrap(APP, replace(back, lambda scope: scope["path"].startswith("/moved")))


@blind({"link-loses-parameters": (LETTER,)})
def letter_page_challenged(scene: Scene) -> None:
    """Bot protection stops our visit of the page that a letter links to."""
    _letter(scene)
    scene.wrap(APEX, answer(challenge, at("/book")))


def _tracker(scene: Scene, kind: str, certificate: Certificate) -> None:
    """Send an advertisement's or letter's clicks over a counter at the calendar company."""
    scene.servers[NS_FARM].zones["calendar.example"].put("click", "A", BOOKING_EDGE)
    scene.certificates[TRACKER] = certificate
    _link(scene, TRACKER_URL, kind)
    for secure in (True, False):
        onward = redirect(lambda scope: f"https://{APEX}/?{scope['query_string'].decode()}", 302)
        scene.wrap(TRACKER, replace(onward), secure=secure)


@fault({"ad-link-over-http": (TRACKED,)})
def ad_counter_without_https(scene: Scene) -> None:
    """An advertisement's clicks are counted at a host whose certificate is for another name."""
    _tracker(scene, "ad", Certificate.WRONG_NAME)


@fault({"link-over-http": (TRACKED,)})
def letter_counter_without_https(scene: Scene) -> None:
    """A letter's clicks are counted at a host whose certificate is for another name."""
    _tracker(scene, "newsletter", Certificate.WRONG_NAME)


@decoy(
    {"ad-link-over-http": (TRACKED,), "link-loses-parameters": (TRACKED,)},
    implies={"link-begins-over-http": (TRACKED,)},
)
def ad_counter_with_https(scene: Scene) -> None:
    """An advertisement's link is written with http, and browsers get there over https."""
    _tracker(scene, "ad", Certificate.GOOD)


@decoy({"link-over-http": (TRACKED,)}, implies={"link-begins-over-http": (TRACKED,)})
def letter_counter_with_https(scene: Scene) -> None:
    """A letter's link is written with http, and browsers get there over https."""
    _tracker(scene, "newsletter", Certificate.GOOD)


@fault({"link-begins-over-http": (PLAIN_LETTER,)})
def letter_link_plain(scene: Scene) -> None:
    """A letter's link begins with http, and is sent on to https."""
    _letter(scene)
    scene.declaration["links"][-1]["url"] = PLAIN_LETTER_URL


@decoy({"link-begins-over-http": (TRACKED,)}, implies={"link-over-http": (TRACKED,)})
def letter_counter_only_plain(scene: Scene) -> None:
    """A letter's link begins with http because there is no https, which is another finding."""
    _tracker(scene, "newsletter", Certificate.WRONG_NAME)


@blind({"ad-link-over-http": (AD,), "link-begins-over-http": (AD,)})
def ad_page_challenged(scene: Scene) -> None:
    """Bot protection stops our visit of the page that an advertisement links to."""
    _link(scene, AD_URL, "ad")
    scene.wrap(APEX, answer(challenge))


LOST_NAME, OTHER_NAME = f"app.www.{APEX}", f"blog.{APEX}"


def _also_links(name: str) -> Any:
    return html(lambda page: page.replace("</body>", f'<a href="https://{name}/login">Log in</a></body>'), at("/"))


@fault({"page-links-dead-host": (HOST_APEX,)})
def page_links_lost_name(scene: Scene) -> None:
    """The landing page links to the app under a name that does not exist."""
    scene.wrap(APEX, _also_links(LOST_NAME))


@decoy({"page-links-dead-host": (HOST_APEX,)}, implies={"name-undeclared": (f"domain:{APEX}",)})
def page_links_undeclared_name(scene: Scene) -> None:
    """The landing page links to a blog that exists and that nobody declared."""
    scene.put("blog", "A", EDGE)
    scene.wrap(APEX, _also_links(OTHER_NAME))


@blind({"page-links-dead-host": (HOST_APEX,)})
def page_links_unknown_name(scene: Scene) -> None:
    """The resolver can't say whether a name that the landing page links to exists."""
    scene.wrap(APEX, _also_links(LOST_NAME))
    scene.resolver.failing.add((LOST_NAME, "*"))
