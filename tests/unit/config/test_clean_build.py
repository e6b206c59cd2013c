"""The table of a build: what an audit gets, what the builder gets, and what is refused."""

import hashlib
from pathlib import Path

import pytest

from launchready.config.clean_build import digest_of_declaration, load_build_plan
from launchready.config.errors import ConfigError
from launchready.config.load import read_product
from launchready.model.product import Builds

SMALL = '[product]\nname = "P"\n[[hosts]]\nname = "a.example"\n'
REPOSITORY = '[repository]\npath = "code"\n'
BUILD = '[build]\nbuild = "make"\n'
CONTRACT = '[[environment]]\nname = "KEY"\ntype = "key"\npurpose = "payments"\n'


def planned(tmp_path: Path, text: str):
    path = tmp_path / "launchready.toml"
    path.write_text(text)
    return load_build_plan(path)


def test_a_short_table_has_careful_defaults(tmp_path: Path) -> None:
    plan = planned(tmp_path, SMALL + REPOSITORY + BUILD)
    assert (plan.build, plan.test, plan.start, plan.output, plan.settings) == ("make", None, None, (), ())
    assert (plan.has_network, plan.may_read, plan.command_limit_s, plan.start_limit_s) == (False, (), 900.0, 10.0)
    assert plan.builds == Builds(str(tmp_path / ".launchready"), digest_of_declaration(SMALL + REPOSITORY + BUILD), 30)
    assert plan.repository == str(tmp_path / "code")


def test_paths_and_settings_are_read(tmp_path: Path) -> None:
    keys = 'output = ["./dist/", "out/app.js"]\nsettings = ["A=1", "B=x=y", "C="]\nread = ["tools", "/opt/x"]\n'
    plan = planned(tmp_path, SMALL + REPOSITORY + BUILD + keys)
    assert plan.output == ("dist", "out/app.js")
    assert plan.settings == (("A", "1"), ("B", "x=y"), ("C", ""))
    assert plan.may_read == (str(tmp_path / "tools"), "/opt/x")


def test_no_command_reaches_what_evidence_keeps(tmp_path: Path) -> None:
    assert "make" not in repr(read_product(SMALL + REPOSITORY + BUILD, "x.toml", tmp_path))


def test_the_digest_is_of_the_two_tables_in_plain_json() -> None:
    told = b'{"build":{"build":"make"},"environment":[{"name":"KEY","type":"key"}]}'
    assert digest_of_declaration(SMALL + BUILD + CONTRACT) == hashlib.sha256(told).hexdigest()[:16]


def test_the_digest_changes_with_what_a_build_depends_on_and_with_nothing_else() -> None:
    digest = digest_of_declaration(SMALL + BUILD + CONTRACT)
    assert digest == digest_of_declaration(SMALL.replace('"P"', '"Q"') + BUILD + CONTRACT)
    assert digest == digest_of_declaration((SMALL + BUILD + CONTRACT).replace("payments", "cards"))
    assert digest != digest_of_declaration((SMALL + BUILD + CONTRACT).replace('"make"', '"make all"'))
    assert digest != digest_of_declaration((SMALL + BUILD + CONTRACT).replace('"KEY"', '"KEYS"'))


@pytest.mark.parametrize(
    ("text", "what", "step"),
    [
        (SMALL + REPOSITORY, "there is no [build] table.", "Add the line [build]"),
        (SMALL + BUILD, "there is no [repository] to build from.", "Add the line [repository]"),
        (SMALL + "[build]\n", "[build] needs the key 'build'.", "Write for example: build = "),
        (SMALL + "[build]\nbuild = []\n", "[build] build is an empty list.", "Write the program first"),
        (SMALL + BUILD + 'output = ["../x"]\n', "holds '../x', which is no folder inside", "Write a folder"),
        (SMALL + BUILD + 'output = ["/x"]\n', "holds '/x', which is no folder inside", "Write a folder"),
        (SMALL + BUILD + 'output = ["."]\n', "holds '.', which is no folder inside", "Write a folder"),
        (SMALL + BUILD + 'settings = ["NAME"]\n', "is not NAME=VALUE", "Write for example: settings"),
        (SMALL + BUILD + 'settings = ["A=1", "A=2"]\n', "settings holds a name twice.", "Remove one"),
        (SMALL + BUILD + 'settings = ["1=1"]\n', "is not the name of a variable", "Write letters"),
        (SMALL + BUILD + 'read = ["~/x"]\n', "begins with ~", "Write the whole path"),
        (SMALL + BUILD + "minutes = 0\n", "minutes has to be a whole number from 1 to 120", "minutes = 15"),
    ],
)
def test_what_can_not_be_right_is_refused_with_a_next_step(tmp_path: Path, text: str, what: str, step: str) -> None:
    with pytest.raises(ConfigError) as caught:
        planned(tmp_path, text)
    assert what in caught.value.what
    assert step in caught.value.next_step


@pytest.mark.parametrize(
    ("key", "loads"),
    [
        ("minutes", {1: True, 119: True, 120: True, 121: False}),
        ("start_seconds", {0: False, 1: True, 120: True, 121: False}),
        ("record_days", {0: False, 1: True, 365: True, 366: False}),
    ],
)
def test_limits_hold_exactly(tmp_path: Path, key: str, loads: dict[int, bool]) -> None:
    for value, is_taken in loads.items():
        text = SMALL + REPOSITORY + BUILD + f"{key} = {value}\n"
        if is_taken:
            planned(tmp_path, text)
        else:
            with pytest.raises(ConfigError):
                planned(tmp_path, text)
