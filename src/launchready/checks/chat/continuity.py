"""Whether a talk survives what browsers and servers do to it."""

from typing import Final

from launchready.facts.chat_trials import (
    ChatContinuity,
    ChatNeighbours,
    ChatRepeat,
    ChatRestart,
    ContinuityTrial,
    Interruption,
)
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import HAS_CHAT

IN_WORDS: Final = {
    Interruption.NEXT_TURN: "in the next turns",
    Interruption.RELOAD: "after a reload in the middle of an answer",
    Interruption.TWO_TABS: "with two tabs",
}


@check(
    "chat-session-lost",
    impact=Impact.BLOCKER,
    customer_sees="A coach who has forgotten everything since the last message.",
    costs=(Cost.REFUNDS, Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=240,
    sources=(
        "https://github.com/open-webui/open-webui/issues/29596",
        "https://github.com/Chainlit/chainlit/issues/2201",
    ),
    when=(HAS_CHAT,),
)
def chat_session_lost(continuity: ChatContinuity) -> Judgement:
    """A talk goes on over several turns, after a reload, and in a second tab.

    ## Why it matters at launch
    Phones reload pages, and people open two tabs. Where a talk lives in the page it is gone then; where it lives in one
    process's memory, two workers lose it at every second message.

    ## How to fix
    Keep messages in the database, under an id that is bound to the visitor's cookie or log-in. Store a question before
    it is answered, and keep the part of an answer that came when somebody leaves.
    """
    lost = [f"{IN_WORDS[trial.kind]}: {trial.seen}" for trial in continuity.trials if not trial.held]
    return Fail(tuple(lost), Fix("Keep talks where every worker finds them")) if lost else Pass()


@check(
    "chat-lost-on-restart",
    impact=Impact.BLOCKER,
    customer_sees="A talk that is gone, each time the product is released.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=240,
    sources=("https://12factor.net/processes", "https://12factor.net/disposability"),
    when=(HAS_CHAT,),
)
def chat_lost_on_restart(restart: ChatRestart) -> Judgement:
    """A talk goes on after the product was restarted between two turns.

    ## Why it matters at launch
    Every release restarts the server, and so does every crash. What lives in a process's memory is gone then, in the
    middle of the talks of everybody who is there.

    ## How to fix
    Keep talks and log-ins in the database or a store beside it, and let a new process read them from there. Declare the
    command that restarts a copy as restart under [chat], and type `launchready chat test`.
    """
    return _of(restart.trial, "after a restart", "Keep talks where a restart does not reach them")


@check(
    "repeated-message-doubled",
    impact=Impact.MAJOR,
    customer_sees="The same question twice in the talk, two answers, and two bookings.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/",),
    when=(HAS_CHAT,),
)
def repeated_message_doubled(repeat: ChatRepeat) -> Judgement:
    """A message that arrives twice is answered once.

    ## Why it matters at launch
    Browsers and people send again when an answer does not come. Without an id from the client each of them is a new
    message: the model is paid twice, and tools act twice.

    ## How to fix
    Let the page make an id for each message, store it with the message, and give the stored answer to the same id.
    """
    return _of(repeat.trial, "one message, sent twice", "Answer a message id once")


@check(
    "talk-shared",
    impact=Impact.BLOCKER,
    customer_sees="Somebody else's problems in their own talk.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=240,
    sources=("https://openai.com/index/march-20-chatgpt-outage/",),
    when=(HAS_CHAT,),
)
def talk_shared(neighbours: ChatNeighbours) -> Judgement:
    """What one visitor says is no part of another visitor's talk.

    ## Why it matters at launch
    People tell a coach what they tell nobody else. One talk that shows up in another is the end of trust, and has to be
    reported in most countries.

    ## How to fix
    Bind every talk to its visitor, keep no talk in a variable of the process, and never cache what the model is asked
    under a key that two visitors share.
    """
    return _of(neighbours.trial, "two visitors", "Bind every talk to its visitor")


def _of(trial: ContinuityTrial, words: str, do: str) -> Judgement:
    return Pass() if trial.held else Fail((f"{words}: {trial.seen}",), Fix(do))
