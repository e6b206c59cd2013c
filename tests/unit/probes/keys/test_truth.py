"""The repositories with known truth of the bench: they guard our rules, and the scanner's catalogue when it moves."""

import importlib.util
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from launchready.facts.secrets import LeakedKey
from launchready.probes.keys.git import Ended, Git
from launchready.probes.keys.scan import Job, scan_history, scan_working_tree
from launchready.probes.keys.search import fingerprint_of

TRUTH = Path(__file__).parents[4] / "bench" / "secret_truth.py"


@pytest.fixture(scope="module")
def truth() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("secret_truth", TRUTH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["secret_truth"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["secret_truth"]


def keys_of(root: Path) -> list[LeakedKey]:
    job = Job(Git(root / ".git", root), root, date(2026, 11, 24), Ended())
    return [*scan_history(job).keys, *scan_working_tree(job).keys]


@pytest.mark.parametrize("kind", ["with_kinds", "with_places", "with_builds"])
def test_every_planted_key_is_found_and_none_is_shown(truth: ModuleType, tmp_path: Path, kind: str) -> None:
    made = getattr(truth, kind)(tmp_path / "repository")
    keys = keys_of(made.root)
    found = {key.fingerprint for key in keys}
    assert [one.name for one in made.truths if fingerprint_of(one.secret) not in found] == []
    assert [one.name for one in made.truths if one.secret in repr(keys)] == []


@pytest.mark.parametrize("kind", ["decoys", "public_keys"])
def test_nothing_that_opens_nothing_alarms(truth: ModuleType, tmp_path: Path, kind: str) -> None:
    made = truth.with_lines(tmp_path / "repository", getattr(truth, kind)(truth.Maker(9)))
    assert [(key.provider, key.places[0].path) for key in keys_of(made.root) if key.is_live] == []
