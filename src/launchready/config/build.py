"""A typed `Document` to a `Product`: values made canonical, domains derived, tables held against each other."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from launchready.config import chat, clean_build, deploy, environment, mailboxes, names, promises, urls
from launchready.config.document import (
    Document,
    EndpointTable,
    HostTable,
    JourneyTable,
)
from launchready.config.errors import ValueProblem, shown
from launchready.config.source import Row, Source
from launchready.config.wording import nearest
from launchready.model.product import Attestation, Contact, OtherName, Product, Waiver
from launchready.model.subject import (
    Domain,
    Endpoint,
    EndpointKind,
    Host,
    Journey,
    Link,
    Repository,
    Sender,
    host_of,
)

CORE_KINDS = frozenset({EndpointKind.PAGE, EndpointKind.API, EndpointKind.HEALTH})
"""Kinds of endpoint that may have a budget: the others are asked rarely, and log-in would be a burst."""


def build_product(document: Document, source: Source, base: Path) -> Product:
    """The declaration as the rest of the program knows it; proofs in files stay `file:PATH`.

    Args:
        document: The tables of the file.
        source: The file, for messages.
        base: Absolute path of the folder that paths are seen from.

    Raises:
        ConfigError: a value can't be right, or two tables contradict each other.
    """
    hosts = _hosts(document, source)
    known = {host.name for host in hosts}
    declared = Product(
        name=document.product.name,
        hosts=hosts,
        domains=_domains(document, source, hosts),
        sends_mail=document.product.sends_mail,
        takes_payments=document.product.takes_payments,
        has_chat=document.product.has_chat,
        has_file=True,
        ownership_token=document.ownership.token if document.ownership else "",
        endpoints=_endpoints(document, source, base, known),
        links=_links(document, source),
        contacts=_contacts(document, source),
        repository=_repository(document, source, base),
        journeys=_journeys(document, source, base, known),
        attestations=_attestations(document, source),
        other_names=_other_names(document, source, known),
        dns_change=document.product.dns_change,
        environment=environment.variables(document, source),
        delivery=deploy.build_delivery(document, source, base),
        build=clean_build.build_builds(document, source, base),
        chat=chat.build_chat(document, source, base, known),
        logs=_logs(document, source, base),
    )
    waivers = _waivers(document, source, [subject.id for subject in declared.subjects()])
    return dataclasses.replace(declared, waivers=waivers)


def _hosts(document: Document, source: Source) -> tuple[Host, ...]:
    if not document.hosts:
        raise source.row("hosts").error("is empty.", 'Add the line [[hosts]], and under it: name = "app.example.com"')
    hosts = [(_host(table, row), row) for table, row in source.rows("hosts", document.hosts)]
    _each_once("name", ((host.name, row) for host, row in hosts))
    redirects = {host.name: host.redirects_to for host, _ in hosts if host.redirects_to}
    for host, row in hosts:
        target = host_of(host.redirects_to or "")
        if target in redirects:
            what = f"redirects_to names {target}, which is declared to redirect itself."
            raise row.error(what, f'Write where visitors end: redirects_to = "{redirects[target]}"', "redirects_to")
    return tuple(host for host, _ in hosts)


def _host(table: HostTable, row: Row) -> Host:
    name = row.read("name", names.host_name, table.name)
    target = None if table.redirects_to is None else row.read("redirects_to", urls.https_origin, table.redirects_to)
    if target == f"https://{name}":
        raise row.error("redirects_to names the host itself.", "Remove it, or name another host.", "redirects_to")
    return Host(
        name=name,
        domain=names.registrable(name),
        purpose=table.purpose,
        owner=table.owner,
        provider=table.provider,
        addresses=row.read("addresses", _each(names.ip_address), table.addresses),
        cname=None if table.cname is None else row.read("cname", names.dns_name, table.cname),
        redirects_to=target,
        allowed_origins=None
        if table.allowed_origins is None
        else row.read("allowed_origins", _each(urls.https_origin), table.allowed_origins),
        origin_addresses=row.read("origin_addresses", _each(names.ip_address), table.origin_addresses),
    )


def _domains(document: Document, source: Source, hosts: tuple[Host, ...]) -> tuple[Domain, ...]:
    """The registrable domains of the hosts in their order, then those that only send mail."""
    senders: dict[str, list[Sender]] = {host.domain: [] for host in hosts}
    for table, row in source.rows("senders", document.senders):
        from_domain = row.read("domain", names.host_name, table.domain)
        bounces = table.bounce_domain
        sender = Sender(
            name=table.name,
            dkim_selectors=row.read("dkim_selectors", _each(names.dkim_selector), table.dkim_selectors),
            from_domain=from_domain,
            bounce_domain="" if bounces is None else row.read("bounce_domain", names.host_name, bounces),
            addresses=row.read("addresses", _each(names.ip_address), table.addresses),
            is_marketing=table.marketing,
        )
        senders.setdefault(names.registrable(from_domain), []).append(sender)
    return tuple(Domain(name, tuple(of_domain)) for name, of_domain in senders.items())


def _endpoints(document: Document, source: Source, base: Path, known: set[str]) -> tuple[Endpoint, ...]:
    rows = source.rows("endpoints", document.endpoints)
    endpoints = [(_endpoint(table, row, base, known), row) for table, row in rows]
    _each_once("url", ((endpoint.url, row) for endpoint, row in endpoints))
    return tuple(endpoint for endpoint, _ in endpoints)


def _endpoint(table: EndpointTable, row: Row, base: Path, known: set[str]) -> Endpoint:
    url = _own_url(row, known, "url", table.url)
    if table.p95_ms is not None and table.kind not in CORE_KINDS:
        what = f"p95_ms is for page, api and health endpoints, and the kind of this one is {table.kind}."
        raise row.error(what, "Remove it.", "p95_ms")
    if table.dependencies and table.kind is not EndpointKind.READY:
        what = f"dependencies are for ready endpoints, and the kind of this one is {table.kind}."
        raise row.error(what, "Remove them, or declare the URL that reports on them.", "dependencies")
    token, stage = environment.report_access(table, row, base)
    return Endpoint(url, table.kind, table.p95_ms, table.contains, table.dependencies, token, stage)


def _links(document: Document, source: Source) -> tuple[Link, ...]:
    rows = source.rows("links", document.links)
    links = [(Link(row.read("url", urls.link_url, table.url), table.kind), row) for table, row in rows]
    _each_once("url", ((link.url, row) for link, row in links))
    return tuple(link for link, _ in links)


def _contacts(document: Document, source: Source) -> tuple[Contact, ...]:
    return tuple(
        Contact(table.role, table.name, row.read("email", mailboxes.email, table.email))
        for table, row in source.rows("contacts", document.contacts)
    )


def _other_names(document: Document, source: Source, known: set[str]) -> tuple[OtherName, ...]:
    others = [
        (OtherName(row.read("name", names.dns_name, table.name), table.purpose), row)
        for table, row in source.rows("names", document.names)
    ]
    _each_once("name", ((other.name, row) for other, row in others))
    for other, row in others:
        if other.name in known:
            raise row.error(f"{other.name} is declared under [[hosts]] too.", "Remove one of the two tables.", "name")
    return tuple(other for other, _ in others)


def _repository(document: Document, source: Source, base: Path) -> Repository | None:
    if document.repository is None:
        return None
    reader = functools.partial(mailboxes.absolute, base)
    return Repository(source.row("repository").read("path", reader, document.repository.path))


def _journeys(document: Document, source: Source, base: Path, known: set[str]) -> tuple[Journey, ...]:
    rows = source.rows("journeys", document.journeys)
    journeys = [(_journey(table, row, base, known), row) for table, row in rows]
    _each_once("name", ((journey.name, row) for journey, row in journeys))
    return tuple(journey for journey, _ in journeys)


def _journey(table: JourneyTable, row: Row, base: Path, known: set[str]) -> Journey:
    mailbox = row.read("mailbox", functools.partial(mailboxes.mailbox, base), table.mailbox)
    password = table.mailbox_password
    if password is not None:
        password = row.read("mailbox_password", functools.partial(mailboxes.secret_reference, base), password)
    elif mailbox.startswith("imaps:"):
        step = 'Add for example: mailbox_password = "env:MAILBOX_PASSWORD"'
        raise row.error("needs the key 'mailbox_password' for an imaps mailbox.", step)
    return Journey(
        name=table.name,
        signup=_own_url(row, known, "signup", table.signup),
        login=_own_url(row, known, "login", table.login),
        chat=_own_url(row, known, "chat", table.chat),
        question=table.question,
        address=row.read("address", mailboxes.address_template, table.address),
        mailbox=mailbox,
        mailbox_password=password,
        visitors=table.visitors,
        history=_own_url(row, known, "history", table.history) if table.history else "",
    )


def _logs(document: Document, source: Source, base: Path) -> tuple[str, ...]:
    if document.logs is None:
        return ()
    row = source.row("logs")
    return tuple(row.read("paths", functools.partial(mailboxes.absolute, base), path) for path in document.logs.paths)


def _attestations(document: Document, source: Source) -> tuple[Attestation, ...]:
    return tuple(
        Attestation(
            row.read("check", promises.check_id, table.check),
            table.who,
            row.read("proof", promises.proof, table.proof),
            table.until,
        )
        for table, row in source.rows("attestations", document.attestations)
    )


def _waivers(document: Document, source: Source, subjects: list[str]) -> tuple[Waiver, ...]:
    waivers = []
    for table, row in source.rows("waivers", document.waivers):
        if table.subject and table.subject not in subjects:
            what = f"subject {shown(table.subject)} is not declared in this file."
            raise row.error(what, nearest(table.subject, subjects, "It can be one of"), "subject")
        check = row.read("check", promises.check_id, table.check)
        waivers.append(Waiver(check, table.reason, table.owner, table.until, table.subject))
    return tuple(waivers)


def _own_url(row: Row, known: set[str], key: str, text: str) -> str:
    """A URL on a declared host: nothing else may be asked more than a visitor would ask it."""
    url = row.read(key, urls.https_url, text)
    host = host_of(url)
    if host not in known:
        step = f'Add the line [[hosts]], and under it: name = "{host}"'
        raise row.error(f"{key} is on {host}, which is not a declared host.", step, key)
    return url


def _each(reader: Callable[[str], str]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A reader of lists, each item once."""

    def read_all(texts: tuple[str, ...]) -> tuple[str, ...]:
        items = tuple(map(reader, texts))
        for item, count in Counter(items).items():
            if count > 1:
                raise ValueProblem(f"holds {shown(item)} twice", "Remove one of them.")
        return items

    return read_all


def _each_once(key: str, ids: Iterable[tuple[str, Row]]) -> None:
    """Refuse a second table with the same id."""
    first: dict[str, Row] = {}
    for value, row in ids:
        if value in first:
            raise row.error(f"{key} is the same as {first[value].spot}.", "Remove one of the two tables.", key)
        first[value] = row
