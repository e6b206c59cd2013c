"""The workflow that `launchready ci` writes, run step by step: a broken push turns red, a good one goes live."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from installed import LAUNCHREADY, World, run
from jsonschema import Draft7Validator
from local_runner import Runner

from launchready.cli.ci import BUILD, CONTRACT, DEPLOY, SECRETS, WORKFLOW, offers
from launchready.cli.main import launchready

ZIZMOR = LAUNCHREADY.parent / "zizmor"
NAME = "brightpath.example"
CONFIG = f"""\
[product]
name = "Bright Path"

[[hosts]]
name = "app.{NAME}"
purpose = "chat"

[[environment]]
name = "SHOP_URL"
type = "url"

[[environment]]
name = "MODEL_KEY"
type = "secret"
min_chars = 20
"""
BUILDS = """
[repository]
path = "."

[build]
build = "sh build.sh"
output = ["dist"]
start = "sh start.sh"
start_seconds = 1
"""
START = """\
case "$SHOP_URL" in https://?*.?*) ;; *) echo "SHOP_URL is no address" >&2; exit 1 ;; esac
case "$MODEL_KEY" in ????????????????????*) ;; *) echo "MODEL_KEY is too short" >&2; exit 1 ;; esac
sleep 30
"""
DECLARED = """
[repository]
path = "."

[build]
build = "make"
output = ["dist"]

[deploy]
deploy = "make deploy"
rollback = "make rollback"

[[endpoints]]
url = "https://app.brightpath.example/version"
kind = "version"

[[gates]]
name = "tests"
command = "make test"

[[gates]]
name = "more"
command = ["sh", "my tests.sh"]
"""
GOOD = {"SHOP_URL": "https://shop.brightpath-coaching.net"}
KEY = {"MODEL_KEY": "Zq3vT8mWx1Lk5Rb7Yp2Nc9", "RELEASE_TOKEN": "aT7uQ2"}
PUSH = {"event_name": "push", "ref": "refs/heads/main", "repository": "maya/shop"}
PULL = {"event_name": "pull_request", "ref": "refs/pull/1/merge", "repository": "maya/shop"}
ARGUMENTS = ("--tests", "sh tests.sh", "--deploy", 'sh deploy.sh "$RELEASE_TOKEN"', "--secret", "RELEASE_TOKEN")


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Maya", "-c", "user.email=maya@brightpath-coaching.net")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """A product's repository with a test, a way to release, and the workflow."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "launchready.toml").write_text(CONFIG)
    (folder / "tests.sh").write_text("test 1 -eq 1\n")
    (folder / "deploy.sh").write_text(f'test -n "$1"\ngit rev-parse HEAD > {shlex.quote(str(tmp_path / "live"))}\n')
    done = run("ci", *ARGUMENTS, cwd=folder)
    assert done.code == 0, done.err
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a push")


def push(folder: Path, ref: str) -> tuple[Path, str]:
    """Push to a bare repository, as a developer does; its hook says which branch came."""
    origin = folder.parent / "origin.git"
    branch = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else "topic"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], check=True)
    hook = origin / "hooks" / "post-receive"
    hook.write_text("#!/bin/sh\ncat > pushed\n")
    hook.chmod(0o755)
    git(folder, "push", "-q", str(origin), f"HEAD:refs/heads/{branch}")
    _, _, came = (origin / "pushed").read_text().split()
    assert came == f"refs/heads/{branch}"
    return origin, branch


ALL_BUT_BUILD = ("contract", "secrets", "tests", "deploy", "audit")
"""Jobs of a product that declares no build."""


