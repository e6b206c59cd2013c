"""What strangers put into policies, style sheets and scripts is read without an error and in linear time."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready.parse import csp
from launchready.parse.css import CssLoad, read_loads
from launchready.parse.ecmascript import read_calls
from launchready.parse.html_page import read_page

fuzz = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

POLICY_WORDS = (
    "script-src",
    "default-src",
    " ",
    ";",
    ",",
    "'self'",
    "'nonce-",
    "'",
    "'sha256-",
    "=",
    "*",
    "*.",
    ":",
    "/",
    "https:",
    "a.b",
    "443",
)
STYLE_WORDS = (
    "url(",
    ")",
    '"',
    "'",
    "\\",
    "\n",
    "/*",
    "*/",
    "@import",
    "@font-face",
    "{",
    "}",
    ";",
    ":",
    " ",
    "http://a/",
    "image-set(",
    "--x",
)
SCRIPT_WORDS = (
    "fetch(",
    "new WebSocket(",
    '"',
    "'",
    "`",
    "http://a.example/",
    "ws://a",
    "//",
    "/*",
    "*/",
    "/",
    "${",
    "}",
    "{",
    "\\",
    "\n",
    "(",
)


def near(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words) | st.text(max_size=5), max_size=30).map("".join)


@fuzz
@given(near(POLICY_WORDS), near(POLICY_WORDS))
def test_any_text_is_policies_and_any_url_matches_or_not(text: str, url: str) -> None:
    for policy in (*csp.read_policies([text]), *csp.read_meta_policies([text])):
        names = [directive.name for directive in policy.directives]
        assert len(set(names)) == len(names)
        for directive in policy.directives:
            sources = csp.read_sources(directive.words)
            assert csp.matches(f"https://{url}", sources, "https://a.example/") in {True, False}
            assert csp.allows_any_inline_script(sources) in {True, False}
            assert csp.allows_any_script_url(sources) in {True, False}


@fuzz
@given(near(STYLE_WORDS))
def test_any_text_is_a_style_sheet(text: str) -> None:
    assert all(isinstance(load, CssLoad) for load in (*read_loads(text), *read_loads(text, is_attribute=True)))


@fuzz
@given(near(SCRIPT_WORDS))
def test_any_text_is_a_script(text: str) -> None:
    assert all(call.url for call in read_calls(text))


@pytest.mark.parametrize("unit", sorted({*POLICY_WORDS, *STYLE_WORDS, *SCRIPT_WORDS, "<img srcset='", ",", "a"}))
def test_none_takes_more_than_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    for prefix in ("", "url(", '"', "/*", "@import ", "fetch(`${", "fetch('"):
        read_loads(prefix + text)
        read_calls(prefix + text)
    for policy in csp.read_policies([text, f"script-src {text}"]):
        for directive in policy.directives:
            csp.read_sources(directive.words)
    read_page(f"<img srcset='{text}'><p style='{text}'>")
    assert time.process_time() - started < 4
