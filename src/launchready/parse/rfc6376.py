"""DKIM key records: RFC 6376 section 3.6.1, with the Ed25519 keys of RFC 8463 and the key sizes of RFC 8301."""

import base64
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.tag_list import TagList, TagListError, parse_tag_list

DKIM_RSA_MIN_BITS: Final = 1024
"""Signers must use RSA keys of at least 1024 bits, and verifiers must not take smaller ones (RFC 8301 section 3.2)."""

DKIM_RSA_WANTED_BITS: Final = 2048
"""Signers should use RSA keys of at least 2048 bits (RFC 8301 section 3.2)."""

ED25519_KEY_BYTES: Final = 32
"""An Ed25519 public key is published as its 32 bare octets (RFC 8463 section 4.2, RFC 8032 section 5.1.5)."""


class DkimKeyError(ValueError):
    """The text is no usable DKIM key record: a verifier answers permerror."""


class KeyType(Enum):
    """The key types a verifier knows (RFC 6376 section 3.6.1, RFC 8463 section 4)."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key record.

    Attributes:
        key_type: `k`; RSA where absent.
        key_bits: Of RSA the length of the modulus, of Ed25519 256; None where the key is revoked.
        revoked: An empty `p`: mail signed with this selector is to fail.
        testing: `t=y`: verifiers treat the mail as if it were not signed.
        hash_algorithms: The known ones of `h` (sha1, sha256); None where the tag is absent and all are allowed. Empty
            where it lists unknown ones alone: no signature can use the key.
        services: `s`, as published; ("*",) where absent. A key is for mail with "*" or "email".
        flags: `t`, as published; "s" demands that the domain of `i=` equals that of `d=`.
        public: The octets of `p`, decoded: of RSA the DER that `rsa_numbers` reads, of Ed25519 the bare key.
    """

    key_type: KeyType
    key_bits: int | None
    revoked: bool
    testing: bool
    hash_algorithms: tuple[str, ...] | None
    services: tuple[str, ...]
    flags: tuple[str, ...]
    public: bytes


# RFC 6376 section 3.6.1, over the tag-list of section 3.2; names and values are case-sensitive:
#
#   key-v-tag     = %x76 [FWS] "=" [FWS] %x44.4B.49.4D.31          ; DKIM1, optional, but then the first tag
#   key-h-tag     = %x68 [FWS] "=" [FWS] key-h-tag-alg *( [FWS] ":" [FWS] key-h-tag-alg )
#   key-h-tag-alg = "sha1" / "sha256" / hyphenated-word            ; unknown ones are ignored
#   key-k-tag     = %x76 [FWS] "=" [FWS] key-k-tag-type            ; "rsa" / hyphenated-word, default rsa
#   key-n-tag     = %x6e [FWS] "=" [FWS] qp-section                ; notes for people
#   key-p-tag     = %x70 [FWS] "=" [ [FWS] base64string ]          ; required; empty: revoked
#   key-s-tag     = %x73 [FWS] "=" [FWS] key-s-tag-type *( [FWS] ":" [FWS] key-s-tag-type )
#   key-s-tag-type = "email" / "*" / hyphenated-word               ; default "*"
#   key-t-tag     = %x74 [FWS] "=" [FWS] key-t-tag-flag *( [FWS] ":" [FWS] key-t-tag-flag )
#   key-t-tag-flag = "y" / "s" / hyphenated-word                   ; unknown ones are ignored
#   hyphenated-word = ALPHA [ *(ALPHA / DIGIT / "-") (ALPHA / DIGIT) ]
_HYPHENATED_WORD: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_FWS_CHARS: Final = " \t\r\n"
_FWS: Final = re.compile(f"[{_FWS_CHARS}]+")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_KNOWN_HASHES: Final = frozenset({"sha1", "sha256"})


def parse_dkim_key(text: str) -> DkimKey:
    """Read the key record at a selector, its strings already joined.

    Raises:
        DkimKeyError: no tag-list, a version that is not DKIM1 or not first, an unknown key type, no `p`, or a
            key that is corrupt (base64, DER, or an Ed25519 key that is not 32 octets).
    """
    try:
        tags = parse_tag_list(text)
    except TagListError as error:
        raise DkimKeyError(str(error)) from error
    _check_version(tags)
    key_type = _key_type(tags)
    public = tags.value("p")
    if public is None:
        raise DkimKeyError("no p tag, so no public key")
    key = _base64(public)
    hashes = _words(tags, "h", None)
    flags = _words(tags, "t", None) or ()
    return DkimKey(
        key_type=key_type,
        key_bits=_key_bits(key_type, key) if key else None,
        revoked=not key,
        testing="y" in flags,
        hash_algorithms=None if hashes is None else tuple(name for name in hashes if name in _KNOWN_HASHES),
        services=_words(tags, "s", "*") or ("*",),
        flags=flags,
        public=key,
    )


