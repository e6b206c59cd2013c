"""Tells what a visitor was told when the model failed: an error, a notice, an answer, or an apology in its place."""

import re
from typing import Final

MARKS: Final = re.compile(
    r"canned|fallback|fall_back|notice|degraded|unavailable|offline|stand_?in|interrupted|incomplete", re.IGNORECASE
)
"""Names of fields, events and headers that say: this is none of the model's answers."""

APOLOGIES: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|went wrong|try again|unavailable|can(?:'|\u2019)?t be reached|cannot be reached"
    r"|not available|an error (?:has )?occurr?ed|having trouble|technical (?:problem|difficult\w+|issue)"
    r"|tut mir leid|entschuldigung|versuchen sie es|d\u00e9sol\u00e9|r\u00e9essayez|lo siento|int\u00e9ntalo)\b",
    re.IGNORECASE,
)
"""Words of somebody who has no answer, in the languages of most customers. They say nothing alone: a marked notice uses
them too."""

MAX_LOOKED_AT: Final = 2_000
"""Characters in which an apology stands; a longer text is an answer."""

CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{2,59}")


def is_marked(others: tuple[str, ...], headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether something beside the words says that they stand in for an answer.

    Args:
        others: what came besides, each `KEY: TEXT`.
        headers: of the answer.
    """
    keys = [other.partition(": ")[0] for other in others]
    named = [name for name, _ in headers if name.startswith("x-")]
    kinds = [
        other.partition(": ")[2] for other in others if other.partition(": ")[0].endswith(("type", "kind", "source"))
    ]
    return any(MARKS.search(text) for text in (*keys, *named, *kinds))


def is_apology(text: str) -> bool:
    """Whether a text apologises for having no answer."""
    return len(text) <= MAX_LOOKED_AT and APOLOGIES.search(text) is not None


def code_in(texts: tuple[str, ...]) -> str:
    """The name of an error among `KEY: TEXT`, where a key ends in `code`, `type` or `error`; empty where none is."""
    for ending in ("code", "type", "error"):
        for other in texts:
            key, _, text = other.partition(": ")
            if key.rpartition(".")[2] == ending and CODE.fullmatch(text):
                return text
    return ""


def message_in(texts: tuple[str, ...]) -> str:
    """The sentence of an error among `KEY: TEXT`; empty where there is none."""
    for ending in ("message", "detail", "error", "errorText", "body"):
        for other in texts:
            key, _, text = other.partition(": ")
            if key.rpartition(".")[2] == ending and " " in text.strip():
                return text.strip()
    return ""
