"""Pages: what a visitor meets, by the HTML standard, on friendly and on hostile input."""

import time

import pytest

from launchready.parse.html_page import (
    MAX_EXCERPT_CHARS,
    MAX_LABEL_CHARS,
    Asset,
    AssetKind,
    Form,
    FormField,
    PageLink,
    read_page,
)
from launchready.parse.html_tokens import MAX_PAGE_CHARS, MAX_TOKENS, EndTag, StartTag, Text, tokenize

PAGE = """<!doctype html><html><head>
<title> Coach &amp; <b>Co</b>
 welcome </title><title>second</title>
<base href="/app/"><base href="/other/">
<meta name="Robots" content="NOINDEX"><meta name=robots content="nofollow">
<meta http-equiv=Refresh content="5; url=/next">
<link rel="Canonical" href="https://example.com/"><link rel=canonical href=/late>
<link rel="stylesheet preload" href=a.css><link rel="shortcut icon" href=f.ico><link rel=next href=2>
<script src=a.js></script><script>var x = "<a href='no'>no</a><!--";</script>
<style>a{color:red}</style>
</head><body>
<h1>Hello</h1><p>wor<b>ld</b><!-- <a href=hidden>no</a> --></p>
<a href="/book?a=1&amp;b=2">Book <img src=i.png alt="a call" srcset="i2.png 2x, i3.png 3x"></a>
<a name=anchor>no link</a><a href=one>one<a href=two>two</a>
<map><area href=map alt=Map></map>
<iframe src=f.html></iframe><video src=v.mp4 poster=p.jpg></video><object data=o.swf></object><embed src=e>
<form action=" /signup " method=POST>
<input type=hidden name=csrf value="t&amp;k"><input name=email TYPE=Email required><input type=submit>
<input type=checkbox name=terms><input type=checkbox name=news value=yes checked>
<input name=off disabled><select name=plan><option>Basic <option value=pro selected>Pro</select>
<select name=tier><option> Free  tier</option><option value=2>2</select><select name=none></select>
<textarea name=note>
line <b>one</b>
</textarea><button name=go value=1>Go</button>
</form><form></form><input name=outside></body></html>"""


def test_the_head_is_read() -> None:
    page = read_page(PAGE)
    assert page.title == "Coach & <b>Co</b> welcome"
    assert page.base_href == "/app/"
    assert page.robots == "noindex, nofollow"
    assert page.refresh == "5; url=/next"
    assert page.canonical == "https://example.com/"
    assert not page.truncated


def test_links_have_their_text_and_no_link_hides_in_scripts_or_comments() -> None:
    assert read_page(PAGE).links == (
        PageLink("/book?a=1&b=2", "Book a call"),
        PageLink("one", "one"),
        PageLink("two", "two"),
        PageLink("map", "Map"),
    )


def test_assets_tell_what_browsers_would_block() -> None:
    assert read_page(PAGE).assets == (
        Asset("a.css", AssetKind.STYLE, is_active=True),
        Asset("f.ico", AssetKind.ICON, is_active=False),
        Asset("a.js", AssetKind.SCRIPT, is_active=True),
        Asset("i.png", AssetKind.IMAGE, is_active=False),
        Asset("i2.png", AssetKind.IMAGE, is_active=True),
        Asset("i3.png", AssetKind.IMAGE, is_active=True),
        Asset("f.html", AssetKind.FRAME, is_active=True),
        Asset("v.mp4", AssetKind.MEDIA, is_active=False),
        Asset("p.jpg", AssetKind.IMAGE, is_active=False),
        Asset("o.swf", AssetKind.PLUGIN, is_active=True),
        Asset("e", AssetKind.PLUGIN, is_active=True),
    )


def test_a_form_can_be_followed_from_what_is_read() -> None:
    forms = read_page(PAGE).forms
    assert forms[1] == Form("", "get", ())
    assert len(forms) == 2
    assert (forms[0].action, forms[0].method) == ("/signup", "post")
    assert list(forms[0].fields) == [
        FormField("csrf", "hidden", "t&k"),
        FormField("email", "email", "", required=True),
        FormField("terms", "checkbox", "on"),
        FormField("news", "checkbox", "yes", checked=True),
        FormField("plan", "select", "pro"),
        FormField("tier", "select", "Free tier"),
        FormField("none", "select", ""),
        FormField("note", "textarea", "line <b>one</b>\n"),
        FormField("go", "submit", "1"),
    ]


def test_the_excerpt_is_what_a_visitor_reads() -> None:
    text = read_page(PAGE).text_excerpt
    assert text.startswith("Hello world Book no linkonetwo")
    assert "color" not in text
    assert "var x" not in text


def test_an_empty_page_has_nothing() -> None:
    page = read_page("")
    assert (page.title, page.links, page.forms, page.assets, page.text_excerpt) == (None, (), (), (), "")
    assert read_page("<title></title>").title == ""


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a<!-- x --!>b", "ab"),
        ("a<!-->b", "ab"),
        ("a<!--->b", "ab"),
        ("a<!-- <p> never closed > b", "a"),
        ("a<![CDATA[x]]>b", "ab"),
        ("a<?php x ?>b", "ab"),
        ("a<!x>b", "ab"),
        ("a</>b", "ab"),
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
        ("a <b unfinished", "a"),
        ("<p>a<script>x</script>b", "a b"),
        ("<p>a<script>never closed", "a"),
        ("<br/>a<p/>b", "a b"),
        ("&lt;p&gt;", "<p>"),
        ("a\x00b", "a\x00b"),
    ],
)
def test_odd_markup_is_read_as_browsers_do(text: str, seen: str) -> None:
    assert read_page(text).text_excerpt == seen