def _check_version(tags: TagList) -> None:
    version = tags.value("v")
    if version is not None and (version != "DKIM1" or tags.tags[0].name != "v"):
        raise DkimKeyError("the v tag is not DKIM1, or not the first tag")


def _key_type(tags: TagList) -> KeyType:
    name = tags.value("k")
    try:
        return KeyType.RSA if name is None else KeyType(name)
    except ValueError:
        raise DkimKeyError("the k tag names a key type that verifiers do not know") from None


def _words(tags: TagList, name: str, other: str | None) -> tuple[str, ...] | None:
    """A colon-separated list of hyphenated words, or of the one `other` value; None where the tag is absent."""
    value = tags.value(name)
    if value is None:
        return None
    words = tuple(word.strip(_FWS_CHARS) for word in value.split(":"))
    if not all(word == other or _HYPHENATED_WORD.fullmatch(word) for word in words):
        raise DkimKeyError(f"the {name} tag is no list of words separated by colons")
    return words


def _base64(text: str) -> bytes:
    """Decode the base64 of RFC 2045 section 6.8, padding and all, with folding whitespace anywhere in it."""
    bare = _FWS.sub("", text)
    if not _BASE64.fullmatch(bare):
        raise DkimKeyError("the p tag is not valid base64: the key was cut or changed when it was pasted")
    return base64.b64decode(bare)


def _key_bits(key_type: KeyType, key: bytes) -> int:
    if key_type is KeyType.RSA:
        return rsa_numbers(key)[0].bit_length()
    if len(key) != ED25519_KEY_BYTES:
        raise DkimKeyError(f"an Ed25519 key has {ED25519_KEY_BYTES} octets, this one has {len(key)}")
    return len(key) * 8


# X.690, distinguished encoding: one octet of type, a length in as few octets as possible, the content.
#
#   RSAPublicKey         ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }             RFC 8017 appendix A.1.1
#   SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OID, NULL }, BIT STRING }        RFC 5280 section 4.1
#
# RFC 6376 names the first; its appendix C and every signer publish the second (erratum 3017). Both are read.
_INTEGER: Final = 0x02
_BIT_STRING: Final = 0x03
_SEQUENCE: Final = 0x30
_RSA_ALGORITHM: Final = bytes.fromhex("06092a864886f70d010101")  # OID 1.2.840.113549.1.1.1, rsaEncryption
_NULL: Final = bytes.fromhex("0500")
_LONG_FORM: Final = 0x80
_SHORTEST_LONG_FORM: Final = {1: 128, 2: 256}
"""The least length that needs so many octets; three are for more than a record of 65,535 octets can hold."""


def rsa_numbers(key: bytes) -> tuple[int, int]:
    """The modulus and the public exponent of an RSA key in DER, in either of the two encodings in use.

    Raises:
        DkimKeyError: another structure, or numbers that can be no key.
    """
    content = _only(key, _SEQUENCE)
    if content[:1] == bytes([_SEQUENCE]):
        algorithm, rest = _take(content, _SEQUENCE)
        if algorithm not in {_RSA_ALGORITHM + _NULL, _RSA_ALGORITHM}:
            raise DkimKeyError("the key is not an RSA key, as the k tag says")
        bits = _only(rest, _BIT_STRING)
        if bits[:1] != b"\0":
            raise DkimKeyError("the key's DER has a bit string that is not whole octets")
        content = _only(bits[1:], _SEQUENCE)
    modulus, rest = _take(content, _INTEGER)
    exponent = _positive(_only(rest, _INTEGER))
    if exponent % 2 == 0 or exponent == 1:
        raise DkimKeyError("the key's public exponent is even, or one")
    return _positive(modulus), exponent


def _positive(content: bytes) -> int:
    value = int.from_bytes(content, "big", signed=True)
    if value <= 0 or (value.bit_length() // 8 + 1) != len(content):
        raise DkimKeyError("the key's DER has an integer that is not positive, or not in its shortest form")
    return value


def _only(data: bytes, kind: int) -> bytes:
    content, rest = _take(data, kind)
    if rest:
        raise DkimKeyError("the key's DER has octets left over")
    return content


def _take(data: bytes, kind: int) -> tuple[bytes, bytes]:
    """Take one element of the given kind; returns its content and what follows it."""
    if len(data) < 2 or data[0] != kind:
        raise DkimKeyError("the key's DER is cut short or has another structure")
    start, length = 2, data[1]
    if length >= _LONG_FORM:
        octets = length - _LONG_FORM
        start += octets
        length = int.from_bytes(data[2:start], "big")
        if octets not in _SHORTEST_LONG_FORM or length < _SHORTEST_LONG_FORM[octets]:
            raise DkimKeyError("the key's DER has a length that is not in its shortest form")
    if len(data) < start + length:
        raise DkimKeyError("the key's DER is cut short")
    return data[start : start + length], data[start + length :]
