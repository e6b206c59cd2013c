"""Take every look of a plan at once: the one place for time-outs, permission, cancellation and our own bugs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from launchready.engine.plan import Look, Step
from launchready.model.evidence import Entry
from launchready.model.fact import FACTS
from launchready.model.probe import Manner, Probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Reading, Unmeasured, Why
from launchready.model.signature import Parameter, Role

MAX_LOOKS_AT_ONCE = 64  # a hung TLS probe holds about 100 KB, so this bounds memory, not speed

OWN_LINES = (
    "run `launchready own {host}`, put the token into launchready.toml under [ownership], "
    "and serve it at https://{host}/.well-known/launchready"
)


@dataclass(slots=True)
class Gathering:
    """The readings taken so far. It stays usable when the gathering is cancelled: nothing that was seen is lost."""

    steps: Sequence[Step]
    readings: dict[tuple[str, str], Reading[Any]] = field(default_factory=dict)

    def entries(self, at: datetime) -> tuple[Entry, ...]:
        """Every planned look with its reading, sorted; a look that was not finished is `INTERRUPTED`."""
        stopped = Unmeasured(Why.INTERRUPTED, "stopped before this was looked at", at)
        return tuple(
            Entry(*key, self.readings.get(key, stopped)) for key in sorted(step.look.key for step in self.steps)
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a gathering needs besides its plan.

    `tools` are the clients that probes borrow, by type. `patience_s` shortens every time-out; None leaves the probes'
    own. `now` and `tick` read the wall clock and a steady clock in seconds. `report` is told how many looks are
    done, of how many, and which one ended.
    """

    product: Product
    tools: Mapping[type, object]
    now: Callable[[], datetime]
    tick: Callable[[], float]
    patience_s: float | None = None
    active: bool = True
    report: Callable[[int, int, str], None] = lambda _done, _all, _name: None


async def gather(gathering: Gathering, around: Surroundings) -> None:
    """Take all looks, each as soon as those it needs are done; fill `gathering.readings`.

    Cancelling it cancels every look, waits for them to close what they opened, and keeps the readings taken so far.
    """
    done = {step.look.key: asyncio.Event() for step in gathering.steps}
    places = asyncio.Semaphore(MAX_LOOKS_AT_ONCE)
    alone = asyncio.Semaphore(1)
    quiet = [step.look for step in gathering.steps if not _is_load(step)]
    sparing = [step.look for step in gathering.steps if not _is_exhausting(step)]

    async def take(step: Step) -> None:
        others = sparing if _is_exhausting(step) else quiet if _is_load(step) else []
        for need in (*step.needs, *step.permissions, *others):
            await done[need.key].wait()
        async with alone if _is_load(step) else places:
            gathering.readings[step.look.key] = await _reading_of(step, gathering.readings, around)
        done[step.look.key].set()
        around.report(len(gathering.readings), len(gathering.steps), step.look.key[0])

    async with asyncio.TaskGroup() as group:
        for step in gathering.steps:
            group.create_task(take(step))


def _is_load(step: Step) -> bool:
    """Whether it is taken alone."""
    return step.probe is not None and step.probe.manner in {Manner.LOAD, Manner.EXHAUSTING}


def _is_exhausting(step: Step) -> bool:
    return step.probe is not None and step.probe.manner is Manner.EXHAUSTING


async def _reading_of(
    step: Step, readings: Mapping[tuple[str, str], Reading[Any]], around: Surroundings
) -> Reading[Any]:
    at = around.now()
    if step.probe is None:
        return Unmeasured(Why.NOT_INSTALLED, f"this version has no way to see {FACTS[step.look.fact].name}", at)
    refusal = _refusal(step, step.probe, readings, around, at)
    if refusal is not None:
        return refusal
    values: dict[type, object] = {}
    for need in step.needs:
        reading = readings[need.key]
        if not isinstance(reading, Measured):
            return _lost(need, reading, at)
        values[need.fact] = reading.value
    arguments = {p.name: _argument(p, step.look, values, around) for p in step.probe.parameters}
    return await _take(step.probe, arguments, around)


def _refusal(
    step: Step,
    probe: Probe,
    readings: Mapping[tuple[str, str], Reading[Any]],
    around: Surroundings,
    at: datetime,
) -> Unmeasured | None:
    """Why an active look may not be taken; None where it may."""
    if probe.manner is Manner.PASSIVE:
        return None
    if not around.active:
        return Unmeasured(Why.NOT_REQUESTED, "active looks were switched off for this run", at)
    for look in step.permissions:
        reading = readings[look.key]
        host = look.subject.id.partition(":")[2]
        if not isinstance(reading, Measured):
            detail = f"we could not see whether {host} is yours; {OWN_LINES.format(host=host)}"
            return Unmeasured(Why.NOT_PERMITTED, detail, at)
        if not reading.value.proven:
            detail = f"nothing shows that {host} is yours; {OWN_LINES.format(host=host)}"
            return Unmeasured(Why.NOT_PERMITTED, detail, at)
    return None


def _lost(need: Look, reading: Unmeasured | object, at: datetime) -> Unmeasured:
    if isinstance(reading, Unmeasured):
        root = reading.detail if reading.why is Why.DEPENDENCY else f"{need.key[0]}: {reading.detail}"
        return Unmeasured(Why.DEPENDENCY, root, at)
    return Unmeasured(Why.DEPENDENCY, f"{need.key[0]} rests on a person's word", at)


def _argument(parameter: Parameter, look: Look, values: Mapping[type, object], around: Surroundings) -> object:
    match parameter.role:
        case Role.SUBJECT:
            return around.product.ancestor(look.subject, parameter.type)
        case Role.PRODUCT:
            return around.product
        case Role.FACT:
            return values[parameter.type]
        case _:
            return around.tools[parameter.type]


async def _take(probe: Probe, arguments: Mapping[str, object], around: Surroundings) -> Reading[Any]:
    """One look, with its time-out. The only place where a probe's own bug becomes a reading."""
    limit_s = probe.timeout_s if around.patience_s is None else min(probe.timeout_s, around.patience_s)
    started = around.tick()
    try:
        async with asyncio.timeout(limit_s):
            value = await _call(probe.look, arguments)
    except NotSeen as unseen:
        return Unmeasured(unseen.why, unseen.detail, around.now())
    except TimeoutError:
        return Unmeasured(Why.TIMED_OUT, f"no answer within {limit_s:g} seconds", around.now())
    except Exception as bug:  # noqa: BLE001 - a probe's bug must not take the other readings with it; it is shown as ours
        detail = f"{probe.name} failed on our side: {type(bug).__name__}"
        return Unmeasured(Why.OUR_BUG, detail, around.now())
    return Measured(value, around.now(), round(around.tick() - started, 4))


async def _call(look: Callable[..., Awaitable[object]], arguments: Mapping[str, object]) -> object:
    return await look(**arguments)
