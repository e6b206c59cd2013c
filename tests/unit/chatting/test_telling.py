"""What a visitor was told, and what leaked, by literal replies."""

import pytest

from launchready.chatting.failing import told_by
from launchready.facts.chat import Reply, Transport
from launchready.facts.chat_trials import Told
from launchready.parse.chat_apology import code_in, is_apology, message_in
from launchready.parse.chat_leaks import leaks_in, masked


def reply(transport: Transport, text: str = "", other: tuple[str, ...] = (), **headers: str) -> Reply:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(transport, 200, text, (), other, named, 0.1, 0.2, 0.1, 1.0, 3, False, None, "")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (reply(Transport.OK, "A session is 180 dollars."), Told.ANSWER),
        (reply(Transport.OK, "Sorry, something went wrong."), Told.APOLOGY),
        (reply(Transport.OK, "Es tut mir leid."), Told.APOLOGY),
        (reply(Transport.OK, "Sorry, later.", ("$.canned.code: down",)), Told.NOTICE),
        (reply(Transport.OK, "Sorry, later.", ("$.source: fallback",)), Told.NOTICE),
        (reply(Transport.OK, "Sorry, later.", x_fallback="1"), Told.NOTICE),
        (reply(Transport.REFUSED, "", ("error.code: down",)), Told.NAMED),
        (reply(Transport.REFUSED, "", ("error.message: No answer came.",)), Told.NAMED),
        (reply(Transport.REFUSED), Told.NOTHING),
        (reply(Transport.BAD_STATUS, "", ("$.detail: Try again later.",)), Told.NAMED),
        (reply(Transport.BAD_STATUS), Told.NOTHING),
        (reply(Transport.CUT, "A ses"), Told.NOTHING),
        (reply(Transport.TIMED_OUT_FIRST), Told.NOTHING),
        (reply(Transport.EMPTY), Told.NOTHING),
    ],
)
def test_each_way_to_tell_has_its_name(said: Reply, told: Told) -> None:
    assert told_by(said) is told


def test_a_long_answer_that_says_sorry_is_an_answer() -> None:
    assert is_apology("Sorry " + "x" * 1_990)
    assert not is_apology("Sorry " + "x" * 2_000)


def test_codes_and_sentences_are_found_where_errors_have_them() -> None:
    other = ("$.error.message: The model is down.", "$.error.code: model_down", "$.request_id: r-1")
    assert (code_in(other), message_in(other)) == ("model_down", "The model is down.")
    assert (code_in(("$.code: a sentence",)), message_in(("$.message: word",))) == ("", "")


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("Traceback (most recent call last):\n", "a stack trace of Python"),
        ("Incorrect API key provided: sk-pr", "a provider's error with a part of a key of OpenAI"),
        ("key sk-proj-abcdefghijklmnop", "a key of OpenAI's form"),
        ("postgres://app:hunter2@db/x", "a URL with a password"),
        ("You exceeded your current quota, please", "the provider's own error"),
        ("httpx.ConnectTimeout", "the name of an exception"),
    ],
)
def test_what_is_for_developers_is_named_and_never_quoted(text: str, leak: str) -> None:
    assert leak in leaks_in((text,))
    assert text not in "".join(leaks_in((text,)))


@pytest.mark.parametrize(
    "text", ["A session is 180 dollars.", "Please try again.", "sk-1", "task-oriented-coaching-plan"]
)
def test_ordinary_words_leak_nothing(text: str) -> None:
    assert leaks_in((text,)) == ()


def test_a_key_is_masked_in_what_is_kept() -> None:
    assert masked("use sk-proj-abcdefghijklmnop now") == "use [key] now"
