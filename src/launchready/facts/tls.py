"""Certificates, as a browser would judge them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


class CertificateFault(StrEnum):
    """Why a browser would not go on."""

    EXPIRED = "expired"
    CHAIN_EXPIRED = "expired intermediate"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    MISSING_INTERMEDIATE = "missing intermediate"
    SELF_SIGNED = "self-signed"
    UNTRUSTED_ROOT = "untrusted root"
    WEAK = "weak"
    NO_CERTIFICATE = "no certificate for the name"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One handshake: what is wrong with what was shown (None: a browser goes on), and OpenSSL's words for it.

    The dates are None where nothing was shown at all. `issuer_organization` is empty where the issuer's name has none.
    """

    fault: CertificateFault | None
    words: str
    not_before: datetime | None
    not_after: datetime | None
    names: tuple[str, ...]
    issuer: str
    issuer_organization: str


@dataclass(frozen=True, slots=True)
class AddressCertificate:
    """The handshake with one of a host's addresses."""

    address: str
    certificate: Measured[Certificate] | Unmeasured


@dataclass(frozen=True, slots=True)
class VersionAsked:
    """Whether one address goes on in an old version of TLS, such as "TLS 1.0"."""

    address: str
    version: str
    taken: Measured[bool] | Unmeasured


@fact(about=Host)
class OldVersions:
    """Every address of a host, asked for every version that must not be used any more."""

    asked: tuple[VersionAsked, ...]

    @property
    def taken(self) -> tuple[VersionAsked, ...]:
        """Where the server goes on."""
        return tuple(a for a in self.asked if isinstance(a.taken, Measured) and a.taken.value)


@fact(about=Host)
class Certificates:
    """A handshake with every address of a host, and when they were taken."""

    seen_at: datetime
    served: tuple[AddressCertificate, ...]

    @property
    def seen(self) -> tuple[tuple[str, Certificate], ...]:
        """Address and certificate of every handshake that came about."""
        return tuple((s.address, s.certificate.value) for s in self.served if isinstance(s.certificate, Measured))
