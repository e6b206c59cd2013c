"""Whether DMARC reports may go to a domain of somebody else: RFC 9990 section 4 and RFC 9991 section 5."""

from dataclasses import dataclass
from enum import Enum

from launchready.parse.inquiry import Inquiry, Question, Status, is_name
from launchready.parse.rfc9989 import Dmarc, DmarcError, ReportUri, is_dmarc, parse_dmarc
from launchready.parse.rfc9989_evaluate import walk_tree


class Consent(Enum):
    """Whether reports may go to a place."""

    OWN = "own"  # of the same organization: nobody need be asked
    GIVEN = "given"
    MISSING = "missing"
    ELSEWHERE = "elsewhere"  # its record sends reports on to another host, which forbids both places
    UNKNOWN = "unknown"  # the DNS gave no answer


@dataclass(frozen=True, slots=True)
class ReportConsent:
    """What was found for one place.

    Attributes:
        consent: Whether reports may go there.
        name: Where the receiver of the reports has to publish a record; empty where the place is the owner's own.
        overrides: The places its record names instead, on the same host; () where it names none.
    """

    consent: Consent
    name: str
    overrides: tuple[ReportUri, ...] = ()


def check_report_consent(policy_domain: str, uri: ReportUri, *, failure: bool = False) -> Inquiry[ReportConsent]:
    """Whether reports about a domain may go to a `mailto:` place of its record.

    Args:
        policy_domain: The domain the record was found at.
        uri: A place of its `rua`, or of its `ruf` with `failure`.
        failure: Whether failure reports are meant, which take `ruf` of the other record in place of `rua`.

    Raises:
        DmarcError: `policy_domain` is no domain name, or the place is none that is sent mail.
    """
    host = uri.mailbox_domain
    if host is None or not is_name(host):
        raise DmarcError("the place is not a mail address")
    policy_domain = policy_domain.lower().removesuffix(".")
    if host == policy_domain:
        return ReportConsent(Consent.OWN, "")
    own, other = (yield from walk_tree(policy_domain)), (yield from walk_tree(host))
    unknown = bool(own.unanswered or other.unanswered)
    if not unknown and own.organizational_domain == other.organizational_domain:
        return ReportConsent(Consent.OWN, "")
    name = f"{policy_domain}._report._dmarc.{host}"
    if not is_name(name):
        return ReportConsent(Consent.MISSING, name)
    answer = yield Question(name, "TXT")
    records = [record for record in map(_record, answer.records) if record is not None]
    if not records:
        is_open = unknown or answer.status is Status.TEMPFAIL
        return ReportConsent(Consent.UNKNOWN if is_open else Consent.MISSING, name)
    places = (record.failure_uris if failure else record.aggregate_uris for record in records)
    overrides = tuple(place for some in places for place in some)
    if any(place.mailbox_domain != host for place in overrides):
        return ReportConsent(Consent.ELSEWHERE, name, overrides)
    return ReportConsent(Consent.GIVEN, name, overrides)


def _record(text: str) -> Dmarc | None:
    """The record of a text; None where it is none. `v=DMARC1` alone, with or without `;`, is one."""
    try:
        return parse_dmarc(text) if is_dmarc(text) else None
    except DmarcError:
        return None
