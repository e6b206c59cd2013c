"""The first bytes of a handshake in TLS 1.0 and 1.1, which alone show whether a server still takes them.

RFC 2246 (1.0) and RFC 4346 (1.1) write these messages alike; RFC 8446 appendix D.1 says how a server of today declines.
Nothing here goes beyond the server's first message: no key is made, and no secret needs keeping.
"""

from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Final

RANDOM_BYTES: Final = 32
"""What a hello carries of random bytes (RFC 4346 section 7.4.1.2)."""

MAX_REPLY_BYTES: Final = 16_384
"""What is read before a reply is given up: a hello has some hundred bytes, and may come in many small records."""

_RECORD_HEADER_BYTES: Final = 5
_MAX_FRAGMENT_BYTES: Final = 2**14  # of a record that is not encrypted (section 6.2.1)
_ALERT: Final = 21
_HANDSHAKE: Final = 22
_SERVER_HELLO: Final = 2
_FATAL: Final = 2
_CLOSE_NOTIFY: Final = 0

_CIPHERS: Final = (  # all that a browser of that time offered: one in common is enough
    *(0xC00A, 0xC014, 0xC009, 0xC013, 0xC008, 0xC012),  # ECDHE with AES-256, AES-128 and 3DES
    *(0x0039, 0x0038, 0x0033, 0x0032, 0x0016, 0x0013),  # DHE with the same
    *(0x0035, 0x002F, 0x000A, 0xC007, 0xC011, 0x0005, 0x0004),  # RSA with the same, and RC4
    0x00FF,  # renegotiation is understood (RFC 5746 section 3.3)
)
_GROUPS: Final = (29, 23, 24, 25)  # x25519, P-256, P-384, P-521 (RFC 8422 section 5.1.1)


class OldVersion(Enum):
    """A version that must not be used any more (RFC 8996), by its bytes on the wire."""

    TLS_1_0 = 0x0301
    TLS_1_1 = 0x0302


class TlsReplyError(ValueError):
    """The bytes are no reply to a hello."""


@dataclass(frozen=True, slots=True)
class ServerHello:
    """The server goes on, in this version (as on the wire) and with this cipher suite."""

    version: int
    cipher: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The server stops, and says why by a number (RFC 8446 section 6)."""

    description: int


def client_hello(version: OldVersion, host: str, random: bytes) -> bytes:
    """A hello that offers this version and those below it, as one record.

    Args:
        version: the highest version that is offered.
        host: its name in DNS's form, at most 253 characters.
        random: RANDOM_BYTES of them.
    """
    name = host.encode("ascii")
    extensions = b"".join(
        (
            _extension(0, _sized(2, b"\x00" + _sized(2, name))),  # server_name (RFC 6066 section 3)
            _extension(10, _sized(2, _numbers(_GROUPS))),  # supported_groups (RFC 8422 section 5.1.1)
            _extension(11, _sized(1, b"\x00")),  # ec_point_formats, uncompressed (RFC 8422 section 5.1.2)
        )
    )
    body = b"".join(
        (
            version.value.to_bytes(2, "big"),
            random,
            _sized(1, b""),  # no session to resume
            _sized(2, _numbers(_CIPHERS)),
            _sized(1, b"\x00"),  # no compression
            _sized(2, extensions),
        )
    )
    message = b"\x01" + _sized(3, body)
    return bytes((_HANDSHAKE, 3, 1)) + _sized(2, message)  # a first record says 1.0 (RFC 5246 appendix E.1)


def read_reply(data: bytes) -> ServerHello | Alert | None:
    """What a server says first; None where more bytes must come before that is known.

    Warnings before it are passed over, close_notify excepted.

    Raises:
        TlsReplyError: the bytes are no such reply.
    """
    message = b""
    at = 0
    while len(data) - at >= _RECORD_HEADER_BYTES:
        kind, major = data[at], data[at + 1]
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if kind not in {_ALERT, _HANDSHAKE} or major != 3 or not 0 < size <= _MAX_FRAGMENT_BYTES:
            raise TlsReplyError("no record of TLS")
        fragment = data[at + _RECORD_HEADER_BYTES : at + _RECORD_HEADER_BYTES + size]
        if kind == _ALERT:
            if message:
                raise TlsReplyError("an alert in the middle of a message")
            if len(fragment) < size:
                return None
            alert = _read_alerts(fragment)
            if alert is not None:
                return alert
        else:
            message += fragment
            hello = _read_hello(message)
            if hello is not None or len(fragment) < size:
                return hello
        at += _RECORD_HEADER_BYTES + size
    if data[at : at + 1] and data[at] not in {_ALERT, _HANDSHAKE}:
        raise TlsReplyError("no record of TLS")
    return None


def _read_alerts(fragment: bytes) -> Alert | None:
    """The first alert that ends the handshake."""
    if len(fragment) % 2:
        raise TlsReplyError("an alert of odd length")
    for level, description in zip(fragment[::2], fragment[1::2], strict=True):
        if level not in {1, _FATAL}:
            raise TlsReplyError("an alert of no known level")
        if level == _FATAL or description == _CLOSE_NOTIFY:
            return Alert(description)
    return None


# RFC 4346 section 7.4.1.3, with the extensions of RFC 6066 section 2.3 behind it:
#
#   struct { ProtocolVersion server_version; Random random; SessionID session_id<0..32>; CipherSuite cipher_suite;
#            CompressionMethod compression_method; } ServerHello;
def _read_hello(message: bytes) -> ServerHello | None:
    """The hello at the start of a message; None where it is not whole yet."""
    if message[:1] and message[0] != _SERVER_HELLO:
        raise TlsReplyError("a message that is no hello")
    size = int.from_bytes(message[1:4], "big")
    if len(message) >= 4 and size > _MAX_FRAGMENT_BYTES:
        raise TlsReplyError("a hello longer than any can be")
    if len(message) < 4 or len(message) < 4 + size:
        return None
    body = message[4 : 4 + size]
    fixed = 2 + RANDOM_BYTES + 1
    session_bytes = body[fixed - 1] if len(body) >= fixed else 0
    rest = body[fixed + session_bytes :]
    if len(body) < fixed or session_bytes > 32 or len(rest) < 3 or body[0] != 3:
        raise TlsReplyError("a hello that ends too early, or of another protocol")
    extensions = rest[3:]
    if extensions and int.from_bytes(extensions[:2], "big") != len(extensions) - 2:
        raise TlsReplyError("a hello with something behind it")
    return ServerHello(int.from_bytes(body[:2], "big"), int.from_bytes(rest[:2], "big"))


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return bytes(chain.from_iterable(number.to_bytes(2, "big") for number in numbers))


def _sized(size_bytes: int, content: bytes) -> bytes:
    return len(content).to_bytes(size_bytes, "big") + content


def _extension(number: int, content: bytes) -> bytes:
    return number.to_bytes(2, "big") + _sized(2, content)
