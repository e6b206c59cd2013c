"""Look around at a name that nobody has declared, and draft its first `launchready.toml`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from launchready.app.audit import Asked, Gathered, Report, gather_evidence
from launchready.app.registry import Registry
from launchready.checks.mail.inventory import included_in, services_seen
from launchready.config import mailboxes, names, urls
from launchready.config.draft import Draft, DraftHost, DraftLink, DraftName, DraftSender
from launchready.config.errors import ValueProblem
from launchready.engine.plan import Look
from launchready.facts.booking_services import service_of
from launchready.facts.domain import HostAddresses
from launchready.facts.mail import DkimDiscovered, SpfRecords
from launchready.facts.mail_exchange import MtaSts
from launchready.facts.mail_services import SERVICES
from launchready.facts.names import NamesInUse
from launchready.facts.web import FrontPage
from launchready.model.evidence import Evidence
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured, Reading, Unmeasured, Why
from launchready.model.subject import Host, host_of
from launchready.net.network import Network

T = TypeVar("T")

MAX_HOSTS: Final = 20
"""Names that are looked at; a launch has a handful, and a zone with more is somebody's whole company."""

MAX_SUGGESTIONS: Final = 5
"""Links and addresses of one sort that are suggested: more is a list to read, and no help."""

OF_DOMAIN: Final = {
    NamesInUse: "the usual names under the domain",
    SpfRecords: "the SPF record",
    DkimDiscovered: "the keys of mail services",
    MtaSts: "the servers that take mail",
}
"""What is looked at of the domain, and what it is called where it could not be seen."""

OF_HOST: Final = (HostAddresses, FrontPage)

ANSWERED_BADLY: Final = frozenset({Why.CERTIFICATE, Why.CHALLENGED, Why.UNREADABLE, Why.TOO_LARGE})
"""Reasons for not seeing a page that only a web server can give."""

BOOKING_WORDS: Final = re.compile(r"(?<![a-z])(?:book|booking|calendar|schedule|scheduling|appointments?)(?![a-z])")
"""What stands in the addresses of booking pages."""

FORMS: Final = {
    "login": re.compile(r"/(?:log-?in|sign-?in)/?$"),
    "sign-up": re.compile(r"/(?:sign-?up|register|join)/?$"),
    "chat": re.compile(r"/(?:chat|assistant|coach)/?$"),
}
"""How the paths of these pages end."""

Readings = Mapping[tuple[str, str], Reading[Any]]


@dataclass(frozen=True, slots=True)
class Around:
    """The way to the world, the probes there are, and the seconds that each look may take (None: as it is made)."""

    network: Network
    registry: Registry
    patience_s: float | None = None


async def draft_of(product: Product, around: Around, *, token: str, today: date, report: Report) -> Draft | None:
    """Look at a typed name, at its domain and at the names found there, as any visitor may.

    Args:
        product: the bare name, from `product_for_host`.
        around: through what, and how patiently.
        token: a new ownership token.
        today: the day that the draft is dated.
        report: told of each look that ends.

    Returns:
        The draft; None where somebody stopped the look.
    """
    domain = product.domains[0]
    apex = Host(domain.name, domain.name)
    first = replace(product, hosts=tuple(dict.fromkeys((apex, *product.hosts))))
    looks = (*(Look(fact, domain) for fact in OF_DOMAIN), *_looks(first.hosts))
    gathered = await _gather(first, looks, around, report)
    if gathered.was_stopped:
        return None
    seen = _readings(gathered.evidence)
    found = _found(first, seen)
    more = tuple(Host(name, domain.name) for name in found[:MAX_HOSTS])
    wider = replace(first, hosts=(*first.hosts, *more))
    gathered = await _gather(wider, _looks(more), around, report)
    if gathered.was_stopped:
        return None
    view = _View(wider, seen | _readings(gathered.evidence))
    unseen = (*_unseen(view), *(f"{name}, which is one name too many for a first look" for name in found[MAX_HOSTS:]))
    return _draft(product.name, view, token, today, unseen)


