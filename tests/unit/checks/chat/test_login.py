"""The check of `checks/chat/login.py`."""

from launchready.checks.chat.login import login_unlimited
from launchready.facts.endpoints import LoginBurst
from launchready.model.check import Fail, Pass
from launchready.model.subject import Endpoint, EndpointKind

LOGIN = Endpoint("https://app.example.com/login", EndpointKind.LOGIN)


def test_a_log_in_that_throttles_the_guesser_alone_passes() -> None:
    burst = LoginBurst((401,) * 5 + (429,), throttled_after=5, says_when=True, bystander_status=401)
    assert login_unlimited(LOGIN, burst) == Pass()


def test_throttling_without_retry_after_is_still_throttling() -> None:
    burst = LoginBurst((401,) * 5 + (429,), throttled_after=5, says_when=False, bystander_status=401)
    assert login_unlimited(LOGIN, burst) == Pass()


def test_a_log_in_that_never_throttles_fails_with_the_count() -> None:
    burst = LoginBurst((401,) * 12, throttled_after=None, says_when=False, bystander_status=401)
    judgement = login_unlimited(LOGIN, burst)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "https://app.example.com/login let 12 of 12 wrong passwords for one account through, and never said 429",
    )


def test_a_log_in_that_locks_everybody_fails() -> None:
    burst = LoginBurst((401, 429), throttled_after=1, says_when=False, bystander_status=429)
    judgement = login_unlimited(LOGIN, burst)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "after 1 wrong passwords https://app.example.com/login refuses another account, too",
        "the refusal does not say when to try again (no Retry-After)",
    )
