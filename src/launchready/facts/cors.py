"""Which pages of others a host lets read its answers, tried with origins that are meant and that are not."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.parse.fetch_cors import CorsHeaders


class OriginKind(StrEnum):
    """What an origin that was tried stands for."""

    INTENDED = "intended"  # declared as allowed
    STRANGER = "a stranger"  # another company's page
    NULL = "a local file or sandboxed frame"  # `Origin: null`, which any page can have
    PREFIX = "a name that begins like yours"  # example.com.stranger.example
    SUFFIX = "a name that ends like yours"  # strangerexample.com
    SIBLING = "another host of your domain"
    PLAIN = "your name over plain http"
    PORT = "another port of your host"


class Asking(StrEnum):
    """What was asked with an origin."""

    REAL = "real"  # the request itself
    PREFLIGHT = "preflight"  # OPTIONS, as browsers send before what is not simple
    ERROR = "error"  # something that does not exist or can't be read


@dataclass(frozen=True, slots=True)
class CorsAnswer:
    """One answer: its status, CORS headers, the names in Vary in lower case, and Cache-Control as sent."""

    status: int
    headers: CorsHeaders
    vary: tuple[str, ...]
    cache_control: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorsTry:
    """One question: the URL, the method that is asked for, the origin, and what came back.

    `names` are the header names that a preflight asked for, in lower case.
    """

    url: str
    method: str
    names: tuple[str, ...]
    kind: OriginKind
    origin: str
    asking: Asking
    answer: Measured[CorsAnswer] | Unmeasured


@fact(about=Host)
class CorsMatrix:
    """Every try of a host: its front page, its declared API endpoints, and the chat of a journey.

    A cookie that means nothing goes with each real request, for some frameworks answer otherwise without one.
    """

    tries: tuple[CorsTry, ...]
