"""The check of `checks/redirects/outside.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.redirects.outside import open_redirect
from launchready.facts.redirects import LeadOut, LeadsOut
from launchready.model.check import Fail, Pass
from launchready.model.reading import Measured, Unmeasured, Why

AT = datetime(2026, 7, 1, tzinfo=UTC)
PAGE = "https://app.example.com/login"
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)


def led(to: str) -> Measured[LeadOut]:
    return Measured(LeadOut(f"{PAGE}?next=x", 302, to), AT, 0.1)


@pytest.mark.parametrize(
    "to", ["", "app.example.com", "launchready-probe.invalid.example.com", "notlaunchready-probe.invalid"]
)
def test_a_page_that_stays_at_home_passes(to: str) -> None:
    assert open_redirect(LeadsOut((led(to),))) == Pass()


def test_a_path_that_is_sent_on_as_an_address_fails_once() -> None:
    paths = ("//path.launchready-probe.invalid", "//path.launchready-probe.invalid/%2e%2e")
    tries = [LeadOut(f"https://app.example.com{path}", 301, "path.launchready-probe.invalid") for path in paths]
    judgement = open_redirect(LeadsOut(tuple(Measured(one, AT, 0.1) for one in tries)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://app.example.com sends to whatever stands behind two slashes in the path",)


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("next.launchready-probe.invalid", "next"),
        ("return-to.launchready-probe.invalid", "return_to"),
        ("app.example.com.next.launchready-probe.invalid", "next"),
        ("next.launchready-probe.invalid.", "next"),
    ],
)
def test_a_page_that_goes_to_the_stranger_fails_and_names_the_parameter(to: str, name: str) -> None:
    judgement = open_redirect(LeadsOut((SILENT, led(to), led(to))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{PAGE} sends to whatever stands in ?{name}=",)
