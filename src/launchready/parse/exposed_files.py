"""Recognises files that no visitor should get, by what is in them: a status of 200 alone says nothing.

Many sites answer every path with their front page, so each kind has a mark that no page of HTML carries.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from launchready.parse.rfc8259 import read_json


class FileKind(StrEnum):
    """What a file is, in words for its owner."""

    SETTINGS = "settings with secrets in them"
    GIT = "the Git repository"
    DATABASE = "a database"
    DUMP = "a copy of a database"
    ARCHIVE = "an archive"
    PRIVATE_KEY = "a private key"
    CREDENTIALS = "credentials"
    FOLDER_FILE = "a list of file names that macOS left behind"
    LISTING = "a list of a folder's files"
    API_DOCS = "a description of every endpoint"


MAX_READ_BYTES: Final = 64 * 1024
"""How much of a file is looked at: every mark stands near its begin."""

_HTML: Final = re.compile(rb"<(?:!doctype|html|head|body|script|div|title)\b", re.IGNORECASE)
_SETTING: Final = re.compile(r"(?:export )?([A-Z][A-Z0-9_]*)[ \t]*=")
_PUBLIC_SETTING: Final = re.compile(r"(?:NEXT_|NUXT_|EXPO_|)PUBLIC_|VITE_|REACT_APP_|GATSBY_")
_SECRET_SETTING: Final = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|PASSWD|DATABASE_URL|DSN|CREDENTIAL")
_MIN_SETTINGS: Final = 2
"""One line of the form NAME=value may be anything; where its name is that of a secret it is enough."""

_GIT_HEAD: Final = re.compile(rb"ref: refs/[!-~]+\s*\Z|[0-9a-f]{40}(?:[0-9a-f]{24})?\s*\Z")
_KEY: Final = re.compile(rb"\s*-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_DUMP: Final = re.compile(
    rb"^-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)[^\n]{0,80} dump|^PRAGMA foreign_keys=OFF;",
    re.MULTILINE | re.IGNORECASE,
)
_PASSWORDS: Final = re.compile(rb"^[^:\s<>]+:(?:\$(?:apr1|2[aby]|5|6)\$|\{SHA\})", re.MULTILINE)
_LISTING: Final = re.compile(
    rb"<title>\s*(?:Index of /|Directory listing for /|Listing directory /)|\[To Parent Directory\]", re.IGNORECASE
)
_LINK: Final = re.compile(rb"<a\s[^<>]*href=", re.IGNORECASE)
_SWAGGER: Final = re.compile(rb"SwaggerUIBundle|<redoc\b|Redoc\.init|<rapi-doc\b|id=\"api-reference\"")

ZIP: Final = b"PK\x03\x04"  # APPNOTE.TXT section 4.3.7
GZIP: Final = b"\x1f\x8b\x08"  # RFC 1952 section 2.3.1
SQLITE: Final = b"SQLite format 3\x00"  # https://www.sqlite.org/fileformat2.html section 1.3
PG_DUMP: Final = b"PGDMP"  # pg_dump's custom format
DS_STORE: Final = b"\x00\x00\x00\x01Bud1"


def is_file(kind: FileKind, body: bytes) -> bool:
    """Whether a body, or its begin, is a file of this kind."""
    return _TESTS[kind](body[:MAX_READ_BYTES])


def _is_settings(body: bytes) -> bool:
    """Lines NAME=value, at least half of all that are no comments, and not only names that builders make public."""
    if _HTML.search(body) or b"\x00" in body:
        return False
    lines = [line for line in body.decode("utf-8", errors="replace").splitlines() if line.strip() and line[0] != "#"]
    names = [match[1] for match in map(_SETTING.match, lines) if match]
    hidden = [name for name in names if not _PUBLIC_SETTING.match(name)]
    if not hidden or 2 * len(names) < len(lines):
        return False
    return len(names) >= _MIN_SETTINGS or _SECRET_SETTING.search(hidden[0]) is not None


def _is_git(body: bytes) -> bool:
    is_config = b"[core]" in body and b"repositoryformatversion" in body and not _HTML.search(body)
    return is_config or _GIT_HEAD.match(body) is not None


def _is_dump(body: bytes) -> bool:
    if body.startswith(PG_DUMP):
        return True
    has_statements = b"CREATE TABLE" in body and b"INSERT INTO" in body
    return not _HTML.search(body) and (has_statements or _DUMP.search(body) is not None)


def _is_credentials(body: bytes) -> bool:
    """Those of AWS, npm, a web server's password file, and WordPress's settings."""
    if b"<?php" in body[:200] and b"DB_PASSWORD" in body:
        return True
    words = (b"aws_secret_access_key", b":_authToken=", b"_auth=")
    return not _HTML.search(body) and (any(word in body for word in words) or _PASSWORDS.search(body) is not None)


def _is_api_docs(body: bytes) -> bool:
    """A page of Swagger UI, ReDoc and the like, or the OpenAPI document itself."""
    if _SWAGGER.search(body):
        return True
    begin = body.lstrip()[:200]
    is_openapi = re.match(rb'\{\s*"(?:openapi|swagger)"\s*:\s*"[23]\.', begin) is not None
    return is_openapi or _is_openapi_document(body)


def _is_openapi_document(body: bytes) -> bool:
    document = read_json(body)
    return isinstance(document, dict) and bool({"openapi", "swagger"} & document.keys()) and "paths" in document


_TESTS: Final[dict[FileKind, Callable[[bytes], bool]]] = {
    FileKind.SETTINGS: _is_settings,
    FileKind.GIT: _is_git,
    FileKind.DATABASE: lambda body: body.startswith(SQLITE),
    FileKind.DUMP: _is_dump,
    FileKind.ARCHIVE: lambda body: body.startswith((ZIP, GZIP)),
    FileKind.PRIVATE_KEY: lambda body: _KEY.match(body) is not None,
    FileKind.CREDENTIALS: _is_credentials,
    FileKind.FOLDER_FILE: lambda body: body.startswith(DS_STORE),
    FileKind.LISTING: lambda body: _LISTING.search(body) is not None and _LINK.search(body) is not None,
    FileKind.API_DOCS: _is_api_docs,
}

_SOURCE_MAP: Final = re.compile(rb"\A\s*(?:\)\]\}[^\n]*\n\s*)?\{")
_VERSION: Final = re.compile(rb'"version"\s*:\s*3\b')
_PARTS: Final = re.compile(rb'"(?:mappings|sources|sections)"\s*:')
_CONTENT: Final = re.compile(rb'"sourcesContent"\s*:\s*\[\s*(?:null\s*,\s*)*"')


def is_source_map(body: bytes) -> bool:
    """Whether a body, or its begin, is a source map of version 3 (ECMA-426), by its form and names."""
    return bool(_SOURCE_MAP.match(body) and _VERSION.search(body) and _PARTS.search(body))


def has_sources(body: bytes) -> bool:
    """Whether a source map holds the source code itself, and not only the names of its files."""
    return _CONTENT.search(body) is not None
