"""A GitHub Actions workflow that holds a release back until all is green, and looks at what is live afterwards."""

from dataclasses import dataclass
from typing import Final

from launchready.report import words
from launchready.report.yaml_text import Commented, Value, yaml_lines

# A tag can be moved to other code, the hash of a commit can't. The hashes are those of the releases named beside them.
CHECKOUT: Final = Commented("actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0")
SETUP_PYTHON: Final = Commented("actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0")
UPLOAD_ARTIFACT: Final = Commented("actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0")
UPLOAD_SARIF: Final = Commented("github/codeql-action/upload-sarif@0499de31b99561a6d14a36a5f662c2a54f91beee # v4.31.2")

PYTHON: Final = "3.12"
MACHINE: Final = "ubuntu-24.04"
DAILY: Final = "17 5 * * *"
"""Once a day, and not at a full hour, when GitHub's queue is longest and drops runs."""

MINUTES: Final = {"checks": 15, "tests": 60, "deploy": 60, "audit": 30}
"""When a job is ended; GitHub's own limit is six hours."""

SANDBOX: Final = """\
sudo apt-get update -qq
sudo apt-get install -y -qq --no-install-recommends bubblewrap
# Ubuntu forbids what a sandbox needs to those who are not root; this machine is thrown away after the job.
sudo sysctl -q -w kernel.apparmor_restrict_unprivileged_userns=0
"""

RECORDS: Final = ".launchready/deploys.jsonl"
"""Where `launchready deploy` writes down what it did."""

HEAD: Final = """\
# Written by `launchready ci`. {promise}
# It looks at what is live afterwards and once a day. Nothing in it needs an account elsewhere.
#
# Other people's actions are pinned to the commit of a release, so that nobody can change them under you. For newer ones
# let Dependabot ask (package-ecosystem: github-actions), or look the commit of a tag up:
#   git ls-remote https://github.com/actions/checkout refs/tags/v5.0.0
"""

SARIF, JUNIT, MARKDOWN = "launchready.sarif", "launchready.xml", "launchready.md"

AUDIT: Final = (
    *("launchready", "audit", "--passive", "--github", "--no-html"),
    *("--sarif", SARIF, "--junit", JUNIT, "--markdown", MARKDOWN),
)

NO_FORK: Final = (
    "(github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository)"
)
"""Whether the repository's secrets are there: a pull request from somebody else's copy gets none of them."""

NO_PLATFORM: Final = "github.event_name != 'deployment_status'"
"""A platform's news of a release, of which there are several for each, is for the audit alone."""

AFTER_PLATFORM: Final = (
    "(github.event_name == 'deployment_status' && github.event.deployment_status.state == 'success' && "
    "startsWith(github.event.deployment.environment, 'production'))"
)
BY_CLOCK_OR_HAND: Final = "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'"

