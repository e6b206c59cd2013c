"""How the product's public doors take many requests in a row from one visitor."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Endpoint, EndpointKind, Journey


@dataclass(frozen=True, slots=True)
class Burst:
    """Requests in a row, until one was answered 429 or the number that we allow ourselves was sent.

    `statuses` are the answers in order; `throttled_after` is how many were let through before the first 429 (None:
    never); `says_when` is whether that answer carried a Retry-After that can be read. `escapes` names the request
    headers with a made-up address that let a throttled visitor through again.
    """

    statuses: tuple[int, ...]
    throttled_after: int | None
    says_when: bool
    escapes: tuple[str, ...] = ()


@fact(about=Journey)
class ChatBurst:
    """Messages of one customer, then one message of a second; `bystander_status` is what the second got."""

    burst: Burst
    bystander_status: int


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.PAGE,
    declare='an endpoint of kind = "page"',
)
class LeadBurst:
    """The same form of a page sent again and again; `burst` is None where the page shows no form that writes to you."""

    burst: Burst | None


@fact(about=Journey)
class SignupBurst:
    """Sign-ups in a row, each with an address of its own in the journey's mailbox."""

    burst: Burst
