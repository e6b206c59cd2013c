"""DKIM signatures as a mail service makes them (RFC 6376 section 3.7): rsa-sha256, relaxed headers, simple body."""

import base64
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

SIGNED = ("from", "to", "subject", "date", "message-id")
"""Header fields that are signed, those of them that are there."""


def sign(message: bytes, domain: str, selector: str, key: RSAPrivateKey) -> bytes:
    """The DKIM-Signature header for a message with CRLF line ends, its own line end included."""
    header, _, body = message.partition(b"\r\n\r\n")
    fields = [_relaxed(field) for field in re.split(rb"\r\n(?![ \t])", header)]
    there = {field.partition(b":")[0].decode("latin-1"): field for field in fields}
    names = [name for name in SIGNED if name in there]
    digest = hashlib.sha256(re.sub(rb"(?:\r\n)*\Z", b"\r\n", body, count=1)).digest()
    value = (
        f"v=1; a=rsa-sha256; c=relaxed/simple; d={domain}; s={selector}; h={':'.join(names)}; "
        f"bh={base64.b64encode(digest).decode()}; b="
    )
    unsigned = _relaxed(f"DKIM-Signature: {value}".encode())
    signature = key.sign(b"".join(there[name] + b"\r\n" for name in names) + unsigned, PKCS1v15(), SHA256())
    return f"DKIM-Signature: {value}{base64.b64encode(signature).decode()}\r\n".encode()


def _relaxed(field: bytes) -> bytes:
    """One header field in the relaxed form (RFC 6376 section 3.4.2), without its line end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()
