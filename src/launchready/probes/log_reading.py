"""Look for private words in what a log got, and for the answers to three questions. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus

from launchready.facts.product_logs import Debugging, LoggedWords
from launchready.net.http_message import HttpResponse
from launchready.parse.rfc9110 import CLIENT_ERROR
from launchready.parse.spellings import spellings
from launchready.probes.log_files import Appended

ID_HEADERS: Final = (
    "x-request-id", "request-id", "x-correlation-id", "x-trace-id", "x-amzn-trace-id", "x-amz-request-id",
    "fly-request-id", "x-vercel-id", "cf-ray", "traceparent",
)  # fmt: skip
"""Response headers in which products and platforms name a request, their own first."""

MIN_MARK_CHARS: Final = 6
"""A shorter text in two lines is a word or a number, and no mark of a visitor."""

TRACE_ID: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, section 3.2: logs hold the part in the middle."""

_TOKEN: Final = re.compile(r"[^\s\"'=,;(){}\[\]]+")
_WHO: Final = re.compile(
    r"(?:user|client|session|customer|account|visitor|remote|uid|sub)[\w.-]*\"?\s*[=:]\s*\"?[\w:.-]{6,}", re.IGNORECASE
)
_WENT_WRONG: Final = re.compile(r"\berror|\bfail|exception|traceback|denied|refused|invalid|bad_|wrong", re.IGNORECASE)
_LOG_IN: Final = re.compile(r"log-?in|auth|sign-?in|session", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Private:
    """Something that no log may hold: what it is in words, and the text that is searched, which nothing shows."""

    what: str
    text: str = field(repr=False)


def leaks_in(appended: Iterable[Appended], private: Iterable[Private]) -> Iterator[LoggedWords]:
    """Each private text once per file, by the first spelling that is found."""
    searched = [(one, list(_spellings(one.text))) for one in private]
    for piece in appended:
        lowered = piece.data.lower()
        for one, forms in searched:
            found = _first(piece.data, lowered, forms)
            if found is not None:
                place, spelling = found
                yield LoggedWords(one.what, piece.file, piece.data.count(b"\n", 0, place) + 1, spelling)


def _spellings(text: str) -> Iterator[tuple[str, bytes]]:
    for name, forms in spellings(text).items():
        yield from ((name, form) for form in forms)
    for form in {quote(text, safe=""), quote_plus(text)} - {text}:
        yield "URL-escapes", form.encode()
    if text.isdigit():
        fours = [text[start : start + 4] for start in range(0, len(text), 4)]
        yield from (("plain", glue.join(fours).encode()) for glue in (" ", "-"))


def _first(data: bytes, lowered: bytes, forms: Iterable[tuple[str, bytes]]) -> tuple[int, str] | None:
    for spelling, form in forms:
        place = lowered.find(form.lower()) if spelling == "plain" else data.find(form)
        if place >= 0:
            return place, spelling
    return None


def request_id_of(answer: HttpResponse, log: bytes) -> tuple[str, str]:
    """Header and id of a request, one whose id stands in the log before others; empty where no answer carries one."""
    found = [(name, _id_in(value)) for name in ID_HEADERS for value in answer.values(name) if value.strip()]
    logged = [pair for pair in found if pair[1].encode() in log]
    return next(iter([*logged, *found]), ("", ""))


def _id_in(value: str) -> str:
    trace = TRACE_ID.fullmatch(value.strip())
    return trace[1] if trace else value.strip()


def lines_with(request_id: str, log: bytes) -> list[str]:
    """The lines that hold an id."""
    wanted = request_id.encode()
    return [line.decode("utf-8", "replace") for line in log.splitlines() if wanted and wanted in line]


def questions(
    log: bytes, failed: HttpResponse, same_visitor: HttpResponse, others: tuple[HttpResponse, ...]
) -> Debugging:
    """Which request failed, whose was it, and why?

    Args:
        log: what was appended.
        failed: a visitor's request that was answered with an error.
        same_visitor: another request of theirs, to another page.
        others: requests of somebody else to the same two pages.
    """
    lines = _lines_of(failed, log)
    if not lines:
        return Debugging(which=False, who=False, why=False)
    mine = _tokens(lines) & _tokens(_lines_of(same_visitor, log))
    theirs = _tokens(line for other in others for line in _lines_of(other, log))
    named = any(_WHO.search(line) for line in lines)
    told = any(_tells_outcome(line, failed.status) for line in lines)
    return Debugging(which=True, who=named or bool(mine - theirs), why=told)


def failed_login_told(log: bytes, failed: HttpResponse) -> bool:
    """Whether a line tells that the log-in failed: one with its id where there are some, else one about log-ins."""
    about = [line for line in log.decode("utf-8", "replace").splitlines() if _LOG_IN.search(line)]
    of_log_in = _lines_of(failed, log) or about
    return any(_tells_outcome(line, failed.status) for line in of_log_in)


def _tells_outcome(line: str, status: int) -> bool:
    has_status = status >= CLIENT_ERROR and re.search(rf"(?<![\w.]){status}(?![\w.])", line)
    return bool(has_status or _WENT_WRONG.search(line))


def _lines_of(answer: HttpResponse, log: bytes) -> list[str]:
    return lines_with(request_id_of(answer, log)[1], log)


def _tokens(lines: Iterable[str]) -> set[str]:
    return {token for line in lines for token in _TOKEN.findall(line) if len(token) >= MIN_MARK_CHARS}
