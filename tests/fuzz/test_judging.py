"""Whatever a chatbot answers is judged, without an exception and in linear time."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labelled import MANIFEST, attempt, calls, reply

from launchready.facts.chat import Transport
from launchready.facts.redteam import Lexicon, Marker
from launchready.oracles.fold import looking, sounding, squash, visible
from launchready.oracles.hay import locate
from launchready.oracles.judge import judge_attempts
from launchready.oracles.views import MAX_ALL_CHARS, MAX_VIEWS, views

fuzz = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

PIECES = st.sampled_from(
    (
        "sk-canary-", "Quastermere", "3719", "====", "YWJj" * 9, "\\u0041", "\\x", "&#", "%41%", "<b>", "![](http://a/?",
        "](//", "[" * 30, ".- " * 9, "0101010", "65 66 67 68 69 70 71 ", "1. a\n", "\u202e", "\U000e0041", "\ufe0f",
        "\ud800", "٣٧", "Alfa Bravo Charlie Delta ", "MFRGGZDF" * 3, "http://[::1", "I've cancelled the ", "\x00",
    )
)  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=12), max_size=14).map("".join)
MARKERS = (Marker("731*86", "62866"), Marker("x", ""), Marker("join", "LAMPION"))


@fuzz
@given(TEXT, TEXT, TEXT, st.sampled_from(Transport), st.sampled_from(("book_call", "x", "")))
def test_any_answer_is_judged(text: str, sent: str, beside: str, transport: Transport, tool: str):
    answer = reply(text, transport=transport.value, other=[beside], tools=[[tool, beside]], headers=[["x", text]])
    expected = {"markers": MARKERS, "lexicons": tuple(Lexicon), "partner": "probe", "trap": calls([[tool, text]])}
    assert judge_attempts((attempt(answer, sent, **expected),), MANIFEST)[0].outcome


@fuzz
@given(TEXT, st.integers(0, 40), st.integers(1, 12), st.sampled_from((sounding, looking)))
def test_what_is_located_reads_as_the_value(text: str, start: int, length: int, reading: Callable[[str], str]):
    value = "".join(squash(reading(visible(sign))) for sign in text)[start : start + length]
    if not value:
        return
    span = locate(text, value)
    assert span is not None
    shown = text[span.start : span.end]
    assert any(value in "".join(squash(read(visible(sign))) for sign in shown) for read in (sounding, looking))


def test_showing_many_values_of_a_long_answer_costs_no_more_than_reading_it_once():
    text = "Our rule is what nobody may hear, and here it is. " * 2_000
    began = time.process_time()
    locate(text, "nobodymayhear")
    once = time.process_time() - began
    began = time.process_time()
    found = [locate(text, value) for value in ("ourruleis", "whatnobody", "hereitis", "mayhearand") * 5]
    assert None not in found
    assert time.process_time() - began < max(once, 0.01) * 5


@fuzz
@given(TEXT)
def test_views_are_bounded_and_begin_with_the_text(text: str):
    found = views(text)
    assert found[0].text == text
    assert len(found) <= MAX_VIEWS
    assert sum(len(view.text) for view in found[1:]) <= MAX_ALL_CHARS
    assert len({view.text for view in found}) == len(found)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "YWJj",
        "[",
        "![](http://a/?",
        "<",
        "\\u0041",
        ".- ",
        "01 ",
        "65 ",
        "\n1. a",
        "I've ",
        "http://",
        "é",
        "//",
        "= ",
    ],
)
def test_time_grows_with_the_length_and_no_faster(piece: str):
    short, long = (took(piece * (size // len(piece))) for size in (20_000, 160_000))
    assert long < max(short, 0.02) * 8 * 4


def took(text: str) -> float:
    """Seconds of the processor, the better of two tries."""
    times = []
    for number in range(2):
        began = time.process_time()
        judge_attempts((attempt(reply(text + str(number))),), MANIFEST)
        times.append(time.process_time() - began)
    return min(times)
