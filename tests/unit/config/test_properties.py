import random
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from launchready.config.errors import ConfigError
from launchready.config.load import read_product
from launchready.model.product import Product

WHOLE = Path(__file__).with_name("whole.toml").read_text("utf-8")
BASE = Path("/srv/product")
SCALARS = st.one_of(st.booleans(), st.integers(), st.text(max_size=20), st.dates(), st.sampled_from(["", "x", "page"]))
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
SECRETS = st.text("abcdefgXYZ0123456789_-", min_size=12, max_size=30)

bounded = settings(max_examples=150, deadline=None, database=None)


def read(text: str) -> Product:
    return read_product(text, "launchready.toml", BASE)


def written(document: Mapping[str, Any]) -> str:
    """TOML of a declaration, its tables and keys in the order of the mapping."""
    lines: list[str] = []
    for name, table in document.items():
        for row in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines.extend(f"{key} = {toml(value)}" for key, value in row.items())
    return "\n".join(lines) + "\n"


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case int() | float() | date():
            return str(value)
        case _:
            return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in str(value)) + '"'


def assert_loads_or_explains(text: str) -> None:
    try:
        read(text)
    except ConfigError as error:
        told = error
    else:
        return
    assert told.what.endswith(".")
    assert told.next_step
    assert told.where.startswith("launchready.toml")
    assert str(told).isprintable()


@bounded
@given(st.randoms(use_true_random=False))
def test_the_order_of_tables_and_keys_is_irrelevant(order: random.Random):
    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        names = list(mapping)
        order.shuffle(names)
        return {name: rearranged(mapping[name]) for name in names}

    def rearranged(value: Any) -> Any:
        if isinstance(value, list):
            return [rearranged(item) for item in value]
        return shuffled(value) if isinstance(value, dict) else value

    assert read(written(shuffled(tomllib.loads(WHOLE)))) == read(WHOLE)


@bounded
@example("a = " + "[" * 5000)
@example("a = " + "9" * 5000)
@example("'" * 3 + "\n")
@given(st.one_of(st.text(), st.text("[]{}=\"'#\n.ab1 ")))
def test_any_text_loads_or_explains(text):
    assert_loads_or_explains(text)
    assert_loads_or_explains(text + WHOLE)


@bounded
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("[]{}=\"'#\n.ab1 ", max_size=5))
def test_any_slip_of_the_keyboard_loads_or_explains(start, length, typed):
    assert_loads_or_explains(WHOLE[:start] + typed + WHOLE[start + length :])


@settings(bounded, max_examples=400)
@given(st.data())
def test_any_value_under_any_key_loads_or_explains(data):
    document = tomllib.loads(WHOLE)
    name = data.draw(st.sampled_from(sorted(document)))
    table = document[name]
    row = data.draw(st.sampled_from(table)) if isinstance(table, list) else table
    key = data.draw(st.sampled_from([*row, "key", "na\x1bme"]))
    row[key] = data.draw(VALUES)
    assert_loads_or_explains(written(document).replace("na\x1bme", '"na\\u001bme"'))


@pytest.mark.parametrize(
    "spot",
    [
        ("mailbox_password", "SECRET"),
        ("mailbox_password", "env:SECRET!"),
        ("mailbox_password", "literal:SECRET"),
        ("mailbox_password", "file:~SECRET"),
        ("mailbox", "imaps://maya:SECRET@inbox.example"),
        ("mailbox", "imaps://maya:SECRET@inbox.example:99999"),
        ("mailbox", "imap://maya:SECRET@[inbox.example"),
        ("mailbox", "maya:SECRET@inbox.example"),
        ("login", "https://maya:SECRET@brightpath.example/"),
        ("login", "https://maya:SECRET@[brightpath.example/"),
        ("login", "http://brightpath.example/?token=SECRET"),
        ("login", "https://elsewhere.example/?token=SECRET"),
        ("login", "https://brightpath.example/#SECRET"),
        ("address", "maya:SECRET@inbox.example"),
    ],
)
@settings(bounded, max_examples=15)
@given(secret=SECRETS)
def test_a_secret_is_never_in_a_message(spot, secret):
    key, form = spot
    document = tomllib.loads(WHOLE)
    document["journeys"][1][key] = form.replace("SECRET", f"-{secret}")
    with pytest.raises(ConfigError) as caught:
        read(written(document))
    assert secret not in str(caught.value)
    assert secret not in repr(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "line", ["mailbox_password = hunter2", 'mailbox_password = "hunter2', 'token = "hunter2"', "= hunter2"]
)
def test_a_secret_in_broken_toml_is_not_in_the_message(line):
    with pytest.raises(ConfigError) as caught:
        read(f"{WHOLE}\n[[journeys]]\n{line}\n")
    assert "hunter2" not in str(caught.value)
