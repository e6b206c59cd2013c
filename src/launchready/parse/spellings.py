"""How a text may be written where somebody stored it, so that it can be searched for."""

import base64
from collections.abc import Iterator


def spellings(text: str) -> dict[str, tuple[bytes, ...]]:
    """How a text may be written in a file, by the name of the spelling.

    Base64 has three forms: which one depends on how many bytes stand before it (RFC 4648 section 4). Characters at
    the edges depend on their neighbours, and are left out.
    """
    raw = text.encode()
    return {
        "plain": (raw,),
        "capital letters": (text.upper().encode(),),
        "reversed": (raw[::-1],),
        "UTF-16": (text.encode("utf-16-le"), text.encode("utf-16-be")),
        "hexadecimal digits": (raw.hex().encode(), raw.hex().upper().encode()),
        "base64": tuple(form for shift in range(3) for form in _base64_forms(raw, shift)),
        "URL-escapes": (_each(raw, "%{:02x}"), _each(raw, "%{:02X}")),
        "HTML-escapes": (_each(raw, "&#{};"), _each(raw, "&#x{:x};"), _each(raw, "&#x{:X};"), _each(raw, "&#x{:02X};")),
        "escapes of a script": (_each(raw, "\\x{:02x}"), _each(raw, "\\x{:02X}"), _each(raw, "\\u{:04x}")),
        "numbers of characters": (_list(raw, ","), _list(raw, ", ")),
    }


def _each(raw: bytes, form: str) -> bytes:
    return "".join(form.format(byte) for byte in raw).encode()


def _list(raw: bytes, glue: str) -> bytes:
    return glue.join(map(str, raw)).encode()


def _base64_forms(raw: bytes, shift: int) -> Iterator[bytes]:
    coded = base64.b64encode(b"\0" * shift + raw)
    first = (shift * 8 + 5) // 6
    last = (shift + len(raw)) * 8 // 6
    yield coded[first:last]
    yield coded[first:last].translate(bytes.maketrans(b"+/", b"-_"))
