"""The probes of `probes/endpoints.py`."""

import json

import pytest

from launchready.facts.endpoints import DependencyReport, HealthAnswer, ReadyAnswer, VersionAnswer
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.probes.endpoints import health_answer, read_commit, read_dependencies, ready_answer, version_answer

APP = "http://app.example.com"
HEAD = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
DATABASE, MAIL = DependencyReport("database", is_ok=True, word="ok"), DependencyReport("mail", is_ok=False, word="down")


@pytest.mark.parametrize(("contains", "found"), [("", True), ("alive", True), ("other", False)])
async def test_health_is_a_status_and_the_declared_words(shop, http, reply, contains, found) -> None:
    shop.answers["GET /healthz"] = lambda _ask: reply(200, "I am alive")
    endpoint = Endpoint(f"{APP}/healthz", EndpointKind.HEALTH, contains=contains)
    assert await health_answer(endpoint, http) == HealthAnswer(200, found)


async def test_a_redirect_is_not_followed(shop, http, reply) -> None:
    shop.answers["GET /healthz"] = lambda _ask: reply(302, headers=(("Location", "/login"),))
    assert await health_answer(Endpoint(f"{APP}/healthz", EndpointKind.HEALTH), http) == HealthAnswer(302, True)


async def test_readiness_and_version_are_read_whatever_their_status(shop, http, reply) -> None:
    report = json.dumps({"dependencies": {"database": {"status": "ok"}, "mail": {"status": "down"}}})
    shop.answers["GET /readyz"] = lambda _ask: reply(503, report, "application/json")
    shop.answers["GET /version"] = lambda _ask: reply(200, json.dumps({"commit": HEAD}), "application/json")
    ready, version = Endpoint(f"{APP}/readyz", EndpointKind.READY), Endpoint(f"{APP}/version", EndpointKind.VERSION)
    assert await ready_answer(ready, http) == ReadyAnswer(503, (DATABASE, MAIL))
    assert await version_answer(version, http) == VersionAnswer(200, HEAD)


@pytest.mark.parametrize(
    "value",
    [
        {"dependencies": {"database": {"status": "ok"}, "mail": {"status": "down"}}},
        {"status": "down", "components": {"database": "ok", "mail": "down"}},
        {"checks": [{"name": "database", "status": "ok"}, {"name": "mail", "status": "down"}]},
        {"checks": {"database:time": [{"status": "ok"}], "mail:time": [{"status": "down"}]}},
        {"status": "down", "database": "ok", "mail": "down", "version": "1"},
        {"services": {"database": {"state": "ok"}, "mail": {"state": "down"}}},
    ],
)
def test_dependencies_are_read_in_the_usual_forms(value) -> None:
    assert read_dependencies(json.dumps(value).encode()) == (DATABASE, MAIL)


def test_true_and_false_are_words() -> None:
    assert read_dependencies(b'{"dependencies": {"a": true, "b": {"healthy": false}}}') == (
        DependencyReport("a", is_ok=True, word="true"),
        DependencyReport("b", is_ok=False, word="false"),
    )


@pytest.mark.parametrize("body", [b"", b"OK", b"[]", b"<html>", b"[" * 100_000, b'{"dependencies": 3}', b"\xff"])
def test_an_answer_that_names_no_dependency_has_none(body) -> None:
    assert read_dependencies(body) == ()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"commit": "{HEAD}"}}',
        f'{{"name": "x", "git_sha": "{HEAD}"}}',
        f'{{"git": {{"commit": {{"id": "{HEAD}"}}}}}}',
        f'{{"build": {{"revision": "{HEAD}"}}}}',
        f"{HEAD}\n",
        f'"{HEAD}"',
    ],
)
def test_the_commit_is_found_in_the_usual_forms(body) -> None:
    assert read_commit(body.encode()) == HEAD


def test_what_stands_for_a_commit_is_kept_as_it_is() -> None:
    assert read_commit(b'{"commit": "unknown"}') == "unknown"


@pytest.mark.parametrize("body", [b"", b"{}", b"1.4.2", b"<html>", b'{"commit": null}', b'{"commit": 7}', b"[1]"])
def test_an_answer_without_a_commit_names_none(body) -> None:
    assert read_commit(body) == ""


READY = Endpoint(f"{APP}/readyz", EndpointKind.READY, dependencies=("mail",))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html>Welcome</html>", "no report in JSON"),
        ("OK", "no report in JSON"),
        ('{"dependencies": {"mail": "purple"}}', "says 'purple' of mail"),
        ('{"dependencies": {"mail": 3}}', "says '3' of mail"),
    ],
)
async def test_what_can_not_be_judged_is_not_seen_and_never_called_down(shop, http, reply, body, words) -> None:
    shop.answers["GET /readyz"] = lambda _ask: reply(200, body, "application/json")
    with pytest.raises(NotSeen, match=words) as raised:
        await ready_answer(READY, http)
    assert raised.value.why is Why.UNREADABLE


async def test_a_strange_word_of_what_nobody_declared_and_an_error_page_are_answers(shop, http, reply) -> None:
    shop.answers["GET /readyz"] = lambda _ask: reply(
        200, '[{"name": "mail", "status": "operational"}, {"name": "x", "status": "?"}]'
    )
    assert [d.is_ok for d in (await ready_answer(READY, http)).dependencies] == [True, False]
    shop.answers["GET /readyz"] = lambda _ask: reply(502, "<html>Bad gateway</html>")
    assert await ready_answer(READY, http) == ReadyAnswer(502, ())
