"""Write the SPF record that should stand there: merged, short enough, with an address let in. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready.facts.mail_services import services_called
from launchready.facts.mail_spf import SpfTerm
from launchready.model.subject import Sender
from launchready.parse.rfc7208 import LOOKUP_LIMIT, SpfError, parse_spf


@dataclass(frozen=True, slots=True)
class Written:
    """A record to paste, empty where none can be written; its look-ups; the terms that it leaves out."""

    record: str
    lookups: int
    left_out: tuple[str, ...]


def write_record(records: Iterable[str], terms: Iterable[SpfTerm], senders: Iterable[Sender]) -> Written:
    """One record in place of all, which needs at most ten look-ups.

    What is broken goes first, then `ptr`, then what the declared senders don't need, the dearest first. A person has to
    look over what goes: nobody but the owner knows who sends.
    """
    records = tuple(records)
    merged = _terms_of_all(records)
    if merged is None:
        return Written("", 0, ())
    costs = {_merging(term.text, is_closed=False): term for term in terms}
    needed = {f"include:{s.spf_include}" for sender in senders for s in services_called(sender.name) if s.spf_include}
    left_out: list[str] = []
    while (total := sum(costs[term].lookups for term in merged if term in costs)) > LOOKUP_LIMIT or any(
        term in costs and costs[term].fault for term in merged
    ):
        goes = min((term for term in merged if term in costs), key=lambda term: _rank(term, costs, needed))
        merged.remove(goes)
        left_out.append(goes)
    is_strict = any("-all" in record.lower().split() for record in records)
    return Written(" ".join(["v=spf1", *merged, "-all" if is_strict else "~all"]), total, tuple(left_out))


def _rank(term: str, costs: Mapping[str, SpfTerm], needed: set[str]) -> tuple[bool, bool, bool, int]:
    """What goes first is smallest."""
    bare = term.lower().lstrip("+-~?")
    return (not costs[term].fault, not bare.startswith("ptr"), bare in needed, -costs[term].lookups)


def _terms_of_all(records: tuple[str, ...]) -> list[str] | None:
    """The terms of all records, each once, but for `all`; None where one of them can't be read."""
    terms: dict[str, None] = {}
    for record in records:
        try:
            is_closed = parse_spf(record).all_qualifier is not None
        except SpfError:
            return None
        terms |= dict.fromkeys(_merging(term, is_closed=is_closed) for term in record.split()[1:])
    return [term for term in terms if term]


def _merging(term: str, *, is_closed: bool) -> str:
    """A term as it may stand beside those of other records; empty for what may not.

    `all` ends the merged record once. `redirect` would be void before it (RFC 7208 section 6.1), as it is in a record
    that is closed by one, so its target is included. `exp` may stand there once, and nobody's mail hangs on it.
    """
    name, _, value = term.partition("=")
    if name.lower() == "redirect":
        return "" if is_closed else f"include:{value}"
    return "" if name.lower() == "exp" or term.lower().lstrip("+-~?") == "all" else term


def letting_in(record: str, address: str) -> str:
    """The record with one address more, before anything that could say no to it."""
    family = "ip6" if ":" in address else "ip4"
    return " ".join(["v=spf1", f"{family}:{address}", *record.split()[1:]])
