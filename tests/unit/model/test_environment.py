"""What is wrong with a value, by `model/environment.py`."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import launchready_guard
from launchready.model.environment import (
    MIN_SECRET_CHARS,
    REASONS,
    Flaw,
    Mode,
    RequiredIn,
    Stage,
    Variable,
    VariableType,
    digest_of,
    flaw_at,
    mode_of,
)

URL, EMAIL, SECRET, TEXT = VariableType.URL, VariableType.EMAIL, VariableType.SECRET, VariableType.TEXT
LIVE = "_".join(("sk", "live", "51" + "NxGt2LkWqRmVbYcHdJfKsTp"))
TEST = LIVE.replace("live", "test")
KEY = Variable("STRIPE_KEY", VariableType.KEY, prefix="sk_", min_chars=20, max_chars=200)
PORT = Variable("PORT", VariableType.INT, minimum=1, maximum=65535)
MODE = Variable("MODE", VariableType.ENUM, choices=("production", "test"))
DEBUG = Variable("DEBUG", VariableType.BOOL)


def of(kind: VariableType, **more) -> Variable:
    return Variable("A", kind, **more)


GOOD = [
    (of(URL), "https://app.brightpath.example"),
    (of(URL), "postgresql://coach:p%40ss@db.internal:5432/coach?sslmode=require"),
    (of(URL), "redis://[2001:db8::1]:6379/0"),
    (of(URL), "sqlite+aiosqlite:///coach.sqlite3"),
    (of(URL, may_be_local=True), "redis://localhost:6379"),
    (of(URL), "http://10.0.0.7:8000"),
    (of(EMAIL), "hello@brightpath.example"),
    (of(EMAIL), "Bright Path Coaching <hello@brightpath.example>"),
    (MODE, "production"),
    (MODE, "test"),
    (PORT, "1"),
    (PORT, "65535"),
    (DEBUG, "False"),
    (DEBUG, "0"),
    (KEY, LIVE),
    (of(SECRET), "correct horse battery staple"),
    (of(SECRET), "a3f1" * 8),
    (of(SECRET), "p$ssw{rd}#9"),
    (of(SECRET), "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"),
    (of(TEXT), "my-bucket"),
    (of(TEXT), "none"),
    (of(TEXT), '{"a": "${b}"}'),
    (of(TEXT), "Set your goals"),
    (of(TEXT), "test"),
    (of(URL, required_in=RequiredIn.NO), None),
    (of(URL, required_in=RequiredIn.NO), ""),
    (of(URL, required_in=RequiredIn.BUILD), None),
]

BAD = [
    (of(URL), None, Flaw.MISSING),
    (of(URL), "", Flaw.EMPTY),
    (of(SECRET), "   ", Flaw.EMPTY),
    (KEY, LIVE + "\n", Flaw.EDGES),
    (of(SECRET), " a3f1a3f1a3f1", Flaw.EDGES),
    (of(URL), "https://app.bright\npath.example", Flaw.LINE_BREAK),
    (KEY, f'"{LIVE}"', Flaw.QUOTED),
    (of(URL), "https://${HOST}/", Flaw.UNRESOLVED),
    (of(SECRET), "op://vault/item/field", Flaw.UNRESOLVED),
    (of(SECRET), "$STRIPE_KEY", Flaw.UNRESOLVED),
    (of(SECRET), "changeme", Flaw.PLACEHOLDER),
    (of(SECRET), "supersecret", Flaw.PLACEHOLDER),
    (of(SECRET), "aaaaaaaaaaaaaaaa", Flaw.PLACEHOLDER),
    (KEY, "sk_live_xxxxxxxxxxxxxxxxxxxx", Flaw.PLACEHOLDER),
    (KEY, "sk-your-key-here", Flaw.PLACEHOLDER),
    (of(TEXT), "<your bucket>", Flaw.PLACEHOLDER),
    (of(TEXT), "undefined", Flaw.PLACEHOLDER),
    (of(URL), "https://example.com/hook", Flaw.PLACEHOLDER),
    (of(URL), "https://your-domain.io", Flaw.PLACEHOLDER),
    (of(EMAIL), "you@example.com", Flaw.PLACEHOLDER),
    (of(URL), "app.brightpath.example", Flaw.NO_URL),
    (of(URL), "https://https://brightpath.example", Flaw.NO_URL),
    (of(URL), "https://app.brightpath.example:99999", Flaw.NO_URL),
    (of(URL), "https://app brightpath.example", Flaw.NO_URL),
    (of(URL, prefix="https://"), "http://app.brightpath.example", Flaw.PREFIX),
    (of(EMAIL), "brightpath.example", Flaw.NO_EMAIL),
    (of(EMAIL), "Bright Path <hello@brightpath.example", Flaw.NO_EMAIL),
    (MODE, "prod", Flaw.NO_CHOICE),
    (PORT, "80 80", Flaw.NO_INT),
    (PORT, "8080.0", Flaw.NO_INT),
    (PORT, "٣", Flaw.NO_INT),
    (PORT, "0", Flaw.OUT_OF_RANGE),
    (PORT, "65536", Flaw.OUT_OF_RANGE),
    (DEBUG, "nope", Flaw.NO_BOOL),
    (KEY, LIVE[:10] + " " + LIVE[10:], Flaw.NO_KEY),
    (KEY, "rk" + LIVE[2:], Flaw.PREFIX),
    (KEY, LIVE[:19], Flaw.TOO_SHORT),
    (KEY, LIVE + "a" * 200, Flaw.TOO_LONG),
    (of(SECRET), "a3f1b7c", Flaw.TOO_SHORT),
    (of(URL), "http://localhost:3000", Flaw.LOCAL_ADDRESS),
    (of(URL), "http://127.0.0.1:8000", Flaw.LOCAL_ADDRESS),
    (of(URL), "https://ab12.ngrok-free.app", Flaw.LOCAL_ADDRESS),
    (KEY, TEST, Flaw.TEST_KEY),
    (of(SECRET), "1x0000000000000000000000000000000AA", Flaw.TEST_KEY),
    (of(URL), "https://api-m.sandbox.paypal.com", Flaw.TEST_KEY),
]


@pytest.mark.parametrize(("variable", "value"), GOOD)
def test_a_good_value_has_no_flaw(variable, value):
    assert flaw_at(variable, value, Stage.PRODUCTION) is None


@pytest.mark.parametrize(("variable", "value", "flaw"), BAD)
def test_a_wrong_value_has_its_flaw(variable, value, flaw):
    assert flaw_at(variable, value, Stage.PRODUCTION) is flaw


def test_every_flaw_is_shown_by_a_value_and_has_its_words():
    assert {flaw for *_, flaw in BAD} | {Flaw.LIVE_KEY} == set(Flaw) == set(REASONS)


@pytest.mark.parametrize(
    ("value", "flaw"), [(LIVE, Flaw.LIVE_KEY), (TEST, None), ("http://localhost:3000", Flaw.NO_KEY)]
)
def test_a_live_key_is_wrong_where_only_tests_run(value, flaw):
    variable = dataclasses.replace(KEY, prefix="")
    assert flaw_at(variable, value, Stage.TEST) is (flaw if value != "http://localhost:3000" else None)


def test_what_is_missing_is_wrong_only_where_it_is_needed():
    variable = of(URL, required_in=RequiredIn.BUILD)
    assert flaw_at(variable, None, Stage.PRODUCTION, RequiredIn.BUILD) is Flaw.MISSING
    both = dataclasses.replace(variable, required_in=RequiredIn.BOTH)
    assert {flaw_at(both, None, Stage.TEST, where) for where in (RequiredIn.BUILD, RequiredIn.RUN)} == {Flaw.MISSING}


@pytest.mark.parametrize(("chars", "flaw"), [(-1, Flaw.TOO_SHORT), (0, None), (1, None)])
def test_a_secret_has_eight_characters_at_least(chars, flaw):
    assert MIN_SECRET_CHARS == 8
    value = "a3f1b7c9d5"[: MIN_SECRET_CHARS + chars]
    assert flaw_at(of(SECRET), value, Stage.PRODUCTION) is flaw


def test_the_digest_counts_what_is_judged_and_not_the_words_or_the_order():
    first, second = of(URL), dataclasses.replace(PORT, owner="Maya")
    assert digest_of((first, second)) == digest_of((dataclasses.replace(second, owner=""), first))
    assert digest_of((first, second)) != digest_of((dataclasses.replace(first, prefix="https://"), second))


@given(st.sampled_from(VariableType), st.text() | st.from_regex(r"[a-z]{1,5}://\S*", fullmatch=True))
def test_any_value_is_judged(kind, value):
    variable = Variable("A", kind, choices=("a",) if kind is VariableType.ENUM else ())
    assert flaw_at(variable, value, Stage.PRODUCTION) in {None, *Flaw}
    assert mode_of(variable, value) in Mode


def test_the_product_judges_its_values_by_the_same_text():
    here = Path(__file__).parents[3] / "src/launchready/model/environment.py"
    there = Path(launchready_guard.__file__).with_name("environment_values.py")
    assert here.read_text("utf-8") == there.read_text("utf-8")
