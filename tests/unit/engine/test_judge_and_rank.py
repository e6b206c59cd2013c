"""Judging one check at a time, waivers, words, diagnoses, and the order of findings."""

from dataclasses import replace
from datetime import date

import pytest
from small_world import AT, CHECKS_HERE, LEDGER, PRODUCT, Fuse, Lamp, fuse_blown, lamp_dark, make_check

from launchready.engine.decide import reach_verdict
from launchready.engine.judge import judge
from launchready.engine.rank import rank
from launchready.model.check import (
    Confidence,
    Fail,
    Fix,
    Impact,
    Layer,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Pass,
)
from launchready.model.evidence import Entry, Evidence
from launchready.model.intent import DEPENDENCIES_ARE_SAID, HAS_CHAT
from launchready.model.product import Attestation, Waiver
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.model.verdict import Decision, Result, RowState

A, B, DOMAIN = "host:a.example.com", "host:b.example.com", "domain:example.com"
SOON, PAST = date(2026, 12, 1), date(2026, 11, 23)


def evidence(product=PRODUCT, **lamps) -> Evidence:
    """Both lamps on and the fuse whole, unless said otherwise."""
    values = {"a": Lamp(on=True), "b": Lamp(on=True), "fuse": Fuse(holds=True)} | lamps
    keys = {"a": ("Lamp", A), "b": ("Lamp", B), "fuse": ("Fuse", DOMAIN)}
    entries = tuple(Entry(*keys[name], Measured(value, AT, 0.1)) for name, value in values.items() if value is not None)
    return Evidence("launchready test", AT, product, entries)


def outcomes(seen: Evidence, checks=CHECKS_HERE) -> dict[tuple[str, str], object]:
    return {(r.check.id, r.subject): r.outcome for r in judge(seen, checks, AT)}


def test_a_measured_good_thing_passes_and_a_word_is_asked_for() -> None:
    assert outcomes(evidence()) == {
        ("lamp-dark", A): Pass(),
        ("lamp-dark", B): Pass(),
        ("fuse-blown", DOMAIN): Pass(),
        ("lamps-uneven", "product"): Pass(),
        ("on-word", "product"): NotMeasured(
            Why.NOT_DECLARED,
            "only a person can answer this, and nobody has",
            'declare an [[attestations]] table with check = "on-word" to have this answered',
        ),
    }


def test_a_missing_reading_is_not_measured_and_the_check_is_not_called() -> None:
    def explode(lamp: Lamp) -> Pass:
        raise AssertionError(lamp)

    seen = outcomes(evidence(a=None, b=None), [make_check("never", explode)])
    assert {type(o) for o in seen.values()} == {NotMeasured}


def test_an_unseen_part_turns_a_pass_into_not_measured_and_leaves_a_failure() -> None:
    gap = Unmeasured(Why.TIMED_OUT, "one bulb gave no answer", AT)
    seen = outcomes(evidence(a=Lamp(on=True, bulbs=(gap,)), b=Lamp(on=False, bulbs=(gap,))))
    assert isinstance(seen["lamp-dark", A], NotMeasured)
    assert seen["lamp-dark", A].detail == "one bulb gave no answer"
    assert isinstance(seen["lamp-dark", B], Fail)


def test_a_check_that_breaks_or_answers_nothing_is_our_bug() -> None:
    def broken(fuse: Fuse) -> Pass:
        raise ZeroDivisionError(fuse)

    def silent(fuse: Fuse) -> Pass:
        del fuse

    seen = outcomes(evidence(), [make_check("broken", broken), make_check("silent", silent)])
    assert {o.why for o in seen.values()} == {Why.OUR_BUG}


def test_an_intent_decides_whether_a_check_is_asked() -> None:
    no_mail = outcomes(evidence(replace(PRODUCT, sends_mail=False)))["fuse-blown", DOMAIN]
    assert isinstance(no_mail, NotApplicable)
    unsaid = outcomes(evidence(replace(PRODUCT, sends_mail=None)))["fuse-blown", DOMAIN]
    assert isinstance(unsaid, NotMeasured)
    assert unsaid.need == "declare sends_mail under [product] to have this answered"


def test_a_word_counts_until_its_day_and_not_after() -> None:
    def word(until: date) -> object:
        product = replace(PRODUCT, attestations=(Attestation("on-word", "Ada", "https://proof", until),))
        return outcomes(evidence(product))["on-word", "product"]

    assert word(AT.date()) == OnYourWord("Ada", "https://proof", AT.date())
    assert isinstance(word(PAST), NotMeasured)
    assert word(PAST).why is Why.EXPIRED