def pushed(folder: Path, world: World, event=PUSH, variables=GOOD, secrets=KEY, jobs=ALL_BUT_BUILD) -> Runner:
    """What GitHub would make of a push, in some of its jobs. The command looks through the world's network."""
    commit(folder)
    origin, branch = push(folder, event["ref"])
    place = folder.parent / "run"
    place.mkdir()
    # What the workflow installs as root is there already, or the machine that runs these tests lacks it.
    (place / "sudo").write_text("#!/bin/sh\n")
    (place / "sudo").chmod(0o755)
    shim = place / "launchready"
    network = f'if [ "$1" = audit ]; then shift; set -- audit --network {shlex.quote(str(world.network_file))} "$@"; fi'
    shim.write_text(f'#!/bin/sh\n{network}\nexec {shlex.quote(str(LAUNCHREADY))} "$@"\n')
    shim.chmod(0o755)
    path = f"{place}:{LAUNCHREADY.parent}:/usr/bin:/bin"
    runner = Runner(origin, branch, event, place, path, {}, dict(secrets), dict(variables))
    document = yaml.safe_load((folder / WORKFLOW).read_text("utf-8"))
    document["jobs"] = {name: job for name, job in document["jobs"].items() if name in jobs}
    for job in document["jobs"].values():
        job["needs"] = [need for need in job.get("needs", ()) if need in jobs]
    runner.run(yaml.safe_dump(document))
    return runner


def test_a_good_push_is_green_goes_live_is_looked_at_and_prints_no_secret(repository, good):
    seen = pushed(repository, good)
    assert set(seen.results.values()) == {"success"}, seen.log
    assert list(seen.results)[-2:] == ["deploy", "audit"]
    assert (repository.parent / "live").exists()
    assert len(seen.uploaded) == 1
    assert set(seen.artifacts) == {"launchready.sarif", "launchready.xml", "launchready.md"}
    assert "Bright Path" in seen.summary
    # Not everything could be seen, which is said and is no GO.
    assert "::warning title=Not known yet::" in seen.log
    written = seen.log + seen.summary + "".join(seen.artifacts.values())
    assert not [name for name, value in KEY.items() if value in written]


@pytest.mark.parametrize(
    ("variable", "value"), [("SHOP_URL", ""), ("SHOP_URL", "http://localhost:3000"), ("MODEL_KEY", "changeme-now")]
)
def test_a_bad_value_is_red_and_nothing_goes_live(repository, good, variable, value):
    stores = {name: value if name == variable else kept for name, kept in (GOOD | KEY).items()}
    seen = pushed(repository, good, variables=stores, secrets=stores, jobs=("contract", "deploy"))
    assert seen.results["contract"] == "failure"
    assert seen.results["deploy"] == "skipped"
    assert not (repository.parent / "live").exists()
    assert variable in seen.log
    assert not value or value not in seen.log


def test_a_red_test_is_red_and_nothing_goes_live(repository, good):
    (repository / "tests.sh").write_text("test 1 -eq 2\n")
    seen = pushed(repository, good, jobs=("tests", "deploy"))
    assert (seen.results["tests"], seen.results["deploy"]) == ("failure", "skipped")
    assert not (repository.parent / "live").exists()


@pytest.fixture
def built(repository):
    """The repository with a declared build."""
    (repository / "launchready.toml").write_text(CONFIG + BUILDS)
    (repository / "build.sh").write_text("mkdir -p dist\ncp page.html dist/index.html\n")
    (repository / "start.sh").write_text(START)
    (repository / "page.html").write_text("<p>Hello</p>\n")
    assert run("ci", "--force", *ARGUMENTS, cwd=repository).code == 0
    return repository


def test_a_build_from_nothing_but_the_commit_is_green(built, good):
    seen = pushed(built, good, jobs=("build", "deploy"))
    assert seen.results == {"build": "success", "deploy": "success"}, seen.log


def test_a_build_that_needs_a_file_of_the_developers_machine_is_red_and_nothing_goes_live(built, good):
    (built / ".gitignore").write_text("page.html\n")
    seen = pushed(built, good, jobs=("build", "deploy"))
    assert seen.results == {"build": "failure", "deploy": "skipped"}
    assert "page.html" in seen.log
    assert not (built.parent / "live").exists()


def test_a_deploy_that_fails_is_red(repository, good):
    (repository / "deploy.sh").write_text("exit 3\n")
    seen = pushed(repository, good, jobs=("deploy", "audit"))
    assert (seen.results["deploy"], seen.results["audit"]) == ("failure", "skipped")