@dataclass(frozen=True, slots=True)
class _View:
    """What was seen, by fact and subject."""

    product: Product
    readings: Readings

    def value(self, fact: type[T], subject: str) -> T | None:
        """The fact, where it was seen."""
        match self.readings.get((FACTS[fact].name, subject)):
            case Measured(value=value):
                assert isinstance(value, fact), "readings are kept by the name of their fact"
                return value
            case _:
                return None

    def pages(self) -> Iterator[tuple[Host, FrontPage]]:
        """The front pages that were seen."""
        for host in self.product.hosts:
            page = self.value(FrontPage, host.id)
            if page is not None:
                yield host, page

    def serves(self, host: Host) -> bool:
        """Whether a web server answers there, if only with an error or a certificate that browsers refuse."""
        match self.readings.get((FACTS[FrontPage].name, host.id)):
            case Unmeasured(why=why):
                return why in ANSWERED_BADLY
            case reading:
                return isinstance(reading, Measured)

    def address(self, host: Host) -> HostAddresses | None:
        """The addresses of a host, where it has any."""
        found = self.value(HostAddresses, host.id)
        return found if found is not None and found.addresses else None


async def _gather(product: Product, looks: tuple[Look, ...], around: Around, report: Report) -> Gathered:
    asked = Asked(looks=looks, active=False, patience_s=around.patience_s)
    return await gather_evidence(product, around.network, around.registry, asked, report)


def _looks(hosts: Iterable[Host]) -> tuple[Look, ...]:
    return tuple(Look(fact, host) for host in hosts for fact in OF_HOST)


def _readings(evidence: Evidence) -> dict[tuple[str, str], Reading[Any]]:
    return {(entry.kind, entry.subject): entry.reading for entry in evidence.entries}


def _found(product: Product, seen: Readings) -> tuple[str, ...]:
    """Names under the domain that exist, or that a page links to."""
    view = _View(product, seen)
    in_use = view.value(NamesInUse, product.domains[0].id)
    linked = [name for _, page in view.pages() for name in map(host_of, page.links)]
    usual = [one.name for one in in_use.found] if in_use else [f"www.{product.domains[0].name}"]
    names_seen = {*usual, *linked}
    known = {host.name for host in product.hosts}
    return tuple(sorted(name for name in names_seen - known if _is_ours(name, product.domains[0].name)))


def _is_ours(name: str, domain: str) -> bool:
    return name.endswith(f".{domain}") and _valid(names.host_name, name) is not None


def _unseen(view: _View) -> Iterator[str]:
    domain = view.product.domains[0].id
    for fact, called in OF_DOMAIN.items():
        match view.readings.get((FACTS[fact].name, domain)):
            case Unmeasured(detail=detail):
                yield f"{called}: {detail}"
            case _:
                pass
    for host in view.product.hosts:
        match view.readings.get((FACTS[HostAddresses].name, host.id)):
            case Unmeasured(detail=detail):
                yield f"the addresses of {host.name}: {detail}"
            case _:
                pass


def _draft(typed: str, view: _View, token: str, today: date, unseen: tuple[str, ...]) -> Draft:
    domain = view.product.domains[0]
    hosts = tuple(_hosts(view, typed))
    spf, keys = view.value(SpfRecords, domain.id), view.value(DkimDiscovered, domain.id)
    mail = view.value(MtaSts, domain.id)
    exchanges = mail.exchanges.value if mail and isinstance(mail.exchanges, Measured) else ()
    links = [url for _, page in view.pages() for url in page.links]
    return Draft(
        name=typed,
        domain=domain.name,
        day=today,
        token=token,
        hosts=hosts,
        names=tuple(_names(view, {host.name for host in hosts})),
        senders=tuple(_senders(spf or SpfRecords(()), keys or DkimDiscovered(()), domain.name)),
        unknown_senders=tuple(_unknown_senders(spf or SpfRecords(()))),
        exchanges=exchanges,
        links=_booking_links(links, {host.name for host in hosts}),
        mail_addresses=_each_valid(mailboxes.email, (a for _, page in view.pages() for a in page.mail_addresses)),
        forms=_forms(links, {host.name for host in hosts}),
        unseen=unseen,
    )


