"""Certificates, as a browser would judge them."""

from dataclasses import dataclass
from datetime import datetime

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


@dataclass(frozen=True, slots=True)
class Certificate:
    """One handshake: whether OpenSSL trusts it for this name, why not in a word and in OpenSSL's words."""

    trusted: bool
    fault: str
    words: str
    not_before: datetime | None
    not_after: datetime | None
    names: tuple[str, ...]
    issuer: str


@dataclass(frozen=True, slots=True)
class AddressCertificate:
    """The handshake with one of a host's addresses."""

    address: str
    certificate: Measured[Certificate] | Unmeasured


@fact(about=Host)
class Certificates:
    """A handshake with every address of a host, and when they were taken."""

    seen_at: datetime
    served: tuple[AddressCertificate, ...]
