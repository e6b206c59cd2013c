"""Files recognised by what is in them, as the real tools write them."""

import http.server
import io
import json
import sqlite3
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.exposed_files import MAX_READ_BYTES, FileKind, has_sources, is_file, is_source_map

PAGE = b"<!doctype html><html><head><title>Shop</title></head><body><a href='/'>SECRET_KEY=x\nTOKEN=y</a></body></html>"


def test_a_real_repository_is_known(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ("HEAD", "config"):
        assert is_file(FileKind.GIT, (tmp_path / ".git" / name).read_bytes())
    assert is_file(FileKind.GIT, b"8f22911" * 5 + b"abcde\n")  # a detached HEAD
    assert is_file(FileKind.GIT, b"a" * 64 + b"\n")  # of a SHA-256 repository
    assert not is_file(FileKind.GIT, b"a" * 41)


def test_a_real_database_is_known(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "db") as database:
        database.execute("create table t (a)")
    assert is_file(FileKind.DATABASE, (tmp_path / "db").read_bytes())
    assert is_file(FileKind.DUMP, "\n".join(database.iterdump()).encode() + b"\nINSERT INTO t VALUES(1);")


def test_real_archives_are_known() -> None:
    packed, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", "b")
    with tarfile.open(fileobj=tarred, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("a"))
    for archive_bytes in (packed.getvalue(), tarred.getvalue()):
        assert is_file(FileKind.ARCHIVE, archive_bytes)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH])
def test_real_private_keys_are_known_and_public_ones_are_not(form: PrivateFormat) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert is_file(FileKind.PRIVATE_KEY, key.private_bytes(Encoding.PEM, form, NoEncryption()))
    assert not is_file(FileKind.PRIVATE_KEY, b"-----BEGIN PUBLIC KEY-----\n")


def test_the_list_of_a_real_server_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self) -> None:
            self.path, self.wfile = "/", io.BytesIO()
            self.requestline, self.request_version, self.client_address = "", "HTTP/1.0", ("127.0.0.1", 1)

        def log_message(self, *_: object) -> None:
            pass

    listing = Handler().list_directory(str(tmp_path))
    assert listing is not None
    assert is_file(FileKind.LISTING, listing.getvalue())


@pytest.mark.parametrize(
    ("kind", "body", "known"),
    [
        (FileKind.SETTINGS, b"A=1\nB=2\n", True),
        (FileKind.SETTINGS, b"# comment\r\n\r\nexport A=1\r\nB = 2\r\n", True),
        (FileKind.SETTINGS, b"A=1\n", False),
        (FileKind.SETTINGS, b"API_KEY=1", True),  # one line is enough where its name says what it is
        (FileKind.SETTINGS, b"a=1\nb=2\n", False),
        (FileKind.SETTINGS, b"A=1\nB=2\none\ntwo\n", True),
        (FileKind.SETTINGS, b"A=1\nB=2\none\ntwo\nthree\n", False),
        (FileKind.SETTINGS, b"VITE_A=1\nNEXT_PUBLIC_B=2\n", False),
        (FileKind.SETTINGS, b"VITE_A=1\nNEXT_PUBLIC_B=2\nDSN=3\n", True),
        (FileKind.SETTINGS, b"", False),
        (FileKind.SETTINGS, PAGE, False),
        (FileKind.GIT, b"<html>[core] repositoryformatversion", False),
        (FileKind.GIT, b"ref: refs/heads/main\n<p>", False),
        (FileKind.DUMP, b"-- MySQL dump 10.13  Distrib 8.0\n", True),
        (FileKind.DUMP, b"--\n-- PostgreSQL database dump\n--\n", True),
        (FileKind.DUMP, b"-- MariaDB dump 10.19\n", True),
        (FileKind.DUMP, b"-- phpMyAdmin SQL Dump\n", True),
        (FileKind.DUMP, b"PGDMP\x01", True),
        (FileKind.DUMP, b"CREATE TABLE a; INSERT INTO a;", True),
        (FileKind.DUMP, b"<html>CREATE TABLE a; INSERT INTO a;", False),
        (FileKind.CREDENTIALS, b"[default]\naws_secret_access_key = x\n", True),
        (FileKind.CREDENTIALS, b"//packages.example/:_authToken=x\n", True),
        (FileKind.CREDENTIALS, b"registry=https://packages.example/\n", False),
        (FileKind.CREDENTIALS, b"maya:$apr1$x$y\n", True),
        (FileKind.CREDENTIALS, b"maya:$2y$05$x\n", True),
        (FileKind.CREDENTIALS, b"maya:plain\n", False),
        (FileKind.CREDENTIALS, b"<?php\ndefine('DB_PASSWORD', 'x');", True),
        (FileKind.FOLDER_FILE, b"\x00\x00\x00\x01Bud1\x00", True),
        (FileKind.FOLDER_FILE, b"Bud1", False),
        (FileKind.LISTING, b"<title>Index of /up</title><h1>Index of /up</h1><a href='a'>a</a>", True),
        (FileKind.LISTING, b"<title>Index of /up</title>", False),
        (FileKind.LISTING, b"<title>Index of prices</title><a href='a'>a</a>", False),
        (FileKind.LISTING, b"<a href=x>[To Parent Directory]</a>", True),
        (FileKind.API_DOCS, b'{"openapi":"3.1.0","info":{}', True),
        (FileKind.API_DOCS, b'{"info": {}, "swagger": "2.0", "paths": {}}', True),
        (FileKind.API_DOCS, b'{"paths": {}}', False),
        (FileKind.API_DOCS, b"<script>SwaggerUIBundle({})</script>", True),
        (FileKind.API_DOCS, b"<redoc spec-url='x'></redoc>", True),
    ],
)
def test_each_kind_is_known_by_its_content(kind: FileKind, body: bytes, known: bool) -> None:
    assert is_file(kind, body) is known


