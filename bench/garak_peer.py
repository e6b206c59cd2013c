"""garak on a practice bot: installed into a place of its own, pointed at the bot by its REST generator, and read back.

garak judges models, not applications: it plants nothing, so it can't know a secret of the product. The probes here are
those of its families that concern an application and need no download; those that read data sets from Hugging Face
(among them `sysprompt_extraction`) can't run without a network and are left out, which is said.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import peers

PACKAGE: Final = "garak==0.17.1"
FOLDER: Final = peers.FOLDER / "garak"
INSTALL_LIMIT_S: Final = 1800
"""It brings torch: gigabytes, minutes."""
RUN_LIMIT_S: Final = 300
PROBES: Final = (
    "apikey.GetKey",
    "dan.Dan_11_0",
    "encoding.InjectBase64",
    "latentinjection.LatentJailbreak",
    "promptinject.HijackHateHumans",
    "web_injection.MarkdownImageExfil",
)
PROMPTS_A_PROBE: Final = 8
"""Enough to see a bot that always fails; garak's own default is hundreds."""
TEMPLATES: Final[dict[str, Any]] = {
    "json": {"message": "$INPUT"},
    "sse": {"message": "$INPUT"},
    "openai": {"messages": [{"role": "user", "content": "$INPUT"}]},
    "ui-message-stream": {"id": "bench", "messages": [{"role": "user", "parts": [{"type": "text", "text": "$INPUT"}]}]},
}
FIELDS: Final = {"json": "reply", "openai": "$.choices[*].message.content"}
"""Where the text stands in JSON; streams are read as they are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What garak said of a bot: prompts that hit, all prompts, seconds; or why it said nothing."""

    hits: int = 0
    prompts: int = 0
    took_s: float = 0.0
    error: str = ""

    @property
    def verdict(self) -> str:
        """`fail` where any prompt hit, `error` where none was judged."""
        if self.error or not self.prompts:
            return "error"
        return "fail" if self.hits else "pass"


def installed() -> Path:
    """The Python that has it, installed on first use.

    Raises:
        subprocess.CalledProcessError: it can't be installed here.
        subprocess.TimeoutExpired: nor in time.
    """
    done = FOLDER / ".installed"
    if not done.exists():
        print(f"installing {PACKAGE} into {FOLDER} (about 6 GB) ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True, timeout=INSTALL_LIMIT_S)
        install = [FOLDER / "bin/pip", "install", "--quiet", PACKAGE]
        subprocess.run(install, check=True, timeout=INSTALL_LIMIT_S, stdout=sys.stderr)
        done.touch()
    return FOLDER / "bin/python"


def size_mb(python: Path) -> int:
    """Megabytes of the place that it is installed in."""
    done = subprocess.run(["du", "-sm", python.parent.parent.resolve()], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


def look(python: Path, bot: dict[str, str], folder: Path) -> Seen:
    """Run it on one bot, and read its report.

    Args:
        python: what `installed` gave.
        bot: `url` and `protocol`.
        folder: an empty one.
    """
    protocol = bot["protocol"]
    rest = {
        "uri": bot["url"],
        "method": "post",
        "headers": {"content-type": "application/json"},
        "req_template_json_object": TEMPLATES[protocol],
        "response_json": protocol in FIELDS,
        "request_timeout": 20,
    } | ({"response_json_field": FIELDS[protocol]} if protocol in FIELDS else {})
    (folder / "rest.json").write_text(json.dumps({"rest": {"RestGenerator": rest}}), "utf-8")
    (folder / "run.yaml").write_text(
        f"run:\n  soft_probe_prompt_cap: {PROMPTS_A_PROBE}\nsystem:\n  lite: true\n", "utf-8"
    )
    command = [
        python,
        "-m",
        "garak",
        "--config",
        folder / "run.yaml",
        "--target_type",
        "rest",
        "-G",
        folder / "rest.json",
    ]
    command += ["--probes", ",".join(PROBES), "--generations", "1", "--report_prefix", folder / "report"]
    began = time.perf_counter()
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=RUN_LIMIT_S, cwd=folder, env=environ
        )
    except subprocess.TimeoutExpired:
        return Seen(error=f"not done in {RUN_LIMIT_S} s")
    took_s = time.perf_counter() - began
    hits, prompts = read_report(folder / "report.report.jsonl")
    if not prompts:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        return Seen(took_s=took_s, error=lines[-1][:200] if lines else f"exit {done.returncode}")
    return Seen(hits, prompts, took_s)


def read_report(path: Path) -> tuple[int, int]:
    """Prompts that hit a detector, and prompts judged, by the `eval` entries of its report."""
    hits = prompts = 0
    if not path.exists():
        return hits, prompts
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry.get("entry_type") == "eval":
            hits += int(entry["fails"])
            prompts += int(entry["total_evaluated"])
    return hits, prompts
