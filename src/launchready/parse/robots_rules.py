"""What a page asks of search engines: `meta name=robots` and X-Robots-Tag, which no RFC specifies.

Google's description is what the others follow: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
"""

from collections.abc import Iterable, Iterator
from typing import Final

from launchready.parse.html_tokens import StartTag, tokenize

EVERYBODY: Final = "robots"
"""The name that stands for every search engine."""

_WITH_VALUE: Final = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_HIDES: Final = frozenset({"noindex", "none"})


def hidden_by_header(values: Iterable[str]) -> tuple[str, ...]:
    """For whom X-Robots-Tag keeps a page out of search, in lower case and order, each once.

    A name before a colon is for all rules behind it, up to the next name.

    Args:
        values: of all lines of the header.
    """
    found: dict[str, None] = {}
    for value in values:
        agent = EVERYBODY
        for part in value.lower().split(","):
            name, colon, rest = part.partition(":")
            names_agent = bool(colon) and name.strip() not in _WITH_VALUE
            agent = name.strip() if names_agent else agent
            if (rest if names_agent else part).strip() in _HIDES:
                found[agent] = None
    return tuple(found)


def hidden_by_page(html: str) -> tuple[str, ...]:
    """For whom the page's `meta` elements keep it out of search; any other name than a crawler's counts for nobody."""
    return tuple(dict.fromkeys(_hidden_names(html)))


def _hidden_names(html: str) -> Iterator[str]:
    tokens, _ = tokenize(html)
    for token in tokens:
        if isinstance(token, StartTag) and token.name == "meta":
            name = token.attributes.get("name", "").strip().lower()
            rules = {rule.strip() for rule in token.attributes.get("content", "").lower().split(",")}
            if name and rules & _HIDES:
                yield name
