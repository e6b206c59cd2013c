"""Search bytes for keys, in every form that they can be unfolded to. The keys themselves stay in here.

What leaves is a digest, four characters, a place and what kind of key it is.
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import IO, Final

from kingfisher_sdk import DetectionPolicy, Finding, Rules, Scanner

from launchready.facts.secrets import GENERIC
from launchready.probes.keys.kinds import CREDENTIAL_URI, KeyKind, Match, kind_of
from launchready.probes.keys.unfold import (
    MAX_DEPTH,
    TOO_MUCH,
    WHOLE,
    Cut,
    Limits,
    Members,
    Piece,
    Sign,
    container_of,
    members_of,
    members_of_file,
    spelled_out,
)

WINDOW_BYTES: Final = 8 * 2**20
"""What is searched at a time: the scanner's copies of it are what its memory goes to."""

OVERLAP_BYTES: Final = 16 * 1024
"""How much windows share, so that a key on the border is whole in one; private keys have some 3 KiB."""

AROUND_BYTES: Final = 300
"""How much before and after a key is looked at, to tell what it is used for: some six lines."""

FINGERPRINT_ROUNDS: Final = 20_000
"""Rounds of PBKDF2: some 10 ms a key. Slow on purpose, for a found password may be short enough to be guessed."""

FINGERPRINT_BYTES: Final = 6
MAX_REMEMBERED: Final = 4_096
"""Keys whose digest is not made again in one run."""

HINT_CHARS: Final = 4

SHORT_SECRET_CHARS: Final = 16
"""Below this a secret is a password, of which four characters would say too much."""

SIGN_RULE: Final = "launchready.sign--"

_PUBLIC_NAME: Final = re.compile(
    rb"((?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC|VUE_APP|PUBLIC)_[A-Z0-9_]{1,80})[\"']?\s*[:=]\s*[\"']?$"
)
_TOKEN_OF_RUNNER: Final = re.compile(rb"extraheader\s*=", re.IGNORECASE)
"""GitHub's checkout leaves a token there that ends with the job."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One key in one piece of content. `inside` is the way into what was unfolded."""

    kind: KeyKind
    fingerprint: str
    hint: str
    length: int
    inside: str
    line: int
    public_name: str


@dataclass(slots=True)
class Searched:
    """What a search found, and sentences about what it could not look into."""

    hits: list[Hit] = field(default_factory=list)
    gaps: set[str] = field(default_factory=set)


def search(data: bytes, first_line: int = 1, cut: Cut = WHOLE) -> Searched:
    """Search one file version, message or answer, and all that it can be unfolded to.

    Args:
        data: its bytes.
        first_line: the number of its first line, where it is a window of something larger.
        cut: where it is such a window, whether it is the first or the last.
    """
    search = _Search()
    search.piece(Piece("", data), MAX_DEPTH, first_line, cut)
    return Searched(search.hits, search.limits.gaps)


def search_container(stream: IO[bytes], members: Members) -> Searched:
    """Search what is in a container that is too large to be held, read from a file."""
    search = _Search()
    for member in members_of_file(stream, members, search.limits):
        search.piece(member, MAX_DEPTH - 1)
    return Searched(search.hits, search.limits.gaps)


@dataclass(slots=True)
class _Search:
    """One search with its limits: a piece, then what its form or its signs say that it holds."""

    limits: Limits = field(default_factory=Limits)
    hits: list[Hit] = field(default_factory=list)

    def piece(self, piece: Piece, depth: int, first_line: int = 1, cut: Cut = WHOLE) -> None:
        known = {hit.fingerprint for hit in self.hits} if piece.inside.endswith(")") else set()
        signs: dict[Sign, list[int]] = {}
        for window, start, line in _windows(piece.data, first_line):
            here = Cut(cut.before or start > 0, cut.after or start + len(window) < len(piece.data))
            findings = _uncut(_scanner(len(piece.data)).scan(window), len(window), here)
            for finding in _without_signs(findings, start, signs):
                hit = _hit(finding, window, piece.inside, line)
                if hit is not None and hit.fingerprint not in known:
                    self.hits.append(hit)
        if container_of(piece.data[:512]) is None:
            inner = spelled_out(piece, signs, self.limits) if signs and depth else iter(())
        elif depth:
            inner = members_of(piece, self.limits)
        else:
            self.limits.gaps.add(TOO_MUCH)
            return
        for one in inner:
            if not _is_again(one.inside):
                self.piece(one, depth - 1)


