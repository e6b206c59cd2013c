"""Judge a received message as its receiver does: who sent it, who signed it, where its links lead."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Final

from launchready.facts.journeys import SignupWalk
from launchready.facts.received_mail import DmarcSeen, MailSeen, ReceivedMail, SignatureSeen, SpfSeen
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import host_of
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.network import is_forbidden
from launchready.parse.inquiry import is_name
from launchready.parse.rfc5322 import MailError, Message, read_message
from launchready.parse.rfc5322_fields import Field, FieldsError, split_message
from launchready.parse.rfc6376_verify import DkimOutcome, DkimResult, verify_dkim
from launchready.parse.rfc7208 import SpfError
from launchready.parse.rfc7208_evaluate import SpfResult, check_host
from launchready.parse.rfc7489 import Registrable, check_message_by_old_rules
from launchready.parse.rfc8058 import read_one_click
from launchready.parse.rfc9989_evaluate import check_message
from launchready.probes.mail_questions import inquire

MAX_ADDRESS_CHARS: Final = 2_000
"""The longest header field with addresses that is read, since reading one takes quadratic time."""

MAX_HOSTS: Final = 100
"""Hosts of links that are kept."""

MAX_SHOWN_CHARS: Final = 80
"""How much of a text out of the message is kept."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from, as far as somebody knows; empty texts are looked for in the message itself."""

    ip: str = ""
    mail_from: str = ""
    helo: str = ""


@probe(manner=Manner.PASSIVE, timeout_s=5.0)
async def received_mail(walk: SignupWalk) -> ReceivedMail:
    """Take the mail out of the visitor's walk; one that can't be judged to the end was not seen."""
    if walk.mail is None:
        raise NotSeen(Why.NOT_FOUND, "no sign-up mail that can be judged was received")
    if walk.mail.is_open:
        unsaid = walk.mail.spf.reason or "a part could not be looked up"
        raise NotSeen(
            Why.UNREADABLE, f"nothing ties the mail to {walk.mail.from_domain}, and not all is known: {unsaid}"
        )
    return ReceivedMail(walk.mail)


async def mail_of_journey(raw: bytes, product: Product, dns: DnsClient, clock: Clock) -> MailSeen | None:
    """Judge the mail of a journey; None where it is none that can be judged."""

    def registrable(name: str) -> str:
        return next((one.name for one in product.domains if f".{name}".endswith(f".{one.name}")), name)

    hosts = {host.name for host in product.hosts}
    try:
        return await examine(raw, dns, now_s=int(clock.now().timestamp()), registrable=registrable, known_hosts=hosts)
    except MailError:
        return None


async def examine(
    raw: bytes,
    dns: DnsClient,
    *,
    now_s: int,
    registrable: Registrable,
    origin: Origin = Origin(),
    known_hosts: Collection[str] = (),
) -> MailSeen:
    """Judge a message.

    Args:
        raw: The message as it was received.
        dns: Who is asked.
        now_s: The present, in seconds since 1970, for signatures that expire.
        registrable: What the public suffix list makes of a name.
        origin: What is known of where it came from.
        known_hosts: Hosts that its links may lead to, besides those of the domain in From.

    Raises:
        MailError: It is no message that can be judged: too large, nested too deep, or without one From address.
    """
    try:
        fields, _ = split_message(raw)
        signatures = await inquire(verify_dkim(raw, now_s=now_s), dns)
    except FieldsError as error:
        raise MailError(str(error)) from None
    message = read_message(raw)
    author = _author(fields, message)
    spf = await _spf(fields, origin, dns)
    passed = [one for one in signatures if one.result is DkimResult.PASS]
    spf_domain = spf.domain if spf.result is SpfResult.PASS else None
    domains = [one.domain for one in passed]
    newer = await inquire(check_message(author, spf_domain, domains), dns)
    older = await inquire(check_message_by_old_rules(author, spf_domain, domains, registrable), dns)
    hosts = tuple(dict.fromkeys(filter(None, map(host_of, message.links))))[:MAX_HOSTS]
    return MailSeen(
        from_domain=author,
        reply_domain=_domain_in(fields, "reply-to"),
        return_domain=_domain_in(fields, "return-path"),
        spf=spf,
        is_spf_related=bool(spf.domain) and _are_related(spf.domain, author, registrable),
        signatures=tuple(_signature(one, author, registrable) for one in signatures),
        dmarc=DmarcSeen(newer.result, older.result, newer.policy.policy, newer.policy.found_at or ""),
        one_click_faults=read_one_click(fields, [one.signed for one in passed]).faults,
        link_hosts=hosts,
        stray_hosts=tuple(h for h in hosts if h not in known_hosts and not _are_related(h, author, registrable)),
        placeholders=tuple(text[:MAX_SHOWN_CHARS] for text in message.placeholders[:MAX_HOSTS]),
    )


