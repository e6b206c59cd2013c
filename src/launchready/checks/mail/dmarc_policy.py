"""Ask what receivers ask, of what was found: the look-ups of both DMARC standards, answered from facts. Pure."""

from launchready.facts.mail import DmarcWalks
from launchready.model.reading import Measured
from launchready.model.subject import Domain
from launchready.parse.dmarc_change import DmarcChange, compare_standards
from launchready.parse.inquiry import Answer, Lookup, Status, answered
from launchready.parse.rfc7489 import Registrable
from launchready.parse.rfc9989 import DmarcError

UNKNOWN = Answer(Status.TEMPFAIL)


def lookup_in(walks: DmarcWalks) -> Lookup:
    """Answers questions from the walks; what is not among them, or was not seen, is not answered."""
    texts = {one.name: one.records for walk in walks.of for one in walk.texts}
    exists = {walk.domain: walk.exists for walk in walks.of}

    def lookup(name: str, rtype: str) -> Answer:
        if rtype == "TXT":
            seen = texts.get(name)
            if not isinstance(seen, Measured):
                return UNKNOWN
            return Answer(Status.ANSWER, seen.value) if seen.value else Answer(Status.NODATA)
        is_there = exists.get(name)
        if not isinstance(is_there, Measured):
            return UNKNOWN
        return Answer(Status.NODATA if is_there.value else Status.NXDOMAIN)

    return lookup


def registrable_in(domain: Domain) -> Registrable:
    """What the public suffix list makes of a name, as far as it matters here: ours, or a stranger's."""
    return lambda name: domain.name if f".{name}".endswith(f".{domain.name}") else name


def compare(domain: Domain, walks: DmarcWalks, author: str) -> DmarcChange | None:
    """What the two standards make of mail from a domain; None where that is not known."""
    try:
        change = answered(compare_standards(author, registrable_in(domain)), lookup_in(walks))
    except DmarcError:
        return None
    return change if change.is_certain else None
