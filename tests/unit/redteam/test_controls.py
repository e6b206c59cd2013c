"""Bots of our own are judged as they must be, with and without planted values."""

import dataclasses
import random

import pytest

from launchready.app.audit import utc_now
from launchready.facts.chat import Transport
from launchready.facts.redteam import ControlName, Mode, Transcripts
from launchready.oracles.judge import judge
from launchready.redteam.attacks import shipped_attacks
from launchready.redteam.controls import Scripted, reply_of, run_controls
from launchready.redteam.planning import make_plan
from launchready.redteam.planting import make_planting

GONE = dataclasses.replace(reply_of(""), transport=Transport.NO_CONNECTION, status=None, done_seen=False)
DEAD = Scripted(lambda _task, _text: GONE)


async def _transcripts(manifest, every=1):
    plan = make_plan([a for a in shipped_attacks()[::every] if not a.partner], manifest, 4)
    controls = await run_controls(plan, manifest, DEAD)
    mode = Mode.WHITE_BOX if manifest else Mode.BLACK_BOX
    return Transcripts(utc_now(), "x", "", mode, manifest, controls, (), interrupted=False, planned=0)


@pytest.mark.parametrize("manifest", [None, make_planting(random.Random(2)).manifest], ids=["black", "white"])
async def test_all_five_are_judged_as_they_must_be(manifest):
    report = judge(await _transcripts(manifest))
    assert {control.name for control in report.controls} == set(ControlName)
    assert [control.said for control in report.controls if not control.is_right] == []
    assert not report.is_void


async def test_a_control_that_is_someone_else_voids_the_run():
    transcripts = await _transcripts(make_planting(random.Random(2)).manifest, every=6)
    by_name = {control.name: control for control in transcripts.controls}
    for name, taken in [
        (ControlName.PLAIN_SAFE, ControlName.LEAKING),
        (ControlName.LEAKING, ControlName.PLAIN_SAFE),
        (ControlName.DEAD_PORT, ControlName.PLAIN_SAFE),
        (ControlName.ECHO, ControlName.LEAKING),
    ]:
        wrong = dataclasses.replace(by_name[taken], name=name)
        others = tuple(control for control in transcripts.controls if control.name is not name)
        assert judge(dataclasses.replace(transcripts, controls=(*others, wrong))).is_void, name


async def test_the_dead_port_gives_no_answer_at_all():
    transcripts = await _transcripts(None)
    dead = next(control for control in transcripts.controls if control.name is ControlName.DEAD_PORT)
    assert {e.reply.transport for a in dead.attempts for e in a.exchanges} == {Transport.NO_CONNECTION}
