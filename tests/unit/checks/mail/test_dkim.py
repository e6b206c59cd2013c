"""The check of `checks/mail/dkim.py`."""

import base64
from datetime import UTC, datetime

import pytest

from launchready.checks.mail.dkim import dkim_key_unusable
from launchready.facts.mail import DkimKeyOf, DkimKeys
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")


def tlv(kind: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([kind]) + length + content if size < 128 or size > 255 else bytes([kind, 0x81, size]) + content


def rsa(bits: int) -> str:
    """The base64 of an RSAPublicKey whose modulus has so many bits."""
    modulus = ((1 << (bits - 1)) + 1).to_bytes(bits // 8 + 1, "big")
    while modulus[0] == 0 and modulus[1] < 128:
        modulus = modulus[1:]
    return base64.b64encode(tlv(0x30, tlv(2, modulus) + tlv(2, b"\x01\x00\x01"))).decode()


def judge(*records: str) -> Judgement:
    return dkim_key_unusable(DOMAIN, DkimKeys((DkimKeyOf("Postmark", "s1", Measured(records, NOW, 0.1)),)))


def failure(why: str) -> Fail:
    return Fail(
        (f"s1._domainkey.example.com (Postmark: {why})",),
        Fix("Copy the DKIM record at s1._domainkey.example.com again from the service that signs, whole"),
    )


def test_a_strong_key_passes() -> None:
    assert judge(f"v=DKIM1; k=rsa; p={rsa(2048)}") == Pass()


def test_an_ed25519_key_is_no_weak_rsa_key() -> None:
    assert judge(f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(32)).decode()}") == Pass()


@pytest.mark.parametrize("bits", [1024, 1025])
def test_1024_bits_are_enough(bits: int) -> None:
    assert judge(f"p={rsa(bits)}") == Pass()


def test_1023_bits_are_too_few() -> None:
    assert judge(f"p={rsa(1023)}") == failure("an RSA key of 1023 bits; receivers want 1024 at least")


def test_no_record_fails() -> None:
    assert judge() == failure("no record")


def test_two_records_fail() -> None:
    assert judge(f"p={rsa(2048)}", f"p={rsa(1024)}") == failure("2 records, one is needed")


def test_a_revoked_key_fails() -> None:
    assert judge("v=DKIM1; k=rsa; p=") == failure("the key is revoked: p= is empty")


def test_a_key_that_was_cut_off_fails() -> None:
    assert isinstance(judge(f"v=DKIM1; p={rsa(2048)[:200]}"), Fail)


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("h=md5", "the key allows no hash that receivers know (h=)"),
        ("s=chat", "the key is not for mail (s=)"),
    ],
)
def test_a_key_for_something_else_fails(tag: str, why: str) -> None:
    assert judge(f"v=DKIM1; {tag}; p={rsa(2048)}") == failure(why)


@pytest.mark.parametrize("tag", ["h=sha256:md5", "s=chat:email", "s=*", "t=y"])
def test_a_key_for_mail_among_others_passes(tag: str) -> None:
    assert judge(f"v=DKIM1; {tag}; p={rsa(2048)}") == Pass()


def test_a_missing_key_is_seen_beside_one_that_was_not_answered() -> None:
    unseen = DkimKeyOf("Postmark", "s1", Unmeasured(Why.TIMED_OUT, "silent", NOW))
    missing = DkimKeyOf("Brevo", "s2", Measured((), NOW, 0.1))
    judgement = dkim_key_unusable(DOMAIN, DkimKeys((unseen, missing)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("s2._domainkey.example.com (Brevo: no record)",)
