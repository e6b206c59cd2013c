"""What a renewal of the certificate will meet."""

from dataclasses import dataclass

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
