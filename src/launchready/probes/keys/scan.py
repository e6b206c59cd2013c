"""Scan a repository's whole history in this process: file versions, unreachable blobs and commit messages.

The keys themselves stay in here: what leaves is a digest, four characters and where it was.
"""

import hashlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from kingfisher_sdk import (
    CancellationToken,
    DetectionPolicy,
    Finding,
    GitCommit,
    GitInput,
    GitInputWarning,
    GitScope,
    Rules,
    Scanner,
    git_inputs,
)

from launchready.facts.repository import LeakedKey
from launchready.model.reading import NotSeen, Why
from launchready.probes.keys.kinds import KeyKind, Match, kind_of

__all__ = ["CancellationToken", "scan_history"]

MAX_BLOB_BYTES: Final = 100 * 2**20
"""Largest file version that is read; GitHub takes none beyond 100 MiB. A larger one makes the look incomplete."""

AROUND_BYTES: Final = 300
"""How much before and after a key is looked at, to tell what it is used for: some six lines."""

FINGERPRINT_ROUNDS: Final = 20_000
"""Rounds of PBKDF2: some 10 ms a key. Slow on purpose, for a found password may be short enough to be guessed."""

FINGERPRINT_BYTES: Final = 6
HINT_CHARS: Final = 4

SHORT_SECRET_CHARS: Final = 16
"""Below this a secret is a password, of which four characters would say too much."""

MESSAGE: Final = "(commit message)"
NO_COMMIT: Final = "(in no commit)"


@dataclass(frozen=True, slots=True)
class Scan:
    """All keys, how many file versions and messages were read, and why that was not all (None: it was all)."""

    keys: tuple[LeakedKey, ...]
    objects_read: int
    gap: NotSeen | None


def scan_history(path: str, token: CancellationToken) -> Scan:
    """Scan all objects. It blocks; run it in a thread.

    Args:
        path: the working tree or git folder.
        token: ends the scan from another thread.
    """
    scanner, found, gap = _scanner(), _Found(), None
    try:
        _fill(found, scanner, path, token)
    except GitInputWarning:
        gap = NotSeen(Why.TOO_LARGE, f"a file version of over {MAX_BLOB_BYTES >> 20} MiB was not read")
    except (RuntimeError, OSError):  # the library's text may hold a path or worse, so it is not passed on
        gap = NotSeen(Why.UNREADABLE, _BROKEN)
    return Scan(found.sorted_keys(), found.objects_read, gap)


def _fill(found: "_Found", scanner: Scanner, path: str, token: CancellationToken) -> None:
    told = set[str]()
    for source in _versions(path, token):
        first = min(source.origins, key=_age, default=None)
        place = f"{first.id}:{source.path}" if first else f"{source.blob_id}:{NO_COMMIT}"
        findings = scanner.scan_input(source, cancellation=token)
        found.add(findings, source.data or b"", place, first.committer.timestamp if first else 0)
        for origin in source.origins:
            if origin.id not in told:
                told.add(origin.id)
                message = origin.message.encode()
                findings = scanner.scan(message, cancellation=token)
                found.add(findings, message, f"{origin.id}:{MESSAGE}", origin.committer.timestamp)


_BROKEN: Final = (
    "an object is missing or corrupt: run `git fsck`; in a partial clone, run `git fetch --refetch --no-filter` first"
)


def _age(commit: GitCommit) -> tuple[int, str]:
    return commit.committer.timestamp, commit.id


@dataclass(slots=True)
class _Key:
    kinds: set[KeyKind] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)

    def leaked(self, text: str) -> LeakedKey:
        """Several rules may know one key; what one of them knows to be harmless is harmless."""
        places = sorted(self.places, key=lambda place: (self.places[place], place))
        return LeakedKey(
            provider=min(kind.provider for kind in self.kinds),
            fingerprint=_fingerprint(text),
            hint=text[:HINT_CHARS] if len(text) >= SHORT_SECRET_CHARS else "",
            length=len(text),
            is_public_by_design=any(kind.is_public_by_design for kind in self.kinds),
            is_test_key=any(kind.is_test_key for kind in self.kinds),
            places=tuple(places),
        )


@dataclass(slots=True, repr=False)
class _Found:
    """The keys by their text, in this module and for the time of one scan only."""

    keys: dict[str, _Key] = field(default_factory=dict)
    objects_read: int = 0

    def add(self, findings: list[Finding], content: bytes, place: str, committed_at: int) -> None:
        """Keep what the findings say, and none of the keys. `place` lacks the line."""
        self.objects_read += 1
        for finding in findings:
            where = finding.location
            around = content[max(0, where["start_offset"] - AROUND_BYTES) : where["end_offset"] + AROUND_BYTES]
            match = Match(finding.rule_id, finding.secret, finding.captures, around)
            kind = kind_of(match) if finding.visible else None
            if kind is not None:
                key = self.keys.setdefault(finding.secret, _Key())
                key.kinds.add(kind)
                key.places.setdefault(f"{place}:{where['line']}", committed_at)

    def sorted_keys(self) -> tuple[LeakedKey, ...]:
        leaked = [key.leaked(text) for text, key in self.keys.items()]
        return tuple(sorted(leaked, key=lambda key: (key.provider, key.fingerprint)))


def _versions(path: str, token: CancellationToken) -> Iterator[GitInput]:
    # The library warns of a file version that it leaves out. Nobody else gives this warning, so it may be an error.
    warnings.filterwarnings("error", category=GitInputWarning)
    scope = GitScope(refs=None, include_unreachable=True)
    return git_inputs(path, scope=scope, cancellation=token, discover=False, max_blob_size=MAX_BLOB_BYTES)


@cache
def _scanner() -> Scanner:
    """The scanner with its own rules and ours; a comment in the code can't switch it off."""
    folder = _cache_folder()
    with as_file(files("launchready.probes.keys").joinpath("rules.yml")) as ours:
        rules = Rules([ours], cache=folder is not None, cache_dir=folder)
    return Scanner(rules, policy=DetectionPolicy(inline_ignores=False))


def _cache_folder() -> Path | None:
    """Where compiled rules are kept, which saves seconds; None where nothing can be written."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / "launchready" / "rules"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that can't be written
        return None
    return folder


def _fingerprint(secret: str) -> str:
    digest = hashlib.pbkdf2_hmac("sha256", secret.encode(), b"launchready", FINGERPRINT_ROUNDS, FINGERPRINT_BYTES)
    return digest.hex()
