"""Ask the product about itself: health, readiness, version."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from launchready.facts.endpoints import DependencyReport, HealthAnswer, ReadyAnswer, VersionAnswer
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse

MAX_REPORT_BYTES: Final = 256 * 1024
"""A report names some dozen dependencies; what is larger is no report."""

WELL: Final = frozenset({"ok", "okay", "up", "pass", "passing", "healthy", "true", "alive", "ready"})
"""Words for "all is well" in the health formats in use (IETF health+json draft, Spring Actuator, Kubernetes)."""

COMMIT_KEYS: Final = ("commit", "sha", "revision", "git_sha", "git_commit", "commit_sha")
"""Where a release says what it was built from."""

_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}")


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def health_answer(endpoint: Endpoint, http: HttpClient) -> HealthAnswer:
    """Ask whether the product is alive."""
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    return HealthAnswer(response.status, endpoint.contains.encode() in response.body)


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def ready_answer(endpoint: Endpoint, http: HttpClient) -> ReadyAnswer:
    """Ask whether all that the product depends on is there."""
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    return ReadyAnswer(response.status, tuple(sorted(_dependencies(response), key=lambda d: d.name)))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def version_answer(endpoint: Endpoint, http: HttpClient) -> VersionAnswer:
    """Ask which commit is live."""
    response = await http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
    value = _json(response)
    said = next((value[key] for key in COMMIT_KEYS if value.get(key)), "") if isinstance(value, Mapping) else value
    text = said if isinstance(said, str) else response.body.decode("ascii", errors="replace")
    return VersionAnswer(response.status, text.strip().lower() if _COMMIT.fullmatch(text.strip().lower()) else "")


def _dependencies(response: HttpResponse) -> Iterator[DependencyReport]:
    """What a report says of each dependency: `{"dependencies": {name: {"status": word}}}` and its near relations.

    Raises:
        NotSeen: UNREADABLE, where it is another kind of answer.
    """
    value = _json(response)
    found = value.get("dependencies", value.get("checks")) if isinstance(value, Mapping) else None
    if isinstance(found, Mapping):
        yield from (_report(str(name), said) for name, said in found.items())
    elif isinstance(found, list) and all(isinstance(one, Mapping) and "name" in one for one in found):
        yield from (_report(str(one["name"]), one) for one in found)
    else:
        form = '{"dependencies": {"database": {"status": "ok"}}}'
        raise NotSeen(Why.UNREADABLE, f"{response.url} answered {response.status} with no report; serve {form}")


def _report(name: str, said: Any) -> DependencyReport:
    word = said.get("status", "") if isinstance(said, Mapping) else said
    return DependencyReport(name, str(word).lower() in WELL, str(word))


def _json(response: HttpResponse) -> Any:
    """The JSON value; None where the body is none."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return None
