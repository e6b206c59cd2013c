"""The checks of `checks/chat/isolation.py`."""

import pytest

from launchready.checks.chat.isolation import session_id_guessable, talk_of_another_customer
from launchready.facts.isolation import Bleed, IdSeen, TenantIsolation, Way
from launchready.model.check import Fail, NotApplicable, Pass

HISTORY = "https://app.example.com/api/history"
CHAT = "https://app.example.com/api/chat"


def test_customers_who_stay_apart_pass() -> None:
    assert talk_of_another_customer(TenantIsolation((), ())) == Pass()


def test_each_way_to_another_s_words_is_named_with_its_cause() -> None:
    isolation = TenantIsolation((Bleed(Way.OWN_PAGE, HISTORY), Bleed(Way.PROMPT, CHAT)), ())
    judgement = talk_of_another_customer(isolation)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "by their own page: https://app.example.com/api/history (the list of talks is not filtered by its owner)",
        f"by a question about the other customer: {CHAT} (the model is given another customer's words)",
    )


@pytest.mark.parametrize("way", list(Way))
def test_every_way_has_a_cause(way) -> None:
    judgement = talk_of_another_customer(TenantIsolation((Bleed(way, HISTORY),), ()))
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].endswith(")")


def test_no_id_at_all_is_not_asked() -> None:
    assert session_id_guessable(TenantIsolation((), ())) == NotApplicable(
        "The product gave no id of a session or a talk that could be seen."
    )


@pytest.mark.parametrize(("bits", "passes"), [(63, False), (64, True), (65, True)])
def test_an_id_needs_sixty_four_bits(bits, passes) -> None:
    judgement = session_id_guessable(TenantIsolation((), (IdSeen("the cookie session", bits, counts_up=False),)))
    assert (judgement == Pass()) is passes
    if not passes:
        assert isinstance(judgement, Fail)
        assert judgement.offenders == ("the cookie session holds 63 bits of chance at most; 64 is the least",)


def test_an_id_that_counts_up_fails_however_long_it_is() -> None:
    judgement = session_id_guessable(TenantIsolation((), (IdSeen("the field conversation_id", 200, counts_up=True),)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("the field conversation_id counts up from one customer to the next",)
