"""What a visitor meets on an HTML page: title, links, forms and assets. It runs no script.

The meaning of elements follows the HTML standard (https://html.spec.whatwg.org/).
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.html_tokens import EndTag, StartTag, Text, Token, tokenize

MAX_EXCERPT_CHARS: Final = 4_000
"""How much of the visible text is kept: enough to recognise a page, or an error on it, by."""

MAX_LABEL_CHARS: Final = 300
"""How much of a title or of a link's text is kept."""

MAX_PAGES_REMEMBERED: Final = 24
"""Pages whose reading is kept, by their text: those that the looks at a few hosts have in hands at the same time."""


class AssetKind(Enum):
    """What a page loads."""

    SCRIPT = "script"
    STYLE = "style"
    IMAGE = "image"
    MEDIA = "media"
    FRAME = "frame"
    PLUGIN = "plugin"
    ICON = "icon"
    PRELOAD = "preload"


@dataclass(frozen=True, slots=True)
class PageLink:
    """An `a` or `area` with a target: the target as written, and its text with whitespace collapsed."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Asset:
    """Something the page loads.

    Active is what browsers block on a page under TLS when it comes by plain HTTP (Mixed Content, section 4): all
    but images, audio and video, and icons. An image of a `srcset` or a `picture` is blocked, too. `nonce` is what the
    element shows a policy, and `has_integrity` whether it names the hash that the file must have.
    """

    url: str
    kind: AssetKind
    is_active: bool
    nonce: str = ""
    has_integrity: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """One control that has a name and is not disabled.

    Attributes:
        name: What it is submitted as.
        type: In lower case: an input's or button's type, "select" or "textarea".
        value: What is submitted untouched: a select's chosen or first option, "on" for a bare checkbox.
        checked: For a checkbox or radio button, whether it is submitted at all.
        required: Whether the browser insists on an answer.
    """

    name: str
    type: str
    value: str
    checked: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `action` is as written, empty for the page's own URL; `method` is "get", "post" or "dialog"."""

    action: str
    method: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as written; no URL is resolved.

    Attributes:
        title: The first `title`; None where there is none.
        links: All `a` and `area` with a target, in order.
        forms: All forms, in order. Controls tied to one by the `form` attribute alone are not seen.
        assets: All that the page loads, in order.
        canonical: The first `link rel=canonical`; None where there is none.
        robots: The contents of all `meta name=robots` in lower case, joined by ", "; None where there is none.
        base_href: The first `base href`, which relative URLs start from; None where there is none.
        refresh: The content of the first `meta http-equiv=refresh`; None where there is none.
        policies: The contents of all `meta http-equiv=content-security-policy`, in order.
        submits_to: Where buttons send their form instead of its action (`formaction`), in order.
        scripts: The text of each script that stands in the page itself, in order.
        styles: The text of each `style` element, in order.
        style_attributes: The content of each `style` attribute, in order.
        text_excerpt: The first MAX_EXCERPT_CHARS of the text outside the title, scripts and styles, whitespace
            collapsed.
        truncated: Whether the page went beyond a limit of `html_tokens`, and was read up to there.
    """

    title: str | None
    links: tuple[PageLink, ...]
    forms: tuple[Form, ...]
    assets: tuple[Asset, ...]
    canonical: str | None
    robots: str | None
    base_href: str | None
    refresh: str | None
    policies: tuple[str, ...]
    submits_to: tuple[str, ...]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    style_attributes: tuple[str, ...]
    text_excerpt: str
    truncated: bool


@functools.lru_cache(maxsize=MAX_PAGES_REMEMBERED)
def read_page(text: str) -> Page:
    """Read any text as HTML, which has no syntax errors; time is linear in its length. Several looks read one page."""
    tokens, truncated = tokenize(text)
    meta = [tag.attributes for tag in _starts(tokens, "meta")]
    loaded = list(_outside(tokens, _LOADS_NOTHING))
    return Page(
        title=_title(tokens),
        links=tuple(_links(tokens)),
        forms=tuple(_forms(tokens)),
        assets=tuple(_all_assets(loaded)),
        canonical=_first(tag.attributes["href"] for tag in _starts(tokens, "link") if "canonical" in _link_kinds(tag)),
        robots=_robots(meta),
        base_href=_first(tag.attributes["href"] for tag in _starts(tokens, "base") if "href" in tag.attributes),
        refresh=_first(tag.get("content", "") for tag in meta if tag.get("http-equiv", "").lower() == "refresh"),
        policies=tuple(tag.get("content", "") for tag in meta if _is_policy(tag)),
        submits_to=tuple(tag.attributes["formaction"].strip() for tag in _starts(tokens) if _submits_elsewhere(tag)),
        scripts=tuple(_texts_in(loaded, "script", lambda tag: "src" not in tag.attributes and _is_script(tag))),
        styles=tuple(_texts_in(loaded, "style", lambda _tag: True)),
        style_attributes=tuple(tag.attributes["style"] for tag in _starts(loaded) if tag.attributes.get("style")),
        text_excerpt=_excerpt(tokens),
        truncated=truncated,
    )


class _Label:
    """Text gathered up to a limit, so that a hostile page costs no more than an honest one."""

    _WHITESPACE_ALLOWANCE: Final = 16  # markup is indented: so many characters are looked at for each one kept

    def __init__(self, limit_chars: int) -> None:
        self._limit_chars = limit_chars
        self._parts: list[str] = []
        self._room = limit_chars * self._WHITESPACE_ALLOWANCE

    def add(self, text: str) -> None:
        if self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)

    def __str__(self) -> str:
        return " ".join("".join(self._parts).split())[: self._limit_chars]


def _starts(tokens: Iterable[Token], name: str | None = None) -> Iterator[StartTag]:
    return (token for token in tokens if isinstance(token, StartTag) and name in {None, token.name})


_LOADS_NOTHING: Final = frozenset({"noscript", "template"})
"""Elements whose content a browser that runs scripts does not show, so that nothing in them is loaded."""


def _outside(tokens: Iterable[Token], names: frozenset[str]) -> Iterator[Token]:
    """The tokens that stand in none of these elements."""
    inside: list[str] = []
    for token in tokens:
        if isinstance(token, EndTag) and token.name in inside:
            while inside.pop() != token.name:
                pass
        elif isinstance(token, StartTag) and token.name in names:
            inside.append(token.name)
        elif not inside:
            yield token


def _texts_in(tokens: Iterable[Token], name: str, wanted: Callable[[StartTag], bool]) -> Iterator[str]:
    """The texts of the elements of one name that are wanted."""
    pieces: list[str] | None = None
    for token in tokens:
        match token:
            case StartTag(found):
                pieces = [] if found == name and wanted(token) else None
            case Text(text) if pieces is not None:
                pieces.append(text)
            case EndTag(found) if found == name and pieces is not None:
                yield "".join(pieces)
                pieces = None
    if pieces is not None:
        yield "".join(pieces)


def _is_policy(meta: Mapping[str, str]) -> bool:
    return meta.get("http-equiv", "").lower() == "content-security-policy"


def _submits_elsewhere(tag: StartTag) -> bool:
    return tag.name in {"button", "input"} and bool(tag.attributes.get("formaction", "").strip())


_SCRIPT_TYPES: Final = re.compile(
    r"|module|(?:text|application)/(?:x-)?(?:java|ecma|j|live)script(?:1\.[0-5])?", re.IGNORECASE
)


def _is_script(tag: StartTag) -> bool:
    """Whether a browser runs a `script` (HTML standard, section 4.12.1); of another type, it is data."""
    return _SCRIPT_TYPES.fullmatch(tag.attributes.get("type", "").strip()) is not None


def _first(found: Iterator[str]) -> str | None:
    return next(found, None)


def _title(tokens: Iterable[Token]) -> str | None:
    title: _Label | None = None
    for token in tokens:
        match token:
            case StartTag("title") if title is None:
                title = _Label(MAX_LABEL_CHARS)
            case Text(text) if title is not None:
                title.add(text)
            case EndTag("title") if title is not None:
                break
    return None if title is None else str(title)


def _robots(meta: Iterable[Mapping[str, str]]) -> str | None:
    rules = [tag.get("content", "").lower() for tag in meta if tag.get("name", "").lower() == "robots"]
    return ", ".join(rules) if rules else None


def _links(tokens: Iterable[Token]) -> Iterator[PageLink]:
    href: str | None = None
    label = _Label(MAX_LABEL_CHARS)
    for token in tokens:
        match token:
            case StartTag("area", attributes) if "href" in attributes:
                yield PageLink(attributes["href"], attributes.get("alt", ""))
            case StartTag("a", attributes):
                if href is not None:
                    yield PageLink(href, str(label))
                href, label = attributes.get("href"), _Label(MAX_LABEL_CHARS)
            case StartTag("img", attributes):
                label.add(f" {attributes.get('alt', '')} ")
            case StartTag(name) | EndTag(name) if name != "a":
                label.add("" if name in _KEEPS_TEXT_TOGETHER else " ")
            case Text(text):
                label.add(text)
            case EndTag("a") if href is not None:
                yield PageLink(href, str(label))
                href = None
    if href is not None:
        yield PageLink(href, str(label))


def _link_kinds(tag: StartTag) -> frozenset[str]:
    """The words of `rel` of a `link` that has a target, in lower case."""
    return frozenset(tag.attributes.get("rel", "").lower().split()) if "href" in tag.attributes else frozenset()


_SRC_ASSETS: Final = {
    "script": (AssetKind.SCRIPT, True),
    "img": (AssetKind.IMAGE, False),
    "audio": (AssetKind.MEDIA, False),
    "video": (AssetKind.MEDIA, False),
    "source": (AssetKind.MEDIA, False),
    "track": (AssetKind.MEDIA, True),
    "iframe": (AssetKind.FRAME, True),
    "frame": (AssetKind.FRAME, True),
    "embed": (AssetKind.PLUGIN, True),
}
_OTHER_ASSETS: Final = {
    "video": (("poster", AssetKind.IMAGE, False),),
    "object": (("data", AssetKind.PLUGIN, True),),
    "body": (("background", AssetKind.IMAGE, False),),
    "image": (("href", AssetKind.IMAGE, False), ("xlink:href", AssetKind.IMAGE, False)),
    "feimage": (("href", AssetKind.IMAGE, False), ("xlink:href", AssetKind.IMAGE, False)),
}
_LINK_ASSETS: Final = {
    "stylesheet": (AssetKind.STYLE, True),
    "modulepreload": (AssetKind.SCRIPT, True),
    "preload": (AssetKind.PRELOAD, True),
    "icon": (AssetKind.ICON, False),
    "apple-touch-icon": (AssetKind.ICON, False),
}


def _all_assets(tokens: Iterable[Token]) -> Iterator[Asset]:
    in_picture = False
    for token in tokens:
        if isinstance(token, StartTag):
            in_picture |= token.name == "picture"
            for asset in _assets(token):
                chosen = in_picture and asset.kind is AssetKind.IMAGE
                nonce, has_integrity = token.attributes.get("nonce", ""), bool(token.attributes.get("integrity"))
                yield Asset(asset.url, asset.kind, asset.is_active or chosen, nonce, has_integrity)
        elif isinstance(token, EndTag) and token.name == "picture":
            in_picture = False


def _assets(tag: StartTag) -> Iterator[Asset]:
    """What one element loads. An empty URL loads nothing."""
    attributes = tag.attributes
    if tag.name in _SRC_ASSETS and attributes.get("src") and (tag.name != "script" or _is_script(tag)):
        yield Asset(attributes["src"], *_SRC_ASSETS[tag.name])
    if tag.name in {"img", "source"}:
        for url in _srcset(attributes.get("srcset", "")):
            yield Asset(url, AssetKind.IMAGE, is_active=True)
    for name, kind, is_active in _OTHER_ASSETS.get(tag.name, ()):
        if attributes.get(name):
            yield Asset(attributes[name], kind, is_active)
    if tag.name == "input" and attributes.get("type", "").lower() == "image" and attributes.get("src"):
        yield Asset(attributes["src"], AssetKind.IMAGE, is_active=False)
    if tag.name == "link" and attributes.get("href"):
        found = next((found for rel, found in _LINK_ASSETS.items() if rel in _link_kinds(tag)), None)
        if found is not None:
            yield Asset(attributes["href"], *found)


_CANDIDATE: Final = re.compile(r"[,\s]*(\S+)")
_DESCRIPTORS: Final = re.compile(r"(?:[^,(]|\([^)]*(?:\)|\Z))*,?")


def _srcset(text: str) -> Iterator[str]:
    """The URLs of a srcset (HTML standard, section 4.8.4.2.2): a comma ends a candidate, but not inside a URL."""
    at = 0
    while (candidate := _CANDIDATE.match(text, at)) is not None:
        url, at = candidate[1], candidate.end()
        if not url.endswith(","):
            descriptors = _DESCRIPTORS.match(text, at)
            at = descriptors.end() if descriptors else len(text)
        if url.rstrip(","):
            yield url.rstrip(",")


def _excerpt(tokens: Iterable[Token]) -> str:
    excerpt = _Label(MAX_EXCERPT_CHARS)
    hidden: str | None = None
    for token in tokens:
        match token:
            case StartTag(name) if hidden is None:
                hidden = name if name in _HIDDEN else None
                excerpt.add("" if name in _KEEPS_TEXT_TOGETHER else " ")
            case EndTag(name):
                hidden = None if name == hidden else hidden
                excerpt.add("" if name in _KEEPS_TEXT_TOGETHER else " ")
            case Text(text) if hidden is None:
                excerpt.add(text)
    return str(excerpt)


_HIDDEN: Final = frozenset({"title", "script", "style", "template", "textarea"})
_KEEPS_TEXT_TOGETHER: Final = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark"}
    | {"q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)


def _forms(tokens: Iterable[Token]) -> Iterator[Form]:
    """Forms don't nest: a start tag inside a form is ignored (HTML standard, section 13.2.6.4.7)."""
    reader: _FormReader | None = None
    for token in tokens:
        if reader is None:
            if isinstance(token, StartTag) and token.name == "form":
                reader = _FormReader(token.attributes)
        elif isinstance(token, EndTag) and token.name == "form":
            yield reader.form()
            reader = None
        else:
            reader.take(token)
    if reader is not None:
        yield reader.form()


