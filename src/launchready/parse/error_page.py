"""Recognises what frameworks tell developers when something breaks: stack traces, queries, debug pages.

Each mark is what a framework's own template or formatter writes, so that a page which merely talks about errors is
not taken for one. Whoever asks looks at answers that are errors by their status: a manual may print a trace.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

MAX_SCANNED_BYTES: Final = 262_144
"""What is read of a body: the longest debug page, Django's, has some 100 KB, and says what it is at the top."""


class Leak(Enum):
    """What an error shows that is for developers alone."""

    TRACE = "stack trace"
    QUERY = "database error"
    KEY = "provider's error with a part of a key"
    DEBUG_PAGE = "debug page"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was recognised, and by whom it was written; constants of this module, never the target's text."""

    leak: Leak
    of: str


@dataclass(frozen=True, slots=True)
class _Rule:
    mark: Mark
    pattern: re.Pattern[str]


def _rule(leak: Leak, of: str, pattern: str) -> _Rule:
    return _Rule(Mark(leak, of), re.compile(pattern))


# A line break in JSON is written as \n, and a quote in HTML as an entity.
_BREAK: Final = r"(?:\n|\\n|<br\s?/?>)"
_INDENT: Final = r"(?:[ \t]|&nbsp;|\\t){1,16}"

_RULES: Final = (
    # Debug pages first: they hold traces as well.
    # Django, django/views/templates/technical_{404,500}.html, shown where DEBUG is true.
    _rule(
        Leak.DEBUG_PAGE,
        "Django",
        r"You(?:'|&#x27;|&#39;|\u2019)re seeing this error because you have\s{1,9}<code>DEBUG = True</code>",
    ),
    # Werkzeug (Flask), werkzeug/debug/tbtools.py: with EVALEX true, the page runs what is typed into it.
    _rule(Leak.DEBUG_PAGE, "Flask (Werkzeug), which runs code that is typed into it", r"\bEVALEX\s?=\s?true\b"),
    _rule(Leak.DEBUG_PAGE, "Flask (Werkzeug)", r"// Werkzeug Debugger</title>"),
    # Starlette and FastAPI, starlette/middleware/errors.py, shown where debug is true.
    _rule(Leak.DEBUG_PAGE, "Starlette or FastAPI", r"<title>Starlette Debugger</title>"),
    # Rails, actionpack/lib/action_dispatch/middleware/templates/rescues.
    _rule(
        Leak.DEBUG_PAGE,
        "Rails",
        r"<title>Action Controller: Exception caught</title>|<p><code>Rails\.root: /[^<]{1,500}<",
    ),
    # Laravel's Ignition, and Whoops before it; Symfony's exception page.
    _rule(Leak.DEBUG_PAGE, "Laravel", r"\bwindow\.ignite\(|<div class=\"Whoops container\">"),
    _rule(
        Leak.DEBUG_PAGE,
        "Symfony",
        r"<div class=\"exception-summary\b[^>]{0,80}>[\s\S]{0,600}\bclass=\"exception-(?:message-wrapper|hierarchy)\b",
    ),
    # ASP.NET: the old error page and the developer exception page of Core.
    _rule(Leak.DEBUG_PAGE, "ASP.NET", r"<h2> <i>[^<]{1,500}</i> </h2></span>[\s\S]{0,2000}<b> Stack Trace:</b>"),
    _rule(Leak.DEBUG_PAGE, "ASP.NET", r"<h1>An unhandled exception occurred while processing the request\.</h1>"),
    # Next.js and Vite servers meant for one machine.
    _rule(
        Leak.DEBUG_PAGE, "Next.js in development", r"/_next/static/chunks/react-refresh\.js|/_next/static/development/_"
    ),
    _rule(
        Leak.DEBUG_PAGE,
        "Vite in development",
        r"<script type=\"module\"(?: src=\"|>import )?[^<>]{0,80}/@vite/client\"",
    ),
    # Traces, as each language's own formatter writes them.
    _rule(Leak.TRACE, "Python", r"Traceback \(most recent call last\):"),
    _rule(
        Leak.TRACE,
        "JavaScript",
        rf"{_BREAK}{_INDENT}at (?:async )?[^\n()]{{1,200}} \((?:/|file:|node:|webpack-internal:|[A-Z]:\\)"
        r"[^\n()]{1,300}:\d{1,6}:\d{1,6}\)",
    ),
    _rule(
        Leak.TRACE,
        "JavaScript",
        rf"{_BREAK}{_INDENT}at (?:async )?(?:/|file:///)[^\n()]{{1,300}}\.[cm]?[jt]s:\d{{1,6}}:\d{{1,6}}",
    ),
    _rule(
        Leak.TRACE,
        "Java",
        rf"{_BREAK}{_INDENT}at [\w.$/]{{1,200}}(?:<init>)?\([\w$]{{1,100}}\.(?:java|kt|scala):\d{{1,6}}\)",
    ),
    _rule(Leak.TRACE, ".NET", rf"{_BREAK}{_INDENT}at [^\n]{{1,300}}\) in [^\n]{{1,300}}:line \d{{1,6}}"),
    _rule(
        Leak.TRACE,
        "PHP",
        r"(?:Fatal error|Warning|Notice|Parse error)(?:</b>)?: [^\n]{1,500} in (?:<b>)?/"
        r"[^\n<]{1,300}\.php(?:</b>)? on line (?:<b>)?\d",
    ),
    _rule(Leak.TRACE, "PHP", rf"Stack trace:{_BREAK}#0 "),
    _rule(Leak.TRACE, "Ruby", r"/[^\s\"'<]{1,300}\.rb:\d{1,6}:in (?:`|'|&#39;|&#x27;|\u2018)"),
    _rule(Leak.TRACE, "Go", r"\bgoroutine \d{1,9} \[[a-z ,0-9]{1,60}\]:"),
    # Databases, as their drivers word it.
    _rule(Leak.QUERY, "PHP's PDO", r"\bSQLSTATE\[[0-9A-Z]{5}\]"),
    _rule(Leak.QUERY, "SQLAlchemy", r"\bsqlalchemy\.exc\.[A-Z]|\(Background on this error at: https://sqlalche\.me/"),
    _rule(
        Leak.QUERY,
        "Prisma",
        r"\bPrismaClient(?:Known|Unknown)RequestError\b|Invalid `prisma\.[\w.]{1,80}\(\)` invocation",
    ),
    _rule(Leak.QUERY, "MySQL", r"You have an error in your SQL syntax; check the manual that corresponds to your"),
    _rule(Leak.QUERY, "PostgreSQL", r"\bpsycopg2?\.errors\.[A-Z]|\bsyntax error at or near (?:\"|\\\"|&quot;)"),
    _rule(Leak.QUERY, "Oracle", r"\bORA-\d{5}: "),
    _rule(
        Leak.QUERY, "SQLite", r"\bsqlite3\.(?:Operational|Integrity|Programming)Error\b|\bSQLITE_(?:ERROR|CONSTRAINT)\b"
    ),
    # OpenAI's answer to a wrong key, passed on to whoever asked.
    _rule(Leak.KEY, "OpenAI", r"Incorrect API key provided: \S"),
)


def find_leaks(body: bytes) -> tuple[Mark, ...]:
    """What an error's body shows that is for developers alone, each once; empty where it shows nothing of the kind.

    Args:
        body: of an answer whose status is an error, content coding removed; what lies beyond MAX_SCANNED_BYTES is not
            read.
    """
    text = body[:MAX_SCANNED_BYTES].decode("utf-8", errors="replace")
    return tuple(dict.fromkeys(rule.mark for rule in _RULES if rule.pattern.search(text)))
