"""The breaker, as a table and as a machine that any calls may drive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_guard.breaker import (
    Admission,
    BreakerRules,
    Closed,
    Open,
    Outcome,
    Probing,
    State,
    admitted,
    after,
    paused,
)

RULES = BreakerRules()
CALL, PROBE, REFUSED = Admission.CALL, Admission.PROBE, Admission.REFUSED


def failed(times: int, state: State | None = None, now_s: float = 100.0) -> State:
    state = state or Closed()
    for _ in range(times):
        state = after(state, CALL, Outcome.FAILED, now_s, RULES)
    return state


def test_the_rules_are_what_the_readme_says():
    assert (RULES.failures, RULES.open_s) == (5, 15)


@pytest.mark.parametrize(("times", "state"), [(4, Closed(4)), (5, Open(115.0)), (6, Open(115.0))])
def test_it_opens_at_the_fifth_failure_in_a_row(times, state):
    assert failed(times) == state


def test_a_whole_answer_in_between_starts_the_count_anew_and_a_begun_one_does_not():
    assert after(failed(4), CALL, Outcome.WHOLE, 100.0, RULES) == Closed(0)
    assert after(failed(4), CALL, Outcome.BEGUN, 100.0, RULES) == Closed(4)


def test_a_visitor_who_leaves_counts_neither_way():
    assert after(failed(4), CALL, Outcome.ABANDONED, 100.0, RULES) == Closed(4)


@pytest.mark.parametrize(("now_s", "said"), [(100.0, REFUSED), (114.9, REFUSED), (115.0, PROBE), (900.0, PROBE)])
def test_no_call_goes_through_until_its_time_is_up(now_s, said):
    assert admitted(Open(115.0), now_s, RULES)[1] is said


def test_one_probe_goes_through_and_the_others_wait_for_it():
    state, first = admitted(Open(115.0), 115.0, RULES)
    state, second = admitted(state, 115.1, RULES)
    assert (first, second) == (PROBE, REFUSED)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.WHOLE, Closed(0)),
        (Outcome.BEGUN, Closed(4)),
        (Outcome.FAILED, Open(135.0)),
        (Outcome.ABANDONED, Open(120.0)),
    ],
)
def test_the_probe_decides(outcome, state):
    assert after(Probing(215.0), PROBE, outcome, 120.0, RULES) == state


def test_a_probe_that_begins_well_and_breaks_off_opens_it_again():
    state = after(Probing(215.0), PROBE, Outcome.BEGUN, 120.0, RULES)
    assert after(state, PROBE, Outcome.FAILED, 121.0, RULES) == Open(136.0)


def test_calls_from_before_it_opened_change_nothing():
    for state in (Open(115.0), Probing(215.0)):
        for outcome in Outcome:
            assert after(state, CALL, outcome, 110.0, RULES) == state


def test_a_probe_that_never_reports_makes_room_for_another():
    assert admitted(Probing(215.0), 214.9, RULES)[1] is REFUSED
    assert admitted(Probing(215.0), 215.0, RULES) == (Probing(315.0), PROBE)


def test_a_wish_to_be_left_alone_is_kept_up_to_a_bound_and_never_shortens_an_outage():
    assert paused(Closed(1), 20.0, 100.0, RULES) == Open(120.0)
    assert paused(Closed(1), 86_400.0, 100.0, RULES) == Open(160.0)
    assert paused(Open(115.0), 1.0, 100.0, RULES) == Open(115.0)


STEPS = st.lists(
    st.tuples(st.floats(0, 20), st.sampled_from(["ask", "pause", *Outcome]), st.integers(0, 5)), max_size=60
)


@given(STEPS)
def test_whatever_happens_it_keeps_its_word_and_always_recovers(steps):
    state: State = Closed()
    out: list[Admission] = []
    now_s = 0.0
    for wait_s, what, which in steps:
        now_s += wait_s
        if what == "ask":
            before = state
            state, said = admitted(state, now_s, RULES)
            if said is not REFUSED:
                out.append(said)
            if isinstance(before, Open) and now_s < before.until_s:
                assert said is REFUSED
        elif what == "pause":
            state = paused(state, wait_s, now_s, RULES)
        elif out:
            state = after(state, out.pop(which % len(out)), what, now_s, RULES)
        if isinstance(state, Closed):
            assert state.failures < RULES.failures
    state, said = admitted(state, now_s + RULES.probe_s + RULES.longest_pause_s, RULES)
    assert said is not REFUSED
    assert isinstance(after(state, said, Outcome.WHOLE, now_s, RULES), Closed)
