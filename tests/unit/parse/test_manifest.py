"""Manifests: read as GNU find and sha256sum write them on this machine, and compared."""

import contextlib
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.manifest import (
    Difference,
    Manifest,
    ManifestError,
    ReleasedFile,
    compare,
    digest_of,
    read_manifest,
    write_manifest,
)

DIGEST = hashlib.sha256(b"x").hexdigest()
OTHER = hashlib.sha256(b"y").hexdigest()
PATHS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).filter(
    lambda path: path.strip("./") == path and not path.startswith("./")
)


def made(*files: tuple[str, str], mode: str = "644", environment: tuple[tuple[str, str], ...] = ()) -> Manifest:
    return Manifest(tuple(ReleasedFile(path, mode, 1, digest) for path, digest in files), environment)


@pytest.mark.parametrize("names", [["a.py", "sub/b c.txt", "é.html"], ["line\nbreak", "back\\slash", "re\rturn"]])
def test_what_find_and_sha256sum_print_is_read(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(0o640)
    command = "find . -type f -printf '%m %s ' -exec sha256sum {} ';'"
    assert shutil.which("sha256sum")
    out = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    expected = [
        ReleasedFile(name, "640", len(name.encode()), hashlib.sha256(name.encode()).hexdigest())
        for name in sorted(names)
    ]
    assert read_manifest(out).files == tuple(expected)


@given(st.lists(PATHS, min_size=1, max_size=5, unique=True))
def test_a_manifest_is_read_back(paths: list[str]) -> None:
    manifest = made(*((path, DIGEST) for path in sorted(paths)), environment=(("A", "abcdef123456"),))
    assert read_manifest(write_manifest(manifest)) == manifest


@given(st.text(max_size=200))
def test_any_text_is_a_manifest_or_refused(text: str) -> None:
    with contextlib.suppress(ManifestError):
        assert read_manifest(text).files


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it names no file"),
        (f"644 1 {DIGEST}  a\n644 1 {DIGEST}  ./a", "line 2 names a file that an earlier line names too"),
        (f"{DIGEST}  a", "line 1 is not MODE SIZE SHA256 PATH"),
        (f"644 1 {DIGEST[:-1]}  a", "line 1 is not MODE SIZE SHA256 PATH"),
        ("ssh: connect to host app port 22: Connection refused", "line 1 is not MODE SIZE SHA256 PATH"),
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(ManifestError, match=why):
        read_manifest(text)


def test_each_kind_of_difference_is_named() -> None:
    was = made(("app.py", DIGEST), ("gone.py", DIGEST), ("same.py", DIGEST), environment=(("A", "1"), ("B", "1")))
    now = made(("app.py", OTHER), ("new.py", DIGEST), ("same.py", DIGEST), environment=(("A", "2"), ("C", "1")))
    assert compare(was, now) == Difference(("app.py",), ("new.py",), ("gone.py",), (), ("A", "B", "C"))
    assert compare(was, was).is_none


def test_a_changed_mode_is_a_difference_and_leading_zeros_are_none() -> None:
    was = made(("a", DIGEST), mode="644")
    assert compare(was, made(("a", DIGEST), mode="0644")).is_none
    assert compare(was, made(("a", DIGEST), mode="755")).modes == ("a",)


def test_what_the_product_writes_is_left_out_and_nothing_more() -> None:
    was = made(("app.py", DIGEST))
    names = (
        "app.py",
        "__pycache__/app.cpython-311.pyc",
        "x/__pycache__/y.pyc",
        "data.sqlite3",
        "logs/a/b.log",
        "logs2",
    )
    now = made(*((name, DIGEST) for name in names))
    assert compare(was, now, ("*.sqlite3", "logs/*")).extra == ("logs2",)


def test_an_environment_that_one_side_does_not_tell_is_not_compared() -> None:
    assert compare(made(("a", DIGEST), environment=(("A", "1"),)), made(("a", DIGEST))).is_none


def test_a_digest_follows_paths_rights_and_contents_and_not_what_the_product_writes() -> None:
    one = digest_of(made(("a", DIGEST), ("b", DIGEST)))
    assert one == digest_of(made(("a", DIGEST), ("b", DIGEST), ("b.pyc", OTHER), ("log", OTHER)), ("log",))
    assert one == digest_of(made(("a", DIGEST), ("b", DIGEST), mode="0644"))
    others = made(("a", OTHER), ("b", DIGEST)), made(("a", DIGEST)), made(("a", DIGEST), ("b", DIGEST), mode="755")
    assert len({one, *map(digest_of, others)}) == 4
