"""What the owner wants, as a check reads it: yes, no, or not said. Never guessed from what answered."""

from collections.abc import Callable
from dataclasses import dataclass

from launchready.model.chat import Chat, ChatProtocol
from launchready.model.product import Product, Subject
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host, host_of


@dataclass(frozen=True, slots=True)
class Intent:
    """A question to the declaration, asked before a check is.

    `read` answers True, False, or None where the owner has not said. `declare` completes "declare … to have this
    answered"; `otherwise` is the reason that a check does not apply when the answer is False. `is_product_wide` is true
    where `read` looks at the product alone, so that it can be asked although no subject of a check is declared.
    """

    read: Callable[[Product, Subject], bool | None]
    declare: str
    otherwise: str
    is_product_wide: bool = False


def _domain_sends(product: Product, subject: Subject) -> bool | None:
    if product.sends_mail is not True:
        return product.sends_mail
    domain = product.ancestor(subject, Domain)
    assert isinstance(domain, Domain), "only checks of a domain or below ask this"
    nobody_declared = not any(d.senders for d in product.domains)
    return None if nobody_declared else bool(domain.senders)


def _address_is_said(_product: Product, subject: Subject) -> bool | None:
    assert isinstance(subject, Host), "only checks of a host ask this"
    return bool(subject.addresses or subject.cname) or None


def _dependencies_are_said(_product: Product, subject: Subject) -> bool | None:
    assert isinstance(subject, Endpoint), "only checks of an endpoint ask this"
    return bool(subject.dependencies) or None


def _has_webhook(product: Product, subject: Subject) -> bool | None:
    if _has_endpoint(product, subject, {EndpointKind.WEBHOOK}):
        return True
    declares_some = any(endpoint.kind is EndpointKind.WEBHOOK for endpoint in product.endpoints)
    return False if declares_some or product.takes_payments is False else None


def _has_endpoint(product: Product, subject: Subject, kinds: set[EndpointKind]) -> bool:
    assert isinstance(subject, Host), "only checks of a host ask this"
    return any(endpoint.kind in kinds and endpoint.host == subject.name for endpoint in product.endpoints)


def _has_stream(product: Product, _subject: Subject) -> bool | None:
    if any(endpoint.kind is EndpointKind.STREAM for endpoint in product.endpoints):
        return True
    return False if product.has_chat is False else None


def _origins_are_said(product: Product, subject: Subject) -> bool | None:
    assert isinstance(subject, Host), "only checks of a host ask this"
    if not product.has_file:
        return None
    called = [e.url for e in product.endpoints if e.kind is EndpointKind.API]
    called += [journey.chat for journey in product.journeys]
    if all(host_of(url) != subject.name for url in called):
        return False
    return subject.allowed_origins is not None or None


def _streams(subject: Subject) -> bool:
    assert isinstance(subject, Chat), "only checks of a chat ask this"
    return subject.protocol is not ChatProtocol.JSON


HAS_FILE = Intent(
    lambda product, _: product.has_file or None,
    "the hosts in a launchready.toml",
    "",
    is_product_wide=True,
)
SENDS_MAIL = Intent(
    lambda product, _: product.sends_mail,
    "sends_mail under [product]",
    "launchready.toml says that the product sends no mail",
    is_product_wide=True,
)
DOMAIN_SENDS_MAIL = Intent(
    _domain_sends,
    "sends_mail under [product], and the [[senders]]",
    "launchready.toml names no sender for this domain, or says that the product sends no mail",
)
ADDRESS_IS_SAID = Intent(_address_is_said, "addresses or cname of the host under [[hosts]]", "")
HAS_CHAT = Intent(
    lambda product, _: product.has_chat,
    "has_chat under [product]",
    "launchready.toml says that the product has no chat",
    is_product_wide=True,
)
DEPENDENCIES_ARE_SAID = Intent(
    _dependencies_are_said,
    'dependencies of the endpoint of kind = "ready" under [[endpoints]]',
    "",
)
HAS_WEBHOOK = Intent(
    _has_webhook,
    'the endpoint of kind = "webhook" that payments are reported to, or takes_payments = false',
    "launchready.toml names no webhook on this host",
)
HAS_POSTED_ENDPOINT = Intent(
    lambda product, host: (
        _has_endpoint(product, host, {EndpointKind.API, EndpointKind.STREAM}) if product.has_file else None
    ),
    "the [[endpoints]] that are posted to, in a launchready.toml",
    'launchready.toml names no endpoint of kind "api" or "stream" on this host',
)
DNS_CHANGE_IS_PLANNED = Intent(
    lambda product, _: product.dns_change is not None if product.has_file else None,
    "a day as dns_change in a launchready.toml where a move is planned, or a file without it where none is,",
    "launchready.toml plans no change of DNS",
    is_product_wide=True,
)
ORIGINS_ARE_SAID = Intent(
    _origins_are_said,
    "allowed_origins of the host under [[hosts]] (an empty list where no page of another origin may call it)",
    "launchready.toml names nothing on this host that pages call",
)
HAS_STREAM = Intent(
    _has_stream,
    'the endpoint of kind = "stream" that answers are streamed from, or has_chat = false',
    "launchready.toml names no stream, and says that the product has no chat",
    is_product_wide=True,
)
CHAT_STREAMS = Intent(
    lambda _product, subject: _streams(subject),
    "protocol under [chat]",
    "launchready.toml says that the chat answers in one piece",
)
BUILD_IS_SAID = Intent(
    lambda product, _: product.build is not None or None,
    "a [build] table, and type `launchready build`,",
    "",
    is_product_wide=True,
)
CONTRACT_IS_SAID = Intent(
    lambda product, _: bool(product.environment) or None,
    "the variables that the product reads, under [[environment]]",
    "",
    is_product_wide=True,
)
