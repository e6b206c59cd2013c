"""The three properties that hold over everything, and the law: PASS means measured, and good."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import AT, CHECKS_HERE, LEDGER, RANK, evidences

from launchready.engine.decide import reach_verdict
from launchready.model.check import Fail, Impact, NotMeasured, OnYourWord
from launchready.model.evidence import Entry
from launchready.model.reading import Unmeasured, Why
from launchready.model.verdict import Decision, RowState
from launchready.report.json_report import render_json


def ready(evidence, checks=CHECKS_HERE) -> int:
    return RANK[reach_verdict(evidence, checks, LEDGER).decision]


@settings(max_examples=400, deadline=None)
@given(evidences(), st.data())
def test_losing_evidence_never_makes_a_product_look_more_ready(evidence, data) -> None:
    if not evidence.entries:
        return
    position = data.draw(st.integers(0, len(evidence.entries) - 1))
    lost = evidence.entries[position]
    gone = Entry(lost.kind, lost.subject, Unmeasured(data.draw(st.sampled_from(list(Why))), "lost", AT))
    dropped = evidence.entries[:position] + evidence.entries[position + 1 :]
    blinded = (*evidence.entries[:position], gone, *evidence.entries[position + 1 :])
    assert ready(replace(evidence, entries=dropped)) <= ready(evidence)
    assert ready(replace(evidence, entries=blinded)) <= ready(evidence)


@settings(max_examples=400, deadline=None)
@given(evidences(), st.data())
def test_losing_a_discovered_part_never_makes_a_product_look_more_ready(evidence, data) -> None:
    lit = [e for e in evidence.entries if e.kind == "Lamp" and not isinstance(e.reading, Unmeasured)]
    if not lit:
        return
    entry = data.draw(st.sampled_from(lit))
    lamp = replace(entry.reading.value, bulbs=(*entry.reading.value.bulbs, Unmeasured(Why.TIMED_OUT, "lost", AT)))
    poorer = replace(entry, reading=replace(entry.reading, value=lamp))
    entries = tuple(poorer if e is entry else e for e in evidence.entries)
    assert ready(replace(evidence, entries=entries)) <= ready(evidence)


@settings(max_examples=400, deadline=None)
@given(evidences(), st.sets(st.sampled_from([c.id for c in CHECKS_HERE]), min_size=1))
def test_deleting_a_check_never_makes_a_product_look_more_ready(evidence, deleted) -> None:
    fewer = tuple(c for c in CHECKS_HERE if c.id not in deleted)
    assert ready(evidence, fewer) <= ready(evidence)


@settings(max_examples=200, deadline=None)
@given(evidences(), st.randoms(use_true_random=False))
def test_order_never_changes_the_bytes_of_the_verdict(evidence, random) -> None:
    entries, checks = list(evidence.entries), list(CHECKS_HERE)
    hosts = list(evidence.product.hosts)
    words, waivers = list(evidence.product.attestations), list(evidence.product.waivers)
    for things in (entries, checks, hosts, words, waivers):
        random.shuffle(things)
    product = replace(evidence.product, hosts=tuple(hosts), attestations=tuple(words), waivers=tuple(waivers))
    shuffled = replace(evidence, entries=tuple(entries), product=product)
    before = render_json(reach_verdict(evidence, CHECKS_HERE, LEDGER), evidence)
    after = render_json(reach_verdict(shuffled, tuple(checks), LEDGER), shuffled)
    assert before == after


@settings(max_examples=400, deadline=None)
@given(evidences())
def test_go_means_that_every_answer_was_measured_or_stands_on_a_named_word(evidence) -> None:
    verdict = reach_verdict(evidence, CHECKS_HERE, LEDGER)
    failed = [r for r in verdict.results if isinstance(r.outcome, Fail)]
    if any(r.check.impact is Impact.BLOCKER for r in failed):
        assert verdict.decision is Decision.NO_GO
    if verdict.decision is Decision.GO:
        assert not [r for r in verdict.results if isinstance(r.outcome, NotMeasured) and r.check.impact >= Impact.MAJOR]
        idle = sum(row.state is RowState.NOT_APPLICABLE for row in verdict.rows)
        assert verdict.proven + idle == len(verdict.rows)
        assert not idle or "not apply" in verdict.sentence
        if any(isinstance(r.outcome, OnYourWord) for r in verdict.results):
            assert "on your word" in verdict.sentence


def test_the_properties_are_not_empty_because_every_decision_occurs() -> None:
    seen = set()

    @settings(max_examples=1500, deadline=None, database=None, derandomize=True)
    @given(evidences())
    def collect(evidence) -> None:
        seen.add(reach_verdict(evidence, CHECKS_HERE, LEDGER).decision)

    collect()
    assert seen == set(Decision)
