"""Our part of JSONPath and python-jsonpath, which implements all of RFC 9535, lead to the same values."""

import jsonpath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.parse.json_path import JsonPathError, read_path

NAMES = ("a", "b", "messages", "é", "it's", 'a"b', "a\\b", "0")
VALUES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=15,
)


def quoted(name: str) -> str:
    return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


STEPS = st.sampled_from([".a", ".b", ".messages", ".é", "[0]", "[1]", "[-1]", "[-2]", "[*]", ".*", *map(quoted, NAMES)])


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.lists(STEPS, max_size=4).map(lambda steps: "$" + "".join(steps)), VALUES)
def test_both_lead_to_the_same_values(path: str, value: object) -> None:
    theirs = jsonpath.findall(path, value) if isinstance(value, dict | list) else None
    if theirs is not None:
        assert list(read_path(path).find(value)) == theirs


@pytest.mark.parametrize(
    "path", ["", "a", "$.", "$..a", "$[", "$[01]", "$[-0]", "$['a]", "$.a b", "$[0:2]", "$[?@.a]", "$a"]
)
def test_what_is_no_such_path_is_refused(path: str) -> None:
    with pytest.raises(JsonPathError):
        read_path(path)


def test_a_value_is_put_where_the_path_leads_and_the_way_is_made() -> None:
    path = read_path("$.messages[1].content")
    assert path.put({"lang": "en"}, "Hi") == {"lang": "en", "messages": [None, {"content": "Hi"}]}


@pytest.mark.parametrize("path", ["$[*]", "$.a.b", "$[-1]"])
def test_a_value_is_put_at_one_place_only(path: str) -> None:
    with pytest.raises(JsonPathError, match="does not lead to one place"):
        read_path(path).put({"a": "text"}, "new")
