"""MTA-STS: the TXT record and the policy file of RFC 8461, and whether a mail exchange fits the policy."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.inquiry import is_name

MAX_RECORD_CHARS: Final = 65_535
"""A TXT record's data is at most 65,535 octets (RFC 1035 section 3.2.1, RDLENGTH); nothing longer came from the DNS."""

MAX_POLICY_BYTES: Final = 64 * 2**10
"""Senders should read no more than 64 KB of a policy (RFC 8461 section 3.3)."""

MAX_AGE_LIMIT_S: Final = 31_557_600
"""The highest `max_age`, in seconds: a year (RFC 8461 section 3.2)."""


class MtaStsError(ValueError):
    """The text is no MTA-STS record or policy: senders go on as if the domain had none."""


class Mode(Enum):
    """What senders do with a host that fails (RFC 8461 section 5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MtaStsPolicy:
    """A policy.

    Attributes:
        mode: `mode`.
        mx: The patterns of `mx`, in lower case, in order; empty only where the mode is none.
        max_age_s: `max_age`: how long senders keep the policy, in seconds.
        unknown: Names of fields that RFC 8461 does not know, in order; senders ignore them.
        repeated: Names of fields that stand more than once and may not; the first one counts.
        has_blank_lines: Whether there are lines without a field, for which the grammar has no place; most senders
            skip them, and so does the parser.
    """

    mode: Mode
    mx: tuple[str, ...]
    max_age_s: int
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    has_blank_lines: bool

    def allows(self, host: str) -> bool:
        """Whether a mail exchange is one of the policy's (RFC 8461 section 4.1).

        `*.` stands for exactly one label.
        """
        name = host.removesuffix(".").lower()
        return any(_fits(name, pattern) for pattern in self.mx)


# RFC 8461 section 3.1:
#
#   sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim]
#   sts-version     = %s"v=STSv1"
#   sts-field-delim = *WSP ";" *WSP
#   sts-field       = sts-id / sts-extension
#   sts-id          = %s"id=" 1*32(ALPHA / DIGIT)
#   sts-extension   = sts-ext-name "=" sts-ext-value
#   sts-ext-name    = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
#   sts-ext-value   = 1*(%x21-3A / %x3C / %x3E-7E)        ; no "=", ";", SP and controls
#
# and section 3.2, where a value begins after a colon and white space, and lines end with LF or CRLF:
#
#   version  = %s"STSv1"
#   mode     = %s"testing" / %s"enforce" / %s"none"
#   mx       = ["*."] Domain
#   max_age  = 1*10(DIGIT)
#   ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
#   ext-value = vchar [*(%x20 / vchar) vchar]               ; vchar = %x21-7E and all beyond ASCII
_VERSION: Final = re.compile(r"v=STSv1[ \t]*;")
_ID: Final = re.compile(r"[A-Za-z0-9]{1,32}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_RECORD_VALUE: Final = re.compile(r"[!-:<>-~]+")
_POLICY_VALUE: Final = re.compile(r"[!-~\x80-\U0010ffff](?:[ -~\x80-\U0010ffff]*[!-~\x80-\U0010ffff])?")
_LINE_END: Final = re.compile(r"\r?\n")
_DOMAIN: Final = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_MAX_AGE: Final = re.compile(r"[0-9]{1,10}")
_WSP: Final = " \t"
_ONCE: Final = ("version", "mode", "max_age")


def is_mta_sts(text: str) -> bool:
    """Whether a TXT record at `_mta-sts` counts at all: it begins with `v=STSv1;` (RFC 8461 section 3.1).

    Where not exactly one of a name's records does, the domain has no policy; that is for the caller to see.
    """
    return _VERSION.match(text) is not None


def parse_mta_sts_record(text: str) -> str:
    """Read the TXT record at `_mta-sts`, its strings already joined; returns the policy's `id`.

    Raises:
        MtaStsError: outside the grammar, or no `id`. Of two, the first counts.
    """
    if len(text) > MAX_RECORD_CHARS:
        raise MtaStsError(f"longer than {MAX_RECORD_CHARS} characters")
    if not is_mta_sts(text):
        raise MtaStsError("does not begin with v=STSv1;")
    pieces = [piece.strip(_WSP) for piece in text.split(";")[1:]]
    if pieces[-1] == "":
        pieces.pop()
    fields: dict[str, str] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if not equals or not _NAME.fullmatch(name) or not _RECORD_VALUE.fullmatch(value):
            raise MtaStsError("a field is no name, equals sign and value")
        fields.setdefault(name, value)
    if not _ID.fullmatch(fields.get("id", "")):
        raise MtaStsError("there is no id of 1 to 32 letters and digits")
    return fields["id"]


def parse_mta_sts_policy(body: bytes) -> MtaStsPolicy:
    """Read a policy file as it was served (RFC 8461 section 3.2).

    Raises:
        MtaStsError: more than MAX_POLICY_BYTES, no UTF-8, a line outside the grammar, a field that is missing or has
            no valid value, `max_age` above MAX_AGE_LIMIT_S, or no `mx` though the mode needs one.
    """
    if len(body) > MAX_POLICY_BYTES:
        raise MtaStsError(f"longer than {MAX_POLICY_BYTES} bytes")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise MtaStsError("not in UTF-8") from None
    lines = _LINE_END.split(text)
    if not lines[-1]:
        lines.pop()
    kept = [line for line in lines if line.strip(_WSP)]
    return _policy(_fields(kept), has_blank_lines=len(kept) < len(lines))


def _fields(lines: list[str]) -> list[tuple[str, str]]:
    fields = []
    for line in lines:
        name, colon, value = line.partition(":")
        value = value.strip(_WSP)
        if not colon or not _NAME.fullmatch(name) or not _POLICY_VALUE.fullmatch(value):
            raise MtaStsError(f"not a name, a colon and a value: {line[:60]!a}")
        fields.append((name, value))
    return fields


def _policy(fields: list[tuple[str, str]], *, has_blank_lines: bool) -> MtaStsPolicy:
    names = [name for name, _ in fields]
    first = dict(reversed(fields))
    if first.get("version") != "STSv1":
        raise MtaStsError("there is no line version: STSv1")
    mode = _mode(first.get("mode"))
    mx = tuple(_pattern(value) for name, value in fields if name == "mx")
    if not mx and mode is not Mode.NONE:
        raise MtaStsError("there is no mx line, so every host fails")
    return MtaStsPolicy(
        mode=mode,
        mx=mx,
        max_age_s=_max_age(first.get("max_age")),
        unknown=tuple(dict.fromkeys(name for name in names if name not in {*_ONCE, "mx"})),
        repeated=tuple(name for name in _ONCE if names.count(name) > 1),
        has_blank_lines=has_blank_lines,
    )


def _mode(value: str | None) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        raise MtaStsError("there is no line mode: enforce, testing or none") from None


def _max_age(value: str | None) -> int:
    if value is None or not _MAX_AGE.fullmatch(value):
        raise MtaStsError("there is no line max_age with a number of seconds")
    if int(value) > MAX_AGE_LIMIT_S:
        raise MtaStsError(f"a max_age of {value} seconds is more than {MAX_AGE_LIMIT_S}, a year")
    return int(value)


def _pattern(value: str) -> str:
    pattern = value.lower()
    if not _DOMAIN.fullmatch(pattern) or not is_name(pattern):
        raise MtaStsError(f"mx names no host and no *.domain: {value[:60]!a}")
    return pattern


def _fits(name: str, pattern: str) -> bool:
    if not pattern.startswith("*."):
        return name == pattern
    label, dot, rest = name.partition(".")
    return bool(label and dot) and rest == pattern[2:]
