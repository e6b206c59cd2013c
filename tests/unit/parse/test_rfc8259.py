"""JSON from strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc8259 import read_json


@pytest.mark.parametrize("text", [b'{"a": [1, null]}', '{"a": [1, null]}', b'\xef\xbb\xbf{"a": [1, null]}'])
def test_json_is_read_from_text_and_bytes(text) -> None:
    assert read_json(text) == {"a": [1, None]}


@pytest.mark.parametrize("text", ["", "{", "<html>", b"\xff\xfe\x00", "[" * 100_000, "1e", "nul"])
def test_what_is_none_is_nothing(text) -> None:
    assert read_json(text) is None


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_nothing(data) -> None:
    assert isinstance(read_json(data), dict | list | str | int | float | None)
