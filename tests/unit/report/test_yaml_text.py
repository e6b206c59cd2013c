"""YAML text, read back by PyYAML (YAML 1.1) and by ruamel.yaml (YAML 1.2)."""

import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from launchready.report.hostile import printable_block
from launchready.report.yaml_text import Commented, yaml_lines

KEYS = st.from_regex(r"[a-z][a-z-]{2,8}", fullmatch=True)
SHOWN = st.text(max_size=40).map(printable_block)
WORDS = st.sampled_from(
    ["on", "No", "NULL", "~", "1e3", "0x1f", "12:30", "2026-01-01", "- a", "a: b", "a #b", "&a", "=", ""]
)
SCALARS = SHOWN | WORDS | st.integers(-(10**9), 10**9) | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)


def same(one, other):
    """A block of lines ends with a line break, which changes no command."""
    if isinstance(one, str) and isinstance(other, str):
        return one.rstrip("\n") == other.rstrip("\n")
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other and type(one) is type(other)


@given(value=st.dictionaries(KEYS.filter(lambda key: key not in {"yes", "off", "true", "null"}), VALUES, max_size=4))
def test_two_readers_of_two_versions_read_back_what_was_written(value):
    text = "\n".join(yaml_lines(value)) or "{}"
    assert same(yaml.safe_load(text), value), text
    assert same(YAML(typ="safe", pure=True).load(text), value), text


def test_a_comment_stays_beside_its_text_and_is_no_part_of_it():
    (line,) = yaml_lines({"uses": Commented("a/b@c # v1.2.3")})
    assert line == "uses: a/b@c # v1.2.3"
    assert yaml.safe_load(line) == {"uses": "a/b@c"}


def test_plain_words_stand_without_quotes_and_others_do_not():
    lines = list(yaml_lines({"a": "make test", "b": "yes", "c": "3.12", "d": "x: y", "e": True, "f": None, "g": []}))
    assert lines == ["a: make test", 'b: "yes"', 'c: "3.12"', 'd: "x: y"', "e: true", "f:", "g: []"]
