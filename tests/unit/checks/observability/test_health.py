"""The checks of `checks/observability/health.py`."""

import pytest

from launchready.checks.observability.health import dependency_down, health_endpoint_failing, health_untruthful
from launchready.facts.endpoints import DependencyReport, HealthAnswer, ReadyAnswer
from launchready.facts.journeys import SignupWalk, StepName, StepTaken
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.fact import Each
from launchready.model.intent import DEPENDENCIES_ARE_SAID
from launchready.model.product import Product
from launchready.model.subject import Endpoint, EndpointKind, Journey

HEALTH = Endpoint("https://app.example.com/healthz", EndpointKind.HEALTH, contains="alive")
READY = Endpoint("https://app.example.com/readyz", EndpointKind.READY, dependencies=("database", "mail"))
DATABASE, MAIL = DependencyReport("database", is_ok=True, word="ok"), DependencyReport("mail", is_ok=True, word="ok")
MAIL_DOWN = DependencyReport("mail", is_ok=False, word="failing")
JOURNEY = Journey("signup", "https://a/s", "https://a/l", "https://a/c", "?", "v+{tag}@inbox.example", "maildir:inbox")


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_health_endpoint_that_answers_well_passes(status: int) -> None:
    assert health_endpoint_failing(HEALTH, HealthAnswer(status, has_content=True)) == Pass()


@pytest.mark.parametrize("status", [199, 300, 301, 404, 503])
def test_any_other_status_fails_and_is_named(status: int) -> None:
    assert health_endpoint_failing(HEALTH, HealthAnswer(status, has_content=True)) == Fail(
        (f"https://app.example.com/healthz answers {status}",),
        Fix(
            "Let the health endpoint answer 200 while the process handles requests",
            "curl -i https://app.example.com/healthz",
        ),
    )


def test_a_health_endpoint_without_the_declared_words_fails() -> None:
    judgement = health_endpoint_failing(HEALTH, HealthAnswer(200, has_content=False))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://app.example.com/healthz does not say 'alive'",)


def test_dependencies_that_are_named_and_well_pass() -> None:
    assert dependency_down(READY, ReadyAnswer(200, (DATABASE, MAIL))) == Pass()


def test_a_dependency_that_is_down_fails_with_its_own_word() -> None:
    assert dependency_down(READY, ReadyAnswer(503, (DATABASE, MAIL_DOWN))) == Fail(
        ("mail is failing, says https://app.example.com/readyz",),
        Fix("Bring mail back, then ask again", "curl -s https://app.example.com/readyz"),
    )


def test_a_dependency_that_is_down_fails_also_under_a_good_status() -> None:
    assert dependency_down(READY, ReadyAnswer(200, (DATABASE, MAIL_DOWN))) != Pass()


def test_a_dependency_that_is_not_named_fails_and_the_answer_to_give_is_shown() -> None:
    assert dependency_down(READY, ReadyAnswer(200, (DATABASE,))) == Fail(
        ("https://app.example.com/readyz does not name mail",),
        Fix(
            "Let the readiness endpoint ask and name each dependency",
            '{"dependencies": {"database": {"status": "ok"}, "mail": {"status": "ok"}}}',
        ),
    )


def test_a_dependency_that_the_owner_did_not_declare_may_be_down() -> None:
    cache = DependencyReport("cache", is_ok=False, word="failing")
    assert dependency_down(READY, ReadyAnswer(503, (DATABASE, MAIL, cache))) == Pass()


def test_a_bad_status_fails_though_all_dependencies_are_well() -> None:
    judgement = dependency_down(READY, ReadyAnswer(500, (DATABASE, MAIL)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "https://app.example.com/readyz answers 500, and says that every dependency is well",
    )


def test_without_declared_dependencies_the_question_is_not_asked() -> None:
    product = Product("P", hosts=(), domains=())
    assert DEPENDENCIES_ARE_SAID.read(product, Endpoint("https://a/readyz", EndpointKind.READY)) is None
    assert DEPENDENCIES_ARE_SAID.read(product, READY) is True


def untruthful(answer: ReadyAnswer, *steps: StepTaken) -> Judgement:
    walk = SignupWalk(steps=steps, mail_links=(), answer_chars=0)
    return health_untruthful(Each(((READY, answer),)), Each(((JOURNEY, walk),)))


WELL = ReadyAnswer(200, (DATABASE, MAIL))
SIGNED_UP = StepTaken(StepName.SIGN_UP, worked=True, detail="", took_s=0.1)
NO_MAIL = StepTaken(StepName.MAIL, worked=False, detail="no mail within 10 seconds", took_s=10.0)


def test_saying_that_all_is_well_while_no_mail_arrives_fails() -> None:
    assert untruthful(WELL, SIGNED_UP, NO_MAIL) == Fail(
        (
            (
                "https://app.example.com/readyz says that all is well, but on journey:signup the step "
                "'receive the mail' fails: no mail within 10 seconds"
            ),
        ),
        Fix(
            "Mend the mail, and let the readiness endpoint really ask it",
            "curl -s https://app.example.com/readyz",
        ),
    )


def test_a_model_that_fails_behind_a_green_light_is_named_as_the_model() -> None:
    judgement = untruthful(WELL, SIGNED_UP, StepTaken(StepName.ASK, worked=False, detail="error", took_s=0.1))
    assert isinstance(judgement, Fail)
    assert judgement.fix.do == "Mend the model, and let the readiness endpoint really ask it"


def test_a_way_without_a_broken_step_passes() -> None:
    assert untruthful(WELL, SIGNED_UP) == Pass()


def test_an_endpoint_that_admits_the_trouble_passes() -> None:
    assert untruthful(ReadyAnswer(503, (DATABASE, MAIL_DOWN)), SIGNED_UP, NO_MAIL) == Pass()


def test_a_step_that_readiness_says_nothing_about_passes() -> None:
    assert untruthful(WELL, StepTaken(StepName.CONFIRM, worked=False, detail="404", took_s=0.1)) == Pass()
