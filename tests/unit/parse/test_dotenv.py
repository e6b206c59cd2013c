"""The parser of `parse/dotenv.py`, beside python-dotenv."""

from io import StringIO

import dotenv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.dotenv import MAX_VALUE_CHARS, Assignment, DotenvError, read_dotenv, values_of

LINES = {
    "A=b": "b",
    "A = b ": "b",
    "export A=b": "b",
    "A=": "",
    "A=b c": "b c",
    "A=b # c": "b",
    "A=b#c": "b#c",
    "A=# c": "",
    "A='b # c'": "b # c",
    "A='b' # c": "b",
    'A="b\\nc"': "b\nc",
    "A='b\\nc'": "b\\nc",
    'A="b\nc"': "b\nc",
    'A="say \\"b\\""': 'say "b"',
    'A="b\\\\"': "b\\",
    "A=b=c": "b=c",
    "A=b\r\n": "b",
    "\ufeffA=b": "b",
    "# x\n\nA=b": "b",
    "A=b\nA=c": "c",
}


@pytest.mark.parametrize(("text", "value"), LINES.items())
def test_a_value_is_read(text, value):
    assert values_of(read_dotenv(text)) == {"A": value}


DISPUTED = {
    "A=# c",
    "\ufeffA=b",
}  # an empty value with a comment, as in JavaScript; python-dotenv keeps it as the value


@pytest.mark.parametrize(("text", "value"), [(t, v) for t, v in LINES.items() if t not in DISPUTED])
def test_python_dotenv_reads_the_same(text, value):
    assert dotenv.dotenv_values(stream=StringIO(text), interpolate=False) == {"A": value}


def test_lines_are_counted_over_quotes_of_many_lines():
    assert read_dotenv('# x\nA="1\n2"\n\nB=3') == (Assignment("A", "1\n2", 2), Assignment("B", "3", 5))


def test_a_reference_becomes_what_stands_above_and_stays_otherwise():
    found = values_of(read_dotenv("U=maya\nA=${U}@db\nB='${U}'\nC=${LATER}\nLATER=x"))
    assert found == {"U": "maya", "A": "maya@db", "B": "${U}", "C": "${LATER}", "LATER": "x"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=b\nhunter2", "line 2 is neither NAME=value nor a comment"),
        ("1A=hunter2", "line 1 is neither NAME=value nor a comment"),
        ("A='hunter2", "line 1 opens a quote ' that does not end"),
        ("\nA='b' hunter2", "line 2 goes on behind the end of its quotes"),
    ],
)
def test_what_is_no_assignment_is_named_by_its_line_alone(text, message):
    with pytest.raises(DotenvError) as refused:
        read_dotenv(text)
    assert str(refused.value) == message


def test_references_do_not_multiply_without_end():
    text = "A=" + "x" * 100 + "".join(f"\nA={'${A}' * 10}" for _ in range(50))
    with pytest.raises(DotenvError, match=f"more than {MAX_VALUE_CHARS} characters"):
        read_dotenv(text)
    assert len(values_of(read_dotenv(f"A={'x' * MAX_VALUE_CHARS}"))["A"]) == MAX_VALUE_CHARS


@given(st.text(st.sampled_from("AB=#'\"` \t\n\r\\n$${}export.-é\x00")) | st.text())
def test_any_text_is_read_or_refused(text):
    try:
        found = read_dotenv(text)
    except DotenvError:
        return
    assert all(one.name and one.line >= 1 for one in found)


BARE = st.text(st.sampled_from("abcXYZ019_-./:@+,;=#$ "), max_size=12).filter(lambda v: not v.strip().startswith("#"))


@given(st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,5}", fullmatch=True), BARE, max_size=5))
def test_python_dotenv_reads_the_same_of_any_bare_values(values):
    text = "\n".join(f"{name}={value}" for name, value in values.items())
    assert values_of(read_dotenv(text)) == dotenv.dotenv_values(stream=StringIO(text), interpolate=False)


@given(st.text(st.characters(exclude_characters="'\\\r", exclude_categories=("Cs",))))
def test_single_quotes_keep_any_text_as_python_dotenv_does(value):
    text = f"A='{value}'"
    expected = dotenv.dotenv_values(stream=StringIO(text), interpolate=False)
    assert values_of(read_dotenv(text)) == expected == {"A": value}
