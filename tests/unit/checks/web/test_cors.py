"""The checks of `checks/web/cors.py`."""

from datetime import UTC, datetime
from typing import Any

import pytest

from launchready.checks.web.cors import (
    cors_any_origin,
    cors_blocks_own_app,
    cors_lets_strangers_in,
    cors_missing_on_errors,
    cors_vary_missing,
)
from launchready.facts.cors import Asking, CorsAnswer, CorsMatrix, CorsTry, OriginKind
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.parse.fetch_cors import CorsHeaders

AT = datetime(2026, 7, 1, tzinfo=UTC)
SITE, EVIL = "https://example.com", "https://evil.example"
API = Host("api.example.com", "example.com", allowed_origins=(SITE,))
CLOSED = Host("api.example.com", "example.com")
CHAT, FRONT = "https://api.example.com/chat", "https://api.example.com/"
FIX = Fix(
    "Allow these origins, each compared as a whole text",
    'FastAPI: app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"], allow_credentials=True, '
    'allow_methods=["*"], allow_headers=["*"])\n'
    'Express: app.use(cors({ origin: ["https://example.com"], credentials: true }))',
)


def tried(  # noqa: PLR0913 - each is another part of the answer
    kind: OriginKind = OriginKind.STRANGER,
    allow: str = "",
    credentials: str = "",
    *,
    origin: str = "",
    url: str = CHAT,
    asking: Asking = Asking.REAL,
    status: int = 200,
    vary: tuple[str, ...] = (),
    cache: tuple[str, ...] = (),
) -> CorsTry:
    origin = origin or (SITE if kind is OriginKind.INTENDED else EVIL)
    headers = CorsHeaders((allow,) if allow else (), (credentials,) if credentials else (), (), ("content-type",))
    answer = Measured(CorsAnswer(status, headers, vary, cache), AT, 0.1)
    return CorsTry(url, "POST", ("content-type",), kind, origin, asking, answer)


def matrix(*tries: CorsTry) -> CorsMatrix:
    return CorsMatrix(tries)


def intended(allow: str = SITE, asking: Asking = Asking.REAL, **more: Any) -> CorsTry:
    return tried(OriginKind.INTENDED, allow, asking=asking, **more)


@pytest.mark.parametrize(
    "one", [tried(), tried(allow="*", credentials="true"), tried(allow=EVIL), tried(allow=SITE, credentials="true")]
)
def test_a_stranger_who_can_not_read_with_the_log_in_passes(one: CorsTry) -> None:
    assert cors_lets_strangers_in(API, matrix(one, tried(OriginKind.INTENDED, SITE, "true"))) == Pass()


@pytest.mark.parametrize("kind", [OriginKind.STRANGER, OriginKind.NULL, OriginKind.PREFIX, OriginKind.SUFFIX])
def test_an_origin_that_anybody_can_have_and_that_is_named_with_credentials_fails(kind: OriginKind) -> None:
    assert cors_lets_strangers_in(API, matrix(tried(kind, EVIL, "true"))) == Fail(
        (f"{CHAT} lets {EVIL} ({kind.value}) read it with the log-in",), FIX
    )


def test_a_host_that_nobody_may_call_is_told_to_send_nothing() -> None:
    judgement = cors_lets_strangers_in(CLOSED, matrix(tried(OriginKind.NULL, "null", "true", origin="null")))
    assert isinstance(judgement, Fail)
    assert judgement.fix.do.startswith("Send no Access-Control headers from api.example.com")


@pytest.mark.parametrize("kind", [OriginKind.SIBLING, OriginKind.PLAIN, OriginKind.PORT])
def test_names_near_the_own_one_are_the_other_checks_matter(kind: OriginKind) -> None:
    near = matrix(tried(kind, EVIL, "true"))
    assert cors_lets_strangers_in(API, near) == Pass()
    assert cors_any_origin(API, near) == Fail((f"{CHAT} lets {EVIL} ({kind.value}) read it",), FIX)


def test_a_star_on_the_api_fails_and_on_the_front_page_passes() -> None:
    assert isinstance(cors_any_origin(API, matrix(tried(allow="*"))), Fail)
    assert cors_any_origin(API, matrix(tried(allow="*", url=FRONT))) == Pass()
    assert cors_any_origin(API, matrix(tried(), intended())) == Pass()


