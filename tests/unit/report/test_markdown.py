"""The report as Markdown."""

import pytest
from markdown_it import MarkdownIt

from launchready.report.markdown import code, fenced, prose, render_markdown

READER = MarkdownIt("commonmark", {"html": True})


@pytest.mark.parametrize("text", ["a", "`", "``a`", " a ", "a`b``c", "\\`", "`a`"])
def test_a_code_span_shows_its_text_and_nothing_else(text):
    (paragraph,) = [t for t in READER.parse(f"x {code(text)} y") if t.type == "inline"]
    assert [t.content for t in paragraph.children if t.type == "code_inline"] == [text]


@pytest.mark.parametrize("text", ["a", "```", "a\n````\nb", "~~~", "# a\n    b"])
def test_a_fence_is_longer_than_any_run_inside(text):
    (block,) = READER.parse("\n".join(fenced(text)))
    assert block.content == text + "\n"


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "1. a", "2) a", "> a", "*a* _b_", "<b>", "a | b", "[a](b)", "~~a~~"]
)
def test_a_sentence_reads_as_it_was_written(text):
    (paragraph,) = [t for t in READER.parse(prose(text)) if t.type == "inline"]
    assert "".join(t.content for t in paragraph.children) == text
    assert {t.type for t in paragraph.children} <= {"text", "text_special"}


def test_sections_stand_in_the_order_of_the_report(no_go, evidence):
    text = render_markdown(no_go, evidence)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## What to mend, worst first",
        "## What we could not check",
        "## Accepted risks",
        "## On your word",
        "## The minimum bar",
        "## Send this to your developer",
        "## Every answer",
    ]


def test_each_engineers_finding_has_its_message(no_go, evidence):
    text = render_markdown(no_go, evidence)
    assert text.count("To check again: launchready recheck") == 3
