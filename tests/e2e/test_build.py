"""`launchready build` as an owner types it, in a world's own product."""

import contextlib
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from installed import LAUNCHREADY, World, run

CHECKS = (
    "build-not-clean",
    "build-not-repeatable",
    "secret-baked-into-build",
    "setting-baked-into-build",
    "start-ignores-missing-variable",
    "artefact-exposes-files",
    "artefact-leaks",
    "artefact-untidy",
)


def copy_of(world: World, folder: Path) -> Path:
    """The world's declaration and repository in a folder of one's own, where nothing was built yet."""
    shutil.copytree(world.folder.joinpath(world.config.parent, "repository").resolve(), folder / "repository")
    shutil.copyfile(world.config, folder / "launchready.toml")
    return folder


def asked(folder: Path, world: World) -> dict[str, str]:
    """What an audit answers to the checks of builds."""
    only = [word for check in CHECKS for word in ("--only", check)]
    done = run("audit", "--json", "--network", world.network_file, *only, cwd=folder)
    return {result["check"]: result["outcome"] for result in done.json["results"]}


def test_a_products_build_is_written_down_and_the_audit_reads_it(good: World, tmp_path: Path) -> None:
    folder = copy_of(good, tmp_path)
    done = run("build", "--json", cwd=folder)
    assert done.code == 0, done.out + done.err
    assert sorted(done.json["passed"]) == sorted(CHECKS)
    assert (done.json["sandbox"], done.json["findings"], done.json["not_measured"]) == ("bubblewrap", [], [])
    assert "Building" in done.err
    lines = (folder / ".launchready" / "builds.jsonl").read_text().splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["begun", "ended"]
    assert asked(folder, good) == dict.fromkeys(CHECKS, "pass")


def test_before_the_first_build_nothing_is_known(good: World, tmp_path: Path) -> None:
    assert asked(copy_of(good, tmp_path), good) == dict.fromkeys(CHECKS, "not_measured")


def test_a_file_that_was_never_committed_is_no_go_and_named(good: World, tmp_path: Path) -> None:
    folder = copy_of(good, tmp_path)
    code = folder / "repository"
    (code / "build.py").write_text((code / "build.py").read_text() + "\nopen('prices.json')\n")
    (code / "prices.json").write_text("[]")
    commit = ["git", "-c", "user.name=Maya", "-c", "user.email=maya@brightpath.example", "commit", "-qam", "Prices"]
    subprocess.run(commit, cwd=code, check=True)
    done = run("build", cwd=folder)
    assert done.code == 10
    assert "prices.json lies on your machine and is not in the commit" in " ".join(done.out.split())
    assert "git add -f prices.json" in done.out
    assert "prices.json" in (folder / ".launchready" / "last-build.log").read_text()
    assert asked(folder, good)["build-not-clean"] == "fail"


def running() -> Iterator[bytes]:
    """The command line of everything that runs."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield entry.read_bytes()


def test_a_stopped_build_leaves_nothing_and_does_not_count(good: World, tmp_path: Path) -> None:
    folder = copy_of(good, tmp_path)
    config = folder / "launchready.toml"
    config.write_text(config.read_text().replace('build = "python3 build.py"', 'build = "sleep 71871"'))
    process = subprocess.Popen([LAUNCHREADY, "build"], cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    while "Building" not in said:
        line = process.stderr.readline()
        assert line, f"it ended before it built: {said}"
        said += line
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "does not count" in words
    assert not any(b"71871" in command for command in running())
    lines = (folder / ".launchready" / "builds.jsonl").read_text().splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["begun"]


def test_what_is_not_declared_is_said_with_the_line_to_add(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text('[product]\nname = "P"\n[[hosts]]\nname = "a.example"\n')
    done = run("build", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "Add the line [build]" in done.err


def test_without_a_file_the_next_step_is_said(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert done.code == 2
    assert "launchready.toml" in done.err


def test_a_commit_that_does_not_exist_is_said(good: World, tmp_path: Path) -> None:
    done = run("build", "--commit", "v99", cwd=copy_of(good, tmp_path))
    assert done.code == 2
    assert "there is no commit 'v99'" in done.err


def test_a_broken_repository_is_said(good: World, tmp_path: Path) -> None:
    folder = copy_of(good, tmp_path)
    for path in (folder / "repository" / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"broken")
    done = run("build", cwd=folder)
    assert done.code == 2
    assert "git says" in done.err


def test_without_a_sandbox_nothing_runs_unless_the_owner_trusts_the_code(good: World, tmp_path: Path) -> None:
    folder = copy_of(good, tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("git", "python3"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    refused = run("build", cwd=folder, PATH=str(tools))
    assert refused.code == 2
    assert "apt-get install bubblewrap" in refused.err
    assert not (folder / ".launchready").exists()
    done = run("build", "--unsandboxed", "--json", cwd=folder, PATH=str(tools))
    assert done.code == 11, done.err
    assert done.json["sandbox"] is None
    assert [gap["check"] for gap in done.json["not_measured"]] == ["build-not-clean"]
    assert done.json["findings"] == []
