"""DKIM verification: the signed messages printed in RFC 6376 appendix A and RFC 8463 appendix A, and each refusal."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from launchready.parse.inquiry import Answer, Status
from launchready.parse.rfc5322_fields import Field, FieldsError
from launchready.parse.rfc6376_canonical import Form, canonical_body, canonical_field
from launchready.parse.rfc6376_verify import (
    DKIM_RSA_MAX_BITS,
    FUTURE_ALLOWANCE_S,
    MAX_SIGNATURE_CHARS,
    MAX_SIGNATURES,
    DkimOutcome,
    DkimResult,
    evaluate_dkim,
)

NOW_S = 1_700_000_000

# RFC 8463 appendix A.2 and A.3
RFC_8463_KEYS = {
    "brisbane._domainkey.football.example.com": "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "test._domainkey.football.example.com": (
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
        "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
        "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
        "Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
    ),
}
RFC_8463_MESSAGE = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.

"""

# RFC 6376 appendix A.2, with the body as its erratum has it, and the key of appendix C
RFC_6376_KEYS = {
    "brisbane._domainkey.example.com": (
        "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkM"
        "oGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/R"
        "tdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI"
        "MmPSPDdQPNUYckcQ2QIDAQAB"
    )
}
RFC_6376_MESSAGE = b"""\
DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
      c=simple/simple; q=dns/txt; i=joe@football.example.com;
      h=Received : From : To : Subject : Date : Message-ID;
      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
      4bmp/YzhwvcubU4=;
Received: from client1.football.example.com  [192.0.2.1]
      by submitserver.example.com with SUBMISSION;
      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game. Are you hungry yet?

Joe.
"""


def verify(raw: bytes, keys: dict[str, str], now_s: int = NOW_S) -> tuple[DkimOutcome, ...]:
    def lookup(name: str, rtype: str) -> Answer:
        assert rtype == "TXT"
        return Answer(Status.ANSWER, (keys[name],)) if name in keys else Answer(Status.NXDOMAIN)

    return evaluate_dkim(raw, lookup, now_s=now_s)


def test_both_signatures_of_rfc_8463_fit() -> None:
    ed, rsa_one = verify(RFC_8463_MESSAGE, RFC_8463_KEYS)
    assert (ed.result, rsa_one.result) == (DkimResult.PASS, DkimResult.PASS)
    assert (ed.domain, ed.selector, ed.identity) == ("football.example.com", "brisbane", "@football.example.com")
    assert (ed.algorithm, rsa_one.algorithm) == ("ed25519-sha256", "rsa-sha256")
    assert ed.signed == ("from", "to", "subject", "date", "message-id", "from", "subject", "date")
    assert rsa_one.key_name == "test._domainkey.football.example.com"


def test_the_signature_of_rfc_6376_fits_and_white_space_may_not_change_in_it() -> None:
    (outcome,) = verify(RFC_6376_MESSAGE, RFC_6376_KEYS)
    assert outcome.result is DkimResult.PASS
    spaced = RFC_6376_MESSAGE.replace(b"Suzie Q <", b"Suzie  Q <")
    assert verify(spaced, RFC_6376_KEYS)[0].result is DkimResult.FAIL


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"dinner ready", b"dinner READY"),
        (b"lost the game", b"won the game"),
        (b"lost the game", b"lostthe game"),
        (b"From: Joe", b"From: Eve"),
        (b"To: Suzie", b"From: Eve <eve@example.org>\nTo: Suzie"),  # oversigned: one more From
        (b"t=1528637909", b"t=1528637908"),
    ],
)
def test_any_change_that_is_signed_is_found(old: bytes, new: bytes) -> None:
    assert old in RFC_8463_MESSAGE
    changed = verify(RFC_8463_MESSAGE.replace(old, new), RFC_8463_KEYS)
    assert [outcome.result for outcome in changed] == [DkimResult.FAIL, DkimResult.FAIL]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: Is dinner", b"SUBJECT:   Is \t dinner"),
        (b"Subject: Is dinner", b"Subject: Is\n dinner"),
        (b"game.  Are", b"game. \t Are"),
        (b"hungry yet?\n", b"hungry yet?  \n"),
        (b"Joe.\n\n", b"Joe.\n\n\n\n"),
        (b"Message-ID", b"X-Seen: yes\nMessage-ID"),
        (b"\n", b"\r\n"),
    ],
)
def test_the_relaxed_form_lets_relays_change_white_space_and_add_fields(old: bytes, new: bytes) -> None:
    assert old in RFC_8463_MESSAGE
    changed = verify(RFC_8463_MESSAGE.replace(old, new), RFC_8463_KEYS)
    assert [outcome.result for outcome in changed] == [DkimResult.PASS, DkimResult.PASS]


