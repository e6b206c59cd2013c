"""What the visitor meets when the model fails, and when somebody sends nonsense."""

from typing import Final

from launchready.facts.chat import Transport
from launchready.facts.chat_trials import BadInput, ChatFailures, ChatInput, FailureTrial, InputTrial, Mood, Told
from launchready.model.chat import Budgets, Chat
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import HAS_CHAT
from launchready.parse.rfc9110 import SERVER_ERROR

GRACE_S: Final = 5.0
"""Seconds beyond the two budgets in which a message may still be on its way; the test listens so long."""

IN_WORDS: Final = {
    Mood.SLOW: "the model says nothing",
    Mood.STALL: "the model stops in the middle",
    Mood.CUT: "the model's answer is cut off",
    Mood.RATE: "the model is asked too often (429)",
    Mood.QUOTA: "the model's account is used up (insufficient_quota)",
    Mood.ERROR: "the model answers 500",
    Mood.NO_MODEL: "the model's name is wrong (404)",
    Mood.TOO_LONG: "the talk is too long for the model (400)",
    Mood.MALFORMED: "the model sends nonsense",
    Mood.EMPTY: "the model says no word",
}

UNTOLD_FIX: Final = (
    'event: error\ndata: {"code": "timed_out", "message": "No answer came. Your message is kept: try again.", '
    '"retryable": true}'
)


def longest_wait_s(budgets: Budgets) -> float:
    """Seconds within which a visitor has to be told: silence, a pause between two words, and a moment."""
    return min(budgets.total_s, budgets.first_token_s + budgets.idle_s) + GRACE_S


@check(
    "model-failure-untold",
    impact=Impact.BLOCKER,
    customer_sees="A cursor that blinks for ever, or half a sentence, and no word about what to do.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=180,
    sources=(
        "https://github.com/danny-avila/LibreChat/issues/6081",
        "https://platform.openai.com/docs/guides/error-codes",
    ),
    when=(HAS_CHAT,),
)
def model_failure_untold(chat: Chat, failures: ChatFailures) -> Judgement:
    """When the model fails, the customer is told within the budgeted time.

    ## Why it matters at launch
    Every provider has bad hours, and they fall on the days when many people come. A chat that waits for ever, breaks
    off without a word, or answers with nothing loses the customer and the message that they typed.

    ## How to fix
    Bound the first word, the pause between two words and the whole answer, counted in words and not in bytes. When a
    bound is over, send an error that has a name and a sentence, or a notice that says where to reach a person.
    `launchready-guard` does this in front of any product.
    """
    limit_s = longest_wait_s(chat.budgets)
    offenders = []
    for trial in failures.trials:
        if trial.told is Told.NOTHING:
            offenders.append(f"when {IN_WORDS[trial.mood]}, the visitor is told nothing: {trial.heard.detail}")
        elif trial.told_after_s > limit_s:
            seen = f"when {IN_WORDS[trial.mood]}, the visitor is told after {trial.told_after_s:.0f} s"
            offenders.append(f"{seen}, and {limit_s:g} s are declared")
    if not offenders:
        return Pass()
    return Fail(tuple(offenders), Fix("End every failure of the model with an error that has a name", UNTOLD_FIX))


@check(
    "model-failure-hidden",
    impact=Impact.MAJOR,
    customer_sees="\u201cSorry\u201d in place of an answer, hour after hour, because nobody at the product notices.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.6",),
    when=(HAS_CHAT,),
)
def model_failure_hidden(failures: ChatFailures) -> Judgement:
    """A failure of the model shows in the status, in an error event, or as a marked notice.

    ## Why it matters at launch
    An apology that is sent as an ordinary answer counts as a success in every monitor, is kept as the model's words,
    and is given to the model again with the next question.

    ## How to fix
    Answer with status 502, 503 or 429, or an `error` event inside a stream. A text that stands in for an answer is
    fine where a field says that it is one, such as `"canned": true`.
    """
    hidden = [trial for trial in failures.trials if trial.told is Told.APOLOGY]
    if not hidden:
        return Pass()
    offenders = tuple(f"when {IN_WORDS[t.mood]}, an ordinary answer says \u201c{t.said}\u201d" for t in hidden)
    return Fail(offenders, Fix("Let programs see what the customer is told", '{"reply": "…", "canned": true}'))


