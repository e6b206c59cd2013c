"""Why a build stopped: sentences of tools, held against what git has."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.deliver.build_words import MAX_SAID_CHARS, Ground, explain, said
from launchready.facts.build import BuildFault, BuildStep

F = BuildFault
GROUND = Ground(
    held=("src/Header.js", "app/web.py", "app/pages/__init__.py", "build.py", "package.json", "static/a b.css"),
    outside=("content/prices.json", "app/local.py", "src/Secret.tsx"),
    declared=("STRIPE_API_KEY",),
    dependencies='flask==3\nPyYAML>=2\n"@scope/tool": "1"',
    place="/build/one",
    programs=frozenset({"tsc"}),
    mentions=lambda name: name in {b"SITE_NAME", b"site_name", b"STRIPE_API_KEY", b"FIRST_ONE", b"SECOND_ONE"},
)


def told(line: str, ground: Ground = GROUND) -> tuple[BuildFault, str]:
    failure = explain(BuildStep.BUILD, f"working\n{line}\n", 2, ground)
    return failure.fault, failure.name


@pytest.mark.parametrize(
    ("line", "fault", "name"),
    [
        ("ModuleNotFoundError: No module named 'markdown'", F.UNDECLARED_DEPENDENCY, "markdown"),
        ("ModuleNotFoundError: No module named 'google.cloud'", F.UNDECLARED_DEPENDENCY, "google"),
        ("/usr/bin/python3: No module named pytest", F.UNDECLARED_DEPENDENCY, "pytest"),
        ("Error: Cannot find module 'left-pad/lib'", F.UNDECLARED_DEPENDENCY, "left-pad"),
        ("Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@x/y' imported from a", F.UNDECLARED_DEPENDENCY, "@x/y"),
        ("Module not found: Error: Can't resolve 'lodash' in '/build/one/src'", F.UNDECLARED_DEPENDENCY, "lodash"),
        ('✘ [ERROR] Could not resolve "dayjs"', F.UNDECLARED_DEPENDENCY, "dayjs"),
        ('Failed to resolve import "axios" from "src/a.js"', F.UNDECLARED_DEPENDENCY, "axios"),
        ("sh: 1: tsc: not found", F.UNDECLARED_DEPENDENCY, "tsc"),
        ("ModuleNotFoundError: No module named 'app.local'", F.FILE_OUTSIDE_GIT, "app/local.py"),
        ('Could not resolve "./Secret" from "src/app.ts"', F.FILE_OUTSIDE_GIT, "src/Secret.tsx"),
        ("[Errno 2] No such file or directory: 'content/prices.json'", F.FILE_OUTSIDE_GIT, "content/prices.json"),
        ("No such file or directory: '/build/one/content/prices.json'", F.FILE_OUTSIDE_GIT, "content/prices.json"),
        ("cp: cannot stat 'content/prices.json': No such file", F.FILE_OUTSIDE_GIT, "content/prices.json"),
        ("cat: content/prices.json: No such file or directory", F.FILE_OUTSIDE_GIT, "content/prices.json"),
        (
            "Error: ENOENT: no such file or directory, open '/build/one/content/prices.json'",
            F.FILE_OUTSIDE_GIT,
            "content/prices.json",
        ),
        (
            "make: *** No rule to make target 'content/prices.json', needed by 'all'.  Stop.",
            F.FILE_OUTSIDE_GIT,
            "content/prices.json",
        ),
        ("Error: Cannot find module './header.js'", F.LETTER_CASE, "src/Header.js"),
        ("Can't resolve '../src/header' in '/build/one/src'", F.LETTER_CASE, "src/Header.js"),
        ("ModuleNotFoundError: No module named 'app.Web'", F.LETTER_CASE, "app/web.py"),
        ("ModuleNotFoundError: No module named 'app.Pages'", F.LETTER_CASE, "app/pages/__init__.py"),
        (
            "  File \"<frozen os>\", line 679, in __getitem__\nKeyError: 'site_name'",
            F.UNDECLARED_VARIABLE,
            "site_name",
        ),
        ("KeyError: 'SITE_NAME'", F.UNEXPLAINED, "exit code 2"),
        ("Error [ERR_UNKNOWN_CODE]: ERR_UNKNOWN_CODE is not known", F.UNEXPLAINED, "exit code 2"),
        ("build.sh: line 3: SITE_NAME: unbound variable", F.UNDECLARED_VARIABLE, "SITE_NAME"),
        ("sh: 1: SITE_NAME: parameter not set", F.UNDECLARED_VARIABLE, "SITE_NAME"),
        ("Error: SITE_NAME is not set", F.UNDECLARED_VARIABLE, "SITE_NAME"),
        ("Missing environment variable: SITE_NAME", F.UNDECLARED_VARIABLE, "SITE_NAME"),
        ("sh: 1: vite: not found", F.MISSING_PROGRAM, "vite"),
        ("bash: line 1: vite: command not found", F.MISSING_PROGRAM, "vite"),
        ("npm ERR! getaddrinfo EAI_AGAIN registry.example.org", F.NEEDS_NETWORK, "registry.example.org"),
        ("urlopen error [Errno -3] Temporary failure in name resolution", F.NEEDS_NETWORK, "something"),
        ("ModuleNotFoundError: No module named 'flask'", F.UNEXPLAINED, "exit code 2"),
        ("ModuleNotFoundError: No module named 'yaml'", F.UNDECLARED_DEPENDENCY, "yaml"),
        ("Error: Cannot find module '@scope/tool'", F.UNEXPLAINED, "exit code 2"),
        ("KeyError: 'STRIPE_API_KEY'", F.UNEXPLAINED, "exit code 2"),
        ("No such file or directory: 'nowhere.json'", F.UNEXPLAINED, "exit code 2"),
        ("No such file or directory: 'app/web.py'", F.UNEXPLAINED, "exit code 2"),
        ("SyntaxError: invalid syntax", F.UNEXPLAINED, "exit code 2"),
        ("FAILED (failures=1)", F.UNEXPLAINED, "exit code 2"),
    ],
)
def test_a_sentence_is_believed_as_far_as_the_repository_bears_it_out(line: str, fault: BuildFault, name: str) -> None:
    assert told(line) == (fault, name)


def test_with_the_network_a_name_that_does_not_resolve_is_another_matter() -> None:
    line = "getaddrinfo ENOTFOUND api.example.org"
    assert told(line, replace(GROUND, has_network=True))[0] is F.UNEXPLAINED


def test_the_last_sentence_that_explains_wins() -> None:
    log = "FIRST_ONE is not set\nSECOND_ONE is not set\nnpm ERR! code 1\n"
    assert explain(BuildStep.TEST, log, 1, GROUND).name == "SECOND_ONE"


def test_what_is_repeated_is_harmless_and_short() -> None:
    assert said("\x1b[31mred\x1b[0m\x07 \u202e") == "red"
    assert len(said("x" * 1000)) == MAX_SAID_CHARS


@given(st.text(max_size=300), st.integers(-64, 255))
def test_any_words_are_explained_or_not(log: str, code: int) -> None:
    failure = explain(BuildStep.BUILD, log, code, GROUND)
    assert failure.fault in set(BuildFault)
    assert len(failure.said) <= MAX_SAID_CHARS
    assert failure.said.isprintable()
