"""Which cookies may be somebody's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.personal_cookies import MIN_KEY_CHARS, personal_cookie

KEY = "0123456789abcdef"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"session={KEY}; Secure", "session"),
        (f"__Host-id={KEY}", "__Host-id"),
        (f"session={KEY[1:]}", None),  # a character short of a key
        (f"session={KEY}; Max-Age=0", None),
        ("session=", None),
        (f"__cf_bm={KEY}", None),
        (f"AWSALBCORS={KEY}", None),
        (f"_ga={KEY}", None),
        (f"ph_x_posthog={KEY}", None),
        (f"BIGipServerPool={KEY}", None),
        (f"{KEY}; Secure", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_a_key_of_a_visitor_is_told_from_other_cookies(line: str, name: str | None) -> None:
    assert len(KEY) == MIN_KEY_CHARS
    found = personal_cookie(line)
    assert (None if found is None else found[0]) == name


@given(st.text())
def test_any_text_is_an_answer(line: str) -> None:
    found = personal_cookie(line)
    assert found is None or len(found[1]) >= MIN_KEY_CHARS
