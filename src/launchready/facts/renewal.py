"""What a renewal of the certificate will meet."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.parse.rfc8659 import Caa


@dataclass(frozen=True, slots=True)
class CaaSet:
    """The CAA records of one name, aliases followed; none where it has none or does not exist."""

    name: str
    records: tuple[Caa, ...]


@dataclass(frozen=True, slots=True)
class CertificateIssuer:
    """Who issued a certificate that the host shows: the organization, and its domains in CAA records, the usual first.

    `names` are those names of the certificate that hang on the host's own records: the host, and wildcards for the
    level of the host or below it.
    """

    organization: str
    domains: tuple[str, ...]
    names: tuple[str, ...]


@fact(about=Host)
class CaaRecords:
    """Who may issue certificates, and who did.

    `sets` are those of the host and the names above it, in that order, up to the first above it that has records.
    `issuers` has each issuer once; it is empty where no name has records, for then nothing hangs on who it is.
    """

    sets: tuple[CaaSet, ...]
    issuers: tuple[Measured[CertificateIssuer] | Unmeasured, ...]

    @property
    def seen(self) -> tuple[CertificateIssuer, ...]:
        """The issuers that we know."""
        return tuple(issuer.value for issuer in self.issuers if isinstance(issuer, Measured))


class ProofEnd(StrEnum):
    """Where the way of an authority to its proof over http ends (RFC 8555 section 8.3)."""

    ANSWERED = "answered"  # by this machine, as it answers what it does not have
    CLOSED = "closed"  # port 80 takes no connection
    FORBIDDEN = "forbidden"  # 401 or 403, though the path beside it is not refused
    WALLED = "walled"  # a bot protection, though there is none before the path beside it
    ENDLESS = "endless"  # round in a circle, or through more redirects than authorities follow
    ANOTHER_PORT = "another port"  # neither 80 nor 443, where authorities don't go


@dataclass(frozen=True, slots=True)
class ProofWay:
    """The way to a proof that does not exist, at one address; `url` is where it ended, without the proof's name."""

    end: ProofEnd
    url: str


@dataclass(frozen=True, slots=True)
class AddressProof:
    """What came of it at one of a host's addresses."""

    address: str
    way: Measured[ProofWay] | Unmeasured


@fact(about=Host)
class ProofPath:
    """`/.well-known/acme-challenge/` over plain http, at every address of a host."""

    ways: tuple[AddressProof, ...]

    @property
    def seen(self) -> tuple[tuple[str, ProofWay], ...]:
        """Address and way of those that were seen."""
        return tuple((w.address, w.way.value) for w in self.ways if isinstance(w.way, Measured))
