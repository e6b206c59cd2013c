"""The composite action of this repository: its script run as GitHub runs it, with inputs that try to be commands."""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from installed import LAUNCHREADY
from jsonschema import Draft7Validator
from local_runner import BASH, LIMIT_S

ACTION = Path(__file__).parents[2] / "action.yml"
DOCUMENT = yaml.safe_load(ACTION.read_text("utf-8"))
STEPS = DOCUMENT["runs"]["steps"]


@dataclass(frozen=True)
class Ended:
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture
def act(tmp_path):
    """Run the action's last step in a workspace, the command looking through a world's network."""

    def run_step(world, config, fail_on="no-go") -> Ended:
        binaries, workspace = tmp_path / "launchready" / "bin", tmp_path / "workspace"
        binaries.mkdir(parents=True)
        workspace.mkdir()
        network = shlex.quote(str(world.network_file))
        shim = f'#!/bin/sh\nshift\nexec {shlex.quote(str(LAUNCHREADY))} audit --network {network} "$@"\n'
        (binaries / "launchready").write_text(shim)
        (binaries / "launchready").chmod(0o755)
        (binaries / "python").symlink_to(sys.executable)
        files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        done = subprocess.run(
            [*BASH, "-c", STEPS[-1]["run"]],
            cwd=workspace,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path)}
            | {name: str(path) for name, path in files.items()}
            | {"CONFIG": str(config), "FAIL_ON": fail_on},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        written = [path.read_text("utf-8") if path.exists() else "" for path in files.values()]
        outputs = dict(line.split("=", 1) for line in written[0].splitlines())
        return Ended(done.returncode, done.stdout, outputs, written[1])

    return run_step


def test_a_broken_product_is_red_and_says_its_decision(act, demo):
    ended = act(demo, demo.config)
    assert ended.code == 10, ended.log
    assert ended.outputs["decision"] == "NO_GO"
    assert ended.outputs["sentence"].startswith("Do not send paid traffic yet")
    assert "Do not send paid traffic yet" in ended.summary


def test_what_is_not_known_is_a_warning_and_no_go(act, good):
    ended = act(good, good.config)
    assert (ended.code, ended.outputs["decision"]) == (0, "UNDETERMINED"), ended.log
    assert "::warning title=Not known yet::" in ended.log


def test_what_is_not_known_is_red_where_that_is_wanted(act, good):
    assert act(good, good.config, "undetermined").code == 11


@pytest.mark.parametrize("evil", ["$(touch pwned)", "`touch pwned`", "x; touch pwned", "--json", "'\"\n", ""])
def test_an_input_is_never_a_command_or_an_option(act, good, evil, tmp_path):
    ended = act(good, evil)
    assert ended.code == 2, ended.log
    assert ended.outputs == {}
    assert not list(tmp_path.rglob("pwned"))


def test_a_word_that_nobody_knows_is_refused_and_not_taken_for_mild(act, good):
    ended = act(good, good.config, "never")
    assert (ended.code, ended.outputs) == (2, {})


def test_no_input_is_pasted_into_a_script():
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert step.get("shell", "bash") == "bash"
    assert (
        re.findall(r"^ *- uses: (?!\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$).*", ACTION.read_text("utf-8"), re.MULTILINE)
        == []
    )


def test_github_takes_the_action_by_its_published_schema():
    schema = get_builtin_schema("vendor.github-actions")
    assert [error.message for error in Draft7Validator(schema).iter_errors(DOCUMENT)] == []


def test_an_auditor_of_workflows_finds_nothing_in_the_action():
    zizmor = LAUNCHREADY.parent / "zizmor"
    done = subprocess.run([zizmor, "--offline", "--no-progress", ACTION], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
