"""Certificates judged by the ssl module, and by openssl where it is installed."""

import datetime as dt
import shutil
import ssl
import subprocess

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from launchready_worlds.addresses import APEX, APP, BOOKING, OLD_HOST, WWW
from launchready_worlds.authority import Authority, Certificate

NOW = dt.datetime.now(dt.UTC)


def _days_left(certificate) -> float:
    return (ssl.cert_time_to_seconds(certificate["notAfter"]) - NOW.timestamp()) / 86400


def test_every_host_of_the_good_world_is_trusted_with_sixty_of_ninety_days_left(world):
    for host in (APEX, WWW, APP, BOOKING):
        certificate = world.certificate(host)
        lifetime = ssl.cert_time_to_seconds(certificate["notAfter"]) - ssl.cert_time_to_seconds(
            certificate["notBefore"]
        )
        assert certificate["subjectAltName"] == (("DNS", host),)
        assert lifetime / 86400 == pytest.approx(90)
        assert _days_left(certificate) == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Certificate.EXPIRED, "certificate has expired"),
        (Certificate.NOT_YET_VALID, "certificate is not yet valid"),
        (Certificate.FROM_1970, "certificate has expired"),
        (Certificate.WRONG_NAME, "Hostname mismatch"),
        (Certificate.MISSING_INTERMEDIATE, "unable to get local issuer certificate"),
        (Certificate.SELF_SIGNED, "self-signed certificate"),
        (Certificate.GOOD, ""),
        (Certificate.WILDCARD, ""),
        (Certificate.DAYS_29_LEFT, ""),
        (Certificate.DAYS_31_LEFT, ""),
    ],
)
def test_each_kind_of_certificate_is_refused_for_its_own_reason(tmp_path, kind, why):
    authority = Authority(tmp_path, NOW)
    server = authority.context("app.brightpath.example", kind)
    client = ssl.create_default_context(cafile=authority.bundle)
    assert why in _refusal(server, client)
    assert bool(why) == bool(_refusal(server, client))


def _refusal(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    """Shake hands in memory; why the client refuses, or nothing."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(to_client, to_server, server_hostname="app.brightpath.example"),
        server.wrap_bio(to_server, to_client, server_side=True),
    )
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return ""


def test_the_old_host_has_no_certificate_for_the_product(world):
    assert "mismatch" in world.refusal(APEX, OLD_HOST).lower()


def test_a_strict_verifier_accepts_the_chain(tmp_path):
    authority = Authority(tmp_path, NOW)
    authority.context("app.brightpath.example", Certificate.GOOD)
    leaf, intermediate = x509.load_pem_x509_certificates((tmp_path / "app.brightpath.example-good.pem").read_bytes())
    roots = x509.load_pem_x509_certificates(authority.bundle.read_bytes())
    verifier = PolicyBuilder().store(Store(roots)).build_server_verifier(x509.DNSName("app.brightpath.example"))
    assert len(verifier.verify(leaf, [intermediate])) == 3


def test_openssl_where_it_is_installed_accepts_the_chain_by_strict_rules(tmp_path):
    authority = Authority(tmp_path, NOW)
    authority.context("app.brightpath.example", Certificate.GOOD)
    chain = tmp_path / "app.brightpath.example-good.pem"
    command = [shutil.which("openssl") or "true", "verify", "-x509_strict", "-purpose", "sslserver"]
    command += ["-CAfile", authority.bundle, "-untrusted", chain, chain]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
