"""The checks of `checks/environment/running.py`."""

import pytest

from launchready.checks.environment.running import environment_report_open, variable_malformed, variable_missing
from launchready.facts.environment import EnvironmentReport, ReportedVariable
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.environment import Flaw, Mode, Stage, Variable, VariableType
from launchready.model.product import Product
from launchready.model.subject import Endpoint, EndpointKind

URL = "https://app.example.com/launchready/environment"
NAMES = ("APP_URL", "DATABASE_URL", "PAYMENT_KEY")
PRODUCT = Product(
    "P",
    (),
    (),
    environment=(
        Variable("APP_URL", VariableType.URL),
        Variable("DATABASE_URL", VariableType.URL, may_be_local=True),
        Variable("PAYMENT_KEY", VariableType.KEY),
    ),
)


def judged(check, *, stage: Stage = Stage.PRODUCTION, is_open: bool = False, **said: Flaw | Mode) -> Judgement:
    rows = []
    for name in NAMES:
        word = said.get(name)
        flaw, mode = (word, Mode.UNKNOWN) if isinstance(word, Flaw) else (None, word or Mode.UNKNOWN)
        rows.append(ReportedVariable(name, flaw is not Flaw.MISSING, flaw, mode, ""))
    endpoint, report = Endpoint(URL, EndpointKind.ENVIRONMENT, stage=stage), EnvironmentReport(tuple(rows), is_open)
    return check(endpoint, report) if check is environment_report_open else check(endpoint, PRODUCT, report)


@pytest.mark.parametrize("check", [variable_missing, variable_malformed, environment_report_open])
def test_a_release_with_all_that_it_needs_passes(check) -> None:
    assert judged(check, PAYMENT_KEY=Mode.LIVE, DATABASE_URL=Mode.LOCAL) == Pass()


def test_what_is_missing_or_empty_is_named_with_lines_to_fill_in() -> None:
    assert judged(variable_missing, APP_URL=Flaw.MISSING, PAYMENT_KEY=Flaw.EMPTY) == Fail(
        (
            "APP_URL is not set in the release behind app.example.com",
            "PAYMENT_KEY is empty in the release behind app.example.com",
        ),
        Fix("Set what is missing where app.example.com runs", "APP_URL=\nPAYMENT_KEY="),
    )


def test_each_question_answers_for_its_own_flaws() -> None:
    assert judged(variable_missing, APP_URL=Flaw.EDGES) == Pass()
    assert judged(variable_malformed, APP_URL=Flaw.MISSING) == Pass()


@pytest.mark.parametrize("flaw", sorted(set(Flaw) - {Flaw.MISSING, Flaw.EMPTY}))
def test_every_other_flaw_fails_with_its_words(flaw) -> None:
    judgement = judged(variable_malformed, PAYMENT_KEY=flaw)
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == 1
    assert judgement.offenders[0].startswith("PAYMENT_KEY ")
    assert judgement.fix.paste.startswith("launchready env check --stage production")


@pytest.mark.parametrize(
    ("stage", "name", "mode", "words"),
    [
        (Stage.PRODUCTION, "APP_URL", Mode.LOCAL, "points to a developer's own machine"),
        (Stage.PRODUCTION, "PAYMENT_KEY", Mode.TEST, "is for the provider's test world"),
        (Stage.TEST, "PAYMENT_KEY", Mode.LIVE, "is for the provider's live world"),
    ],
)
def test_a_value_of_another_world_fails(stage, name, mode, words) -> None:
    judgement = judged(variable_malformed, stage=stage, **{name: mode})
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{name} {words} in the release behind app.example.com",)


@pytest.mark.parametrize(
    ("stage", "name", "mode"),
    [
        (Stage.PRODUCTION, "DATABASE_URL", Mode.LOCAL),
        (Stage.PRODUCTION, "PAYMENT_KEY", Mode.LIVE),
        (Stage.TEST, "PAYMENT_KEY", Mode.TEST),
        (Stage.TEST, "APP_URL", Mode.LOCAL),
    ],
)
def test_a_value_of_its_own_world_passes(stage, name, mode) -> None:
    assert judged(variable_malformed, stage=stage, **{name: mode}) == Pass()


def test_a_report_for_anybody_fails() -> None:
    assert judged(environment_report_open, is_open=True) == Fail(
        (f"{URL} answers anybody",),
        Fix("Ask for the token, and answer 404 to all others", f"curl -i {URL}  # has to answer 404"),
    )
