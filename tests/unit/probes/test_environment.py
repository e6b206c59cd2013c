"""The probes of `probes/environment.py`."""

import json
import time
from datetime import UTC, datetime

import pytest

from launchready.facts.environment import EnvironmentReport, ReportedVariable
from launchready.model.environment import Flaw, Mode, Variable, VariableType, digest_of
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.net.clock import Clock
from launchready.probes.environment import environment_report, read_token

PATH = "/launchready/environment"
CONTRACT = (Variable("APP_URL", VariableType.URL), Variable("PAYMENT_KEY", VariableType.KEY))
PRODUCT = Product("P", (), (), environment=CONTRACT)
CLOCK = Clock(lambda: datetime(2026, 1, 1, tzinfo=UTC), time.monotonic)
TOKEN = "t" * 32
GOOD = {"set": True, "flaw": "", "mode": "live", "fingerprint": "ab12"}
BAD = {"set": False, "flaw": "missing", "mode": "unknown", "fingerprint": ""}
BODY = {"digest": digest_of(CONTRACT), "variables": {"APP_URL": GOOD, "PAYMENT_KEY": BAD}}


@pytest.fixture
def look(shop, http, reply, monkeypatch):
    """The fact, when the product says something to the token and something to strangers."""
    monkeypatch.setenv("REPORT_TOKEN", TOKEN)

    async def looked(body, status=200, stranger=(404, "")):
        def answer(ask):
            if ask.headers.get("authorization") == f"Bearer {TOKEN}":
                return reply(status, body if isinstance(body, str) else json.dumps(body), "application/json")
            return reply(*stranger)

        shop.answers[f"GET {PATH}"] = answer
        endpoint = Endpoint(f"http://app.example.com{PATH}", EndpointKind.ENVIRONMENT, token="env:REPORT_TOKEN")
        return await environment_report(endpoint, PRODUCT, http, CLOCK)

    return looked


async def test_the_verdicts_are_read_in_the_order_of_the_contract(look) -> None:
    assert await look(BODY) == EnvironmentReport(
        (
            ReportedVariable("APP_URL", True, None, Mode.LIVE, "ab12"),
            ReportedVariable("PAYMENT_KEY", False, Flaw.MISSING, Mode.UNKNOWN, ""),
        ),
        is_open=False,
    )


@pytest.mark.parametrize(
    ("stranger", "is_open"),
    [
        ((200, json.dumps(BODY)), True),
        ((200, "<!doctype html>"), False),
        ((200, "{}"), False),
        ((403, json.dumps(BODY)), False),
    ],
)
async def test_a_stranger_learns_of_no_variable(look, stranger, is_open) -> None:
    assert (await look(BODY, stranger=stranger)).is_open is is_open


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_token_that_opens_nothing_is_said(look, status) -> None:
    with pytest.raises(NotSeen) as unseen:
        await look("", status)
    assert unseen.value.why is Why.NOT_PERMITTED


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[" * 10_000,
        "[]",
        {},
        {**BODY, "digest": "0" * 16},
        {**BODY, "variables": []},
        {**BODY, "variables": {"APP_URL": GOOD}},
        {**BODY, "variables": {"APP_URL": GOOD, "PAYMENT_KEY": {**BAD, "flaw": "odd"}}},
        {**BODY, "variables": {"APP_URL": GOOD, "PAYMENT_KEY": {**BAD, "flaw": ["missing"]}}},
        {**BODY, "variables": {"APP_URL": GOOD, "PAYMENT_KEY": {**BAD, "set": "yes"}}},
        {**BODY, "variables": {"APP_URL": GOOD, "PAYMENT_KEY": {**BAD, "mode": {}}}},
    ],
)
async def test_a_report_that_says_less_than_the_contract_is_none(look, body) -> None:
    with pytest.raises(NotSeen) as unseen:
        await look(body)
    assert unseen.value.why is Why.UNREADABLE


async def test_an_error_of_the_server_is_no_report(look) -> None:
    with pytest.raises(NotSeen) as unseen:
        await look(BODY, 500)
    assert unseen.value.why is Why.UNREADABLE


def test_a_token_is_read_from_where_the_declaration_says(tmp_path, monkeypatch) -> None:
    (tmp_path / "token").write_text(f" {TOKEN}\n", "utf-8")
    monkeypatch.setenv("REPORT_TOKEN", f"{TOKEN}\n")
    assert read_token(f"file:{tmp_path / 'token'}") == read_token("env:REPORT_TOKEN") == TOKEN


@pytest.mark.parametrize(
    ("content", "why"), [(None, Why.NOT_FOUND), ("\n", Why.NOT_FOUND), ("hush\r\nhush", Why.UNREADABLE)]
)
def test_a_token_that_is_none_is_not_sent_and_not_shown(tmp_path, content, why) -> None:
    if content is not None:
        (tmp_path / "token").write_text(content, "utf-8")
    with pytest.raises(NotSeen) as unseen:
        read_token(f"file:{tmp_path / 'token'}")
    assert unseen.value.why is why
    assert "hush" not in unseen.value.detail
