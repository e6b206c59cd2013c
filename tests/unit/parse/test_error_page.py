"""What frameworks write for developers is recognised, and what people write about errors is not."""

import time
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from launchready.parse.error_page import Leak, Mark, find_leaks

DEBUG, TRACE, QUERY, KEY = Leak.DEBUG_PAGE, Leak.TRACE, Leak.QUERY, Leak.KEY


async def broken(_request: Request) -> Response:
    raise ValueError("no")


@pytest.mark.parametrize(
    ("accept", "mark"), [("text/html", Mark(DEBUG, "Starlette or FastAPI")), ("*/*", Mark(TRACE, "Python"))]
)
def test_starlettes_own_debug_pages_are_recognised(accept: str, mark: Mark) -> None:
    app = Starlette(debug=True, routes=[Route("/", broken)])
    answer = TestClient(app, raise_server_exceptions=False).get("/", headers={"accept": accept})
    assert mark in find_leaks(answer.content)


def test_starlettes_page_without_debug_shows_nothing() -> None:
    answer = TestClient(Starlette(routes=[Route("/", broken)]), raise_server_exceptions=False).get("/")
    assert find_leaks(answer.content) == ()


def test_pythons_own_formatter_is_recognised_in_text_and_in_json() -> None:
    try:
        int("x")
    except ValueError:
        text = traceback.format_exc()
    for body in (text, repr(text)):
        assert find_leaks(body.encode()) == (Mark(TRACE, "Python"),)


@pytest.mark.parametrize(
    ("text", "leak", "of"),
    [
        ("You&#x27;re seeing this error because you have\n <code>DEBUG = True</code> in", DEBUG, "Django"),
        ("<title>ValueError: x // Werkzeug Debugger</title>", DEBUG, "Flask (Werkzeug)"),
        ("EVALEX = true,", DEBUG, "Flask (Werkzeug), which runs code that is typed into it"),
        ("<title>Action Controller: Exception caught</title>", DEBUG, "Rails"),
        ("<p><code>Rails.root: /srv/app</code></p>", DEBUG, "Rails"),
        ("<script> window.ignite(window.data); </script>", DEBUG, "Laravel"),
        (
            '<div class="exception-summary "><div class="exception-metadata"><h2 class="exception-hierarchy">',
            DEBUG,
            "Symfony",
        ),
        ("<h1>An unhandled exception occurred while processing the request.</h1>", DEBUG, "ASP.NET"),
        ('<script src="/_next/static/chunks/react-refresh.js"></script>', DEBUG, "Next.js in development"),
        ('<script type="module" src="/@vite/client"></script>', DEBUG, "Vite in development"),
        ("TypeError: x\n    at Object.<anonymous> (/app/server.js:10:5)\n", TRACE, "JavaScript"),
        ('{"stack":"TypeError: x\\n    at async run (file:///app/a.mjs:1:22)"}', TRACE, "JavaScript"),
        ("<pre>SyntaxError: x<br> &nbsp; &nbsp;at JSON.parse (/app/node_modules/x/json.js:92:19)", TRACE, "JavaScript"),
        ("Error\n    at C (webpack-internal:///./src/a.tsx:5:7)", TRACE, "JavaScript"),
        ("Error\n    at /app/dist/main.js:3:4", TRACE, "JavaScript"),
        ("java.lang.X: y\n\tat com.a.B.<init>(B.java:12)", TRACE, "Java"),
        ("   at A.B.C(String d) in /src/A.cs:line 7", TRACE, ".NET"),
        ("<b>Fatal error</b>: Uncaught X in <b>/var/www/a.php</b> on line <b>3</b>", TRACE, "PHP"),
        ("Stack trace:\n#0 {main}", TRACE, "PHP"),
        ("/srv/app/models/a.rb:12:in `x'", TRACE, "Ruby"),
        ("/srv/app/models/a.rb:12:in 'A#x'", TRACE, "Ruby"),
        ("panic: x\n\ngoroutine 1 [running]:\nmain.main()", TRACE, "Go"),
        ("SQLSTATE[42S02]: Base table", QUERY, "PHP's PDO"),
        ("sqlalchemy.exc.OperationalError", QUERY, "SQLAlchemy"),
        ("Invalid `prisma.user.findMany()` invocation:", QUERY, "Prisma"),
        ("You have an error in your SQL syntax; check the manual that corresponds to your MySQL", QUERY, "MySQL"),
        ('{"e":"syntax error at or near \\"x\\""}', QUERY, "PostgreSQL"),
        ("ORA-00942: table or view", QUERY, "Oracle"),
        ("sqlite3.OperationalError: no such table", QUERY, "SQLite"),
        ("Incorrect API key provided: sk-pr***abcd.", KEY, "OpenAI"),
    ],
)
def test_each_mark_is_recognised(text: str, leak: Leak, of: str) -> None:
    padded = f"\n{text}" if text.startswith(" ") else text
    assert Mark(leak, of) in find_leaks(padded.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "There was an error at 10:30:12 (see /help:1:2).",
        "Meet us at Main Street (/map)",
        "Your stack trace was sent to our developers.",
        "Error 500: Internal Server Error",
        '{"detail":[{"type":"json_invalid","loc":["body",12],"msg":"JSON decode error"}]}',
        '{"code":"http_404","message":"There is no such page.","request_id":"01J"}',
        "Debugging tips: set DEBUG = True in settings.py",
        "SyntaxError is a name in many languages",
        "We use Prisma and PostgreSQL",
        "Incorrect API key provided: ",
        "<title>Exception handling in Rails</title>",
    ],
)
def test_a_sentence_about_errors_is_none(text: str) -> None:
    assert find_leaks(text.encode()) == ()


@given(st.binary(max_size=300))
def test_any_bytes_have_marks_or_none(body: bytes) -> None:
    assert isinstance(find_leaks(body), tuple)


@pytest.mark.parametrize(
    "unit", ["a", "\n    at ", "/x.rb:1", "Fatal error: ", '<div class="exception-summary">', "<", "("]
)
def test_a_hostile_body_takes_no_longer_than_an_honest_one(unit: str) -> None:
    started = time.process_time()
    find_leaks((unit * 400_000)[:400_000].encode())
    assert time.process_time() - started < 3