def _author(fields: Iterable[Field], message: Message) -> str:
    """The domain in From; a message with several From headers, or none, is nobody's (RFC 9989 section 5.3.1)."""
    count = sum(field.name.lower() == "from" for field in fields)
    if count != 1:
        raise MailError(f"{count} From headers, one is needed")
    domain = (message.from_domain or "").rstrip(".")
    if not is_name(domain):
        raise MailError("the From header names no address with a domain")
    return domain


def _are_related(one: str, other: str, registrable: Registrable) -> bool:
    return (registrable(one) or one) == (registrable(other) or other)


def _signature(one: DkimOutcome, author: str, registrable: Registrable) -> SignatureSeen:
    related = _are_related(one.domain, author, registrable)
    return SignatureSeen(one.domain[:MAX_SHOWN_CHARS], one.selector[:MAX_SHOWN_CHARS], one.result, one.reason, related)


def _domain_in(fields: Iterable[Field], name: str) -> str:
    """The domain of the first address of the first header of a name."""
    return _domain_of(next((field.value for field in fields if field.name.lower() == name), ""))


def _domain_of(addresses: str) -> str:
    return _first_address(addresses).rpartition("@")[2].lower().rstrip(".")


def _first_address(text: str) -> str:
    """The first address with a domain; empty where there is none, or the text is made to be slow or endless."""
    try:
        found = getaddresses([text]) if len(text) <= MAX_ADDRESS_CHARS else []
    except RecursionError:  # comments in comments
        return ""
    return next((address for _, address in found if "@" in address), "")


async def _spf(fields: tuple[Field, ...], origin: Origin, dns: DnsClient) -> SpfSeen:
    """SPF of the address that the message came from, where one is known."""
    found = _origin(fields, origin)
    domain = _domain_of(found.mail_from) or found.helo.lower().rstrip(".")
    if not found.ip:
        return SpfSeen(None, "the message does not say which address it came from", domain, "", "")
    if not domain:
        return SpfSeen(None, "neither a Return-Path nor a HELO name is known", "", found.ip, found.told_by)
    try:
        outcome = await inquire(check_host(found.ip, found.mail_from, found.helo or domain), dns)
    except SpfError as error:
        return SpfSeen(None, str(error), domain, "", "")
    return SpfSeen(outcome.result, outcome.reason, domain, found.ip, found.told_by)


@dataclass(frozen=True, slots=True)
class _Found:
    ip: str
    mail_from: str
    helo: str
    told_by: str


# RFC 7208 section 9.1 and RFC 5321 section 4.4. Only what the receiver itself has written counts: it stands on top.
_CLIENT_IP: Final = re.compile(r"\bclient-ip=([0-9A-Fa-f.:]{2,45})", re.ASCII)
_ENVELOPE: Final = re.compile(r"\benvelope-from=\"?<?([^\s\";<>]{1,320})", re.ASCII)
_HELO: Final = re.compile(r"\bhelo=([A-Za-z0-9._-]{1,255})", re.ASCII)
_FROM_CLAUSE: Final = re.compile(r"from\s+(\S{1,255})\s+(.{0,600}?)(?:\bby\b|$)", re.IGNORECASE | re.DOTALL | re.ASCII)
_LITERAL: Final = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]", re.IGNORECASE | re.ASCII)


def _origin(fields: tuple[Field, ...], given: Origin) -> _Found:
    """Address, envelope sender and HELO: those given, else those that the receiver wrote on top of the message."""
    told = _by_received_spf(fields) or _by_received(fields) or _Found("", "", "", "")
    return_path = next((field.value for field in fields if field.name.lower() == "return-path"), "")
    ip, told_by = (given.ip, "--ip") if given.ip else (told.ip, told.told_by)
    return _Found(
        ip, given.mail_from or told.mail_from or _first_address(return_path), given.helo or told.helo, told_by
    )


def _by_received_spf(fields: tuple[Field, ...]) -> _Found | None:
    value = next((field.value for field in fields if field.name.lower() == "received-spf"), "")[:MAX_ADDRESS_CHARS]
    match = _CLIENT_IP.search(value)
    if match is None or not _is_address(match[1]):
        return None
    envelope, helo = _ENVELOPE.search(value), _HELO.search(value)
    return _Found(match[1], envelope[1] if envelope else "", helo[1] if helo else "", "its Received-SPF header")


def _by_received(fields: tuple[Field, ...]) -> _Found | None:
    """The topmost hop that names who handed over; hops inside of one house ("by ... with") name nobody."""
    for field in fields:
        if field.name.lower() != "received":
            continue
        match = _FROM_CLAUSE.match(field.value[:MAX_ADDRESS_CHARS])
        if match is None:
            continue
        literal = _LITERAL.search(match[2]) or _LITERAL.fullmatch(match[1])
        if literal is None or not _is_address(literal[1]):
            return None
        return _Found(literal[1], "", match[1].strip("[]"), "its topmost Received header")
    return None


def _is_address(text: str) -> bool:
    """Whether a text is an address that a stranger can have; a private one is inside of the receiver's own house."""
    try:
        return not is_forbidden(text)
    except ValueError:
        return False
