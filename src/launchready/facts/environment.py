"""What the running release and the source code say about environment variables; never a value."""

from dataclasses import dataclass

from launchready.model.environment import Flaw, Mode
from launchready.model.fact import fact
from launchready.model.subject import Endpoint, EndpointKind


@dataclass(frozen=True, slots=True)
class ReportedVariable:
    """What the release says of one variable of the contract.

    `flaw` is what is wrong with it wherever it is used, `mode` which world it belongs to, and `fingerprint` a keyed
    hash that is equal for equal values of this name; empty where it is not set.
    """

    name: str
    is_set: bool
    flaw: Flaw | None
    mode: Mode
    fingerprint: str


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind is EndpointKind.ENVIRONMENT,
    declare='an endpoint of kind = "environment" with its token, and serve its report',
)
class EnvironmentReport:
    """The release's verdict on each variable of the contract; `is_open` where anybody is given it, without a token."""

    variables: tuple[ReportedVariable, ...]
    is_open: bool
