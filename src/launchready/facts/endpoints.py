"""What the product says of itself."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Endpoint, EndpointKind


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.HEALTH,
    declare='an endpoint of kind = "health"',
)
class HealthAnswer:
    """The health endpoint's status, and whether the words it must contain are there."""

    status: int
    has_content: bool


@dataclass(frozen=True, slots=True)
class DependencyReport:
    """What the readiness endpoint says of one dependency: whether all is well, in its own word."""

    name: str
    is_ok: bool
    word: str


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.READY,
    declare='an endpoint of kind = "ready" with its dependencies',
)
class ReadyAnswer:
    """The readiness endpoint's status and the dependencies that it names."""

    status: int
    dependencies: tuple[DependencyReport, ...]


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.VERSION,
    declare='an endpoint of kind = "version"',
)
class VersionAnswer:
    """The status, and the commit that the running release says it was built from; empty where it says none."""

    status: int
    commit: str


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.p95_ms is not None,
    declare="p95_ms of the core endpoints",
)
class EndpointTimes:
    """Many requests on a fixed schedule, the warm-up dropped: times to the last byte in milliseconds, in order sent.

    An answer of 5xx or 429, a broken connection or a time-out is an error, and its time does not count.
    """

    times_ms: tuple[float, ...]
    errors: tuple[str, ...]


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.LOGIN,
    declare='an endpoint of kind = "login"',
)
class LoginBurst:
    """Wrong passwords for one account that nobody has, then one for a second.

    `statuses` are the answers in order; `throttled_after` is how many were let through before the first 429 (None:
    never); `says_when` is whether that answer carried Retry-After; `bystander_status` is the second account's answer.
    """

    statuses: tuple[int, ...]
    throttled_after: int | None
    says_when: bool
    bystander_status: int