def test_forms_do_not_nest_and_an_unclosed_one_counts() -> None:
    page = read_page("<form action=a><input name=x><form action=b><input name=y><textarea name=z>t")
    assert page.forms == (
        Form("a", "get", (FormField("x", "text", ""), FormField("y", "text", ""), FormField("z", "textarea", "t"))),
    )


def test_the_first_of_an_attribute_counts() -> None:
    assert read_page("<a href=1 href=2>x</a>").links == (PageLink("1", "x"),)


def test_tokens_come_in_order() -> None:
    tokens, truncated = tokenize("<P Class=a>x<BR/>y</P>")
    assert tokens == [StartTag("p", {"class": "a"}), Text("x"), StartTag("br", {}), Text("y"), EndTag("p")]
    assert not truncated


def test_labels_and_excerpts_have_an_end() -> None:
    page = read_page(f"<title>{'t' * 10_000}</title><a href=x>{'l' * 10_000}</a>")
    assert len(page.title or "") == MAX_LABEL_CHARS
    assert len(page.links[0].text) == MAX_LABEL_CHARS
    assert len(page.text_excerpt) == MAX_EXCERPT_CHARS


@pytest.mark.parametrize(("tags", "truncated"), [(MAX_TOKENS - 1, False), (MAX_TOKENS, False), (MAX_TOKENS + 1, True)])
def test_tokens_are_read_up_to_a_limit_and_it_shows(tags: int, truncated: bool) -> None:
    assert read_page("<p>" * tags).truncated is truncated


@pytest.mark.parametrize(("chars", "truncated"), [(-1, False), (0, False), (1, True)])
def test_a_page_is_read_up_to_a_limit_and_it_shows(chars: int, truncated: bool) -> None:
    page = read_page("<title>x</title>" + " " * (MAX_PAGE_CHARS - 16 + chars))
    assert page.truncated is truncated
    assert page.title == "x"


HOSTILE = [
    "<!--", "<!--x>", "<!-", "<?", "</", "</x", "</x ", "<a ", '<a b="', "<a '", '<a b=">', "<a =", "<![", "<!x",
    "<script></", "<script></x", "<a/", "&", "&#", "&#x", "<", "<a<", "<a\n", '<!doctype "', "<a b='\"", "<a b= ",
    "<title></t", "<textarea>", "<style>", "<a b=c/", "<option>", "<select>", "<form>", "<a href=x>", "a,", "&lt",
    '<img srcset="', "<p><", "-->", "<svg><![CDATA[",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("tail", ["", ">", '">', "-->"])
def test_a_hostile_page_takes_no_longer_than_an_honest_one(unit: str, tail: str) -> None:
    text = unit * (40_000 // len(unit)) + tail
    started = time.process_time()
    read_page(text)
    # Linear time is some 0.1 s on a slow machine; the standard library alone takes up to 15 s.
    assert time.process_time() - started < 2


def test_what_stands_in_the_page_itself_is_read() -> None:
    page = read_page(
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'self'\"><style>a{b:c}</style><p style='d:e'>"
        "<script>f()</script><script type=module>g()</script><script type='application/ld+json'>{}</script>"
        "<script src=x></script><form action=/a><button formaction=/b></button><input formaction=' /c '></form>"
    )
    assert page.policies == ("img-src 'self'",)
    assert (page.styles, page.style_attributes) == (("a{b:c}",), ("d:e",))
    assert page.scripts == ("f()", "g()")
    assert page.submits_to == ("/b", "/c")


@pytest.mark.parametrize(
    "text",
    [
        "<noscript><img src=a></noscript>",
        "<template><script src=a></script></template>",
        "<script type=text/template src=a></script>",
        "<!-- <img src=a> -->",
        "<textarea><img src=a></textarea>",
        "<link rel=preconnect href=a>",
        "<a href=a>",
        "<link rel=alternate href=a>",
    ],
)
def test_what_a_browser_with_scripts_does_not_load_is_no_asset(text: str) -> None:
    assert read_page(text).assets == ()


@pytest.mark.parametrize(
    ("text", "kind", "is_active"),
    [
        ("<picture><source srcset=a><img></picture>", AssetKind.IMAGE, True),
        ("<picture><img src=a></picture>", AssetKind.IMAGE, True),
        ("<picture></picture><img src=a>", AssetKind.IMAGE, False),
        ("<svg><image xlink:href=a /></svg>", AssetKind.IMAGE, False),
        ("<body background=a>", AssetKind.IMAGE, False),
        ("<input type=image src=a>", AssetKind.IMAGE, False),
        ("<script type=text/javascript src=a></script>", AssetKind.SCRIPT, True),
        ("<track src=a>", AssetKind.MEDIA, True),
    ],
)
def test_each_way_to_load_is_known(text: str, kind: AssetKind, is_active: bool) -> None:
    assert read_page(text).assets == (Asset("a", kind, is_active),)


@pytest.mark.parametrize(
    ("srcset", "urls"),
    [
        ("a 1x, b 2x", ["a", "b"]),
        ("a,b 1x", ["a,b"]),
        ("a, b", ["a", "b"]),
        (" , a 100w (x,y) ,b", ["a", "b"]),
        ("data:image/png;base64,AA== 1x,\\n b", ["data:image/png;base64,AA==", "b"]),
        ("a,,, b", ["a", "b"]),
        (",", []),
        ("", []),
    ],
)
def test_a_srcset_is_cut_as_the_standard_does(srcset: str, urls: list[str]) -> None:
    page = read_page(f'<img srcset="{srcset.encode().decode("unicode_escape")}">')
    assert [asset.url for asset in page.assets] == urls
