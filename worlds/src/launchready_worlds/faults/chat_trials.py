"""What a test of the chat brings to light: no answer, talks that are lost, failures that nobody is told of."""

import datetime as dt

from launchready_worlds.chat_trials import failure, heard, interruption, leave_out, silent
from launchready_worlds.faults import Outcome, blind, decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import CHAT

HERE = (CHAT,)
ANSWERED = {"chat-answer-broken": HERE, "chat-answer-late": HERE}
STREAMED = {"stream-buffered": HERE}
TOLD = {"model-failure-untold": HERE}
HIDDEN = {"model-failure-hidden": HERE}
RECOVERS = {"chat-not-recovering": HERE}
QUOTA = {"quota-told-as-rate": HERE}
LEAKS = {"chat-error-leaks": HERE}
INPUT = {"bad-message-breaks-chat": HERE}
FAILURES = {**TOLD, **HIDDEN, **RECOVERS, **QUOTA, **LEAKS}
TALKS = {"chat-session-lost": HERE}
RESTARTED = {"chat-lost-on-restart": HERE}
REPEATED = {"repeated-message-doubled": HERE}
APART = {"talk-shared": HERE}
CONTINUITY = {**TALKS, **RESTARTED, **REPEATED, **APART}
AFTER_ANSWER = {**STREAMED, **FAILURES, **INPUT, **CONTINUITY}
ALL = {**ANSWERED, **AFTER_ANSWER}
DAYS_COUNTED = 30
"""Days that a test counts, where the declaration says nothing else."""
FORGOTTEN = "the answer came, and what was said before is forgotten"


@blind(ALL)
def chat_never_tested(scene: Scene) -> None:
    """Nobody has typed `launchready chat test` yet."""
    scene.chat_test = None


@blind(ALL)
def chat_test_of_another_commit(scene: Scene) -> None:
    """The chat was tested before the last commit."""
    scene.chat_tested()["commit"] = "0123456789abcdef0123456789abcdef01234567"


@blind(ALL)
def chat_test_too_old(scene: Scene) -> None:
    """The last test is of last summer."""
    scene.chat_tested()["at"] = (scene.now - dt.timedelta(days=DAYS_COUNTED + 1)).isoformat()


@blind(ALL)
def chat_test_stopped(scene: Scene) -> None:
    """Somebody pressed Ctrl-C in the middle of the test."""
    scene.chat_tested()["state"] = "interrupted"


@blind(ALL)
def chat_test_unreadable(scene: Scene) -> None:
    """What was written down of the last test is broken."""
    scene.chat_tested()["format"] = "one"


@blind(ALL)
def chat_declared_anew(scene: Scene) -> None:
    """Another URL was declared after the test."""
    scene.chat_tested()["declared"] = "0123456789abcdef"


@blind({**FAILURES})
def provider_never_failed(scene: Scene) -> None:
    """The chat was tested without a provider that fails."""
    leave_out(scene.chat_tested(), "failures", "no model was made to fail: run `launchready provider`")


@blind({**FAILURES})
def one_failure_never_met(scene: Scene) -> None:
    """The chat answered from elsewhere while the model was out of quota, and never asked it."""
    record = scene.chat_tested()
    record["failures"].remove(failure(record, "insufficient-quota"))
    record["unseen"].append({"part": "failures insufficient-quota", "detail": "the provider was not asked"})


@blind({**INPUT, **LEAKS})
def one_bad_message_never_sent(scene: Scene) -> None:
    """An older version tested the chat, which knew no message of ten megabytes."""
    scene.chat_tested()["input"].pop()


@blind(STREAMED)
def long_answer_in_two_pieces(scene: Scene) -> None:
    """The model made no pause, and its answer was too short to tell whether it came as it was made."""
    scene.chat_tested()["streaming"] |= {"pause_s": 0.0, "heard": heard(first_token_s=1.9, total_s=2.0, pieces=2)}


@blind(CONTINUITY)
def chat_without_memory_in_sight(scene: Scene) -> None:
    """The bot never says again what it was told, so nobody can see whether it knows it."""
    scene.chat_tested()["continuity"] = []
    scene.chat_tested()["unseen"] = [{"part": "continuity next-turn", "detail": "the chat does not say again"}]


