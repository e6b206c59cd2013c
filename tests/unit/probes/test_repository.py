"""The probes of `probes/repository.py`, on real repositories. Keys are put together here: none lies in this file."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from launchready.facts.repository import RepositoryHead
from launchready.facts.secrets import Exposure, RepositorySecrets, SettingsFile, WorkingTreeSecrets
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.probes.repository import repository_head, repository_secrets, working_tree_secrets

TAIL = "51Nx" + "Gt2LkWqRmVbYcHdJfKsTp8Zu"
LIVE, TEST, PUBLISHABLE = (f"{kind}_{TAIL}" for kind in ("sk_live", "sk_test", "pk_live"))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _kept_rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling the scanner's rules takes seconds; pytest's own cache keeps them from run to run."""
    assert request.config.cache is not None
    folder = request.config.cache.mkdir("launchready")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs git in `tmp_path/repository`, an empty repository, cut off from the user's settings."""
    root = tmp_path / "repository"
    root.mkdir()
    isolated = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Maya",
        "GIT_AUTHOR_EMAIL": "maya@example.com",
        "GIT_COMMITTER_NAME": "Maya",
        "GIT_COMMITTER_EMAIL": "maya@example.com",
        "GIT_AUTHOR_DATE": "1782900000 +0000",
        "GIT_COMMITTER_DATE": "1782900000 +0000",
    }

    def run(*arguments: str, given: str | None = None, cwd: Path = root) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=cwd, env=isolated, input=given, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run("init", "--quiet", "--initial-branch=main", ".")
    return run


async def secrets(root: Path) -> RepositorySecrets:
    return await repository_secrets(Repository(str(root)), Clock(lambda: NOW, lambda: 0.0))


