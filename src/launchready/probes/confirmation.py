"""Find the link in a sign-up mail that a customer would click. Pure."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from launchready.model.subject import host_of

_CONFIRMS: Final = re.compile(r"verif|confirm|activat|validat|magic|callback|complete|welcome|token", re.IGNORECASE)
_LEAVES: Final = re.compile(r"unsubscri|opt-?out|preferences|abuse|tracking/open", re.IGNORECASE)
_KEY: Final = re.compile(r"(?=[^/]*\d)[A-Za-z0-9_.~-]{16,}")


def confirmation_links(links: Iterable[str], hosts: frozenset[str]) -> tuple[str, ...]:
    """The links that carry a key, the likeliest confirmation first.

    Args:
        links: all links of the mail, in order.
        hosts: the declared hosts; of equally likely links, one of theirs goes first.
    """
    carrying = [link for link in links if _carries_key(link) and not _LEAVES.search(link)]
    return tuple(sorted(carrying, key=lambda link: (not _CONFIRMS.search(link), host_of(link) not in hosts)))


def is_key(segment: str) -> bool:
    """Whether a part of a path is a key rather than a word."""
    return bool(_KEY.fullmatch(segment))


def _carries_key(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return bool(parts.query or parts.fragment) or any(is_key(segment) for segment in parts.path.split("/"))
