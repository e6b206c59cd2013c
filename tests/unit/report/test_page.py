"""What a reader sees, and in which order."""

import shlex
from dataclasses import replace

from launchready.model.check import Fail, Fix, Impact, NotMeasured
from launchready.model.reading import Why
from launchready.report.page import CARD_LIMIT, card, group_unknown, page, recheck_command


def test_five_cards_at_most_and_the_rest_is_counted(no_go, evidence):
    seen = page(no_go, evidence)
    assert [c.check for c in seen.cards] == [f.check.id for f in no_go.findings[:CARD_LIMIT]]
    assert seen.more_line == "1 more finding"


def test_what_was_sent_is_one_line_and_what_was_not_sent_is_not_in_it(no_go, evidence):
    assert page(no_go, replace(evidence, requests=())).sent_line == "Sent: 18 DNS questions."
    one = replace(evidence, questions=(), requests=evidence.requests[:1])
    assert page(no_go, one).sent_line == "Sent: 41 requests to 1 host (app.brightpath.example 41)."
    assert page(no_go, replace(evidence, questions=(), requests=())).sent_line == ""


def test_small_things_wait_while_a_blocker_is_open(no_go, evidence):
    seen = page(no_go, evidence)
    assert "share-card-missing" not in [c.check for c in (*seen.cards, *seen.more)]
    assert seen.held_back_line == "1 smaller finding can wait until the blockers are mended."


def test_small_things_are_shown_when_no_blocker_is_open(no_go, evidence):
    calm = replace(no_go, findings=tuple(f for f in no_go.findings if f.impact is not Impact.BLOCKER))
    seen = page(calm, evidence)
    assert [c.check for c in seen.cards][-1] == "share-card-missing"
    assert seen.held_back_line == ""


def test_a_card_says_what_fails_where_and_what_to_paste(no_go):
    made = card(no_go.findings[0], no_go)
    assert made.headline == "Certificate expired: app.brightpath.example"
    assert made.who == "An engineer, about 30 minutes"
    assert made.steps[0].copies[0].text.startswith("certbot renew")


def test_one_change_with_two_texts_is_one_step(no_go):
    (step,) = card(no_go.findings[3], no_go).steps
    assert [copy.where for copy in step.copies] == [("brightpath.example",), ("brightpath-mail.example",)]


def test_equal_texts_for_several_subjects_are_pasted_once(no_go):
    finding = no_go.findings[3]
    same = Fail(("x",), Fix("Add it.", "text"))
    (step,) = card(replace(finding, results=tuple(replace(r, outcome=same) for r in finding.results)), no_go).steps
    assert [copy.text for copy in step.copies] == ["text"]


def test_a_diagnosis_names_the_symptoms_that_it_explains(no_go):
    assert card(no_go.findings[1], no_go).explains == ("Certificate overdue: www.brightpath.example",)


def test_a_waiver_is_told_with_owner_day_and_reason(no_go, evidence):
    assert page(no_go, evidence).accepted == (
        (
            "Asset uncached: app.brightpath.example",
            "Accepted by Ana Ruiz until 20 May 2026: We move to the new host next week.",
        ),
    )


def test_the_message_to_a_developer_stands_alone(no_go):
    message = card(no_go.findings[0], no_go).message
    for part in (
        "Bright Path Coaching",
        "app.brightpath.example",
        "not after 1 May 2026",
        "certbot renew --cert-name app.brightpath.example\nsystemctl enable",
        "rfc5280",
        "To check again: launchready recheck certificate-expired@host:app.brightpath.example",
    ):
        assert part in message


def test_what_is_typed_to_check_again_names_the_one_subject_and_is_quoted_for_a_shell(no_go):
    def command(*subjects, typed=""):
        check = replace(no_go.findings[0].check, id="link-broken")
        results = tuple(replace(no_go.findings[0].results[0], subject=subject) for subject in subjects)
        return recheck_command(replace(no_go.findings[0], check=check, results=results), typed)

    link = "link:https://a.example/?utm_source=ad&x=it's"
    assert command("product") == "launchready recheck link-broken"
    assert command("host:a.example", "host:b.example") == "launchready recheck link-broken"
    assert command("host:a.example", typed="a.example") == "launchready recheck link-broken@host:a.example a.example"
    assert shlex.split(command(link)) == ["launchready", "recheck", f"link-broken@{link}"]


def test_one_cause_and_one_need_are_one_entry_with_a_count(no_go):
    first, second = group_unknown(no_go.unknown)
    assert first.why == "This look needs proof that the product is yours"
    assert [(n.count, n.titles) for n in first.needs] == [(2, ("A burst of requests is slowed down.",))]
    assert second.needs[0].waiting == "1 question waits for this."


def test_the_order_of_results_does_not_change_the_groups(no_go):
    def without_order(results):
        return [(c.why, n.need, n.count) for c in group_unknown(results) for n in c.needs]

    assert without_order(no_go.unknown) == without_order(tuple(reversed(no_go.unknown)))


def test_different_needs_of_one_cause_stay_apart_below_it(no_go):
    result = no_go.unknown[0]
    other = replace(result, outcome=NotMeasured(Why.NOT_PERMITTED, "d", "something else"))
    (cause,) = group_unknown((result, other))
    assert [need.count for need in cause.needs] == [1, 1]
