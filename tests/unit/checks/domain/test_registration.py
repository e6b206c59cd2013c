"""The check of `checks/domain/registration.py`."""

from datetime import UTC, datetime, timedelta

import pytest

from launchready.checks.domain.registration import RENEWAL_DAYS, domain_expires_soon
from launchready.facts.registration import Registration
from launchready.model.check import Fail, Fix, Pass
from launchready.model.subject import Domain

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DOMAIN = Domain("example.com")


def ends_in(left: timedelta, *states: str, registrar: str = "Harbour Names") -> Registration:
    return Registration(NOW + left, registrar, states, NOW)


@pytest.mark.parametrize("left", [timedelta(days=30), timedelta(days=30, seconds=1), timedelta(days=365)])
def test_thirty_days_or_more_pass(left: timedelta) -> None:
    assert domain_expires_soon(DOMAIN, ends_in(left, "client transfer prohibited")) == Pass()
    assert RENEWAL_DAYS == 30


def test_one_second_less_fails_with_date_and_registrar() -> None:
    assert domain_expires_soon(DOMAIN, ends_in(timedelta(days=30) - timedelta(seconds=1))) == Fail(
        ("the registration of example.com ends in 29 days, on 2026-07-31",),
        Fix("Renew example.com at Harbour Names, and switch automatic renewal on"),
    )


def test_a_registration_that_has_ended_fails_in_other_words() -> None:
    judgement = domain_expires_soon(DOMAIN, ends_in(timedelta(days=-1), registrar=""))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("the registration of example.com ended on 2026-06-30",)
    assert judgement.fix.do == "Renew example.com, and switch automatic renewal on"


@pytest.mark.parametrize("state", ["redemption period", "pending delete"])
def test_a_domain_that_was_let_go_fails_whatever_its_date(state: str) -> None:
    judgement = domain_expires_soon(DOMAIN, ends_in(timedelta(days=300), "locked", state))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"example.com was let go: its state is “{state}”",)
