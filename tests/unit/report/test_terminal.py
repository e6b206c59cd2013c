"""The verdict on a terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from launchready.model.verdict import Row, RowState, Stage
from launchready.report.explain import render_checks, render_explain
from launchready.report.roadmap import render_roadmap_terminal
from launchready.report.terminal import render_terminal


def printed(show) -> str:
    console = Console(file=io.StringIO(), width=80, _environ={})
    show(console)
    return console.file.getvalue()


def test_the_top_is_the_sentence_its_time_the_count_and_the_next_step(no_go, evidence):
    text = printed(lambda c: render_terminal(no_go, evidence, c))
    assert text.startswith(
        """
No-go  Bright Path Coaching
Do not send paid traffic yet: 3 things would lose customers, 3 could not be
checked.

Checked 3 May 2026, 09:12 UTC. Holds until 4 May 2026, 09:12 UTC.
3 of 7 proven (1 on your word) · 2 failed · 2 not checked
Next: Renew the certificate of app.brightpath.example.

What to mend, worst first

1. Blocker  Certificate expired: app.brightpath.example
   Your customer  A full-page warning that your site is not safe. Almost
                  everybody leaves.
   Costs you      Lost leads and wasted ad spend.
   Who mends it   An engineer, about 30 minutes.
   Seen           not after 1 May 2026, 00:00 UTC
   Do             Renew the certificate, and let the renewal run by itself.

certbot renew --cert-name app.brightpath.example
systemctl enable --now certbot.timer

   Check again    launchready recheck certificate-expired@host:app.brightpath.example
   More           launchready explain certificate-expired
"""
    )


def test_a_text_to_paste_is_never_broken(no_go, evidence):
    text = printed(lambda c: render_terminal(no_go, evidence, c))
    assert "_dmarc.brightpath.example.  TXT  v=DMARC1; p=none; rua=mailto:dmarc@brightpath.example\n" in text


def test_the_foot_says_where_the_files_are_and_what_was_sent(no_go, evidence):
    text = printed(lambda c: render_terminal(no_go, evidence, c, evidence_path="e.json", report_path="r.html"))
    assert text.endswith(
        """
Full report    r.html
Evidence       e.json
Sent: 53 requests to 2 hosts (app.brightpath.example 41 and
www.brightpath.example 12), 18 DNS questions.
Names were asked of 192.0.2.53.
Seen through a connect map.
launchready 0.1.0
"""
    )


def test_what_could_not_be_checked_says_what_would_answer_it(undetermined, evidence):
    text = printed(lambda c: render_terminal(undetermined, evidence, c))
    assert (
        """
What could not be checked, and what would answer it
- This look needs proof that the product is yours (2 questions).
  Need           Run `launchready own brightpath.example` and add the two lines
                 that it prints.
  Answers        A burst of requests is slowed down
"""
        in text
    )


def test_a_good_verdict_is_short(go, evidence):
    text = printed(lambda c: render_terminal(go, evidence, c))
    assert len(text.splitlines()) < 20
    assert "What to mend" not in text


def test_the_roadmap_has_each_stage_with_its_state(no_go):
    text = printed(lambda c: render_roadmap_terminal(no_go, c))
    assert "1. Foundation  Open: 1 of 2 done\n" in text
    assert "2. Edge  Done\n" in text
    assert "   - Not yet checkable by this version  Rollback was tried.\n" in text


@pytest.mark.parametrize(
    ("state", "is_said"), [(RowState.FAILED, True), (RowState.NOT_MEASURED, True), (RowState.PROVEN, False)]
)
def test_releases_that_are_not_known_to_repeat_come_before_features(no_go, state, is_said):
    stages = tuple(Stage(number, f"S{number}", "G", ()) for number in (2, 3))
    verdict = replace(no_go, rows=(Row("M6", "Production deployment is repeatable", state, ""),), stages=stages)
    text = printed(lambda c: render_roadmap_terminal(verdict, c))
    assert ("No new feature before this." in text) == is_said
    assert text.find("No new feature") == -1 or text.index("S3") < text.index("No new feature")


def test_explain_gives_title_reason_fix_and_rule(no_go):
    text = printed(lambda c: render_explain(no_go.findings[3].check, c))
    order = ["DMARC tells receivers", "Why it matters at launch", "Nobody tries", "How to fix", "The rule", "rfc7489"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_checks_are_listed_by_layer(no_go):
    text = printed(lambda c: render_checks([f.check for f in no_go.findings], c))
    assert text.index("certificate-expired") < text.index("redirect-loop") < text.index("dmarc-missing")
    assert "7 checks." in text