_SPELLINGS: Final = frozenset({"(joined)", "(escapes)", "(url)", "(html)"})


def _is_again(inside: str) -> bool:
    """Whether a text was spelled out in one way twice on end, which says nothing new."""
    *_, before, last = ("", *inside.split("!"))
    return before == last and last in _SPELLINGS


def _uncut(findings: list[Finding], size_bytes: int, cut: Cut) -> list[Finding]:
    """Of what ends in the part that two windows share, the first half is the earlier one's, the second the later's.

    So a key on a border is found once and whole, and half a key never.
    """
    if not findings or cut == WHOLE:
        return findings
    least = OVERLAP_BYTES // 2 if cut.before else -1
    most = size_bytes - OVERLAP_BYTES // 2 if cut.after else size_bytes
    return [one for one in findings if least < one.location["end_offset"] <= most]


def _windows(data: bytes, line: int) -> Iterator[tuple[bytes, int, int]]:
    """Windows that overlap, each with where it begins, in bytes and as a line."""
    if len(data) <= WINDOW_BYTES:
        yield data, 0, line
        return
    start, step = 0, WINDOW_BYTES - OVERLAP_BYTES
    while start < len(data) - OVERLAP_BYTES:
        yield data[start : start + WINDOW_BYTES], start, line
        line += data.count(b"\n", start, start + step)
        start += step


def _without_signs(findings: list[Finding], start: int, signs: dict[Sign, list[int]]) -> Iterator[Finding]:
    """The findings that are keys; where there are signs is put down."""
    if not findings:
        return
    keys = []
    for finding in findings:
        if finding.rule_id.startswith(SIGN_RULE):
            sign = Sign(finding.rule_id.removeprefix(SIGN_RULE))
            signs.setdefault(sign, []).append(start + finding.location["start_offset"])
        elif finding.visible:
            keys.append(finding)
    yield from _apart(keys)


def _apart(findings: list[Finding]) -> Iterator[Finding]:
    """Without what only its name calls secret, where something better known stands at the same place."""
    known = [one.location for one in findings if not one.rule_id.endswith(GENERIC)]
    for finding in findings:
        here = finding.location
        is_covered = finding.rule_id.endswith(GENERIC) and any(
            there["start_offset"] < here["end_offset"] and here["start_offset"] < there["end_offset"] for there in known
        )
        if not is_covered:
            yield finding


def _hit(finding: Finding, content: bytes, inside: str, line: int) -> Hit | None:
    """What is kept of a finding; None where it is no key."""
    where = finding.location
    text, parts = _secret(finding)
    around = content[max(0, where["start_offset"] - AROUND_BYTES) : where["end_offset"] + AROUND_BYTES]
    at = max(content.find(text.encode(), where["start_offset"]), where["start_offset"])
    before = content[max(0, at - AROUND_BYTES) : at].rpartition(b"\n")[2]
    kind = kind_of(Match(_rule(finding), text, parts, around, before))
    if kind is None or _TOKEN_OF_RUNNER.search(before) or _is_inside_data(text, content, at):
        return None
    name = _PUBLIC_NAME.search(before)
    return Hit(
        kind=kind,
        fingerprint=fingerprint_of(text),
        hint=text[:HINT_CHARS] if len(text) >= SHORT_SECRET_CHARS else "",
        length=len(text),
        inside=inside,
        line=line + where["line"] - 1,
        public_name=name[1].decode() if name else "",
    )


