"""Bad input: each a clear message or a NOT_MEASURED with its reason, within its time, never a traceback or a PASS."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from installed import LAUNCHREADY, World, run

MOST_MEMORY_BYTES = (
    900 * 1024 * 1024
)  # of address space, mapped libraries and thread stacks included; the page has more


def outcomes(done, check: str) -> dict[str, str]:
    return {r["subject"]: r["outcome"] for r in done.json["results"] if r["check"] == check}


def test_an_unknown_domain_is_no_go_and_named(start) -> None:
    world = start("unknown-domain")
    done = world.audit("--json", "--no-html")
    assert done.code == 10
    assert set(outcomes(done, "domain-unresolved").values()) == {"fail"}
    assert "pass" not in outcomes(done, "certificate-untrusted").values()


def test_an_empty_zone_is_no_go_and_nothing_behind_it_passes(start) -> None:
    done = start("empty-zone").audit("--json", "--no-html")
    assert done.code == 10
    assert set(outcomes(done, "domain-unresolved").values()) == {"fail"}
    assert set(outcomes(done, "spf-missing").values()) == {"fail"}


def test_a_host_that_says_nothing_is_not_measured_within_the_patience(start) -> None:
    world = start("silent-host")
    started = time.monotonic()
    done = world.audit("--json", "--no-html", "--passive", "--patience", "2")
    assert time.monotonic() - started < 30
    silent = outcomes(done, "certificate-untrusted")["host:app.brightpath.example"]
    assert silent == "not_measured"
    assert done.code in {10, 11}


def test_a_page_of_a_gigabyte_is_cut_and_never_fills_memory(start) -> None:
    world = start("huge-page")
    script = (
        "import resource, sys\n"
        "from launchready.__main__ import main\n"
        f"limit = {MOST_MEMORY_BYTES}\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "main()\n"
    )
    arguments = ["audit", world.config, "--network", world.network_file, "--json", "--no-html", "--passive"]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=world.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in {10, 11}, done.stderr
    assert '"check": "text-uncompressed"' in done.stdout


def test_a_redirect_to_a_private_address_is_refused_and_never_a_pass(start) -> None:
    done = start("private-redirect").audit("--json", "--no-html", "--only", "redirect-not-canonical")
    states = outcomes(done, "redirect-not-canonical")
    assert states["host:brightpath.example"] in {"fail", "not_measured"}


def test_a_certificate_from_1970_fails_in_words(start) -> None:
    done = start("certificate-1970").audit("--json", "--no-html", "--only", "certificate-untrusted")
    assert done.code == 10
    (finding,) = done.json["findings"]
    assert "expired" in " ".join(finding["offenders"])


def test_a_typo_in_the_file_names_file_line_key_and_the_nearest(start) -> None:
    world = start("config-typo")
    done = world.audit()
    assert done.code == 2
    assert "launchready.toml line" in done.err
    assert "Did you mean" in done.err
    assert done.out == ""


def test_a_dead_resolver_is_recognised_and_nothing_passes(start) -> None:
    done = start("resolver-dead").audit("--json", "--no-html", "--passive", "--patience", "4")
    assert done.code == 11
    remote = [r for r in done.json["results"] if r["subject"].startswith(("host:", "domain:", "link:"))]
    assert {r["outcome"] for r in remote} <= {"not_measured", "not_applicable"}
    assert "no-resolver" in {u["why"] for u in done.json["unknown"]}


def test_a_challenge_page_is_never_judged(start) -> None:
    done = start("challenge").audit("--json", "--no-html", "--passive", "--only", "text-uncompressed")
    assert "challenged" in {u["why"] for u in done.json["unknown"]}
    assert done.json["findings"] == []


def test_no_network_at_all_is_not_measured_and_said(tmp_path: Path) -> None:
    done = run(
        "audit", "example.com", "--resolver", "203.0.113.53", "--json", "--no-html", "--patience", "4", cwd=tmp_path
    )
    assert done.code == 11
    assert {r["outcome"] for r in done.json["results"]} == {"not_measured"}
    assert {u["why"] for u in done.json["unknown"]} & {"own-network", "no-resolver"}


@pytest.mark.parametrize("name", ["", "localhost", "203.0.113.9", "a..b", "exa mple.com", "co.uk", "x" * 300 + ".com"])
def test_a_name_that_is_none_is_refused_with_what_to_type(name: str, tmp_path: Path) -> None:
    done = run("audit", name, cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith(("Error: ", "Usage: "))
    assert done.out == ""


def test_without_file_and_name_the_next_step_is_named(tmp_path: Path) -> None:
    done = run("audit", cwd=tmp_path)
    assert done.code == 2
    assert "launchready audit example.com" in done.err


def test_ctrl_c_in_the_middle_keeps_what_was_seen_and_concludes_nothing(start) -> None:
    world: World = start("silent-host")
    command = [LAUNCHREADY, "audit", world.config, "--network", world.network_file, "--save", "stopped.json", "--json"]
    with subprocess.Popen(
        command, cwd=world.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "Stopped after" in err
    assert "nothing is concluded" in err
    assert "Traceback" not in err
    judged = run("judge", "stopped.json", "--json", cwd=world.folder)
    assert "interrupted" in {u["why"] for u in judged.json["unknown"]}


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"schema_version": 2, "evidence": {}, "sha256": ""}'])
def test_a_file_that_is_no_evidence_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text(content)
    done = run("judge", "evidence.json", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith("Error: the file")


def test_a_place_that_can_not_be_written_is_named(good: World) -> None:
    done = good.audit("--only", "domain-unresolved", "--html", "/proc/nowhere/page.html")
    assert done.code == 2
    assert "can't be written" in done.err


def test_a_demo_world_with_a_typo_ends_as_any_file_with_a_typo_does(tmp_path: Path) -> None:
    done = run("demo", "--world", "config-typo", "--no-html", cwd=tmp_path)
    assert done.code == 2
    assert "Did you mean" in done.err
