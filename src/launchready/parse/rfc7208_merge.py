"""One SPF record out of several, for an owner to look over and paste."""

import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from launchready.parse.rfc7208 import (
    LOOKUP_LIMIT,
    Directive,
    Mechanism,
    Modifier,
    Qualifier,
    Spf,
    count_lookups,
    parse_spf,
)
from launchready.parse.rfc7208_survey import term_text

MAX_STRING_OCTETS: Final = 255
"""The longest string of a TXT record (RFC 1035 section 3.3); longer texts are published as several (RFC 7208, 3.3)."""


@dataclass(frozen=True, slots=True)
class MergedSpf:
    """A proposal.

    Attributes:
        text: The record.
        lookups: What it costs (RFC 7208 section 4.6.4), as far as what it includes is known; LOOKUP_LIMIT + 1 stands
            for more.
        left_out: Terms of the originals that it does without, in order, each once, and why.
    """

    text: str
    lookups: int
    left_out: tuple[tuple[str, str], ...]

    @property
    def fits(self) -> bool:
        """Whether receivers take it: ten look-ups at most."""
        return self.lookups <= LOOKUP_LIMIT


MAX_INCLUDES: Final = 50
"""Includes that are compared with each other; a record with more is beyond any merging."""

_STRICTEST_FIRST: Final = (Qualifier.FAIL, Qualifier.SOFTFAIL, Qualifier.NEUTRAL, Qualifier.PASS)
_TWICE: Final = "it stands there already"
_COVERED: Final = "a wider network covers it"
_ONE_END: Final = "a record has one end, the strictest of all"
_VOID: Final = "it says nothing beside an all, or in one record with others"
_PTR: Final = "ptr is slow and should not be used (RFC 7208 section 5.5)"
_REACHED: Final = "another include leads to it"
_ADDRESSES: Final = "its addresses stand there instead; they have to follow when they change"


def merge_spf(
    records: Sequence[Spf],
    fetched: Mapping[str, Spf | None] | None = None,
    addresses: Mapping[str, Sequence[str]] | None = None,
) -> MergedSpf:
    """Propose one record that allows what any of several allows, and ends as the strictest of them does.

    Where that would take more than ten look-ups, `ptr` goes, then includes that other includes lead to, then what
    `addresses` has an answer for is written as addresses; each only as far as it is needed.

    Args:
        records: The records of one domain, at least one.
        fetched: What is published at each name that they include, as for `count_lookups`.
        addresses: What `a` and `mx` terms find, by the term's text such as "mx" or "a:mail.example.com". Terms with a
            prefix length are never replaced.
    """
    left_out: dict[str, str] = {}
    terms = list(_union(records, left_out))
    end = _end(records)
    known = fetched or {}
    for step in (_without_ptr, _without_reached, _with_addresses):
        if _cost(terms, known) <= LOOKUP_LIMIT:
            break
        terms = step(terms, known, addresses or {}, left_out)
    text = " ".join(["v=spf1", *map(term_text, terms), f"{end.value.replace('+', '')}all"])
    return MergedSpf(text, _cost(terms, known), tuple(left_out.items()))


def txt_strings(text: str) -> tuple[str, ...]:
    """A text cut into the strings of a TXT record, 255 octets at most each; they are joined without a space."""
    return tuple(text[at : at + MAX_STRING_OCTETS] for at in range(0, len(text), MAX_STRING_OCTETS)) or ("",)


def _cost(terms: Iterable[Directive], known: Mapping[str, Spf | None]) -> int:
    return count_lookups(Spf(tuple(terms)), known).total


def _end(records: Sequence[Spf]) -> Qualifier:
    """The strictest `all` of the records; a soft no where none has one."""
    ends = {record.all_qualifier for record in records}
    return next((one for one in _STRICTEST_FIRST if one in ends), Qualifier.SOFTFAIL)


def _union(records: Sequence[Spf], left_out: dict[str, str]) -> Iterator[Directive]:
    seen: dict[Directive, None] = {}
    networks = {net for record in records for one in record.directives if (net := _network(one))}
    for record in records:
        for term in _before_all(record, left_out):
            key = _normal(term)
            if key in seen:
                left_out.setdefault(term_text(term), _TWICE)
            elif _is_covered(key, networks):
                left_out.setdefault(term_text(term), _COVERED)
            else:
                seen[key] = None
                yield key


