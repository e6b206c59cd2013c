"""DNS messages as text and back: dnspython encodes and decodes, this module says what an answer means."""

import functools
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from launchready.model.reading import NotSeen, Why

UDP_PAYLOAD_BYTES = 1232
"""EDNS buffer size that no path fragments (DNS flag day 2020)."""

NXNAME = dns.rdatatype.RdataType.make(128)
"""Type whose bit in an NSEC record says that the name does not exist (RFC 9824, section 3)."""

CODEC_ERRORS = (dns.exception.DNSException, ValueError, IndexError, KeyError, struct.error)
"""What dnspython raises on bytes that are no message."""

_RCODE_WHY = {
    dns.rcode.SERVFAIL: Why.REFUSED,
    dns.rcode.REFUSED: Why.REFUSED,
    dns.rcode.NOTIMP: Why.REFUSED,
    dns.rcode.NOTAUTH: Why.REFUSED,
}


class DnsStatus(StrEnum):
    """What the end of the chain is: records of the type, none of the type, or no such name."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """A reply that was understood.

    Attributes:
        name: what was asked, lower-case, as A-labels, without the last dot.
        rtype: the type that was asked, upper-case.
        status: see `DnsStatus`; after a CNAME it speaks of the last target. A server that is asked by address may stop
            at a CNAME that leads out of its zones; then it is NODATA, and `cname_chain` says where to go on.
        records: canonical texts, sorted. Names are lower-case without the last dot (the root is `.`); the strings of a
            TXT record are joined (RFC 7208, section 3.3) and each byte is the character of the same number.
        cname_chain: the targets that were followed, in order.
        ttl_s: seconds the answer may be kept; None where a denial came without an SOA record.
        authoritative: the AA bit.
        server: the address that answered.
        longest_ttl_s: the longest that any part of the answer may be kept, aliases on the way included; None for a
            denial without an alias.
    """

    name: str
    rtype: str
    status: DnsStatus
    records: tuple[str, ...]
    cname_chain: tuple[str, ...]
    ttl_s: int | None
    authoritative: bool
    server: str
    longest_ttl_s: int | None = None


NAMES_REMEMBERED: Final = 1024
"""Names that are kept in parsed form: an audit of ten hosts asks for some hundred, each several times."""


@functools.lru_cache(maxsize=NAMES_REMEMBERED)
def parse_name(text: str) -> dns.name.Name:
    """A host name, international or not, as DNS writes it (IDNA 2008).

    Raises:
        NotSeen: NO_NAME, where it can be no name.
    """
    try:
        name = dns.name.from_text(text, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise NotSeen(Why.NO_NAME, f"{text!r} is no valid name: {error}") from None
    if not text:
        raise NotSeen(Why.NO_NAME, "An empty text is no name.")
    return name


def name_text(name: dns.name.Name) -> str:
    """A name in lower case without the last dot; the root is a dot."""
    return name.to_text(omit_final_dot=True).lower()


def make_query(name: dns.name.Name, rtype: str, *, edns: bool = True) -> dns.message.Message:
    """A recursive question with a random id. EDNS asks for NSEC too, without which RFC 9824 denials can't be read."""
    if not edns:
        return dns.message.make_query(name, rtype)
    return dns.message.make_query(name, rtype, use_edns=0, payload=UDP_PAYLOAD_BYTES, want_dnssec=True)


def read_answer(reply: dns.message.Message, name: dns.name.Name, rtype: str, server: str) -> DnsAnswer:
    """What a reply says.

    Raises:
        NotSeen: REFUSED or UNREADABLE, where it says nothing about the name.
    """
    rcode = reply.rcode()
    if rcode not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        said = f"{server} answered {dns.rcode.to_text(rcode)}{_extended_error(reply)}"
        raise NotSeen(_RCODE_WHY.get(rcode, Why.UNREADABLE), f"{said} for {name_text(name)} {rtype}.")
    try:
        return _read_chain(reply, name, rtype, server)
    except CODEC_ERRORS as error:
        what = f"{server} answered {name_text(name)} {rtype} in a way that makes no sense"
        raise NotSeen(Why.UNREADABLE, f"{what} ({type(error).__name__}).") from None