def test_a_waived_blocker_is_still_no_go_and_still_first() -> None:
    waived = replace(PRODUCT, waivers=(Waiver("lamp-dark", "painting", "Ada", SOON),))
    verdict = reach_verdict(evidence(waived, b=Lamp(on=False), fuse=Fuse(holds=False)), CHECKS_HERE, LEDGER)
    assert verdict.decision is Decision.NO_GO
    assert [f.check.id for f in verdict.findings] == ["lamps-uneven", "fuse-blown"]
    explained = verdict.findings[0].explained[0]
    assert (explained.check.id, explained.waiver) == ("lamp-dark", Waiver("lamp-dark", "painting", "Ada", SOON))
    assert "somebody answers for" in verdict.sentence


def test_a_waived_major_failure_is_said_but_does_not_hold_back_go() -> None:
    word = Attestation("on-word", "Ada", "https://proof", SOON)
    rows = tuple(replace(row, checks=("lamp-dark",)) for row in LEDGER.rows)
    ledger = replace(LEDGER, rows=rows)
    product = replace(PRODUCT, attestations=(word,), waivers=(Waiver("fuse-blown", "known", "Ada", SOON),))
    verdict = reach_verdict(evidence(product, fuse=Fuse(holds=False)), CHECKS_HERE, ledger)
    assert verdict.decision is Decision.GO
    assert verdict.sentence == (
        "You may send paid traffic, with 1 thing on your word, with 1 failure that somebody answers for."
    )
    expired = replace(product, waivers=(Waiver("fuse-blown", "known", "Ada", PAST),))
    verdict = reach_verdict(evidence(expired, fuse=Fuse(holds=False)), CHECKS_HERE, ledger)
    assert verdict.decision is Decision.GO_WITH_RISKS


def test_a_waiver_for_one_subject_leaves_the_other_open() -> None:
    product = replace(PRODUCT, waivers=(Waiver("lamp-dark", "painting", "Ada", SOON, subject=A),))
    results = judge(evidence(product, a=Lamp(on=False), b=Lamp(on=False)), CHECKS_HERE, AT)
    assert {r.subject: bool(r.waiver) for r in results if r.check.id == "lamp-dark"} == {A: True, B: False}


def test_a_diagnosis_takes_in_its_symptom_and_inherits_the_worst_impact() -> None:
    findings = rank(judge(evidence(b=Lamp(on=False)), CHECKS_HERE, AT))
    assert [(f.check.id, f.impact) for f in findings] == [("lamps-uneven", Impact.BLOCKER)]
    assert [f.check.id for f in findings[0].explained] == ["lamp-dark"]


def test_a_symptom_that_the_cause_does_not_cover_stands_alone() -> None:
    def cause(host: Host, lamp: Lamp) -> Pass | Fail:
        return Fail(("x",), Fix("y")) if host.name.startswith("a") and not lamp.on else Pass()

    checks = [make_check("lamp-dark", lamp_dark), make_check("cause", cause, explains=("lamp-dark",))]
    findings = rank(judge(evidence(a=Lamp(on=False), b=Lamp(on=False)), checks, AT))
    assert sorted(f.check.id for f in findings) == ["cause", "lamp-dark"]


def test_findings_stand_in_the_stated_order() -> None:
    def fails(fuse: Fuse) -> Fail:
        return Fail((str(fuse),), Fix("mend"))

    def lamps_fail(lamp: Lamp) -> Fail:
        return Fail((str(lamp),), Fix("mend"))

    wanted = [
        make_check("blocker-domain", fails),
        make_check("blocker-mail-sure-two-hosts", lamps_fail, layer=Layer.MAIL),
        make_check("blocker-mail-sure-quick", fails, layer=Layer.MAIL, minutes=1),
        make_check("blocker-mail-sure-slow-a", fails, layer=Layer.MAIL, minutes=9),
        make_check("blocker-mail-sure-slow-b", fails, layer=Layer.MAIL, minutes=9),
        make_check("blocker-mail-likely", fails, layer=Layer.MAIL, confidence=Confidence.LIKELY, minutes=0),
        make_check("blocker-speed", fails, layer=Layer.SPEED),
        make_check("major-domain", fails, impact=Impact.MAJOR),
        make_check("minor-domain", fails, impact=Impact.MINOR),
    ]
    findings = rank(judge(evidence(), list(reversed(wanted)), AT))
    assert [f.check.id for f in findings] == [c.id for c in wanted]


def test_a_check_without_a_declared_subject_says_what_to_declare() -> None:
    from launchready.facts.endpoints import ReadyAnswer

    def ask(ready: ReadyAnswer) -> Pass:
        del ready
        return Pass()

    check = make_check("ready", ask)
    assert outcomes(evidence(), [check])["ready", "product"] == NotMeasured(
        Why.NOT_DECLARED,
        "nothing of this kind is declared",
        'declare an endpoint of kind = "ready" with its dependencies to have this answered',
    )


