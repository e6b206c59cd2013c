"""The command, started as an auditor starts it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launchready_worlds.__main__ import main
from launchready_worlds.faults import Kind, all_faults
from launchready_worlds.worlds import WORLDS

COMMAND = [sys.executable, "-m", "launchready_worlds"]
WAIT_S = 20
STARTUP_S = 3


class Process:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def tell(self, **command) -> None:
        self.line(json.dumps(command).encode())

    def line(self, line: bytes) -> None:
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def event(self):
        readable, _, _ = select.select([self.process.stdout], [], [], WAIT_S)
        assert readable, "no event came"
        return json.loads(self.process.stdout.readline())

    def ask(self, **command):
        self.tell(**command)
        return self.event()

    def end(self) -> int:
        self.process.stdin.close()
        return self.process.wait(WAIT_S)


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[Process]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
    )
    with process:
        try:
            yield Process(process)
        finally:
            if process.poll() is None:
                process.kill()


def test_a_world_says_how_to_reach_it_then_obeys_and_leaves_nothing_behind(tmp_path):
    began = time.monotonic()
    with started("serve", "--world", "demo", TMPDIR=str(tmp_path)) as world:
        network = world.event()
        ready = world.event()
        assert time.monotonic() - began < STARTUP_S * 3  # the promise is for a machine that does nothing else
        assert network["event"] == "network"
        assert network["resolvers"] == ["203.0.113.53"]
        assert Path(network["ca_bundle"]).read_text().startswith("-----BEGIN CERTIFICATE")
        assert all(entry["ip"].startswith(("203.0.113.", "2001:db8:")) for entry in network["connect"])
        assert all(entry["to_ip"].startswith("127.") for entry in network["connect"])
        assert ready["event"] == "ready"
        assert ready["world"] == "demo"
        assert [fault["name"] for fault in ready["faults"]] == list(WORLDS["demo"])
        assert all(fault["description"].endswith(".") for fault in ready["faults"])
        assert Path(ready["config"]).name == "launchready.toml"
        assert world.ask(do="mend", fault="dmarc-absent") == {"event": "mended", "fault": "dmarc-absent"}
        assert world.ask(do="inject", fault="dmarc-absent") == {"event": "injected", "fault": "dmarc-absent"}
        assert world.ask(do="counts") == {"event": "counts", "requests": {}}
        world.tell(do="stop")
        assert world.process.wait(WAIT_S) == 0
        assert world.process.stdout.read() == b""
    assert list(tmp_path.iterdir()) == []


def test_a_world_ends_in_order_when_stdin_ends_or_a_signal_comes(tmp_path):
    with started("serve", TMPDIR=str(tmp_path)) as first, started("serve", TMPDIR=str(tmp_path)) as second:
        for world in (first, second):
            assert [world.event()["event"], world.event()["event"]] == ["network", "ready"]
        assert len(list(tmp_path.iterdir())) == 2
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(WAIT_S) == 0
        assert first.end() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_ones_own_is_kept(tmp_path):
    with started("serve", "--folder", str(tmp_path / "mine"), "--fault", "spf-absent") as world:
        world.event()
        assert [fault["name"] for fault in world.event()["faults"]] == ["spf-absent"]
        assert world.end() == 0
    assert (tmp_path / "mine" / "launchready.toml").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--world", "atlantis"], "no world is called 'atlantis'"),
        (["serve", "--fault", "rain"], "no fault is called 'rain'"),
        (["selftest", "--check", "luck"], "no case is about a check called 'luck'"),
    ],
)
def test_a_name_that_does_not_exist_is_an_error_event(arguments, said, capsys):
    assert main(arguments) == 2
    event = json.loads(capsys.readouterr().out)
    assert event["event"] == "error"
    assert said in event["message"]


def test_a_line_that_is_no_command_is_answered_and_survived():
    with started("serve") as world:
        world.event(), world.event()
        for line, said in ((b"hello", "not JSON"), (b"[]", "an object"), (b'{"do":"dance"}', "not a command")):
            world.line(line)
            answer = world.event()
            assert answer["event"] == "error"
            assert said in answer["message"]
        assert "no fault" in world.ask(do="mend", fault="rain")["message"]
        assert world.end() == 0


def test_the_list_names_every_world_and_every_situation(capsys):
    assert main(["list"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert set(listed["worlds"]) == set(WORLDS)
    assert [entry["name"] for entry in listed["faults"]] == [entry.name for entry in all_faults()]
    assert {entry["kind"] for entry in listed["faults"]} == set(Kind)


def test_a_selftest_hands_out_cases_and_scores_an_auditor_that_always_says_pass():
    with started("selftest", "--check", "dmarc-missing") as world:
        assert world.event()["event"] == "network"
        cases = []
        while (event := world.ask(do="next"))["event"] == "case":
            cases.append(event)
            assert Path(event["config"]).is_file()
            answer = {"check": event["check"], "subject": "domain:brightpath.example", "outcome": "pass"}
            world.tell(do="verdict", case=event["case"], results=[answer])
        assert [case["case"] for case in cases] == list(range(1, cases[0]["of"] + 1))
        counts = event["checks"]["dmarc-missing"]
        assert (counts["hit"], counts["miss"], counts["false_alarm"], counts["blind_pass"]) == (0, 3, 0, 1)
        assert event["total"] == counts
        assert {detail["situation"] for detail in event["details"]} == {
            "dmarc-absent",
            "dmarc-two-records",
            "dmarc-unreadable",
            "mail-records-unanswered",
        }
        assert "not the one" in world.ask(do="verdict", case=77, results=[])["message"]
        assert world.end() == 0
