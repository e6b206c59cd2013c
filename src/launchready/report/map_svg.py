"""The routing map as a picture: one card for each name, read from top to bottom like a line of stations.

It needs nothing else (no script, no font, no request), is as wide as a phone, and follows the reader's dark mode; on
paper it is light. Text from a target is made harmless and escaped.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Final

from launchready.report.routing_map import MARK_SIGN, Route, RoutingMap

WIDTH: Final = 420
"""Units, which are pixels where it is not scaled: the width of a phone."""

EDGE: Final = 16
INSIDE: Final = 18
RAIL_X: Final = EDGE + INSIDE + 7
TEXT_X: Final = RAIL_X + 22
LINE: Final = 19
GAP: Final = 16
"""Measures of a card, in units."""

UNITS_A_LETTER: Final = 8.2
"""A wide guess for 14 units of a common sans serif: a line breaks too early rather than run over the edge."""

MAX_LINES: Final = 4
"""Lines that one value gets; the rest is said to be left out."""

MAX_SENTENCE_LINES: Final = 10
"""Lines of a sentence about redirects: two origins of the longest names that DNS allows."""

_STYLE: Final = """
.page{fill:#faf9f6}.card{fill:#fff;stroke:#d9d6cc}.name{fill:#1c1b18;font-weight:600;font-size:17px}
.label{fill:#6a675e;font-size:12px}.value{fill:#1c1b18;font-size:14px}.title{fill:#1c1b18;font-weight:600;font-size:20px}
.rail{stroke:#b9b5a8;stroke-width:2}.stop{fill:#fff;stroke:#6a675e;stroke-width:2}
.good{fill:#17633a}.bad{fill:#a3200d}.open{fill:#7a5200}
.chip-good{fill:#e3f3e8}.chip-bad{fill:#fbe6e2}.chip-open{fill:#f8eed3}.state{font-size:14px;font-weight:600}
@media (prefers-color-scheme:dark){.page{fill:#161614}.card{fill:#20201d;stroke:#3a3934}
.name,.value,.title{fill:#f1efe8}.label{fill:#a9a698}.rail{stroke:#55534b}.stop{fill:#20201d;stroke:#a9a698}
.good{fill:#8fdcab}.bad{fill:#ffab9c}.open{fill:#f0cd7a}
.chip-good{fill:#17331f}.chip-bad{fill:#421a13}.chip-open{fill:#3a2e10}}
@media print{.page{fill:#fff}.card{fill:#fff;stroke:#999}.name,.value,.title{fill:#000}.label{fill:#444}
.rail{stroke:#999}.stop{fill:#fff;stroke:#444}.good{fill:#0f4d2b}.bad{fill:#8a1406}.open{fill:#5e3f00}
.chip-good,.chip-bad,.chip-open{fill:#f2f2f2}}
"""

# What XML 1.0 does not allow even as a reference (section 2.2); the rest of what is unsafe is visible by now.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Drawing:
    """Elements so far, and where the next one begins."""

    y: float
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, text: str, style: str) -> None:
        self.parts.append(f'<text x="{x:g}" y="{self.y:g}" class="{style}">{_safe(text)}</text>')


def render_map_svg(seen: RoutingMap) -> str:
    """The map as SVG; equal maps have equal bytes."""
    drawing = _Drawing(EDGE + 22)
    for line in _wrapped(f"Where the names of {seen.product} lead", WIDTH - 2 * EDGE, 1.5):
        drawing.text(EDGE, line, "title")
        drawing.y += 26
    drawing.y -= 4
    drawing.text(EDGE, f"As seen on {seen.at}", "label")
    drawing.y += GAP
    for route in seen.routes:
        _card(drawing, route)
    _sentences(drawing, "What visitors experience", [rule.replace("`", "") for rule in seen.rules])
    _sentences(drawing, "What could not be seen", list(seen.unseen))
    height = drawing.y + EDGE
    about = "; ".join(f"{route.name}: {route.status}" for route in seen.routes)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img" aria-labelledby="title about" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif">'
    )
    names = f'<title id="title">Routing map of {_safe(seen.product)}</title><desc id="about">{_safe(about)}</desc>'
    page = f'<rect class="page" width="{WIDTH}" height="{height:g}"/>'
    return "\n".join([head, names, f"<style>{_STYLE}</style>", page, *drawing.parts, "</svg>"]) + "\n"


def _card(drawing: _Drawing, route: Route) -> None:
    """A card: the name with its state, then a rail with one stop for each place on the way."""
    top = drawing.y
    inside = _Drawing(top + 28)
    for line in _wrapped(route.name, WIDTH - 2 * (EDGE + INSIDE), 1.33):
        inside.text(EDGE + INSIDE, line, "name")
        inside.y += 21
    for line in _wrapped(f"{route.purpose} · looked after by: {route.owner}", WIDTH - 2 * (EDGE + INSIDE), 0.9):
        inside.text(EDGE + INSIDE, line, "label")
        inside.y += 16
    inside.y += 8
    _chip(inside, route)
    first = inside.y + 6
    last = first
    for label, values in _stops(route):
        last = inside.y + 6
        inside.parts.append(f'<circle class="stop" cx="{RAIL_X}" cy="{last:g}" r="6"/>')
        inside.y += 4
        inside.text(TEXT_X, label, "label")
        for line in values:
            inside.y += LINE
            inside.text(TEXT_X, line, "value")
        inside.y += 22
    rail = f'<line class="rail" x1="{RAIL_X}" y1="{first:g}" x2="{RAIL_X}" y2="{last:g}"/>'
    bottom = inside.y - 8
    drawing.parts.append(
        f'<rect class="card" x="{EDGE}" y="{top:g}" width="{WIDTH - 2 * EDGE}" height="{bottom - top:g}" rx="10"/>'
    )
    drawing.parts += [rail, *inside.parts]
    drawing.y = bottom + GAP


def _chip(drawing: _Drawing, route: Route) -> None:
    """The state in words on a coloured ground; the sign says it without colour."""
    lines = _wrapped(f"{MARK_SIGN[route.mark]} {route.status}", WIDTH - 2 * (EDGE + INSIDE) - 20, 1.1)
    height = len(lines) * LINE + 9
    drawing.parts.append(
        f'<rect class="chip-{route.mark}" x="{EDGE + INSIDE}" y="{drawing.y - 12:g}" '
        f'width="{WIDTH - 2 * (EDGE + INSIDE)}" height="{height}" rx="6"/>'
    )
    drawing.y += 6
    for line in lines:
        drawing.text(EDGE + INSIDE + 10, line, f"state {route.mark}")
        drawing.y += LINE
    drawing.y += 8


def _stops(route: Route) -> Iterator[tuple[str, list[str]]]:
    """Labels and lines, in the order of a visitor's way."""
    width = WIDTH - EDGE - INSIDE - TEXT_X
    yield "The name points to", [line for record in route.records for line in _wrapped(record, width)]
    yield "In between (edge)", _wrapped(route.edge, width)
    yield "Where pages are made (server)", _wrapped(route.server, width)
    if route.leads_to:
        yield "Visitors go on to", _wrapped(route.leads_to, width)


def _sentences(drawing: _Drawing, heading: str, sentences: list[str]) -> None:
    if not sentences:
        return
    drawing.y += 22
    drawing.text(EDGE, heading, "name")
    drawing.y += 8
    for sentence in sentences:
        drawing.y += 6
        for line in _wrapped(sentence, WIDTH - 2 * EDGE, most=MAX_SENTENCE_LINES):
            drawing.y += LINE
            drawing.text(EDGE, line, "value")
    drawing.y += 14


def _wrapped(text: str, width: float, scale: float = 1.0, most: int = MAX_LINES) -> list[str]:
    """Lines that fit a width; a word that is longer than a line is cut into pieces."""
    room = max(1, int(width / (UNITS_A_LETTER * scale)))
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, room):
            joined = f"{lines[-1]} {piece}".strip()
            if _columns(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(piece)
    kept = [line for line in lines if line] or ["-"]
    return kept if len(kept) <= most else [*kept[: most - 1], f"{kept[most - 1]} …"]


def _pieces(word: str, room: int) -> Iterator[str]:
    """A word in pieces that fit; a name is cut behind a dot or hyphen where one stands in the latter half."""
    piece = ""
    for letter in word:
        if _columns(piece + letter) > room:
            cut = max(piece.rfind("."), piece.rfind("-")) + 1
            cut = cut if cut > len(piece) // 2 else len(piece)
            yield piece[:cut]
            piece = piece[cut:]
        piece += letter
    yield piece


def _columns(text: str) -> int:
    """Widths of letters, in those of Latin ones: ideographs take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _safe(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))
