"""Named worlds: the good base plus a set of faults, in the order in which a founder mends them."""

from typing import Final

WORLDS: Final[dict[str, tuple[str, ...]]] = {
    "good": (),
    "demo": (
        "second-address-stale",
        "www-certificate-wrong-name",
        "https-redirect-loses-query",
        "spf-two-records",
        "dkim-key-revoked",
        "dmarc-absent",
        "support-mailbox-null-mx",
        "key-deleted-later",
        "deployed-commit-old",
        "verification-link-localhost",
        "login-throttle-off",
        "booking-link-gone",
        "pages-uncompressed",
        "html-cached-a-year",
    ),
    "empty-zone": ("zone-empty",),
    "unknown-domain": ("domain-not-registered",),
    "silent-host": ("app-silent",),
    "huge-page": ("page-of-a-gigabyte",),
    "private-redirect": ("redirect-to-private-address",),
    "certificate-1970": ("certificate-from-1970",),
    "config-typo": ("config-typo",),
    "resolver-dead": ("resolver-dead",),
    "challenge": ("challenge-page",),
    "five-hosts": ("five-hosts",),
    "ten-hosts": ("ten-hosts",),
}
"""Faults by world. The order mends causes before what depends on them: domain, tls, redirects, mail, secrets, …"""


class UnknownWorldError(Exception):
    """There is no world of that name; the text says which there are."""


def faults_of(world: str) -> tuple[str, ...]:
    """The faults of a named world.

    Raises:
        UnknownWorldError: There is no such world.
    """
    if world not in WORLDS:
        raise UnknownWorldError(f"no world is called {world!r}; there are: {', '.join(WORLDS)}")
    return WORLDS[world]
