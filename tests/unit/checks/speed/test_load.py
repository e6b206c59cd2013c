"""The checks of `checks/speed/load.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.speed.load import core_endpoint_slow, percentile, visitors_together_fail
from launchready.facts.endpoints import EndpointTimes
from launchready.facts.journeys import VisitorsTogether, VisitorWalk
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Endpoint, EndpointKind, Journey

AT = datetime(2026, 7, 1, tzinfo=UTC)
PAGE = Endpoint("https://example.com/", EndpointKind.PAGE, p95_ms=500)
JOURNEY = Journey("signup", "https://a/s", "https://a/l", "https://a/c", "?", "v+{tag}@inbox.example", "maildir:inbox")


def visitor(step: str = "", detail: str = "") -> Measured[VisitorWalk]:
    return Measured(VisitorWalk(step, detail), AT, 0.5)


def test_visitors_who_all_get_through_pass() -> None:
    assert visitors_together_fail(JOURNEY, VisitorsTogether((visitor(),) * 10)) == Pass()


def test_visitors_who_fail_are_counted_by_step_the_most_first() -> None:
    together = VisitorsTogether((visitor(), visitor("log in", "500"), *(visitor("ask", "503"),) * 2))
    assert visitors_together_fail(JOURNEY, together) == Fail(
        ("3 of 4 visitors at once did not get through", "2 at ask: 503", "1 at log in: 500"),
        Fix("Walk https://a/s with two browsers at once, and read the product's log of that minute"),
    )


def test_a_failure_stands_beside_a_visitor_that_was_not_seen() -> None:
    together = VisitorsTogether((visitor("ask", "503"), Unmeasured(Why.TIMED_OUT, "no answer", AT)))
    judgement = visitors_together_fail(JOURNEY, together)
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0] == "1 of 2 visitors at once did not get through"


def times(fast: int, slow: int, slow_ms: float = 900.0, errors: int = 0) -> EndpointTimes:
    return EndpointTimes(times_ms=(100.0,) * fast + (slow_ms,) * slow, errors=("503",) * errors)


@pytest.mark.parametrize(("slow_ms", "passes"), [(499.0, True), (500.0, True), (501.0, False)])
def test_the_budget_itself_is_allowed_and_a_millisecond_more_is_not(slow_ms: float, passes: bool) -> None:
    assert (core_endpoint_slow(PAGE, times(0, 200, slow_ms)) == Pass()) is passes


@pytest.mark.parametrize(("slow", "passes"), [(8, True), (10, True), (11, False), (12, False)])
def test_four_in_a_hundred_may_be_slow_and_six_may_not(slow: int, passes: bool) -> None:
    assert (core_endpoint_slow(PAGE, times(200 - slow, slow)) == Pass()) is passes


def test_a_slow_endpoint_fails_with_the_percentile_its_interval_and_the_count() -> None:
    assert core_endpoint_slow(PAGE, times(180, 20)) == Fail(
        ("95 % within 900 ms (between 900 and 900 ms, 200 requests), where 500 ms are allowed",),
        Fix(
            "Bring https://example.com/ under 500 ms for 95 % of requests",
            "curl -so /dev/null -w '%{time_total} s\\n' https://example.com/",
        ),
    )


@pytest.mark.parametrize(("errors", "passes"), [(1, True), (2, True), (3, False)])
def test_one_error_in_a_hundred_is_allowed_and_more_are_not(errors: int, passes: bool) -> None:
    assert (core_endpoint_slow(PAGE, times(200 - errors, 0, errors=errors)) == Pass()) is passes


def test_errors_alone_fail_and_are_named_by_kind() -> None:
    judgement = core_endpoint_slow(PAGE, EndpointTimes((), ("503",) * 199 + ("connection refused",)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("200 of 200 requests failed (503: 199, connection refused: 1)",)


def test_the_percentile_is_by_nearest_rank() -> None:
    assert percentile(tuple(float(n) for n in range(1, 201))) == 190.0
    assert percentile((7.0,)) == 7.0
