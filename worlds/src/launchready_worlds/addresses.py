"""Who lives where: the logical addresses a world publishes and the hosts behind them.

All addresses are from TEST-NET-3 (RFC 5737) and 2001:db8::/32 (RFC 3849), so nothing in a world can be mistaken for a
machine on the internet; names end in `.example` (RFC 2606) unless it is
said otherwise.
"""

from typing import Final

DOMAIN: Final = "brightpath.example"
APEX: Final = DOMAIN
WWW: Final = f"www.{DOMAIN}"
APP: Final = f"app.{DOMAIN}"
BOOKING: Final = "book.calendar.example"
BOOKING_URL: Final = f"https://{BOOKING}/maya/intro-call"
REGISTRY: Final = "rdap.nic.example"
REGISTRY_LIST: Final = "data.iana.org"
"""A real name, since it is where everybody looks; in a world's DNS it leads to a world's address."""
BUSINESS_HOSTS: Final = (APEX, WWW, APP)
"""The hosts the founder declares."""

NS1: Final = "203.0.113.1"
NS2: Final = "203.0.113.2"
NS2_V6: Final = "2001:db8::2"
"""The same server over IPv6."""
NS_FARM: Final = "203.0.113.3"
"""Serves the zones of other companies: inbox, calendar, postmail and the farm itself."""
EDGE: Final = "203.0.113.10"
APP_EDGE: Final = "203.0.113.20"
ORIGIN: Final = "203.0.113.21"
"""The app's own server behind its edge; strangers are not to reach it."""
BOOKING_EDGE: Final = "203.0.113.30"
MAIL_EXCHANGE: Final = "203.0.113.40"
RESOLVER: Final = "203.0.113.53"
ROOT: Final = "203.0.113.60"
TOP_LEVEL: Final = "203.0.113.61"
"""Serves the zone `example`, which delegates all others."""
REGISTRY_EDGE: Final = "203.0.113.62"
"""Serves the registry's web server and IANA's list of registries."""
OLD_HOST: Final = "203.0.113.99"
"""A machine of the former hosting company: it shows a parking page."""

DNS_PORT: Final = 53
HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443
SMTP_PORT: Final = 25

LOOPBACK: Final = "127.0.0.1"
RELAY: Final = (LOOPBACK, SMTP_PORT)
"""The founder's mail provider as the product reaches it; not an address that a world publishes."""


def loopback(logical: str) -> str:
    """The loopback address a logical address is served from: the same last number, below 127.0.0."""
    return f"127.0.0.{logical.replace(':', '.').rpartition('.')[2]}"
