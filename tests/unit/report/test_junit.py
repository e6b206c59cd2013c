"""JUnit XML, read back by another library and by the standard parser."""

import dataclasses
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped

from launchready.model.check import (
    Check,
    Confidence,
    Fail,
    Fix,
    Fixer,
    Impact,
    Layer,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Pass,
)
from launchready.model.evidence import Evidence
from launchready.model.product import Product, Waiver
from launchready.model.reading import Why
from launchready.model.subject import Host
from launchready.model.verdict import Decision, Result, Verdict
from launchready.report.junit import NOT_XML, render_junit

KINDS = {Pass: None, Fail: Failure, NotApplicable: Skipped, NotMeasured: Error, OnYourWord: Skipped}


def cases_of(verdict, evidence):
    document = JUnitXml.fromstring(render_junit(verdict, evidence).encode())
    return {case.name: case for suite in document for case in suite}


def kind_of(case):
    assert len(case.result) <= 1
    return type(case.result[0]) if case.result else None


@pytest.mark.parametrize("name", ["no_go", "undetermined", "go"])
def test_every_answer_is_a_case_of_its_own_kind(name, request, evidence):
    verdict = request.getfixturevalue(name)
    cases = cases_of(verdict, evidence)
    expected = {f"{r.check.id}@{r.subject}": Skipped if r.waiver else KINDS[type(r.outcome)] for r in verdict.results}
    assert {name: kind_of(case) for name, case in cases.items()} == expected


def test_what_was_not_measured_is_an_error_and_not_skipped(undetermined, evidence):
    document = JUnitXml.fromstring(render_junit(undetermined, evidence).encode())
    assert (document.errors, document.failures) == (len(undetermined.unknown), 0)
    case = cases_of(undetermined, evidence)["first-answer-missing@product"]
    assert case.result[0].type == "not-declared"
    assert "Needed: Declare a [[journeys]] table" in case.result[0].text


def test_the_counts_of_suites_and_root_are_those_of_the_cases(no_go, evidence):
    root = ET.fromstring(render_junit(no_go, evidence))
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", "")) == len(cases)
        for outcome, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(element.get(attribute, "")) == sum(case.find(outcome) is not None for case in cases)


def test_each_area_is_a_suite_that_says_the_verdict(no_go, evidence):
    document = JUnitXml.fromstring(render_junit(no_go, evidence).encode())
    assert [suite.name for suite in document] == [
        "Certificates (TLS)",
        "Redirects",
        "Mail",
        "Web pages",
        "Secrets",
        "Speed",
        "Customer journeys",
        "Edge network",
    ]
    for suite in document:
        said = {p.name: p.value for p in suite.properties()}
        assert (said["decision"], said["sentence"]) == ("NO_GO", no_go.sentence)


def test_a_failure_says_the_exact_change_and_how_to_look_again(no_go, evidence):
    case = cases_of(no_go, evidence)["certificate-expired@host:app.brightpath.example"]
    (failure,) = case.result
    assert failure.type == "blocker"
    assert failure.message == "Certificate expired: app.brightpath.example"
    assert "certbot renew --cert-name app.brightpath.example\nsystemctl" in failure.text
    assert "launchready recheck certificate-expired@host:app.brightpath.example" in failure.text


def test_a_waived_blocker_is_a_failure_all_the_same(no_go, evidence):
    first = no_go.results[0]
    waived = dataclasses.replace(first, waiver=Waiver(first.check.id, "known", "Ana Ruiz", date(2026, 5, 20)))
    cases = cases_of(dataclasses.replace(no_go, results=(waived,)), evidence)
    assert [kind_of(case) for case in cases.values()] == [Failure]


def test_a_waived_risk_is_skipped_with_who_answers_for_it(no_go, evidence):
    (skipped,) = cases_of(no_go, evidence)["asset-uncached@host:app.brightpath.example"].result
    assert skipped.message == "Accepted by Ana Ruiz until 20 May 2026: We move to the new host next week."


# Everything that Python holds in a string: controls, lone surrogates and noncharacters, of which XML can't hold many.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(text=ANY_TEXT)
def test_any_text_gives_a_document_that_can_be_read(text):
    verdict = any_verdict(text)
    evidence = Evidence(text, verdict.at, Product(text, (), ()), ())
    root = ET.fromstring(render_junit(verdict, evidence).encode())
    assert len(list(root.iter("testcase"))) == len(verdict.results)


def any_verdict(text):
    check = Check(
        f"a{text}", None, (), Host, Layer.MAIL, Impact.MAJOR, Confidence.CERTAIN, text, text, text, text, (),
        Fixer.OWNER, 1, (text,), (), (), text,
    )  # fmt: skip
    results = (
        Result(check, f"host:{text}", Fail((text,), Fix(text, text))),
        Result(check, text, NotApplicable(text)),
        Result(check, "product", NotMeasured(Why.TIMED_OUT, text, text)),
    )
    at = datetime(2026, 5, 3, tzinfo=UTC)
    return Verdict(Decision.NO_GO, text, text, at, at, text, (), (), (), results)


def test_the_characters_that_xml_forbids_are_all_replaced():
    # XML 1.0, section 2.2: Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
    for code in (0x8, 0xB, 0xC, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF):
        assert NOT_XML.search(chr(code))
    for code in (0x9, 0xA, 0xD, 0x20, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF):
        assert not NOT_XML.search(chr(code))
