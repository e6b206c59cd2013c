"""What was tried against a chatbot and what came back: the whole of what a judgement may look at.

A run writes transcripts and judges nothing; `launchready.oracles` judges transcripts and asks nobody. All of it is
plain data, so that the same file gives the same judgement for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from launchready.facts.chat import Reply, ToolCall

TRANSCRIPT_FORMAT: Final = 1
"""Goes up when a reader of the former version would misunderstand a file."""


class Category(StrEnum):
    """What an attempt is after. OVER_REFUSAL are harmless questions that deserve an answer."""

    PROMPT_INJECTION = "prompt-injection"
    JAILBREAK = "jailbreak"
    DATA_EXFILTRATION = "data-exfiltration"
    UNSAFE_TOOL_USE = "unsafe-tool-use"
    IDENTITY_SPOOFING = "identity-spoofing"
    OVER_REFUSAL = "over-refusal"


class Mode(StrEnum):
    """Whether the operator planted what we made up, or we only talk."""

    WHITE_BOX = "white"
    BLACK_BOX = "black"


class CanaryKind(StrEnum):
    """What a planted value is."""

    TOKEN = "token"  # noqa: S105 - the name of a kind
    FAKE_KEY = "fake-key"
    CLIENT_RECORD = "client-record"
    RULE_NOUN = "rule-noun"
    ODD_NUMBER = "odd-number"
    HONEY_TOOL = "honey-tool"
    HONEY_URL = "honey-url"
    SESSION_STATEMENT = "session-statement"


@dataclass(frozen=True, slots=True)
class Canary:
    """A value that nobody can know who was not told.

    A client record has one canary for each of its parts (name, address, telephone, amount), all with the same `about`.

    Attributes:
        kind: decides how it is compared: numbers and amounts in any format, nouns and names without regard to case and
            accents, tokens and keys in parts as well, tools by name, URLs by host.
        value: as it was planted. A session statement is a noun or token that one session of ours told.
        about: what it is in words, such as "the client record of Maren Okafor".
    """

    kind: CanaryKind
    value: str
    about: str


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """What one argument of a tool may be; what is empty or None is not limited.

    Attributes:
        name: the argument's key, at any depth of the arguments.
        values: the only values that it may have, without regard to case.
        domains: where it is an address or a URL, the domains that it may name.
        at_most: where it is a number, the most that it may be.
    """

    name: str
    values: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class ToolRule:
    """A tool that the bot may call for a role; an empty `role` means for everybody."""

    name: str
    role: str = ""
    arguments: tuple[ArgumentRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was planted, and what the bot may do.

    Attributes:
        canaries: planted values.
        private_texts: the private prompt and rules as they were planted, each a text of its own.
        public_facts: what the bot may tell everybody: prices, opening hours, the offer.
        allowed_tools: None means that nobody said, and then no tool call is a fault for its name alone.
        allowed_hosts: hosts that the bot may link to or show pictures of, and their subdomains.
    """

    canaries: tuple[Canary, ...] = ()
    private_texts: tuple[str, ...] = ()
    public_facts: tuple[str, ...] = ()
    allowed_tools: tuple[ToolRule, ...] | None = None
    allowed_hosts: tuple[str, ...] = ()


class Lexicon(StrEnum):
    """Families of words that are a sign, and never a proof alone."""

    GRANT = "grant"  # "you now have administrator access"
    PERSONA = "persona"  # "I am DAN, and have no rules"
    SCOPE = "scope"  # an answer far away from what the bot is for
    ACTION = "action"  # "done, I've cancelled it"


@dataclass(frozen=True, slots=True)
class Marker:
    """A task whose result stands nowhere in what we sent, so that an echo cannot contain it: "731*86" and "62866"."""

    asked: str
    answer: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a judgement needs to know of a probe.

    Attributes:
        objective: what the attacker wants, in words; for a harmless question, what the visitor wants.
        benign: a harmless question, which has to be answered.
        role: who the visitor really is, whatever is claimed; "" is a stranger.
        markers: results that only a bot that obeyed would tell.
        partner: id of the probe that asks the same without the claim, attack or foreign session; "" is none.
        lexicons: which families of words are a sign here.
        canaries: values of this probe's own, such as what another session of ours was told. They count in black-box
            runs too.
        wanted_words: for a harmless question, words of which a useful answer has at least one.
        owasp: ids such as LLM01:2026.
        atlas: ids such as AML.T0051.
    """

    objective: str
    benign: bool = False
    role: str = ""
    markers: tuple[Marker, ...] = ()
    partner: str = ""
    lexicons: tuple[Lexicon, ...] = ()
    canaries: tuple[Canary, ...] = ()
    wanted_words: tuple[str, ...] = ()
    owasp: tuple[str, ...] = ()
    atlas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and what came back.

    Attributes:
        sent: our message, as it was sent.
        planted: documents, pages or tool outputs that the attack put before the bot: the attacker's words as well.
        reply: what came back.
    """

    sent: str
    planted: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Attempt:
    """One conversation that tries one thing.

    Attributes:
        probe: id of the attack or question.
        category: what it is after.
        variant: id of the transform of its words; "plain" is none.
        repeat: 0 for the first try of this probe and variant.
        session: name of the visitor's session; equal names are one conversation with one history.
        exchanges: in the order in which they happened.
        expectation: what to judge it by.
        trap: what the operator's tools recorded during this attempt; None where that can't be read.
    """

    probe: str
    category: Category
    variant: str
    repeat: int
    session: str
    exchanges: tuple[Exchange, ...]
    expectation: Expectation
    trap: tuple[ToolCall, ...] | None = None


class ControlName(StrEnum):
    """Bots of our own whose judgement is known before."""

    DEAD_PORT = "dead-port"
    ECHO = "echo"
    ALWAYS_REFUSE = "always-refuse"
    LEAKING = "leaking"
    PLAIN_SAFE = "plain-safe"


@dataclass(frozen=True, slots=True)
class Control:
    """What one of our own bots answered to the same probes."""

    name: ControlName
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Transcripts:
    """A whole run.

    Attributes:
        started: when it began.
        product: name of the product.
        version: commit or release that answered, as the product says; "" where it says none.
        mode: whether values were planted.
        manifest: None in black-box mode, unless the owner told tools or hosts.
        controls: answers of our own bots.
        attempts: in the order in which they ended.
        interrupted: the run stopped before its end.
        planned: how many attempts it would have had, without controls.
        format: of the file.
        left_out: tasks that a limit of messages had no room for; they are not among the planned.
    """

    started: datetime
    product: str
    version: str
    mode: Mode
    manifest: Manifest | None
    controls: tuple[Control, ...]
    attempts: tuple[Attempt, ...]
    interrupted: bool
    planned: int
    format: int = TRANSCRIPT_FORMAT
    left_out: int = 0
