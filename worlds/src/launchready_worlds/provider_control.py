"""Switching the fault provider from outside.

The endpoint is `/control` of the provider's own address; every request carries `Authorization: Bearer TOKEN`, the token
that `launchready provider` printed. Bodies are JSON.

- `GET /control` -> 200 `{"mood": "ok", "seconds": null, "times": null, "moods": ["ok", "stall", …], "calls": {…}}`.
  `calls` has `total`, `moods` (calls by mood), `streaming`, `answered`, `cancelled` (the client hung up), `open`,
  `wrong`, `prompt_tokens`, `completion_tokens`, `dollars`. Nothing of what was said is kept.
- `PUT /control` with `{"mood": "stall"}` -> 200, the same as GET. Besides `mood` it may say `seconds` (how long the
  mood waits: first word, stall, longest of the ramp), `times` (calls that are taken so, then `ok` again) and
  `"reset": true` (counts begin anew). A mood that is not named stays.
- 401 without the token, 400 with `{"error": "…"}` where the body is wrong; nothing was changed then.
"""

import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launchready_worlds.provider_moods import LONGEST_S, MOST_TIMES, ProviderMood, Switch
from launchready_worlds.provider_record import Record

CONTROL_PATH = "/control"
TOKEN_BYTES = 16
"""128 bits: what else runs on the machine can't guess it."""
FIELDS = frozenset({"mood", "seconds", "times", "reset"})


class ControlError(Exception):
    """A request says something that can't be done; the text says what can."""


def control_route(switch: Switch, record: Record, token: str) -> Route:
    """The endpoint.

    Args:
        switch: What it switches.
        record: What it tells.
        token: Who may.
    """

    async def control(request: Request) -> Response:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(shown.encode(), token.encode()):
            return JSONResponse({"error": "send Authorization: Bearer with the token that was printed"}, 401)
        if request.method == "PUT":
            try:
                _obey(await request.body(), switch, record)
            except ControlError as error:
                return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(_state(switch, record))

    return Route(CONTROL_PATH, control, methods=["GET", "PUT"])


def _state(switch: Switch, record: Record) -> dict[str, Any]:
    turn = switch.now()
    return {
        "mood": turn.mood.value,
        "seconds": turn.seconds,
        "times": switch.left or None,
        "moods": [mood.value for mood in ProviderMood],
        "calls": record.as_json(),
    }


def _obey(body: bytes, switch: Switch, record: Record) -> None:
    wanted = _object(body)
    if unknown := sorted(wanted.keys() - FIELDS):
        raise ControlError(f"there is no {unknown[0]!r}; say {', '.join(sorted(FIELDS))}")
    reset = wanted.get("reset", False)
    if not isinstance(reset, bool):
        raise ControlError("reset is true or false")
    mood = _mood(wanted["mood"]) if "mood" in wanted else switch.now().mood
    seconds, times = _seconds(wanted.get("seconds")), _times(wanted.get("times"))
    if wanted.keys() & {"mood", "seconds", "times"}:
        switch.set(mood, seconds, times)
    if reset:
        record.clear()


def _object(body: bytes) -> dict[str, Any]:
    try:
        wanted = json.loads(body)
    except ValueError as error:
        raise ControlError('the body is no JSON; send {"mood": "stall"}') from error
    if not isinstance(wanted, dict):
        raise ControlError('the body is no object; send {"mood": "stall"}')
    return wanted


def _mood(name: object) -> ProviderMood:
    if name not in tuple(ProviderMood):
        raise ControlError(f"no mood is called {str(name)[:40]!r}; there are: {', '.join(ProviderMood)}")
    return ProviderMood(str(name))


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_S:
        raise ControlError(f"seconds is a number from 0 to {LONGEST_S:g}")
    return float(value)


def _times(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_TIMES:
        raise ControlError(f"times is a whole number from 1 to {MOST_TIMES}")
    return value
