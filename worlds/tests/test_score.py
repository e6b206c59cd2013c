"""The selftest's cases cover every check four ways, and its score counts what it says."""

import tomllib
from pathlib import Path

import pytest

from launchready_worlds.cases import CHECKS, GOOD, ONLY_ATTESTED, Case, all_cases
from launchready_worlds.faults import Kind, Outcome, all_faults
from launchready_worlds.score import Score, judge
from launchready_worlds.worlds import WORLDS


def _case(kind, outcome, *, may_fail=()):
    return Case("c", kind, "s", {"host:a": outcome}, may_fail)


@pytest.mark.parametrize("check", sorted(GOOD))
def test_every_check_has_a_good_a_fault_a_blind_and_a_decoy_case(check):
    assert {case.kind for case in all_cases([check])} == set(Kind)


def test_what_only_a_word_can_answer_has_every_kind_but_a_fault():
    assert {case.kind for case in all_cases([ONLY_ATTESTED])} == set(Kind) - {Kind.FAULT}


def test_situations_speak_only_of_checks_that_have_a_good_case():
    for entry in all_faults():
        assert {*entry.expects, *entry.implies} <= set(CHECKS)


def test_a_situation_has_one_sentence_and_a_name_in_kebab_case():
    for entry in all_faults():
        assert entry.description.endswith("."), entry.name
        assert "\n" not in entry.description
        assert entry.name == entry.name.lower()
        assert "_" not in entry.name


def test_every_world_is_made_of_situations_that_exist():
    names = {entry.name for entry in all_faults()}
    assert all(set(faults) <= names for faults in WORLDS.values())
    assert len(WORLDS["demo"]) >= 12


def test_the_demo_breaks_things_in_many_layers():
    kinds = {entry.name: entry for entry in all_faults()}
    assert len({kinds[name].topic for name in WORLDS["demo"]}) >= 9
    assert all(kinds[name].kind is Kind.FAULT for name in WORLDS["demo"])


@pytest.mark.parametrize(
    ("kind", "right", "got", "counted"),
    [
        (Kind.FAULT, Outcome.FAIL, {"host:a": "fail"}, ["hit"]),
        (Kind.FAULT, Outcome.FAIL, {"host:a": "pass"}, ["miss"]),
        (Kind.FAULT, Outcome.FAIL, {"host:a": "not_measured"}, ["miss", "unmeasured"]),
        (Kind.FAULT, Outcome.FAIL, {}, ["miss"]),
        (Kind.FAULT, Outcome.FAIL, {"host:a": "fail", "host:b": "fail"}, ["false_alarm"]),
        (Kind.FAULT, Outcome.FAIL, {"host:a": "fail", "host:b": "not_measured"}, ["hit"]),
        (Kind.GOOD, Outcome.PASS, {"host:a": "pass"}, []),
        (Kind.GOOD, Outcome.PASS, {"host:a": "fail"}, ["false_alarm"]),
        (Kind.GOOD, Outcome.PASS, {"host:a": "not_measured"}, ["miss", "unmeasured"]),
        (Kind.DECOY, Outcome.PASS, {"host:a": "fail"}, ["false_alarm"]),
        (Kind.DECOY, Outcome.NOT_MEASURED, {"host:a": "attested"}, ["miss"]),
        (Kind.BLIND, Outcome.NOT_MEASURED, {"host:a": "not_measured"}, []),
        (Kind.BLIND, Outcome.NOT_MEASURED, {"host:a": "pass"}, ["blind_pass"]),
        (Kind.BLIND, Outcome.NOT_MEASURED, {"host:a": "fail"}, ["false_alarm"]),
        (Kind.BLIND, Outcome.NOT_MEASURED, {"host:a": "not_applicable"}, ["miss"]),
    ],
)
def test_an_answer_is_counted_by_what_was_true(kind, right, got, counted):
    assert judge(_case(kind, right), got) == counted


def test_damage_that_comes_with_a_fault_is_no_false_alarm():
    got = {"host:a": "fail", "host:b": "fail"}
    assert judge(_case(Kind.FAULT, Outcome.FAIL, may_fail=("host:b",)), got) == ["hit"]


def test_the_score_adds_up_and_remembers_what_was_wrong():
    score = Score()
    score.take(1, _case(Kind.FAULT, Outcome.FAIL), [{"check": "c", "subject": "host:a", "outcome": "fail"}])
    score.take(2, _case(Kind.BLIND, Outcome.NOT_MEASURED), [{"check": "c", "subject": "host:a", "outcome": "pass"}])
    score.take(3, _case(Kind.GOOD, Outcome.PASS), [{"check": "other", "subject": "host:a", "outcome": "fail"}])
    report = score.report()
    assert report["checks"]["c"] == report["total"]
    assert report["total"] == {
        "cases": 3,
        "hit": 1,
        "miss": 1,
        "false_alarm": 0,
        "blind_pass": 1,
        "unmeasured": 0,
    }
    assert [(wrong["case"], wrong["wrong"], wrong["got"]) for wrong in report["details"]] == [
        (2, ["blind_pass"], {"host:a": "pass"}),
        (3, ["miss"], {}),
    ]


def test_worlds_never_import_the_auditor():
    source = Path(__file__).parents[1] / "src"
    for path in source.rglob("*.py"):
        text = path.read_text()
        assert "import launchready\n" not in text
        assert "from launchready." not in text
    project = tomllib.loads((source.parent / "pyproject.toml").read_text())
    assert "launchready" not in project["project"]["dependencies"]