@blind(RESTARTED)
def restart_undeclared(scene: Scene) -> None:
    """No command restarts the copy."""
    record = scene.chat_tested()
    record["continuity"].remove(interruption(record, "restart"))
    record["unseen"] = [{"part": "continuity restart", "detail": "declare restart under [chat]"}]


@decoy(STREAMED, Outcome.NOT_APPLICABLE)
def chat_in_one_piece(scene: Scene) -> None:
    """The chat answers in one piece, and says so."""
    scene.declaration["chat"]["protocol"] = "json"
    leave_out(scene.chat_tested(), "streaming", "the chat answers in one piece, by its protocol")


@fault({"chat-answer-broken": HERE})
def chat_answers_with_a_page(scene: Scene) -> None:
    """The chat's URL shows the page of a hoster."""
    record = scene.chat_tested()
    record["answer"] = silent("bad-content-type", 0.3, "The chat answered with a page instead of an answer.")
    for part in ("streaming", "continuity", "input", "failures"):
        leave_out(record, part, "an ordinary question was not answered")


@fault({"chat-answer-late": HERE})
def chat_thinks_long(scene: Scene) -> None:
    """The model thinks for twelve seconds before its first word."""
    scene.chat_tested()["answer"] = heard(first_token_s=12.0, total_s=14.0)


@decoy(ANSWERED)
def chat_thinks_just_in_time(scene: Scene) -> None:
    """The first word comes after nine seconds, and all of them after a minute."""
    scene.chat_tested()["answer"] = heard(first_token_s=9.9, largest_gap_s=19.5, total_s=60.0)


@fault(STREAMED)
def stream_collected_by_proxy(scene: Scene) -> None:
    """A proxy collects the answer, and passes it on when it is over."""
    came = heard(first_token_s=4.4, largest_gap_s=0.01, total_s=4.5, pieces=15)
    scene.chat_tested()["streaming"] |= {"heard": came, "buffer_hint": "it has no X-Accel-Buffering: no"}


@fault(STREAMED)
def stream_packed_for_browsers(scene: Scene) -> None:
    """Browsers ask for compression, and get the answer in one lump."""
    came = heard(first_token_s=6.0, largest_gap_s=0.0, total_s=6.1)
    scene.chat_tested()["streaming"] |= {"pause_s": 0.0, "heard": came, "encoding": "gzip"}


@decoy(STREAMED)
def stream_packed_and_flushed(scene: Scene) -> None:
    """The answer is packed, and flushed after each word."""
    scene.chat_tested()["streaming"] |= {"encoding": "gzip", "buffer_hint": "it is packed (gzip)"}


@fault(TOLD)
def stall_never_told(scene: Scene) -> None:
    """When the model stops in the middle, the chat waits with it."""
    came = silent("timed-out-idle", 25.0, "The answer stood still for 25 seconds.")
    failure(scene.chat_tested(), "stall").update(told="nothing", code="", said="", heard=came)


@fault(TOLD)
def failure_told_late(scene: Scene) -> None:
    """The customer is told after a minute and a half."""
    failure(scene.chat_tested(), "slow-first-token")["told_after_s"] = 88.0


@decoy({**TOLD, **HIDDEN})
def second_model_answers(scene: Scene) -> None:
    """A second provider answers when the first does not."""
    for one in scene.chat_tested()["failures"]:
        one.update(told="answer", code="", said="A session is 180 dollars.")


@fault(HIDDEN)
def failure_told_as_answer(scene: Scene) -> None:
    """The chat says that it is sorry, and every monitor sees a good answer."""
    said = "Sorry, something went wrong. Please try again later."
    failure(scene.chat_tested(), "error-500").update(told="apology", code="", said=said)


@fault(RECOVERS)
def failed_message_stuck(scene: Scene) -> None:
    """A message that failed once counts as under way for ever."""
    stuck = silent("bad-status", 0.1, "The chat answered with status 409.") | {"status": 409}
    failure(scene.chat_tested(), "cut")["retry"] = stuck


