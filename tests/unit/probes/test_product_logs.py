"""The probe of `probes/product_logs.py`, against a little real product that keeps a log."""

import dataclasses
import itertools
from urllib.parse import unquote

import pytest

from launchready.facts.product_logs import Debugging
from launchready.model.reading import NotSeen, Why
from launchready.probes.product_logs import product_logs


class Logging:
    """Lets the shop write a line for each request; `line` may be replaced."""

    def __init__(self, shop, path) -> None:
        self._shop = shop
        self._path = path
        self._numbers = itertools.count(1)
        path.write_text("started\n")

    def line(self, ask, reply, name) -> str:
        who = "b7f3a9c1d2" if "session=1" in ask.headers.get("cookie", "") else "-"
        return f"{name} {ask.method} {ask.path} {reply.status} {who}"

    def __contains__(self, _key) -> bool:
        return True

    def get(self, _key, usual):
        def answer(ask):
            name = f"req-{next(self._numbers):08d}"
            made = usual(ask)
            if ask.path == "/api/chat" and not ask.body.endswith(b"}"):
                made = dataclasses.replace(made, status=422)
            with self._path.open("a") as stream:
                stream.write(self.line(ask, made, name) + "\n")
            return dataclasses.replace(made, headers=(*made.headers, ("X-Request-Id", name)))

        return answer


@pytest.fixture
def logging(shop, tmp_path):
    shop.answers = Logging(shop, tmp_path / "app.log")
    return shop.answers


@pytest.fixture
def told(product, tmp_path):
    return dataclasses.replace(product, logs=(str(tmp_path / "app.log"),))


async def test_a_useful_log_without_private_words_is_seen(http, told, journey, clock, logging) -> None:
    logs = await product_logs(journey, told, http, clock)
    assert logs.leaks == ()
    assert logs.id_header == "x-request-id"
    assert logs.debugging == Debugging(which=True, who=True, why=True)
    assert logs.failed_login_told
    assert logs.appended_bytes > 200


async def test_all_that_is_typed_in_is_found_in_a_log_of_bodies_and_queries(
    http, told, journey, clock, logging
) -> None:
    logging.line = lambda ask, _reply, name: f"{name} {ask.query} {unquote(ask.body.decode())}"
    logs = await product_logs(journey, told, http, clock)
    assert {leak.what for leak in logs.leaks} == {
        "a message to the chat",
        "a message in a request that failed",
        "a key in a message",
        "a card number in a message",
        "a customer's mail address",
        "a customer's password",
        "the mail address of a failed log-in",
        "the password of a failed log-in",
        "a mail address in a query",
    }
    assert {(leak.file, leak.spelling) for leak in logs.leaks} == {("app.log", "plain")}


async def test_a_log_without_outcomes_tells_no_failed_log_in(http, told, journey, clock, logging) -> None:
    logging.line = lambda ask, _reply, name: f"{name} {ask.path}"
    logs = await product_logs(journey, told, http, clock)
    assert not logs.failed_login_told
    assert logs.debugging == Debugging(which=True, who=False, why=False)


async def test_undeclared_logs_are_not_seen_and_nobody_signs_up(http, product, journey, clock, shop) -> None:
    with pytest.raises(NotSeen) as caught:
        await product_logs(journey, product, http, clock)
    assert caught.value.why is Why.NOT_DECLARED
    assert "[logs]" in caught.value.detail
    assert shop.asked == []


async def test_a_log_that_nothing_is_added_to_is_not_seen(
    http, told, journey, clock, shop, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("launchready.probes.product_logs.LOG_WAIT_S", 0.2)
    (tmp_path / "app.log").write_text("of another product\n")
    with pytest.raises(NotSeen) as caught:
        await product_logs(journey, told, http, clock)
    assert caught.value.why is Why.UNREADABLE


async def test_a_missing_log_is_not_seen(http, told, journey, clock, shop) -> None:
    with pytest.raises(NotSeen) as caught:
        await product_logs(journey, told, http, clock)
    assert caught.value.why is Why.NOT_FOUND
    assert shop.asked == []
