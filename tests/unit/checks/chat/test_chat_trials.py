"""The checks of a test of the chat, on literal facts."""

import datetime as dt

import pytest

from launchready.checks.chat.continuity import (
    chat_lost_on_restart,
    chat_session_lost,
    repeated_message_doubled,
    talk_shared,
)
from launchready.checks.chat.failures import (
    bad_message_breaks_chat,
    chat_error_leaks,
    chat_not_recovering,
    longest_wait_s,
    model_failure_hidden,
    model_failure_untold,
    quota_told_as_rate,
)
from launchready.checks.chat.stream import chat_answer_broken, chat_answer_late, stream_buffered
from launchready.facts.chat import Transport
from launchready.facts.chat_trials import (
    BadInput,
    ChatAnswer,
    ChatContinuity,
    ChatFailures,
    ChatInput,
    ChatNeighbours,
    ChatRepeat,
    ChatRestart,
    ChatStreaming,
    ContinuityTrial,
    FailureTrial,
    Heard,
    InputTrial,
    Interruption,
    Mood,
    Told,
)
from launchready.model.chat import Budgets, Chat
from launchready.model.check import Fail, NotApplicable, Pass

CHAT = Chat("https://app.example.com/chat")
AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def heard(transport: Transport = Transport.OK, **more: object) -> Heard:
    known = {"status": 200, "first_token_s": 0.5, "largest_gap_s": 0.1, "total_s": 2.0, "pieces": 12, "detail": ""}
    return Heard(transport, **(known | more))


def answer(**more: object) -> ChatAnswer:
    return ChatAnswer("", AT, heard(**more))


def failure(mood: Mood = Mood.STALL, told: Told = Told.NAMED, **more: object) -> FailureTrial:
    known: dict[str, object] = {"code": "down", "said": "Later.", "told_after_s": 1.0, "leaks": (), "heard": heard()}
    return FailureTrial(mood=mood, told=told, **(known | {"retry": heard()} | more))


def failures(*trials: FailureTrial) -> ChatFailures:
    return ChatFailures(trials, ())


def bad(kind: BadInput = BadInput.INVALID_JSON, came: Heard | None = None, **more: object) -> ChatInput:
    known: dict[str, object] = {"leaks": (), "is_alive": True}
    seen = heard(Transport.BAD_STATUS, status=422) if came is None else came
    return ChatInput((InputTrial(kind, seen, **(known | more)),))


def offenders(judgement: object) -> str:
    assert isinstance(judgement, Fail)
    return "\n".join(judgement.offenders)


def test_a_whole_answer_passes_and_a_broken_one_is_quoted() -> None:
    assert chat_answer_broken(CHAT, answer()) == Pass()
    broken = ChatAnswer("", AT, heard(Transport.EMPTY, detail="The chat answered without a word."))
    assert "without a word" in offenders(chat_answer_broken(CHAT, broken))


@pytest.mark.parametrize(
    ("seconds", "passes"), [(9.9, True), (10.0, True), (10.1, False)], ids=["below", "at", "above"]
)
def test_the_first_word_has_ten_seconds(seconds: float, passes: bool) -> None:
    judgement = chat_answer_late(CHAT, answer(first_token_s=seconds, total_s=seconds + 1))
    assert (judgement == Pass()) is passes


def test_an_answer_that_never_came_is_not_in_time() -> None:
    cut = ChatAnswer("", AT, heard(Transport.CUT))
    assert isinstance(chat_answer_late(CHAT, cut), NotApplicable)
    silent = ChatAnswer("", AT, heard(Transport.TIMED_OUT_FIRST, first_token_s=None))
    assert "no word within 10 s" in offenders(chat_answer_late(CHAT, silent))


@pytest.mark.parametrize(("seconds", "passes"), [(89.9, True), (90.0, True), (90.1, False)])
def test_the_whole_answer_has_ninety_seconds(seconds: float, passes: bool) -> None:
    assert (chat_answer_late(CHAT, answer(total_s=seconds)) == Pass()) is passes


def test_the_budgets_are_those_of_the_guard_and_stay_below_cloudflares_hundred_seconds() -> None:
    assert (Budgets().first_token_s, Budgets().idle_s, Budgets().total_s) == (10.0, 20.0, 90.0)
    assert Budgets().total_s < Budgets().edge_limit_s == 100.0


@pytest.mark.parametrize(("first", "passes"), [(0.5, True), (2.5, True), (2.51, False), (4.0, False)])
def test_half_of_the_models_pause_lies_between_first_word_and_end(first: float, passes: bool) -> None:
    streaming = ChatStreaming(3.0, heard(first_token_s=first, total_s=4.0), "", "")
    assert (stream_buffered(CHAT, streaming) == Pass()) is passes


