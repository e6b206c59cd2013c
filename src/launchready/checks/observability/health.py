"""What the product says of its own health."""

from typing import Final

from launchready.facts.endpoints import DependencyReport, HealthAnswer, ReadyAnswer
from launchready.facts.journeys import SignupWalk, StepName, StepTaken
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.fact import Each
from launchready.model.intent import DEPENDENCIES_ARE_SAID
from launchready.model.subject import Endpoint

HEALTH_SOURCE: Final = "https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check"


@check(
    "health-endpoint-failing",
    impact=Impact.BLOCKER,
    customer_sees="Error pages whenever your host trusts this endpoint and takes the product out of service.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(HEALTH_SOURCE,),
)
def health_endpoint_failing(endpoint: Endpoint, seen: HealthAnswer) -> Judgement:
    """The health endpoint answers that the product is alive.

    ## Why it matters at launch
    Hosts and monitors watch this endpoint. While it fails, a host restarts the product in a loop or sends it no
    visitors, and a monitor can't tell a real outage from this one.

    ## How to fix
    Let the endpoint answer 200 as long as the process can handle requests, without asking the database or others; those
    belong on the readiness endpoint.
    """
    if not 200 <= seen.status < 300:
        do = "Let the health endpoint answer 200 while the process handles requests"
        return Fail((f"{endpoint.url} answers {seen.status}",), Fix(do, f"curl -i {endpoint.url}"))
    if not seen.has_content:
        do = f"Let the health endpoint say {endpoint.contains!r}, or correct contains in launchready.toml"
        return Fail((f"{endpoint.url} does not say {endpoint.contains!r}",), Fix(do, f"curl -i {endpoint.url}"))
    return Pass()


@check(
    "dependency-down",
    impact=Impact.BLOCKER,
    customer_sees="The product answers, but something in it does not work: no mail, no answer, or nothing is saved.",
    costs=(Cost.TICKETS, Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(HEALTH_SOURCE,),
    when=(DEPENDENCIES_ARE_SAID,),
)
def dependency_down(endpoint: Endpoint, seen: ReadyAnswer) -> Judgement:
    """The readiness endpoint names every declared dependency, and all are well.

    ## Why it matters at launch
    A dead dependency that nobody looks at is found by a customer. One that the endpoint does not name can die in
    silence.

    ## How to fix
    Mend the dependency that is down. Let the readiness endpoint really ask each one that the product can't work
    without, and name it as launchready.toml does.
    """
    named = {report.name: report for report in seen.dependencies}
    missing = [name for name in endpoint.dependencies if name not in named]
    down = [report for report in seen.dependencies if not report.is_ok and report.name in endpoint.dependencies]
    offenders = [f"{report.name} is {report.word or 'down'}, says {endpoint.url}" for report in down]
    offenders += [f"{endpoint.url} does not name {name}" for name in missing]
    if not offenders and not 200 <= seen.status < 300 and all(report.is_ok for report in seen.dependencies):
        offenders = [f"{endpoint.url} answers {seen.status}, and says that every dependency is well"]
    if not offenders:
        return Pass()
    return Fail(tuple(offenders), _fix(endpoint, down, missing))


def _fix(endpoint: Endpoint, down: list[DependencyReport], missing: list[str]) -> Fix:
    if down:
        names = ", ".join(report.name for report in down)
        return Fix(f"Bring {names} back, then ask again", f"curl -s {endpoint.url}")
    if missing:
        lines = ", ".join(f'"{name}": {{"status": "ok"}}' for name in endpoint.dependencies)
        return Fix("Let the readiness endpoint ask and name each dependency", f'{{"dependencies": {{{lines}}}}}')
    return Fix("Let the readiness endpoint answer 200 when all is well", f"curl -i {endpoint.url}")


@check(
    "health-untruthful",
    impact=Impact.BLOCKER,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing works for them, while every light on your side is green.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(HEALTH_SOURCE,),
    explains=("signup-journey-broken", "visitors-together-fail"),
)
def health_untruthful(answers: Each[ReadyAnswer], walks: Each[SignupWalk]) -> Judgement:
    """The readiness endpoint never says that all is well while customers get no mail or no answer.

    ## Why it matters at launch
    You and your monitor look at this endpoint. If it is green while customers fail, the first alert is a request for a
    refund.

    ## How to fix
    Let the readiness endpoint do in small what a customer needs: hand a message to the mail relay or read its last
    refusals, and ask the model for one word. A key that is present or a port that is open proves nothing.
    """
    says_well = [subject.id.removeprefix("endpoint:") for subject, seen in answers if _says_all_is_well(seen)]
    broken = [(subject.id, walk.broken_at) for subject, walk in walks]
    felt = [(way, step) for way, step in broken if step is not None and step.name in {StepName.MAIL, StepName.ASK}]
    if not felt or len(says_well) < len(answers.of):
        return Pass()
    offenders = tuple(f"{', '.join(says_well)} says that all is well, but {_felt(way, step)}" for way, step in felt)
    what = "mail" if felt[0][1].name is StepName.MAIL else "model"
    do = f"Mend the {what}, and let the readiness endpoint really ask it"
    return Fail(offenders, Fix(do, f"curl -s {says_well[0]}"))


def _says_all_is_well(seen: ReadyAnswer) -> bool:
    return 200 <= seen.status < 300 and all(report.is_ok for report in seen.dependencies)


def _felt(way: str, step: StepTaken) -> str:
    return f"on {way} the step {step.name.value!r} fails: {step.detail}"
