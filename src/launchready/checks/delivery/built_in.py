"""Values that were built in, and variables that the product starts without."""

from collections.abc import Iterable
from typing import Final

from launchready.facts.build import LOG_OF_BUILD, BakedValue, BakedValues, StartTrials, Trial, TrialEnd, TrialKind
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import BUILD_IS_SAID


@check(
    "secret-baked-into-build",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until a stranger reads your key in the page and spends your money with it.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://vite.dev/guide/env-and-mode", "https://12factor.net/config"),
    when=(BUILD_IS_SAID,),
)
def secret_baked_into_build(values: BakedValues) -> Judgement:
    """No secret that the build is given can be found in what it writes or prints.

    ## Why it matters at launch
    A value that is in the output goes wherever the output goes: to every browser, every copy of the image, every log.
    Robots collect keys from scripts within hours. The build was given made-up values, and these were found again.

    ## How to fix
    Read the secret when the program runs, on the server, and never in code that is built for browsers. Remove it from
    the build's variables, and revoke the real key if such a build was ever published.
    """
    secrets = [one for one in values.baked if one.is_secret and not one.is_public]
    if secrets:
        do = "Take these variables out of the build, and revoke keys that were ever published like this"
        return Fail(tuple(map(_baked, secrets)), Fix(do, "\n".join(_at_run(secrets))))
    return _searched(values)


@check(
    "setting-baked-into-build",
    impact=Impact.MINOR,
    customer_sees="A page that still talks to the old address after you changed the setting.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/config",),
    when=(BUILD_IS_SAID,),
)
def setting_baked_into_build(values: BakedValues) -> Judgement:
    """Settings that are not declared public are read when the program runs, not when it is built.

    ## Why it matters at launch
    A setting that was written into the output stays as it was, whatever the platform's page of variables says. People
    change it there, see no effect, and look for the fault elsewhere.

    ## How to fix
    Read it when the program runs. Where browsers have to know it and a new build for each change is all right, say
    `public = true` in its `[[environment]]` table.
    """
    shipped = [one for one in values.baked if one.where != LOG_OF_BUILD]  # in a log a setting does no harm
    settings = [one for one in shipped if not one.is_secret and not one.is_public]
    if settings:
        names = dict.fromkeys(one.variable for one in settings)
        paste = "\n".join(f'[[environment]]\nname = "{name}"\npublic = true' for name in names)
        return Fail(tuple(map(_baked, settings)), Fix("Read them at the start, or declare them public", paste))
    return _searched(values)


def _searched(values: BakedValues) -> Judgement:
    return Pass() if values.searched else NotApplicable("no variable of the contract has a value that can be searched")


def _baked(one: BakedValue) -> str:
    how = "" if one.spelling == "plain" else f", written as {one.spelling}"
    return f"the value of {one.variable} stands in {one.where}{how}"


def _at_run(secrets: Iterable[BakedValue]) -> Iterable[str]:
    for name in dict.fromkeys(one.variable for one in secrets):
        yield f'[[environment]]\nname = "{name}"\nrequired = "run"'


DONE_TO_IT: Final = {TrialKind.REMOVED: "without", TrialKind.MALFORMED: "with a malformed"}


@check(
    "start-ignores-missing-variable",
    impact=Impact.MAJOR,
    customer_sees="An error page at the step that needs it, such as paying, and not before.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/config", "https://12factor.net/disposability"),
    when=(BUILD_IS_SAID,),
)
def start_ignores_missing_variable(starts: StartTrials) -> Judgement:
    """The product does not start without a variable that it needs, or with a malformed one, and says which.

    ## Why it matters at launch
    A product that starts all the same looks healthy, takes the place of the release that worked, and fails in front of
    the first customer who needs the variable. One that stops in silence costs an hour of guessing.

    ## How to fix
    Check every variable of the contract before anything else at the start; stop with a code that is not 0, and print
    the name and the reason, never the value.
    """
    bad = [one for one in starts.trials if one.end is not TrialEnd.NAMED]
    if bad:
        do = "Stop the start where one of these is missing or malformed, and print its name"
        names = dict.fromkeys(one.variable for one in bad)
        return Fail(tuple(map(_trial, bad)), Fix(do, "\n".join(map(_guard, names))))
    return Pass() if starts.trials else NotApplicable("no variable is required when the product runs")


def _trial(one: Trial) -> str:
    end = "starts all the same" if one.end is TrialEnd.RAN else "stops, and does not say why"
    return f"{DONE_TO_IT[one.kind]} {one.variable} the product {end}"


def _guard(name: str) -> str:
    """POSIX shells stop here and name it (XCU section 2.6.2); for any language, as the first line of the start."""
    return f': "${{{name}:?is not set}}"'
