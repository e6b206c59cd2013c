"""Commands of others: shut in, bounded, and gone at the end."""

import asyncio
import os
from pathlib import Path

import pytest

from launchready.deliver import sandbox
from launchready.deliver.building import NoSandboxError, may_shut_in
from launchready.deliver.sandbox import Room, Stop, run


def room(tmp_path: Path, *, is_sandboxed: bool = True, **more) -> Room:
    (tmp_path / "folder").mkdir(exist_ok=True)
    return Room(tmp_path / "folder", "/build/one", tmp_path / "spare", is_sandboxed, **more)


async def said(tmp_path: Path, command, where: Room, limit_s: float = 20.0, **variables: str):
    log = tmp_path / "log"
    log.touch()
    ran = await run(command, where, variables, log, limit_s)
    return ran, log.read_text("utf-8", "replace")


def runs_with(word: bytes) -> bool:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word in entry.read_bytes():
                return True
        except OSError:
            continue
    return False


@pytest.mark.parametrize("is_sandboxed", [True, False])
async def test_a_command_gets_declared_variables_alone(tmp_path: Path, monkeypatch, is_sandboxed: bool) -> None:
    monkeypatch.setenv("OWNERS_KEY", "an-owners-own-value")
    ran, words = await said(tmp_path, "env", room(tmp_path, is_sandboxed=is_sandboxed), DECLARED="yes")
    names = {line.partition("=")[0] for line in words.splitlines()}
    assert ran.is_good
    assert "DECLARED=yes" in words
    assert names <= {"PATH", "LANG", "HOME", "TMPDIR", "DECLARED", sandbox.MARK, "PWD", "OLDPWD", "SHLVL", "_"}


@pytest.mark.parametrize("is_sandboxed", [True, False])
async def test_home_is_empty(tmp_path: Path, is_sandboxed: bool) -> None:
    ran, words = await said(tmp_path, 'ls -A "$HOME"', room(tmp_path, is_sandboxed=is_sandboxed))
    assert (ran.code, words) == (0, "")


async def test_the_owners_files_are_not_there(tmp_path: Path) -> None:
    secret = tmp_path / "id_ed25519"
    secret.write_text("a key")
    ran, _ = await said(tmp_path, ["cat", str(secret)], room(tmp_path))
    assert ran.code != 0
    for path in ("/root", "/home", "/etc/shadow", "/var", "/srv", "/mnt", "/run"):
        ran, _ = await said(tmp_path, ["test", "-e", path], room(tmp_path))
        assert ran.code == 1, path


async def test_a_named_folder_may_be_read_and_not_written(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "tool").write_text("here")
    where = room(tmp_path, may_read=(str(tools),))
    ran, words = await said(tmp_path, f"cat {tools}/tool && touch {tools}/mine", where)
    assert words.startswith("here")
    assert ran.code != 0
    assert not (tools / "mine").exists()


async def test_only_the_clone_can_be_written(tmp_path: Path) -> None:
    ran, _ = await said(tmp_path, "touch made && ! touch /usr/made && ! touch /etc/made", room(tmp_path))
    assert ran.is_good
    assert (tmp_path / "folder" / "made").exists()


async def test_there_is_no_network_but_loopback(tmp_path: Path) -> None:
    ran, words = await said(tmp_path, "tail -n +3 /proc/net/dev | cut -d: -f1", room(tmp_path))
    assert (ran.code, words.split()) == (0, ["lo"])


async def test_a_text_is_for_the_shell_and_a_list_is_not(tmp_path: Path) -> None:
    _, of_text = await said(tmp_path, "echo $((1 + 1))", room(tmp_path))
    (tmp_path / "log").unlink()
    _, of_list = await said(tmp_path, ["echo", "$((1 + 1))"], room(tmp_path))
    assert (of_text, of_list) == ("2\n", "$((1 + 1))\n")


async def test_the_code_of_the_command_is_told(tmp_path: Path) -> None:
    ran, _ = await said(tmp_path, "exit 37", room(tmp_path))
    assert (ran.code, ran.stop) == (37, None)


@pytest.mark.parametrize("is_sandboxed", [True, False])
async def test_what_takes_too_long_is_ended_with_all_its_children(tmp_path: Path, is_sandboxed: bool) -> None:
    command = "setsid sleep 41871 & (setsid sh -c 'exec sleep 41872') & sleep 41873"
    ran, _ = await said(tmp_path, command, room(tmp_path, is_sandboxed=is_sandboxed), limit_s=0.6)
    assert ran.stop is Stop.TIME
    assert ran.took_s < 5
    await asyncio.sleep(0.1)
    assert not runs_with(b"sleep\x004187")


@pytest.mark.parametrize("is_sandboxed", [True, False])
async def test_what_is_left_behind_by_a_good_command_is_ended_too(tmp_path: Path, is_sandboxed: bool) -> None:
    ran, _ = await said(tmp_path, "setsid sleep 51871 & sleep 0.2", room(tmp_path, is_sandboxed=is_sandboxed))
    assert ran.is_good
    await asyncio.sleep(0.1)
    assert not runs_with(b"sleep\x0051871")


async def test_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await said(tmp_path, "sleep 61871", room(tmp_path))
    await asyncio.sleep(0.1)
    assert not runs_with(b"sleep\x0061871")


async def test_too_many_words_end_a_command(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_LOG_BYTES", 1000)
    ran, _ = await said(tmp_path, "head -c 2000 /dev/zero; sleep 30", room(tmp_path))
    assert ran.stop is Stop.LOG


async def test_too_many_files_end_a_command(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_FOLDER_BYTES", 1000)
    monkeypatch.setattr(sandbox, "WEIGH_EVERY_S", 0.1)
    ran, _ = await said(tmp_path, "head -c 2000 /dev/zero > big; sleep 30", room(tmp_path))
    assert ran.stop is Stop.FOLDER


async def test_without_a_sandbox_the_owner_is_asked_first(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandboxError, match="apt-get install bubblewrap"):
        await may_shut_in(consents=False)
    assert await may_shut_in(consents=True) is False


async def test_a_sandbox_that_is_forbidden_counts_as_none(monkeypatch, tmp_path: Path) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert await sandbox.can_shut_in() is False
