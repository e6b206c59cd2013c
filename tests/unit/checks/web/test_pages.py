"""The check of `checks/web/pages.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.web.pages import page_broken
from launchready.facts.pages import AskedPage, PageAnswer, PageAnswers
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
SITE = Host("example.com", "example.com", purpose="landing page")
PRODUCT = Product("Shop", (SITE,), (Domain("example.com"),), has_file=True)
TYPED = Product("example.com", (SITE,), (Domain("example.com"),))
URL = "https://example.com/"


def seen(status: int, *, has_wanted: bool = True, is_empty: bool = False) -> PageAnswers:
    answer = PageAnswer(URL, status, "Bread", has_wanted, is_empty)
    return PageAnswers((AskedPage(URL, Measured(answer, AT, 0.1)),))


@pytest.mark.parametrize("status", [200, 299, 302, 399])
def test_a_page_that_is_there_or_sends_on_passes(status: int) -> None:
    assert page_broken(SITE, PRODUCT, seen(status)) == Pass()


@pytest.mark.parametrize("status", [400, 401, 404, 499, 500, 503])
def test_an_error_fails_with_its_status(status: int) -> None:
    assert page_broken(SITE, PRODUCT, seen(status)) == Fail(
        (f"{URL} answers {status}",),
        Fix("Bring the page of example.com back, then look again", f"curl -i '{URL}'"),
    )


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (seen(200, is_empty=True, has_wanted=False), f"{URL} shows nothing at all"),
        (seen(200, has_wanted=False), f"{URL} does not say 'Bread'"),
    ],
)
def test_a_white_page_and_another_page_fail(answers: PageAnswers, told: str) -> None:
    judgement = page_broken(SITE, PRODUCT, answers)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (told,)


def test_of_a_typed_name_nobody_said_that_it_has_a_page() -> None:
    assert isinstance(page_broken(SITE, TYPED, seen(499)), NotApplicable)
    assert isinstance(page_broken(SITE, TYPED, seen(500)), Fail)
    assert page_broken(SITE, TYPED, seen(200, is_empty=True)) == Pass()


def test_a_host_without_pages_is_not_asked() -> None:
    assert isinstance(page_broken(SITE, PRODUCT, PageAnswers(())), NotApplicable)
