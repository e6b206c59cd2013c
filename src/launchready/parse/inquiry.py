"""Questions to the DNS from evaluators that can't ask: they yield a question and are sent its answer.

Whoever drives one decides how to look: a probe with its DNS client, a test with a dictionary.

    inquiry = check_host("192.0.2.1", "a@example.com", "mx.example.com")
    question = next(inquiry)
    while True:
        question = inquiry.send(answer_to(question))    # StopIteration.value is the outcome

`answered` is that loop for those whose look-up is a plain function.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

import idna

MAX_NAME_CHARS: Final = 253
"""The longest domain name as text: 255 octets on the wire (RFC 1035 section 2.3.4), two of which are not shown."""

MAX_LABEL_CHARS: Final = 63
"""The longest label (RFC 1035 section 2.3.4)."""


class Status(Enum):
    """What became of a question; after a CNAME it speaks of the end of the chain."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    TEMPFAIL = "tempfail"  # no answer, or one that says nothing of the name: a timeout, SERVFAIL, REFUSED


@dataclass(frozen=True, slots=True)
class Question:
    """One question: a name in lower case without the last dot, and a type such as "TXT"."""

    name: str
    rtype: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whose records are empty unless the status is ANSWER.

    The strings of a TXT record are joined, each octet the character of the same number; an MX record is
    "10 mail.example.com"; names have no last dot but for the root, which is "."; addresses are as usual.
    """

    status: Status
    records: tuple[str, ...] = ()


Result = TypeVar("Result")
Inquiry = Generator[Question, Answer, Result]
"""What an evaluator returns: it yields questions, is sent answers and returns its result."""

Lookup = Callable[[str, str], Answer]
"""Answers a name and a type at once."""


def answered(inquiry: Inquiry[Result], lookup: Lookup) -> Result:
    """Drive an evaluator to its end with a look-up that answers at once."""
    try:
        question = next(inquiry)
        while True:
            question = inquiry.send(lookup(question.name, question.rtype))
    except StopIteration as end:
        result: Result = end.value
        return result


def as_a_labels(domain: str) -> str:
    """A domain in A-labels, without the last dot (RFC 8616 section 4, RFC 5890); unchanged where it has none."""
    domain = domain.removesuffix(".")
    if domain.isascii() or len(domain) > MAX_NAME_CHARS:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def is_name(name: str) -> bool:
    """Whether a text can be asked for at all: labels of 1 to 63 octets, 253 in sum, no last dot (RFC 1035).

    Any printable ASCII will do, as macros may make such names; control characters are for nobody's zone.
    """
    return (
        len(name) <= MAX_NAME_CHARS
        and name.isascii()
        and name.isprintable()
        and all(0 < len(label) <= MAX_LABEL_CHARS for label in name.split("."))
    )
