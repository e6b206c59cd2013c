"""The owner's declaration, which is also the root of all subjects."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from launchready.model.chat import Chat
from launchready.model.environment import Variable
from launchready.model.subject import Domain, Endpoint, Host, Journey, Link, Repository


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody a customer or an engineer can reach."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's word for a check that can't be measured from outside, with proof and the last day it counts."""

    check: str
    who: str
    proof: str
    until: date


@dataclass(frozen=True, slots=True)
class Waiver:
    """A known failure that somebody answers for until a day. An empty `subject` means every subject of the check."""

    check: str
    reason: str
    owner: str
    until: date
    subject: str = ""


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name in DNS that is there on purpose and is no host of the product, such as one for mail or verification."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the product is released, as far as an audit needs it; the commands themselves are kept out of evidence.

    `records` is the folder where releases are written down. `folder` is what runs, where the host is this machine, and
    empty otherwise; `written` are patterns of files that the product writes itself. A rehearsed way back counts for
    `rehearsal_days`.
    """

    records: str
    folder: str = ""
    written: tuple[str, ...] = ()
    rehearsal_days: int = 90


@dataclass(frozen=True, slots=True)
class Builds:
    """Where builds are written down, and which of them count; the commands themselves are kept out of evidence.

    `declared` is a digest of the [build] table and the contract, so that a build of another declaration does not count.
    """

    records: str
    declared: str
    record_days: int = 30


@dataclass(frozen=True, slots=True)
class Product:
    """What the owner wants to be true.

    `sends_mail`, `takes_payments` and `has_chat` are intents: None means that the owner has not said, and then
    nothing that hangs on it is judged. `has_file` is False where only a name was typed, so that
    no purpose of any host is known. `dns_change` is the day on which records are going to change, where one is planned.
    `environment` is the contract of the variables that it reads, and `logs` are the absolute paths of files or folders
    that it logs into; empty means that the owner has not said.
    """

    name: str
    hosts: tuple[Host, ...]
    domains: tuple[Domain, ...]
    sends_mail: bool | None = None
    takes_payments: bool | None = None
    has_chat: bool | None = None
    has_file: bool = False
    ownership_token: str = ""
    endpoints: tuple[Endpoint, ...] = ()
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    repository: Repository | None = None
    journeys: tuple[Journey, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    other_names: tuple[OtherName, ...] = ()
    dns_change: date | None = None
    environment: tuple[Variable, ...] = ()
    delivery: Delivery | None = None
    build: Builds | None = None
    chat: Chat | None = None
    logs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Canonical id."""
        return "product"

    def subjects(self) -> Iterator["Subject"]:
        """Every declared subject, the product first."""
        yield self
        yield from self.domains
        yield from self.hosts
        yield from self.endpoints
        yield from self.links
        yield from self.journeys
        if self.repository is not None:
            yield self.repository
        if self.chat is not None:
            yield self.chat

    def subjects_of(self, kind: type["Subject"]) -> tuple["Subject", ...]:
        """All declared subjects of one kind, in the order of their ids."""
        return tuple(sorted((s for s in self.subjects() if isinstance(s, kind)), key=lambda s: s.id))

    def parent(self, subject: "Subject") -> "Subject | None":
        """The subject that another one belongs to; None for the product itself.

        Raises:
            LookupError: the declaration names a host or domain that it does not contain.
        """
        match subject:
            case Product():
                return None
            case Host(domain=name):
                return _named(self.domains, name)
            case Endpoint(host=name):
                return _named(self.hosts, name)
            case _:
                return self

    def ancestor(self, subject: "Subject", kind: type["Subject"]) -> "Subject | None":
        """The subject itself or its nearest ancestor of a kind; None where it has none."""
        here: Subject | None = subject
        while here is not None and not isinstance(here, kind):
            here = self.parent(here)
        return here


Subject = Product | Domain | Host | Endpoint | Link | Repository | Journey | Chat

PARENT_KINDS: dict[type[Subject], type[Subject]] = {
    Domain: Product,
    Host: Domain,
    Endpoint: Host,
    Link: Product,
    Repository: Product,
    Journey: Product,
    Chat: Product,
}


def lineage(kind: type[Subject]) -> tuple[type[Subject], ...]:
    """A kind of subject and the kinds above it, up to the product."""
    chain = [kind]
    while chain[-1] in PARENT_KINDS:
        chain.append(PARENT_KINDS[chain[-1]])
    return tuple(chain)


def _named(things: tuple[Domain, ...] | tuple[Host, ...], name: str) -> Domain | Host:
    for thing in things:
        if thing.name == name:
            return thing
    raise LookupError(f"{name} is not declared")
