"""Look through what was built for things that must not ship."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from launchready.deliver.opened import opened
from launchready.deliver.output import Output
from launchready.facts.build import Leftover, LeftoverKind
from launchready.parse.rfc8259 import read_json
from launchready.probes.build_record import Shipped
from launchready.probes.keys.unfold import Limits

MAX_LEFTOVERS: Final = 50
"""What is written down; who has more starts with these."""

MIN_DISTINCT: Final = 6
"""Different characters of a real key at least; of 24 random ones some 20 differ."""

CODE_ENDINGS: Final = frozenset({".js", ".mjs", ".cjs", ".html", ".htm", ".css", ".json", ".webmanifest", ".py", ""})
"""Files whose text runs or is shown; in a README an address is an example."""

ARCHIVE_ENDINGS: Final = frozenset({".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".whl", ".jar", ".map"})

INSTALLED: Final = frozenset({"node_modules", "site-packages", ".venv", "venv"})
"""Folders of other people's code, which names their own examples."""

SAMPLES: Final = frozenset({"example", "sample", "template", "dist", "defaults", "schema"})
"""Last parts of names such as `.env.example`, which hold no values."""

_SETTING: Final = re.compile(rb"(?m)^[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*=[ \t]*[^\s#]")
_GIT_HEAD: Final = re.compile(rb"ref: refs/|[0-9a-f]{40}")

_DEVELOPMENT: Final = (
    (
        re.compile(rb"\breact-dom(?:-client)?\.development\.js\b"),
        (b".development.js",),
        "it is React's development build",
    ),
    (
        re.compile(rb"/_next/static/development/|\b__NEXT_HMR_CB\b"),
        (b"/_next/static/development/", b"__NEXT_HMR_CB"),
        "it is Next's development build",
    ),
    (re.compile(rb"[\"'/]@vite/client[\"']"), (b"@vite/client",), "it loads Vite's development server"),
    (
        re.compile(rb"\bYou are running a development build of Vue\b"),
        (b"a development build of Vue",),
        "it is Vue's development build",
    ),
    (re.compile(rb"\bwebpackHotUpdate\w*\b"), (b"webpackHotUpdate",), "it holds webpack's development server"),
)
"""Marks that the tools themselves leave in what is meant for developers alone."""

_DEBUG: Final = re.compile(rb"(?m)^DEBUG[ \t]*=[ \t]*True[ \t]*(?:#.*)?$")
"""Django's switch as a fixed value (Django, settings reference, DEBUG)."""

_DEBUG_FILE: Final = re.compile(r"(?:.*/)?(?:settings(?:/(?:__init__|base|prod|production))?|config)\.py")

_TEST_KEY: Final = re.compile(
    rb"(?<![A-Za-z0-9_])(?:((?:sk|pk|rk)_test_[A-Za-z0-9]{16,})|(6LeIxAcTAAAAA[A-Za-z0-9_-]{20,})"
    rb"|(?<=[\"'])([123]x0{19,}[A-Z0-9]{2})(?=[\"'])|([12]0000000-ffff-ffff-ffff-0{12}))"
)
"""Keys that work in a provider's test world only: Stripe and Clerk, reCAPTCHA, Turnstile, hCaptcha."""

_TEST_KEY_SIGNS: Final = (b"_test_", b"6LeIxAcTAAAAA", b"x00000000", b"0000000-ffff-")

_TUNNEL_SIGNS: Final = (b"ngrok", b".loca.lt", b".trycloudflare.com", b".serveo.net")
_TUNNEL: Final = re.compile(
    rb"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:ngrok\.io|ngrok\.app|ngrok-free\.app|ngrok-free\.dev|loca\.lt"
    rb"|trycloudflare\.com|serveo\.net)(?![a-z0-9.-])"
)
_LOCAL_SIGNS: Final = (b"localhost:", b"127.0.0.1:", b"0.0.0.0:")
_LOCAL: Final = re.compile(rb"(?:https?|wss?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})(?!\d)")

LIBRARY_PORTS: Final = frozenset({b"8969", b"9999", b"4318", b"4317", b"9090"})
"""Defaults in the code of libraries: Sentry's Spotlight, Supabase's log-in, OpenTelemetry, Prometheus."""


