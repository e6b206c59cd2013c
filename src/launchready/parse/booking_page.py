"""What a page offers to be booked: the start times that stand in it, and the calendars that it embeds.

Times are "valid global date and time strings" of the HTML standard (section 2.4.5.8), which name one moment.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from launchready.parse.html_tokens import EndTag, StartTag, tokenize

# https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#valid-global-date-and-time-string
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)

CAL: Final = "https://cal.com/"

CHOOSABLE: Final = frozenset({"a", "button", "label", "form", "select"})
"""Elements that a visitor chooses with: a time inside one is offered, and a time beside it is only told."""

CHOICES: Final = frozenset({"input", "button", "option"})
"""Elements whose value is what is chosen."""


def start_times(text: str) -> tuple[datetime, ...]:
    """The moments that a page lets a visitor choose, in UTC, sorted, each once; any text is a page."""
    return tuple(sorted({moment for written in _offered(text) if (moment := read_moment(written)) is not None}))


def embedded_urls(text: str) -> tuple[str, ...]:
    """What stands in the frames of a page, and in the attributes from which a script makes one, as written.

    These are Calendly's `data-url`, and Cal.com's `data-cal-link`, which is a path there.
    """
    return tuple(dict.fromkeys(_embedded(text)))


def read_moment(text: str) -> datetime | None:
    """A global date and time in UTC; None for any other text."""
    written = text.strip()
    if not _MOMENT.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February, or a moment before year 1 or after 9999 in UTC
        return None


def _offered(text: str) -> Iterator[str]:
    inside: list[str] = []
    for token in tokenize(text)[0]:
        match token:
            case StartTag(name, attributes) if name in CHOICES and "disabled" not in attributes:
                yield attributes.get("value", "")
            case StartTag("time", attributes) if inside:
                yield attributes.get("datetime", "")
            case _:
                pass
        match token:
            case StartTag(name, attributes) if name in CHOOSABLE and "disabled" not in attributes:
                inside.append(name)
            case EndTag(name) if name in inside:
                del inside[inside.index(name) :]
            case _:
                pass


def _embedded(text: str) -> Iterator[str]:
    for token in tokenize(text)[0]:
        if isinstance(token, StartTag):
            if token.name in {"iframe", "frame"} and token.attributes.get("src"):
                yield token.attributes["src"].strip()
            if token.attributes.get("data-url"):
                yield token.attributes["data-url"].strip()
            if token.attributes.get("data-cal-link"):
                yield CAL + token.attributes["data-cal-link"].strip().lstrip("/")
