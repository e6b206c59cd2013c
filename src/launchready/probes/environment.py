"""Ask the running release what is wrong with its environment variables; it answers with verdicts, never with values."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from launchready.facts.environment import EnvironmentReport, ReportedVariable
from launchready.model.environment import Flaw, Mode, digest_of
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Endpoint
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.rfc8259 import read_json
from launchready.probes.nested import all_at_once, reading_of

MAX_REPORT_BYTES: Final = 1024 * 1024
"""What is read of a report: about 150 bytes for each variable, so some thousand of them."""

MAX_TOKEN_BYTES: Final = 4096
"""What is read of a token's file: tokens have some dozen characters, and headers of 8 KB are refused by servers."""

FINGERPRINT_CHARS: Final = 64
"""Longest fingerprint that is kept: a whole SHA-256 in hexadecimal."""

AGAIN: Final = "run `launchready env contract`, put the result into the product, and deploy"


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def environment_report(endpoint: Endpoint, product: Product, http: HttpClient, clock: Clock) -> EnvironmentReport:
    """Ask once with the owner's token, and once as a stranger, who has to learn nothing."""
    token = await asyncio.to_thread(read_token, endpoint.token)
    bearer = (("Authorization", f"Bearer {token}"),)
    asked, strange = await all_at_once(
        reading_of(http.fetch(endpoint.url, headers=headers, max_bytes=MAX_REPORT_BYTES), clock)
        for headers in (bearer, ())
    )
    report = _report_in(_seen(asked), endpoint.url)
    if report.get("digest") != digest_of(product.environment):
        detail = f"{endpoint.url} judges by another contract than launchready.toml: {AGAIN}"
        raise NotSeen(Why.UNREADABLE, detail)
    return EnvironmentReport(_variables(report, product, endpoint.url), is_open=_is_report(_seen(strange)))


def _seen(reading: Measured[HttpResponse] | Unmeasured) -> HttpResponse:
    if isinstance(reading, Unmeasured):
        raise NotSeen(reading.why, reading.detail)
    return reading.value


def read_token(reference: str) -> str:
    """The token that `env:NAME` or `file:PATH` leads to, without outer blanks.

    Raises:
        NotSeen: NOT_FOUND or UNREADABLE; the token is in no message.
    """
    scheme, _, rest = reference.partition(":")
    if scheme == "env":
        token = os.environ.get(rest, "").strip()
        where = f"the variable {rest}"
    else:
        token, where = _token_in(Path(rest)), f"the file {Path(rest).name}"
    if not token:
        raise NotSeen(Why.NOT_FOUND, f"{where}, which holds the token of the report, is not there or empty: set it")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise NotSeen(Why.UNREADABLE, f"{where} holds characters that a token can't have: write the token alone")
    return token


def _token_in(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_TOKEN_BYTES).decode("utf-8", errors="replace").strip()
    except OSError:
        return ""


def _report_in(response: HttpResponse, url: str) -> Mapping[str, object]:
    if response.status in {401, 403, 404}:
        detail = f"{url} answers {response.status} to the token: set the same token in the product and here"
        raise NotSeen(Why.NOT_PERMITTED, detail)
    value = read_json(response.body)
    if not 200 <= response.status < 300 or not isinstance(value, Mapping):
        raise NotSeen(Why.UNREADABLE, f"{url} answers {response.status} with no report in JSON")
    return value


def _is_report(response: HttpResponse) -> bool:
    """Whether an answer tells of variables, whatever their names."""
    value = read_json(response.body)
    found = value.get("variables") if isinstance(value, Mapping) else None
    return 200 <= response.status < 300 and isinstance(found, Mapping) and bool(found)


def _variables(report: Mapping[str, object], product: Product, url: str) -> tuple[ReportedVariable, ...]:
    """The verdicts, in the order of the contract; one that is lacking or odd leaves the whole report unread."""
    rows = report.get("variables")
    if not isinstance(rows, Mapping):
        raise NotSeen(Why.UNREADABLE, f"{url} names no variables: {AGAIN}")
    return tuple(_variable(declared.name, rows.get(declared.name), url) for declared in product.environment)


def _variable(name: str, row: object, url: str) -> ReportedVariable:
    if not isinstance(row, Mapping) or not isinstance(row.get("set"), bool):
        raise NotSeen(Why.UNREADABLE, f"{url} says nothing that can be read of {name}: {AGAIN}")
    try:
        flaw = None if row["flaw"] == "" else Flaw(row["flaw"])
        mode = Mode(row["mode"])
    except (KeyError, ValueError):
        detail = f"{url} says of {name} what this version doesn't know: update one of the two"
        raise NotSeen(Why.UNREADABLE, detail) from None
    return ReportedVariable(name, row["set"], flaw, mode, str(row.get("fingerprint", ""))[:FINGERPRINT_CHARS])
