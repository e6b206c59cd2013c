"""The JSON document: documented, canonical, complete."""

import json

import msgspec

from launchready.report.json_report import VerdictDocument, json_schema, render_json


def test_the_document_reads_back_as_its_own_schema(no_go, evidence):
    document = msgspec.json.decode(render_json(no_go, evidence).encode(), type=VerdictDocument)
    assert document.decision == "NO_GO"
    assert document.schema_version == 1


def test_rows_in_each_state_sum_up_to_all(no_go, undetermined, go, evidence):
    for verdict in (no_go, undetermined, go):
        counts = json.loads(render_json(verdict, evidence))["counts"]
        assert counts.pop("of") == sum(counts.values()) == len(verdict.rows)


def test_keys_are_sorted_and_the_text_ends_with_a_line_break(no_go, evidence):
    text = render_json(no_go, evidence)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_no_finding_is_held_back_from_programs(no_go, evidence):
    findings = json.loads(render_json(no_go, evidence))["findings"]
    assert [f["check"] for f in findings] == [f.check.id for f in no_go.findings]
    assert findings[-1]["impact"] == "minor"


def test_a_finding_says_everything_that_a_card_says(no_go, evidence):
    dmarc = json.loads(render_json(no_go, evidence))["findings"][3]
    assert dmarc["subjects"] == ["domain:brightpath.example", "domain:brightpath-mail.example"]
    assert [fix["subjects"] for fix in dmarc["fixes"]] == [[s] for s in dmarc["subjects"]]
    assert dmarc["fixer"] == "owner"
    assert dmarc["waiver"] is None


def test_a_waived_finding_names_who_answers_for_it(no_go, evidence):
    asset = json.loads(render_json(no_go, evidence))["findings"][5]
    assert asset["waiver"] == {
        "owner": "Ana Ruiz",
        "reason": "We move to the new host next week.",
        "until": "2026-05-20",
    }


def test_each_outcome_has_its_word(no_go, evidence):
    outcomes = {r["outcome"] for r in json.loads(render_json(no_go, evidence))["results"]}
    assert outcomes == {"pass", "fail", "not_measured", "not_applicable", "attested"}


def test_the_schema_describes_every_key(no_go, evidence):
    properties = json_schema()["$defs"]["VerdictDocument"]["properties"]
    assert set(properties) == set(json.loads(render_json(no_go, evidence)))
