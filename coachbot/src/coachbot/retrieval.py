"""Answers from the coach's own documents, found on this machine; no model and no network.

It quotes and names its source. When nothing fits it says so: a wrong answer in the coach's name costs more than none.
"""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coachbot.answers import Question
from launchready_guard.health import DependencyDownError

MIN_COVERAGE = 0.5
"""Least share of the question's words that a section must hold; below it the match is chance."""

MAX_TERMS = 24
"""Words of a question that are looked up; the rest of a long one adds time and no meaning."""

MAX_QUOTE_CHARS = 700
"""Longest quotation: what a phone shows without much scrolling."""

CANDIDATES = 20
"""Sections ranked by bm25 that are weighed by coverage."""

PIECE_WORDS = 4
"""Words sent at a time."""

PACE_S = 0.015
"""Seconds between pieces: an answer of 80 words takes 0.3 s and reads like speech."""

COLUMN_WEIGHTS = "4.0, 6.0, 1.0"
"""bm25 weights of title, heading and body: a word in a heading says what the section is about."""

SUFFIXES = (".md", ".txt")

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

STOP_WORDS = frozenset(
    WORD.findall(
        "a about all also am an and any are as at be been but by can could do does for from get give got had has have "
        "help hello hey hi how i i'd i'm if in into is it its just know like long many me more much my need no not of "
        "on or our please should so some tell than thank thanks that the their them then there they this to too up us "
        "use want was we were what what's when where which who why will with would you your yes"
    )
)
"""Words that say nothing about what is asked."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under one heading."""

    title: str
    heading: str
    body: str

    @property
    def source(self) -> str:
        """How the section is cited."""
        return self.title if self.heading in {"", self.title} else f"{self.title}, “{self.heading}”"


class Documents:
    """The coach's documents, cut into sections and indexed with SQLite's FTS5.

    The index lives in memory and answers within a millisecond, so it is asked on the event loop.

    Args:
        folder: Holds `.md` and `.txt` files; the example set when None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        root: Traversable = folder if folder is not None else files("coachbot") / "documents"
        texts = sorted((entry for entry in root.iterdir() if entry.name.endswith(SUFFIXES)), key=lambda e: e.name)
        self.document_count = len(texts)
        self.sections = [section for entry in texts for section in _sections(entry)]
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE s USING fts5(title, heading, body, tokenize = 'porter unicode61')")
        rows = [(number, s.title, s.heading, s.body) for number, s in enumerate(self.sections)]
        self._index.executemany("INSERT INTO s(rowid, title, heading, body) VALUES (?, ?, ?, ?)", rows)

    def search(self, question: str) -> list[Section]:
        """Sections that hold enough of the question's words, best first; empty when none does."""
        terms = _terms(question)
        if not terms:
            return []
        held = Counter(number for term in terms for number in self._holding(term))
        ranked = self._ranked(" OR ".join(f'"{term}"' for term in terms))
        fitting = [number for number in ranked if held[number] / len(terms) >= MIN_COVERAGE]
        return [self.sections[number] for number in fitting]

    def close(self) -> None:
        """Drop the index."""
        self._index.close()

    def _holding(self, term: str) -> Iterator[int]:
        with closing(self._index.execute("SELECT rowid FROM s WHERE s MATCH ?", (f'"{term}"',))) as rows:
            for row in rows:
                yield int(row[0])

    def _ranked(self, query: str) -> list[int]:
        ask = f"SELECT rowid FROM s WHERE s MATCH ? ORDER BY bm25(s, {COLUMN_WEIGHTS}) LIMIT {CANDIDATES}"  # noqa: S608 - constants
        return [int(row[0]) for row in self._index.execute(ask, (query,))]


class LocalAnswers:
    """Answers by quoting the section that fits best.

    Args:
        documents: What is quoted.
        booking_url: Offered when nothing fits.
        pace_s: Seconds between pieces.
    """

    def __init__(self, documents: Documents, *, booking_url: str, pace_s: float = PACE_S) -> None:
        self._documents = documents
        self._booking_url = booking_url
        self._pace_s = pace_s

    async def stream(self, question: Question) -> AsyncGenerator[str, None]:
        """The answer in pieces of a few words."""
        for piece in _pieces(self.answer(question.text)):
            yield piece
            await asyncio.sleep(self._pace_s)

    def answer(self, question: str) -> str:
        """The whole answer."""
        return self.quotation(question) or (
            "I don't know; the coach's documents don't say. The quickest way to an answer is a short call, "
            f"which costs nothing. Book a call: {self._booking_url}"
        )

    def quotation(self, question: str) -> str:
        """What the documents say, with its source; empty when they say nothing."""
        found = self._documents.search(question)
        if not found:
            return ""
        best = found[0]
        answer = f"{_quoted(best.body)}\n\nSource: {best.source}"
        also = next((other for other in found[1:] if other.source != best.source), None)
        return f"{answer}\nSee also: {also.source}" if also is not None else answer

    async def check(self) -> str:
        """Say how many documents answers can come from.

        Raises:
            DependencyDownError: There are none.
        """
        if not self._documents.sections:
            raise DependencyDownError("no documents to answer from")
        return f"local retrieval, {self._documents.document_count} documents"

    async def close(self) -> None:
        """Drop the index."""
        self._documents.close()


def _terms(question: str) -> list[str]:
    words = (word for word in WORD.findall(question.lower().replace("\u2019", "'")) if word not in STOP_WORDS)
    return list(dict.fromkeys(words))[:MAX_TERMS]


def _sections(entry: Traversable) -> Iterator[Section]:
    title, heading, body = entry.name.rsplit(".", 1)[0].replace("-", " ").capitalize(), "", list[str]()
    for line in entry.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            body.append(line)
            continue
        yield from _section(title, heading, body)
        heading, body = line.lstrip("#").strip(), []
        if line.startswith("# "):
            title = heading
    yield from _section(title, heading, body)


def _section(title: str, heading: str, body: list[str]) -> Iterator[Section]:
    text = "\n".join(body).strip()
    if text:
        yield Section(title, heading, re.sub(r"(?<!\n)\n(?![\n\-*])", " ", text))


def _quoted(body: str) -> str:
    if len(body) <= MAX_QUOTE_CHARS:
        return body
    cut = body[:MAX_QUOTE_CHARS]
    end = max(cut.rfind(mark) for mark in (". ", ".\n", "! ", "? "))
    return cut[: end + 1] + " …" if end > 0 else cut.rsplit(" ", 1)[0] + " …"


def _pieces(text: str) -> Iterator[str]:
    words = re.findall(r"\S+\s*|\s+", text)
    for start in range(0, len(words), PIECE_WORDS):
        yield "".join(words[start : start + PIECE_WORDS])
