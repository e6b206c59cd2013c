"""A received message: who it is from, where its links lead, what a template left in it. RFC 5322, MIME, RFC 8058."""

import binascii
import email.errors
import email.header
import email.message
import email.parser
import email.utils
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from launchready.parse.html_tokens import EndTag, StartTag, Text, tokenize

MAX_MESSAGE_BYTES: Final = 10 * 2**20
"""Many receivers refuse messages beyond 10 MiB; an onboarding mail has some 50 KB."""

MAX_HEADER_CHARS: Final = 8_192
"""The longest header field that is read; the standard library takes quadratic time over some hostile ones."""

MAX_LINES: Final = 200_000
"""Lines of a message: 10 MiB in base64 have 140,000. With MAX_PARTS it bounds the library's work, their product."""

MAX_PARTS: Final = 100
"""Parts that are looked at, and multiparts that are taken apart; an onboarding mail has two and a few images."""

MAX_FOUND: Final = 1_000
"""Links, and placeholders, that are kept: beyond a thousand a reader learns nothing new."""


class MailError(ValueError):
    """The bytes are no message that can be judged."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        from_address: The address of the first mailbox of From, as written; None where there is none.
        from_domain: Its domain in lower case; None where there is none.
        to: The addresses of To, as written.
        subject: Decoded and unfolded; None where there is none.
        date_text: Date as written; None where there is none.
        links: The http and https URLs of all text and HTML parts, in order, each once.
        has_text_part: Whether there is a text/plain part that is no attachment.
        has_html_part: Whether there is a text/html part that is no attachment.
        placeholders: What looks like a template's variable left in the subject, text or links, in order, each once.
        truncated: Whether it went beyond MAX_PARTS, MAX_FOUND or the limits of `html_tokens`, and was read up to there.
    """

    from_address: str | None
    from_domain: str | None
    to: tuple[str, ...]
    subject: str | None
    date_text: str | None
    links: tuple[str, ...]
    has_text_part: bool
    has_html_part: bool
    placeholders: tuple[str, ...]
    truncated: bool


def read_message(raw: bytes) -> Message:
    """Read one message as it was received.

    Raises:
        MailError: more than MAX_MESSAGE_BYTES, MAX_LINES or MAX_PARTS multiparts, no header field at all, a header
            field that matters longer than MAX_HEADER_CHARS, or attached messages or comments nested so deep that
            the standard library gives up.
    """
    if len(raw) > MAX_MESSAGE_BYTES:
        raise MailError(f"longer than {MAX_MESSAGE_BYTES} bytes")
    if max(raw.count(b"\n"), raw.count(b"\r")) > MAX_LINES:
        raise MailError(f"more than {MAX_LINES} lines")
    if raw.lower().count(b"multipart/") > MAX_PARTS:
        raise MailError(f"more than {MAX_PARTS} multiparts")
    try:
        return _read(raw)
    except RecursionError:
        raise MailError("parts, or comments in a header, are nested too deep") from None


def _read(raw: bytes) -> Message:
    message = email.parser.BytesParser().parsebytes(raw)
    headers = _Headers(message)
    parts = list(_body_parts(message))
    bodies = [_body(part) for part in parts[:MAX_PARTS]]
    subject = headers.first("subject")
    subject = None if subject is None else _decoded(subject)
    author = next(iter(headers.addresses("from")), None)
    links = _in_order(link for body in bodies for link in body.links if _WEB.match(link))
    placeholders = _in_order(_placeholders(subject or "", bodies))
    return Message(
        from_address=author,
        from_domain=author.rpartition("@")[2].lower() if author and "@" in author else None,
        to=headers.addresses("to"),
        subject=subject,
        date_text=headers.first("date"),
        links=links[:MAX_FOUND],
        has_text_part=any(not body.is_html for body in bodies),
        has_html_part=any(body.is_html for body in bodies),
        placeholders=placeholders[:MAX_FOUND],
        truncated=any(body.truncated for body in bodies)
        or len(parts) > MAX_PARTS
        or max(len(links), len(placeholders)) > MAX_FOUND,
    )