def test_a_stream_without_a_pause_is_judged_by_its_last_tenth_where_it_is_long_enough() -> None:
    at_once = heard(first_token_s=5.8, total_s=6.0)
    assert "packed (gzip)" in offenders(
        stream_buffered(CHAT, ChatStreaming(0.0, at_once, "gzip", "it is packed (gzip)"))
    )
    for short in (heard(first_token_s=1.39, total_s=1.4), heard(first_token_s=5.8, total_s=6.0, pieces=4)):
        assert stream_buffered(CHAT, ChatStreaming(0.0, short, "", "")) == Pass()


def test_a_visitor_who_is_told_nothing_is_named_with_what_came_instead() -> None:
    silent = failure(told=Told.NOTHING, heard=heard(Transport.CUT, detail="The answer stopped without its end."))
    assert "stopped without its end" in offenders(model_failure_untold(CHAT, failures(silent)))
    assert model_failure_untold(CHAT, failures(failure())) == Pass()


@pytest.mark.parametrize(("seconds", "passes"), [(34.9, True), (35.0, True), (35.1, False)])
def test_a_visitor_is_told_within_both_budgets_and_a_moment(seconds: float, passes: bool) -> None:
    assert longest_wait_s(CHAT.budgets) == 35.0
    assert (model_failure_untold(CHAT, failures(failure(told_after_s=seconds))) == Pass()) is passes


def test_an_apology_that_counts_as_an_answer_fails_and_a_marked_notice_does_not() -> None:
    assert "Sorry" in offenders(model_failure_hidden(failures(failure(told=Told.APOLOGY, said="Sorry."))))
    for told in (Told.NOTICE, Told.NAMED, Told.ANSWER):
        assert model_failure_hidden(failures(failure(told=told))) == Pass()


def test_a_message_that_is_not_answered_once_the_model_is_well_fails() -> None:
    stuck = failure(retry=heard(Transport.BAD_STATUS, status=409, detail="The chat answered with status 409."))
    assert "409" in offenders(chat_not_recovering(failures(stuck, failure())))
    assert chat_not_recovering(failures(failure())) == Pass()


def test_a_used_up_account_is_told_apart_by_code_or_by_words() -> None:
    rate, quota = failure(Mood.RATE, code="busy"), failure(Mood.QUOTA, code="busy")
    assert "busy" in offenders(quota_told_as_rate(failures(rate, quota)))
    assert quota_told_as_rate(failures(rate, failure(Mood.QUOTA, code="unpaid"))) == Pass()
    wordy = (failure(Mood.RATE, code="", said="Busy."), failure(Mood.QUOTA, code="", said="Closed."))
    assert quota_told_as_rate(failures(*wordy)) == Pass()
    both = (failure(Mood.RATE, Told.ANSWER), failure(Mood.QUOTA, Told.ANSWER))
    assert quota_told_as_rate(failures(*both)) == Pass()


def test_what_leaks_is_named_with_the_moment_in_which_it_did() -> None:
    seen = offenders(
        chat_error_leaks(failures(failure(leaks=("a bearer token",))), bad(leaks=("a stack trace of Go",)))
    )
    assert "stops in the middle, it shows a bearer token" in seen
    assert "(invalid-json) it shows a stack trace of Go" in seen
    assert chat_error_leaks(failures(failure()), bad()) == Pass()


@pytest.mark.parametrize(("status", "passes"), [(400, True), (422, True), (499, True), (500, False), (503, False)])
def test_nonsense_is_the_senders_fault(status: int, passes: bool) -> None:
    judgement = bad_message_breaks_chat(bad(came=heard(Transport.BAD_STATUS, status=status)))
    assert (judgement == Pass()) is passes


def test_ten_megabytes_may_be_refused_by_hanging_up_and_never_taken() -> None:
    gone = heard(Transport.NO_CONNECTION, status=None)
    assert bad_message_breaks_chat(bad(BadInput.TOO_LARGE, gone)) == Pass()
    assert "given to the model" in offenders(bad_message_breaks_chat(bad(BadInput.TOO_LARGE, heard())))
    assert bad_message_breaks_chat(bad(BadInput.NULL_BYTES, heard())) == Pass()
    assert "after it" in offenders(bad_message_breaks_chat(bad(is_alive=False)))


def test_each_interruption_has_its_check() -> None:
    def trial(kind: Interruption, held: bool) -> ContinuityTrial:
        return ContinuityTrial(kind, held, "forgotten")

    assert chat_session_lost(ChatContinuity((trial(Interruption.RELOAD, True),), ())) == Pass()
    lost = ChatContinuity((trial(Interruption.RELOAD, False), trial(Interruption.TWO_TABS, True)), ())
    assert offenders(chat_session_lost(lost)) == "after a reload in the middle of an answer: forgotten"
    for check, fact, kind in (
        (chat_lost_on_restart, ChatRestart, Interruption.RESTART),
        (repeated_message_doubled, ChatRepeat, Interruption.REPEATED),
        (talk_shared, ChatNeighbours, Interruption.OTHER_VISITOR),
    ):
        assert check(fact(trial(kind, True))) == Pass()
        assert "forgotten" in offenders(check(fact(trial(kind, False))))
