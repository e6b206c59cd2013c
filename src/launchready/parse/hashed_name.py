"""Names of files that change with their content, as builders write them. They follow no specification."""

import re
from typing import Final
from urllib.parse import urlsplit

HEX_HASH: Final = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{8,}")
"""A word of a file's name as webpack, Next.js and Rails write a content hash: letters beside digits, so no date."""

MIXED_HASH: Final = re.compile(r"(?=.*[A-Z])(?=.*[0-9][A-Za-z])[0-9A-Za-z]{8,}")
"""The same as Vite, Astro and esbuild write it: capitals, and a digit before a letter, so no `Bootstrap5`."""


def has_content_hash(url: str) -> bool:
    """Whether the last part of a URL's path holds a content hash, so that a new version has another URL."""
    words = re.split(r"[._~-]", urlsplit(url).path.rpartition("/")[2])
    return any(HEX_HASH.fullmatch(word) or MIXED_HASH.fullmatch(word) for word in words)
