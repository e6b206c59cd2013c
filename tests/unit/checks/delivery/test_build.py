"""The checks of builds: `build.py`, `built_in.py` and `artefact.py` of `checks/delivery`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready.checks.delivery.artefact import artefact_exposes_files, artefact_leaks, artefact_untidy
from launchready.checks.delivery.build import SHOWN, build_not_clean, build_not_repeatable
from launchready.checks.delivery.built_in import (
    secret_baked_into_build,
    setting_baked_into_build,
    start_ignores_missing_variable,
)
from launchready.facts.build import (
    LOG_OF_BUILD,
    BakedValue,
    BakedValues,
    BuildFailure,
    BuildFault,
    BuildStep,
    CleanBuild,
    Difference,
    DifferenceCause,
    Leftover,
    LeftoverKind,
    RepeatedBuild,
    ShippedFiles,
    StartTrials,
    Trial,
    TrialEnd,
    TrialKind,
)
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.reading import Measured

AT = datetime(2026, 3, 1, tzinfo=UTC)


def clean(*failures: BuildFailure) -> CleanBuild:
    return CleanBuild("a" * 40, AT, failures, Measured("bubblewrap", AT, 1.0))


def repeated(*differences: Difference, more: int = 0) -> RepeatedBuild:
    return RepeatedBuild(20, "0" * 64, differences, more)


def values(*baked: BakedValue) -> BakedValues:
    return BakedValues(("KEY", "URL"), baked, ())


def shipped(*leftovers: Leftover) -> ShippedFiles:
    return ShippedFiles(3, 1000, leftovers, ())


SECRET = BakedValue("KEY", "dist/app.js", "base64", is_secret=True, is_public=False)
SETTING = BakedValue("URL", "dist/app.js", "plain", is_secret=False, is_public=False)
PUBLIC = BakedValue("VITE_KEY", "dist/app.js", "plain", is_secret=True, is_public=True)


def test_a_build_without_failures_passes() -> None:
    assert build_not_clean(clean()) == Pass()


def test_a_file_outside_git_fails_with_the_command_that_adds_it() -> None:
    failure = BuildFailure(BuildStep.BUILD, BuildFault.FILE_OUTSIDE_GIT, "content/prices.json", "cat: no such file")
    assert build_not_clean(clean(failure)) == Fail(
        (
            (
                "build from a clean clone: content/prices.json lies on your machine and is not in the commit "
                "(cat: no such file)"
            ),
        ),
        Fix(
            "Give the commit everything that its build needs, then type `launchready build`",
            "git add -f content/prices.json && git commit",
        ),
    )


@pytest.mark.parametrize("fault", BuildFault)
def test_every_reason_is_said_with_its_name(fault: BuildFault) -> None:
    judgement = build_not_clean(clean(BuildFailure(BuildStep.TEST, fault, "THE-NAME", "")))
    assert isinstance(judgement, Fail)
    assert "THE-NAME" in judgement.offenders[0]
    assert judgement.fix.paste


def test_equal_builds_pass() -> None:
    assert build_not_repeatable(repeated()) == Pass()


@pytest.mark.parametrize("cause", DifferenceCause)
def test_every_cause_of_a_difference_is_said(cause: DifferenceCause) -> None:
    judgement = build_not_repeatable(repeated(Difference("dist/a.html", cause)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].startswith("dist/a.html ")
    assert judgement.fix.paste


@pytest.mark.parametrize(("count", "lines"), [(SHOWN - 1, SHOWN - 1), (SHOWN, SHOWN), (SHOWN + 1, SHOWN + 1)])
def test_as_many_differences_are_named_as_are_shown_and_the_rest_is_counted(count: int, lines: int) -> None:
    differences = tuple(Difference(f"dist/{n}", DifferenceCause.TIME) for n in range(count))
    judgement = build_not_repeatable(repeated(*differences))
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == lines
    assert (judgement.offenders[-1] == "1 more files differ") == (count > SHOWN)


def test_a_secret_that_came_out_fails_and_moves_to_the_run() -> None:
    assert secret_baked_into_build(values(SECRET, SETTING, PUBLIC)) == Fail(
        ("the value of KEY stands in dist/app.js, written as base64",),
        Fix(
            "Take these variables out of the build, and revoke keys that were ever published like this",
            '[[environment]]\nname = "KEY"\nrequired = "run"',
        ),
    )


def test_a_setting_that_came_out_is_another_question() -> None:
    assert secret_baked_into_build(values(SETTING)) == Pass()
    judgement = setting_baked_into_build(values(SECRET, SETTING))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("the value of URL stands in dist/app.js",)


def test_a_setting_in_the_log_does_no_harm_and_a_secret_does() -> None:
    assert setting_baked_into_build(values(replace(SETTING, where=LOG_OF_BUILD))) == Pass()
    assert secret_baked_into_build(values(replace(SECRET, where=LOG_OF_BUILD))) != Pass()


@pytest.mark.parametrize("ask", [secret_baked_into_build, setting_baked_into_build])
def test_public_values_may_come_out(ask) -> None:
    assert ask(values(PUBLIC)) == Pass()
    assert ask(values()) == Pass()


@pytest.mark.parametrize("ask", [secret_baked_into_build, setting_baked_into_build])
def test_where_no_value_could_be_searched_nothing_passed(ask) -> None:
    assert isinstance(ask(BakedValues((), (), ())), NotApplicable)


def started(*ends: TrialEnd) -> Judgement:
    kinds = (TrialKind.REMOVED, TrialKind.MALFORMED)
    return start_ignores_missing_variable(
        StartTrials(tuple(Trial("KEY", kind, end) for kind, end in zip(kinds, ends, strict=False)), ())
    )


def test_a_start_that_names_the_variable_passes() -> None:
    assert started(TrialEnd.NAMED, TrialEnd.NAMED) == Pass()


def test_a_start_that_goes_on_or_says_nothing_fails() -> None:
    assert started(TrialEnd.RAN, TrialEnd.SILENT) == Fail(
        (
            "without KEY the product starts all the same",
            "with a malformed KEY the product stops, and does not say why",
        ),
        Fix("Stop the start where one of these is missing or malformed, and print its name", ': "${KEY:?is not set}"'),
    )


def test_without_required_variables_nothing_can_be_ignored() -> None:
    assert isinstance(started(), NotApplicable)


BELONGS = {
    artefact_exposes_files: {LeftoverKind.SECRET_FILE, LeftoverKind.GIT_FOLDER},
    artefact_leaks: {
        LeftoverKind.DEVELOPMENT_BUILD,
        LeftoverKind.DEBUG_FLAG,
        LeftoverKind.TEST_KEY,
        LeftoverKind.TUNNEL_ADDRESS,
    },
    artefact_untidy: {LeftoverKind.LOCAL_ADDRESS, LeftoverKind.SOURCES_IN_MAP},
}


@pytest.mark.parametrize("kind", LeftoverKind)
def test_each_kind_of_leftover_fails_one_check_alone(kind: LeftoverKind) -> None:
    leftover = Leftover(kind, "dist/app.js", "what it is")
    for ask, kinds in BELONGS.items():
        judgement = ask(shipped(leftover))
        if kind in kinds:
            assert isinstance(judgement, Fail)
            assert judgement.offenders == ("dist/app.js: what it is",)
            assert judgement.fix.paste
        else:
            assert judgement == Pass()


@pytest.mark.parametrize("ask", BELONGS)
def test_an_output_without_leftovers_passes(ask) -> None:
    assert ask(shipped()) == Pass()


@pytest.mark.parametrize(("count", "lines"), [(SHOWN - 1, SHOWN - 1), (SHOWN, SHOWN), (SHOWN + 1, SHOWN + 1)])
def test_many_leftovers_are_counted_beyond_those_that_are_named(count: int, lines: int) -> None:
    judgement = artefact_leaks(shipped(*(Leftover(LeftoverKind.TEST_KEY, f"d/{n}", "key") for n in range(count))))
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == lines
