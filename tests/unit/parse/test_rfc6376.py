"""DKIM key records: RFC 6376 section 3.6.1, RFC 8463, RFC 8301. The key sizes are checked against `cryptography`."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from launchready.parse.rfc6376 import (
    DKIM_RSA_MIN_BITS,
    DKIM_RSA_WANTED_BITS,
    DkimKey,
    DkimKeyError,
    KeyType,
    parse_dkim_key,
)

# RFC 8463 appendix A.2
ED25519_RECORD = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
# RFC 6376 appendix C
RSA_RECORD = (
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
    "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb"
    "to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def record(data: bytes) -> str:
    return f"v=DKIM1; k=rsa; p={b64(data)}"


def spki(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


def test_the_sizes_are_those_of_rfc_8301() -> None:
    assert DKIM_RSA_MIN_BITS == 1024
    assert DKIM_RSA_WANTED_BITS == 2048


def test_the_key_of_the_dkim_standard_is_read() -> None:
    assert parse_dkim_key(RSA_RECORD) == DkimKey(
        key_type=KeyType.RSA,
        key_bits=1024,
        revoked=False,
        testing=False,
        hash_algorithms=None,
        services=("*",),
        flags=(),
        public=base64.b64decode(RSA_RECORD.partition("p=")[2]),
    )


def test_the_key_of_the_ed25519_standard_is_read() -> None:
    read = parse_dkim_key(ED25519_RECORD)
    assert (read.key_type, read.key_bits) == (KeyType.ED25519, 256)


@pytest.mark.parametrize("bits", [1024, 1032, 1536, 2048, 3072])
def test_both_encodings_of_an_rsa_key_give_its_size(bits: int) -> None:
    public = rsa.generate_private_key(65537, bits).public_key()
    assert public.key_size == bits
    for encoding in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1):
        assert parse_dkim_key(record(public.public_bytes(Encoding.DER, encoding))).key_bits == bits


def der(kind: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([kind, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([kind, 128 + len(octets)]) + octets + content


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@pytest.mark.parametrize("bits", [511, 512, 768, 1023, 1024, 1025, 2047, 2048, 2049, 4096, 16384])
def test_odd_and_small_sizes_are_told_exactly(bits: int) -> None:
    modulus = (1 << (bits - 1)) | 1
    assert parse_dkim_key(record(der(0x30, integer(modulus) + integer(65537)))).key_bits == bits


def test_an_empty_key_is_a_revoked_one() -> None:
    read = parse_dkim_key("v=DKIM1; p=")
    assert read.revoked
    assert read.key_bits is None
    assert parse_dkim_key("p=;").revoked


def test_flags_services_and_hashes_are_read() -> None:
    read = parse_dkim_key(f"v=DKIM1; h=sha1 : sha256:x-own; s=email:*; t=y:s:later; {RSA_RECORD[9:]}; n=a note; g=*")
    assert read.hash_algorithms == ("sha1", "sha256")
    assert read.services == ("email", "*")
    assert read.flags == ("y", "s", "later")
    assert read.testing


def test_a_list_of_unknown_hashes_leaves_none() -> None:
    assert parse_dkim_key(f"h=sha512; {RSA_RECORD[9:]}").hash_algorithms == ()


def test_folding_whitespace_inside_the_key_is_ignored() -> None:
    folded = RSA_RECORD[:60] + "\r\n\t " + RSA_RECORD[60:90] + " " + RSA_RECORD[90:]
    assert parse_dkim_key(folded) == parse_dkim_key(RSA_RECORD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=DKIM1",
        "v=DKIM1; k=rsa",
        "v=DKIM2; p=",
        "v=DKIM1.0; p=",
        "v=dkim1; p=",
        "v=; p=",
        "p=; v=DKIM1",
        "k=rsa; v=DKIM1; p=",
        "v=DKIM1; k=dsa; p=",
        "v=DKIM1; k=RSA; p=",
        "v=DKIM1; k=; p=",
        "v=DKIM1; p=; p=",
        "v=DKIM1; P=",
        "v=DKIM1; h=; p=",
        "v=DKIM1; h=*; p=",
        "v=DKIM1; s=a,b; p=",
        "v=DKIM1; t=y:; p=",
        "v=DKIM1; t=-y; p=",
        "v=DKIM1 k=rsa; p=",
        "v=DKIM1; p=MIIB",
        "v=DKIM1; p=AAAA",
        "v=DKIM1; p=!!!!",
        "v=DKIM1; p=A",
        "v=DKIM1; p====",
        RSA_RECORD[:-1],
        RSA_RECORD[:-4],
        RSA_RECORD + "=",
        RSA_RECORD + "AAAA",
        RSA_RECORD[:40] + RSA_RECORD[44:],
        RSA_RECORD.replace("MIGf", "MIGe"),
        RSA_RECORD.replace("+", "-"),
        '"v=DKIM1; p="',
        ED25519_RECORD[:-1],
        "k=ed25519; p=" + b64(b"x" * 31),
        "k=ed25519; p=" + b64(b"x" * 33),
        ED25519_RECORD.replace("k=ed25519; ", ""),
        RSA_RECORD.replace("p=", "k=ed25519; p="),
    ],
)
def test_a_record_that_verifiers_cannot_use_is_refused(text: str) -> None:
    with pytest.raises(DkimKeyError):
        parse_dkim_key(text)


def test_keys_of_other_kinds_are_not_taken_for_rsa() -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    discrete = dsa.generate_private_key(1024).public_key()
    for public in (elliptic, edwards, discrete):
        with pytest.raises(DkimKeyError):
            parse_dkim_key(record(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)))


def test_a_private_key_published_by_mistake_is_not_taken_for_a_public_one(key: rsa.RSAPrivateKey) -> None:
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        with pytest.raises(DkimKeyError):
            parse_dkim_key(record(key.private_bytes(Encoding.DER, form, NoEncryption())))


def test_a_key_cut_anywhere_is_corrupt(key: rsa.RSAPrivateKey) -> None:
    whole = spki(key)
    for size in range(1, len(whole)):
        with pytest.raises(DkimKeyError):
            parse_dkim_key(record(whole[:size]))


@pytest.mark.parametrize(
    "data",
    [
        der(0x30, integer(2**1023) + integer(65537) + b"\0"),
        der(0x30, integer(2**1023)),
        der(0x30, integer(65537) + integer(0)),
        der(0x30, integer(2**1023 + 1) + integer(4)),
        der(0x30, integer(2**1023 + 1) + integer(1)),
        der(0x30, der(2, b"\xff" * 128) + integer(65537)),
        der(0x30, der(2, b"\0\0" + b"\xff" * 128) + integer(65537)),
        der(0x30, der(2, b"") + integer(65537)),
        b"\x30\x80" + integer(2**1023) + integer(65537) + b"\0\0",
        b"\x30\x84\0\0\0\x08" + der(2, b"\x01") + integer(3) + b"\0\0",
        b"\x30\x81\x06" + integer(3) + integer(3),
        b"\x31" + der(0x30, integer(2**1023) + integer(65537))[1:],
        der(0x30, der(0x30, bytes.fromhex("06092a864886f70d0101010500")) + der(3, b"\x01" + der(0x30, integer(3) * 2))),
        der(0x30, der(0x30, bytes.fromhex("06092a864886f70d0101010500")) + der(3, b"")),
    ],
)
def test_der_that_is_not_in_its_one_right_form_is_corrupt(data: bytes) -> None:
    with pytest.raises(DkimKeyError):
        parse_dkim_key(record(data))