@pytest.mark.parametrize("kind", FileKind)
def test_a_page_of_the_site_is_none_of_them(kind: FileKind) -> None:
    assert not is_file(kind, PAGE)
    assert not is_file(kind, b"")


@pytest.mark.parametrize(
    ("body", "is_map", "sources"),
    [
        (b'{"version":3,"sources":["a.ts"],"mappings":"AAAA"}', True, False),
        (b'{"version":3,"sources":["a.ts"],"sourcesContent":["x"],"mappings":""}', True, True),
        (b'{"version":3,"sources":["a","b"],"sourcesContent":[null, "x"],"mappings":""}', True, True),
        (b'{"version":3,"sources":["a"],"sourcesContent":[null],"mappings":""}', True, False),
        (b')]}\'\n{"version": 3, "sections": []}', True, False),
        (b'{"version":2,"sources":[]}', False, False),
        (b'{"version":3}', False, False),
        (b'[{"version":3,"mappings":""}]', False, False),
        (PAGE, False, False),
    ],
)
def test_a_source_map_is_known_by_its_form(body: bytes, is_map: bool, sources: bool) -> None:
    assert is_source_map(body) is is_map
    assert has_sources(body) is sources


@given(st.binary(max_size=2000) | st.text().map(str.encode))
def test_any_bytes_are_an_answer(body: bytes) -> None:
    for kind in FileKind:
        assert is_file(kind, body) in {True, False}
    assert is_source_map(body) in {True, False}


@pytest.mark.parametrize(
    "unit",
    [b"<a ", b"-- MySQL ", b"CREATE TABLE ", b"a:", b"A=", b"A=1\n", b'"version" ', b'"sourcesContent":[null,', b"{"],
)
def test_time_is_linear(unit: bytes) -> None:
    body = unit * (MAX_READ_BYTES // len(unit))
    started = time.process_time()
    for kind in FileKind:
        is_file(kind, body)
    is_source_map(b"{" + body)
    has_sources(body)
    assert time.process_time() - started < 1


def test_a_real_bundlers_map_is_known() -> None:
    """As esbuild 0.25 writes it."""
    made = {
        "version": 3,
        "sources": ["src/a.js"],
        "sourcesContent": ["alert(1);\n"],
        "mappings": "AAAA,MAAM,CAAC",
        "names": [],
    }
    body = json.dumps(made, indent=2).encode()
    assert is_source_map(body)
    assert has_sources(body)
