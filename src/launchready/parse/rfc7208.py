"""SPF records: the grammar of RFC 7208 section 12, and the count of DNS lookups of section 4.6.4."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

LOOKUP_LIMIT: Final = 10
"""Terms that may cause a DNS query in one evaluation (RFC 7208 section 4.6.4); the eleventh is a permerror."""

VOID_LOOKUP_LIMIT: Final = 2
"""Queries that may answer nothing in one evaluation (RFC 7208 section 4.6.4); the third is a permerror."""

MAX_RECORD_CHARS: Final = 65_535
"""A TXT record's data is at most 65,535 octets (RFC 1035 section 3.2.1, RDLENGTH); nothing longer came from the DNS."""


class SpfError(ValueError):
    """The text is no SPF record of RFC 7208: an evaluator answers permerror."""


class Qualifier(Enum):
    """What a matching mechanism answers (RFC 7208 section 4.6.2)."""

    PASS = "+"  # noqa: S105 - a result, no password
    FAIL = "-"
    NEUTRAL = "?"
    SOFTFAIL = "~"


class Mechanism(Enum):
    """The mechanisms of RFC 7208 section 5."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


_ASKS_DNS: Final = frozenset({Mechanism.INCLUDE, Mechanism.A, Mechanism.MX, Mechanism.PTR, Mechanism.EXISTS})


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive, as published: nothing is expanded, lower-cased or filled in.

    `domain_spec` is None where the record names none (the domain being checked is meant), `ip` is set for ip4 and
    ip6 alone, `cidr4` and `cidr6` are prefix lengths in bits and None where the record gives none (32 and 128 hold).
    """

    qualifier: Qualifier
    mechanism: Mechanism
    domain_spec: str | None = None
    ip: str | None = None
    cidr4: int | None = None
    cidr6: int | None = None


@dataclass(frozen=True, slots=True)
class Modifier:
    """One modifier: its name in lower case and its value as published."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Spf:
    """A syntactically valid record, its terms in the order they were written."""

    terms: tuple[Directive | Modifier, ...]

    @property
    def directives(self) -> tuple[Directive, ...]:
        """The directives in order of evaluation, those after `all` included (they are never evaluated)."""
        return tuple(term for term in self.terms if isinstance(term, Directive))

    @property
    def redirect(self) -> str | None:
        """The domain-spec of `redirect=`, also where an `all` makes it void (RFC 7208 section 6.1)."""
        return self._modifier("redirect")

    @property
    def explanation(self) -> str | None:
        """The domain-spec of `exp=` (RFC 7208 section 6.2)."""
        return self._modifier("exp")

    @property
    def all_qualifier(self) -> Qualifier | None:
        """The qualifier of the first `all`; None where the record has none."""
        return next((one.qualifier for one in self.directives if one.mechanism is Mechanism.ALL), None)

    @property
    def lookups(self) -> tuple[Directive | Modifier, ...]:
        """The terms that cost a DNS lookup, in order of evaluation (RFC 7208 section 4.6.4).

        Directives after `all` are ignored (section 5.1), and so is `redirect` where there is an `all`. `exp` costs
        nothing: it is fetched after the result is known.
        """
        return tuple(self._lookups())

    def _lookups(self) -> Iterator[Directive | Modifier]:
        for directive in self.directives:
            if directive.mechanism is Mechanism.ALL:
                return
            if directive.mechanism in _ASKS_DNS:
                yield directive
        if self.redirect is not None:
            yield Modifier("redirect", self.redirect)

    def _modifier(self, name: str) -> str | None:
        return next((term.value for term in self.terms if isinstance(term, Modifier) and term.name == name), None)


# RFC 7208 sections 4.5 and 12:
#
#   record           = version terms *SP
#   version          = "v=spf1"
#   terms            = *( 1*SP ( directive / modifier ) )
#   directive        = [ qualifier ] mechanism
#   qualifier        = "+" / "-" / "?" / "~"
#   mechanism        = ( all / include / a / mx / ptr / ip4 / ip6 / exists )
#   all              = "all"
#   include          = "include" ":" domain-spec
#   a                = "a"       [ ":" domain-spec ] [ dual-cidr-length ]
#   mx               = "mx"      [ ":" domain-spec ] [ dual-cidr-length ]
#   ptr              = "ptr"     [ ":" domain-spec ]
#   ip4              = "ip4" ":" ip4-network [ ip4-cidr-length ]
#   ip6              = "ip6" ":" ip6-network [ ip6-cidr-length ]
#   exists           = "exists" ":" domain-spec
#   modifier         = redirect / explanation / unknown-modifier
#   redirect         = "redirect" "=" domain-spec
#   explanation      = "exp" "=" domain-spec
#   unknown-modifier = name "=" macro-string       ; where name is not any known modifier
#   ip4-cidr-length  = "/" ("0" / %x31-39 0*1DIGIT) ; value range 0-32
#   ip6-cidr-length  = "/" ("0" / %x31-39 0*2DIGIT) ; value range 0-128
#   dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
#   qnum             = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35
#   domain-spec      = macro-string domain-end
#   domain-end       = ( "." toplabel [ "." ] ) / macro-expand
#   toplabel         = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
#   macro-string     = *( macro-expand / macro-literal )
#   macro-expand     = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
#   macro-literal    = %x21-24 / %x26-7E           ; visible characters except "%"
#   macro-letter     = "s" / "l" / "o" / "d" / "i" / "p" / "h" / "c" / "r" / "t" / "v"
#   transformers     = *DIGIT [ "r" ]              ; section 7.3: a number given must not be zero
#   delimiter        = "." / "-" / "+" / "," / "/" / "_" / "="
#   name             = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
#
# Section 7.2 allows the letters c, r and t in explanation texts alone, which are other TXT records: never here.
_VERSION: Final = "v=spf1"
_IGNORE_CASE: Final = re.IGNORECASE | re.ASCII
_MACRO_LITERAL: Final = "[!-$&-~]"
_MACRO_EXPAND: Final = r"%(?:\{[slodiphv](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|[%_-])"
_MACRO_TOKEN: Final = re.compile(f"{_MACRO_LITERAL}|{_MACRO_EXPAND}", _IGNORE_CASE)
_ALPHANUMS: Final = re.compile(r"[0-9a-z]+", _IGNORE_CASE)
_HYPHENATED: Final = re.compile(r"[0-9a-z]+-[0-9a-z-]*[0-9a-z]", _IGNORE_CASE)
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", _IGNORE_CASE | re.DOTALL)
_DIRECTIVE: Final = re.compile(
    r"([+?~-]?)([a-z0-9]+)(?::(.*?))?(?:/(0|[1-9][0-9]{0,2}))?(?://(0|[1-9][0-9]{0,2}))?", _IGNORE_CASE | re.DOTALL
)
_QNUM: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP4_NETWORK: Final = re.compile(rf"{_QNUM}(?:\.{_QNUM}){{3}}", re.ASCII)
_IP6_NETWORK_CHARS: Final = re.compile(r"[0-9a-f:.]{2,45}", _IGNORE_CASE)
_QUOTED_CHARS: Final = 60
"""How much of an offending term an error repeats: enough to find it, not enough to flood a report."""


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record at all (RFC 7208 section 4.5), valid or not.

    It is when it begins with exactly `v=spf1` (in any case) and then ends, or goes on with a space.
    """
    return text[:6].lower() == _VERSION and text[6:7] in {"", " "}


