"""One page that needs nothing else."""

import base64
import hashlib
import itertools
import re

import pytest

from launchready.report.html import is_web_link, render_html, ticks
from launchready.report.roadmap import render_roadmap_html


@pytest.fixture(params=["no_go", "undetermined", "go", "roadmap"])
def html(request, evidence) -> str:
    if request.param == "roadmap":
        return render_roadmap_html(request.getfixturevalue("no_go"))
    return render_html(request.getfixturevalue(request.param), evidence)


def test_the_policy_allows_exactly_the_style_sheet_of_the_page(html):
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;" in html


def test_a_page_has_no_script_no_inline_style_and_loads_nothing(html):
    assert not re.search(r"<script|<link|<iframe|<img|\sstyle=|\ssrc=|url\(|@import", html)


def test_headings_go_down_one_level_at_a_time(html):
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_page_has_language_title_and_landmarks(html):
    assert '<html lang="en">' in html
    assert re.search(r"<title>[^<]+Bright Path Coaching", html)
    for landmark in ("<header>", "<main>", "<footer>"):
        assert html.count(landmark) == 1


def test_ids_are_unique_and_labels_point_at_them(html):
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)


def test_the_sentence_comes_first_and_then_the_next_step(no_go, evidence):
    html = render_html(no_go, evidence)
    order = [
        no_go.sentence,
        no_go.next_step,
        "3 of 7 proven",
        "What to mend",
        "What we could not check",
        "Accepted risks",
    ]
    places = [html.index(text, html.index("<main>")) for text in order]
    assert places == sorted(places)


def test_an_engineers_finding_has_a_message_to_send_and_an_owners_has_a_text_to_copy(no_go, evidence):
    html = render_html(no_go, evidence)
    assert html.count("Send this to your developer") == 3
    assert "Copy this for brightpath.example" in html


def test_an_empty_section_is_not_shown(go, evidence):
    html = render_html(go, evidence)
    for title in ("What to mend", "What we could not check", "Accepted risks"):
        assert title not in html


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://www.rfc-editor.org/rfc/rfc9110#section-15.4", True),
        ("http://example.com/", False),
        ("javascript:alert(1)", False),
        ("https://example.com/\n", False),
        ("https://user@example.com/", False),
        ("https://example.com/<b>", False),
    ],
)
def test_only_plain_https_addresses_become_links(address, linked):
    assert is_web_link(address) is linked


def test_code_in_a_sentence_is_marked_and_escaped():
    assert ticks("run `<b>` & go") == "run <code>&lt;b&gt;</code> &amp; go"
