"""The repositories with known truth of the bench: they guard our rules, and the scanner's catalogue when it moves."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from launchready.facts.secrets import LeakedKey
from launchready.probes.keys.git import Ended, Git
from launchready.probes.keys.scan import Job, scan_history, scan_working_tree
from launchready.probes.keys.search import fingerprint_of

BENCH = Path(__file__).parents[4] / "bench"


@pytest.fixture(scope="module", autouse=True)
def bench() -> Iterator[None]:
    """The modules of the bench lie side by side in a folder that is no package."""
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def keys_of(root: Path) -> list[LeakedKey]:
    job = Job(Git(root / ".git", root), root, date(2026, 11, 24), Ended())
    return [*scan_history(job).keys, *scan_working_tree(job).keys]


@pytest.mark.parametrize("kind", ["with_kinds", "with_places", "with_builds"])
def test_every_planted_key_is_found_and_none_is_shown(tmp_path: Path, kind: str) -> None:
    made = getattr(import_module("secret_truth"), kind)(tmp_path / "repository")
    keys = keys_of(made.root)
    found = {key.fingerprint for key in keys}
    assert [one.name for one in made.truths if fingerprint_of(one.secret) not in found] == []
    assert [one.name for one in made.truths if one.secret in repr(keys)] == []


@pytest.mark.parametrize("kind", ["decoys", "public_keys"])
def test_nothing_that_opens_nothing_alarms(tmp_path: Path, kind: str) -> None:
    kinds = import_module("secret_kinds")
    texts = getattr(kinds, kind)(kinds.Maker(9))
    made = import_module("secret_truth").with_lines(tmp_path / "repository", texts)
    assert [(key.provider, key.places[0].path) for key in keys_of(made.root) if key.is_live] == []
