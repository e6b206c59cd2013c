"""RSA public keys that are too short for today's libraries to make."""

import base64
import hashlib

PUBLIC_EXPONENT = 65537
RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")
"""AlgorithmIdentifier of RSA (RFC 3279 section 2.3.1), DER."""


def _der(tag: int, content: bytes) -> bytes:
    """One DER value; lengths above 127 bytes take the long form (X.690 section 8.1.3)."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def weak_dkim_key(bits: int) -> str:
    """A DKIM public key with a modulus of exactly so many bits, base64 of its DER form.

    The modulus is no product of two known primes: nothing is ever signed with it, and a verifier that judges length
    can't tell.
    """
    digest = hashlib.shake_256(b"launch world weak key").digest(bits // 8)
    modulus = int.from_bytes(digest, "big") | (1 << (bits - 1)) | 1
    key = _der(0x30, _integer(modulus) + _integer(PUBLIC_EXPONENT))
    return base64.b64encode(_der(0x30, RSA_ENCRYPTION + _der(0x03, b"\0" + key))).decode()
