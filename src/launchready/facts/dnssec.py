"""Whether a domain's records are signed as the zone above says."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain


class Signing(StrEnum):
    """What a validating resolver makes of records: the first fault that it meets (RFC 4035, section 5)."""

    VALID = "valid"
    NO_KEYS = "no keys"
    NO_MATCHING_KEY = "no matching key"
    UNSIGNED = "unsigned"
    EXPIRED = "expired"
    NOT_YET = "not yet valid"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class SignedRecords:
    """The records of one type at the domain itself."""

    rtype: str
    signing: Signing


@dataclass(frozen=True, slots=True)
class SigningServer:
    """One name server at one address: its keys first and, where those are good, the other records that it has."""

    name: str
    address: str
    records: Measured[tuple[SignedRecords, ...]] | Unmeasured


@fact(about=Domain)
class Dnssec:
    """What the parent zone vouches for, and what the domain's servers show for it, judged at the time of the look.

    `delegation_signers` are the DS records of the parent zone in their canonical text, sorted. Without any, the domain
    is not signed, and no server is asked.
    """

    delegation_signers: tuple[str, ...]
    servers: tuple[SigningServer, ...]
