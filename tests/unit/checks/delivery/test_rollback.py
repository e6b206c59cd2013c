"""The checks of `checks/delivery/rollback.py` and `drift.py`."""

from dataclasses import replace
from datetime import UTC, datetime

from launchready.checks.delivery.drift import release_drifted
from launchready.checks.delivery.rollback import REHEARSE, deploy_records_missing, rollback_unproven
from launchready.config.document import DeployTable
from launchready.facts.endpoints import VersionAnswer
from launchready.facts.release import Comeback, ReleaseDrift, ReleaseHistory
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.product import Delivery, Product
from launchready.model.subject import Endpoint, EndpointKind

COMMIT = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
OTHER = "18fd956d821051b999690d5fa868d3ea4805538a"
URL = "https://app.example.com/version"
BACK = Comeback(OTHER, datetime(2026, 9, 1, tzinfo=UTC), 30, True, 41.5, 83, 2, 1.2)
HISTORY = ReleaseHistory(3, COMMIT, BACK, None, "")


def product(days: int = 90) -> Product:
    return Product("P", (), (), delivery=Delivery("/x", rehearsal_days=days))


def recorded(history: ReleaseHistory, *commits: str) -> Judgement:
    answers = tuple((Endpoint(URL, EndpointKind.VERSION), VersionAnswer(200, commit)) for commit in commits)
    return deploy_records_missing(history, Each(answers))


def test_a_way_back_that_was_walked_lately_passes() -> None:
    assert rollback_unproven(product(), HISTORY) == Pass()


def test_ninety_days_count_and_ninety_one_do_not() -> None:
    outcomes = [
        rollback_unproven(product(), replace(HISTORY, comeback=replace(BACK, days_ago=days))) for days in (89, 90, 91)
    ]
    assert outcomes[:2] == [Pass(), Pass()]
    assert outcomes[2] == Fail(
        (
            (
                "a release was last brought back 91 days ago (it took 42 s; a visitor met 2 failures in 83 "
                "requests, for 1 s at most); that counts for 90 days"
            ),
        ),
        REHEARSE,
    )
    assert Delivery("/x").rehearsal_days == 90
    assert DeployTable(deploy="a", rollback="b").rehearsal_days == 90


def test_the_owner_may_ask_for_more() -> None:
    assert rollback_unproven(product(30), HISTORY) == Pass()
    assert isinstance(rollback_unproven(product(29), HISTORY), Fail)


def test_a_way_back_that_nobody_walked_fails() -> None:
    judgement = rollback_unproven(product(), replace(HISTORY, comeback=None))
    assert judgement == Fail(("no release was ever brought back on record",), REHEARSE)
    assert REHEARSE.paste == "launchready rollback"


def test_a_way_back_that_led_nowhere_fails_however_young() -> None:
    judgement = rollback_unproven(
        product(), replace(HISTORY, comeback=replace(BACK, is_good=False, days_ago=0, asked=0, took_s=9.6))
    )
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("the last attempt, 0 days ago (it took 10 s), did not bring a working release back",)


def test_the_recorded_release_passes_also_by_its_short_name() -> None:
    assert recorded(HISTORY, COMMIT) == Pass()
    assert recorded(HISTORY, COMMIT[:7].upper()) == Pass()
    assert recorded(HISTORY, COMMIT[:6]) != Pass()


def test_a_release_past_the_records_fails_and_both_are_named() -> None:
    again = Fix("Release the commit that you mean on the path that is written down", "launchready deploy")
    assert recorded(HISTORY, OTHER) == Fail(
        (f"{URL} says {OTHER}; the last release on record that works is {COMMIT}",), again
    )
    assert recorded(HISTORY, "", OTHER) == recorded(HISTORY, OTHER)


def test_where_no_endpoint_names_a_commit_nothing_is_concluded() -> None:
    assert isinstance(recorded(HISTORY, ""), NotApplicable)
    assert isinstance(recorded(replace(HISTORY, releases=0), ""), Fail)


def test_no_records_and_a_release_that_was_cut_off_fail() -> None:
    none = recorded(replace(HISTORY, releases=0, live="", comeback=None), COMMIT)
    assert isinstance(none, Fail)
    assert none.offenders == ("no release is on record",)
    cut = recorded(replace(HISTORY, cut_off="deploy of x began and never ended"), COMMIT)
    assert isinstance(cut, Fail)
    assert cut.offenders == ("deploy of x began and never ended",)


def test_a_host_as_released_passes() -> None:
    assert release_drifted(ReleaseDrift(COMMIT, 0, (), "3 files")) == Pass()


def test_what_differs_on_the_host_is_named_and_the_rest_counted() -> None:
    fix = Fix(f"Commit what was changed on the host since {COMMIT[:12]}, and release it", "launchready drift")
    assert release_drifted(ReleaseDrift(COMMIT, 1, ("edited: a.py",), "")) == Fail(("edited: a.py",), fix)
    assert release_drifted(ReleaseDrift(COMMIT, 3, ("added: b",), "")) == Fail(("added: b", "and 2 more"), fix)
    assert release_drifted(ReleaseDrift(COMMIT, 2, (), "")) == Fail(("and 2 more",), fix)
