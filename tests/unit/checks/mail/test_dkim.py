"""The check of `checks/mail/dkim.py`; keys are written by their numbers, for only their length counts."""

import base64
from datetime import UTC, datetime

import pytest

from launchready.checks.mail.dkim import dkim_key_short, dkim_key_unusable, dkim_testing
from launchready.facts.mail import DkimKeyOf, DkimKeys
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why

AT = datetime(2026, 7, 1, tzinfo=UTC)
NAME = "s1._domainkey.example.com"


def der(kind: int, content: bytes) -> bytes:
    size = len(content)
    long_form = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([kind]) + (bytes([size]) if size < 128 else bytes([0x80 + len(long_form)]) + long_form) + content


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def rsa(bits: int) -> str:
    """The base64 of an RSAPublicKey (RFC 8017 appendix A.1.1) whose modulus has so many bits."""
    return base64.b64encode(der(0x30, integer((1 << bits - 1) + 1) + integer(65537))).decode()


ED25519 = base64.b64encode(bytes(range(32))).decode()
GOOD = f"v=DKIM1; k=rsa; p={rsa(2048)}"


def at(*records: str, selector: str = "s1", sender: str = "Postmark") -> DkimKeyOf:
    return DkimKeyOf(sender, selector, "example.com", Measured(records, AT, 0.1))


UNDECLARED = DkimKeyOf("Brevo", "", "example.com", Unmeasured(Why.NOT_DECLARED, "declare dkim_selectors of Brevo", AT))


@pytest.mark.parametrize("record", [GOOD, f"p={rsa(1024)}", f"v=DKIM1; k=ed25519; p={ED25519}", f"{GOOD}; h=sha256"])
def test_a_key_that_receivers_can_use_passes(record: str) -> None:
    assert dkim_key_unusable(DkimKeys((at(record),))) == Pass()


@pytest.mark.parametrize(("bits", "passes"), [(1023, False), (1024, True), (1025, True)])
def test_1024_bits_are_enough_and_one_less_is_not(bits: int, passes: bool) -> None:
    """The literal number of RFC 8301 section 3.2."""
    judgement = dkim_key_unusable(DkimKeys((at(f"v=DKIM1; p={rsa(bits)}"),)))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            (f"{NAME} (Postmark: an RSA key of {bits} bits; receivers want 1024 at least)",),
            Fix(f"Copy the DKIM record at {NAME} again from the service that signs, whole"),
        )


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ((), "no record"),
        ((GOOD, GOOD), "2 records, one is needed"),
        (("v=DKIM1; p=",), "the key is revoked: p= is empty"),
        ((GOOD[:202],), "the key's DER is cut short"),
        ((GOOD[:-1],), "the p tag is not valid base64: the key was cut or changed when it was pasted"),
        (("v=DKIM1; k=rsa",), "no p tag, so no public key"),
        ((f"{GOOD}; h=md5",), "the key allows no hash that receivers take: h= must name sha256"),
        ((f"{GOOD}; h=sha1",), "the key allows no hash that receivers take: h= must name sha256"),
        ((f"{GOOD}; s=tlsrpt",), "the key is not for mail (s=)"),
    ],
)
def test_a_key_that_counts_for_nothing_fails_with_the_reason(records: tuple[str, ...], why: str) -> None:
    judgement = dkim_key_unusable(DkimKeys((at(*records),)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{NAME} (Postmark: {why})",)


def test_every_selector_that_is_wrong_is_named_and_no_other() -> None:
    keys = (at(GOOD, selector="ok"), at(selector="gone"), at("v=DKIM1; p=", selector="old", sender="Brevo"))
    judgement = dkim_key_unusable(DkimKeys(keys))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "gone._domainkey.example.com (Postmark: no record)",
        "old._domainkey.example.com (Brevo: the key is revoked: p= is empty)",
    )


def test_a_selector_that_is_not_declared_makes_no_fault_and_hides_none() -> None:
    assert dkim_key_unusable(DkimKeys((UNDECLARED, at(GOOD)))) == Pass()
    assert isinstance(dkim_key_unusable(DkimKeys((UNDECLARED, at()))), Fail)


@pytest.mark.parametrize(("bits", "passes"), [(2047, False), (2048, True), (2049, True)])
def test_2048_bits_are_wanted_and_one_less_is_short(bits: int, passes: bool) -> None:
    """The literal number of RFC 8301 section 3.2."""
    judgement = dkim_key_short(DkimKeys((at(f"v=DKIM1; p={rsa(bits)}"),)))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            (f"{NAME} (Postmark): {bits} bits",),
            Fix("Have a key of 2048 bits made by the service that signs, and enter its record"),
        )


def test_a_short_key_of_the_modern_kind_is_long_enough() -> None:
    assert dkim_key_short(DkimKeys((at(f"v=DKIM1; k=ed25519; p={ED25519}"),))) == Pass()


@pytest.mark.parametrize(
    ("record", "mended"),
    [
        (f"v=DKIM1; t=y; p={ED25519}; k=ed25519", f"v=DKIM1; p={ED25519}; k=ed25519"),
        (f"v=DKIM1; k=ed25519; t=y:s; p={ED25519};", f"v=DKIM1; k=ed25519; t=s; p={ED25519}"),
    ],
)
def test_a_key_marked_as_a_test_fails_with_the_record_without_the_mark(record: str, mended: str) -> None:
    assert dkim_testing(DkimKeys((at(record),))) == Fail(
        (f"{NAME} (Postmark) says t=y",), Fix(f"Replace the record at {NAME}", f'{NAME}. TXT "{mended}"')
    )


@pytest.mark.parametrize("record", [GOOD, f"{GOOD}; t=s", f"{GOOD}; n=t=y"])
def test_a_key_that_is_no_test_passes(record: str) -> None:
    assert dkim_testing(DkimKeys((at(record),))) == Pass()


def test_keys_that_count_for_nothing_are_another_checks_matter() -> None:
    for check in (dkim_key_short, dkim_testing):
        assert isinstance(check(DkimKeys((at("v=DKIM1; p="),))), NotApplicable)
        assert check(DkimKeys((UNDECLARED,))) == Pass(), "the engine makes this not measured"