@pytest.mark.parametrize(
    ("has_chat", "outcome"),
    [
        (False, NotApplicable("launchready.toml says that the product has no chat")),
        (
            None,
            NotMeasured(
                Why.NOT_DECLARED,
                "the owner has not said what is wanted",
                "declare has_chat under [product] to have this answered",
            ),
        ),
        (
            True,
            NotMeasured(
                Why.NOT_DECLARED,
                "nothing of this kind is declared",
                'declare an endpoint of kind = "ready" with its dependencies to have this answered',
            ),
        ),
    ],
)
def test_what_the_owner_says_of_the_whole_product_comes_before_what_is_not_declared(has_chat, outcome) -> None:
    from launchready.facts.endpoints import ReadyAnswer

    def ask(ready: ReadyAnswer) -> Pass:
        del ready
        return Pass()

    check = make_check("ready", ask, when=(HAS_CHAT, DEPENDENCIES_ARE_SAID))
    assert outcomes(evidence(replace(PRODUCT, has_chat=has_chat)), [check])["ready", "product"] == outcome


def test_each_row_state_occurs_and_a_gap_is_never_proven() -> None:
    dark = reach_verdict(evidence(b=Lamp(on=False)), CHECKS_HERE, LEDGER)
    assert {row.state for row in dark.rows} == {RowState.FAILED}
    blind = reach_verdict(evidence(b=None), CHECKS_HERE, LEDGER)
    assert {row.state for row in blind.rows} == {RowState.NOT_MEASURED}
    good = reach_verdict(evidence(), CHECKS_HERE, LEDGER)
    assert {row.state for row in good.rows} == {RowState.PROVEN}
    gap = replace(LEDGER, rows=tuple(replace(r, not_yet="the attic") for r in LEDGER.rows))
    missing = reach_verdict(evidence(), CHECKS_HERE, gap)
    assert {row.state for row in missing.rows} == {RowState.NOT_YET_CHECKABLE}
    assert missing.decision is Decision.UNDETERMINED
    assert "the attic" in missing.rows[0].note


def test_a_verdict_holds_for_a_day_or_until_the_word_ends() -> None:
    word = Attestation("on-word", "Ada", "https://proof", AT.date())
    assert reach_verdict(evidence(), CHECKS_HERE, LEDGER).holds_until.isoformat() == "2026-11-25T12:00:00+00:00"
    product = replace(PRODUCT, attestations=(word,))
    shorter = reach_verdict(evidence(product), CHECKS_HERE, LEDGER).holds_until
    assert shorter.isoformat() == "2026-11-24T23:59:59+00:00"


def test_a_result_names_its_check_and_the_fuse_is_asked_once() -> None:
    results = list(judge(evidence(), [make_check("fuse-blown", fuse_blown)], AT))
    assert results == [Result(results[0].check, DOMAIN, Pass())]


def test_a_row_in_which_nothing_was_seen_is_not_counted_as_proven_and_holds_nothing_back() -> None:
    rows = tuple(replace(row, checks=("fuse-blown",) if row.id == "M5" else ("lamp-dark",)) for row in LEDGER.rows)
    word = Attestation("on-word", "Ada", "https://proof", SOON)
    silent = replace(PRODUCT, sends_mail=False, attestations=(word,))
    verdict = reach_verdict(evidence(silent), CHECKS_HERE, replace(LEDGER, rows=rows))
    assert [row.id for row in verdict.rows if row.state is RowState.NOT_APPLICABLE] == ["M5"]
    assert verdict.proven == len(rows) - 1
    assert verdict.decision is Decision.GO
    assert "1 of 14 rows of the bar does not apply to it" in verdict.sentence


def test_a_cause_of_a_cause_keeps_all_that_each_explains_whatever_their_names() -> None:
    def fails(fuse: Fuse) -> Fail:
        return Fail((str(fuse),), Fix("mend"))

    def chain(names: tuple[str, str, str]) -> list[str]:
        root, middle, leaf = names
        checks = [
            make_check(root, fails, explains=(middle,), impact=Impact.MINOR),
            make_check(middle, fails, explains=(leaf,), impact=Impact.MINOR),
            make_check(leaf, fails),
        ]
        (finding,) = rank(judge(evidence(), checks, AT))
        assert finding.impact is Impact.BLOCKER
        return [finding.check.id, finding.explained[0].check.id, finding.explained[0].explained[0].check.id]

    for names in (("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c"), ("b", "c", "a")):
        assert chain(names) == list(names)