def test_a_broken_live_product_is_red_and_its_findings_are_uploaded_all_the_same(repository, demo):
    (repository / "launchready.toml").write_text(demo.config.read_text())
    event = {"event_name": "schedule", "ref": "refs/heads/main", "repository": "maya/shop"}
    seen = pushed(repository, demo, event=event, jobs=("deploy", "audit"))
    assert (seen.results["deploy"], seen.results["audit"]) == ("skipped", "failure"), seen.log
    (log,) = seen.uploaded
    assert log["runs"][0]["properties"]["decision"] == "NO_GO"
    assert "::error file=launchready.toml,line=" in seen.log
    assert not (repository.parent / "live").exists()


def test_a_pull_request_is_checked_and_goes_nowhere(repository, good):
    head = {"head": {"repo": {"full_name": "maya/shop"}}}
    event = {"event_name": "pull_request", "ref": "refs/pull/1/merge", "repository": "maya/shop"}
    seen = pushed(
        repository, good, event=event | {"event": {"pull_request": head}}, jobs=("contract", "tests", "deploy", "audit")
    )
    assert (seen.results["contract"], seen.results["tests"]) == ("success", "success"), seen.log
    assert (seen.results["deploy"], seen.results["audit"]) == ("skipped", "skipped")


def test_a_pull_request_of_a_stranger_gets_no_secret(repository, good):
    head = {"head": {"repo": {"full_name": "mallory/shop"}}}
    event = {"event_name": "pull_request", "ref": "refs/pull/1/merge", "repository": "maya/shop"}
    seen = pushed(
        repository,
        good,
        event=event | {"event": {"pull_request": head}},
        secrets={},
        variables={},
        jobs=("contract", "tests"),
    )
    assert (seen.results["contract"], seen.results["tests"]) == ("skipped", "success")


def test_another_branch_is_checked_and_goes_nowhere(repository, good):
    seen = pushed(repository, good, event=PUSH | {"ref": "refs/heads/try"}, jobs=("tests", "deploy", "audit"))
    assert (seen.results["tests"], seen.results["deploy"], seen.results["audit"]) == ("success", "skipped", "skipped")


def test_a_key_in_the_history_is_red_and_nothing_goes_live(repository, good):
    key = "sk_live_" + "51H8xQ2eZvKYlo2C4tR9wXbN7mPqL3sVd"
    (repository / "settings.py").write_text(f'STRIPE = "{key}"\n')
    commit(repository)
    (repository / "settings.py").write_text("STRIPE = None\n")
    seen = pushed(repository, good, jobs=("secrets", "deploy"))
    assert (seen.results["secrets"], seen.results["deploy"]) == ("failure", "skipped"), seen.log
    assert "Stripe" in seen.log
    assert seen.log.rstrip().endswith("[10]")
    assert key not in seen.log
    assert not (repository.parent / "live").exists()


def lines_of_ours(text: str) -> list[list[str]]:
    """Every command of ours in a workflow, as words."""
    commands = re.findall(r"(?:run: \"?|^\s+)(launchready [^\n|\"]*)", text, re.MULTILINE)
    return [shlex.split(command) for command in commands]


def test_every_command_in_the_file_exists(repository):
    commands = lines_of_ours((repository / WORKFLOW).read_text("utf-8"))
    assert ["launchready", *CONTRACT] in commands
    for _, *words in commands:
        # click itself takes the words, without running the command.
        context = click.Context(launchready, info_name="launchready")
        command: click.Command | None = launchready
        while isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0))
        assert command is not None
        command.make_context(command.name, words, parent=context)


def test_jobs_are_those_that_the_file_declares(repository):
    jobs = yaml.safe_load((repository / WORKFLOW).read_text("utf-8"))["jobs"]
    assert set(jobs) == {"contract", "secrets", "tests", "deploy", "audit"}
    assert set(jobs["deploy"]["needs"]) == set(jobs) - {"deploy", "audit"}


