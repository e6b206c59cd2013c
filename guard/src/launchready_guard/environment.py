"""What a running release says of its own environment: names, verdicts and keyed hashes; a value never leaves it.

An auditor outside can't see whether a variable is there, and must not see what it holds. So the product judges each
value by the contract that it ships (made by `launchready env contract`), and says the verdict to whoever has the token.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launchready_guard.environment_values import (
    RequiredIn,
    Variable,
    VariableType,
    digest_of,
    flaw_of,
    mode_of,
)

PATH: Final = "/launchready/environment"
MIN_TOKEN_CHARS: Final = 32
"""Characters of the token at least: 128 bits in hexadecimal can't be guessed."""

FINGERPRINT_DIGITS: Final = 16
"""Hexadecimal digits of a fingerprint: 64 bits tell values apart, and nobody without the key can try one."""


@dataclass(frozen=True, slots=True)
class Contract:
    """The variables that the release was built to read, and the digest by which an auditor knows it again."""

    variables: tuple[Variable, ...]

    @property
    def digest(self) -> str:
        """16 hexadecimal digits."""
        return digest_of(self.variables)

    @classmethod
    def from_json(cls, text: str) -> "Contract":
        """Read what `launchready env contract` wrote.

        Raises:
            ValueError: it has another form.
        """
        try:
            return cls(tuple(_variable(row) for row in json.loads(text)["variables"]))
        except (KeyError, TypeError) as odd:
            raise ValueError("this is no contract; make it again with `launchready env contract`") from odd


def _variable(row: Mapping[str, Any]) -> Variable:
    return Variable(
        name=row["name"],
        type=VariableType(row["type"]),
        required_in=RequiredIn(row["required"]),
        is_public=row.get("public", False),
        choices=tuple(row.get("choices", ())),
        prefix=row.get("prefix", ""),
        min_chars=row.get("min_chars", 0),
        max_chars=row.get("max_chars", 0),
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
        may_be_local=row.get("local", False),
    )


def report_on(contract: Contract, environ: Mapping[str, str], key: bytes) -> dict[str, Any]:
    """The verdict on every variable of the contract, as JSON data; others are not named.

    Args:
        contract: What the release was built to read.
        environ: What it was started with.
        key: A secret of the product's that the auditor does not have: without it no guess can be tried.
    """
    return {
        "digest": contract.digest,
        "variables": {v.name: _verdict(v, environ.get(v.name), key) for v in contract.variables},
    }


def _verdict(variable: Variable, value: str | None, key: bytes) -> dict[str, Any]:
    flaw = flaw_of(variable, value, is_required=variable.is_required(RequiredIn.RUN))
    return {
        "set": value is not None,
        "flaw": "" if flaw is None else flaw.value,
        "mode": mode_of(variable, value).value,
        "fingerprint": "" if value is None else fingerprint(variable.name, value, key),
    }


def fingerprint(name: str, value: str, key: bytes) -> str:
    """Equal for equal values of one name under one key, and of no use to anybody without it."""
    text = f"{name}\0{value}".encode(errors="surrogateescape")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:FINGERPRINT_DIGITS]


def environment_route(contract: Contract, environ: Mapping[str, str], *, token: str, key: bytes) -> Route:
    """The route `/launchready/environment`; without the token there is no such page.

    Args:
        contract: What the release was built to read.
        environ: What it was started with, usually `os.environ`.
        token: What the auditor sends as `Authorization: Bearer TOKEN`; a random text of its own.
        key: A secret of the product's, for the fingerprints.

    Raises:
        ValueError: the token can be guessed, or is the key itself.
    """
    if len(token) < MIN_TOKEN_CHARS:
        raise ValueError(f"the token has fewer than {MIN_TOKEN_CHARS} characters")
    if hmac.compare_digest(token.encode(), key):
        raise ValueError("the token is the key of the fingerprints: whoever has it could try values")
    body = report_on(contract, environ, key)
    wanted = f"Bearer {token}".encode()

    async def endpoint(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, wanted):
            return Response(status_code=404, headers={"Cache-Control": "no-store"})
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    return Route(PATH, endpoint, name="environment")
