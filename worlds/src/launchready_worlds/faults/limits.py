"""How often one visitor may knock at the chat, the sign-up and the form that writes to the coach."""

from dataclasses import replace

from starlette.responses import HTMLResponse

from coachbot.parts import Parts
from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.limiting import Limits
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import JOURNEY, PAGE
from launchready_worlds.wrapping import answer, at

CHAT = {"chat-unlimited": (JOURNEY,)}
SIGNUP = {"signup-unlimited": (JOURNEY,)}
LEAD = {"lead-form-unlimited": (PAGE,)}
ALL = {**CHAT, **SIGNUP, **LEAD}

PATIENT_CHAT = 36
PATIENT_FORMS = 36
"""Limits of a gentler product, a little below what an auditor may send."""


def _without_limits(parts: Parts) -> None:
    """Take coachbot's limits away."""
    parts.guard_settings = replace(parts.guard_settings, rules=())


def _limited(scene: Scene, limits: Limits) -> None:
    """Put other limits in the place of coachbot's."""
    scene.rebuild.append(_without_limits)
    scene.limits = limits


@fault(CHAT)
def chat_limit_missing(scene: Scene) -> None:
    """Log-in is limited, and the chat, which costs money, is not."""
    _limited(scene, Limits(chat=None))


@fault(SIGNUP)
def signup_limit_missing(scene: Scene) -> None:
    """Robots may sign up as many strangers as they like."""
    _limited(scene, Limits(signups=None))


@fault(LEAD)
def lead_limit_missing(scene: Scene) -> None:
    """Robots may send the coach as many messages as they like."""
    _limited(scene, Limits(leads=None))


@fault(CHAT, implies={"visitors-together-fail": (JOURNEY,)})
def chat_limit_counts_everybody(scene: Scene) -> None:
    """The chat counts by the address of the edge, so one eager customer silences all others."""
    _limited(scene, Limits(by_session=False))


@fault(ALL)
def limits_trust_forwarded_for(scene: Scene) -> None:
    """The limits count by X-Forwarded-For as it comes, so that a new made-up address is a new visitor."""
    _limited(scene, Limits(trusts="x-forwarded-for"))


@fault(ALL)
def limits_trust_cf_connecting_ip(scene: Scene) -> None:
    """The limits count by the header of an edge that is not in front, and anybody may write it."""
    _limited(scene, Limits(trusts="cf-connecting-ip"))


@fault(ALL)
def limits_say_no_time(scene: Scene) -> None:
    """Who is throttled is not told when to try again."""
    _limited(scene, Limits(says_when=False))


@decoy(ALL)
def limits_patient(scene: Scene) -> None:
    """The limits let more through than usual, and end it all the same."""
    _limited(scene, Limits(chat=PATIENT_CHAT, signups=PATIENT_FORMS, leads=PATIENT_FORMS))


@decoy(ALL)
def forwarded_address_ignored(scene: Scene) -> None:
    """A form trusts an address header that nobody sends, and strangers who write the usual ones get nowhere."""
    _limited(scene, Limits(trusts="x-edge-visitor"))


def _challenge() -> HTMLResponse:
    page = "<!doctype html><title>Just a moment...</title><p>Checking your browser.</p>"
    return HTMLResponse(page, 403, headers={"cf-mitigated": "challenge", "server": "cloudflare"})


@blind(ALL)
def doors_challenge_robots(scene: Scene) -> None:
    """What sends a form or a message has to prove first that it is a browser."""
    for host in (APEX, APP):
        scene.wrap(host, answer(_challenge, at("/signup", "/leads", "/api/chat", methods=("POST",))))
