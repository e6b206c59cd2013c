"""The tables of a release: what an audit gets, what the runner gets, and what is refused."""

from pathlib import Path

import pytest

from launchready.config.deploy import Gate, load_deploy_plan
from launchready.config.document import MAX_COMMAND_MINUTES, MAX_GATE_MINUTES, MAX_HEALTHY_S, MAX_REHEARSAL_DAYS
from launchready.config.errors import ConfigError
from launchready.config.load import read_product
from launchready.model.product import Delivery

SMALL = '[product]\nname = "P"\n[[hosts]]\nname = "a.example"\n'
REPOSITORY = '[repository]\npath = "code"\n'
DEPLOY = '[deploy]\ndeploy = "./release"\nrollback = ["./back", "{commit}"]\n'


def planned(tmp_path: Path, text: str):
    path = tmp_path / "launchready.toml"
    path.write_text(text)
    return load_deploy_plan(path)


def test_a_short_table_has_careful_defaults(tmp_path: Path) -> None:
    plan = planned(tmp_path, SMALL + REPOSITORY + DEPLOY)
    assert (plan.deploy, plan.rollback) == ("./release", ("./back", "{commit}"))
    assert (plan.is_clean, plan.is_reversible, plan.migrate_check, plan.manifest, plan.gates) == (
        True, True, None, None, (),
    )  # fmt: skip
    assert (plan.command_limit_s, plan.healthy_within_s) == (900.0, 120.0)
    assert plan.delivery == Delivery(str(tmp_path / ".launchready"))
    assert plan.repository == str(tmp_path / "code")


def test_no_command_reaches_what_evidence_keeps(tmp_path: Path) -> None:
    product = read_product(SMALL + REPOSITORY + DEPLOY, "x.toml", tmp_path)
    assert "./release" not in repr(product)
    assert "./back" not in repr(product)


def test_a_gate_is_a_command_or_a_report(tmp_path: Path) -> None:
    gates = '[[gates]]\nname = "tests"\ncommand = "make test"\n[[gates]]\nname = "ci"\nreport = "ci.xml"\n'
    plan = planned(tmp_path, SMALL + REPOSITORY + DEPLOY + gates)
    assert plan.gates == (Gate("tests", "make test", "", 60), Gate("ci", None, "ci.xml", 60))


@pytest.mark.parametrize(
    ("text", "what", "step"),
    [
        (SMALL + REPOSITORY, "there is no [deploy] table.", "Add the line [deploy]"),
        (SMALL + DEPLOY, "there is no [repository] to release from.", "Add the line [repository]"),
        (SMALL + '[deploy]\ndeploy = "x"\n', "[deploy] needs the key 'rollback'.", "Write for example: rollback = "),
        (SMALL + '[deploy]\ndeploy = []\nrollback = "x"\n', "[deploy] deploy is an empty list.", "Write the program"),
        (SMALL + '[deploy]\ndeploy = 3\nrollback = "x"\n', "deploy has to be text in quotes, or a list", "Write for"),
        (SMALL + '[[gates]]\nname = "x"\ncommand = "y"\n', "[[gates]] stands in the way of a release", "Add the line"),
        (SMALL + DEPLOY + '[[gates]]\nname = "x"\n', "[[gates]] has neither a command nor a report.", "Add for"),
        (
            SMALL + DEPLOY + '[[gates]]\nname = "x"\nreport = "a"\n[[gates]]\nname = "x"\nreport = "b"\n',
            "[[gates]] has the name of another gate.",
            "Give each gate",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_right_is_said(tmp_path: Path, text: str, what: str, step: str) -> None:
    with pytest.raises(ConfigError) as error:
        planned(tmp_path, text)
    assert what in error.value.what
    assert error.value.next_step.startswith(step)


def test_the_limits_are_these_numbers() -> None:
    assert (MAX_COMMAND_MINUTES, MAX_HEALTHY_S, MAX_REHEARSAL_DAYS, MAX_GATE_MINUTES) == (120, 1800, 365, 10_080)


@pytest.mark.parametrize(
    ("key", "most"), [("command_minutes", 120), ("healthy_within_s", 1800), ("rehearsal_days", 365)]
)
def test_a_number_is_taken_up_to_its_limit(tmp_path: Path, key: str, most: int) -> None:
    for number, is_taken in ((0, False), (1, True), (most, True), (most + 1, False)):
        text = SMALL + REPOSITORY + DEPLOY + f"{key} = {number}\n"
        if is_taken:
            planned(tmp_path, text)
        else:
            with pytest.raises(ConfigError, match=f"{key} has to be a whole number from 1 to {most}"):
                planned(tmp_path, text)