def test_what_strangers_read_with_the_log_in_is_said_once() -> None:
    assert cors_any_origin(API, matrix(tried(allow=EVIL, credentials="true"))) == Pass()


def test_the_declared_page_that_can_send_and_read_passes() -> None:
    assert cors_blocks_own_app(API, matrix(intended(), intended(asking=Asking.PREFLIGHT))) == Pass()


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (intended(""), "can't read the answer"),
        (intended("https://www.example.com"), "can't read the answer"),
        (intended("", Asking.PREFLIGHT), "can't send POST"),
        (intended(asking=Asking.PREFLIGHT, status=405), "can't send POST"),
        (intended("*", credentials="true"), "can't read the answer to a request with a log-in, for * is sent"),
    ],
)
def test_each_way_to_be_kept_out_fails(one: CorsTry, said: str) -> None:
    assert cors_blocks_own_app(API, matrix(one)) == Fail((f"{CHAT}: a page of {SITE} {said}",), FIX)


def test_where_no_page_is_declared_to_call_nothing_is_kept_out() -> None:
    for check in (cors_blocks_own_app, cors_missing_on_errors):
        assert isinstance(check(CLOSED, matrix(tried())), NotApplicable)


@pytest.mark.parametrize(
    ("status", "allow", "passes"),
    [(399, "", True), (400, "", False), (404, "", False), (404, SITE, True), (404, "*", True)],
)
def test_an_error_must_be_readable_from_400_on(status: int, allow: str, passes: bool) -> None:
    judgement = cors_missing_on_errors(API, matrix(intended(), intended(allow, Asking.ERROR, status=status)))
    assert isinstance(judgement, Pass if passes else Fail)
    if isinstance(judgement, Fail):
        assert judgement.offenders == (f"{CHAT}: a page of {SITE} can't read status {status}",)


def test_errors_of_what_can_not_be_read_at_all_are_the_other_checks_matter() -> None:
    assert cors_missing_on_errors(API, matrix(intended(""), intended("", Asking.ERROR, status=404))) == Pass()


KEPT = ("public, max-age=60",)


@pytest.mark.parametrize(
    ("first", "second", "passes"),
    [
        (intended(cache=KEPT), tried(cache=KEPT), False),
        (tried(allow=EVIL, cache=KEPT), tried(OriginKind.NULL, "null", cache=KEPT), False),
        (intended(cache=KEPT, vary=("origin",)), tried(cache=KEPT), False),  # the one without it is kept for others
        (intended(cache=KEPT, vary=("accept-encoding", "origin")), tried(cache=KEPT, vary=("origin",)), True),
        (intended(cache=KEPT, vary=("*",)), tried(cache=KEPT, vary=("*",)), True),
        (intended("*", cache=KEPT), tried(allow="*", cache=KEPT), True),
        (intended(), tried(), True),
        (intended(cache=("no-store, max-age=60",)), tried(cache=("no-cache, max-age=60",)), True),
        (intended(cache=("max-age=0",)), tried(cache=("max-age=0",)), True),
        (intended(cache=("s-maxage=1",)), tried(cache=("max-age=1",)), False),
        (intended(cache=KEPT, status=400), tried(cache=KEPT), True),
        (intended(cache=KEPT), tried(cache=KEPT, url=FRONT), True),
    ],
)
def test_answers_that_differ_and_are_kept_must_say_so(first: CorsTry, second: CorsTry, passes: bool) -> None:
    judgement = cors_vary_missing(API, matrix(first, second))
    assert isinstance(judgement, Pass if passes else Fail)
    if isinstance(judgement, Fail):
        assert judgement.offenders == (f"{CHAT} names the origin that asked, may be kept, and has no Vary: Origin",)


def test_a_try_that_was_not_answered_fails_nothing() -> None:
    silent = CorsTry(CHAT, "POST", (), OriginKind.STRANGER, EVIL, Asking.REAL, Unmeasured(Why.CHALLENGED, "wall", AT))
    for check in (cors_lets_strangers_in, cors_any_origin, cors_vary_missing):
        assert check(API, matrix(silent)) == Pass()
