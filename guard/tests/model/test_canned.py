import pytest

from launchready_guard.canned import CannedAnswer
from launchready_guard.failures import Failure

CANNED = CannedAnswer(booking_url="https://cal.example/maya", email="maya@brightpath.example")


def test_it_says_that_the_message_is_saved_and_where_somebody_can_be_reached():
    assert CANNED.after(Failure.TIMED_OUT_FIRST).text == (
        "The assistant can't answer right now. Your message is saved. You can ask again in a few minutes, "
        "or write to maya@brightpath.example, or book a call: https://cal.example/maya"
    )


@pytest.mark.parametrize("failure", [Failure.QUOTA, Failure.WRONG_MODEL, Failure.CONTEXT_OVERFLOW])
def test_it_does_not_send_people_to_try_again_what_somebody_has_to_mend(failure):
    canned = CANNED.after(failure)
    assert "again" not in canned.text
    assert not canned.retryable


def test_it_has_a_code_for_each_reason():
    assert CANNED.after(Failure.QUOTA).code == "insufficient_quota"
    assert (CANNED.after(None).code, CANNED.after(None).retryable) == ("providers_resting", True)


def test_one_way_to_reach_somebody_is_enough_and_none_is_refused():
    assert "book" not in CannedAnswer(email="maya@brightpath.example").after(None).text
    with pytest.raises(ValueError, match="booking_url or an email"):
        CannedAnswer()
