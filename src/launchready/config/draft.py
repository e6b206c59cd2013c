"""Write a first `launchready.toml` from what was seen.

Guesses say that they are guesses, and what nobody can see from outside is a line to fill in. Purposes and owners are
never filled in: only people know them.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from launchready.model.subject import EndpointKind

CHECK_THIS = "seen today: check that this is right"

COMMENT_CHARS = 100
"""Most characters of a text from outside in a comment: it says what it is about, and no more."""


@dataclass(frozen=True, slots=True)
class DraftHost:
    """A name that shows a page or sends visitors on; empty and None mean that no such thing was seen."""

    name: str
    addresses: tuple[str, ...] = ()
    cname: str | None = None
    redirects_to: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class DraftName:
    """A name in DNS that shows no page, and its records."""

    name: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftSender:
    """A mail service that DNS names, the selectors that its keys were found at, and how it was recognised."""

    name: str
    domain: str
    dkim_selectors: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A link to a booking page. `service` is empty where it only looks like one."""

    url: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was seen of a product whose owner has said nothing yet.

    `domain` is the registrable one, `unknown_senders` what SPF includes of services that we don't know, `exchanges` the
    servers that take its mail, `forms` links that look like log-in, sign-up or chat, by kind, and `unseen` sentences
    about what could not be looked at.
    """

    name: str
    domain: str
    day: date
    token: str
    hosts: tuple[DraftHost, ...]
    names: tuple[DraftName, ...] = ()
    senders: tuple[DraftSender, ...] = ()
    unknown_senders: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    links: tuple[DraftLink, ...] = ()
    mail_addresses: tuple[str, ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()


def write_draft(draft: Draft) -> str:
    """The text of a file that `load_product` reads, whatever strangers put into what was seen.

    Args:
        draft: names, addresses and URLs in it are canonical; all else may be any text.
    """
    parts = (
        _head(draft),
        _product(draft),
        _ownership(draft),
        _hosts(draft),
        _names(draft),
        _senders(draft),
        _links(draft),
        _endpoints(draft),
        _people(draft),
    )
    return "\n".join("\n".join(lines) + "\n" for part in parts if (lines := list(part)))


def _head(draft: Draft) -> Iterator[str]:
    yield f"# What the owner of {draft.name} wants to be true. Launch Ready wrote this on {draft.day.isoformat()}"
    yield "# from what anybody can see. Three kinds of lines need you:"
    yield f"#   # {CHECK_THIS}"
    yield "#   # guess: we inferred it; correct it, or take it out"
    yield '#   # purpose = ""   only you know it: take the first # away and fill it in'
    yield "# Then type: launchready audit"
    for sentence in draft.unseen:
        yield f"# Not seen: {_comment(sentence)}"


def _product(draft: Draft) -> Iterator[str]:
    title = next((host.title for host in draft.hosts if host.title), "")
    says = f'; its page is called "{_comment(title)}"' if title else ""
    yield "[product]"
    yield f"name = {_text(draft.name)}  # guess: what do customers call it{says}?"
    yield "# sends_mail = true       # does it send mail in the name of its domain?"
    yield "# takes_payments = false  # do customers pay in it?"
    yield "# has_chat = true         # do customers chat with an AI in it?"


def _ownership(draft: Draft) -> Iterator[str]:
    first = draft.hosts[0].name
    yield "# Shows that the hosts are yours. Until one of these two stands there, nothing is asked that a visitor would"
    yield "# not ask:"
    yield f"#   a file at https://{first}/.well-known/launchready that holds only the token (one for each host)"
    yield f'#   or a DNS record: _launchready.{draft.domain}. TXT "launchready={draft.token}" (for all of them)'
    yield "[ownership]"
    yield f"token = {_text(draft.token)}"


def _hosts(draft: Draft) -> Iterator[str]:
    for number, host in enumerate(draft.hosts):
        if number:
            yield ""
        if host.title:
            yield f'# Its page is called "{_comment(host.title)}".'
        yield "[[hosts]]"
        yield f"name = {_text(host.name)}"
        yield '# purpose = ""   # what is it for?'
        yield '# owner = ""     # who answers for it?'
        yield '# provider = ""  # who runs the machine?'
        if host.cname is not None:
            yield f"cname = {_text(host.cname)}  # {CHECK_THIS}"
        elif host.addresses:
            yield f"addresses = {_list(host.addresses)}  # {CHECK_THIS}"
        else:
            yield "# addresses = []  # where should it point? It has no address today"
        if host.redirects_to is not None:
            yield f"redirects_to = {_text(host.redirects_to)}  # guess: it sends visitors there today"


def _names(draft: Draft) -> Iterator[str]:
    if not draft.names:
        return
    yield "# These names are in DNS and show no page. Declare each with what it is for, or delete its records."
    for one in draft.names:
        yield "# [[names]]"
        yield f"# name = {_text(one.name)}  # leads to {_comment(', '.join(one.records))}"
        yield '# purpose = ""'


def _senders(draft: Draft) -> Iterator[str]:
    if draft.exchanges:
        yield f"# Mail to {draft.domain} is taken by {_comment(', '.join(draft.exchanges))}."
    for name in draft.unknown_senders:
        yield f"# SPF lets {_comment(name)} send for {draft.domain}: which service is that?"
    for sender in draft.senders:
        yield f"# guess: {_comment(sender.how)}"
        yield "[[senders]]"
        yield f"name = {_text(sender.name)}"
        yield f"domain = {_text(sender.domain)}  # what stands behind the @ of its From"
        if sender.dkim_selectors:
            yield f"dkim_selectors = {_list(sender.dkim_selectors)}  # a key was seen there"
        else:
            yield "# dkim_selectors = []  # its settings page shows them"
    yield "# Each service that sends mail in your name: sign-up mail, receipts, newsletters, your own mailbox."
    yield "# [[senders]]"
    yield '# name = ""'
    yield f"# domain = {_text(draft.domain)}"
    yield "# dkim_selectors = []"


def _links(draft: Draft) -> Iterator[str]:
    for link in draft.links:
        mark = "" if link.service else "# "
        yield f"# guess: customers book a call here{f' ({_comment(link.service)})' if link.service else ''}"
        yield f"{mark}[[links]]"
        yield f"{mark}url = {_text(link.url)}"
        yield f'{mark}kind = "booking"'
    yield "# Each link in an advertisement or newsletter, exactly as it stands there, with its parameters."
    yield "# [[links]]"
    yield f'# url = "https://{draft.hosts[0].name}/?utm_source=ad"  # for example'
    yield '# kind = "ad"  # or "newsletter" or "booking"'


def _endpoints(draft: Draft) -> Iterator[str]:
    kinds = {kind.value for kind in EndpointKind}
    yield "# URLs with a job: pages that must work, and what tells whether the product is up."
    for kind, url in sorted(draft.forms.items()):
        yield f"# guess: {_comment(kind)}"
        yield "# [[endpoints]]"
        yield f"# url = {_text(url)}"
        yield f"# kind = {_text(kind if kind in kinds else EndpointKind.PAGE.value)}"
    yield "# [[endpoints]]"
    yield f'# url = "https://{draft.hosts[0].name}/healthz"  # for example'
    yield '# kind = "health"'


def _people(draft: Draft) -> Iterator[str]:
    yield "# Whom customers write to when something is wrong."
    for address in draft.mail_addresses or (f"help@{draft.domain}",):
        yield "# [[contacts]]"
        yield '# role = "support"'
        yield '# name = ""'
        mark = "guess: the page offers to write there" if draft.mail_addresses else "for example"
        yield f"# email = {_text(address)}  # {mark}"
    yield ""
    yield "# The source code, to look for keys in its history and to see which version is live."
    yield "# [repository]"
    yield '# path = "."'


def _text(value: str) -> str:
    """A TOML basic string (TOML 1.0 "String"): JSON's escapes are among TOML's, and DEL has none of its own in JSON."""
    return json.dumps(value).replace("\x7f", "\\u007f")


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _comment(text: str) -> str:
    """A text from outside on one line, without what could end the comment or rule a terminal."""
    line = " ".join(text.split())
    shown = "".join(c if unicodedata.category(c)[0] not in "CZ" or c == " " else "?" for c in line)
    return shown if len(shown) <= COMMENT_CHARS else f"{shown[: COMMENT_CHARS - 1]}…"
