"""Answers from documents."""

import pytest

from coachbot.retrieval import MAX_QUOTE_CHARS, Documents, LocalAnswers
from launchready_guard.health import DependencyDownError


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents()


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("I feel stuck. What can I do today?", "Exercises, “When you feel stuck”"),
        ("How much does the Clear Path package cost?", "Prices and packages, “The Clear Path package”"),
        ("Can I pay in instalments?", "Prices and packages, “Payment and instalments”"),
        ("How do I prepare for a salary talk?", "Exercises, “Prepare for a salary talk”"),
        ("how can i cancel a session", "Sessions, “Cancel or move a session”"),
        ("Do you give refunds?", "Privacy and limits, “Refund”"),
        ("What languages do you speak?", "About Maya, “Languages and place”"),
        ("who is maya", "About Maya"),
        ("Please delete my data!", "Privacy and limits, “Delete my data”"),
        ("I can't decide between two job offers", "Exercises, “The values sort”"),
    ],
)
def test_a_customers_question_finds_its_section(documents, question, source):
    assert documents.search(question)[0].source == source


@pytest.mark.parametrize(
    "question",
    [
        "What is the weather in Rome?",
        "hello",
        "",
        "???",
        'NEAR("a" OR',
        "'; DROP TABLE s --",
        "* ^ \" ' -",
        "日本語",
        "AND OR NOT",
    ],
)
def test_a_question_about_something_else_finds_nothing_and_breaks_nothing(documents, question):
    assert documents.search(question) == []


def test_the_coachs_own_folder_is_read(tmp_path):
    (tmp_path / "opening-hours.txt").write_text("We are open on Mondays.")
    (tmp_path / "notes.md").write_text("# Notes\n\nIntro line.\n\n## Parking\n\n- behind the house\n- free\n")
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    documents = Documents(tmp_path)
    assert documents.document_count == 2
    assert documents.search("When are you open?")[0].source == "Opening hours"
    assert documents.search("parking")[0].body == "- behind the house\n- free"


async def test_an_empty_folder_is_not_ready(tmp_path):
    with pytest.raises(DependencyDownError, match="no documents"):
        await LocalAnswers(Documents(tmp_path), booking_url="https://b.example").check()


def test_a_long_section_is_quoted_up_to_the_end_of_a_sentence(tmp_path):
    (tmp_path / "long.txt").write_text("The garden is large. " * 100)
    answer = LocalAnswers(Documents(tmp_path), booking_url="").answer("garden")
    quote = answer.split("\n\nSource:")[0]
    assert quote.endswith("large. …")
    assert len(quote) <= MAX_QUOTE_CHARS + 2


async def test_the_pieces_of_a_stream_are_the_whole_answer():
    from coachbot.answers import Question

    answers = LocalAnswers(Documents(), booking_url="https://b.example", pace_s=0)
    pieces = [piece async for piece in answers.stream(Question("I feel stuck"))]
    assert "".join(pieces) == answers.answer("I feel stuck")
    assert len(pieces) > 5
