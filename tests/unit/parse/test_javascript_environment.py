"""The reads that `parse/javascript_environment.py` finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.environment_reads import Read, SourceError
from launchready.parse.javascript_environment import reads_in_component, reads_in_javascript

CODE = {
    "process.env.A": "A",
    'process.env["A"]; process.env[`B`]; process.env[name]': "A B",
    "process?.env?.A": "A",
    "globalThis.process.env.A": "A",
    "import.meta.env.VITE_A; import.meta.env.MODE; import.meta.env.DEV": "VITE_A",
    "Bun.env.A": "A",
    'Deno.env.get("A"); Deno.env.has("B"); Deno.env.toObject()': "A B?",
    "(process.env as any).A": "A",
    "process.env.A!.split(',')": "A",
    "process.env.A ?? 'b'; process.env.B || 'b'; 'b' || process.env.C": "A? B? C",
    "if (process.env.A) {}; while (!process.env.B) {}; process.env.C ? 1 : 2; process.env.D === 'x'": "A? B? C? D?",
    "process.env.A ??= 'x'; process.env.B = 'x'; delete process.env.C": "A?",
    "'A' in process.env": "A?",
    "const { A, B: b, C = 'x', D: d = 'x', ...rest } = process.env": "A B C? D?",
    "let x; ({ A: x } = process.env)": "A",
    "const env = process.env; env.A; env.toString; other.B": "A",
    "const e = import.meta.env\nuse(e.VITE_A)": "VITE_A",
    "Object.keys(process.env); process.env.hasOwnProperty('A')": "",
    "import { env } from 'node:process'; env.A": "A",
    "import { A, B as b } from '$env/static/private'": "A B",
    "import { env as e } from '$env/dynamic/public'; e.PUBLIC_A": "PUBLIC_A",
    "import { A } from 'astro:env/server'; import { B } from './env'": "A",
    "const e = cleanEnv(process.env, { A: str(), B: port({ default: 80 }) })": "A B?",
    "const s = z.object({ A: z.string(), B: z.string().optional() }); s.parse(process.env)": "A B?",
    "z.object({ A: z.url() }).strict().safeParse(process.env)": "A",
    "// process.env.A\n/* process.env.B */ 'process.env.C'; /process.env.D['\"]/.test(x)": "",
    "`${process.env.A} process.env.B`": "A",
    "const p = <p title='x'>Don't {process.env.A} \"</p>; process.env.B": "A B",
    "const a = b / process.env.A / c": "A",
    "other.process.env.A; myprocess.env.B; env.C; process.environment.D": "",
}


def words(reads) -> set[str]:
    return {read.name + "?" * read.has_fallback for read in reads}


@pytest.mark.parametrize(("text", "found"), CODE.items())
def test_reads_are_found_with_what_the_code_does_without_them(text, found):
    assert words(reads_in_javascript(text)) == set(found.split())


def test_types_are_types_and_elements_are_elements():
    text = "const a = <string>process.env.A;\nfunction f<T>(x: T): x is T { return !!process.env.B }"
    assert words(reads_in_javascript(text, is_plain_typescript=True)) == {"A", "B?"}
    assert words(reads_in_javascript("const a = <A b={process.env.C} />")) == {"C"}
    assert words(reads_in_javascript("enum E { X }\nconst a = process.env.A satisfies string")) == {"A"}


def test_the_line_of_each_read_is_kept():
    assert reads_in_javascript("\n\nprocess.env.A\nprocess.env.A") == (Read(3, "A", False), Read(4, "A", False))


def test_scripts_of_components_are_read_with_their_lines():
    vue = "<template>\n<p>{{ a }}</p>\n</template>\n<script lang='ts'>\nconst a = import.meta.env.VITE_A\n</script>\n"
    assert reads_in_component(vue) == (Read(5, "VITE_A", False),)
    astro = "---\nconst a = import.meta.env.A\n---\n<p>{a}</p><script type='application/json'>{\"env\":</script>"
    assert reads_in_component(astro) == (Read(2, "A", False),)


@pytest.mark.parametrize("text", ["<p>{import.meta.env.VITE_A}</p>", "<script>const = process.env.A</script>"])
def test_a_component_that_could_hide_a_read_is_said(text):
    with pytest.raises(SourceError):
        reads_in_component(text)


@pytest.mark.parametrize("text", ["const = process.env.A", "{% if env %}\nprocess.env.A {", "env((((", "\x00 env `"])
def test_what_is_no_code_is_said(text):
    with pytest.raises(SourceError, match=r"line \d+ is no code"):
        reads_in_javascript(text)


def test_deep_code_is_read_or_refused_in_time():
    for text in (
        "(" * 20_000 + "process.env.A",
        "process.env" + "[process.env" * 5_000,
        "process.env.A;" + "a?b:" * 5_000,
    ):
        with pytest.raises(SourceError):
            reads_in_javascript(text)


@given(st.text() | st.text(st.sampled_from("process.env[]{}()<>`'\"/AB ?=:\n\\$|!")))
def test_any_text_is_read_or_refused(text):
    for read in (reads_in_javascript, reads_in_component):
        try:
            found = read(text + "\nenv;")
        except SourceError:
            continue
        assert all(one.name.isascii() and one.line >= 1 for one in found)
