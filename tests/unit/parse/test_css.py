"""What a style sheet loads, against tinycss2's tokens and the wording of CSS Syntax Level 3."""

import pytest
import tinycss2
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.parse.css import CssLoad, CssLoadKind, read_loads


def image(*urls: str) -> tuple[CssLoad, ...]:
    return tuple(CssLoad(url, CssLoadKind.IMAGE) for url in urls)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("a{background:url(x.png)}", ("x.png",)),
        ("a{background:URL( 'x.png' ) no-repeat, url( \"y.png\" )}", ("x.png", "y.png")),
        (r"a{background:url(x\29.png)}", ("x).png",)),
        (r"a{background:\75rl(x.png)}", ("x.png",)),
        ("a{background:url(data:image/png;base64,AA==)}", ("data:image/png;base64,AA==",)),
        ("a{background:url(x.png", ("x.png",)),
        ("a{background:image-set('a.png' 1x, url(b.png) 2x type('image/png'))}", ("a.png", "b.png")),
        ("@media screen{a{mask:src('m.svg')}}", ("m.svg",)),
        ("a:hover{b:c;background:url(x)}", ("x",)),
        ("/* url(a) */ a{/* url(b) */b:url(c)/* url(d)", ("c",)),
        ("a{content:'url(no)'}", ()),
        ("a{--x:url(no)}", ()),
        ("a{b:url()}", ()),
        ("a{b:url(x y)}", ()),  # a bad url
        ("a{b:url(x'y)}", ()),
        ("a{b:url('x\ny)", ()),  # a bad string
        ("@namespace svg url(http://www.w3.org/2000/svg);", ()),
        ("@namespace 'http://www.w3.org/1999/xhtml';", ()),
        ("@font-face{src:local('no')}", ()),
    ],
)
def test_addresses_that_are_loaded_are_found_and_others_are_not(text: str, urls: tuple[str, ...]) -> None:
    assert [load.url for load in read_loads(text)] == list(urls)


def test_a_fonts_file_is_a_font() -> None:
    text = "@font-face{font-family:X;src:local('X'),url(x.woff2) format('woff2')} a{b:url(i)}"
    assert read_loads(text) == (CssLoad("x.woff2", CssLoadKind.FONT), *image("i"))


@pytest.mark.parametrize(
    "text",
    [
        "@import 'a.css';",
        "@IMPORT url(a.css) screen;",
        "@charset 'utf-8';@layer x;@import \"a.css\" layer(y) supports(a:b);",
        "<!-- @import 'a.css'",
    ],
)
def test_an_import_at_the_top_is_a_style_sheet(text: str) -> None:
    assert read_loads(text) == (CssLoad("a.css", CssLoadKind.IMPORT),)


@pytest.mark.parametrize(
    "text", ["a{} @import 'a.css';", "@media x{@import 'a.css';}", "@namespace 'x';@import 'a.css';"]
)
def test_an_import_after_other_rules_loads_nothing(text: str) -> None:
    assert read_loads(text) == ()


def test_an_attribute_has_declarations_alone() -> None:
    assert read_loads("color:red;background:url(x)", is_attribute=True) == image("x")
    assert read_loads("@import 'a.css'", is_attribute=True) == ()
    assert read_loads("color:red;background:url(x)") == ()


PIECES = ("url(", ")", '"', "'", "x.png", " ", "/*", "*/", ";", "\\", "image-set(", ":", ",", "a", "\n", "(")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_in_a_declaration_the_urls_are_those_of_another_tokenizer(text: str) -> None:
    tokens = list(flat(tinycss2.parse_component_value_list(f"b:{text}")))
    if any(token.type == "error" or getattr(token, "value", "") == ";" for _, token in tokens):
        return  # rules are another matter, and so is what each makes of an error
    found = [load.url for load in read_loads(f"b:{text}", is_attribute=True)]
    assert found == [token.value for within, token in tokens if is_address(within, token) and token.value]


def flat(tokens, within=""):
    """Every token with the function around it."""
    for token in tokens:
        yield within, token
        if token.type == "function":
            yield from flat(token.arguments, token.lower_name)
        elif token.type == "() block":
            yield from flat(token.content)


def is_address(within, token):
    return token.type == "url" or (token.type == "string" and within in {"url", "image-set"})
