"""The checks of `checks/journeys/signup.py`."""

import pytest

import launchready.checks.speed.load  # noqa: F401 - registers its checks
from launchready.checks.journeys.signup import signup_journey_broken, verification_link_wrong_host
from launchready.engine.rank import rank
from launchready.facts.journeys import SignupWalk, StepName, StepTaken
from launchready.model.check import CHECKS, Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.subject import Domain, Host, Journey
from launchready.model.verdict import Result

APP = "https://app.example.com"
JOURNEY = Journey(
    "signup", f"{APP}/signup", f"{APP}/login", f"{APP}/api/chat", "?", "v+{tag}@inbox.example", "maildir:inbox"
)
PRODUCT = Product("P", hosts=(Host("app.example.com", "example.com"),), domains=(Domain("example.com"),))


def walk(*steps: StepTaken, links: tuple[str, ...] = ()) -> SignupWalk:
    return SignupWalk(steps=steps, mail_links=links, answer_chars=0)


def step(name: StepName, *, worked: bool = True, detail: str = "") -> StepTaken:
    return StepTaken(name, worked=worked, detail=detail, took_s=0.1)


def test_the_whole_way_passes() -> None:
    assert signup_journey_broken(JOURNEY, walk(*(step(name) for name in StepName))) == Pass()


def test_the_step_that_does_not_work_is_named_with_where_to_look() -> None:
    broken = walk(step(StepName.SIGN_UP), step(StepName.MAIL, worked=False, detail="no mail within 10 seconds"))
    assert signup_journey_broken(JOURNEY, broken) == Fail(
        ("receive the mail: no mail within 10 seconds",),
        Fix(
            "Look for the message in your mail service's activity: refused, deferred, or never handed over",
            f"{APP}/signup",
        ),
    )


@pytest.mark.parametrize(("name", "url"), [(StepName.LOG_IN, f"{APP}/login"), (StepName.ASK, f"{APP}/api/chat")])
def test_the_address_of_the_step_is_what_to_open(name: StepName, url: str) -> None:
    judgement = signup_journey_broken(JOURNEY, walk(step(name, worked=False, detail="500")))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == url


def judged(*links: str) -> Judgement:
    return verification_link_wrong_host(PRODUCT, JOURNEY, walk(step(StepName.MAIL), links=links))


def test_a_link_to_a_declared_host_over_https_passes() -> None:
    assert judged(f"{APP}/verify") == Pass()


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ("http://localhost:8000/verify", "on a host that is not declared"),
        ("https://staging.example.com/verify", "on a host that is not declared"),
        ("http://app.example.com/verify", "without https"),
    ],
)
def test_a_link_elsewhere_fails_and_the_base_url_to_set_is_given(link: str, what: str) -> None:
    assert judged(link) == Fail(
        (f"the mail's link leads to {link}, {what}",),
        Fix("Set the product's public base URL in the production environment", APP),
    )


def test_only_the_likeliest_link_counts() -> None:
    assert judged(f"{APP}/verify", "https://elsewhere.example/confirm") == Pass()


def test_without_a_link_there_is_nothing_to_ask() -> None:
    assert judged() == NotApplicable("no mail with a confirmation link was received")


def test_what_one_visitor_meets_is_one_finding_also_when_ten_meet_it() -> None:
    cause_and_symptoms = (
        CHECKS["verification-link-wrong-host"],
        CHECKS["signup-journey-broken"],
        CHECKS["visitors-together-fail"],
    )
    failed = tuple(Result(check, "journey:signup", Fail(("it",), Fix("mend it"))) for check in cause_and_symptoms)
    (finding,) = rank(failed)
    assert finding.check.id == "verification-link-wrong-host"
    (symptom,) = finding.explained
    assert symptom.check.id == "signup-journey-broken"
    assert [inner.check.id for inner in symptom.explained] == ["visitors-together-fail"]
