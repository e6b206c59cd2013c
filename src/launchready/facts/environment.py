"""What the running release and the source code say about environment variables; never a value."""

from dataclasses import dataclass

from launchready.model.environment import Flaw, Mode
from launchready.model.fact import fact
from launchready.model.reading import Unmeasured
from launchready.model.subject import Endpoint, EndpointKind, Repository


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


@dataclass(frozen=True, slots=True)
class VariableRead:
    """A variable that the code reads by its name.

    `place` is `path:line`, the first that can't do without it where there is one; `has_fallback` is true where the code
    goes on without it everywhere.
    """

    name: str
    place: str
    has_fallback: bool


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """A file that shows which variables there are, such as .env.example, and the names in it."""

    path: str
    names: tuple[str, ...]


@fact(about=Repository)
class SourceVariables:
    """What the Python, JavaScript and TypeScript in the working tree reads, tests and foreign code left out.

    `gaps` are the files in which a read could hide, each with the reason why it was not followed.
    """

    reads: tuple[VariableRead, ...]
    gaps: tuple[Unmeasured, ...]


@fact(about=Repository)
class VariableExamples:
    """The example files of the working tree, and the names in .env.schema files, which are contracts themselves."""

    examples: tuple[ExampleFile, ...]
    schema_names: tuple[str, ...]
