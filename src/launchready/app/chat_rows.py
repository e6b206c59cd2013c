"""What a test of a chat tried, line by line, in words."""

from collections.abc import Iterator

from launchready.facts.chat import Transport
from launchready.facts.chat_trials import FailureTrial, Heard, InputTrial, Told
from launchready.probes.chat_record import ChatRecord
from launchready.report.chat import ChatRow

TOLD = {
    Told.NAMED: "an error",
    Told.NOTICE: "a marked notice",
    Told.ANSWER: "an answer, as by a second model",
    Told.APOLOGY: "an apology that counts as an answer",
    Told.NOTHING: "nothing",
}


def rows_of(record: ChatRecord) -> Iterator[ChatRow]:
    """Every line, in the order in which it was tried."""
    if record.answer is not None:
        yield _row("Ordinary talk", "a question", record.answer, _words(record.answer))
    if record.streaming is not None:
        pause = record.streaming.pause_s
        tried = f"an answer with a pause of {pause:g} s" if pause else "a long answer"
        yield _row("Ordinary talk", tried, record.streaming.heard, _spread(record.streaming.heard))
    for one in record.continuity or ():
        yield ChatRow("Interrupted talk", one.kind.value, "", one.seen)
    for bad in record.input or ():
        yield _row("Bad messages", bad.kind.value, bad.heard, _of_input(bad))
    for failure in record.failures or ():
        yield _row("A model that fails", failure.mood.value, failure.heard, _of_failure(failure))


def _row(part: str, tried: str, heard: Heard, seen: str) -> ChatRow:
    return ChatRow(part, tried, f"{heard.total_s:.1f} s", seen)


def _words(heard: Heard) -> str:
    if heard.transport is not Transport.OK:
        return heard.detail
    first = "" if heard.first_token_s is None else f", the first word after {heard.first_token_s:.1f} s"
    return f"answered{first}"


def _spread(heard: Heard) -> str:
    if heard.first_token_s is None:
        return heard.detail
    return f"the first word {heard.total_s - heard.first_token_s:.1f} s before the end, {heard.pieces} pieces"


def _of_input(trial: InputTrial) -> str:
    status = "no status" if trial.heard.status is None else f"status {trial.heard.status}"
    alive = "" if trial.is_alive else "; no answer to anything after it"
    return f"{status}{alive}{_leaks(trial.leaks)}"


def _of_failure(trial: FailureTrial) -> str:
    code = f" ({trial.code})" if trial.code else ""
    retry = "answered again" if trial.retry.transport is Transport.OK else f"no answer again: {trial.retry.detail}"
    return f"told {TOLD[trial.told]}{code}; {retry}{_leaks(trial.leaks)}"


def _leaks(leaks: tuple[str, ...]) -> str:
    return f"; shows {', '.join(leaks)}" if leaks else ""
