"""Everything that was seen in one audit: a value that can be saved, judged again and compared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from launchready.model.product import Product
from launchready.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading: the kind of fact, the id of its subject, and what came of the look."""

    kind: str
    subject: str
    reading: Reading[Any]


@dataclass(frozen=True, slots=True)
class RequestCount:
    """How many requests we sent to one host, and TLS handshakes begun without one."""

    host: str
    requests: int


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How many DNS questions we sent to one server, by its address."""

    server: str
    questions: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The owner's declaration, what was seen of it, when and from where.

    `entries` are sorted by kind and subject, so that equal evidence has equal bytes. `resolvers` are the addresses that
    names were asked of; `seen_through` names what else stood between us and the internet (a connect map, a CA bundle).
    """

    tool: str
    at: datetime
    product: Product
    entries: tuple[Entry, ...]
    resolvers: tuple[str, ...] = ()
    seen_through: tuple[str, ...] = ()
    requests: tuple[RequestCount, ...] = ()
    questions: tuple[QuestionCount, ...] = ()
