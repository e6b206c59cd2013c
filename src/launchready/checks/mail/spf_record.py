"""Write the SPF record that should stand there: merged, short enough, with an address let in. Pure."""

from collections.abc import Iterable

from launchready.facts.mail_services import services_called
from launchready.facts.mail_spf import SpfPolicy
from launchready.model.subject import Sender
from launchready.parse.rfc7208 import LOOKUP_LIMIT, valid_spf
from launchready.parse.rfc7208_merge import MergedSpf, merge_spf, merged_term
from launchready.parse.rfc7208_survey import TermCost


def write_record(records: Iterable[str], policy: SpfPolicy | None, senders: Iterable[Sender]) -> MergedSpf | None:
    """One record in place of all, which needs at most ten look-ups; None where one of them can't be read.

    A person has to look over what it shuts out: nobody but the owner knows who sends.
    """
    read = [valid_spf(record) for record in records]
    known = [spf for spf in read if spf is not None]
    if len(known) < len(read):
        return None
    terms = policy.terms if policy else ()
    reached = {one.name: valid_spf(one.record) for one in policy.reached} if policy else {}
    needed = {f"include:{s.spf_include}" for sender in senders for s in services_called(sender.name) if s.spf_include}
    return merge_spf(
        known,
        {name: spf for name, spf in reached.items() if spf is not None},
        broken=[term.term for term in terms if term.fault],
        spare=[term.term for term in sorted(terms, key=lambda term: _how_dear(term, needed))],
    )


def _how_dear(term: TermCost, needed: set[str]) -> tuple[bool, bool, int]:
    """What goes first is smallest: what is too much alone, then what no declared sender needs, the dearest first."""
    return term.lookups <= LOOKUP_LIMIT, merged_term(term.term) in needed, -term.lookups


def letting_in(record: str, address: str) -> str:
    """The record with one address more, before anything that could say no to it."""
    family = "ip6" if ":" in address else "ip4"
    return " ".join(["v=spf1", f"{family}:{address}", *record.split()[1:]])
