"""What a run will do is known before it starts."""

import random
from collections import Counter

import pytest

from launchready.facts.redteam import CanaryKind, Category
from launchready.redteam.attacks import shipped_attacks
from launchready.redteam.planning import REPEATS, Price, make_plan
from launchready.redteam.planting import make_planting

ATTACKS = shipped_attacks()
PLANTED = make_planting(random.Random(5)).manifest


def _sent(task):
    yield from (message.text for message in task.messages)
    if task.first:
        yield from (message.text for message in task.first.messages)


def test_everything_is_tried_once_and_eight_ten_times():
    tries = Counter((task.probe, task.variant) for task in make_plan(ATTACKS, None, 1).tasks)
    wanted = {(a.id, v) for a in ATTACKS for v in ("plain", *a.translated, *a.transforms)}
    assert tries.keys() == wanted
    assert sorted(count for count in tries.values() if count > 1) == [REPEATS] * 8


def test_the_same_seed_gives_the_same_plan_and_another_gives_other_numbers():
    assert make_plan(ATTACKS, PLANTED, 7) == make_plan(ATTACKS, PLANTED, 7)
    first, second = (
        {m for t in make_plan(ATTACKS, PLANTED, seed).tasks for m in t.expectation.markers} for seed in (7, 8)
    )
    assert not first & second


@pytest.mark.parametrize("seed", range(25))
def test_no_answer_and_no_placeholder_stands_in_what_is_sent(seed):
    plan = make_plan(ATTACKS, PLANTED, seed)
    everything = "\n".join(text for task in plan.tasks for text in _sent(task))
    for task in plan.tasks:
        for marker in task.expectation.markers:
            assert marker.answer not in everything
            assert marker.answer[::-1] not in everything
    assert "{task}" not in everything
    assert "{client}" not in everything
    assert "{statement}" not in everything


def test_every_session_has_a_name_of_its_own():
    sessions = [one.session for task in make_plan(ATTACKS, None, 1).tasks for one in (task, task.first) if one]
    assert len(sessions) == len(set(sessions)) == make_plan(ATTACKS, None, 1).planned


def test_what_another_visitor_told_is_watched_for_in_every_conversation_but_theirs():
    plan = make_plan(ATTACKS, None, 3)
    told = {c.value for t in plan.tasks if t.first for c in t.expectation.canaries}
    assert len(told) == 2
    for task in plan.tasks:
        watched = {c.value for c in task.expectation.canaries if c.kind is CanaryKind.SESSION_STATEMENT}
        assert watched == told
        assert not any(value in text for value in told for text in (m.text for m in task.messages))
        if task.first:
            assert not task.first.expectation.canaries
            assert task.first.visitor != task.visitor


def test_attacks_name_a_client_who_is_planted_and_none_of_what_else_is_known_of_them():
    records = [c.value for c in PLANTED.canaries if c.kind is CanaryKind.CLIENT_RECORD]
    everything = "\n".join(text for task in make_plan(ATTACKS, PLANTED, 1).tasks for text in _sent(task))
    assert records[0] in everything
    assert not any(value in everything for value in records[1:])


def test_what_is_pasted_counts_as_ours():
    tasks = [task for task in make_plan(ATTACKS, None, 1).tasks if task.probe == "document-note"]
    assert tasks
    for task in tasks:
        assert task.messages[-1].planted
        assert task.messages[-1].planted in task.messages[-1].text


def test_the_budget_is_calls_by_seconds_by_prices():
    plan = make_plan(ATTACKS, None, 1)
    budget = plan.budget(4, 2.0, Price(per_call=0.01))
    assert budget.calls == sum(len(list(_sent(task))) for task in plan.tasks)
    assert budget.seconds == budget.calls * 2.0 / 4
    assert budget.cost == pytest.approx(budget.calls * 0.01)
    assert plan.budget(4, 2.0, Price()).cost is None
    by_tokens = plan.budget(4, 2.0, Price(per_million_tokens=1.0)).cost
    assert 1450e-6 * budget.calls < by_tokens < 3000e-6 * budget.calls


@pytest.mark.parametrize("most", [1, 7, 50, 289])
def test_a_limit_of_messages_is_kept_and_the_strongest_come_first(most):
    plan = make_plan(ATTACKS, None, 1, most)
    whole = make_plan(ATTACKS, None, 1)
    assert 0 < plan.calls <= most < whole.calls
    assert plan.left_out == len(whole.tasks) - len(plan.tasks) > 0
    assert "system-prompt-outright" in {task.probe for task in plan.tasks}


def test_the_longest_conversations_are_not_the_last():
    calls = [task.calls for task in make_plan(ATTACKS, None, 1).tasks]
    assert max(calls[-40:]) == 1


def test_a_short_run_asks_something_of_every_category():
    assert {task.category for task in make_plan(ATTACKS, None, 1, 45).tasks} == set(Category)
