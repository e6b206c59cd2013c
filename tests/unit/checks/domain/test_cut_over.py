"""The check of `checks/domain/cut_over.py`."""

from datetime import UTC, date, datetime, timedelta

import pytest

from launchready.checks.domain.cut_over import DAYS_AHEAD, LONGEST_TTL_S, dns_change_ttl_long
from launchready.facts.domain import Nameserver, Nameservers, NameserverView, ZoneTop
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain

AT = datetime(2026, 7, 1, 23, tzinfo=UTC)
DOMAIN = Domain("example.com")
NONE = Measured((), AT, 0.1)
TOP = Measured(ZoneTop(()), AT, 0.1)


def seen(ttl_s: int | None) -> Nameservers:
    view = NameserverView("app.example.com", True, ("192.0.2.1",), ttl_s=ttl_s)
    return Nameservers((Nameserver("ns.example", "192.0.2.2", Measured((view,), AT, 0.1), TOP),), NONE, NONE)


def planned(days: int) -> Product:
    return Product("Shop", (), (DOMAIN,), dns_change=date(2026, 7, 1) + timedelta(days=days))


@pytest.mark.parametrize("ttl_s", [None, 0, 3599, 3600])
def test_an_hour_at_most_passes(ttl_s: int | None) -> None:
    assert dns_change_ttl_long(DOMAIN, planned(7), seen(ttl_s)) == Pass()
    assert LONGEST_TTL_S == 3600


def test_a_second_more_fails_with_the_record_to_change() -> None:
    assert dns_change_ttl_long(DOMAIN, planned(7), seen(3601)) == Fail(
        ("app.example.com: answers are kept for 1 hours, and the change is planned for 2026-07-08",),
        Fix("Set the TTL of these records to 300 seconds now", "app.example.com. 300"),
    )


@pytest.mark.parametrize(("days", "asked"), [(-1, False), (0, True), (13, True), (14, True), (15, False)])
def test_the_question_arises_in_the_two_weeks_before_the_change(days: int, *, asked: bool) -> None:
    assert isinstance(dns_change_ttl_long(DOMAIN, planned(days), seen(86_400)), Fail) is asked
    assert DAYS_AHEAD == 14


def test_without_name_servers_there_is_nothing_to_say() -> None:
    assert isinstance(dns_change_ttl_long(DOMAIN, planned(7), Nameservers((), NONE, NONE)), NotApplicable)
    silent = Unmeasured(Why.TIMED_OUT, "no answer", AT)
    unheard = Nameservers((Nameserver("ns.example", "192.0.2.2", silent, silent),), NONE, NONE)
    assert dns_change_ttl_long(DOMAIN, planned(7), unheard) == Pass()  # the engine makes NOT_MEASURED of it
