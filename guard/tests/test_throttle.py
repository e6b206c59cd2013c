import asyncio
import time

import pytest

from launchready_guard.throttle import ACCOUNT_FAILURES, ADDRESS_FAILURES, WINDOW_MINUTES, LoginThrottle, ThrottledError


async def fail(throttle: LoginThrottle, account: str, address: str = "198.51.100.7") -> None:
    async with throttle.attempt(account=account, address=address, now_s=time.time()) as attempt:
        await attempt.failed()


def test_the_limits_are_the_ones_that_the_readme_names():
    assert (ACCOUNT_FAILURES, ADDRESS_FAILURES, WINDOW_MINUTES) == (5, 50, 15)


async def test_the_fifth_failure_is_judged_and_the_sixth_attempt_is_not():
    throttle = LoginThrottle()
    for _ in range(4):
        await fail(throttle, "ana@example.org")
    await fail(throttle, "ana@example.org")
    with pytest.raises(ThrottledError) as refused:
        await fail(throttle, "ana@example.org")
    assert 14 * 60 < refused.value.retry_after_s <= 15 * 60


async def test_another_account_and_another_address_are_not_affected():
    throttle = LoginThrottle()
    for _ in range(5):
        await fail(throttle, "ana@example.org")
    await fail(throttle, "ben@example.org")
    with pytest.raises(ThrottledError):
        await fail(throttle, "ana@example.org", address="203.0.113.9")


async def test_an_address_that_tries_many_accounts_is_stopped_after_fifty_failures():
    throttle = LoginThrottle()
    for number in range(49):
        await fail(throttle, f"{number}@example.org")
    await fail(throttle, "fiftieth@example.org")
    with pytest.raises(ThrottledError):
        await fail(throttle, "fifty-first@example.org")
    await fail(throttle, "fifty-first@example.org", address="203.0.113.9")


async def test_a_log_in_that_succeeds_forgets_the_failures_of_its_account():
    throttle = LoginThrottle()
    for _ in range(4):
        await fail(throttle, "ana@example.org")
    async with throttle.attempt(account="ana@example.org", address="198.51.100.7", now_s=0) as attempt:
        await attempt.succeeded()
    for _ in range(5):
        await fail(throttle, "ana@example.org")


async def test_ten_people_behind_one_address_may_log_in_at_once():
    throttle = LoginThrottle()
    everyone_is_in = asyncio.Barrier(10)

    async def log_in(number: int) -> None:
        async with throttle.attempt(account=f"{number}@example.org", address="198.51.100.7", now_s=0) as attempt:
            await everyone_is_in.wait()
            await attempt.succeeded()
            let_in.append(number)

    let_in: list[int] = []
    for _ in range(10):
        async with asyncio.TaskGroup() as group:
            for number in range(10):
                group.create_task(log_in(number))
    assert len(let_in) == 100


async def test_guesses_sent_at_once_are_not_all_judged():
    throttle = LoginThrottle()
    judged = 0
    waits: list[int] = []
    answer = asyncio.Event()

    async def guess() -> None:
        nonlocal judged
        try:
            async with throttle.attempt(account="ana@example.org", address="198.51.100.7", now_s=0) as attempt:
                judged += 1
                await answer.wait()
                await attempt.failed()
        except ThrottledError as refused:
            waits.append(refused.retry_after_s)

    async with asyncio.TaskGroup() as group:
        for _ in range(40):
            group.create_task(guess())
        for _ in range(5):
            await asyncio.sleep(0)
        answer.set()
    assert 1 <= judged <= 5
    assert set(waits) == {1}
    assert not throttle._in_flight