def parse_spf(text: str) -> Spf:
    """Read one SPF record, its strings already joined (RFC 7208 section 3.3).

    Raises:
        SpfError: any departure from the grammar, anywhere in the record (section 4.6: permerror, even where an
            earlier mechanism would match), `redirect` or `exp` twice, or more than MAX_RECORD_CHARS characters.
    """
    if len(text) > MAX_RECORD_CHARS:
        raise SpfError(f"longer than {MAX_RECORD_CHARS} characters")
    if not is_spf(text):
        raise SpfError("does not begin with v=spf1 followed by a space or the end")
    terms = tuple(_term(word) for word in text[6:].split(" ") if word)
    for name in ("redirect", "exp"):
        if sum(isinstance(term, Modifier) and term.name == name for term in terms) > 1:
            raise SpfError(f"{name}= occurs more than once")
    return Spf(terms)


def valid_spf(text: str) -> Spf | None:
    """The record of a text; None where an evaluator would answer permerror."""
    try:
        return parse_spf(text)
    except SpfError:
        return None


def _term(word: str) -> Directive | Modifier:
    modifier = _MODIFIER.fullmatch(word)
    return _modifier(*modifier.groups()) if modifier else _directive(word)


def _modifier(name: str, value: str) -> Modifier:
    name = name.lower()
    if name in {"redirect", "exp"}:
        return Modifier(name, _domain_spec(value))
    _last_token(value)
    return Modifier(name, value)


def _directive(word: str) -> Directive:
    match = _DIRECTIVE.fullmatch(word)
    if match is None:
        raise SpfError(f"neither a mechanism nor a modifier: {_quoted(word)}")
    qualifier, name, argument, cidr4, cidr6 = match.groups()
    mechanism = _mechanism(name)
    marked = Qualifier(qualifier or "+")
    match mechanism:
        case Mechanism.IP4 | Mechanism.IP6 if cidr6 is None:
            return _network(marked, mechanism, argument, cidr4)
        case Mechanism.A | Mechanism.MX:
            domain = None if argument is None else _domain_spec(argument)
            return Directive(marked, mechanism, domain, None, _bits(cidr4, 32), _bits(cidr6, 128))
        case _ if cidr4 is not None or cidr6 is not None:
            raise SpfError(f"no prefix length belongs here: {_quoted(word)}")
        case Mechanism.ALL if argument is None:
            return Directive(marked, mechanism)
        case Mechanism.PTR if argument is None:
            return Directive(marked, mechanism)
        case Mechanism.PTR | Mechanism.INCLUDE | Mechanism.EXISTS if argument is not None:
            return Directive(marked, mechanism, _domain_spec(argument))
        case _:
            raise SpfError(f"{mechanism.value} takes {_TAKES[mechanism]}: {_quoted(word)}")


