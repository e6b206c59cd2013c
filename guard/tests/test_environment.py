"""What a release says of its own environment."""

import json
import secrets

import httpx2
import pytest
from starlette.applications import Starlette

from launchready_guard.environment import FINGERPRINT_DIGITS, Contract, environment_route, report_on

TOKEN = "nobody7guesses9this" * 2
KEY = secrets.token_bytes(32)
CONTRACT = Contract.from_json(
    json.dumps(
        {
            "variables": [
                {"name": "APP_URL", "type": "url", "required": "run"},
                {"name": "PAYMENT_KEY", "type": "key", "required": "both", "prefix": "sk_"},
                {"name": "PORT", "type": "int", "required": "no", "minimum": 1, "maximum": 65535},
                {"name": "SITE_NAME", "type": "text", "required": "build"},
            ]
        }
    )
)
VALUES = {
    "APP_URL": "http://localhost:3000",
    "PAYMENT_KEY": "_".join(("sk", "test", "hush" * 6)),
    "PORT": "0",
    "UNKNOWN_SECRET": "hush-hush",
}


async def asked(headers, values=VALUES):
    app = Starlette(routes=[environment_route(CONTRACT, values, token=TOKEN, key=KEY)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://app.example") as client:
        return await client.get("/launchready/environment", headers=headers)


async def test_the_holder_of_the_token_learns_verdicts_and_no_value():
    response = await asked({"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["digest"] == CONTRACT.digest
    said = {name: (row["set"], row["flaw"], row["mode"]) for name, row in body["variables"].items()}
    assert said == {
        "APP_URL": (True, "", "local"),
        "PAYMENT_KEY": (True, "", "test"),
        "PORT": (True, "out-of-range", "unknown"),
        "SITE_NAME": (False, "", "unknown"),
    }
    assert "hush" not in response.text
    assert "3000" not in response.text
    assert "UNKNOWN_SECRET" not in response.text


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", f"Bearer {TOKEN[:-1]}", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN}é"]
)
async def test_for_everybody_else_there_is_no_such_page(given):
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    response = await asked(headers)
    assert (response.status_code, response.content) == (404, b"")


def test_a_fingerprint_follows_the_value_the_name_and_the_key():
    def prints(values, key=KEY):
        rows = report_on(CONTRACT, values, key)["variables"]
        return [row["fingerprint"] for row in rows.values()]

    one = prints({"APP_URL": "a", "PAYMENT_KEY": "a"})
    assert one[0] != one[1], "equal values of two names don't show that they are equal"
    assert prints({"APP_URL": "a", "PAYMENT_KEY": "a"}) == one
    assert prints({"APP_URL": "b"})[0] != one[0]
    assert prints({"APP_URL": "a"}, secrets.token_bytes(32))[0] != one[0]
    assert one[2:] == ["", ""]
    assert len(one[0]) == FINGERPRINT_DIGITS


@pytest.mark.parametrize(("token", "key"), [("short" * 6, KEY), (TOKEN, TOKEN.encode())])
def test_a_token_that_can_be_guessed_or_opens_the_fingerprints_is_refused(token, key):
    with pytest.raises(ValueError, match="token"):
        environment_route(CONTRACT, {}, token=token, key=key)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"variables": [{}]}', '{"variables": [{"name": "A", "type": "x", "required": "run"}]}']
)
def test_what_is_no_contract_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - json's own, or ours
        Contract.from_json(text)
