"""`launchready build` in the founder's workshop: every fault is found and named, and nothing else is."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready.app.build import view_of
from launchready.app.registry import load_registry
from launchready.config.clean_build import BuildPlan, load_build_plan
from launchready.config.load import load_product
from launchready.deliver.building import Builder
from launchready.deliver.sandbox import can_shut_in
from launchready.net.clock import Clock
from launchready.probes.build_record import BuildRecord, last_record
from launchready.report.build import BuildView
from launchready_worlds.declaration import to_toml
from launchready_worlds.repository import Step, build_steps
from launchready_worlds.workshop import BUILD_TABLE, FAULTS, GOOD, Fault

AT_ONCE = 4
START_S = 1.5
"""Enough for Python to start and to read one file, also while three others do."""

CLOCK = Clock(lambda: datetime.now(UTC), time.monotonic)
NEEDS_A_START = ("good", "starts-without", "stops-in-silence", "never-starts", "slow-to-say-so")
ALONGSIDE = {"history-copied": {"build-not-repeatable"}}
"""What is a true consequence of another fault: git writes times into its folder."""


def make(folder: Path, fault: Fault) -> BuildPlan:
    files = {**GOOD, **fault.changes}
    build_steps(folder / "code", (Step("Make it", files),))
    for name, content in fault.loose.items():
        (folder / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "code" / name).write_text(content)
    declaration = {
        "product": {"name": "Bright Path"},
        "hosts": [{"name": "brightpath.example"}],
        "repository": {"path": "code"},
        "build": {**BUILD_TABLE, **fault.table},
        "environment": json.loads(GOOD["environment.json"] or "")["variables"],
    }
    (folder / "launchready.toml").write_text(to_toml(declaration))
    plan = load_build_plan(folder / "launchready.toml")
    plan = replace(plan, start_limit_s=START_S, command_limit_s=fault.build_limit_s or plan.command_limit_s)
    return plan if fault.name in NEEDS_A_START else replace(plan, start=None)


async def build(plan: BuildPlan) -> BuildRecord:
    return await Builder(plan, CLOCK, lambda _sentence: None, is_sandboxed=True).build("HEAD")


async def build_all(folder: Path) -> dict[str, BuildRecord]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(fault: Fault) -> BuildRecord:
        async with gate:
            (folder / fault.name).mkdir()
            return await build(await asyncio.to_thread(make, folder / fault.name, fault))

    async with asyncio.TaskGroup() as tasks:
        made = {fault.name: tasks.create_task(one(fault)) for fault in FAULTS}
    return {name: task.result() for name, task in made.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workshop")


@pytest.fixture(scope="module")
def records(folder: Path) -> dict[str, BuildRecord]:
    return asyncio.run(build_all(folder))


def seen(fault: Fault, folder: Path, records: dict[str, BuildRecord]) -> BuildView:
    product = load_product(folder / fault.name / "launchready.toml")
    return view_of(records[fault.name], product, load_registry())


async def test_there_is_a_sandbox_here() -> None:
    assert await can_shut_in(), "type scripts/system-packages, which installs bubblewrap"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_found_and_nothing_else(fault: Fault, folder: Path, records: dict[str, BuildRecord]) -> None:
    view = seen(fault, folder, records)
    found = {finding.check: " ".join((*finding.offenders, finding.paste)) for finding in view.judged.findings}
    open_questions = {gap.check: f"{gap.detail} {gap.need}" for gap in view.judged.gaps}
    if fault.blind:
        assert fault.finds in open_questions
        assert fault.says in open_questions[fault.finds]
        assert not found
    elif fault.finds:
        assert set(found) - ALONGSIDE.get(fault.name, set()) == {fault.finds}
        assert fault.says in found[fault.finds]
    else:
        assert not found


def test_the_good_product_leaves_no_question_open(folder: Path, records: dict[str, BuildRecord]) -> None:
    good = next(fault for fault in FAULTS if fault.name == "good")
    view = seen(good, folder, records)
    assert view.judged.gaps == ()
    assert len(view.judged.passed) == 8
    assert view.judged.decision == "GO"
    assert view.files == 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_build_is_written_down(fault: Fault, folder: Path, records: dict[str, BuildRecord]) -> None:
    record = records[fault.name]
    assert last_record(folder / fault.name / ".launchready", record.commit) == record


def test_a_build_that_never_ends_leaves_nothing_running(records: dict[str, BuildRecord]) -> None:
    assert records["waits-for-ever"].failures
    commands = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(entry.read_bytes())
        except OSError:
            continue
    assert not any(b"sleep\x003171" in one or b"sleep\x003172" in one for one in commands)


def test_no_work_folder_is_left_and_the_owners_folder_is_as_it_was(
    folder: Path, records: dict[str, BuildRecord]
) -> None:
    assert records
    for fault in FAULTS:
        left = {path.name for path in (folder / fault.name / "code").iterdir()}
        assert "dist" not in left