@lru_cache(maxsize=MAX_REMEMBERED)
def hide_keys(path: str) -> str:
    """A path or name as it may be shown: what is a key in it is cut after its first characters."""
    for finding in _scanner(len(path)).scan(path):
        is_key = finding.visible and not finding.rule_id.startswith(SIGN_RULE)
        if is_key and len(finding.secret) >= SHORT_SECRET_CHARS and finding.secret in path:
            path = path.replace(finding.secret, f"{finding.secret[:HINT_CHARS]}…")
    return path


_LOGIN: Final = re.compile(r"(?P<scheme>[a-z+]+)://[^:@/\s]*:(?P<password>[^@/\s]+)@(?P<host>[^/?,\s]+)", re.IGNORECASE)


def _secret(finding: Finding) -> tuple[str, Mapping[str, str]]:
    """The secret and its named parts; of a whole connection string, the password."""
    login = _LOGIN.match(finding.secret)
    return (login["password"], login.groupdict()) if login else (finding.secret, finding.captures)


def _rule(finding: Finding) -> str:
    return CREDENTIAL_URI if _LOGIN.match(finding.secret) else finding.rule_id


DATA_CHARS: Final = 40
"""Characters of base64 around a match, without a gap, from which on it is part of an image or the like."""

_BASE64_CHARS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _is_inside_data(text: str, content: bytes, at: int) -> bool:
    """Whether a match is a chance in the middle of something long in base64: a slash or plus looks like a border."""
    if text.encode().strip(_BASE64_CHARS):
        return False
    before = content[max(0, at - AROUND_BYTES) : at]
    after = content[at + len(text) : at + len(text) + AROUND_BYTES]
    joined = len(before) - len(before.rstrip(_BASE64_CHARS)) + len(after) - len(after.lstrip(_BASE64_CHARS))
    return joined >= DATA_CHARS


def rules_version() -> str:
    """A digest of everything that a search depends on: our rules, our code that reads them, the scanner."""
    digest = hashlib.sha256(version("kingfisher-secret-scanner").encode())
    folder = files("launchready.probes.keys")
    for name in ("rules.yml", "kinds.py", "generic.py", "unfold.py", "search.py"):
        digest.update(folder.joinpath(name).read_bytes())
    return digest.hexdigest()


_LOCK: Final = threading.Lock()


def _scanner(size_bytes: int) -> Scanner:
    """The scanner for content of a size, one for all threads; the first one makes both."""
    with _LOCK:
        return _scanners()[size_bytes > SETTINGS_BYTES]


SETTINGS_BYTES: Final = 16 * 1024
"""Up to here everything in base64 is decoded and searched, for such are files of settings; in larger ones, which are
nearly all of a history's bytes, only what begins like a key does. It halves what a scan costs."""


@cache
def _scanners() -> tuple[Scanner, Scanner]:
    """With the scanner's own rules and ours; a comment in the code can't switch them off."""
    folder = _cache_folder()
    with as_file(files("launchready.probes.keys").joinpath("rules.yml")) as ours:
        rules = Rules([ours], cache=folder is not None, cache_dir=folder)
    settings = DetectionPolicy(inline_ignores=False)
    others = DetectionPolicy(inline_ignores=False, base64_max_depth=0)
    return Scanner(rules, policy=settings), Scanner(rules, policy=others)


def _cache_folder() -> Path | None:
    """Where compiled rules are kept, which saves seconds; None where nothing can be written."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / "launchready" / "rules"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that can't be written
        return None
    return folder


@lru_cache(maxsize=MAX_REMEMBERED)
def fingerprint_of(secret: str) -> str:
    """A digest that is equal for equal keys."""
    digest = hashlib.pbkdf2_hmac("sha256", secret.encode(), b"launchready", FINGERPRINT_ROUNDS, FINGERPRINT_BYTES)
    return digest.hex()