@decoy({**RECOVERS, **TOLD})
def failure_named_with_status(scene: Scene) -> None:
    """The chat answers 503 with a code and a sentence, and the same message is answered later."""
    named = silent("bad-status", 0.4, "The chat answered with status 503.") | {"status": 503}
    failure(scene.chat_tested(), "error-500").update(told="named", code="model_down", heard=named)


@fault(QUOTA)
def quota_looks_like_rate(scene: Scene) -> None:
    """A bill that was not paid is told as "busy"."""
    for mood in ("rate-limited-retry-after", "insufficient-quota"):
        failure(scene.chat_tested(), mood)["code"] = "busy"


@decoy(QUOTA)
def quota_told_in_other_words(scene: Scene) -> None:
    """Neither has a code, and their sentences differ."""
    for mood, said in (("rate-limited-retry-after", "Busy right now."), ("insufficient-quota", "Closed for today.")):
        failure(scene.chat_tested(), mood).update(code="", said=said)


@fault(LEAKS)
def providers_error_passed_on(scene: Scene) -> None:
    """The provider's error is shown, with a part of the key."""
    failure(scene.chat_tested(), "wrong-model")["leaks"] = ["a key of OpenAI's form", "the provider's own error"]


@fault(LEAKS)
def trace_for_bad_message(scene: Scene) -> None:
    """A message that is no JSON is answered with a stack trace."""
    scene.chat_tested()["input"][0]["leaks"] = ["a stack trace of Python"]


@decoy({**LEAKS, **INPUT})
def nonsense_refused_in_words(scene: Scene) -> None:
    """Nonsense is answered with 400, ten megabytes by hanging up, and null bytes are left out of the question."""
    trials = scene.chat_tested()["input"]
    for trial in trials:
        trial["heard"] = heard("bad-status", 400, 0.1, detail="The chat answered with status 400.")
    trials[3]["heard"] = heard()
    trials[5]["heard"] = silent("no-connection", 0.2, "The connection was closed.") | {"status": None}


@fault(INPUT)
def nonsense_answered_500(scene: Scene) -> None:
    """A message that is no JSON is answered as if the product were broken."""
    scene.chat_tested()["input"][0]["heard"] = heard("bad-status", 500, 0.1)


@fault(INPUT)
def large_message_taken(scene: Scene) -> None:
    """Ten megabytes are given to the model."""
    scene.chat_tested()["input"][5]["heard"] = heard()


@fault(INPUT)
def large_message_fells_chat(scene: Scene) -> None:
    """After ten megabytes nobody is answered any more."""
    scene.chat_tested()["input"][5]["is_alive"] = False


@fault(TALKS)
def talk_in_one_workers_memory(scene: Scene) -> None:
    """Two workers, and each remembers only what it was told itself."""
    interruption(scene.chat_tested(), "next-turn").update(held=False, seen=FORGOTTEN)


@fault(TALKS)
def talk_lost_on_reload(scene: Scene) -> None:
    """A reload in the middle of an answer begins a new talk."""
    interruption(scene.chat_tested(), "reload").update(held=False, seen=FORGOTTEN)


@fault(RESTARTED)
def talk_lost_on_restart(scene: Scene) -> None:
    """Talks live in the memory of the process."""
    interruption(scene.chat_tested(), "restart").update(held=False, seen=FORGOTTEN)


@fault(REPEATED)
def message_answered_twice(scene: Scene) -> None:
    """A message that is sent again is asked again of the model."""
    seen = "the model was asked a second time for one message"
    interruption(scene.chat_tested(), "repeated").update(held=False, seen=seen)


@fault(APART)
def talks_run_together(scene: Scene) -> None:
    """The talk is kept in one variable for everybody."""
    seen = "the second visitor's talk holds what the first one said"
    interruption(scene.chat_tested(), "other-visitor").update(held=False, seen=seen)


@decoy({**CONTINUITY, **ANSWERED})
def tested_by_short_commit(scene: Scene) -> None:
    """The copy says its commit in nine digits, and other words for talks that go on."""
    scene.chat_tested()["short"] = 9
    for one in scene.chat_tested()["continuity"]:
        one["seen"] = "remembered"
