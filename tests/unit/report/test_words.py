"""The phrases that renderers share."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from launchready.model.check import Cost, Fixer, Impact, Layer
from launchready.model.reading import Why
from launchready.model.verdict import Decision, RowState
from launchready.report import words


@pytest.mark.parametrize(
    ("phrases", "kind"),
    [
        (words.WHY, Why),
        (words.DECISION, Decision),
        (words.ROW_STATE, RowState),
        (words.IMPACT, Impact),
        (words.IMPACT_MEANING, Impact),
        (words.LAYER, Layer),
    ],
)
def test_every_member_of_a_closed_set_has_a_phrase_of_its_own(phrases, kind):
    assert set(phrases) == set(kind)
    assert len(set(phrases.values())) == len(phrases)


def test_a_moment_is_written_in_utc_wherever_it_was_measured():
    there = datetime(2026, 5, 3, 1, 12, tzinfo=timezone(timedelta(hours=-8)))
    assert words.when(there) == "3 May 2026, 09:12 UTC"


def test_the_count_line_sums_up_to_all_rows(no_go, go):
    assert words.count_line(no_go) == "3 of 7 proven (1 on your word) · 2 failed · 2 not checked"
    assert words.count_line(go) == "7 of 7 proven · 0 failed · 0 not checked"


def test_an_answer_that_has_run_out_says_so(go):
    assert words.holds(go) == "Checked 3 May 2026, 09:12 UTC. Holds until 4 May 2026, 09:12 UTC."
    assert "has run out" in words.holds(replace(go, at=go.holds_until))
    assert "has run out" not in words.holds(replace(go, at=go.holds_until - timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("product", "Bright Path"),
        ("repository", "the repository"),
        ("journey:trial", "the journey “trial”"),
        ("host:www.example.com", "www.example.com"),
        ("endpoint:https://app.example.com/chat", "app.example.com/chat"),
        ("link:https://cal.example/me", "cal.example/me"),
    ],
)
def test_a_subject_is_called_as_a_person_calls_it(subject, name):
    assert words.subject_name(subject, "Bright Path") == name


@pytest.mark.parametrize(
    ("check_id", "headline"),
    [
        ("spf-lookups-excessive", "SPF lookups excessive"),
        ("certificate-expired", "Certificate expired"),
        ("plain-http-served", "Plain HTTP served"),
    ],
)
def test_a_failing_state_reads_as_words(no_go, check_id, headline):
    check = replace(no_go.findings[0].check, id=check_id)
    assert words.failing_state(check) == headline


def test_costs_are_words_and_never_an_amount():
    assert words.costs((Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND)) == "Lost leads, support tickets and wasted ad spend."
    assert words.costs(()) == ""


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "1 minute"), (10, "10 minutes"), (89, "89 minutes"), (90, "2 hours"), (240, "4 hours")]
)
def test_a_duration_is_minutes_and_from_ninety_on_hours(minutes, text):
    assert words.duration(minutes) == text


def test_who_mends_it_says_how_long_too():
    assert words.who_fixes(Fixer.OWNER, 10) == "You can do this yourself, about 10 minutes"
    assert words.who_fixes(Fixer.ENGINEER, 30) == "An engineer, about 30 minutes"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("run `a b` now", [(False, "run "), (True, "a b"), (False, " now")]),
        ("`a`", [(True, "a")]),
        ("one ` alone", [(False, "one ` alone")]),
        ("``double``", [(False, "``double``")]),
    ],
)
def test_code_in_a_sentence_is_what_stands_between_paired_backticks(text, parts):
    assert words.spans(text) == parts


def test_a_phrase_becomes_a_sentence_once():
    assert words.sentence("declare it") == "Declare it."
    assert words.sentence("Declare it.") == "Declare it."
    assert words.sentence("www.example.com redirects") == "www.example.com redirects."
    assert words.sentence("") == ""
