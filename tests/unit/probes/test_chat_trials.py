"""`probes/chat_trials.py`: which record counts, and what one that is not whole leaves open."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from launchready.facts.chat import Transport
from launchready.facts.chat_trials import BadInput, FailureTrial, Heard, InputTrial, Mood, Told
from launchready.model.chat import Chat
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.probes import chat_trials
from launchready.probes.chat_record import FILE_NAME, ChatRecord, Paused, RecordState, Unseen, encode_record

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEAD = "0123456789abcdef0123456789abcdef01234567"
HEARD = Heard(Transport.OK, 200, 0.6, 0.1, 1.9, 14, "")
RECORD = ChatRecord(1, RecordState.ENDED, NOW, "http://127.0.0.1/chat", "d", HEAD, answer=HEARD)


@pytest.fixture
def product(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Product:
    monkeypatch.setattr(chat_trials, "head_of", lambda _repository: HEAD)
    return Product("Bright Path", (), (), repository=Repository(str(tmp_path)))


async def refusal(record: ChatRecord, folder: Path, product: Product) -> Why | None:
    """Why a record does not count; None where it does."""
    (folder / FILE_NAME).write_bytes(encode_record(record))
    chat = Chat("http://127.0.0.1/chat", records=str(folder), record_days=30, declared="d")
    try:
        await chat_trials.chat_answer(chat, product, Clock(lambda: NOW, lambda: 0.0))
    except NotSeen as unseen:
        return unseen.why
    return None


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(days=30), None),
        (timedelta(days=30, seconds=1), Why.EXPIRED),
        (timedelta(0), None),
        (timedelta(minutes=-5), None),
        (timedelta(minutes=-5, seconds=-1), Why.EXPIRED),
    ],
)
async def test_a_record_counts_for_its_days_and_five_minutes_ahead(
    age: timedelta, why: Why | None, tmp_path: Path, product: Product
) -> None:
    assert await refusal(dataclasses.replace(RECORD, at=NOW - age), tmp_path, product) is why


@pytest.mark.parametrize(
    ("commit", "why"),
    [
        (HEAD, None),
        (HEAD[:7], None),
        (HEAD[:6], Why.NOT_FOUND),
        (f"{HEAD[:39]}8", Why.NOT_FOUND),
        ("", Why.NOT_DECLARED),
    ],
)
async def test_a_record_counts_for_the_present_commit_named_by_seven_digits_at_least(
    commit: str, why: Why | None, tmp_path: Path, product: Product
) -> None:
    assert await refusal(dataclasses.replace(RECORD, commit=commit), tmp_path, product) is why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": RecordState.BEGUN}, Why.INTERRUPTED),
        ({"state": RecordState.INTERRUPTED}, Why.INTERRUPTED),
        ({"declared": "e"}, Why.EXPIRED),
        ({"format": 2}, Why.UNREADABLE),
        ({"at": NOW.replace(tzinfo=None)}, Why.UNREADABLE),
    ],
)
async def test_a_record_that_is_not_whole_or_of_another_declaration_does_not_count(
    change: dict[str, object], why: Why, tmp_path: Path, product: Product
) -> None:
    assert await refusal(dataclasses.replace(RECORD, **change), tmp_path, product) is why


def test_ways_to_fail_that_the_record_does_not_hold_are_open() -> None:
    trial = FailureTrial(Mood.STALL, Told.NAMED, "timed_out", "No answer came.", 20.0, (), HEARD, HEARD)
    gap = Unseen("failures slow-first-token", "the provider was not asked")
    facts = chat_trials.failures_of(dataclasses.replace(RECORD, failures=(trial,), unseen=(gap,)))
    assert len(facts.unseen) == len(Mood) - 1 == 9
    assert [one.detail for one in facts.unseen[:2]] == ["the provider was not asked", "cut was not tried"]


def test_bad_messages_that_the_record_does_not_hold_are_open() -> None:
    trials = tuple(InputTrial(kind, HEARD, (), is_alive=True) for kind in BadInput)
    assert chat_trials.input_of(dataclasses.replace(RECORD, input=trials)).unseen == ()
    (open_one,) = chat_trials.input_of(dataclasses.replace(RECORD, input=trials[:-1])).unseen
    assert open_one.detail == "too-large was not tried"


@pytest.mark.parametrize(
    ("pause_s", "heard", "is_seen"),
    [
        (0.0, HEARD, True),
        (0.0, dataclasses.replace(HEARD, total_s=1.5, pieces=5), True),
        (0.0, dataclasses.replace(HEARD, total_s=1.5, pieces=4), False),
        (0.0, dataclasses.replace(HEARD, total_s=1.4, pieces=1), True),
        (0.0, dataclasses.replace(HEARD, transport=Transport.BAD_STATUS, total_s=0.1, pieces=0), False),
        (3.0, dataclasses.replace(HEARD, pieces=2, total_s=4.0), True),
    ],
)
def test_without_a_pause_only_a_whole_answer_in_pieces_shows_a_stream(
    pause_s: float, heard: Heard, is_seen: bool
) -> None:
    record = dataclasses.replace(RECORD, streaming=Paused(pause_s, heard))
    if is_seen:
        assert chat_trials.streaming_of(record).heard == heard
    else:
        with pytest.raises(NotSeen):
            chat_trials.streaming_of(record)
