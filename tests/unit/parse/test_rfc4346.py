"""The first words of TLS 1.0 and 1.1, written for and read from OpenSSL itself."""

import datetime as dt
import ssl
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc4346 import (
    MAX_REPLY_BYTES,
    Alert,
    OldVersion,
    ServerHello,
    TlsReplyError,
    client_hello,
    read_reply,
)

HELLO = client_hello(OldVersion.TLS_1_1, "shop.example", bytes(range(32)))
VERSIONS = {OldVersion.TLS_1_0: ssl.TLSVersion.TLSv1, OldVersion.TLS_1_1: ssl.TLSVersion.TLSv1_1}


@pytest.fixture(scope="module", params=["ec", "rsa"])
def chain(request, tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1()) if request.param == "ec" else rsa.generate_private_key(65537, 2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]), dt.datetime.now(dt.UTC)
    leaf = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + dt.timedelta(days=1))
    path = tmp_path_factory.mktemp("tls") / "leaf.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + leaf.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


def answer_of_openssl(chain, lowest, highest, hello, seen=None):
    """What a server made of the ssl module says to a hello."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = lowest, highest
    context.load_cert_chain(chain)
    context.sni_callback = lambda _socket, name, _context: seen.append(name) if seen is not None else None
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(hello)
    with suppress(ssl.SSLError):
        context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
    return outgoing.read()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", OldVersion)
def test_openssl_takes_our_hello_in_every_old_version_and_hears_the_name(chain, version):
    heard = []
    lowest = ssl.TLSVersion.TLSv1
    hello = client_hello(version, "shop.example", bytes(range(32)))
    said = answer_of_openssl(chain, lowest, ssl.TLSVersion.TLSv1_3, hello, heard)
    reply = read_reply(said)
    assert isinstance(reply, ServerHello)
    assert reply.version == version.value
    assert heard == ["shop.example"]
    # a server that has only the lower one offers that, which is no yes to the higher one
    lower = read_reply(answer_of_openssl(chain, lowest, lowest, hello))
    assert isinstance(lower, ServerHello)
    assert lower.version == OldVersion.TLS_1_0.value


@pytest.mark.parametrize("version", OldVersion)
def test_openssl_of_today_declines_with_the_alert_for_a_version(chain, version):
    hello = client_hello(version, "shop.example", bytes(32))
    said = answer_of_openssl(chain, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, hello)
    assert read_reply(said) == Alert(70)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_reply_is_the_same_however_it_is_cut(chain):
    lowest = ssl.TLSVersion.TLSv1
    said = answer_of_openssl(chain, lowest, ssl.TLSVersion.TLSv1_3, HELLO)
    whole = read_reply(said)
    known = [read_reply(said[:size]) for size in range(len(said))]
    assert set(known) == {None, whole}
    assert known == sorted(known, key=lambda reply: reply is not None)
    # one byte a record
    size = int.from_bytes(said[3:5], "big")
    crumbs = b"".join(said[:3] + b"\x00\x01" + said[at : at + 1] for at in range(5, 5 + size))
    assert read_reply(crumbs) == whole


def record(kind: int, fragment: bytes) -> bytes:
    return bytes((kind, 3, 1)) + len(fragment).to_bytes(2, "big") + fragment


def hello(body: bytes) -> bytes:
    return record(22, b"\x02" + len(body).to_bytes(3, "big") + body)


FIXED = b"\x03\x02" + bytes(32)


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"", None),
        (b"\x16", None),
        (record(21, b"\x02\x28"), Alert(40)),
        (record(21, b"\x01\x00"), Alert(0)),
        (record(21, b"\x01\x70"), None),
        (record(21, b"\x01\x70") + record(21, b"\x02\x46"), Alert(70)),
        (record(21, b"\x01\x70") + hello(FIXED + b"\x00\xc0\x14\x00"), ServerHello(0x0302, 0xC014)),
        (record(21, b"\x01\x70\x02\x28"), Alert(40)),
        (hello(FIXED + b"\x20" + bytes(32) + b"\x00\x2f\x00"), ServerHello(0x0302, 0x002F)),
        (hello(FIXED + b"\x00\x00\x2f\x00\x00\x00"), ServerHello(0x0302, 0x002F)),
        (hello(FIXED + b"\x00\x00\x2f\x00\x00\x04\xff\x01\x00\x00") + b"anything", ServerHello(0x0302, 0x002F)),
    ],
)
def test_a_reply_is_read(data: bytes, reply: object) -> None:
    assert read_reply(data) == reply


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"\x15\x02\x00\x00\x02\x02\x28",  # SSL 2
        record(23, b"data"),
        record(20, b"\x01"),
        record(22, b""),
        record(21, b"\x02"),
        record(21, b"\x03\x28"),
        record(22, b"\x01\x00\x00\x00"),
        record(22, b"\x02\xff\xff\xff"),
        hello(b""),
        hello(FIXED),
        hello(FIXED + b"\x21" + bytes(33) + b"\x00\x2f\x00"),
        hello(FIXED + b"\x00\x00\x2f"),
        hello(FIXED + b"\x00\x00\x2f\x00\x00\x05\xff\x01\x00\x00"),
        hello(b"\x02\x00" + FIXED[2:] + b"\x00\x00\x2f\x00"),
        record(22, b"\x02\x00") + record(21, b"\x02\x28"),
        b"\x16\x03\x01\xff\xff",
    ],
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(TlsReplyError):
        read_reply(data)


PIECES = (b"\x16\x03\x01", b"\x15\x03\x01", b"\x00\x02", b"\x02\x00\x00\x26", FIXED, b"\x02\x28", b"\x00")


@given(st.binary(max_size=200) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join))
def test_any_bytes_are_a_reply_or_the_parsers_own_error(data: bytes) -> None:
    with suppress(TlsReplyError):
        assert isinstance(read_reply(data), ServerHello | Alert | None)


def test_a_reply_of_crumbs_is_given_up_in_little_time():
    crumbs = record(22, b"\x02") + record(22, b"\x00\x3f\xff") + record(22, b"\x00") * (MAX_REPLY_BYTES // 6)
    assert read_reply(crumbs) is None


def test_a_hello_is_shaped_as_the_rfc_draws_it():
    assert HELLO[:3] == b"\x16\x03\x01"
    assert int.from_bytes(HELLO[3:5], "big") == len(HELLO) - 5
    assert HELLO[5:6] == b"\x01"
    assert int.from_bytes(HELLO[6:9], "big") == len(HELLO) - 9
    assert HELLO[9:11] == b"\x03\x02"
    assert HELLO[11:43] == bytes(range(32))
