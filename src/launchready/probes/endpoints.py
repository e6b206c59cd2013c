"""Ask the product about itself: is it alive, can it serve, which commit is it?"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from launchready.facts.endpoints import DependencyReport, HealthAnswer, ReadyAnswer, VersionAnswer
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint
from launchready.net.http_client import HttpClient
from launchready.parse.rfc8259 import read_json

MAX_REPORT_BYTES: Final = 256 * 1024
"""What is read of an answer: a report names some dozen dependencies."""

MAX_DEPENDENCIES: Final = 100
"""Dependencies that are kept; a product with ten is large."""

MAX_WORD_CHARS: Final = 60
"""How much is kept of a name, a status or a commit: a SHA-256 commit has 64 characters, of which 60 are unique."""

GOOD_WORDS: Final = frozenset(
    {"ok", "up", "pass", "passed", "healthy", "ready", "true", "connected", "available", "alive", "operational"}
)
"""What says that a dependency is well, in lower case; "pass" and "up" are those of the health+json draft and Spring."""

BAD_WORDS: Final = frozenset(
    {"down", "fail", "failed", "failing", "error", "unhealthy", "false", "unavailable", "degraded", "warn", "warning"}
    | {"critical", "timeout", "disconnected", "unreachable", "offline", "dead", "broken", "refused", "out_of_service"}
    | {"not ready", "not_ready"}
)
"""What says that it is not. A word of neither kind says nothing that we may judge."""

COMMIT_KEYS: Final = ("commit", "commit_sha", "commit_hash", "git_commit", "git_sha", "sha", "revision", "git", "build")
"""Where the commit stands in JSON; under the last two as an object with one of the others, as in Spring."""

REPORT_FORM: Final = '{"dependencies": {"database": {"status": "ok"}}}, with "down" for one that fails'
"""What a readiness endpoint may serve so that anybody can read it."""

_CONTAINERS: Final = ("dependencies", "components", "checks", "services", "details")
_WORD_KEYS: Final = ("status", "state", "ok", "healthy")
_NAME_KEYS: Final = ("name", "component", "id")
_ABOUT_ITSELF: Final = frozenset(
    {"status", "version", "uptime", "timestamp", "time", "name", "service", "output", "notes"}
)
_HASH: Final = re.compile(r"[0-9a-fA-F]{7,64}")


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def health_answer(endpoint: Endpoint, http: HttpClient) -> HealthAnswer:
    """Ask the health endpoint once; a redirect is no answer."""
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    return HealthAnswer(response.status, endpoint.contains in response.body.decode("utf-8", errors="replace"))


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def ready_answer(endpoint: Endpoint, http: HttpClient) -> ReadyAnswer:
    """Ask the readiness endpoint once; it may take some seconds, for it asks others.

    An error page is an answer; a page in place of a report, or a word that we don't know, is none.
    """
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    if 200 <= response.status < 300 and not isinstance(read_json(response.body), Mapping | list):
        raise NotSeen(Why.UNREADABLE, f"{endpoint.url} answers with no report in JSON; serve {REPORT_FORM}")
    reports = read_dependencies(response.body)
    for report in reports:
        if report.name in endpoint.dependencies and report.word.lower() not in GOOD_WORDS | BAD_WORDS:
            detail = f"{endpoint.url} says {report.word!r} of {report.name}, which we can't judge; serve {REPORT_FORM}"
            raise NotSeen(Why.UNREADABLE, detail)
    return ReadyAnswer(response.status, reports)


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def version_answer(endpoint: Endpoint, http: HttpClient) -> VersionAnswer:
    """Ask which commit runs."""
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    return VersionAnswer(response.status, read_commit(response.body))


def read_dependencies(body: bytes) -> tuple[DependencyReport, ...]:
    """The dependencies that an answer names, in its order; empty where it is in none of the usual forms."""
    value = read_json(body)
    inside = _inside(value) if isinstance(value, Mapping) else value
    reports: dict[str, DependencyReport] = {}
    for name, state in _named(inside):
        word = _word(state)
        if word is not None and len(reports) < MAX_DEPENDENCIES:
            reports.setdefault(name, DependencyReport(name, word.lower() in GOOD_WORDS, word))
    return tuple(reports.values())


def _inside(value: Mapping[str, object]) -> object:
    """Where a report keeps its dependencies; in a flat one, all that is not about the product itself."""
    found = next((value[key] for key in _CONTAINERS if isinstance(value.get(key), Mapping | list)), None)
    return (
        {key: item for key, item in value.items() if key not in _ABOUT_ITSELF | set(_CONTAINERS)}
        if found is None
        else found
    )


def read_commit(body: bytes) -> str:
    """The commit that an answer names, as it is written; empty where it names none."""
    value = read_json(body)
    if isinstance(value, Mapping):
        return _commit_in(value)
    text = (value if isinstance(value, str) else body.decode("utf-8", errors="replace")).strip()
    return text if _HASH.fullmatch(text) else ""


def _commit_in(value: Mapping[str, object]) -> str:
    for key in COMMIT_KEYS:
        found = value.get(key)
        if isinstance(found, Mapping):
            found = next((found[k] for k in ("id", *COMMIT_KEYS) if isinstance(found.get(k), str | Mapping)), None)
            found = found.get("id") if isinstance(found, Mapping) else found
        if isinstance(found, str) and found.strip():
            return found.strip()[:MAX_WORD_CHARS]
    return ""


def _named(inside: object) -> Iterator[tuple[str, object]]:
    """Names with states: of an object, of a list of objects that name themselves, or of a list of each."""
    if isinstance(inside, Mapping):
        for name, state in inside.items():
            first = state[0] if isinstance(state, list) and state else state
            yield str(name).partition(":")[0][:MAX_WORD_CHARS], first
    elif isinstance(inside, list):
        for item in inside:
            name = next((item[key] for key in _NAME_KEYS if key in item), None) if isinstance(item, Mapping) else None
            if name is not None:
                yield str(name)[:MAX_WORD_CHARS], item


def _word(state: object) -> str | None:
    """What a state says, in a word; None where it says nothing of the kind."""
    if isinstance(state, bool):
        return "true" if state else "false"
    if isinstance(state, str | int | float):
        return str(state)[:MAX_WORD_CHARS]
    if isinstance(state, Mapping):
        return next((_word(state[key]) for key in _WORD_KEYS if isinstance(state.get(key), str | int | float)), None)
    return None
