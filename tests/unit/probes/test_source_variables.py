"""The probes of `probes/source_variables.py`."""

import pytest

from launchready.facts.environment import ExampleFile, VariableExamples, VariableRead
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Repository
from launchready.probes import source_variables as probes
from launchready.probes.source_variables import MAX_FILE_BYTES, source_variables, variable_examples

READ = 'import os\nos.environ["{}"]\n'


@pytest.fixture
def tree(tmp_path):
    def written(**files):
        for name, content in files.pop("files").items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Repository(str(tmp_path))

    return lambda files: written(files=files)


async def names(repository, clock) -> list[str]:
    return [read.name for read in (await source_variables(repository, clock)).reads]


async def test_python_scripts_and_components_are_read_with_their_places(tree, clock) -> None:
    repository = tree(
        {
            "app/a.py": READ.format("A"),
            "web/a.ts": "const x = <string>process.env.B;\nprocess.env.A || 1",
            "web/a.tsx": "export default () => <p>{process.env.C ?? 'c'}</p>",
            "web/A.vue": "<script>\nimport.meta.env.VITE_D\n</script>",
            "readme.md": "process.env.E",
        }
    )
    seen = await source_variables(repository, clock)
    assert seen.reads == (
        VariableRead("A", "app/a.py:2", has_fallback=False),
        VariableRead("B", "web/a.ts:1", has_fallback=False),
        VariableRead("C", "web/a.tsx:1", has_fallback=True),
        VariableRead("VITE_D", "web/A.vue:2", has_fallback=False),
    )
    assert seen.gaps == ()


async def test_tests_builds_and_what_others_wrote_are_left_out(tree, clock) -> None:
    left_out = (
        *(
            "node_modules/x/a.js",
            "web/node_modules/a.js",
            ".venv/a.py",
            "env/lib/a.py",
            "dist/a.js",
            ".next/server/a.js",
        ),
        *(
            "tests/a.py",
            "src/a.test.ts",
            "conftest.py",
            "app/test_a.py",
            "vendor/a.py",
            "docs/a.py",
            "a.d.ts",
            "a.min.js",
        ),
    )
    text = {True: READ.format("OTHERS"), False: "process.env.OTHERS"}
    files = {name: text[name.endswith(".py")] for name in left_out} | {"env/pyvenv.cfg": "home = /usr/bin"}
    assert await names(tree({**files, "app/a.py": READ.format("A")}), clock) == ["A"]


async def test_a_package_of_the_product_may_be_called_build(tree, clock) -> None:
    assert await names(tree({"build/__init__.py": "", "build/a.py": READ.format("A")}), clock) == ["A"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("old.py", "import os\nprint os.environ['A']", Why.UNREADABLE),
        ("a.js", "process.env.A = {", Why.UNREADABLE),
        ("a.py", b"import os  # \xff environ", Why.UNREADABLE),
        ("a.js", b"process.env.A;" + b" " * MAX_FILE_BYTES, Why.TOO_LARGE),
        ("main.go", 'key := os.Getenv("KEY")', Why.NOT_INSTALLED),
        ("a.rb", 'ENV.fetch("KEY")', Why.NOT_INSTALLED),
    ],
)
async def test_a_file_in_which_a_read_could_hide_is_named(tree, clock, name, content, why) -> None:
    seen = await source_variables(tree({name: content, "app/b.py": READ.format("B")}), clock)
    assert [(gap.why, gap.detail.split()[0]) for gap in seen.gaps] == [(why, name)]
    assert [read.name for read in seen.reads] == ["B"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("big.js", b"let x = 1;" + b" " * MAX_FILE_BYTES), ("page.js", "{% broken"), ("main.go", "package main")],
)
async def test_a_file_that_mentions_no_environment_hides_nothing(tree, clock, name, content) -> None:
    seen = await source_variables(tree({name: content, "app/b.py": READ.format("B")}), clock)
    assert seen.gaps == ()


async def test_the_first_place_is_kept_and_a_link_is_not_followed(tree, clock, tmp_path) -> None:
    repository = tree({"app/a.py": READ.format("A") * 9})
    (tmp_path / "app" / "self").symlink_to(tmp_path)
    (tmp_path / "app" / "b.py").symlink_to(tmp_path / "app" / "a.py")
    reads = (await source_variables(repository, clock)).reads
    assert reads == (VariableRead("A", "app/a.py:2", has_fallback=False),)


@pytest.mark.parametrize("files", [{}, {"main.go": "package main"}, {"readme.md": "process.env.A"}])
async def test_without_source_that_is_followed_nothing_was_seen(tree, clock, files) -> None:
    with pytest.raises(NotSeen) as unseen:
        await source_variables(tree(files), clock)
    assert unseen.value.why is Why.NOT_FOUND


async def test_a_folder_that_is_not_there_was_not_seen(clock, tmp_path) -> None:
    for look in (source_variables, variable_examples):
        with pytest.raises(NotSeen) as unseen:
            await look(Repository(str(tmp_path / "nowhere")), clock)
        assert unseen.value.why is Why.NOT_FOUND


@pytest.mark.parametrize("limit", ["MAX_ENTRIES", "MAX_SOURCE_BYTES"])
async def test_a_folder_that_is_too_large_was_not_seen(tree, clock, monkeypatch, limit) -> None:
    monkeypatch.setattr(probes, limit, 3)
    files = {f"a{number}.py": READ.format("A") for number in range(4)}
    with pytest.raises(NotSeen) as unseen:
        await source_variables(tree(files), clock)
    assert unseen.value.why is Why.TOO_LARGE


async def test_example_files_and_schemas_are_read(tree, clock) -> None:
    repository = tree(
        {
            ".env.example": "# x\nA=1\nB=\nA=2\n",
            "web/.env.production.sample": "C=\n",
            ".env.schema": "# @required @type=url\nD=\n# ---\nE=exec('x')\n",
            ".env": "HIDDEN=1",
            "node_modules/x/.env.example": "OTHERS=",
        }
    )
    assert await variable_examples(repository, clock) == VariableExamples(
        (ExampleFile(".env.example", ("A", "B")), ExampleFile("web/.env.production.sample", ("C",))), ("D", "E")
    )


async def test_an_example_that_cannot_be_read_was_not_seen(tree, clock) -> None:
    with pytest.raises(NotSeen) as unseen:
        await variable_examples(tree({".env.example": "hunter2\n"}), clock)
    assert (unseen.value.why, "hunter2" in unseen.value.detail) == (Why.UNREADABLE, False)
