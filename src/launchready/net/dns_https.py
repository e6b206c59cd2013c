"""HTTPS records (RFC 9460), read from their text."""

from dataclasses import dataclass

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.svcbbase
from dns.rdtypes.svcbbase import ParamKey

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_message import CODEC_ERRORS, name_text


@dataclass(frozen=True, slots=True)
class ServiceBinding:
    """One HTTPS record. Priority 0 is an alias; an empty `target` is the name itself.

    `hints` are the addresses of ipv4hint and ipv6hint, sorted (RFC 9460, section 7.3).
    """

    priority: int
    target: str
    hints: tuple[str, ...]


def read_https(text: str) -> ServiceBinding:
    """Read the canonical text of one record, as `DnsAnswer.records` has it.

    Raises:
        NotSeen: UNREADABLE.
    """
    try:
        record = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.HTTPS, text)
    except CODEC_ERRORS as error:
        raise NotSeen(Why.UNREADABLE, f"An HTTPS record makes no sense ({type(error).__name__}).") from None
    assert isinstance(record, dns.rdtypes.svcbbase.SVCBBase)
    hints = [
        address
        for key in (ParamKey.IPV4HINT, ParamKey.IPV6HINT)
        for address in getattr(record.params.get(key), "addresses", ())
    ]
    target = "" if record.target == dns.name.root else name_text(record.target)
    return ServiceBinding(int(record.priority), target, tuple(sorted(hints)))
