"""Starts with a variable that is not as it should be: what is done, and what is concluded."""

import pytest

from launchready.deliver.canaries import make_canaries
from launchready.deliver.sandbox import Ran, Stop
from launchready.deliver.start_trials import Ended, attempts, judge, names_it
from launchready.facts.build import TrialEnd, TrialKind
from launchready.model.environment import RequiredIn, Variable, VariableType

GOES_ON = Ended(Ran(-9, Stop.TIME, 3.0), "listening")
VALIDATOR = Ended(Ran(0, None, 0.1), "all well")
NO_DATABASE = Ended(Ran(1, None, 0.1), "no database")
BLAMES_KEY = Ended(Ran(1, None, 0.1), "KEY is wrong, whatever it is")


def stopped(words: str, code: int = 1) -> Ended:
    return Ended(Ran(code, None, 0.1), words)


@pytest.mark.parametrize(
    ("end", "well", "told"),
    [
        (stopped("KEY is not set"), GOES_ON, TrialEnd.NAMED),
        (stopped("error"), GOES_ON, TrialEnd.SILENT),
        (GOES_ON, GOES_ON, TrialEnd.RAN),
        (Ended(Ran(-9, Stop.TIME, 3.0), "warning: KEY is not set"), GOES_ON, TrialEnd.RAN),
        (stopped("KEY is not set", 0), GOES_ON, TrialEnd.NAMED),
        (stopped("KEY is not set"), VALIDATOR, TrialEnd.NAMED),
        (stopped("KEY is not set", 0), VALIDATOR, TrialEnd.RAN),
        (stopped("error"), VALIDATOR, TrialEnd.SILENT),
        (stopped("KEY is not set"), NO_DATABASE, TrialEnd.NAMED),
        (stopped("no database"), NO_DATABASE, None),
        (GOES_ON, NO_DATABASE, None),
        (stopped("KEY is not set"), BLAMES_KEY, None),
    ],
)
def test_a_start_is_judged_beside_the_start_with_good_values(end: Ended, well: Ended, told: TrialEnd | None) -> None:
    assert judge("KEY", end, well) is told


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("KEY is not set", True),
        ("key\n  Field required", True),
        ('{"KEY":["Required"]}', True),
        ("API_KEY is not set", False),
        ("KEYS", False),
        ("", False),
    ],
)
def test_the_whole_name_has_to_stand_there(words: str, is_named: bool) -> None:
    assert names_it("KEY", words) is is_named


def test_only_what_a_run_needs_is_touched_and_everything_else_stays_good() -> None:
    variables = (
        Variable("KEY", VariableType.KEY, prefix="sk_"),
        Variable("AT_BUILD", required_in=RequiredIn.BUILD),
        Variable("MAYBE", required_in=RequiredIn.NO),
        Variable("BOTH", VariableType.INT, required_in=RequiredIn.BOTH),
        Variable("FIXED", VariableType.TEXT),
    )
    canaries = make_canaries(variables)
    made = list(attempts(canaries, {"FIXED": "1"}))
    assert [(one.canary.variable.name, one.kind) for one in made] == [
        ("KEY", TrialKind.REMOVED),
        ("KEY", TrialKind.MALFORMED),
        ("BOTH", TrialKind.REMOVED),
        ("BOTH", TrialKind.MALFORMED),
    ]
    good = {canary.variable.name: canary.value for canary in canaries} | {"FIXED": "1"}
    assert "KEY" not in made[0].variables
    assert not made[1].variables["KEY"].startswith("sk_")
    for one in made:
        name = one.canary.variable.name
        assert {key: value for key, value in one.variables.items() if key != name} == {
            key: value for key, value in good.items() if key != name
        }
