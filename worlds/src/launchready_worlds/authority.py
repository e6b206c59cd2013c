"""A certification authority of a world's own, and every way a certificate goes wrong.

Extensions follow RFC 5280 as strict verifiers want them: key identifiers on every certificate, a critical
basic constraint and key usage on authorities, and a SAN that is not critical.
"""

import datetime as dt
import ssl
import warnings
from enum import Enum, auto
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME_DAYS = 90
"""What a public certificate lives when renewed automatically."""
GOOD_DAYS_LEFT = 60
AUTHORITY_AGE_DAYS = 1000
ORGANIZATION = "Let's Encrypt"
"""Whom the certificates of a world are from by name, for CAA records name authorities that exist."""
AUTHORITY_DAYS_LEFT = 3000
ANY_LEVEL = "DEFAULT:@SECLEVEL=0"
"""OpenSSL signs the handshakes of TLS 1.0 and 1.1 at its lowest security level alone."""
RENEWAL_GRACE = dt.timedelta(hours=1)
"""Added to "days left" so that a long run does not slip over a boundary while it looks."""


class Certificate(Enum):
    """How a host's certificate is made."""

    GOOD = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()
    FROM_1970 = auto()
    WRONG_NAME = auto()
    MISSING_INTERMEDIATE = auto()
    SELF_SIGNED = auto()
    DAYS_29_LEFT = auto()
    DAYS_31_LEFT = auto()
    WILDCARD = auto()


_DAYS_LEFT = {
    Certificate.EXPIRED: -2,
    Certificate.NOT_YET_VALID: LIFETIME_DAYS + 2,
    Certificate.DAYS_29_LEFT: 29,
    Certificate.DAYS_31_LEFT: 31,
}


def _name(common_name: str, organization: str = "") -> x509.Name:
    parts = [(NameOID.COMMON_NAME, common_name), (NameOID.ORGANIZATION_NAME, organization)]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def take_old_versions(context: ssl.SSLContext) -> None:
    """Let a server take TLS 1.0 and 1.1 beside those of today."""
    context.set_ciphers(ANY_LEVEL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is what this is for
        context.minimum_version = ssl.TLSVersion.TLSv1


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


class Issuer:
    """A certificate and the key that belongs to it."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self.key = key

    def pem(self) -> bytes:
        """The certificate alone, PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        """The private key, PEM, not encrypted: it protects a world, nothing else."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _start(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority(common_name: str, issuer: Issuer | None, now: dt.datetime, path_length: int) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(common_name, ORGANIZATION)
    signer = key if issuer is None else issuer.key
    builder = (
        _start(subject, subject if issuer is None else issuer.certificate.subject, key)
        .not_valid_before(now - dt.timedelta(days=AUTHORITY_AGE_DAYS))
        .not_valid_after(now + dt.timedelta(days=AUTHORITY_DAYS_LEFT))
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return Issuer(builder.sign(signer, hashes.SHA256()), key)


class Authority:
    """A root that clients trust, an intermediate that signs, and certificates on demand.

    Args:
        folder: Where PEM files are kept.
        now: The moment validity is counted from.
    """

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        self._folder = folder
        self._now = now
        self._root = _authority("Launch Test Root", None, now, path_length=1)
        self._intermediate = _authority("Launch Test Intermediate", self._root, now, path_length=0)
        self._contexts: dict[tuple[str, Certificate], ssl.SSLContext] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.bundle = folder / "ca.pem"
        """The root alone, as a client's CA bundle holds it."""
        self.bundle.write_bytes(self._root.pem())

    def context(self, host: str, kind: Certificate) -> ssl.SSLContext:
        """A server's TLS settings with one kind of certificate; made once, then kept."""
        if (host, kind) not in self._contexts:
            self._contexts[host, kind] = self._make_context(host, kind)
        return self._contexts[host, kind]

    def _make_context(self, host: str, kind: Certificate) -> ssl.SSLContext:
        leaf = self._leaf(host, kind)
        chain = [leaf.pem()]
        if kind not in (Certificate.MISSING_INTERMEDIATE, Certificate.SELF_SIGNED):
            chain.append(self._intermediate.pem())
        path = self._folder / f"{host}-{kind.name.lower()}.pem"
        path.write_bytes(leaf.key_pem() + b"".join(chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.set_ciphers(ANY_LEVEL)  # the address decides which versions there are, and this context is taken after
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _leaf(self, host: str, kind: Certificate) -> Issuer:
        key = ec.generate_private_key(ec.SECP256R1())
        names = _names(host, kind)
        signer = Issuer(self._intermediate.certificate, self._intermediate.key)
        subject = _name(names[0])
        starts, ends = self._validity(kind)
        issuer_name, signing_key = signer.certificate.subject, signer.key
        if kind is Certificate.SELF_SIGNED:
            issuer_name, signing_key = subject, key
        builder = (
            _start(subject, issuer_name, key)
            .not_valid_before(starts)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        )
        return Issuer(builder.sign(signing_key, hashes.SHA256()), key)

    def _validity(self, kind: Certificate) -> tuple[dt.datetime, dt.datetime]:
        lifetime = dt.timedelta(days=LIFETIME_DAYS)
        if kind is Certificate.FROM_1970:
            starts = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            return starts, starts + lifetime
        left = dt.timedelta(days=_DAYS_LEFT.get(kind, GOOD_DAYS_LEFT))
        ends = self._now + left + RENEWAL_GRACE
        return ends - lifetime, ends


def _names(host: str, kind: Certificate) -> list[str]:
    if kind is Certificate.WRONG_NAME:
        return ["shared-hosting.example", "www.shared-hosting.example"]
    if kind is Certificate.WILDCARD:
        return ["*." + host.partition(".")[2]]
    return [host]
