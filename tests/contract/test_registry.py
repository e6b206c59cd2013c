"""True of every check, probe and row, whatever they are about."""

import re

import pytest

from launchready.app.registry import PERMISSION, UnknownCheckError, load_registry
from launchready.config.load import product_for_host
from launchready.engine.plan import make_plan
from launchready.model.check import Check, Impact
from launchready.model.fact import FACTS
from launchready.model.probe import Manner, Probe
from launchready.model.signature import Role, subject_kind

REGISTRY = load_registry()
CHECKS = tuple(REGISTRY.checks.values())
PROBES = tuple(REGISTRY.probes.values())
LONGEST_LOOK_S = 60.0  # a founder waits a minute at most for any single look

every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
every_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)


def test_there_are_checks_and_probes() -> None:
    assert len(CHECKS) >= 25
    assert len(PROBES) >= 15


@every_check
def test_a_check_is_documented_in_the_agreed_shape(check: Check) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", check.id), "a noun in kebab case"
    assert check.title.endswith("."), "the title is a sentence: the good state"
    assert not re.match(r"(Ensure|Check|Verify|Make sure)\b", check.title)
    assert check.customer_sees.endswith(".")
    assert check.why_it_matters.endswith(".")
    assert check.how_to_fix.endswith(".")
    assert check.why_it_matters != check.how_to_fix
    assert check.minutes > 0
    assert check.costs, "every check carries the launch risk that it lowers"


@every_check
def test_a_check_cites_the_rule_that_it_applies(check: Check) -> None:
    assert check.sources
    assert all(source.startswith("https://") for source in check.sources)


@every_check
def test_a_check_reads_facts_that_a_probe_gives_or_asks_a_person(check: Check) -> None:
    if check.ask is None:
        assert check.facts == ()
        return
    assert check.facts, "a check without a fact has measured nothing"
    assert set(check.facts) <= set(REGISTRY.probes)


@every_check
def test_a_check_has_only_known_parameters_on_one_line_of_ancestors(check: Check) -> None:
    assert all(p.role is not Role.TOOL for p in check.parameters), "a check borrows no client"
    assert subject_kind(check.parameters) is check.about


@every_check
def test_a_serious_check_is_named_in_the_ledger(check: Check) -> None:
    if check.impact >= Impact.MAJOR:
        assert check.id in REGISTRY.ledger.checks


@every_check
def test_a_diagnosis_explains_checks_that_exist_and_not_itself(check: Check) -> None:
    assert set(check.explains) <= set(REGISTRY.checks)
    assert check.id not in check.explains


def test_every_row_and_deliverable_names_checks_that_exist() -> None:
    assert REGISTRY.ledger.checks <= set(REGISTRY.checks)


def test_the_bar_counts_on_blockers_only() -> None:
    for row in REGISTRY.ledger.rows:
        assert all(REGISTRY.checks[name].impact is Impact.BLOCKER for name in row.checks), row.id


def test_a_row_without_checks_says_what_is_missing() -> None:
    for row in REGISTRY.ledger.rows:
        assert row.checks or row.not_yet, row.id


@every_probe
def test_a_probe_has_a_time_limit_and_gives_a_fact_of_its_subject(probe: Probe) -> None:
    assert 0 < probe.timeout_s <= LONGEST_LOOK_S
    assert FACTS[probe.gives].about is probe.about


def test_every_fact_has_a_probe_and_every_probe_a_reader() -> None:
    real = {fact for fact in FACTS if fact.__module__.startswith("launchready.facts.")}
    assert real == set(REGISTRY.probes)
    read = {fact for check in CHECKS for fact in check.facts} | {n for p in PROBES for n in p.needs} | {PERMISSION}
    assert real == read, "a fact that nothing reads"


def test_the_probes_can_be_ordered_for_a_bare_name() -> None:
    steps = make_plan(product_for_host("example.com"), CHECKS, REGISTRY.probes, PERMISSION)
    done = set()
    for step in steps:
        assert {need.key for need in (*step.needs, *step.permissions)} <= done
        done.add(step.look.key)


def test_what_loads_or_signs_up_needs_permission() -> None:
    manners = {probe.gives.__name__: probe.manner for probe in PROBES}
    assert manners["SignupWalk"] is Manner.ACTIVE
    assert manners["LoginBurst"] is Manner.ACTIVE
    assert manners["VisitorsTogether"] is Manner.LOAD
    assert manners["EndpointTimes"] is Manner.LOAD
    assert {manners[name] for name in ("ChatBurst", "LeadBurst", "SignupBurst")} == {Manner.EXHAUSTING}


def test_an_unknown_check_offers_the_nearest() -> None:
    with pytest.raises(UnknownCheckError, match="Did you mean 'spf-missing'"):
        REGISTRY.chosen(("spf-mising",))
