"""The public test suite for RFC 7208, every one of its cases; `scripts/setup dev` fetches it with pyspf's source."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from dns_zone import TIMEOUT, Zone, ZoneLookup

from launchready.parse.rfc7208_evaluate import evaluate_spf

(SUITE,) = Path(sys.prefix, "suites").glob("pyspf-*/test/rfc7208-tests.yml")
CASES_IN_SUITE = 203


@dataclass(frozen=True)
class Case:
    name: str
    zone: Zone
    test: dict[str, Any]


def text_of(strings: str | list[str]) -> str:
    """The strings of one TXT record, joined; characters beyond ASCII are in UTF-8 on the wire."""
    joined = strings if isinstance(strings, str) else "".join(strings)
    return joined.encode().decode("latin-1")


def records_of(entries: list[Any]) -> dict[str, tuple[str, ...]]:
    """One name's records; `SPF` stands for TXT unless the name has TXT records of its own, as the suite explains."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        for rtype, data in entry.items() if isinstance(entry, dict) else [(TIMEOUT, TIMEOUT)]:
            if rtype in {"TXT", "SPF"} and data != TIMEOUT:
                found.setdefault(rtype, []).extend([] if data == "NONE" else [text_of(data)])
            elif rtype == "MX" and data != TIMEOUT:
                found.setdefault(rtype, []).append(f"{data[0]} {data[1] or '.'}")
            else:
                found.setdefault(rtype, []).append(str(data))
    as_txt = found.pop("SPF", [])
    if "TXT" not in found and as_txt:
        found["TXT"] = as_txt
    return {rtype: tuple(data) for rtype, data in found.items() if data}


def cases() -> Iterator[Case]:
    for scenario in yaml.safe_load_all(SUITE.read_bytes()):
        zone = {name.lower(): records_of(entries) for name, entries in scenario["zonedata"].items()}
        for name, test in scenario["tests"].items():
            yield Case(name, zone, test)


CASES = list(cases())


def test_the_whole_suite_is_here() -> None:
    assert len(CASES) == CASES_IN_SUITE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_result_and_the_explanation_are_those_of_the_suite(case: Case) -> None:
    test = case.test
    outcome = evaluate_spf(str(test["host"]), test["mailfrom"], test["helo"], ZoneLookup(case.zone))
    allowed = [test["result"]] if isinstance(test["result"], str) else test["result"]
    assert outcome.result.value in allowed, outcome
    if "explanation" in test:
        assert (outcome.explanation or "DEFAULT") == test["explanation"]