# RFC 6376 section 3.4.5, whose example has a header of two fields and a body of two lines
EXAMPLE = (Field("A", b"A: X\r\n"), Field("B", b"B : Y\t\r\n\tZ  \r\n"))
EXAMPLE_BODY = b" C \r\nD \t E\r\n\r\n\r\n"


def test_the_canonical_forms_are_those_printed_in_section_3_4_5() -> None:
    assert [canonical_field(one, Form.RELAXED) for one in EXAMPLE] == [b"a:X\r\n", b"b:Y Z\r\n"]
    assert canonical_body(EXAMPLE_BODY, Form.RELAXED) == b" C\r\nD E\r\n"
    assert [canonical_field(one, Form.SIMPLE) for one in EXAMPLE] == [b"A: X\r\n", b"B : Y\t\r\n\tZ  \r\n"]
    assert canonical_body(EXAMPLE_BODY, Form.SIMPLE) == b" C \r\nD \t E\r\n"


def test_an_empty_body_has_the_hashes_printed_in_sections_3_4_3_and_3_4_4() -> None:
    def hashed(data: bytes, name: str) -> str:
        return base64.b64encode(hashlib.new(name, data).digest()).decode()

    for empty in (b"", b"\r\n", b"\r\n\r\n"):
        assert hashed(canonical_body(empty, Form.SIMPLE), "sha256") == "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
        assert hashed(canonical_body(empty, Form.SIMPLE), "sha1") == "uoq1oCgLlTqpdDX/iUbLy7J1Wic="
        assert hashed(canonical_body(empty, Form.RELAXED), "sha256") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        assert hashed(canonical_body(empty, Form.RELAXED), "sha1") == "2jmj7l5rSw0yVb/vlWAYkK/YBwk="


ED_KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ED_PUBLIC = base64.b64encode(ED_KEY.public_key().public_bytes_raw()).decode()
RSA_KEY = rsa.generate_private_key(65537, 1024)


