"""One SPF record out of several, for an owner to look over and paste."""

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import takewhile
from typing import Final

from launchready.parse.rfc7208 import (
    LOOKUP_LIMIT,
    Directive,
    LookupCount,
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


class Omission(Enum):
    """Why a term does not stand in the merged record; the value is a clause for a person."""

    TWICE = "it stands there already"
    COVERED = "a wider network covers it"
    END = "a record has one end, the strictest of all, and nothing behind it counts"
    VOID = "it says nothing beside an all, or in one record with others"
    REACHED = "another include leads to it"
    PTR = "ptr is slow and should not be used (RFC 7208 section 5.5)"
    BROKEN = "receivers give up at it"
    SPARED = "ten look-ups are not enough for it"

    @property
    def shuts_out(self) -> bool:
        """Whether somebody whom the originals name may no longer send: a person has to look over it."""
        return self in {Omission.PTR, Omission.BROKEN, Omission.SPARED}


@dataclass(frozen=True, slots=True)
class MergedSpf:
    """A proposal.

    Attributes:
        text: The record.
        lookups: What it costs (RFC 7208 section 4.6.4); LOOKUP_LIMIT + 1 stands for more.
        is_exact: Whether all it leads to is known; otherwise `lookups` is a lower bound.
        left_out: Terms of the originals that it does without, in order, each once, and why.
    """

    text: str
    lookups: int
    is_exact: bool
    left_out: tuple[tuple[str, Omission], ...]

    @property
    def fits(self) -> bool:
        """Whether receivers take it: ten look-ups at most."""
        return self.lookups <= LOOKUP_LIMIT


MAX_INCLUDES: Final = 50
"""Includes that are compared with each other; a record with more is beyond any merging."""

_STRICTEST_FIRST: Final = (Qualifier.FAIL, Qualifier.SOFTFAIL, Qualifier.NEUTRAL)


def merge_spf(
    records: Sequence[Spf],
    fetched: Mapping[str, Spf | None] | None = None,
    *,
    broken: Collection[str] = (),
    spare: Sequence[str] = (),
) -> MergedSpf:
    """Propose one record that allows what any of several allows, and ends as the strictest of them does.

    What is broken goes. Where the rest would take more than ten look-ups, `ptr` goes, then includes that other
    includes lead to, then what can be spared; each only as far as it is needed. Nobody is let in by `+all`.

    Args:
        records: The records of one domain, at least one.
        fetched: What is published at each name that they include, as for `count_lookups`.
        broken: Terms that receivers give up at, as `SpfSurvey.costs` has them.
        spare: Terms that can be spared, the most dispensable first, as `SpfSurvey.costs` has them.
    """
    left_out: dict[str, Omission] = {}
    known = fetched or {}
    gone = {merged_term(text) for text in broken}
    terms = _union(records, left_out)
    terms = _without((term for term in terms if term_text(term) in gone), Omission.BROKEN, terms, left_out)
    for step in (_without_ptr, _without_reached):
        if _count(terms, known).exceeds_limit:
            terms = step(terms, known, left_out)
    for text in map(merged_term, spare):
        if _count(terms, known).exceeds_limit:
            terms = _without((term for term in terms if term_text(term) == text), Omission.SPARED, terms, left_out)
    count = _count(terms, known)
    text = " ".join(["v=spf1", *map(term_text, terms), f"{_end(records).value}all"])
    is_exact = not (count.missing or count.by_macro)
    return MergedSpf(text, count.total, is_exact, tuple(left_out.items()))


def merged_term(text: str) -> str:
    """A term of a record, such as "Include:A.example.", as it stands in a merged one: "include:a.example".

    Raises:
        SpfError: it is no term.
    """
    (term,) = parse_spf(f"v=spf1 {text}").terms
    return term_text(_normal(_included(term) if isinstance(term, Modifier) else term))


def txt_strings(text: str) -> tuple[str, ...]:
    """A text cut into the strings of a TXT record, 255 octets at most each; they are joined without a space."""
    return tuple(text[at : at + MAX_STRING_OCTETS] for at in range(0, len(text), MAX_STRING_OCTETS)) or ("",)


_Known = Mapping[str, Spf | None]
_LeftOut = dict[str, Omission]


def _count(terms: Iterable[Directive], known: _Known) -> LookupCount:
    return count_lookups(Spf(tuple(terms)), known)


def _without(
    going: Iterable[Directive], why: Omission, terms: Iterable[Directive], left_out: _LeftOut
) -> list[Directive]:
    gone = set(going)
    left_out |= {term_text(term): why for term in gone}
    return [term for term in terms if term not in gone]


def _end(records: Sequence[Spf]) -> Qualifier:
    """The strictest `all` of the records; a soft no where none has one."""
    ends = {record.all_qualifier for record in records}
    return next((one for one in _STRICTEST_FIRST if one in ends), Qualifier.SOFTFAIL)


def _union(records: Sequence[Spf], left_out: _LeftOut) -> list[Directive]:
    kept: dict[Directive, None] = {}
    networks = {net for record in records for one in _evaluated(record) if (net := _network(one))}
    for record in records:
        evaluated = _evaluated(record)
        for term in evaluated:
            key = _normal(term)
            if key in kept:
                left_out.setdefault(term_text(term), Omission.TWICE)
            elif _is_covered(key, networks):
                left_out.setdefault(term_text(term), Omission.COVERED)
            else:
                kept[key] = None
        for unread in record.terms:
            if (_included(unread) if isinstance(unread, Modifier) else unread) not in evaluated:
                why = Omission.VOID if isinstance(unread, Modifier) else Omission.END
                left_out.setdefault(term_text(unread), why)
    return list(kept)


def _evaluated(record: Spf) -> tuple[Directive, ...]:
    """The terms before the end, and then a redirect as an include of the same name (RFC 7208 section 6.1)."""
    before = tuple(takewhile(lambda one: one.mechanism is not Mechanism.ALL, record.directives))
    if record.redirect is None or record.all_qualifier is not None:
        return before
    return (*before, _included(Modifier("redirect", record.redirect)))


def _included(redirect: Modifier) -> Directive:
    return Directive(Qualifier.PASS, Mechanism.INCLUDE, redirect.value)


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


def _without_ptr(terms: list[Directive], _known: _Known, left_out: _LeftOut) -> list[Directive]:
    return _without((term for term in terms if term.mechanism is Mechanism.PTR), Omission.PTR, terms, left_out)


def _without_reached(terms: list[Directive], known: _Known, left_out: _LeftOut) -> list[Directive]:
    """Drop an include whose record another one includes, where nothing on the way there says no."""
    if sum(term.mechanism is Mechanism.INCLUDE for term in terms) > MAX_INCLUDES:
        return terms
    kept = list(terms)
    for term in filter(_is_plain_include, terms):
        others = [one.domain_spec for one in kept if one is not term and _is_plain_include(one)]
        if any(_leads_to(other or "", term.domain_spec or "", known) for other in others):
            kept.remove(term)
            left_out[term_text(term)] = Omission.REACHED
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


def merge_texts(texts: Sequence[str]) -> MergedSpf:
    """`merge_spf` of published records, of whose includes nothing is known.

    Raises:
        SpfError: one of them is no valid record.
    """
    return merge_spf([parse_spf(text) for text in texts])
