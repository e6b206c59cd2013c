"""What a chain of certificates says, read by `cryptography`."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is read of one certificate; `subject` and `issuer` are as RFC 4514 writes them.

    `issuer_organization` is the O of the issuer's name, and empty where it has none.
    """

    subject: str
    issuer: str
    issuer_organization: str
    serial: str
    not_before: datetime
    not_after: datetime
    names: tuple[str, ...]


def read_chain(ders: tuple[bytes, ...]) -> tuple[Certificate, ...]:
    """Read certificates.

    Raises:
        ValueError: one of them can't be read.
    """
    try:
        return tuple(_read(x509.load_der_x509_certificate(der)) for der in ders)
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise ValueError(str(error)) from error


def is_incomplete(chain: tuple[Certificate, ...]) -> bool:
    """Whether an untrusted chain stops short: the leaf alone, or its issuer is not among what was sent along.

    A server may leave out the root, so a chain that holds together and ends at an unknown issuer is not incomplete.
    """
    leaf, *rest = chain
    return leaf.issuer != leaf.subject and all(other.subject != leaf.issuer for other in rest)


def _read(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        issuer_organization=_organization(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        names=_dns_names(certificate),
    )


def _organization(name: x509.Name) -> str:
    attributes = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(attributes[0].value) if attributes else ""


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(name.lower() for name in names.get_values_for_type(x509.DNSName))
