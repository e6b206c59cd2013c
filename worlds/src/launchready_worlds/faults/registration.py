"""Registrations that end, HTTPS records that lead astray, and a change of DNS that nobody prepared."""

import datetime as dt

from starlette.responses import JSONResponse, PlainTextResponse

from launchready_worlds.addresses import APP, EDGE, HTTPS_PORT, NS1, NS2, NS2_V6, OLD_HOST, REGISTRY, REGISTRY_EDGE
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.faults.aliases import company_zone
from launchready_worlds.listener import Door
from launchready_worlds.nameservers import Mood
from launchready_worlds.registry import RDAP_MEDIA, registration
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, HOST_APEX, HOST_APP
from launchready_worlds.wrapping import answer

DAY_S = 86_400


def _registered(scene: Scene, days_left: float, *states: str) -> None:
    said = registration(scene.now, days_left, *states)
    scene.wrap(REGISTRY, answer(lambda: JSONResponse(said, media_type=RDAP_MEDIA)))


def _plan_change(scene: Scene, days: int = 7) -> None:
    scene.declaration["product"]["dns_change"] = (scene.now + dt.timedelta(days=days)).date()


def _keep_for(scene: Scene, ttl_s: int, owner: str, kind: str) -> None:
    for zone in scene.zones():
        zone.keep_for(ttl_s, owner, kind)


@fault({"domain-expires-soon": (BUSINESS,)})
def registration_ends_soon(scene: Scene) -> None:
    """The domain's registration ends in four weeks, and nobody has renewed it."""
    _registered(scene, 29)


@fault({"domain-expires-soon": (BUSINESS,)})
def registration_let_go(scene: Scene) -> None:
    """The registration ran out, and the registry holds the domain for the last weeks in which it can be bought back."""
    _registered(scene, 300, "redemption period")


@blind({"domain-expires-soon": (BUSINESS,)})
def registry_unreachable(scene: Scene) -> None:
    """The registry's server does not take our connection."""
    scene.doors[REGISTRY_EDGE, HTTPS_PORT] = Door.SLAMMED


@blind({"domain-expires-soon": (BUSINESS,)})
def registry_says_no_end(scene: Scene) -> None:
    """The registry answers, and keeps to itself when registrations end, as some do."""
    said = registration(scene.now)
    said["events"] = said["events"][:1]
    scene.wrap(REGISTRY, answer(lambda: JSONResponse(said, media_type=RDAP_MEDIA)))


@blind({"domain-expires-soon": (BUSINESS,)})
def registry_busy(scene: Scene) -> None:
    """The registry has had enough questions for today."""
    scene.wrap(REGISTRY, answer(lambda: PlainTextResponse("Too many requests\n", 429)))


@decoy({"domain-expires-soon": (BUSINESS,)})
def registration_ends_in_a_month(scene: Scene) -> None:
    """The registration ends in thirty-one days; the entry at the registrar ends sooner, which is another date."""
    said = registration(scene.now, 31, "auto renew period")
    said["events"].append({"eventAction": "registrar expiration", "eventDate": said["events"][2]["eventDate"]})
    scene.wrap(REGISTRY, answer(lambda: JSONResponse(said, media_type=RDAP_MEDIA)))


@good({"https-record-differs": (HOST_APEX,)}, Outcome.PASS)
def https_record_right(scene: Scene) -> None:
    """The landing page has an HTTPS record with the right address."""
    scene.put("@", "HTTPS", f'1 . alpn="h2" ipv4hint={EDGE}')


@fault({"https-record-differs": (HOST_APEX,)})
def https_record_stale(scene: Scene) -> None:
    """The landing page still has the HTTPS record of the former hosting company, which browsers follow first."""
    scene.put("@", "HTTPS", f'1 . alpn="h2" ipv4hint={OLD_HOST}')


@fault({"https-record-differs": (HOST_APP,)})
def https_record_to_former_company(scene: Scene) -> None:
    """The app's HTTPS record sends browsers to a name of the former hosting company."""
    company_zone(scene, "shared-hosting.test", ("edge", "A", OLD_HOST))
    scene.put("app", "HTTPS", '1 edge.shared-hosting.test. alpn="h2"')


@blind({"https-record-differs": (HOST_APP,)})
def https_record_unanswered(scene: Scene) -> None:
    """The resolver can't look up HTTPS records just now."""
    scene.resolver.failing.add((APP, "HTTPS"))


@decoy({"https-record-differs": (HOST_APEX,)})
def https_record_without_hints(scene: Scene) -> None:
    """The landing page's HTTPS record only says which versions of HTTP it speaks."""
    scene.put("@", "HTTPS", '1 . alpn="h2"')


@good({"dns-change-ttl-long": (BUSINESS,)}, Outcome.PASS)
def change_planned(scene: Scene) -> None:
    """The founder is going to move her hosts next week, and all records are kept for minutes."""
    _plan_change(scene)


@fault({"dns-change-ttl-long": (BUSINESS,)})
def change_planned_records_kept_a_day(scene: Scene) -> None:
    """The founder is going to move her hosts next week, and everybody keeps the app's old address for a day."""
    _plan_change(scene)
    _keep_for(scene, DAY_S, "app", "A")


@blind({"dns-change-ttl-long": (BUSINESS,)})
def change_planned_nameservers_blocked(scene: Scene) -> None:
    """The founder is going to move her hosts next week, and our network blocks questions to her name servers."""
    _plan_change(scene)
    scene.silence(NS1, NS2, NS2_V6, mood=Mood.BLOCKED)


@decoy({"dns-change-ttl-long": (BUSINESS,)})
def change_planned_mail_kept_a_day(scene: Scene) -> None:
    """The founder is going to move her hosts next week; only the mail records, which stay, are kept for a day."""
    _plan_change(scene)
    _keep_for(scene, DAY_S, "@", "MX")
    _keep_for(scene, 3600, "app", "A")


@decoy({"dns-change-ttl-long": (BUSINESS,)}, Outcome.NOT_APPLICABLE)
def records_kept_a_day_and_no_change(scene: Scene) -> None:
    """Records are kept for a day, and no change is planned for the next weeks."""
    _plan_change(scene, 60)
    _keep_for(scene, DAY_S, "app", "A")
