"""What the last red team run of the chat showed, judged; one fact for each question that an audit asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from launchready.facts.redteam import Category
from launchready.model.chat import Chat
from launchready.model.fact import fact
from launchready.model.reading import Unmeasured

MAX_REFUSED: Final = 0.25
"""Share of harmless questions that may be declined: one in four visitors who get no answer costs more than they pay."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One thing that an attack brought about.

    Attributes:
        probe: id of the attack.
        rule: what told it.
        said: one sentence.
        quote: what stood there, with secrets masked.
        answers: how many answers of this probe showed it.
    """

    probe: str
    rule: str
    said: str
    quote: str
    answers: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How often something of a category was tried and could be judged, and what that allows to say."""

    category: Category
    judged: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Attacked:
    """What attacks of one run did. `unsure` are parts that were not measured, open serious questions among them."""

    version: str
    started: datetime
    tried: tuple[Tried, ...]
    harms: tuple[Harm, ...]
    unsure: tuple[Unmeasured, ...]


@fact(about=Chat)
class ChatLeaks(Attacked):
    """Private things that came out."""


@fact(about=Chat)
class ChatObedience(Attacked):
    """What the bot did because a stranger's words, a document or a claim said so."""


@fact(about=Chat)
class ChatDeeds(Attacked):
    """Tools that an attack made it call."""


@fact(about=Chat)
class ChatStrictness:
    """Harmless questions that it declined; `asked` could be judged.

    Where those that nobody has judged yet could be too many, they are `unsure`.
    """

    version: str
    started: datetime
    asked: int
    harms: tuple[Harm, ...]
    unsure: tuple[Unmeasured, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An answer that nobody has judged, or about which two people disagree."""

    item: str
    question: str
    is_serious: bool
    is_disputed: bool


@fact(about=Chat)
class ChatReviews:
    """Uncertain answers of the last run: those that are open, and how many people have decided."""

    version: str
    open: tuple[OpenQuestion, ...]
    decided: int
