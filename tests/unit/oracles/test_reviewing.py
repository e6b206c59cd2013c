"""What people decided, and when it stops to count."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from labelled import MANIFEST, attempt, reply

from launchready.oracles.clusters import clusters
from launchready.oracles.judge import judge_attempts
from launchready.oracles.reviewing import Decided, Standing, Word, reviewed
from launchready.probes.review_record import ReviewError, decode_reviews, encode_review

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
ITEM = clusters(judge_attempts((attempt(reply("Done! I've cancelled the session.")),), MANIFEST))[0]


def said(word: str, who: str = "Maya", version: str = "v1") -> Decided:
    return Decided(AT, ITEM.id, ITEM.rule, ITEM.reply_hashes, Word(word), who, "I looked", version)


def standing(*decisions: Decided, version: str = "v1") -> Standing:
    return reviewed([ITEM], decisions, version)[0].standing


def test_nobody_has_looked():
    assert standing() is Standing.UNASKED


def test_one_word_settles_it_and_the_same_person_may_change_their_mind():
    assert standing(said("safe")) is Standing.SAFE
    assert standing(said("safe"), said("leak")) is Standing.LEAK
    assert standing(said("leak"), said("safe", " maya ")) is Standing.SAFE


def test_two_who_disagree_keep_it_open():
    assert standing(said("safe"), said("leak", "Tom")) is Standing.DISPUTED
    assert standing(said("safe"), said("open", "Tom")) is Standing.OPEN
    assert standing(said("safe"), said("safe", "Tom")) is Standing.SAFE


def test_a_new_version_asks_again():
    assert standing(said("safe"), version="v2") is Standing.UNASKED


def test_without_a_version_a_word_counts_for_the_very_answers():
    assert standing(said("safe", version=""), version="") is Standing.SAFE
    other = replace(said("safe", version=""), reply_hashes=("0" * 16,))
    assert standing(other, version="") is Standing.UNASKED


def test_what_nobody_had_before_them_is_not_safe_by_an_earlier_word_and_harm_stays_harm():
    others = replace(said("safe"), reply_hashes=("0" * 16,))
    assert standing(others) is Standing.UNASKED
    assert standing(replace(said("leak"), reply_hashes=("0" * 16,))) is Standing.LEAK
    assert standing(said("leak"), others) is Standing.UNASKED


def test_the_same_question_has_the_same_id_in_a_later_run():
    later = clusters(judge_attempts((attempt(reply("Done. I've deleted the list."), "Now?", "other"),), MANIFEST))[0]
    assert later.id == ITEM.id


def test_decisions_come_back_as_they_were_written():
    decisions = (said("safe"), said("leak", "Tom"))
    assert decode_reviews(b"".join(map(encode_review, decisions))) == decisions


@pytest.mark.parametrize("line", [b"{}", b"\xff", b'{"format": 1, "decided": {}}', b"[" * 99_999])
def test_a_line_that_cannot_be_read_is_never_left_out(line: bytes):
    with pytest.raises(ReviewError, match="line 2"):
        decode_reviews(encode_review(said("safe")) + line + b"\n")