def rsa_public(key: rsa.RSAPrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


HEADER = b"From: ann@shop.example\r\nSubject: Hello\r\n"
BODY = b"Hello\r\n"


def signed(tags: str = "", key: rsa.RSAPrivateKey | None = None, digest: HashAlgorithm | None = None) -> bytes:
    """A message signed over From and Subject, by a few lines that share nothing with what they test.

    `tags` change the signature's own, `name=value` each; a name alone takes the tag away.
    """
    body_hash = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    values = {
        "v": "1",
        "a": "rsa-sha256" if key else "ed25519-sha256",
        "d": "shop.example",
        "s": "sel",
        "h": "From:Subject",
    }
    values |= {"c": "simple/simple", "bh": body_hash}
    for tag in filter(None, tags.split(" ")):
        name, _, value = tag.partition("=")
        values[name] = value
        if not value:
            del values[name]
    field = "DKIM-Signature: " + "; ".join(f"{name}={value}" for name, value in values.items() if name != "b") + "; b="
    data = HEADER + field.encode()
    if key:
        signature = key.sign(data, padding.PKCS1v15(), digest or SHA256())
    else:
        signature = ED_KEY.sign(hashlib.sha256(data).digest())
    value = values.get("b", base64.b64encode(signature).decode())
    return field.encode() + value.encode() + b"\r\n" + HEADER + b"\r\n" + BODY


def one(raw: bytes, record: str = f"k=ed25519; p={ED_PUBLIC}", now_s: int = NOW_S) -> DkimOutcome:
    (outcome,) = verify(raw, {"sel._domainkey.shop.example": record}, now_s)
    return outcome


def test_the_messages_these_tests_sign_are_right_to_begin_with() -> None:
    assert one(signed()).result is DkimResult.PASS
    assert one(signed(key=RSA_KEY), f"p={rsa_public(RSA_KEY)}").result is DkimResult.PASS
    assert one(signed("x_own=1 h=From:Subject:Subject:X-None i=joe@mail.shop.example q=dns/txt:x")).result is (
        DkimResult.PASS
    )


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ("v=2", "version"),
        ("v", "no tag v="),
        ("a", "no tag a="),
        ("d", "no tag d="),
        ("h", "no tag h="),
        ("s", "no tag s="),
        ("bh", "no tag bh="),
        ("h=Subject", "From"),
        ("h=From:Sub\tject", "no list of header names"),
        ("h=From:Sub(ject", "the headers were changed"),
        ("i=joe@example.org", "i="),
        ("i=joe@xshop.example", "i="),
        ("i=joe", "i="),
        ("a=rsa-sha1", "rsa-sha1"),
        ("a=ed25519-sha1", "algorithm"),
        ("a=rsa-sha256", "another type"),
        ("c=strict", "c="),
        ("c=Relaxed", "c="),
        ("a=ED25519-SHA256", "algorithm"),
        ("c=simple/", "c="),
        ("q=http", "q="),
        ("l=8", "l="),
        ("l=-1", "l="),
        ("l=" + "9" * 77, "l="),
        ("bh=A", "bh="),
        ("b=****", "b="),
        ("t=now", "t="),
        ("t=10 x=10", "before"),
        (f"x={NOW_S - 1}", "expired"),
        (f"t={NOW_S + FUTURE_ALLOWANCE_S + 1}", "future"),
        ("d=" + "a" * 64 + ".example", "domain name"),
        ("d=shop!.example", "domain name"),
        ("s=sel\tx", "domain name"),
    ],
)
def test_what_a_signature_must_not_be_is_refused_with_a_reason(tags: str, why: str) -> None:
    outcome = one(signed(tags))
    assert outcome.result in {DkimResult.PERMERROR, DkimResult.FAIL}
    assert why in outcome.reason


@pytest.mark.parametrize(
    "tags", [f"x={NOW_S}", f"x={NOW_S + 1}", f"t={NOW_S + FUTURE_ALLOWANCE_S}", "t=10 x=1700000001"]
)
def test_a_signature_is_good_up_to_its_last_second(tags: str) -> None:
    assert one(signed(tags)).result is DkimResult.PASS


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("k=ed25519; p=", "revoked"),
        ("k=rsa", "no p tag"),
        (f"k=ed25519; h=sha1; p={ED_PUBLIC}", "hash"),
        (f"k=ed25519; s=tlsrpt; p={ED_PUBLIC}", "not for mail"),
        (f"v=DKIM2; k=ed25519; p={ED_PUBLIC}", "v tag"),
        (f"p={rsa_public(RSA_KEY)}", "another type"),
    ],
)
def test_a_key_that_may_not_be_used_is_refused_with_a_reason(record: str, why: str) -> None:
    outcome = one(signed(), record)
    assert outcome.result is DkimResult.PERMERROR
    assert why in outcome.reason


def test_a_key_for_the_very_domain_alone_is_not_for_those_below_it() -> None:
    record = f"k=ed25519; t=s; p={ED_PUBLIC}"
    assert one(signed("i=joe@shop.example"), record).result is DkimResult.PASS
    assert one(signed("i=joe@mail.shop.example"), record).result is DkimResult.PERMERROR


def test_sha1_is_refused_although_the_signature_fits() -> None:
    outcome = one(signed("a=rsa-sha1", RSA_KEY, SHA1()), f"p={rsa_public(RSA_KEY)}")
    assert outcome.result is DkimResult.PERMERROR
    assert "RFC 8301" in outcome.reason


@pytest.mark.parametrize(("bits", "result"), [(1023, "permerror"), (1024, "pass"), (1025, "pass")])
def test_rsa_keys_below_1024_bits_are_refused(bits: int, result: str) -> None:
    key = rsa.generate_private_key(65537, 1024)
    if bits != 1024:
        primes = {1023: (511, 512), 1025: (512, 513)}[bits]
        key = key_of(*primes, bits)
    assert one(signed(key=key), f"p={rsa_public(key)}").result.value == result


