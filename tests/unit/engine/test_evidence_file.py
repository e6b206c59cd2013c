"""Evidence survives the way through its file, and a changed byte is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import AT, CHECKS_HERE, LEDGER, PRODUCT, Lamp, evidences

from launchready.engine.codec import CodecError, decode, encode
from launchready.engine.decide import reach_verdict
from launchready.engine.evidence_file import EvidenceError, read_evidence, write_evidence
from launchready.model.evidence import Entry, Evidence, QuestionCount, RequestCount
from launchready.model.product import Contact, Product
from launchready.model.reading import Attested, Measured, Unmeasured, Why
from launchready.model.subject import (
    Domain,
    Endpoint,
    EndpointKind,
    Host,
    Journey,
    Link,
    LinkKind,
    Repository,
    Sender,
)
from launchready.report.json_report import render_json

FULL = Product(
    "Everything",
    hosts=(Host("a.example.com", "example.com", "app", "Ada", "Render", ("203.0.113.1",), None, "https://b.example"),),
    domains=(Domain("example.com", (Sender("Postmark", ("s1",)),)),),
    sends_mail=True,
    has_chat=False,
    has_file=True,
    ownership_token="0" * 32,
    endpoints=(Endpoint("https://a.example.com/", EndpointKind.PAGE, 500, "Hi", ("db",)),),
    links=(Link("https://book.example/x", LinkKind.BOOKING),),
    contacts=(Contact("support", "Ada", "ada@example.com"),),
    repository=Repository("/repo"),
    journeys=(Journey("signup", "https://a/s", "https://a/l", "https://a/c", "?", "a+{tag}@b", "maildir:x"),),
)
READINGS = (
    Entry("Lamp", "host:a.example.com", Measured(Lamp(on=True, bulbs=(Measured(1, AT, 0.5),)), AT, 0.1)),
    Entry("Lamp", "host:b.example.com", Unmeasured(Why.TIMED_OUT, "\x1b[31m<b>", AT)),
    Entry("Lamp", "host:c.example.com", Attested("Ada", "https://p", AT.date())),
)
EVIDENCE = Evidence(
    "launchready test",
    AT,
    FULL,
    READINGS,
    ("203.0.113.53",),
    ("a map",),
    (RequestCount("a", 3),),
    (QuestionCount("203.0.113.53", 7),),
)


@settings(max_examples=150, deadline=None)
@given(evidences())
def test_evidence_comes_back_equal_and_gives_the_same_verdict(evidence) -> None:
    text = write_evidence(evidence)
    again = read_evidence(text)
    assert again == evidence
    assert write_evidence(again) == text
    before = render_json(reach_verdict(evidence, CHECKS_HERE, LEDGER), evidence)
    assert render_json(reach_verdict(again, CHECKS_HERE, LEDGER), again) == before


def test_a_full_declaration_and_every_kind_of_reading_come_back_equal() -> None:
    assert read_evidence(write_evidence(EVIDENCE)) == EVIDENCE


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_byte_is_refused(data) -> None:
    raw = write_evidence(EVIDENCE)
    position = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.sampled_from([c for c in '0aZ"}{,: ' if c != raw[position]]))
    changed = raw[:position] + other + raw[position + 1 :]
    try:
        assert json.loads(changed) == json.loads(raw), "only white space may change without notice"
    except ValueError:
        pass
    except AssertionError:
        with pytest.raises(EvidenceError):
            read_evidence(changed)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_any_text_is_evidence_or_a_clear_error(text) -> None:
    with pytest.raises(EvidenceError, match=r"gather|evidence"):
        read_evidence(text)


@pytest.mark.parametrize("version", [1, 99])
def test_an_older_and_a_newer_form_of_evidence_are_refused_by_name(version) -> None:
    document = json.loads(write_evidence(EVIDENCE))
    document["schema_version"] = version
    with pytest.raises(EvidenceError, match=f"schema {version}; this version reads 2: gather it again"):
        read_evidence(json.dumps(document))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab:", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["is", "on", "bulbs"]), inner),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_a_lamp_or_a_codec_error(data) -> None:
    try:
        lamp = decode(data, Lamp)
    except CodecError:
        return
    assert encode(lamp, Lamp) == data


def test_nothing_is_coerced_or_ignored() -> None:
    for data in ({"on": 1, "bulbs": []}, {"on": True}, {"on": True, "bulbs": [], "x": 1}, {"on": "yes", "bulbs": []}):
        with pytest.raises(CodecError):
            decode(data, Lamp)


def test_a_fact_that_no_version_knows_is_refused() -> None:
    stranger = replace(EVIDENCE, product=PRODUCT, entries=READINGS[:1])
    document = json.loads(write_evidence(stranger))
    document["evidence"]["entries"][0]["kind"] = "Ghost"
    with pytest.raises(EvidenceError):
        read_evidence(json.dumps(document))
