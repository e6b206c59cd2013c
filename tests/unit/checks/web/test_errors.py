"""The checks of `checks/web/errors.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.web.errors import debug_mode_on, stack_trace_shown
from launchready.facts.errors import BadAnswer, BadRequest, BadRequests, MissingPage
from launchready.facts.web import Transfer
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.parse.error_page import Leak, Mark

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("app.example.com", "example.com")
GONE, CHAT = "https://app.example.com/gone", "https://app.example.com/api/chat"
DJANGO, PYTHON, SQL = (
    Mark(Leak.DEBUG_PAGE, "Django"),
    Mark(Leak.TRACE, "Python"),
    Mark(Leak.QUERY, "SQLAlchemy"),
)
DO = "Answer errors with a sentence of your own, and keep the rest for the log"


def missing(*marks: Mark) -> MissingPage:
    return MissingPage(Transfer(GONE, 404, "text/html", (), "", "", 10, 10, ()), marks)


def bad(*marks: Mark) -> BadRequests:
    return BadRequests((BadRequest(CHAT, "JSON that is cut off", Measured(BadAnswer(500, marks), AT, 0.1)),))


def test_errors_that_show_nothing_pass() -> None:
    for check in (debug_mode_on, stack_trace_shown):
        assert check(HOST, missing(), bad()) == Pass()


def test_a_debug_page_fails_with_the_setting_and_stands_for_the_trace_in_it() -> None:
    assert debug_mode_on(HOST, missing(DJANGO, PYTHON), bad()) == Fail(
        (f"{GONE} (a page that does not exist) shows a debug page of Django",),
        Fix(DO, "DEBUG = False\nALLOWED_HOSTS = ['app.example.com']"),
    )
    assert stack_trace_shown(HOST, missing(DJANGO, PYTHON), bad()) == Pass()


def test_a_trace_or_a_query_fails_with_what_brought_it_up() -> None:
    assert stack_trace_shown(HOST, missing(), bad(PYTHON, SQL)) == Fail(
        (
            f"{CHAT} (JSON that is cut off) shows a stack trace of Python",
            f"{CHAT} (JSON that is cut off) shows a database error of SQLAlchemy",
        ),
        Fix(DO, ""),
    )
    assert debug_mode_on(HOST, missing(), bad(PYTHON, SQL)) == Pass()


@pytest.mark.parametrize(("of", "line"), [("JavaScript", "NODE_ENV=production"), ("PHP", "display_errors = Off")])
def test_where_a_setting_hides_it_it_is_the_line_to_paste(of: str, line: str) -> None:
    judgement = stack_trace_shown(HOST, missing(Mark(Leak.TRACE, of)), bad())
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste.startswith(line)


def test_a_request_that_was_not_answered_fails_nothing() -> None:
    silent = BadRequests((BadRequest(CHAT, "x", Unmeasured(Why.CHALLENGED, "wall", AT)),))
    assert stack_trace_shown(HOST, missing(), silent) == Pass()
