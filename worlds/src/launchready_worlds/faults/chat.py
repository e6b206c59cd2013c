"""The chat's door: who may try how often."""

from limits import RateLimitItemPerMinute

from coachbot.parts import Parts
from launchready_guard.throttle import WINDOW_MINUTES, LoginThrottle
from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import JOURNEY, LOGIN

NEVER = 1_000_000
"""Failures nobody reaches: the throttle is there and does nothing."""
FEW = 3
PATIENT = 10
"""Failures a gentler product allows."""


def _throttled(scene: Scene, *, account: int, address: int) -> None:
    def rebuild(parts: Parts) -> None:
        parts.throttle = LoginThrottle(
            account_limit=RateLimitItemPerMinute(account, WINDOW_MINUTES),
            address_limit=RateLimitItemPerMinute(address, WINDOW_MINUTES),
        )

    scene.rebuild.append(rebuild)


@fault(
    {"login-unlimited": (LOGIN,)},
)
def login_throttle_off(scene: Scene) -> None:
    """Passwords can be guessed as often and as fast as anyone likes."""
    _throttled(scene, account=NEVER, address=NEVER)


@fault(
    {"login-unlimited": (LOGIN,)},
    implies={"signup-journey-broken": (JOURNEY,), "visitors-together-fail": (JOURNEY,)},
)
def login_throttle_locks_neighbours(scene: Scene) -> None:
    """Three wrong passwords of one customer lock out everybody behind the same office address."""
    _throttled(scene, account=NEVER, address=FEW)


@decoy(
    {"login-unlimited": (LOGIN,)},
)
def login_throttle_patient(scene: Scene) -> None:
    """Guessing is stopped after ten wrong passwords instead of five."""
    _throttled(scene, account=PATIENT, address=PATIENT * 10)
