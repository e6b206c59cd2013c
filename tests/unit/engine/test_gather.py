"""Gathering: time-outs, permission, dependencies, order, cancellation and our own bugs, each as a reading."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from small_world import Fuse, Lamp, make_check

from launchready.engine.gather import Gathering, Surroundings, gather
from launchready.engine.plan import MAX_DEPTH, Look, PlanError, Step, make_plan
from launchready.model.fact import FACTS, fact
from launchready.model.probe import Manner, Probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.signature import read_parameters
from launchready.model.subject import Domain, Host

AT = datetime(2026, 11, 24, tzinfo=UTC)
PRODUCT = Product(
    "Lamps",
    hosts=(Host("a.example.com", "example.com"), Host("b.example.com", "example.com")),
    domains=(Domain("example.com"),),
)


@fact(about=Host)
class Permit:
    """Whether the host may be loaded."""

    proven: bool


@fact(about=Host)
class Storm:
    """Something that needs permission."""

    wind: int


def probe_of(look: Callable[..., Awaitable[object]], gives: type, manner=Manner.PASSIVE, timeout_s=0.2) -> Probe:
    return Probe(look.__name__, look, gives, FACTS[gives].about, read_parameters(look), manner, timeout_s)


def take(*probes: Probe, wanted=None, **options) -> dict[tuple[str, str], object]:
    checks = [make_check(f"wants-{f.__name__}", _asking(f)) for f in (wanted or [p.gives for p in probes])]
    steps = make_plan(PRODUCT, checks, {p.gives: p for p in probes}, Permit)
    gathering = Gathering(steps)
    around = Surroundings(PRODUCT, {}, lambda: AT, lambda: 0.0, **options)
    asyncio.run(gather(gathering, around))
    return {(e.kind, e.subject): e.reading for e in gathering.entries(AT)}


def _asking(wanted: type):
    def ask(value: wanted) -> None: ...

    ask.__annotations__ = {"value": wanted}
    return ask


async def lamp_on(host: Host) -> Lamp:
    return Lamp(on=host.name.startswith("a"))


async def fuse(domain: Domain) -> Fuse:
    return Fuse(holds=domain.name == "example.com")


def test_each_subject_gets_its_own_reading() -> None:
    readings = take(probe_of(lamp_on, Lamp), probe_of(fuse, Fuse))
    assert readings == {
        ("Lamp", "host:a.example.com"): Measured(Lamp(on=True), AT, 0.0),
        ("Lamp", "host:b.example.com"): Measured(Lamp(on=False), AT, 0.0),
        ("Fuse", "domain:example.com"): Measured(Fuse(holds=True), AT, 0.0),
    }


def test_a_look_that_does_not_end_is_timed_out_and_the_others_stand() -> None:
    async def hang(domain: Domain) -> Fuse:
        await asyncio.Event().wait()
        return Fuse(holds=bool(domain))

    readings = take(probe_of(hang, Fuse, timeout_s=0.05), probe_of(lamp_on, Lamp))
    assert readings["Fuse", "domain:example.com"] == Unmeasured(Why.TIMED_OUT, "no answer within 0.05 seconds", AT)
    assert isinstance(readings["Lamp", "host:a.example.com"], Measured)


def test_patience_shortens_a_time_out_and_never_lengthens_it() -> None:
    async def hang(domain: Domain) -> Fuse:
        await asyncio.Event().wait()
        return Fuse(holds=bool(domain))

    short = take(probe_of(hang, Fuse, timeout_s=9.0), patience_s=0.05)
    assert short["Fuse", "domain:example.com"].detail == "no answer within 0.05 seconds"
    long = take(probe_of(hang, Fuse, timeout_s=0.05), patience_s=9.0)
    assert long["Fuse", "domain:example.com"].detail == "no answer within 0.05 seconds"


def test_a_probe_that_cannot_see_says_why_and_a_bug_is_ours() -> None:
    async def blind(domain: Domain) -> Fuse:
        raise NotSeen(Why.REFUSED, f"{domain.name} refused")

    async def broken(host: Host) -> Lamp:
        raise KeyError(f"secret of {host.name}")

    readings = take(probe_of(blind, Fuse), probe_of(broken, Lamp))
    assert readings["Fuse", "domain:example.com"] == Unmeasured(Why.REFUSED, "example.com refused", AT)
    assert readings["Lamp", "host:a.example.com"] == Unmeasured(Why.OUR_BUG, "broken failed on our side: KeyError", AT)


def test_a_lost_dependency_is_named_and_the_probe_is_not_called() -> None:
    called = []

    async def blind(domain: Domain) -> Fuse:
        raise NotSeen(Why.NO_RESOLVER, f"nobody answers for {domain.name}")

    async def needs_fuse(host: Host, fuse: Fuse) -> Lamp:
        called.append((host, fuse))
        return Lamp(on=True)

    readings = take(probe_of(blind, Fuse), probe_of(needs_fuse, Lamp), wanted=[Lamp])
    assert readings["Lamp", "host:a.example.com"] == Unmeasured(
        Why.DEPENDENCY, "Fuse: nobody answers for example.com", AT
    )
    assert called == []


def test_an_active_look_runs_only_where_the_host_is_proven() -> None:
    async def permit(host: Host) -> Permit:
        return Permit(proven=host.name == "a.example.com")

    async def storm(host: Host) -> Storm:
        return Storm(wind=len(host.name))

    readings = take(probe_of(permit, Permit), probe_of(storm, Storm, Manner.ACTIVE), wanted=[Storm])
    assert readings["Storm", "host:a.example.com"] == Measured(Storm(wind=13), AT, 0.0)
    refused = readings["Storm", "host:b.example.com"]
    assert refused.why is Why.NOT_PERMITTED
    assert "launchready own b.example.com" in refused.detail
    switched_off = take(probe_of(permit, Permit), probe_of(storm, Storm, Manner.ACTIVE), wanted=[Storm], active=False)
    assert switched_off["Storm", "host:a.example.com"].why is Why.NOT_REQUESTED


def test_load_is_taken_alone_and_last() -> None:
    order: list[str] = []

    async def permit(host: Host) -> Permit:
        return Permit(proven=bool(host))

    async def slow(domain: Domain) -> Fuse:
        await asyncio.sleep(0.05)
        order.append("slow")
        return Fuse(holds=bool(domain))

    async def storm(host: Host) -> Storm:
        order.append("start")
        await asyncio.sleep(0.01)
        order.append("end")
        return Storm(wind=len(host.name))

    take(probe_of(permit, Permit), probe_of(slow, Fuse), probe_of(storm, Storm, Manner.LOAD))
    assert order == ["slow", "start", "end", "start", "end"]


def test_what_uses_up_limits_is_taken_after_all_load() -> None:
    order: list[str] = []

    async def permit(host: Host) -> Permit:
        return Permit(proven=bool(host))

    async def burst(domain: Domain) -> Fuse:
        order.append("burst")
        return Fuse(holds=bool(domain))

    async def storm(host: Host) -> Storm:
        await asyncio.sleep(0.01)
        order.append("storm")
        return Storm(wind=len(host.name))

    wanted = [Fuse, Storm]
    take(
        probe_of(permit, Permit),
        probe_of(burst, Fuse, Manner.EXHAUSTING),
        probe_of(storm, Storm, Manner.LOAD),
        wanted=wanted,
    )
    assert order == ["storm", "storm", "burst"]


def test_a_cancelled_gathering_keeps_what_was_seen_and_closes_every_look() -> None:
    closed = []

    async def hang(domain: Domain) -> Fuse:
        try:
            await asyncio.Event().wait()
        finally:
            closed.append(domain.name)
        return Fuse(holds=True)

    checks = [make_check("wants-lamp", _asking(Lamp)), make_check("wants-fuse", _asking(Fuse))]
    probes = {Lamp: probe_of(lamp_on, Lamp), Fuse: probe_of(hang, Fuse, timeout_s=30)}
    gathering = Gathering(make_plan(PRODUCT, checks, probes, None))

    async def stop_early() -> None:
        around = Surroundings(PRODUCT, {}, lambda: AT, lambda: 0.0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await gather(gathering, around)

    asyncio.run(stop_early())
    readings = {(e.kind, e.subject): e.reading for e in gathering.entries(AT)}
    assert isinstance(readings["Lamp", "host:a.example.com"], Measured)
    assert readings["Fuse", "domain:example.com"].why is Why.INTERRUPTED
    assert closed == ["example.com"]


def test_a_fact_without_a_probe_is_not_measured() -> None:
    readings = take(wanted=[Fuse])
    assert readings["Fuse", "domain:example.com"].why is Why.NOT_INSTALLED


def test_a_chain_of_looks_that_is_too_long_is_refused() -> None:
    async def first(host: Host, storm: Storm) -> Lamp:
        return Lamp(on=bool(host and storm))

    async def second(host: Host, lamp: Lamp) -> Storm:
        return Storm(wind=bool(host and lamp))

    with pytest.raises(PlanError, match=f"at most {MAX_DEPTH}"):
        take(probe_of(first, Lamp), probe_of(second, Storm))


def test_progress_counts_every_look() -> None:
    seen = []
    take(probe_of(lamp_on, Lamp), report=lambda done, of, name: seen.append((done, of, name)))
    assert seen == [(1, 2, "Lamp"), (2, 2, "Lamp")]


def test_looks_run_at_the_same_time() -> None:
    async def together(host: Host) -> Lamp:
        await barrier.wait()
        return Lamp(on=bool(host))

    barrier = asyncio.Barrier(len(PRODUCT.hosts))
    readings = take(probe_of(together, Lamp, timeout_s=5))
    assert all(isinstance(r, Measured) for r in readings.values())


def test_steps_stand_behind_those_they_need() -> None:
    async def needs_fuse(host: Host, fuse: Fuse) -> Lamp:
        return Lamp(on=bool(host and fuse))

    checks = [make_check("wants-lamp", _asking(Lamp))]
    steps = make_plan(PRODUCT, checks, {Lamp: probe_of(needs_fuse, Lamp), Fuse: probe_of(fuse, Fuse)}, None)
    keys = [step.look.key for step in steps]
    assert keys == [("Fuse", "domain:example.com"), ("Lamp", "host:a.example.com"), ("Lamp", "host:b.example.com")]
    assert steps[1] == Step(Look(Lamp, PRODUCT.hosts[0]), steps[1].probe, (Look(Fuse, PRODUCT.domains[0]),))
