"""What the handover pack says of releases and of the way back: what was seen, and what is open."""

from dataclasses import replace
from datetime import UTC, datetime

from launchready.engine.decide import reach_verdict
from launchready.engine.ledger import load_ledger
from launchready.facts.release import Comeback, ReleaseHistory
from launchready.handover.pack import render_pack
from launchready.model.evidence import Entry, Evidence
from launchready.model.product import Delivery, Product
from launchready.model.reading import Measured

AT = datetime(2026, 11, 24, tzinfo=UTC)
BACK = Comeback("18fd956d821051b9", datetime(2026, 9, 1, tzinfo=UTC), 30, True, 41.5, 83, 2, 1.2)
HISTORY = ReleaseHistory(3, "9d712d4d0590e332", BACK, None, "")


def pack_of(history: ReleaseHistory | None) -> str:
    entries = () if history is None else (Entry("ReleaseHistory", "product", Measured(history, AT, 0.0)),)
    evidence = Evidence("launchready 0", AT, Product("P", (), (), delivery=Delivery("/x")), entries, (), (), ())
    return render_pack(reach_verdict(evidence, (), load_ledger()), evidence)


def test_a_way_back_that_was_walked_is_told_with_what_customers_met() -> None:
    text = pack_of(HISTORY)
    said = "- `18fd956d8210` was brought back on 2026-09-01, which took 42 s; 2 of 83 requests failed meanwhile"
    assert said in text
    assert "\nlaunchready rollback\n" in text
    assert "the way back was not walked" not in text


def test_a_way_back_that_nobody_walked_or_that_led_nowhere_is_open() -> None:
    for back in (None, replace(BACK, is_good=False)):
        text = pack_of(replace(HISTORY, comeback=back))
        assert "**Open:** the way back was not walked" in text
        assert "was brought back on" not in text


def test_without_records_the_commands_are_open() -> None:
    text = pack_of(None)
    assert "**Open:** the command that brings back the previous release" in text
    assert "**Open:** the command that deploys: an engineer writes it here" in text


def test_records_and_a_release_that_was_cut_off_are_told() -> None:
    text = pack_of(replace(HISTORY, cut_off="the last line of the records is cut off"))
    assert "3 releases are on record" in text
    assert "**Open:** the last line of the records is cut off" in text
