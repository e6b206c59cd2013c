"""JSON from strangers (RFC 8259): any text gives a value or nothing, also one that is nested too deeply to read."""

import json


def read_json(text: bytes | str) -> object:
    """The value; None where there is none, and for `null`, which tells as little."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