def commit(git: Git, root: Path, message: str = "change", **files: str) -> str:
    for name, content in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", message)
    return git("rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path, git: Git) -> Path:
    commit(git, tmp_path / "repository", readme="# Bright Path\n")
    return tmp_path / "repository"


async def test_a_history_without_keys_is_read_whole(root: Path) -> None:
    assert await secrets(root) == RepositorySecrets(keys=(), objects_read=3, is_partial=False)


async def test_a_key_that_was_deleted_later_is_found_where_it_was(root: Path, git: Git) -> None:
    leaked = commit(git, root, config__pay="\n" + f'KEY = "{LIVE}"\n')
    (root / "config/pay").unlink()
    commit(git, root)
    found = await secrets(root)
    (key,) = found.keys
    assert (key.provider, key.hint, key.length, key.brought_by) == ("stripe", "sk_l", 36, leaked)
    assert [(p.exposure, p.path, p.line, p.commit) for p in key.places] == [(Exposure.HISTORY, "config/pay", 2, leaked)]
    assert key.is_on_branch
    assert (key.is_public_by_design, key.is_test_key) == (False, False)
    assert LIVE not in repr(found)
    assert TAIL not in repr(found)


@pytest.mark.parametrize("where", ["branch", "tag", "stash", "unreachable", "commit message"])
async def test_a_key_is_found_wherever_git_keeps_it(root: Path, git: Git, where: str) -> None:
    text = f'KEY = "{LIVE}"\n'
    if where == "commit message":
        commit(git, root, message=f"use {LIVE}", other="x = 1\n")
    elif where == "unreachable":
        git("hash-object", "-w", "--stdin", given=text)
    elif where == "stash":
        (root / "readme").write_text(text)
        git("stash")
    else:
        git("checkout", "--quiet", "-b", "side")
        commit(git, root, secret=text)
        git("checkout", "--quiet", "main")
        if where == "tag":
            git("tag", "v1", "side")
            git("branch", "--quiet", "-D", "side")
    (key,) = (await secrets(root)).keys
    assert key.provider == "stripe"


async def test_one_key_in_two_files_is_one_key_with_two_places(root: Path, git: Git) -> None:
    made = commit(git, root, a=LIVE, b=f"\n\n{LIVE}\n")
    (key,) = (await secrets(root)).keys
    assert [(p.path, p.line, p.commit) for p in key.places] == [("a", 1, made), ("b", 3, made)]


async def test_placeholders_are_no_keys_and_test_and_public_ones_are_marked(root: Path, git: Git) -> None:
    placeholder = "sk_live_" + "x" * 24
    commit(git, root, env=f"A={placeholder}\nB=changeme\n", pub=f'Stripe("{PUBLISHABLE}")\n', test=f'k="{TEST}"\n')
    assert [(key.hint, key.is_test_key) for key in (await secrets(root)).keys] == [("sk_t", True)]


@pytest.mark.parametrize(
    ("provider", "text"),
    [
        ("stripe-webhook", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("google", "GOCSPX-" + "kJ8sd9fJKLs09dfjkls8df90sjkl"),
        ("supabase", "sb_secret_" + "N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz"),
        ("hubspot", "pat-na1-" + "7c1f83ae-41d2-4abc-9def-60e9d5a2b3c4"),
        ("github", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"),
    ],
)
async def test_a_key_of_each_provider_is_found(root: Path, git: Git, provider: str, text: str) -> None:
    commit(git, root, env=f'VALUE = "{text}"\n')
    assert [key.provider for key in (await secrets(root)).keys] == [provider]


async def test_a_password_in_a_url_shows_no_part_of_itself(root: Path, git: Git) -> None:
    commit(git, root, env="DB=postgres://maya:" + "hunter2rain" + "@db.brightpath.com:5432/app\n")
    (key,) = (await secrets(root)).keys
    assert (key.provider, key.hint, key.is_test_key) == ("postgres-password", "", False)


async def test_a_shallow_clone_without_a_key_is_not_seen_and_the_command_is_given(root: Path, git: Git) -> None:
    commit(git, root, a="1\n")
    clone = root.parent / "clone"
    git("clone", "--quiet", "--depth", "1", root.as_uri(), str(clone))
    with pytest.raises(NotSeen, match=r"git fetch --unshallow") as caught:
        await secrets(clone)
    assert caught.value.why is Why.NOT_FOUND


async def test_a_shallow_clone_with_a_key_is_seen_in_part(root: Path, git: Git) -> None:
    commit(git, root, a=LIVE)
    clone = root.parent / "clone"
    git("clone", "--quiet", "--depth", "1", root.as_uri(), str(clone))
    found = await secrets(clone)
    assert found.is_partial
    assert len(found.keys) == 1


async def test_a_corrupt_object_is_not_seen(root: Path, git: Git) -> None:
    blob = git("rev-parse", "HEAD:readme")
    path = root / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.write_bytes(b"nothing")
    with pytest.raises(NotSeen, match="git fsck") as caught:
        await secrets(root)
    assert caught.value.why is Why.UNREADABLE


async def test_a_repository_without_a_commit_is_not_seen(tmp_path: Path, git: Git) -> None:
    with pytest.raises(NotSeen, match="commit the product's code"):
        await secrets(tmp_path / "repository")
    with pytest.raises(NotSeen, match="commit the product's code"):
        await repository_head(Repository(str(tmp_path / "repository")))


@pytest.mark.parametrize(("name", "word"), [("missing", "does not exist"), ("", "no git repository")])
async def test_a_folder_that_is_none_is_not_found(tmp_path: Path, name: str, word: str) -> None:
    with pytest.raises(NotSeen, match=word) as caught:
        await secrets(tmp_path / name)
    assert caught.value.why is Why.NOT_FOUND


async def test_a_cancelled_scan_ends_at_once(root: Path) -> None:
    task = asyncio.ensure_future(secrets(root))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_scanner_works_without_a_folder_to_write_in() -> None:
    code = "from launchready.probes.keys.search import _cache_folder; print(_cache_folder())"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"XDG_CACHE_HOME": "/proc/none"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"


async def head(root: Path) -> str:
    return (await repository_head(Repository(str(root)))).commit


async def test_the_head_is_read_from_a_branch_a_packed_branch_and_a_commit(root: Path, git: Git) -> None:
    commit_id = git("rev-parse", "HEAD")
    assert await repository_head(Repository(str(root))) == RepositoryHead(commit_id)
    git("pack-refs", "--all")
    assert await head(root) == commit_id
    git("checkout", "--quiet", "--detach")
    assert await head(root) == commit_id


async def test_the_head_of_a_linked_working_tree_and_of_a_bare_clone_is_read(root: Path, git: Git) -> None:
    git("worktree", "add", "--quiet", "-b", "side", "../linked")
    made = git("commit", "--quiet", "--allow-empty", "-m", "side", cwd=root.parent / "linked")
    made = git("rev-parse", "side")
    assert await head(root.parent / "linked") == made
    git("clone", "--quiet", "--bare", ".", "../bare")
    assert await head(root.parent / "bare") == git("rev-parse", "main")


async def test_a_head_that_points_outside_is_not_followed(root: Path) -> None:
    (root / ".git/HEAD").write_text("ref: refs/heads/../../../../etc/passwd\n")
    with pytest.raises(NotSeen, match="git rev-parse HEAD"):
        await repository_head(Repository(str(root)))


async def test_refs_that_lead_in_a_circle_are_not_seen(root: Path) -> None:
    (root / ".git/refs/heads/a").write_text("ref: refs/heads/b\n")
    (root / ".git/refs/heads/b").write_text("ref: refs/heads/a\n")
    (root / ".git/HEAD").write_text("ref: refs/heads/a\n")
    with pytest.raises(NotSeen, match="without an end"):
        await repository_head(Repository(str(root)))


async def tree(root: Path) -> WorkingTreeSecrets:
    return await working_tree_secrets(Repository(str(root)), Clock(lambda: NOW, lambda: 0.0))


async def test_files_are_told_apart_by_what_git_does_with_them(root: Path, git: Git) -> None:
    commit(git, root, gitignore="", app__pay="x = 1\n", **{".gitignore": "dist/\n.env\n"})
    for number, name in enumerate(("app/pay", "loose.py", "dist/app.js", ".env")):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f'KEY = "{LIVE}{number}"\n')
    git("config", "remote.origin.url", f"https://maya:{LIVE}9@git.brightpath.io/app.git")
    found = {place.path: place.exposure for key in (await tree(root)).keys for place in key.places}
    assert found == {
        "app/pay": Exposure.CHANGED,
        "loose.py": Exposure.UNTRACKED,
        "dist/app.js": Exposure.BUILD,
        ".env": Exposure.IGNORED,
        ".git/config": Exposure.GIT_FOLDER,
    }


async def test_a_file_as_git_keeps_it_is_left_to_the_history(root: Path, git: Git) -> None:
    commit(git, root, pay=f'KEY = "{LIVE}"\n')
    assert (await tree(root)).keys == ()


async def test_the_names_of_secrets_in_a_settings_file_that_git_keeps_are_told(root: Path, git: Git) -> None:
    content = "APP_NAME=x\nDB_PASSWORD=river-lantern\nAPI_KEY=\nSESSION_SECRET=${FROM_VAULT}\nVITE_API_KEY=abc\n"
    commit(git, root, **{".env": content, ".env.example": "DB_PASSWORD=river-lantern\n"})
    assert (await tree(root)).settings == (SettingsFile(".env", ("DB_PASSWORD",)),)


async def test_a_variable_that_builders_make_public_is_named(root: Path) -> None:
    (root / ".env").write_text(f"VITE_STRIPE_KEY={LIVE}\n")
    (key,) = (await tree(root)).keys
    assert key.places[0].public_name == "VITE_STRIPE_KEY"


async def test_a_key_in_a_name_is_not_shown(root: Path, git: Git) -> None:
    commit(git, root, **{f"notes/{LIVE}.txt": "nothing\n"})
    git("branch", f"try-{LIVE}")
    (key,) = (await secrets(root)).keys
    assert key.provider == "stripe"
    assert LIVE not in repr(await secrets(root))
    assert LIVE not in repr(await tree(root))


async def test_a_key_that_was_accepted_is_marked_until_its_last_day(root: Path, git: Git) -> None:
    commit(git, root, pay=f'KEY = "{LIVE}"\n')
    (key,) = (await secrets(root)).keys
    entry = f'[[accepted_secrets]]\nfingerprint = "{key.fingerprint}"\nreason = "revoked"\nowner = "Maya"\n'
    for until, is_accepted in ((date(2026, 11, 24), True), (date(2026, 11, 23), False)):
        (root / "accepted-secrets.toml").write_text(f"{entry}until = {until}\n")
        (key,) = (await secrets(root)).keys
        assert (key.is_accepted, key.accepted is not None) == (is_accepted, True)


async def test_a_list_of_accepted_keys_that_is_wrong_is_not_seen(root: Path) -> None:
    (root / "accepted-secrets.toml").write_text("nonsense")
    with pytest.raises(NotSeen, match=r"accepted-secrets\.toml: it is no TOML"):
        await secrets(root)


async def test_a_file_that_lfs_keeps_elsewhere_is_not_seen(root: Path, git: Git) -> None:
    commit(git, root, large=f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 9\n")
    with pytest.raises(NotSeen, match="git lfs fetch --all"):
        await secrets(root)
    place = root / ".git/lfs/objects/aa/aa" / ("a" * 64)
    place.parent.mkdir(parents=True)
    place.write_text("content\n")
    assert (await secrets(root)).keys == ()


async def test_a_deleted_object_is_not_seen(root: Path, git: Git) -> None:
    blob = git("rev-parse", "HEAD:readme")
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(NotSeen, match="git fsck"):
        await secrets(root)


async def test_a_second_scan_reads_only_what_is_new(root: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    from launchready.probes.keys import history

    (root / ".launchready").mkdir()
    commit(git, root, pay=f'KEY = "{LIVE}"\n')
    first = await secrets(root)
    read: list[bytes] = []
    real = history.search
    monkeypatch.setattr(history, "search", lambda data, *rest: read.append(data) or real(data, *rest))
    commit(git, root, new="x = 1\n")
    second = await secrets(root)
    assert b"x = 1\n" in read
    assert len(read) == 3  # the file, its tree and its commit
    assert second.keys == first.keys


async def test_a_large_file_is_read_in_windows_and_a_key_on_the_border_found_whole(root: Path, git: Git) -> None:
    from launchready.probes.keys.git import STREAMED_BYTES

    line = "x = 1\n"
    before = line * ((STREAMED_BYTES + 490) // len(line))
    made = commit(git, root, large=f'{before}KEY = "{LIVE}"\n{line * 50_000}')
    (key,) = (await secrets(root)).keys
    assert [(place.line, place.commit) for place in key.places] == [(before.count("\n") + 1, made)]