def key_of(first: int, second: int, bits: int) -> rsa.RSAPrivateKey:
    """A key with a modulus of an odd size, which the library makes none of."""
    while True:
        p, q = prime(first), prime(second)
        n, phi = p * q, (p - 1) * (q - 1)
        if n.bit_length() == bits and phi % 65537:
            d = pow(65537, -1, phi)
            public = rsa.RSAPublicNumbers(65537, n)
            crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
            return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key(unsafe_skip_rsa_key_validation=True)


def prime(bits: int) -> int:
    import random

    while True:
        candidate = random.Random().getrandbits(bits) | (1 << (bits - 1)) | (1 << (bits - 2)) | 1
        if all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7)):
            return candidate


def test_a_key_that_would_cost_minutes_is_not_used() -> None:
    assert DKIM_RSA_MAX_BITS == 8_192
    modulus = (1 << 8_192) | 1
    numbers = b"".join(b"\x02" + length(v) + v for v in (modulus.to_bytes(1_025, "big"), b"\x01\x00\x01"))
    der = base64.b64encode(b"\x30" + length(numbers) + numbers).decode()
    outcome = one(signed("a=rsa-sha256"), f"p={der}")
    assert outcome.result is DkimResult.PERMERROR
    assert "8193 bits" in outcome.reason


def test_numbers_that_are_no_key_and_fields_that_are_too_long_are_refused() -> None:
    exponent = ((1 << 1_024) | 1).to_bytes(129, "big")
    numbers = b"".join(b"\x02" + length(v) + v for v in (b"\0" + b"\xff" * 128, exponent))
    der = base64.b64encode(b"\x30" + length(numbers) + numbers).decode()
    assert one(signed(key=RSA_KEY), f"p={der}").reason == "the numbers in the key are no key"
    long = signed(f"z={'x' * MAX_SIGNATURE_CHARS}")
    assert one(long).reason == "the DKIM-Signature header can't be read"


def length(content: bytes) -> bytes:
    size = len(content)
    return (
        bytes([size]) if size < 128 else (b"\x81" + bytes([size]) if size < 256 else b"\x82" + size.to_bytes(2, "big"))
    )


def test_what_l_leaves_unsigned_is_counted() -> None:
    raw = signed("l=7")
    assert one(raw).unsigned_bytes == 0
    added = one(raw + b"Buy now\r\n")
    assert (added.result, added.unsigned_bytes) == (DkimResult.PASS, 9)


def test_no_answer_is_a_temporary_error_and_no_record_a_permanent_one() -> None:
    (silent,) = evaluate_dkim(signed(), lambda name, rtype: Answer(Status.TEMPFAIL), now_s=NOW_S)
    assert silent.result is DkimResult.TEMPERROR
    (gone,) = verify(signed(), {})
    assert (gone.result, gone.reason) == (DkimResult.PERMERROR, "there is no key at the selector")
    assert gone.domain == "shop.example"


def test_of_several_records_the_first_that_is_a_key_counts() -> None:
    records = Answer(Status.ANSWER, ("hello", f"k=ed25519; p={ED_PUBLIC}"))
    (outcome,) = evaluate_dkim(signed(), lambda name, rtype: records, now_s=NOW_S)
    assert outcome.result is DkimResult.PASS


def test_a_tag_that_stands_twice_makes_the_signature_unreadable() -> None:
    raw = signed().replace(b"v=1;", b"v=1; v=1;")
    assert one(raw).result is DkimResult.PERMERROR


def test_mail_without_signatures_has_no_outcomes_and_bytes_that_are_no_mail_are_an_error() -> None:
    assert verify(HEADER + b"\r\n" + BODY, {}) == ()
    with pytest.raises(FieldsError):
        verify(b"\r\nHello", {})


def test_no_more_signatures_are_tried_than_the_limit() -> None:
    field, _, rest = signed().partition(b"\r\n")
    raw = (field + b"\r\n") * (MAX_SIGNATURES + 1) + rest
    outcomes = verify(raw, {"sel._domainkey.shop.example": f"k=ed25519; p={ED_PUBLIC}"})
    assert [outcome.result for outcome in outcomes] == [DkimResult.PASS] * MAX_SIGNATURES + [DkimResult.NEUTRAL]