@check(
    "chat-not-recovering",
    impact=Impact.BLOCKER,
    customer_sees="The same error long after the model is well again, and a message that can't be sent any more.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker",),
    when=(HAS_CHAT,),
)
def chat_not_recovering(failures: ChatFailures) -> Judgement:
    """Once the model is well again, the same message is answered.

    ## Why it matters at launch
    People press "try again". Where the failure was stored as the answer, the message counts as still under way, or a
    breaker never closes, the product stays broken until somebody restarts it.

    ## How to fix
    Store an answer only when it is whole; let a message that failed be sent again with the same id; let a breaker try
    one call after some seconds.
    """
    stuck = [trial for trial in failures.trials if trial.retry.transport is not Transport.OK]
    if not stuck:
        return Pass()
    offenders = tuple(f"after {IN_WORDS[t.mood]}, the same message again: {t.retry.detail}" for t in stuck)
    return Fail(offenders, Fix("Let a message that failed be sent again, and answer it"))


@check(
    "quota-told-as-rate",
    impact=Impact.MINOR,
    customer_sees="\u201cPlease try again in a moment\u201d, for days.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://github.com/mckaywrigley/chatbot-ui/issues/211",
        "https://platform.openai.com/docs/guides/error-codes",
    ),
    when=(HAS_CHAT,),
)
def quota_told_as_rate(failures: ChatFailures) -> Judgement:
    """An account that is used up is told apart from one that is asked too often.

    ## Why it matters at launch
    Providers answer 429 to both. The first passes in seconds; the second passes when somebody pays, and until then
    every customer is asked to try again.

    ## How to fix
    Read the error's code: `insufficient_quota` is no reason to retry. Give it a code of its own, tell the customer
    where to reach a person, and alert whoever pays.
    """
    found = {trial.mood: trial for trial in failures.trials}
    rate, quota = found.get(Mood.RATE), found.get(Mood.QUOTA)
    if rate is None or quota is None or _told(rate) != _told(quota) or quota.told is Told.ANSWER:
        return Pass()
    seen = f"both are told as \u201c{quota.code or quota.said}\u201d"
    return Fail((seen,), Fix("Give a used-up account a code of its own", '{"code": "insufficient_quota"}'))


def _told(trial: FailureTrial) -> tuple[Told, str, str, int | None]:
    """What tells two failures apart: name, or the sentence where there is no name, and status."""
    return trial.told, trial.code, "" if trial.code else trial.said, trial.heard.status


@check(
    "chat-error-leaks",
    impact=Impact.BLOCKER,
    customer_sees="A page of code, or a key that anybody can use on your bill.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",),
    when=(HAS_CHAT,),
)
def chat_error_leaks(failures: ChatFailures, bad: ChatInput) -> Judgement:
    """Errors of the chat show no trace, no key and none of the provider's words.

    ## Why it matters at launch
    A provider's error quotes parts of the key, the name of the account and the model. A trace shows paths and versions.
    Both are what an attacker collects first.

    ## How to fix
    Never pass an error's body or text on. Log its class, and answer with a code and a sentence of your own.
    """
    offenders = [f"when {IN_WORDS[t.mood]}, it shows {leak}" for t in failures.trials for leak in t.leaks]
    offenders += [f"to a bad message ({t.kind.value}) it shows {leak}" for t in bad.trials for leak in t.leaks]
    if not offenders:
        return Pass()
    return Fail(tuple(offenders), Fix("Answer every error with a code and a sentence of your own"))


@check(
    "bad-message-breaks-chat",
    impact=Impact.MAJOR,
    customer_sees="A chat that is down, because a stranger sent it ten megabytes of nothing.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.5.14",),
    when=(HAS_CHAT,),
)
def bad_message_breaks_chat(bad: ChatInput) -> Judgement:
    """Nonsense is refused with a status that says whose fault it is, and harms nobody else.

    ## Why it matters at launch
    Public endpoints get nonsense within hours. What answers 500 wakes the wrong people, and what takes any size pays
    the model for it.

    ## How to fix
    Bound the body (64 KB is plenty), check it before anything else, and answer 400, 413 or 422 with a sentence.
    """
    offenders = [seen for trial in bad.trials for seen in _broke(trial)]
    if not offenders:
        return Pass()
    return Fail(tuple(offenders), Fix("Bound and check what comes in before it is used"))


def _broke(trial: InputTrial) -> list[str]:
    heard, name = trial.heard, trial.kind.value
    seen = []
    if heard.status is not None and heard.status >= SERVER_ERROR:
        seen.append(f"{name}: answered {heard.status}, as if the product were broken")
    elif heard.transport in {Transport.TIMED_OUT_FIRST, Transport.TIMED_OUT_IDLE, Transport.TIMED_OUT_TOTAL}:
        seen.append(f"{name}: {heard.detail}")
    elif trial.kind is BadInput.TOO_LARGE and heard.transport is Transport.OK:
        seen.append("too-large: ten megabytes were taken, and given to the model")
    if not trial.is_alive:
        seen.append(f"{name}: after it an ordinary question was not answered")
    return seen
