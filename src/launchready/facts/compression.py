"""How text is packed on the way."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Endpoint, EndpointKind, Host


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer as it came, asked for with a browser's Accept-Encoding.

    `coding` is its Content-Encoding in lower case; `is_readable` whether a browser can unpack it.
    """

    status: int
    coding: str
    is_readable: bool


@fact(about=Host)
class PackedPage:
    """The answer to `https://HOST/`, and where that redirects within the host its end."""

    url: str
    packed: Packed


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.STREAM,
    declare='an endpoint of kind = "stream"',
)
class StreamHead:
    """How a stream begins: its status, Content-Type and Content-Encoding; the latter empty where it is not packed."""

    status: int
    content_type: str
    coding: str
