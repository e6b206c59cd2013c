"""launchready deploy, rollback and drift with the installed command, against a host of folders and processes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from installed import LAUNCHREADY, LIMIT_S, Done, run

from launchready.facts.release import RepeatedRelease
from launchready.model.product import Delivery, Product
from launchready.net.clock import Clock
from launchready.probes.release import repeated_release
from launchready_worlds.host import COACHBOT, Host, host_command, product_repository, tiny, write_declaration

Versions = list[dict[str, Any]]


class Released:
    """A host with its public name, a repository, and a launchready.toml."""

    def __init__(self, folder: Path, versions: Versions) -> None:
        self.folder = folder
        self.commits = product_repository(folder / "repository", versions)
        self.host = Host(folder / "host")
        self.process = subprocess.Popen(
            host_command("serve", folder / "host"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        network = json.loads(self.process.stdout.readline())
        (folder / "network.json").write_text(json.dumps(network))
        self.through = ["--network", str(folder / "network.json"), "--resolve", network["resolve"]]
        self.declare()

    def declare(self, *more: str, **deploy: Any) -> None:
        path = write_declaration(self.folder, **deploy)
        path.write_text(path.read_text() + "\n".join(more))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [LAUNCHREADY, *arguments, *self.through],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> Done:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=LIMIT_S)
        assert "Traceback" not in out + err
        return Done(process.returncode, out, err)

    def deploy(self, number: int, *arguments: str) -> Done:
        return self.run("deploy", "--commit", self.commits[number], *arguments)

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / ".launchready/deploys.jsonl").read_text().splitlines()]

    def live(self) -> str:
        return (self.folder / "host/current").resolve().name

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=LIMIT_S) == 0
        self.process.stdout.close()


def repeated(here: Released) -> RepeatedRelease:
    """What an audit reads of releases of one commit."""
    product = Product("P", (), (), delivery=Delivery(str(here.folder / ".launchready")))
    return asyncio.run(repeated_release(product, Clock(lambda: datetime.now(UTC), time.monotonic)))


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Callable[..., Released]]:
    made: list[Released] = []

    def make(*versions: dict[str, Any]) -> Released:
        made.append(Released(tmp_path, list(versions)))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_a_release_that_works_is_live_and_written_down(release) -> None:
    here = release(tiny(note="1"))
    done = here.deploy(0)
    assert done.code == 0, done.err
    assert f"{here.commits[0][:12]} is live and well." in done.out
    began, ended = here.records()
    assert (began["phase"], ended["phase"], ended["result"]) == ("began", "ended", "live")
    assert ended["live"] == ended["commit"] == here.commits[0]
    assert "@" in ended["who"]
    assert ended["took_s"] > 0


def test_a_sick_release_is_taken_back_by_itself_and_data_written_between_stays(release) -> None:
    here = release(tiny(note="1"), tiny("sick"))
    here.declare(healthy_within_s=3)
    assert here.deploy(0).code == 0
    add_row(here, "before")
    process = here.start("deploy", "--commit", here.commits[1])
    wait_until(lambda: here.live() == here.commits[1])
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 10, err
    assert f"{here.commits[0][:12]} is back and well" in out
    assert (here.live(), here.records()[-1]["result"]) == (here.commits[0], "rolled-back")
    assert here.records()[-1]["failed"] > 0
    add_row(here, "after")
    assert rows(here) == ["before", "after"]


def test_a_deploy_that_half_succeeds_is_taken_back(release) -> None:
    here = release(tiny(note="1"), tiny("sick"))
    assert here.deploy(0).code == 0
    half = " ".join(host_command("deploy", here.folder / "host")) + "; echo half done; exit 7"
    here.declare(deploy=half)
    done = here.deploy(1)
    assert done.code == 10
    assert "the deploy command ended with exit code 7" in done.out
    assert "   | half done" not in done.out
    assert "half done" in done.err
    assert here.live() == here.commits[0]


def test_a_deploy_that_fails_before_it_changed_anything_leaves_the_former_release(release) -> None:
    here = release(tiny(note="1"), tiny("dead"))
    assert here.deploy(0).code == 0
    done = here.deploy(1)
    assert done.code == 10
    assert "the former one is live and well" in done.out
    assert here.records()[-1]["result"] == "unchanged"


def test_a_green_deploy_that_never_reaches_the_public_name_is_no_release(release) -> None:
    here = release(tiny(note="1"), tiny(note="2"))
    assert here.deploy(0).code == 0
    here.declare(deploy="echo deployed to https://preview.example", healthy_within_s=2)
    done = here.deploy(1)
    assert done.code == 10
    assert f"{here.commits[1][:12]} was not live and well within 2 seconds" in done.out
    assert f"says that it is {here.commits[0][:12]}; the former one is live and well" in done.out
    assert here.records()[-1]["result"] == "unchanged"


def test_the_live_commit_released_again_in_vain_stays_live(release) -> None:
    here = release(tiny(note="1"))
    assert here.deploy(0).code == 0
    here.declare(deploy="exit 9")
    done = here.deploy(0)
    assert done.code == 10
    assert "the deploy command ended with exit code 9; the former one is live and well" in done.out
    assert here.records()[-1]["result"] == "unchanged"


def test_a_deploy_that_never_ends_is_ended_and_the_state_is_told(release) -> None:
    here = release(tiny(note="1"), tiny(note="2"))
    assert here.deploy(0).code == 0
    here.declare(deploy="sleep 1000")
    process = here.start("deploy", "--commit", here.commits[1])
    wait_until(lambda: here.records()[-1]["phase"] == "began")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert f"Stopped; {here.commits[0][:12]} is still live and well." in out
    assert here.records()[-1]["result"] == "unchanged"


def test_stopped_in_a_gate_nothing_was_touched(release) -> None:
    here = release(tiny(note="1"))
    here.declare(f'[[gates]]\nname = "slow"\ncommand = "touch {here.folder}/began; sleep 1000"')
    for number in (signal.SIGINT, signal.SIGTERM):
        (here.folder / "began").unlink(missing_ok=True)
        process = here.start("deploy")
        wait_until((here.folder / "began").exists)
        process.send_signal(number)
        out, err = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, out) == (130, "")
        assert err.endswith("Stopped; nothing was touched.\n")
    assert not (here.folder / ".launchready/deploys.jsonl").exists()


def test_stopped_twice_the_command_is_gone_and_what_is_known_is_said(release) -> None:
    here = release(tiny(note="1"))
    here.declare(deploy=f"trap '' TERM; echo $$ > {here.folder}/pid; while :; do sleep 0.1; done")
    process = here.start("deploy")
    wait_until(lambda: int((here.folder / "pid").read_text()) > 0)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Stopped in the middle" in out + err or "what is live was NOT looked at" in err
    assert "Traceback" not in out + err
    stat = Path(f"/proc/{(here.folder / 'pid').read_text().strip()}/stat")
    assert not stat.exists() or " Z " in stat.read_text()


def test_a_release_from_a_hook_of_git_is_of_the_declared_repository(release) -> None:
    here = release(tiny(note="1"))
    assert here.run("deploy", GIT_DIR=str(here.folder / "elsewhere"), GIT_INDEX_FILE="x").code == 0


def test_a_run_that_was_killed_is_known_to_the_next_one(release) -> None:
    here = release(tiny(note="1"), tiny(note="2"))
    assert here.deploy(0).code == 0
    here.declare(deploy="sleep 10")
    process = here.start("deploy", "--commit", here.commits[1])
    wait_until(lambda: here.records()[-1]["phase"] == "began")
    process.kill()
    process.communicate(timeout=LIMIT_S)
    here.declare()
    again = here.deploy(1)
    assert again.code == 0, again.err
    assert "The last release was cut off before its end was written down" in again.err


def test_a_host_that_dies_in_the_middle_is_told(release) -> None:
    here = release(tiny(note="1"), tiny(note="2"))
    assert here.deploy(0).code == 0
    die = " ".join(host_command("die", here.folder / "host"))
    here.declare(deploy=f"{die}; exit 1", rollback="echo ssh: connection refused; exit 255")
    done = here.deploy(1)
    assert done.code == 10
    assert f"{here.commits[0][:12]} is NOT back (the rollback command ended with exit code 255)" in done.out
    assert "Live now: could not be seen (broken)." in done.out


def test_a_second_release_at_once_is_held_off(release) -> None:
    here = release(tiny(note="1"))
    here.declare(deploy="sleep 1000")
    process = here.start("deploy")
    wait_until((here.folder / ".launchready/deploys.jsonl").exists)
    assert "another release is under way" in here.run("deploy").err
    process.terminate()
    out, _ = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Stopped" in out


def test_a_red_gate_touches_nothing(release) -> None:
    here = release(tiny(note="1"))
    here.declare('[[gates]]\nname = "contract"\ncommand = "test -f .env"\n[[gates]]\nname = "ci"\nreport = "ci.xml"')
    done = here.deploy(0)
    assert done.code == 10
    assert "gate contract is red: it ended with exit code 1; gate ci is missing" in done.out
    assert not (here.folder / "host/current").exists()
    assert [record["result"] for record in here.records()] == ["refused"]


def test_a_script_that_needs_an_untracked_file_fails_before_anything_changes(release) -> None:
    here = release(tiny(note="1"))
    (here.folder / "repository/secret.env").write_text("x")
    here.declare(deploy="cat secret.env && " + " ".join(host_command("deploy", here.folder / "host")))
    done = here.deploy(0)
    assert done.code == 10
    assert "1 changed or new files are not committed, and are left out." in done.err


def test_the_same_commit_twice_and_after_the_target_is_gone_gives_equal_files(release) -> None:
    here = release(tiny(note="1"))
    manifest = here.folder / ".launchready/manifests" / f"{here.commits[0]}.txt"
    seen = set()
    for _ in range(2):
        assert here.deploy(0).code == 0
        seen.add(manifest.read_bytes())
    assert repeated(here).versions == 1
    subprocess.run(["rm", "-rf", here.folder / "host/releases"], check=True)
    assert here.deploy(0).code == 0
    seen.add(manifest.read_bytes())
    assert len(seen) == 1


def test_a_release_that_writes_the_time_into_its_files_is_told_and_not_repeatable(release) -> None:
    here = release(tiny(note="1"))
    stamp = " ".join(host_command("deploy", here.folder / "host"))
    here.declare(deploy=f"date +%s%N > stamp.txt && {stamp}")
    assert here.deploy(0).code == 0
    again = here.deploy(0)
    assert "differs (edited: stamp.txt) from its former release" in again.out
    assert (repeated(here).times, repeated(here).versions, repeated(here).named) == (2, 2, ("edited: stamp.txt",))


@pytest.mark.parametrize(
    ("files", "deploy", "why"),
    [
        ({"migrations/2.sql": "ALTER TABLE leads DROP COLUMN name;"}, {}, "likely, migrations/2.sql line 1 drops the"),
        ({}, {"migrate_check": "exit 4"}, "migrate_check ended with exit code 4"),
        ({}, {"reversible": False}, "launchready.toml says reversible = false"),
    ],
)
def test_a_release_that_can_not_be_taken_back_is_said_before_it_is_made(release, files, deploy, why) -> None:
    here = release(tiny(note="1"), {**tiny("sick"), **files})
    assert here.deploy(0).code == 0
    here.declare(healthy_within_s=2, **deploy)
    refused = here.deploy(1)
    assert refused.code == 10
    assert f"Nothing was touched: it can't be taken back: {why}" in refused.out
    assert here.live() == here.commits[0]
    meant = here.deploy(1, "--one-way")
    assert meant.code == 10
    assert "nothing is brought back by itself" in meant.out
    assert here.live() == here.commits[1]


def test_rollback_brings_the_last_good_release_back_in_seconds(release) -> None:
    here = release(tiny(note="1"), tiny(note="2"))
    assert here.deploy(0).code == here.deploy(1).code == 0
    done = here.run("rollback", "--json")
    assert done.code == 0, done.err
    assert (done.json["result"], done.json["live"]) == ("live", here.commits[0])
    assert done.json["took_s"] < 20
    there = here.run("rollback", "--to", here.commits[1][:10])
    assert there.code == 0, there.err
    assert here.live() == here.commits[1]


def test_without_a_former_release_rollback_says_what_to_type(release) -> None:
    here = release(tiny(note="1"))
    done = here.run("rollback")
    assert (done.code, "launchready rollback --to COMMIT" in done.err) == (2, True)


def test_drift_names_what_was_done_on_the_host(release) -> None:
    here = release({**tiny(note="1"), "app/settings.py": "A = 1\n"})
    assert here.deploy(0).code == 0
    assert here.run("drift").code == 0
    current = here.folder / "host/current"
    (current / "app/settings.py").write_text("A = 2\n")
    (current / ".env").write_text("KEY=x\n")
    done = here.run("drift", "--json")
    assert done.code == 10
    assert done.json["differs"] == ["edited: app/settings.py", "added: .env"]


def test_drift_is_told_by_the_owners_command_too(release) -> None:
    here = release(tiny(note="1"))
    current = here.folder / "host/current"
    listing = f"cd {current}/ && find . -type f -printf '%m %s ' -exec sha256sum {{}} ';'; cat {here.folder}/env.txt"
    (here.folder / "env.txt").write_text("env DATABASE_URL 0f1e2d3c4b5a\n")
    here.declare(manifest=listing)
    assert here.deploy(0).code == 0
    (here.folder / "env.txt").write_text("env DATABASE_URL 999999999999\n")
    done = here.run("drift")
    assert done.code == 10
    assert "variable: DATABASE_URL" in done.out
    here.declare(manifest="echo ssh: no route to host; exit 255")
    assert here.run("drift").code == 11


def test_secrets_in_a_commands_output_are_hidden_everywhere(release) -> None:
    here = release(tiny(note="1"))
    here.declare(deploy="echo token $DEPLOY_TOKEN; exit 1")
    done = here.run("deploy", DEPLOY_TOKEN="correct-horse-battery")
    assert "token [hidden]" in done.err
    kept = "".join(path.read_text() for path in (here.folder / ".launchready").rglob("*") if path.is_file())
    assert "correct-horse-battery" not in done.out + done.err + kept


def test_a_bad_release_of_coachbot_under_traffic_is_taken_back_and_the_audit_knows_it(release) -> None:
    here = release({"serve.py": COACHBOT}, tiny("sick"))
    here.declare(healthy_within_s=5)
    first = here.run("deploy", "--commit", here.commits[0])
    assert first.code == 0, first.err
    before = here.run("audit", "--json", "--no-html", "--only", "rollback-unproven")
    assert [result["outcome"] for result in before.json["results"]] == ["fail"]
    assert here.deploy(1).code == 10
    ended = here.records()[-1]
    assert (ended["result"], ended["live"]) == ("rolled-back", here.commits[0])
    assert 0 < ended["failed"] < ended["asked"]
    assert 0 < ended["down_s"] < 60
    only = [f"--only={check}" for check in ("rollback-unproven", "release-drifted", "deploy-records-missing")]
    after = here.run("audit", "--json", "--no-html", *only)
    assert {result["check"]: result["outcome"] for result in after.json["results"]} == {
        "rollback-unproven": "pass",
        "release-drifted": "pass",
        "deploy-records-missing": "pass",
    }


def add_row(here: Released, text: str) -> None:
    """As a customer does, on the release itself."""
    ask(here, "POST", text)


def rows(here: Released) -> list[str]:
    return json.loads(ask(here, "GET"))


def ask(here: Released, method: str, text: str = "") -> str:
    port = int((here.folder / "host/upstream").read_text())
    code = (
        "import http.client, sys\n"
        f"c = http.client.HTTPConnection('127.0.0.1', {port})\n"
        f"c.request({method!r}, '/rows', body={text!r} or None)\n"
        "print(c.getresponse().read().decode())\n"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def wait_until(is_true: Callable[[], bool], limit_s: float = 60.0) -> None:
    until = time.monotonic() + limit_s
    while not _quietly(is_true):
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)


def _quietly(is_true: Callable[[], bool]) -> bool:
    try:
        return is_true()
    except (OSError, ValueError, IndexError):
        return False


def test_the_story_of_a_release_takes_no_options_of_the_other_story(tmp_path: Path) -> None:
    done = run("demo", "--release", "--fix", cwd=tmp_path)
    assert done.code == 2
    assert "leave --fix" in done.err


def test_the_demo_takes_a_sick_release_back_under_traffic_and_leaves_nothing(tmp_path: Path) -> None:
    done = run("demo", "--release", "--json", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert done.code == 0, done.err
    record = done.json
    assert record["result"] == "rolled-back"
    assert 0 < record["failed"] < record["asked"]
    assert 0 < record["down_s"] < record["took_s"]
    assert "Bringing" in done.err
    assert list(tmp_path.iterdir()) == []
