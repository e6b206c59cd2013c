"""What the handover pack says of the contract of variables."""

from datetime import UTC, datetime

from launchready.engine.decide import reach_verdict
from launchready.engine.ledger import load_ledger
from launchready.handover.pack import open_items, render_pack
from launchready.model.environment import RequiredIn, Variable, VariableType
from launchready.model.evidence import Evidence
from launchready.model.product import Product

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEPT = Variable("PAYMENT_KEY", VariableType.KEY, owner="Maya Ortiz", stored_in="Render", purpose="charges cards")
LOOSE = Variable("SESSION_SECRET", VariableType.SECRET)
PLAIN = Variable("SITE_NAME", required_in=RequiredIn.NO)


def pack_of(*variables: Variable) -> tuple[str, str]:
    """The pack, and its open items together."""
    evidence = Evidence("launchready 0", AT, Product("P", (), (), environment=variables), (), (), (), ())
    verdict = reach_verdict(evidence, (), load_ledger())
    return render_pack(verdict, evidence), "\n".join(open_items(verdict, evidence))


def test_every_variable_is_there_with_who_has_it() -> None:
    text, _ = pack_of(KEPT, LOOSE, PLAIN)
    assert "- `PAYMENT_KEY` (charges cards): key; needed to run; kept in Render; owner Maya Ortiz\n" in text
    assert "- `SITE_NAME`: text; optional; owner nobody named\n" in text


def test_a_secret_without_a_place_is_open_and_one_with_a_place_is_not() -> None:
    _, items = pack_of(KEPT, LOOSE, PLAIN)
    assert "where `SESSION_SECRET` is kept" in items
    assert "PAYMENT_KEY" not in items
    assert "where production secrets are kept" not in items


def test_without_a_contract_the_owner_writes_where_secrets_are() -> None:
    _, items = pack_of()
    assert "where production secrets are kept" in items