def _before_all(record: Spf, left_out: dict[str, str]) -> Iterator[Directive]:
    """The terms that count, with a redirect as an include of the same name (RFC 7208 section 6.1)."""
    for term in record.terms:
        if isinstance(term, Modifier):
            if term.name == "redirect" and record.all_qualifier is None:
                yield Directive(Qualifier.PASS, Mechanism.INCLUDE, term.value)
            else:
                left_out.setdefault(term_text(term), _VOID)
    for directive in record.directives:
        if directive.mechanism is Mechanism.ALL:
            left_out.setdefault(term_text(directive), _ONE_END)
            return
        yield directive


def _normal(term: Directive) -> Directive:
    """The same term as others would write it: names in lower case without the last dot, no needless prefix length."""
    spec = term.domain_spec
    if spec is not None and "%" not in spec:
        spec = spec.lower().removesuffix(".")
    cidr4 = None if term.cidr4 == 32 else term.cidr4
    cidr6 = None if term.cidr6 == 128 else term.cidr6
    ip = None if term.ip is None else str(ipaddress.ip_address(term.ip))
    return replace(term, domain_spec=spec, ip=ip, cidr4=cidr4, cidr6=cidr6)


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(term: Directive) -> _Network | None:
    """The addresses a term allows by itself; None where it allows none, or they are not in it."""
    if term.qualifier is not Qualifier.PASS or term.ip is None:
        return None
    bits = term.cidr4 if term.mechanism is Mechanism.IP4 else term.cidr6
    return ipaddress.ip_network(term.ip if bits is None else f"{term.ip}/{bits}", strict=False)


def _is_covered(term: Directive, networks: Collection[_Network]) -> bool:
    """Whether one of the networks holds all that the term allows, and more."""
    own = _network(term)
    return own is not None and any(own.supernet(new_prefix=bits) in networks for bits in range(own.prefixlen))


_Known = Mapping[str, Spf | None]
_Found = Mapping[str, Sequence[str]]


def _without_ptr(terms: list[Directive], _known: _Known, _found: _Found, left_out: dict[str, str]) -> list[Directive]:
    for term in terms:
        if term.mechanism is Mechanism.PTR:
            left_out[term_text(term)] = _PTR
    return [term for term in terms if term.mechanism is not Mechanism.PTR]


def _without_reached(
    terms: list[Directive], known: _Known, _found: _Found, left_out: dict[str, str]
) -> list[Directive]:
    """Drop an include whose record another one includes, where nothing on the way there says no."""
    if sum(term.mechanism is Mechanism.INCLUDE for term in terms) > MAX_INCLUDES:
        return terms
    kept = list(terms)
    for term in filter(_is_plain_include, terms):
        others = [one.domain_spec for one in kept if one is not term and _is_plain_include(one)]
        if any(_leads_to(other or "", term.domain_spec or "", known) for other in others):
            kept.remove(term)
            left_out[term_text(term)] = _REACHED
    return kept


def _is_plain_include(term: Directive) -> bool:
    return term.mechanism is Mechanism.INCLUDE and term.qualifier is Qualifier.PASS


def _leads_to(start: str, target: str, known: _Known) -> bool:
    """Whether a record includes another one, at any depth, and only ever says yes before it."""
    waiting, seen = [start], {start}
    while waiting:
        record = known.get(waiting.pop())
        for term in record.directives if record else ():
            if term.qualifier is not Qualifier.PASS or term.mechanism is Mechanism.ALL:
                break
            name = (term.domain_spec or "").lower().removesuffix(".")
            if term.mechanism is Mechanism.INCLUDE and name == target:
                return True
            if term.mechanism is Mechanism.INCLUDE and name not in seen:
                seen.add(name)
                waiting.append(name)
    return False


def _with_addresses(terms: list[Directive], known: _Known, found: _Found, left_out: dict[str, str]) -> list[Directive]:
    """Write terms as addresses, the first ones first, until ten look-ups are enough."""
    kept = list(terms)
    for term in terms:
        addresses = found.get(term_text(term), ())
        if addresses and term.mechanism in {Mechanism.A, Mechanism.MX} and _cost(kept, known) > LOOKUP_LIMIT:
            at = kept.index(term)
            kept[at : at + 1] = [one for one in _literals(term.qualifier, addresses) if one not in kept]
            left_out[term_text(term)] = _ADDRESSES
    return kept


def _literals(qualifier: Qualifier, addresses: Sequence[str]) -> Iterator[Directive]:
    for address in addresses:
        is_four = ipaddress.ip_address(address).version == 4
        yield Directive(qualifier, Mechanism.IP4 if is_four else Mechanism.IP6, ip=address)


def merge_texts(texts: Sequence[str]) -> MergedSpf:
    """`merge_spf` of published records, of whose includes nothing is known.

    Raises:
        SpfError: one of them is no valid record.
    """
    return merge_spf([parse_spf(text) for text in texts])
