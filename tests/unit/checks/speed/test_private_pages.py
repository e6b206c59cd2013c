"""The check of `checks/speed/private_pages.py`."""

import pytest

from launchready.checks.speed.private_pages import private_response_stored
from launchready.facts.caching import PageAfterLogin
from launchready.facts.journeys import PrivatePage, SignupWalk
from launchready.model.check import Fail, NotApplicable, Pass
from launchready.model.reading import NotSeen, Why
from launchready.probes.caching import page_after_login

URL = "https://app.example.com/chat"


def after(*, names: bool = True, shared_for_s: int = 0, control: str = "private") -> PageAfterLogin:
    return PageAfterLogin(PrivatePage(URL, names, shared_for_s, control))


def test_a_page_that_only_its_visitor_may_keep_passes() -> None:
    assert private_response_stored(after()) == Pass()


@pytest.mark.parametrize(
    ("control", "end"),
    [("public, max-age=1", "1 seconds: public, max-age=1"), ("", "1 seconds, for it has no Cache-Control")],
)
def test_a_page_that_caches_may_hand_on_fails(control: str, end: str) -> None:
    judgement = private_response_stored(after(shared_for_s=1, control=control))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{URL} shows the visitor's name, and any cache may hand it on for {end}",)
    assert judgement.fix.paste == "Cache-Control: private, no-store"


def test_a_page_that_shows_nothing_of_the_visitor_is_no_question() -> None:
    assert isinstance(private_response_stored(after(names=False, shared_for_s=60)), NotApplicable)


async def test_a_way_that_ended_before_shows_no_page() -> None:
    page = PrivatePage(URL, names_visitor=True, shared_for_s=0, cache_control="")
    assert await page_after_login(SignupWalk((), (), 0, private_page=page)) == PageAfterLogin(page)
    with pytest.raises(NotSeen) as seen:
        await page_after_login(SignupWalk((), (), 0))
    assert seen.value.why is Why.DEPENDENCY
