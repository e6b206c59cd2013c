"""The checks of `checks/edge/origin.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.edge.origin import machine_challenged, origin_reachable
from launchready.facts.origin import MachineVisit, OriginEnd, OriginReach, OriginWay
from launchready.model.check import Fail, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Endpoint, EndpointKind, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com", origin_addresses=("203.0.113.9",))
HOOK = Endpoint("https://example.com/hooks/pay", EndpointKind.WEBHOOK)


def reach(*ends: OriginEnd | Unmeasured) -> OriginReach:
    readings = (end if isinstance(end, Unmeasured) else Measured(end, AT, 0.1) for end in ends)
    schemes = ("https", "http")
    return OriginReach(tuple(OriginWay("203.0.113.9", s, r) for s, r in zip(schemes, readings, strict=False)))


@pytest.mark.parametrize("end", [OriginEnd.OTHER, OriginEnd.CLOSED, OriginEnd.SILENT])
def test_an_origin_that_gives_no_product_passes(end: OriginEnd) -> None:
    assert origin_reachable(HOST, reach(end, end)) == Pass()


def test_an_origin_that_gives_the_product_fails_whatever_else_was_not_seen() -> None:
    unseen = Unmeasured(Why.OWN_NETWORK, "no way there", AT)
    judgement = origin_reachable(HOST, reach(unseen, OriginEnd.PRODUCT))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("203.0.113.9 answers http://example.com/ with the product itself, around the edge",)


def test_a_program_that_is_turned_away_fails_with_the_rule_to_make() -> None:
    assert machine_challenged(HOOK, MachineVisit(405, "")) == Pass()
    judgement = machine_challenged(HOOK, MachineVisit(403, "Cloudflare"))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://example.com/hooks/pay answered 403: Cloudflare turned our program away",)
    assert '"/hooks/pay"' in judgement.fix.paste
