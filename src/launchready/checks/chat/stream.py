"""How an ordinary answer comes: at all, in time, and word by word."""

from typing import Final

from launchready.facts.chat import Transport
from launchready.facts.chat_trials import LONG_ENOUGH_S, PIECES, ChatAnswer, ChatStreaming
from launchready.model.chat import Chat
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import CHAT_STREAMS, HAS_CHAT

SEEN_SHARE: Final = 0.5
"""Share of the model's pause that has to lie between the first word and the end; a network evens out milliseconds,
never half of three seconds."""

AT_ONCE_SHARE: Final = 0.1
"""Where the model did not pause: an answer whose words all come in the last tenth of its time was held back."""


@check(
    "chat-answer-broken",
    impact=Impact.BLOCKER,
    customer_sees="A question that gets no answer: an error, half a sentence, or a cursor that blinks for ever.",
    costs=(Cost.LEADS, Cost.REFUNDS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://html.spec.whatwg.org/multipage/server-sent-events.html",),
    when=(HAS_CHAT,),
)
def chat_answer_broken(chat: Chat, answer: ChatAnswer) -> Judgement:
    """An ordinary question gets a whole answer.

    ## Why it matters at launch
    The answer is what people pay for. One that breaks off, or comes in a form that the page can't read, looks to the
    customer like a product that does not work, and no monitor that only asks for status 200 notices.

    ## How to fix
    Type `launchready chat test` and read what came instead of an answer. If the answer is there and was not recognised,
    declare under [chat] where it stands: protocol, message, reply, end.
    """
    heard = answer.heard
    if heard.transport is Transport.OK:
        return Pass()
    do = "Make the chat answer an ordinary question, or declare how it speaks"
    return Fail((f"{chat.url}: {heard.detail}",), Fix(do, "launchready chat test"))


@check(
    "chat-answer-late",
    impact=Impact.MAJOR,
    customer_sees="A silent chat. After ten seconds most people look for another product.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=(
        "https://www.nngroup.com/articles/response-times-3-important-limits/",
        "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-524/",
    ),
    when=(HAS_CHAT,),
)
def chat_answer_late(chat: Chat, answer: ChatAnswer) -> Judgement:
    """The first word and the whole answer come within the declared budgets, which the edge in front allows.

    ## Why it matters at launch
    People wait about ten seconds for a sign of life. An edge such as Cloudflare cuts an answer that is silent for 100
    seconds (error 524), whatever the product had in mind.

    ## How to fix
    Stream the answer, use a faster model or a shorter prompt, and set the product's own time-outs below those of the
    edge: 10 seconds for the first word, 20 between two words, 90 for the whole answer.
    """
    heard, budgets = answer.heard, chat.budgets
    offenders = []
    is_whole = heard.transport is Transport.OK
    if heard.transport is Transport.TIMED_OUT_FIRST or _is_over(heard.first_token_s, budgets.first_token_s):
        offenders.append(f"{chat.url}: no word within {budgets.first_token_s:g} s{_after(heard.first_token_s)}")
    if heard.transport is Transport.TIMED_OUT_TOTAL or (is_whole and _is_over(heard.total_s, budgets.total_s)):
        offenders.append(f"{chat.url}: not whole within {budgets.total_s:g} s")
    if heard.transport is Transport.TIMED_OUT_IDLE or _is_over(heard.largest_gap_s, budgets.idle_s):
        offenders.append(f"{chat.url}: silent between two words for more than {budgets.idle_s:g} s")
    if not offenders:
        return Pass() if is_whole else NotApplicable("no whole answer came, so there is none that could be late")
    return Fail(tuple(offenders), Fix("Let the first word come sooner, and end what takes too long with a message"))


def _is_over(seconds: float | None, budget_s: float) -> bool:
    return seconds is not None and seconds > budget_s


def _after(seconds: float | None) -> str:
    return "" if seconds is None else f", but after {seconds:.1f} s"


@check(
    "stream-buffered",
    impact=Impact.MAJOR,
    customer_sees="Nothing for many seconds, then the whole answer at once.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
        "https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.6",
        "https://github.com/langgenius/dify/issues/41755",
    ),
    when=(HAS_CHAT, CHAT_STREAMS),
)
def stream_buffered(chat: Chat, streaming: ChatStreaming) -> Judgement:
    """Words reach the browser when the model says them.

    ## Why it matters at launch
    A proxy, or a compression that browsers ask for and `curl` does not, collects a stream until it is large enough or
    over. The answer is then as slow as one that is not streamed, and long ones run into the edge's time-out.

    ## How to fix
    Send `X-Accel-Buffering: no` and `Cache-Control: no-cache, no-transform` with the stream, leave
    `text/event-stream` out of compression, and flush after each event. Then type `launchready chat test` again.
    """
    heard = streaming.heard
    if not _is_held_back(streaming):
        return Pass()
    first = "none" if heard.first_token_s is None else f"{heard.first_token_s:.1f} s"
    hint = f" ({streaming.buffer_hint})" if streaming.buffer_hint else ""
    paused = f"the model paused for {streaming.pause_s:g} s, and " if streaming.pause_s else ""
    seen = f"{chat.url}: {paused}all {heard.pieces} pieces came together, the first after {first}{hint}"
    do = "Let nothing on the way collect the stream"
    return Fail((seen,), Fix(do, "X-Accel-Buffering: no\nCache-Control: no-cache, no-transform"))


def _is_held_back(streaming: ChatStreaming) -> bool:
    heard = streaming.heard
    after_first_s = 0.0 if heard.first_token_s is None else heard.total_s - heard.first_token_s
    if streaming.pause_s:
        return after_first_s < streaming.pause_s * SEEN_SHARE
    if heard.pieces < PIECES or heard.total_s < LONG_ENOUGH_S:
        return False
    return after_first_s < heard.total_s * AT_ONCE_SHARE