Node = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What the workflow does. Commands are lines of a shell; an empty one means that there is no such job.

    `contract_values` are the variables that the contract is held against, each with whether it is secret.
    `keeps_record` says that the deploy command writes its own record. `deploy_secrets` are the names of secrets that
    it is given. `undetermined_is_red` and
    `risks_are_red` make the audit's job fail at these verdicts too; NO_GO always fails it.
    """

    install: str
    branch: str
    secrets: str = ""
    contract: str = ""
    contract_values: tuple[tuple[str, bool], ...] = ()
    build: str = ""
    tests: tuple[str, ...] = ()
    deploy: str = ""
    keeps_record: bool = False
    deploy_secrets: tuple[str, ...] = ()
    code_scanning: bool = True
    undetermined_is_red: bool = False
    risks_are_red: bool = False


def render_workflow(pipeline: Pipeline) -> str:
    """The workflow as a file."""
    jobs = _checks(pipeline)
    head = HEAD.format(promise=_promise(list(jobs), has_deploy=bool(pipeline.deploy)))
    if pipeline.deploy:
        jobs["deploy"] = _deploy(pipeline, list(jobs))
    jobs["audit"] = _audit(pipeline)
    document: Node = {
        "name": "Launch Ready",
        "on": _events(pipeline),
        "permissions": {"contents": "read"},
        "defaults": {"run": {"shell": "bash"}},
        "jobs": jobs,
    }
    parts = (yaml_lines({key: value}) for key, value in document.items())
    return head + "\n" + "\n\n".join("\n".join(part) for part in parts) + "\n"


def _promise(checks: list[str], *, has_deploy: bool) -> str:
    if not checks:
        return "It checks nothing before a release."
    green = f"{words.listing(checks)} {'is' if len(checks) == 1 else 'are'} green"
    return f"It holds every release back until {green}." if has_deploy else f"A push is red until {green}."


def _events(pipeline: Pipeline) -> Node:
    events: Node = {"push": {"branches": [pipeline.branch]}, "pull_request": None}
    if not pipeline.deploy:
        events["deployment_status"] = None
    return events | {"schedule": [{"cron": DAILY}], "workflow_dispatch": None}


def _checks(pipeline: Pipeline) -> Node:
    """The jobs that a release waits for; they run side by side."""
    when = "" if pipeline.deploy else NO_PLATFORM
    jobs: Node = {}
    if pipeline.contract:
        values: Node = {name: _from_store(name, is_secret=secret) for name, secret in pipeline.contract_values}
        hold: Node = {"name": "Hold the values against the contract", "env": values, "run": pipeline.contract}
        condition = f"{when} && {NO_FORK}" if when else NO_FORK
        jobs["contract"] = _job("Environment contract", [*_ready(pipeline), hold], condition)
    if pipeline.secrets:
        look: Node = {"name": "Look for keys in files and history", "run": pipeline.secrets}
        jobs["secrets"] = _job("Secrets", [*_ready(pipeline, whole=True), look], when)
    if pipeline.build:
        sandbox: Node = {"name": "Install the sandbox", "run": SANDBOX}
        build: Node = {"name": "Build in an empty place", "run": pipeline.build}
        jobs["build"] = _job("Clean build", [*_ready(pipeline, whole=True), sandbox, build], when, MINUTES["tests"])
    if pipeline.tests:
        steps: list[Value] = [{"name": f"Tests {n}", "run": line} for n, line in enumerate(pipeline.tests, start=1)]
        jobs["tests"] = _job("Tests", [_checkout(), _python(), *steps], when, MINUTES["tests"])
    return jobs


def _deploy(pipeline: Pipeline, needs: list[str]) -> Node:
    condition = f"github.event_name == 'push' && github.ref == 'refs/heads/{pipeline.branch}'"
    values: Node = {name: _from_store(name, is_secret=True) for name in pipeline.deploy_secrets}
    files: Node = {"name": "release", "path": RECORDS, "include-hidden-files": True, "if-no-files-found": "warn"}
    keep: Node = {"name": "Keep the record", "if": _expression("!cancelled()"), "uses": UPLOAD_ARTIFACT, "with": files}
    kept = [keep] if pipeline.keeps_record else []
    step: Node = {"name": "Deploy", "env": values, "run": pipeline.deploy}
    job = _job("Deploy", [*_ready(pipeline, whole=True), step, *kept], condition, MINUTES["deploy"])
    # One release after the other, and none is stopped half-way.
    gate: Node = {"environment": "production", "concurrency": {"group": "production", "cancel-in-progress": False}}
    return {"needs": list[Value](needs)} | gate | job if needs else gate | job


def _audit(pipeline: Pipeline) -> Node:
    after = "needs.deploy.result == 'success'" if pipeline.deploy else AFTER_PLATFORM
    report: Node = {
        "name": "Keep the reports",
        "if": _expression("!cancelled()"),
        "uses": UPLOAD_ARTIFACT,
        "with": {"name": "launchready", "path": f"{SARIF}\n{JUNIT}\n{MARKDOWN}\n", "if-no-files-found": "warn"},
    }
    show: Node = {
        "name": "Show the findings",
        "if": _expression(f"!cancelled() && hashFiles('{SARIF}') != ''"),
        "uses": UPLOAD_SARIF,
        "with": {"sarif_file": SARIF, "category": "launchready"},
    }
    look: Node = {"name": "Look at what is live", "run": _audit_script(pipeline)}
    steps: list[Value] = [*_ready(pipeline, whole=True), look, report, *([show] if pipeline.code_scanning else [])]
    job = _job("Audit", steps, f"!cancelled() && ({BY_CLOCK_OR_HAND} || {after})", MINUTES["audit"])
    rights: Node = {"contents": "read", "security-events": "write", "actions": "read"}
    needs: Node = {"needs": ["deploy"]} if pipeline.deploy else {}
    return needs | ({"permissions": rights} if pipeline.code_scanning else {}) | job


def _audit_script(pipeline: Pipeline) -> str:
    strict = " --strict" if pipeline.risks_are_red else ""
    lines = [
        "code=0",
        f"{' '.join(AUDIT)}{strict} || code=$?",
        f'if [ -f {MARKDOWN} ]; then cat {MARKDOWN} >> "$GITHUB_STEP_SUMMARY"; fi',
    ]
    if not pipeline.undetermined_is_red:
        lines += [
            "# 11: nothing that was seen is broken, but not everything could be seen. That is no GO, only no alarm.",
            'if [ "$code" -eq 11 ]; then',
            '  echo "::warning title=Not known yet::Not everything could be measured. The summary says what is not."',
            "  exit 0",
            "fi",
        ]
    return "\n".join([*lines, 'exit "$code"', ""])


def _job(name: str, steps: list[Value], condition: str = "", minutes: int = MINUTES["checks"]) -> Node:
    when: Node = {"if": _expression(condition)} if condition else {}
    return {"name": name, **when, "runs-on": MACHINE, "timeout-minutes": minutes, "steps": steps}


def _ready(pipeline: Pipeline, *, whole: bool = False) -> list[Value]:
    install: Node = {"name": "Install Launch Ready", "run": f"python -m pip install {pipeline.install}"}
    return [_checkout(whole=whole), _python(), install]


def _checkout(*, whole: bool = False) -> Node:
    """The commit, or with `whole` all history; the token that fetched it does not stay on the disk."""
    options: Node = {"persist-credentials": False}
    return {"uses": CHECKOUT, "with": options | ({"fetch-depth": 0} if whole else {})}


def _python() -> Node:
    version: Node = {"python-version": PYTHON}
    return {"uses": SETUP_PYTHON, "with": version}


def _from_store(name: str, *, is_secret: bool) -> str:
    return _expression(f"{'secrets' if is_secret else 'vars'}.{name}")


def _expression(text: str) -> str:
    return f"${{{{ {text} }}}}"
