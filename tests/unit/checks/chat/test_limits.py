"""The checks of `checks/chat/limits.py`."""

import pytest

from launchready.checks.chat.limits import chat_unlimited, lead_form_unlimited, signup_unlimited
from launchready.facts.limits import Burst, ChatBurst, LeadBurst, SignupBurst
from launchready.model.check import Fail, Judgement, NotApplicable, Pass
from launchready.model.subject import Endpoint, EndpointKind, Journey

JOURNEY = Journey(
    "signup",
    signup="https://app.example.com/signup",
    login="https://app.example.com/login",
    chat="https://app.example.com/api/chat",
    question="?",
    address="visitor+{tag}@inbox.example",
    mailbox="maildir:/inbox",
)
PAGE = Endpoint("https://example.com/", EndpointKind.PAGE)
LIMITED = Burst((200,) * 20 + (429,), 20, says_when=True)
ENDLESS = Burst((200,) * 40, None, says_when=False)


def offenders(judgement: Judgement) -> tuple[str, ...]:
    assert isinstance(judgement, Fail)
    return judgement.offenders


def test_a_chat_that_throttles_one_customer_alone_passes() -> None:
    assert chat_unlimited(JOURNEY, ChatBurst(LIMITED, 200)) == Pass()


def test_a_chat_without_a_limit_fails_with_the_count() -> None:
    assert offenders(chat_unlimited(JOURNEY, ChatBurst(ENDLESS, 200))) == (
        "https://app.example.com/api/chat took 40 of 40 messages of one customer in a row, and never said 429",
    )


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_chat_that_refuses_the_second_customer_fails(status: int) -> None:
    assert offenders(chat_unlimited(JOURNEY, ChatBurst(LIMITED, status))) == (
        "after 20 messages of one customer https://app.example.com/api/chat refuses another",
    )


def test_a_second_customer_s_refusal_says_nothing_where_there_is_no_limit() -> None:
    assert len(offenders(chat_unlimited(JOURNEY, ChatBurst(ENDLESS, 429)))) == 1


def test_throttling_without_a_time_fails() -> None:
    silent = Burst((303, 429), 1, says_when=False)
    assert offenders(signup_unlimited(JOURNEY, SignupBurst(silent))) == (
        "https://app.example.com/signup answers 429 and does not say when to try again (no Retry-After)",
    )


def test_each_header_that_escapes_is_named() -> None:
    escaped = Burst((303, 429), 1, says_when=True, escapes=("X-Forwarded-For", "X-Real-IP"))
    assert offenders(lead_form_unlimited(PAGE, LeadBurst(escaped))) == (
        "https://example.com/ lets a throttled visitor through again who sends X-Forwarded-For",
        "https://example.com/ lets a throttled visitor through again who sends X-Real-IP",
    )


def test_a_sign_up_and_a_form_with_limits_pass() -> None:
    assert signup_unlimited(JOURNEY, SignupBurst(LIMITED)) == Pass()
    assert lead_form_unlimited(PAGE, LeadBurst(LIMITED)) == Pass()


def test_a_page_without_a_form_is_not_asked() -> None:
    assert lead_form_unlimited(PAGE, LeadBurst(None)) == NotApplicable(
        "https://example.com/ shows no form that writes to you and works without scripts."
    )


def test_one_request_more_or_less_changes_nothing_but_never() -> None:
    last = Burst((200,) * 39 + (429,), 39, says_when=True)
    assert chat_unlimited(JOURNEY, ChatBurst(last, 200)) == Pass()
