"""What must not ship, and what only looks like it."""

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from launchready.deliver import output as outputs
from launchready.deliver.output import read_output
from launchready.deliver.shipped import inspect
from launchready.facts.build import LeftoverKind

K = LeftoverKind
KEY = f"{'pk'}_test_51NxGt2LkWqRmVbYcHdJfKsTp"
MAP = {"version": 3, "sources": ["a.ts", "b.ts"], "sourcesContent": ["let a", "let b"], "mappings": ""}


def zipped(name: str, text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, text)
    return stream.getvalue()


def found(tmp_path: Path, name: str, data: bytes, *, own: bool = True, made_up: str = "") -> list[LeftoverKind]:
    path = tmp_path / "dist" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    shipped = inspect(read_output(tmp_path, ["dist"]), lambda _text: own, made_up)
    assert all("51NxGt2" not in one.detail for one in shipped.leftovers)
    return [one.kind for one in shipped.leftovers]


@pytest.mark.parametrize(
    ("name", "data", "kinds"),
    [
        (".env", b"A=1\n", [K.SECRET_FILE]),
        ("server/.env.production", b"export KEY=abc\n", [K.SECRET_FILE]),
        (".env", b"# nothing\nA=\n", []),
        (".env", b"", []),
        (".env.example", b"A=1\n", []),
        (".env.sample", b"A=1\n", []),
        ("env.js", b"A=1\n", []),
        (".git/HEAD", b"ref: refs/heads/main\n", [K.GIT_FOLDER]),
        (".git/HEAD", b"9d712d4d0590e332eb52eecabdcd3ada1c1288f9\n", [K.GIT_FOLDER]),
        (".git/HEAD", b"<!doctype html>", []),
        ("app.js", b"/* react-dom.development.js */", [K.DEVELOPMENT_BUILD]),
        ("app.js", b"/* react-dom.production.min.js */", []),
        ("index.html", b'<script src="/@vite/client">', [K.DEVELOPMENT_BUILD]),
        ("index.html", b'"/_next/static/development/_buildManifest.js"', [K.DEVELOPMENT_BUILD]),
        ("app.js", b'self["webpackHotUpdateapp"] = 1', [K.DEVELOPMENT_BUILD]),
        ("settings.py", b"import os\nDEBUG = True\n", [K.DEBUG_FLAG]),
        ("shop/settings/production.py", b"DEBUG=True  # for now\n", [K.DEBUG_FLAG]),
        ("settings.py", b'DEBUG = os.environ.get("DEBUG") == "1"\n', []),
        ("settings/dev.py", b"DEBUG = True\n", []),
        ("settings.py", b"if LOCAL:\n    DEBUG = True\n", []),
        ("pay.js", f'Stripe("{KEY}")'.encode(), [K.TEST_KEY]),
        ("pay.js", b'Stripe("pk_test_xxxxxxxxxxxxxxxxxxxxxxxx")', []),
        ("pay.js", b'Stripe("pk_live_51NxGt2LkWqRmVbYcHdJfKsTp")', []),
        ("pay.js", b'key.startsWith("pk_test_")', []),
        ("form.html", b'data-sitekey="1x00000000000000000000AA"', [K.TEST_KEY]),
        ("form.html", b'data-sitekey="10000000-ffff-ffff-ffff-000000000001"', []),
        ("form.html", b'data-sitekey="10000000-ffff-ffff-ffff-000000000000"', [K.TEST_KEY]),
        ("app.js", b'fetch("https://ab12.ngrok-free.app/x")', [K.TUNNEL_ADDRESS]),
        ("app.js", b'fetch("https://mine.trycloudflare.com")', [K.TUNNEL_ADDRESS]),
        ("app.js", b'fetch("https://notngrok.io.example.com")', []),
        ("app.js", b'fetch("http://localhost:3000/x")', [K.LOCAL_ADDRESS]),
        ("app.js", b'new WebSocket("ws://127.0.0.1:8080")', [K.LOCAL_ADDRESS]),
        ("app.js", b'new URL(path, "http://localhost")', []),
        ("app.js", b'"http://localhost:8969/stream"', []),
        ("README.md", b"http://localhost:3000", []),
        ("app.js.map", json.dumps(MAP).encode(), [K.SOURCES_IN_MAP]),
        ("app.js.map", json.dumps({**MAP, "sourcesContent": [None, ""]}).encode(), []),
        ("app.js.map", b'{"sourcesContent": broken', []),
        ("app.js.gz", gzip.compress(f'Stripe("{KEY}")'.encode()), [K.TEST_KEY]),
        ("app.zip", zipped("site/app.js", f'Stripe("{KEY}")'), [K.TEST_KEY]),
        ("app.zip", zipped("site/.env", "A=1"), [K.SECRET_FILE]),
        ("app.zip", zipped(".git/HEAD", "ref: refs/heads/main"), [K.GIT_FOLDER]),
        ("node_modules/x/app.js", b'fetch("http://localhost:3000/x")', []),
    ],
)
def test_leftovers_are_told_from_what_looks_like_them(tmp_path: Path, name: str, data: bytes, kinds) -> None:
    assert found(tmp_path, name, data) == kinds


def test_a_local_address_that_no_source_names_is_a_librarys(tmp_path: Path) -> None:
    assert found(tmp_path, "app.js", b'"http://localhost:3000"', own=False) == []


def test_a_value_that_we_made_up_is_no_key(tmp_path: Path) -> None:
    assert found(tmp_path, "app.js", f'"{KEY}"'.encode(), made_up=KEY[8:20]) == []


def test_a_map_inside_a_script_is_seen(tmp_path: Path) -> None:
    inline = base64.b64encode(json.dumps(MAP).encode())
    data = b"let a;\n//# sourceMappingURL=data:application/json;base64," + inline
    assert found(tmp_path, "app.js", data) == [K.SOURCES_IN_MAP]


@pytest.mark.parametrize(("most", "gaps"), [(9, 1), (10, 0), (11, 0)])
def test_what_is_too_large_is_said(tmp_path: Path, monkeypatch, most: int, gaps: int) -> None:
    monkeypatch.setattr(outputs, "MAX_READ_BYTES", most)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.js").write_bytes(b"0123456789")
    assert len(inspect(read_output(tmp_path, ["dist"]), lambda _text: True, "").unread) == gaps
