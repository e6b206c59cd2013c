"""The guard's ladder against the fault provider: each mood is told apart, and ends in time."""

import json
import subprocess
import sys
import time
from contextlib import aclosing

import httpx2
import pytest

from launchready_guard.canned import Canned, CannedAnswer
from launchready_guard.completions import Completions, Limits, Provider
from launchready_guard.ladder import AnswerInterruptedError, Finished, Ladder, LadderSettings
from launchready_worlds.provider_moods import ProviderMood

LIMITS = Limits(first_token_s=1.5, idle_s=0.5, total_s=3.0)
MESSAGES = [{"role": "user", "content": "What does a session cost?"}]
SLACK_S = 3.0
BEFORE_THE_FIRST_WORD = {
    "slow-first-token": "timed_out_first",
    "rate-limited-retry-after": "rate_limited",
    "rate-limited": "rate_limited",
    "insufficient-quota": "insufficient_quota",
    "error-500": "provider_error",
    "error-503": "provider_error",
    "wrong-key": "refused_key",
    "wrong-model": "wrong_model",
    "context-overflow": "context_overflow",
    "empty": "empty",
    "no-body": "cut",
    "wrong-type": "bad_content_type",
    "pings": "timed_out_first",
}
AFTER_IT = {
    "stall": "timed_out_idle",
    "cut": "cut",
    "cut-connection": "cut",
    "cut-utf8": "cut",
    "error-event": "stream_error",
    "malformed": "malformed",
    "endless": "timed_out_total",
    "huge-token": "too_large",
    "endless-line": "too_large",
}
WHOLE = {"ok", "latency-ramp"}


@pytest.fixture(scope="module")
def provider():
    command = [sys.executable, "-m", "launchready_worlds", "provider"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(20)


@pytest.fixture
def asked(provider):
    """The last piece of an answer in a mood, or how it broke off."""

    async def run(mood: str) -> Finished | Canned | AnswerInterruptedError:
        url = provider["url"]
        control = url.removesuffix("/v1").rstrip("/") + "/control"
        headers = {"Authorization": f"Bearer {provider['token']}"}
        async with httpx2.AsyncClient(trust_env=False) as client:
            switched = await client.put(control, json={"mood": mood, "reset": True}, headers=headers)
        assert switched.json()["mood"] == mood
        completions = Completions(Provider(name="first", url=url, key="sk-hush", model="coach-small"), LIMITS)
        settings = LadderSettings(retries=0, first_visible_s=2.0, total_s=3.0)
        ladder = Ladder([completions], CannedAnswer(booking_url="https://cal.example/maya"), settings)
        try:
            async with aclosing(ladder.stream(MESSAGES, max_tokens=200)) as pieces:
                return [piece async for piece in pieces][-1]
        except AnswerInterruptedError as broken:
            return broken
        finally:
            await ladder.close()

    return run


def test_every_mood_is_accounted_for():
    assert {mood.value for mood in ProviderMood} == {*BEFORE_THE_FIRST_WORD, *AFTER_IT, *WHOLE}


@pytest.mark.parametrize(("mood", "code"), BEFORE_THE_FIRST_WORD.items())
async def test_what_fails_before_the_first_word_ends_in_a_notice_that_knows_why(asked, mood, code):
    started = time.perf_counter()
    canned = await asked(mood)
    assert isinstance(canned, Canned)
    assert canned.code == code
    assert time.perf_counter() - started < LIMITS.first_token_s + SLACK_S


@pytest.mark.parametrize(("mood", "code"), AFTER_IT.items())
async def test_what_fails_after_the_first_word_is_an_interruption_that_keeps_the_words(asked, mood, code):
    started = time.perf_counter()
    broken = await asked(mood)
    assert isinstance(broken, AnswerInterruptedError)
    assert broken.failure.value == code
    assert broken.partial.strip()
    assert time.perf_counter() - started < LIMITS.total_s + SLACK_S


@pytest.mark.parametrize("mood", sorted(WHOLE))
async def test_an_answer_that_comes_is_whole_and_its_tokens_are_the_providers(asked, mood):
    finished = await asked(mood)
    assert isinstance(finished, Finished)
    assert (finished.finish, finished.usage.estimated) == ("stop", False)
