"""Which RDAP server knows a domain: the bootstrap file of IANA (RFC 9224).

    { "version": "1.0", "publication": "YYYY-MM-DDTHH:MM:SSZ",
      "services": [ [ ["net", "com"], ["https://registry.example.com/myrdap/"] ], … ] }

The entry with the most labels that end the domain's name holds (section 4); `https` URLs are preferred (section 3).
"""

import json
from collections.abc import Iterator


class RdapBootstrapError(ValueError):
    """The text is no bootstrap file."""


def rdap_servers(text: str, domain: str) -> tuple[str, ...]:
    """The base URLs for a domain, each ending with a slash, those with https; none where its registry has none.

    Args:
        text: the whole file.
        domain: as A-labels, without the last dot.

    Raises:
        RdapBootstrapError: the text is no bootstrap file.
    """
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise RdapBootstrapError("it is no JSON") from None
    best: tuple[int, tuple[str, ...]] = (0, ())
    for entry, urls in _services(read):
        labels = _labels_matched(entry, domain.lower())
        if labels > best[0]:
            best = labels, urls
    return tuple(url if url.endswith("/") else f"{url}/" for url in best[1] if url.lower().startswith("https://"))


def _services(read: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every entry with its URLs."""
    services = read.get("services") if isinstance(read, dict) else None
    if not isinstance(services, list):
        raise RdapBootstrapError("it has no list of services")
    for service in services:
        match service:
            case [list(entries), list(urls)]:
                good = tuple(url for url in urls if isinstance(url, str))
                yield from ((entry, good) for entry in entries if isinstance(entry, str))
            case _:
                raise RdapBootstrapError("one of its services is no pair of lists")


def _labels_matched(entry: str, domain: str) -> int:
    """How many labels an entry has, where it is the domain or ends it at a dot; 0 elsewhere."""
    name = entry.lower().strip(".")
    fits = bool(name) and (domain == name or domain.endswith(f".{name}"))
    return name.count(".") + 1 if fits else 0