_TAKES: Final = {
    Mechanism.ALL: "no argument",
    Mechanism.INCLUDE: "a domain after a colon",
    Mechanism.EXISTS: "a domain after a colon",
}


def _mechanism(name: str) -> Mechanism:
    try:
        return Mechanism(name.lower())
    except ValueError:
        raise SpfError(f"no such mechanism: {_quoted(name)}") from None


def _network(qualifier: Qualifier, mechanism: Mechanism, ip: str | None, cidr: str | None) -> Directive:
    if ip is None:
        raise SpfError(f"{mechanism.value} takes an address after a colon")
    if mechanism is Mechanism.IP4:
        if not _IP4_NETWORK.fullmatch(ip):
            raise SpfError(f"not an IPv4 address: {_quoted(ip)}")
        return Directive(qualifier, mechanism, ip=ip, cidr4=_bits(cidr, 32))
    if not _is_ip6(ip):
        raise SpfError(f"not an IPv6 address: {_quoted(ip)}")
    return Directive(qualifier, mechanism, ip=ip, cidr6=_bits(cidr, 128))


def _is_ip6(text: str) -> bool:
    """Whether the text is an address of RFC 4291 section 2.2 (no zone, no prefix)."""
    if not _IP6_NETWORK_CHARS.fullmatch(text):
        return False
    try:
        ipaddress.IPv6Address(text)
    except ipaddress.AddressValueError:
        return False
    return True


def _bits(digits: str | None, most: int) -> int | None:
    if digits is None:
        return None
    if int(digits) > most:
        raise SpfError(f"a prefix length of {digits} is more than {most}")
    return int(digits)


def _domain_spec(text: str) -> str:
    if _last_token(text).startswith("%"):
        return text
    label = text.removesuffix(".").rpartition(".")
    if not label[1] or not _is_toplabel(label[2]):
        raise SpfError(f"not a fully qualified domain name: {_quoted(text)}")
    return text


def _is_toplabel(label: str) -> bool:
    if _ALPHANUMS.fullmatch(label):
        return not label.isdigit()
    return _HYPHENATED.fullmatch(label) is not None


def _last_token(text: str) -> str:
    """The last macro-expand or character of a macro-string; empty where it is empty.

    Raises:
        SpfError: the text is no macro-string.
    """
    end, last = 0, ""
    for token in _MACRO_TOKEN.finditer(text):
        if token.start() != end:
            break
        end, last = token.end(), token[0]
    if end != len(text):
        raise SpfError(f"neither a macro nor a printable character: {_quoted(text[end:])}")
    return last


def _quoted(text: str) -> str:
    return ascii(text[:_QUOTED_CHARS])


@dataclass(frozen=True, slots=True)
class LookupCount:
    """What an evaluation that matches nothing early would ask of the DNS.

    Attributes:
        total: Terms that cost a lookup, over all records reached; never above LOOKUP_LIMIT + 1, where counting stops.
            A lower bound while `missing` or `by_macro` is not empty.
        missing: Domains an include or a redirect names that are no key of `fetched`, in order, each once.
        by_macro: Include and redirect targets with a macro, which depend on the message: counted, not followed.
    """

    total: int
    missing: tuple[str, ...]
    by_macro: tuple[str, ...] = ()

    @property
    def exceeds_limit(self) -> bool:
        """Whether evaluation ends in a permerror (RFC 7208 section 4.6.4)."""
        return self.total > LOOKUP_LIMIT


def count_lookups(record: Spf, fetched: Mapping[str, Spf | None]) -> LookupCount:
    """Count the DNS lookups of a record and of all it includes or redirects to (RFC 7208 section 4.6.4).

    A record included twice is evaluated, and counted, twice. A cycle is no special case: an evaluator goes round
    it until it meets the limit, and so does the count.

    Args:
        record: The record to begin with.
        fetched: What is published at each domain (lower case, no closing dot): a valid record, or None where the
            domain has been asked and has no valid one. A domain that is no key has not been asked.
    """
    total = 0
    missing: dict[str, None] = {}
    by_macro: dict[str, None] = {}
    waiting = [iter(record.lookups)]
    while waiting and total <= LOOKUP_LIMIT:
        term = next(waiting[-1], None)
        if term is None:
            waiting.pop()
            continue
        total += 1
        target = _followed(term)
        if target is None:
            continue
        if "%" in target:
            by_macro[target] = None
        elif target not in fetched:
            missing[target] = None
        elif (found := fetched[target]) is not None:
            waiting.append(iter(found.lookups))
    return LookupCount(total, tuple(missing), tuple(by_macro))


def _followed(term: Directive | Modifier) -> str | None:
    """The domain whose record is evaluated next, as a key of `fetched`; None where the term leads to no record."""
    match term:
        case Modifier(value=value):
            return value.lower().removesuffix(".")
        case Directive(mechanism=Mechanism.INCLUDE, domain_spec=str(domain)):
            return domain.lower().removesuffix(".")
        case _:
            return None
