"""The table of `checks/mail/receivers.py`, and how its states follow from outcomes."""

from datetime import date

import pytest

from launchready.app.registry import load_registry
from launchready.checks.mail.receivers import REQUIREMENTS, Requirement, State, Whom, state_of
from launchready.model.check import Fail, Fix, NotApplicable, NotMeasured, Outcome, Pass
from launchready.model.reading import Why

FAIL = Fail(("x",), Fix("y"))
UNKNOWN = NotMeasured(Why.TIMED_OUT, "x", "y")
SILENT = NotApplicable("x")
SPF = ("spf-missing", "spf-invalid", "spf-sender-refused")
BOTH = Requirement("Gmail", "SPF and DKIM", Whom.MANY, "2024-02-01", ((*SPF, "dkim-key-unusable"),), "https://x")
EITHER = Requirement("Gmail", "SPF or DKIM", Whom.EVERYBODY, "2024-02-01", (SPF, ("dkim-key-unusable",)), "https://x")
GOOD = {"spf-missing": [Pass()], "spf-invalid": [Pass()], "spf-sender-refused": [SILENT], "dkim-key-unusable": [Pass()]}


def test_every_requirement_names_checks_that_exist_a_day_and_a_source() -> None:
    known = load_registry().checks
    for one in REQUIREMENTS:
        assert all(check in known for way in one.ways for check in way)
        assert date.fromisoformat(one.since) < date(2026, 7, 1)
        assert one.source.startswith("https://")
    assert {one.receiver for one in REQUIREMENTS} == {"Gmail", "Yahoo", "Outlook.com"}


@pytest.mark.parametrize(
    ("changed", "both", "either"),
    [
        ({}, State.MET, State.MET),
        ({"dkim-key-unusable": [FAIL]}, State.NOT_MET, State.MET),
        ({"dkim-key-unusable": [Pass(), UNKNOWN]}, State.NOT_MEASURED, State.MET),
        ({"dkim-key-unusable": [SILENT]}, State.NOT_MEASURED, State.MET),
        ({"spf-sender-refused": [FAIL]}, State.NOT_MET, State.MET),
        ({"spf-invalid": [FAIL], "dkim-key-unusable": [FAIL]}, State.NOT_MET, State.NOT_MET),
        ({"spf-invalid": [FAIL], "dkim-key-unusable": [UNKNOWN]}, State.NOT_MET, State.NOT_MEASURED),
        ({"spf-missing": []}, State.NOT_MEASURED, State.MET),
    ],
)
def test_a_requirement_is_met_by_one_of_its_ways_and_never_by_what_was_not_seen(
    changed: dict[str, list[Outcome]], both: State, either: State
) -> None:
    outcomes = GOOD | changed
    assert (state_of(BOTH, outcomes), state_of(EITHER, outcomes)) == (both, either)


def test_what_no_check_can_tell_is_not_measured() -> None:
    for one in REQUIREMENTS:
        assert state_of(one, {}) is State.NOT_MEASURED