def _read_chain(reply: dns.message.Message, name: dns.name.Name, rtype: str, server: str) -> DnsAnswer:
    if not isinstance(reply, dns.message.QueryMessage):
        raise dns.message.NotQueryResponse
    chain = reply.resolve_chaining()
    answer, ttl_s = chain.answer, chain.minimum_ttl
    status = DnsStatus.ANSWER
    if answer is None and _is_referral(reply):
        answer = _delegation(reply, name, rtype)
        if answer is None:
            detail = f"{server} does not serve {name_text(name)}: it referred us elsewhere."
            raise NotSeen(Why.REFUSED, detail)
        ttl_s = answer.ttl
    elif answer is None:
        gone = reply.rcode() == dns.rcode.NXDOMAIN or _denies_name(reply, chain.canonical_name)
        status = DnsStatus.NXDOMAIN if gone else DnsStatus.NODATA
    return DnsAnswer(
        name=name_text(name),
        rtype=rtype,
        status=status,
        records=() if answer is None else tuple(sorted({record_text(rdata) for rdata in answer})),
        cname_chain=tuple(name_text(rrset[0].target) for rrset in chain.cnames),
        ttl_s=ttl_s if answer is not None or chain.cnames or _authority(reply, dns.rdatatype.SOA) else None,
        authoritative=bool(reply.flags & dns.flags.AA),
        server=server,
        longest_ttl_s=max((rrset.ttl for rrset in (*chain.cnames, answer) if rrset is not None), default=None),
    )


def record_text(rdata: Any) -> str:
    """The canonical text of one record."""
    match rdata.rdtype:
        case dns.rdatatype.TXT | dns.rdatatype.SPF:
            return b"".join(rdata.strings).decode("latin-1")
        case dns.rdatatype.NS | dns.rdatatype.CNAME | dns.rdatatype.PTR | dns.rdatatype.DNAME:
            return name_text(rdata.target)
        case dns.rdatatype.MX:
            return f"{rdata.preference} {name_text(rdata.exchange)}"
        case dns.rdatatype.SRV:
            return f"{rdata.priority} {rdata.weight} {rdata.port} {name_text(rdata.target)}"
        case dns.rdatatype.SOA:
            times = f"{rdata.serial} {rdata.refresh} {rdata.retry} {rdata.expire} {rdata.minimum}"
            return f"{name_text(rdata.mname)} {name_text(rdata.rname)} {times}"
        case _:
            return str(rdata.to_text())


def _authority(reply: dns.message.Message, rdtype: dns.rdatatype.RdataType) -> list[dns.rrset.RRset]:
    return [rrset for rrset in reply.authority if rrset.rdtype == rdtype]


def _is_referral(reply: dns.message.Message) -> bool:
    """Whether a server only names others that know more (RFC 1034, section 4.3.2, step 3b)."""
    authoritative = reply.flags & dns.flags.AA or reply.rcode() == dns.rcode.NXDOMAIN
    return not authoritative and not _authority(reply, dns.rdatatype.SOA) and bool(_authority(reply, dns.rdatatype.NS))


def _delegation(reply: dns.message.Message, name: dns.name.Name, rtype: str) -> dns.rrset.RRset | None:
    """The NS records that a parent zone holds for exactly the name that was asked."""
    servers = _authority(reply, dns.rdatatype.NS) if rtype == "NS" else []
    return next((rrset for rrset in servers if rrset.name == name), None)


def _denies_name(reply: dns.message.Message, name: dns.name.Name) -> bool:
    """Whether an NSEC record says that the name itself does not exist (RFC 9824)."""
    window, bit = divmod(int(NXNAME), 256)
    octet, mask = bit // 8, 0x80 >> bit % 8
    bitmaps = [
        bitmap
        for rrset in _authority(reply, dns.rdatatype.NSEC)
        if rrset.name == name
        for rdata in rrset
        for number, bitmap in rdata.windows
        if number == window
    ]
    return any(len(bitmap) > octet and bitmap[octet] & mask for bitmap in bitmaps)


def _extended_error(reply: dns.message.Message) -> str:
    """The registered name of an extended error (RFC 8914); its free text is the server's, and is left out."""
    codes = [option.code for option in reply.options if isinstance(option, dns.edns.EDEOption)]
    return f" ({', '.join(code.name.replace('_', ' ').lower() for code in codes)})" if codes else ""
