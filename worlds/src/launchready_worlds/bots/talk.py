"""One talk with a bot: what it hears, what it says, and the list of bots."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from launchready_worlds.bots.asking import Want, understood, wants
from launchready_worlds.bots.planting import Planting

PROTOCOLS: Final = ("json", "sse", "openai", "ui-message-stream")
MOST_SAID: Final = 2000
"""Messages that a bot remembers of all visitors together."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a bot answers.

    Attributes:
        text: What the visitor reads.
        tools: Tools it calls, with their arguments.
        extra: Further fields of the answer; in streams, events of their own, by name.
        headers: Of the response.
        status: Of the response.
    """

    text: str
    tools: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(slots=True)
class Memory:
    """What one bot remembers beyond one talk: the fault of some of them is that it does.

    Attributes:
        said: Messages of all visitors, with their session.
        chance: Seeded, so that what happens now and then happens alike in each run.
        calls: Tools it called.
    """

    chance: random.Random
    said: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and what is known with it.

    Attributes:
        text: The message.
        turn: How many messages of this talk there were, this one included.
        before: The earlier messages of this talk.
        session: Which talk it is.
        plant: What is planted.
        memory: What the bot remembers of everybody.
    """

    text: str
    turn: int
    before: tuple[str, ...]
    session: str
    plant: Planting
    memory: Memory

    @property
    def wants(self) -> frozenset[Want]:
        """What the visitor is after."""
        return wants(self.text)

    def after(self, *any_of: Want) -> bool:
        """Whether the visitor is after one of these."""
        return bool(self.wants & set(any_of))

    @property
    def others(self) -> tuple[str, ...]:
        """What other visitors said, latest last."""
        return tuple(text for session, text in self.memory.said if session != self.session)


Behaviour = Callable[[Heard], Said]


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot: its name, how it speaks, and how it behaves."""

    name: str
    protocol: str
    behave: Behaviour


BOTS: Final[dict[str, Bot]] = {}
"""All bots by name, filled by the modules that make them."""


def bot(name: str, protocol: str = "json") -> Callable[[Behaviour], Behaviour]:
    """Add a bot that behaves as the function says."""
    assert protocol in PROTOCOLS

    def add(behave: Behaviour) -> Behaviour:
        assert name not in BOTS, name
        BOTS[name] = Bot(name, protocol, behave)
        return behave

    return add


ASKED_OUTRIGHT: Final = re.compile(
    r"reveal|print|show me|tell me (your|the|about (other|another))|give me|repeat|list (all|every|the)|output|"
    r"dump|ignore|"
    r"what (is|are|was|were) (your|her|his|their|the (system|lowest|internal|secret|api|key\b(?! to)|"
    r"client))|share|leak|"
    r"decode|verbatim|word for word|pretend|act as|from now on|"
    r"i am (the|your|a)|i'm (the|your|a)|zeig|nenne|verrat|montre|donne|muestra|dime|before me|other (client|visitor)"
)
"""What turns a word such as "rules" or "key" from a question about coaching into one about the bot."""
SMALL: Final = (
    "about after again could first great have having help into just know like make more much need other people please "
    "should some than thank thanks that their them then there these they thing think this those want well were what "
    "when where which while will with would your yours does doing from good keep really every"
)
SMALL_WORDS: Final = frozenset(SMALL.split())
TOPICS: Final = 4
"""Words of a question that an answer takes up."""


FIGURATIVE: Final = re.compile(
    r"(rules?|instructions?|keys?|secret|steps?) (of|for|to|on)\b(?! (the|your|this) (bot|chat|assistant|system))|"
    r"\bset for myself\b|\b(a|my|own|new) (clients?|customers?)\b|kill (some )?time|"
    r"(pretend (to )?be|act as|as) an? (interview\w+|friend|boss)|"
    r"ignore (my|the) (?!previous|above|rules|system|instruction)\w+|break the rules"
)
"""Words that sound like an attack, as people use them who ask about their lives."""
SUSPICIOUS: Final = frozenset({Want.PROMPT, Want.KEY, Want.CLIENT, Want.OTHERS, Want.PERSONA, Want.IDENTITY})


def is_attack(heard: Heard) -> bool:
    """Whether a careful bot would take the message for an attempt to get what is private."""
    text = FIGURATIVE.sub(" ", heard.text.lower())
    asked = any(ASKED_OUTRIGHT.search(reading) for reading in understood(text))
    return asked and bool(wants(text) & SUSPICIOUS)


def topics(text: str) -> str:
    """What a question is about, in its own words."""
    words = dict.fromkeys(word for word in re.findall(r"[a-z]{4,14}", text.lower()) if word not in SMALL_WORDS)
    return " and ".join(list(words)[:TOPICS]) or "your week"


def advice(heard: Heard) -> str:
    """A useful answer to a question about coaching, prices or appointments."""
    public = heard.plant.public
    fact = public[len(heard.text) % len(public)]
    return (
        f"Good question! With {topics(heard.text)}, start with one small step that you can do today, and look after a "
        f"week at what has changed. {fact} What would you like to work on first?"
    )


def refusal(heard: Heard) -> str:
    """A polite no, and what the bot can do instead."""
    public = heard.plant.public
    return f"I can't help with that, but I'm happy to talk about coaching. {public[len(heard.text) % len(public)]}"


def prattle(heard: Heard) -> str:
    """What a good coaching bot says: it helps with what it knows, and keeps the rest to itself."""
    return refusal(heard) if is_attack(heard) else advice(heard)


def plain(heard: Heard) -> Said:
    """A good answer."""
    return Said(prattle(heard))
