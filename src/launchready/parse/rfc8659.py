"""CAA records: who may issue certificates for a name (RFC 8659)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MAX_RECORD_CHARS: Final = 65_535 * 4
"""A record's data has 65,535 bytes at most (RFC 1035 section 3.2.1), each of which its text writes with up to four."""

CRITICAL: Final = 0x80
"""Bit 0, the highest: an authority that does not know the property must not issue (section 4.1)."""

UNDERSTOOD: Final = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
"""The properties that IANA has registered, in "Certification Authority Restriction Properties". Those beyond RFC 8659
are for mail, logos and contacts; authorities know them, so a critical one keeps none from issuing."""


class CaaError(ValueError):
    """The text is no CAA record."""


@dataclass(frozen=True, slots=True)
class Caa:
    """One property. `tag` is lower-case: case does not count in it (section 4.1). `value` has a character a byte."""

    flags: int
    tag: str
    value: str

    @property
    def is_critical(self) -> bool:
        """Whether an authority that does not know the property must not issue."""
        return bool(self.flags & CRITICAL)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An `issue` or `issuewild` value: the authority's domain in lower case (empty: nobody), and its parameters."""

    domain: str
    parameters: tuple[tuple[str, str], ...] = ()


# RFC 8659 section 4.1.1, the canonical presentation format: "flags tag value", where flags is a whole number from 0 to
# 255, tag a non-empty sequence of ASCII letters and digits, and value a <character-string> of RFC 1035 section 5.1
# (contiguous, or quoted), in which \DDD is a byte and \X the character X.
_RECORD: Final = re.compile(
    r"""[ \t]*(\d{1,3})[ \t]+([0-9A-Za-z]{1,255})[ \t]+"""
    r"""(?:"((?:[^"\\]|\\\d{3}|\\[^\d])*)"|((?:[^"\\\s]|\\\d{3}|\\[^\d])*))[ \t]*""",
    re.DOTALL | re.ASCII,
)
_ESCAPE: Final = re.compile(r"\\(\d{3}|[^\d])", re.DOTALL | re.ASCII)

# RFC 8659 section 4.2:
#
#   issue-value        = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]
#   issuer-domain-name = label *("." label)
#   label              = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT))
#   parameters         = (parameter *WSP ";" *WSP parameters) / parameter
#   parameter          = tag *WSP "=" *WSP value
#   tag                = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT))
#   value              = *(%x21-3A / %x3C-7E)
#
# The patterns spell label and tag as a run that begins and ends with a letter or digit, which takes linear time.
_LABEL: Final = r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PARAMETER: Final = re.compile(rf"({_LABEL})[ \t]*=[ \t]*([!-:<-~]*)")
_WSP: Final = " \t"


def parse_caa(text: str) -> Caa:
    """Read one record in presentation format, such as `0 issue "ca.example.net"`.

    Raises:
        CaaError: it is none, or longer than any can be.
    """
    if len(text) > MAX_RECORD_CHARS:
        raise CaaError(f"longer than {MAX_RECORD_CHARS} characters")
    match = _RECORD.fullmatch(text)
    if match is None:
        raise CaaError('not of the form: flags tag "value"')
    flags = int(match[1])
    if flags > 255:
        raise CaaError("flags are a number from 0 to 255")
    return Caa(flags, match[2].lower(), _ESCAPE.sub(_character, match[3] if match[3] is not None else match[4]))


def _character(escape: re.Match[str]) -> str:
    if not escape[1].isdigit():
        return escape[1]
    number = int(escape[1])
    if number > 255:
        raise CaaError("an escape is no byte")
    return chr(number)


def parse_issuer(value: str) -> Issuer | None:
    """Read the value of an `issue` or `issuewild` property; None where it does not keep to the grammar.

    A value that does not keep to it allows nobody (section 4.2), but is no empty one: the owner meant something else.
    """
    head, has_more, rest = value.partition(";")
    domain = head.strip(_WSP)
    if domain and not _DOMAIN.fullmatch(domain):
        return None
    pieces = rest.split(";") if has_more and rest.strip(_WSP) else []
    parameters = [_PARAMETER.fullmatch(piece.strip(_WSP)) for piece in pieces]
    if any(parameter is None for parameter in parameters):
        return None
    return Issuer(domain.lower(), tuple((p[1], p[2]) for p in parameters if p is not None))


def names_to_ask(domain: str) -> tuple[str, ...]:
    """The names whose records may count for a domain, itself first: each name above it but for the root (section 3)."""
    labels = domain.rstrip(".").removeprefix("*.").split(".")
    return tuple(".".join(labels[at:]) for at in range(len(labels)))


def relevant(sets: Iterable[Sequence[Caa]]) -> tuple[Caa, ...]:
    """The records that count: of the sets of `names_to_ask`, in its order, the first that is not empty (section 3)."""
    return next((tuple(records) for records in sets if records), ())


def who_may_issue(records: Sequence[Caa], *, wildcard: bool) -> frozenset[str] | None:
    """The domains of the authorities that may issue, none at all, or None for "any authority".

    Args:
        records: what `relevant` gave.
        wildcard: whether the certificate is for a wildcard name; then `issuewild`, where there is one, stands in the
            place of `issue` (section 4.3).
    """
    if any(record.is_critical and record.tag not in UNDERSTOOD for record in records):
        return frozenset()
    wild = [record for record in records if record.tag == "issuewild"] if wildcard else []
    named = wild or [record for record in records if record.tag == "issue"]
    if not named:
        return None
    issuers = [parse_issuer(record.value) for record in named]
    return frozenset(issuer.domain for issuer in issuers if issuer is not None and issuer.domain)
