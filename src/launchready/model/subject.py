"""What can be looked at: each subject is a part of the owner's declaration, never something that answered.

A subject's `id` is canonical and stable: evidence, waivers and findings refer to it.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from launchready.model.environment import Stage


@dataclass(frozen=True, slots=True)
class Sender:
    """A service that sends mail in the domain's name, and the DKIM selectors that it signs with.

    `from_domain` is what stands behind the @ of its From, the domain itself or a name under it. `bounce_domain` is
    that of its envelope sender (MAIL FROM), and `addresses` the IP addresses it sends from; empty means that the owner
    has not said. `is_marketing` is true for newsletters and campaigns, which receivers hold to more rules.
    """

    name: str
    dkim_selectors: tuple[str, ...]
    from_domain: str = ""
    bounce_domain: str = ""
    addresses: tuple[str, ...] = ()
    is_marketing: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """A registrable domain and those who send mail for it."""

    name: str
    senders: tuple[Sender, ...] = ()

    @property
    def id(self) -> str:
        """Canonical id."""
        return f"domain:{self.name}"


@dataclass(frozen=True, slots=True)
class Host:
    """A public name with one purpose.

    `addresses` and `cname` say where it should point; empty and None mean that the owner has not said.
    `redirects_to` is an origin such as `https://example.com`; None means that the host serves its own pages.
    `allowed_origins` are the origins whose pages may call it from a browser (CORS); None means not said, and empty that
    none may. `origin_addresses` are those of the server behind the edge, which visitors should not reach around it.
    """

    name: str
    domain: str
    purpose: str = ""
    owner: str = ""
    provider: str = ""
    addresses: tuple[str, ...] = ()
    cname: str | None = None
    redirects_to: str | None = None
    allowed_origins: tuple[str, ...] | None = None
    origin_addresses: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Canonical id."""
        return f"host:{self.name}"

    @property
    def origin(self) -> str:
        """Where a visitor of this host should end: its own https origin, or the one it redirects to."""
        return self.redirects_to or f"https://{self.name}"


class EndpointKind(StrEnum):
    """What an endpoint is for; probes pick theirs by it."""

    PAGE = "page"
    API = "api"
    LOGIN = "login"
    HEALTH = "health"
    READY = "ready"
    VERSION = "version"
    WEBHOOK = "webhook"
    STREAM = "stream"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL with a job. `p95_ms` is its declared budget; None means that it is not a core endpoint.

    `token` says where the token is that an environment endpoint asks for (`env:NAME` or `file:PATH`), never what it is;
    `stage` says whether customers use the deployment that it reports on.
    """

    url: str
    kind: EndpointKind
    p95_ms: int | None = None
    contains: str = ""
    dependencies: tuple[str, ...] = ()
    token: str = ""
    stage: Stage = Stage.PRODUCTION

    @property
    def id(self) -> str:
        """Canonical id."""
        return f"endpoint:{self.url}"

    @property
    def host(self) -> str:
        """Name of the host that serves it."""
        return host_of(self.url)


class LinkKind(StrEnum):
    """Where customers meet a link."""

    BOOKING = "booking"
    AD = "ad"
    NEWSLETTER = "newsletter"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that customers are sent, on our hosts or on somebody else's."""

    url: str
    kind: LinkKind

    @property
    def id(self) -> str:
        """Canonical id."""
        return f"link:{self.url}"


@dataclass(frozen=True, slots=True)
class Repository:
    """The product's source code, as a folder on this machine. There is one at most."""

    path: str

    @property
    def id(self) -> str:
        """Canonical id; the path is left out, so that two machines give the same bytes."""
        return "repository"


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of a customer from sign-up over a mailed link and log-in to the first answer.

    `address` holds `{tag}`, which each visitor replaces by something unique; `mailbox` is where its
    mail arrives, and `mailbox_password` says where the password is (`env:NAME` or `file:PATH`), never what it is.
    `history` is the URL that shows customers their own talk, perhaps with `{id}` for the id of a talk; empty where the
    page after the log-in does.
    """

    name: str
    signup: str
    login: str
    chat: str
    question: str
    address: str
    mailbox: str
    mailbox_password: str | None = None
    visitors: int = 10
    history: str = ""

    @property
    def id(self) -> str:
        """Canonical id."""
        return f"journey:{self.name}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names of the hosts that a visitor touches, each once."""
        return tuple(dict.fromkeys(host_of(url) for url in (self.signup, self.login, self.chat, self.history) if url))


def host_of(url: str) -> str:
    """The lower-case host name of a URL, or an empty text where it has none or is no URL."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # brackets that hold no address
        return ""
