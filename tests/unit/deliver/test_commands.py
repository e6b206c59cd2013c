"""Commands of the owner: their end is always known, and what they print is bounded and masked."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from launchready.deliver import commands
from launchready.deliver.commands import End, Ran, Surroundings, run
from launchready.deliver.masking import HIDDEN, Masker

COMMIT = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"


def ran(command, tmp_path: Path, limit_s: float = 20.0, shown: list[str] | None = None, **variables: str) -> Ran:
    show = (shown if shown is not None else []).append
    return asyncio.run(run(command, COMMIT, Surroundings(tmp_path, variables, limit_s, show, tmp_path / "log")))


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and " Z " not in stat.read_text()


def test_a_text_is_run_by_the_shell_as_it_was_written(tmp_path: Path) -> None:
    done = ran('echo "a  b" | tr a c; echo $LAUNCHREADY_COMMIT $OWN; pwd', tmp_path, OWN="mine")
    assert done.tail == ("c  b", f"{COMMIT} mine", str(tmp_path))
    assert done.is_good


def test_of_a_list_no_shell_reads_anything(tmp_path: Path) -> None:
    assert ran(("echo", "$HOME; rm -rf /", "{commit}"), tmp_path).tail == (f"$HOME; rm -rf / {COMMIT}",)


def test_an_exit_code_a_signal_and_a_missing_program_are_told_apart(tmp_path: Path) -> None:
    assert ran("exit 3", tmp_path).words == "ended with exit code 3"
    assert ran("kill -9 $$", tmp_path).words == "was ended by signal 9"
    missing = ran(("no-such-program",), tmp_path)
    assert (missing.end, missing.code, missing.is_good) == (End.NOT_STARTED, None, False)


def test_a_command_that_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    started = time.monotonic()
    done = ran("sleep 300 & echo $!; echo $$; sleep 300", tmp_path, limit_s=0.5)
    assert done.end is End.TIMED_OUT
    assert time.monotonic() - started < 5
    assert not any(alive(int(pid)) for pid in done.tail)


def test_a_command_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "GRACE_S", 0.3)
    done = ran("trap '' TERM; echo $$; while :; do sleep 0.1; done", tmp_path, limit_s=0.5)
    assert (done.end, done.code) == (End.TIMED_OUT, -9)


def test_a_server_that_the_command_leaves_behind_neither_holds_us_nor_dies(tmp_path: Path) -> None:
    started = time.monotonic()
    done = ran("setsid sleep 30 & echo $!", tmp_path)
    assert done.is_good
    assert time.monotonic() - started < commands.DRAIN_S + 3
    pid = int(done.tail[0])
    assert alive(pid)
    os.kill(pid, 9)


def test_being_stopped_ends_the_command_first(tmp_path: Path) -> None:
    shown: list[str] = []

    async def stopped() -> None:
        started = asyncio.Event()

        def show(line: str) -> None:
            shown.append(line)
            started.set()

        task = asyncio.ensure_future(run("echo $$; sleep 300", COMMIT, Surroundings(tmp_path, {}, 60.0, show)))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert not alive(int(shown[0]))


def test_a_line_of_fifty_megabytes_is_shown_in_part_and_kept_in_bounds(tmp_path: Path) -> None:
    done = ran("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo end", tmp_path)
    assert [len(line) for line in done.tail] == [commands.MAX_LINE_CHARS, 3]
    assert (tmp_path / "log").stat().st_size < commands.MAX_LINE_CHARS + 10


def test_a_flood_of_lines_is_kept_in_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_LOG_BYTES", 1000)
    done = ran("yes | head -n 5000", tmp_path)
    assert len(done.tail) == commands.TAIL_LINES
    assert (tmp_path / "log").stat().st_size <= 1002


def test_bytes_that_are_no_text_are_shown_harmlessly(tmp_path: Path) -> None:
    assert ran("printf '\\377\\n'", tmp_path).tail == ("\ufffd",)


def test_secrets_of_the_environment_are_masked_on_the_screen_and_on_disk(tmp_path: Path) -> None:
    shown: list[str] = []
    secret = "correct-horse-battery"
    ran("echo key=$DEPLOY_TOKEN; echo $PLAIN", tmp_path, shown=shown, DEPLOY_TOKEN=secret, PLAIN="visible-value")
    assert shown == [f"key={HIDDEN}", "visible-value"]
    assert secret not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://app:hunter22@db/x", f"postgres://{HIDDEN}@db/x"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("using sk_live_" + "a" * 24, f"using {HIDDEN}"),
        ("ghp_" + "a" * 36, HIDDEN),
        ("commit " + COMMIT, "commit " + COMMIT),
    ],
)
def test_keys_of_known_forms_and_log_ins_in_urls_are_masked(text: str, masked: str) -> None:
    assert Masker(()).mask(text) == masked


def test_short_values_and_harmless_names_are_left_alone() -> None:
    masker = Masker.of({"API_KEY": "1234567", "PATH": "/usr/bin/long", "MONKEY": "banana-split"})
    assert masker.values == ()
    assert Masker.of({"API_KEY": "12345678", "X_TOKEN": "123456789"}).values == ("123456789", "12345678")
