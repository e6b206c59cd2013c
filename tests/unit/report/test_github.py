"""Workflow commands for GitHub."""

import dataclasses

from launchready.model.check import Fail, Fix, SourcePlace
from launchready.report.github import ANNOTATION_LIMIT, annotations
from launchready.report.places import Declared

FILE = Declared("launchready.toml", {"host:app.brightpath.example": 7})


def test_a_blocker_is_an_error_on_the_line_that_declares_the_host(no_go):
    assert annotations(no_go, FILE)[0] == (
        "::error file=launchready.toml,line=7,title=Certificate expired::app.brightpath.example: "
        "not after 1 May 2026, 00:00 UTC. To do: Renew the certificate, and let the renewal run by itself."
    )


def test_a_major_finding_is_a_warning_and_a_small_one_a_notice(no_go):
    kinds = [line.split(" ")[0] for line in annotations(no_go, FILE)]
    assert kinds == ["::error"] * 3 + ["::warning"] * 3 + ["::notice"] * 2


def test_what_could_not_be_seen_is_said(undetermined):
    assert annotations(undetermined, FILE) == [
        "::notice title=Not measured::3 questions could not be answered; none of them is a pass."
    ]


def test_nothing_that_a_target_says_ends_a_line_or_a_property(no_go):
    finding = no_go.findings[0]
    evil = "x\n::set-output name=decision::GO\r%0A::error::y"
    outcome = Fail((evil,), Fix(evil), (SourcePlace("a,line=1::b\n.py", 3),))
    result = dataclasses.replace(finding.results[0], outcome=outcome)
    verdict = dataclasses.replace(no_go, findings=(dataclasses.replace(finding, results=(result,)),))
    line = annotations(verdict, FILE)[0]
    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::error file=a%2Cline=1%3A%3Ab .py,line=3,title=Certificate expired::")
    assert "%250A" in line


def test_no_more_are_written_than_github_keeps(no_go):
    verdict = dataclasses.replace(no_go, findings=no_go.findings[:1] * 30)
    assert sum(line.startswith("::error") for line in annotations(verdict, FILE)) == ANNOTATION_LIMIT == 10