def test_a_build_and_a_release_that_are_declared_are_the_commands_own(repository):
    (repository / "launchready.toml").write_text(CONFIG + DECLARED)
    done = run("ci", "--print", cwd=repository)
    jobs = yaml.safe_load(done.out)["jobs"]
    assert set(jobs) == {"contract", "secrets", "build", "tests", "deploy", "audit"}
    lines = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert lines["build"][-1] == "launchready build"
    assert "bubblewrap" in lines["build"][-2]
    assert lines["tests"] == ["make test", "sh 'my tests.sh'"]
    assert lines["deploy"][-1] == "launchready deploy"
    assert jobs["deploy"]["steps"][-1]["with"]["path"] == ".launchready/deploys.jsonl"
    assert all(offers(command) for command in (BUILD, DEPLOY, SECRETS, CONTRACT))


def test_a_command_that_does_not_exist_is_never_offered():
    assert offers(("audit", "--sarif", "x", "--passive"))
    assert not offers(("no-such-command",))
    assert not offers(("audit", "--no-such-option"))
    assert not offers(("schema-of-everything", "verdict"))
    assert not offers(("env",))
    assert not offers(("env", "no-such-command"))
    assert not offers(("roadmap", "--bogus"))


def test_github_takes_the_file_by_its_published_schema(repository):
    document = yaml.safe_load((repository / WORKFLOW).read_text("utf-8"))
    document["on"] = document.pop(True)  # YAML 1.1 takes the word for a truth value; GitHub does not
    schema = get_builtin_schema("vendor.github-workflows")
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_an_auditor_of_workflows_finds_nothing(repository):
    done = subprocess.run(
        [ZIZMOR, "--offline", "--no-progress", repository / WORKFLOW], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_rights_are_the_least_and_every_action_is_pinned(repository):
    text = (repository / WORKFLOW).read_text("utf-8")
    document = yaml.safe_load(text)
    assert document["permissions"] == {"contents": "read"}
    assert [name for name, job in document["jobs"].items() if "permissions" in job] == ["audit"]
    assert re.findall(r"uses: (?!\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$).*", text, re.MULTILINE) == []
    assert "continue-on-error" not in text
    assert "|| true" not in text


def test_a_file_that_is_there_is_not_replaced_without_a_word(repository):
    (repository / WORKFLOW).write_text("mine\n")
    refused = run("ci", cwd=repository)
    assert refused.code == 2
    assert "--force" in refused.err
    assert (repository / WORKFLOW).read_text() == "mine\n"
    shown = run("ci", "--print", *ARGUMENTS, cwd=repository)
    assert run("ci", "--force", *ARGUMENTS, cwd=repository).code == 0
    assert (repository / WORKFLOW).read_text() == shown.out


@pytest.mark.parametrize(
    "wrong",
    [
        ("--tests", "echo ${{ github.event.issue.title }}"),
        ("--tests", "a\x1bb"),
        ("--tests", " "),
        ("--branch", "main'; true || '"),
        ("--secret", "A-B"),
        ("--secret", "GITHUB_TOKEN"),
        ("--install", "${{ secrets.X }}"),
    ],
)
def test_what_github_would_misread_is_refused(repository, wrong):
    done = run("ci", "--print", *wrong, cwd=repository)
    assert done.code == 2
    assert done.out == ""


def test_a_command_of_several_lines_stays_as_it_is(repository):
    command = 'set -u\n\nif true; then\n\techo "a: b # c"\nfi'
    shown = run("ci", "--print", "--tests", command, cwd=repository)
    steps = yaml.safe_load(shown.out)["jobs"]["tests"]["steps"]
    assert steps[-1]["run"].rstrip("\n") == command


def test_without_a_deploy_command_the_platforms_own_release_starts_the_audit(repository, good):
    assert run("ci", "--force", "--tests", "true", cwd=repository).code == 0
    status = {"deployment_status": {"state": "success"}, "deployment": {"environment": "Production"}}
    event = {"event_name": "deployment_status", "ref": "refs/heads/main", "repository": "maya/shop", "event": status}
    seen = pushed(repository, good, event=event, jobs=("tests", "audit"))
    assert {name: result for name, result in seen.results.items() if result != "skipped"} == {"audit": "success"}, (
        seen.log
    )


def test_without_a_declaration_the_next_step_is_said(tmp_path):
    done = run("ci", cwd=tmp_path)
    assert done.code == 2
    assert "launchready.toml" in done.err