def _in_order(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


_LINE_ENDS: Final = re.compile(r"[\r\n]+")  # RFC 5322 section 2.2.3: unfolding removes them, and not the whitespace


class _Headers:
    """The header fields, as text: octets beyond ASCII are read as UTF-8 (RFC 6532)."""

    def __init__(self, message: email.message.Message) -> None:
        self._fields = [(name.lower(), str(value)) for name, value in message.raw_items()]
        if not self._fields:
            raise MailError("no header field")

    def all(self, name: str) -> list[str]:
        values = [value for field, value in self._fields if field == name]
        if any(len(value) > MAX_HEADER_CHARS for value in values):
            raise MailError(f"the header field {name} is longer than {MAX_HEADER_CHARS} characters")
        return [_LINE_ENDS.sub("", _as_utf8(value)).strip() for value in values]

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def addresses(self, name: str) -> tuple[str, ...]:
        return tuple(address for _, address in email.utils.getaddresses(self.all(name)) if address)


def _as_utf8(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(text: str) -> str:
    """Decode the encoded words of RFC 2047; text with one that is broken stays as it is."""
    try:
        pieces = email.header.decode_header(text)
    except (email.errors.HeaderParseError, binascii.Error, ValueError):
        return text
    return "".join(
        piece if isinstance(piece, str) else _in_charset(piece, charset or "utf-8") for piece, charset in pieces
    )


# The character sets mail is written in. Others are read as UTF-8: Python would also take names of codecs that are no
# character sets, and some of them are slow on purpose-made input.
_CHARSET: Final = re.compile(
    r"utf-?8|utf-16(?:le|be)?|(?:us-)?ascii|iso-8859-[0-9]{1,2}|latin-?1|(?:windows-|cp)125[0-8]|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)",
    re.IGNORECASE | re.ASCII,
)


def _in_charset(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", "replace")
    except LookupError:  # iso-8859-12 was never made
        return octets.decode("utf-8", "replace")


def _body_parts(message: email.message.Message) -> Iterator[email.message.Message]:
    """The text and HTML parts, in order, without attachments and attached messages."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
            continue
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, email.message.Message))
        elif part.get_content_type() in {"text/plain", "text/html"}:
            yield part


@dataclass(frozen=True, slots=True)
class _Body:
    """One part as a reader sees it: its text, and the targets of its links."""

    is_html: bool
    text: str
    links: tuple[str, ...]
    truncated: bool


def _body(part: email.message.Message) -> _Body:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    text = _in_charset(payload, charset) if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/html":
        return _html_body(text)
    return _Body(is_html=False, text=text, links=tuple(_urls(text)), truncated=False)


_UNSEEN: Final = frozenset({"script", "style", "title"})


def _html_body(html: str) -> _Body:
    tokens, truncated = tokenize(html)
    text: list[str] = []
    links: list[str] = []
    unseen: str | None = None
    for token in tokens:
        match token:
            case StartTag(name, attributes):
                unseen = name if name in _UNSEEN else unseen
                text.append(" ")
                if name in {"a", "area"} and "href" in attributes:
                    links.append(attributes["href"].strip())
            case EndTag(name):
                unseen = None if name == unseen else unseen
            case Text(run) if unseen is None:
                text.append(run)
    return _Body(is_html=True, text="".join(text), links=tuple(links), truncated=truncated)


_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_URL: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_CLOSERS: Final = ".,;:!?'"


def _urls(text: str) -> Iterator[str]:
    """URLs in running text, without the punctuation of the sentence around them."""
    for match in _URL.finditer(text):
        url = match[0].rstrip(_CLOSERS)
        if "(" not in url:
            url = url.partition(")")[0].rstrip(_CLOSERS)
        yield url


# What templates leave behind when nobody fills them in.
_PLACEHOLDER: Final = re.compile(
    r"\{\{[^{}\n]{1,100}\}\}"  # Handlebars, Mustache, Jinja, Liquid
    r"|\{%[^{}\n]{1,100}%\}"  # Jinja, Liquid, Django
    r"|\$\{[^{}\n]{1,100}\}"  # JavaScript, FreeMarker, shell
    r"|\{[A-Za-z_][A-Za-z0-9_.]{0,60}\}"  # Python, C#
    r"|<%[^<>\n]{1,100}%>"  # ERB, EJS
    r"|\*\|[A-Za-z0-9_:]{1,60}\|\*"  # Mailchimp
    r"|\[\[ ?[A-Za-z_][A-Za-z0-9_.]{0,60} ?\]\]"  # Thymeleaf, Mailjet
    r"|\[object Object\]"  # a JavaScript object put into text
    r"|\b(?:Hi|Hello|Hey|Dear|Welcome),? (?:undefined|null|None|NaN)\b"  # a variable without a value
)
_PERCENT_PLACEHOLDER: Final = re.compile(r"%{1,2}[A-Z][A-Z0-9_]{2,60}%{1,2}|%%[A-Za-z_]{2,60}%%")  # %FIRSTNAME%


def _placeholders(subject: str, bodies: Iterable[_Body]) -> Iterator[str]:
    yield from _left_in(subject)
    for body in bodies:
        yield from _left_in(body.text)
        for link in body.links:
            yield from _PLACEHOLDER.findall(link)


def _left_in(text: str) -> Iterator[str]:
    yield from _PLACEHOLDER.findall(text)
    # In a URL, percent signs are escapes.
    yield from _PERCENT_PLACEHOLDER.findall(_URL.sub(" ", text))
