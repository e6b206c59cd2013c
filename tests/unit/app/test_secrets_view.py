"""The view of secrets alone: each key once, what is to be made of it, and no key in any output."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from launchready.cli.main import launchready

KEY = "sk_" + "live_51Nx" + "Gt2LkWqRmVbYcHdJfKsTp8ZuQ"


@pytest.fixture(autouse=True)
def _kept_rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert request.config.cache is not None
    monkeypatch.setenv("XDG_CACHE_HOME", str(request.config.cache.mkdir("launchready")))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main", ".")
    return root


def git(root: Path, *words: str) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_GLOBAL": os.devnull}
    env |= {f"GIT_{who}_{what}": "maya@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(["git", *words], cwd=root, env=env, capture_output=True, text=True, check=True).stdout.strip()


def commit(root: Path, name: str, content: str) -> str:
    (root / name).write_text(content)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "change")
    return git(root, "rev-parse", "HEAD")


def run(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(launchready, ["secrets", str(root), *words])
    assert KEY not in done.output
    return done.exit_code, done.output


def test_one_key_in_two_commits_and_two_files_is_one_incident(root: Path) -> None:
    made = commit(root, "pay.py", f'KEY = "{KEY}"\n')
    commit(root, "pay.py", "KEY = load()\n")
    (root / "again.py").write_text(f'KEY = "{KEY}"\n')
    code, output = run(root, "--json")
    view = json.loads(output)
    (one,) = view["incidents"]
    assert (code, view["decision"]) == (10, "NO_GO")
    assert (one["standing"], one["brought_by"], one["is_on_branch"]) == ("leaked", made, True)
    assert [place["exposure"] for place in one["places"]] == ["in the history", "not committed and not ignored"]
    assert (one["starts_with"], one["length"]) == ("sk_l", 37)
    assert "dashboard.stripe.com" in one["do"]
    assert one["opens"].startswith("money")


def test_a_clean_repository_exits_with_0_and_says_that_no_provider_was_asked(root: Path) -> None:
    commit(root, "app.py", "x = 1\n")
    code, output = run(root)
    assert code == 0
    assert "0 live keys leaked" in " ".join(output.split())
    assert "no key was sent" in " ".join(output.split())


def test_a_shallow_clone_is_no_pass(root: Path) -> None:
    commit(root, "a", "1\n")
    commit(root, "a", "2\n")
    clone = root.parent / "clone"
    git(root, "clone", "-q", "--depth", "1", root.as_uri(), str(clone))
    code, output = run(clone)
    assert code == 11
    assert "git fetch --unshallow" in output


def test_a_folder_without_a_history_is_no_pass_either_and_its_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/app.js").write_text(f'k="{KEY}"')
    code, output = run(tmp_path, "--json")
    view = json.loads(output)
    assert code == 11
    assert view["incidents"][0]["standing"] == "exposed"
    assert [one["check"] for one in view["findings"]] == ["key-in-build-output"]


def test_an_accepted_key_passes_and_is_shown_and_one_that_is_gone_is_told(root: Path) -> None:
    commit(root, "pay.py", f'KEY = "{KEY}"\n')
    fingerprint = json.loads(run(root, "--json")[1])["incidents"][0]["fingerprint"]
    entry = '[[accepted_secrets]]\nfingerprint = "{}"\nreason = "revoked"\nowner = "Maya"\nuntil = 2999-01-01\n'
    (root / "accepted-secrets.toml").write_text(entry.format(fingerprint) + entry.format("0" * 12))
    code, output = run(root, "--json")
    view = json.loads(output)
    assert code == 0
    assert (view["incidents"][0]["standing"], view["gone"]) == ("accepted", ["0" * 12])
    assert "until 2999-01-01: revoked" in " ".join(run(root)[1].split())


def test_a_key_that_lies_aside_is_no_alarm(root: Path) -> None:
    commit(root, ".gitignore", ".env\n")
    (root / ".env").write_text(f"STRIPE={KEY}\n")
    code, output = run(root, "--json", "--strict")
    assert code == 0
    assert json.loads(output)["incidents"][0]["standing"] == "kept aside"


def test_what_is_no_folder_is_wrong_use(tmp_path: Path) -> None:
    code, output = run(tmp_path / "nowhere")
    assert code == 2
    assert "is no folder" in output


def test_the_memory_is_left_only_where_it_is_wanted(root: Path) -> None:
    commit(root, "app.py", "x = 1\n")
    run(root, "--no-memory")
    assert not (root / ".launchready").exists()
    run(root)
    assert (root / ".launchready").is_dir()
    assert git(root, "status", "--porcelain") == ""