def inspect(output: Output, own_text: Callable[[bytes], bool], made_up: str) -> Shipped:
    """Everything in the output that must not ship.

    Args:
        output: What was built.
        own_text: Whether a text stands in a source file of the commit: an address that does not is a library's.
        made_up: What all values that we made up have in common, or empty: they are no keys.
    """
    leftovers: list[Leftover] = []
    unread: set[str] = set()
    for file in output.files:
        is_installed = bool(INSTALLED & set(PurePosixPath(file.path).parts))
        data = output.read(file)
        if data is None:
            may_hide = not is_installed and PurePosixPath(file.path).suffix.lower() in CODE_ENDINGS | ARCHIVE_ENDINGS
            unread |= {f"{file.path} is too large to be looked into"} if may_hide else set()
        elif is_installed:
            leftovers.extend(_by_name(file.path, data))
        else:
            limits = Limits()
            for piece in opened(data, limits):
                where = f"{file.path}{piece.inside}"
                leftovers.extend(_by_name(where, piece.data))
                leftovers.extend(_by_content(where, piece.data, own_text, made_up.encode()))
            unread |= {f"{file.path}: {gap}" for gap in limits.gaps}
    once = tuple(dict.fromkeys(leftovers))
    return Shipped(len(output.files), output.size_bytes, once[:MAX_LEFTOVERS], tuple(sorted(unread)))


def _by_name(where: str, data: bytes) -> Iterator[Leftover]:
    path = where.replace("!", "/")
    name = PurePosixPath(path).name
    if path.endswith("/.git/HEAD") or path == ".git/HEAD":
        if _GIT_HEAD.match(data):
            yield Leftover(LeftoverKind.GIT_FOLDER, where.removesuffix("/HEAD"), "it holds the history of the code")
    elif (name == ".env" or name.startswith(".env.")) and name.rpartition(".")[2] not in SAMPLES:
        settings = len(_SETTING.findall(data))
        if settings:
            yield Leftover(LeftoverKind.SECRET_FILE, where, f"it gives values to {settings} variables")


def _name_of(where: str) -> str:
    """The innermost name: of `a.zip!site/app.js` the second, of `app.js.gz!(unpacked)` the first without its end."""
    named = [part for part in where.split("!") if not part.startswith("(")]
    return named[-1].removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz")


def _by_content(where: str, data: bytes, own_text: Callable[[bytes], bool], made_up: bytes) -> Iterator[Leftover]:
    path = _name_of(where)
    if path.endswith(".map") or "(base64)" in where:
        yield from _sources(where, data)
    if PurePosixPath(path).suffix.lower() not in CODE_ENDINGS or "(base64)" in where:
        return
    yield from _for_developers(where, path, data, made_up)
    for match in _matches(_TUNNEL, _TUNNEL_SIGNS, data):
        yield Leftover(LeftoverKind.TUNNEL_ADDRESS, where, f"it names {match[0].decode()}")
    for match in _matches(_LOCAL, _LOCAL_SIGNS, data):
        if match[1] not in LIBRARY_PORTS and own_text(match[0]):
            yield Leftover(LeftoverKind.LOCAL_ADDRESS, where, f"it names {match[0].decode()}")


def _for_developers(where: str, path: str, data: bytes, made_up: bytes) -> Iterator[Leftover]:
    for pattern, signs, detail in _DEVELOPMENT:
        if next(_matches(pattern, signs, data), None) is not None:
            yield Leftover(LeftoverKind.DEVELOPMENT_BUILD, where, detail)
    if _DEBUG_FILE.fullmatch(path) and _DEBUG.search(data):
        yield Leftover(LeftoverKind.DEBUG_FLAG, where, "it says DEBUG = True, whatever the variables say")
    for match in _matches(_TEST_KEY, _TEST_KEY_SIGNS, data):
        if _is_made_up(match[0], made_up):
            continue
        yield Leftover(LeftoverKind.TEST_KEY, where, f"it holds a key for tests, {match[0][:8].decode()}…")


def _matches(pattern: re.Pattern[bytes], signs: tuple[bytes, ...], data: bytes) -> Iterator[re.Match[bytes]]:
    """All matches; a text without any of the signs has none, and to see that is thirty times faster."""
    return pattern.finditer(data) if any(sign in data for sign in signs) else iter(())


def _is_made_up(key: bytes, made_up: bytes) -> bool:
    """A value of ours, or a placeholder such as pk_test_xxxxxxxxxxxxxxxx."""
    is_filler = b"_test_" in key and len(set(key.rpartition(b"_test_")[2])) < MIN_DISTINCT
    return is_filler or (bool(made_up) and made_up in key)


def _sources(where: str, data: bytes) -> Iterator[Leftover]:
    """A source map (ECMA-426) with the sources in it."""
    if b'"sourcesContent"' not in data:
        return
    value = read_json(data)
    contents = value.get("sourcesContent") if isinstance(value, dict) else None
    held = [text for text in contents if isinstance(text, str) and text] if isinstance(contents, list) else []
    if held:
        yield Leftover(LeftoverKind.SOURCES_IN_MAP, where, f"it holds the sources of {len(held)} files")


def text_of_sources(files: Iterable[bytes]) -> Callable[[bytes], bool]:
    """A search in the commit's own sources."""
    texts = tuple(files)
    return lambda wanted: any(wanted in text for text in texts)