def _hosts(view: _View, typed: str) -> Iterator[DraftHost]:
    """The typed name, and each other one that has an address and that visitors go to."""
    linked = {host_of(url) for _, page in view.pages() for url in page.links}
    apex = view.product.domains[0].name
    visited = {*linked, apex, f"www.{apex}"}
    targets = dict(_targets(view))
    for host in view.product.hosts:
        address, page = view.address(host), view.value(FrontPage, host.id)
        if host.name != typed and (address is None or not (host.name in visited or view.serves(host))):
            continue
        alias = _valid(names.dns_name, address.cname_chain[0]) if address and address.cname_chain else None
        yield DraftHost(
            host.name,
            addresses=_each_valid(names.ip_address, address.addresses, None) if address and alias is None else (),
            cname=alias,
            redirects_to=_end(host.name, targets),
            title=page.title if page and not page.redirects_to else "",
        )


def _targets(view: _View) -> Iterator[tuple[str, str]]:
    """Where the front page of a host sends to another host's, as an origin."""
    for host, page in view.pages():
        origin = _valid(urls.https_origin, page.redirects_to) if page.redirects_to else None
        if origin is not None and host_of(origin) != host.name:
            yield host.name, origin


def _end(name: str, targets: Mapping[str, str]) -> str | None:
    """Where a host's visitors end; None where it sends them nowhere, or round."""
    passed, end = {name}, targets.get(name)
    while end is not None and (target := host_of(end)) in targets:
        if target in passed:
            return None
        passed.add(target)
        end = targets[target]
    return None if end is None or host_of(end) in passed else end


def _names(view: _View, hosts: set[str]) -> Iterator[DraftName]:
    in_use = view.value(NamesInUse, view.product.domains[0].id)
    for one in in_use.found if in_use else ():
        if one.name not in hosts:
            yield DraftName(one.name, one.records)


def _senders(spf: SpfRecords, keys: DkimDiscovered, domain: str) -> Iterator[DraftSender]:
    """The services that DNS names; those that can't be told apart are one."""
    by_how: dict[str, list[str]] = {}
    for service, how in dict(services_seen(spf, keys)).items():
        by_how.setdefault(how, []).append(service.name)
    found = {key.selector for key in keys.keys}
    for how, called in by_how.items():
        own = {s for service in SERVICES if service.name in called for s in service.dkim_selectors}
        yield DraftSender(" or ".join(called), domain, tuple(sorted(own & found)), how)


def _unknown_senders(spf: SpfRecords) -> Iterator[str]:
    known = {service.spf_include for service in SERVICES}
    yield from dict.fromkeys(name for name in included_in(spf) if name not in known)


def _booking_links(links: Iterable[str], hosts: set[str]) -> tuple[DraftLink, ...]:
    found: dict[str, DraftLink] = {}
    for url in _each_valid(urls.link_url, links, None):
        service, parts = service_of(url), urlsplit(url)
        looks_like_it = BOOKING_WORDS.search(f"{parts.hostname}{parts.path}".lower()) is not None
        if service is not None and parts.path.strip("/") and (looks_like_it or service.name != "HighLevel"):
            found[url] = DraftLink(url, service.name)
        elif service is None and looks_like_it and (parts.hostname not in hosts or parts.path.strip("/")):
            found[url] = DraftLink(url)
    ordered = sorted(found.values(), key=lambda link: (not link.service, link.url))
    return tuple(ordered[:MAX_SUGGESTIONS])


def _forms(links: Iterable[str], hosts: set[str]) -> dict[str, str]:
    """The first link of each sort on a host of ours, without its query."""
    forms: dict[str, str] = {}
    for url in _each_valid(urls.https_url, (link.partition("?")[0] for link in links), None):
        for kind, ending in FORMS.items():
            if host_of(url) in hosts and ending.search(urlsplit(url).path):
                forms.setdefault(kind, url)
    return forms


def _each_valid(
    reader: Callable[[str], str], texts: Iterable[str], limit: int | None = MAX_SUGGESTIONS
) -> tuple[str, ...]:
    read = (_valid(reader, text) for text in texts)
    return tuple(dict.fromkeys(text for text in read if text is not None))[:limit]


def _valid(reader: Callable[[str], str], text: str) -> str | None:
    """A text as the declaration takes it; None where it takes no such text."""
    try:
        return reader(text)
    except ValueProblem:
        return None