_METHODS: Final = frozenset({"get", "post", "dialog"})


class _FormReader:
    """Reads the controls of one form."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._action = attributes.get("action", "").strip()
        method = attributes.get("method", "").strip().lower()
        self._method = method if method in _METHODS else "get"
        self._fields: list[FormField] = []
        self._area: StartTag | None = None
        self._select: StartTag | None = None
        self._options: list[_Option] = []
        self._text: list[str] = []

    def form(self) -> Form:
        self._close_area()
        self._close_select()
        return Form(self._action, self._method, tuple(self._fields))

    def take(self, token: Token) -> None:
        match token:
            case StartTag("input", attributes):
                kind = attributes.get("type", "").lower() or "text"
                default = "on" if kind in {"checkbox", "radio"} else ""
                self._keep(token, kind, attributes.get("value", default))
            case StartTag("button", attributes):
                self._keep(token, attributes.get("type", "").lower() or "submit", attributes.get("value", ""))
            case StartTag("textarea"):
                self._area, self._text = token, []
            case StartTag("select"):
                self._close_select()
                self._select, self._options = token, []
            case StartTag("option", attributes) if self._select is not None:
                self._text = []
                self._options.append(_Option(attributes.get("value"), "selected" in attributes, self._text))
            case Text(text):
                self._text.append(text)
            case EndTag("textarea"):
                self._close_area()
            case EndTag("select"):
                self._close_select()

    def _keep(self, tag: StartTag, kind: str, value: str) -> None:
        name = tag.attributes.get("name", "")
        if name and "disabled" not in tag.attributes:
            checked, required = "checked" in tag.attributes, "required" in tag.attributes
            self._fields.append(FormField(name, kind, value, checked=checked, required=required))

    def _close_area(self) -> None:
        if self._area is not None:
            # The newline right after the tag is not content (HTML standard, section 13.1.2.5).
            self._keep(self._area, "textarea", "".join(self._text).removeprefix("\n"))
            self._area = None

    def _close_select(self) -> None:
        if self._select is not None:
            chosen = next((option for option in self._options if option.selected), None)
            shown = chosen or next(iter(self._options), None)
            self._keep(self._select, "select", "" if shown is None else shown.submitted())
            self._select = None


@dataclass(frozen=True, slots=True)
class _Option:
    value: str | None
    selected: bool
    text: list[str]

    def submitted(self) -> str:
        return " ".join("".join(self.text).split()) if self.value is None else self.value
