"""The whole way: a world, an audit, a verdict, and everything that is made from its evidence."""

import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from installed import World, run

SERVER_KEY = re.compile(r"sk_live_[0-9A-Za-z]{10,}")


@pytest.fixture(scope="session")
def good_run(good: World):
    """A full audit of the good world, with everything it writes."""
    done = good.audit("--json", "--save", "evidence.json", "--markdown", "report.md")
    return good, done


@pytest.fixture(scope="session")
def demo_run(demo: World):
    """A full audit of the world with launch faults."""
    done = demo.audit("--json", "--save", "evidence.json", "--markdown", "report.md")
    return demo, done


def test_the_good_world_is_undetermined_and_says_which_rows_nobody_can_prove(good_run) -> None:
    _, done = good_run
    assert done.code == 11, done.err
    verdict = done.json
    assert verdict["decision"] == "UNDETERMINED"
    assert verdict["findings"] == []
    states = {row["id"]: row["state"] for row in verdict["rows"]}
    proven = {"M1", "M3", "M5", "M6", "M7", "M8", "M10", "M11", "M12", "M13"}
    assert {name for name, state in states.items() if state == "proven"} == proven
    assert set(states.values()) == {"proven", "not yet checkable by this version"}
    assert all(row["note"] for row in verdict["rows"] if row["state"] != "proven")


def test_nothing_but_the_vault_and_a_stream_behind_a_log_in_is_unmeasured_in_the_good_world(good_run) -> None:
    _, done = good_run
    assert {unknown["check"] for unknown in done.json["unknown"]} <= {"secrets-outside-vault", "stream-compressed"}


def test_the_demo_is_no_go_and_every_fault_of_the_world_is_found(demo_run) -> None:
    _, done = demo_run
    assert done.code == 10, done.err
    verdict = done.json
    assert verdict["decision"] == "NO_GO"
    found = {f["check"] for f in verdict["findings"]} | {e for f in verdict["findings"] for e in f["explains"]}
    assert len(found) >= 12
    assert verdict["findings"][0]["layer"] == "domain", "what lies deeper is mended first"


def test_the_json_fits_its_documented_schema(demo_run, good_run) -> None:
    world, done = demo_run
    schema = run("schema", "verdict", cwd=world.folder).json
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(done.json)) == []
    assert list(validator.iter_errors(good_run[1].json)) == []
    assert list(validator.iter_errors({**done.json, "decision": "MAYBE"})), "the schema can refuse"


def test_judging_the_saved_evidence_gives_the_same_bytes(demo_run) -> None:
    world, done = demo_run
    again = run("judge", "evidence.json", "--json", cwd=world.folder)
    assert again.out == done.out
    assert again.code == done.code


def test_judging_opens_no_socket(demo_run) -> None:
    world, done = demo_run
    script = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in {'socket.connect', 'socket.bind', 'socket.getaddrinfo', 'socket.sendto'}:\n"
        "        raise SystemExit(f'a socket was used: {event}')\n"
        "sys.addaudithook(refuse)\n"
        "from launchready.__main__ import main\n"
        "sys.argv = ['launchready', 'judge', 'evidence.json', '--json']\n"
        "main()\n"
    )
    again = subprocess.run(
        [sys.executable, "-c", script],
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.stdout == done.out


def test_requests_are_counted_as_the_world_counts_them(good: World, good_run) -> None:
    _, done = good_run
    counted = {r["host"]: r["requests"] for r in done.json["requests"]}
    assert counted["app.brightpath.example"] > 50
    assert set(counted) <= {
        "brightpath.example",
        "www.brightpath.example",
        "app.brightpath.example",
        "book.calendar.example",
        "data.iana.org",
        "rdap.nic.example",
        "mx.postmail.example",
    }


def test_a_leaked_key_is_found_and_never_printed(demo_run) -> None:
    world, done = demo_run
    assert "leaked-key-in-history" in {f["check"] for f in done.json["findings"]}
    repository = world.config.parent / "repository"
    history = subprocess.run(["git", "log", "-p", "--all"], cwd=repository, capture_output=True, text=True, check=True)
    keys = set(SERVER_KEY.findall(history.stdout))
    assert keys, "the world planted a key"
    terminal = run("judge", "evidence.json", "--html", "page.html", cwd=world.folder)
    pack = run("handover", "evidence.json", "--print", cwd=world.folder)
    written = [p.read_text() for p in world.folder.iterdir() if p.suffix in {".json", ".md", ".html"}]
    for text in (done.out, done.err, terminal.out, pack.out, *written):
        for key in keys:
            assert key not in text
            assert key[8:20] not in text


def test_the_page_is_written_by_default_and_its_path_is_printed(good: World) -> None:
    done = good.audit("--only", "domain-unresolved")
    page = good.folder / "launchready-report.html"
    assert page.is_file()
    assert "launchready-report.html" in done.out
    assert "<script" not in page.read_text()
    assert "default-src 'none'" in page.read_text()


def test_one_check_can_be_asked_alone_and_nothing_else_is_claimed(good: World) -> None:
    done = good.audit("--only", "spf-missing", "--json", "--no-html")
    assert {r["check"] for r in done.json["results"]} == {"spf-missing"}
    assert done.json["decision"] == "UNDETERMINED"


def test_without_active_looks_what_needs_them_is_not_measured(good: World) -> None:
    done = good.audit(
        "--passive", "--only", "signup-journey-broken", "--only", "login-unlimited", "--json", "--no-html"
    )
    assert {(u["check"], u["why"]) for u in done.json["unknown"]} == {
        ("signup-journey-broken", "not-requested"),
        ("login-unlimited", "not-requested"),
    }


def test_a_bare_name_is_audited_without_a_file_and_guesses_nothing(good: World) -> None:
    done = good.audit("--json", "--no-html", target="brightpath.example")
    assert done.code == 11, done.out
    assert done.json["findings"] == []
    needs = [u["need"] for u in done.json["unknown"]]
    assert any(need.startswith("declare ") and need.endswith("to have this answered") for need in needs)


def test_the_roadmap_the_pack_and_the_page_come_from_evidence(demo_run) -> None:
    world, _ = demo_run
    roadmap = run("roadmap", "evidence.json", cwd=world.folder)
    assert roadmap.code == 0
    assert (world.folder / "launchready-roadmap.html").is_file()
    pack = run("handover", "evidence.json", cwd=world.folder)
    assert pack.code == 0
    text = (world.folder / "HANDOVER.md").read_text()
    assert text.count("\n## ") == 11
    assert "203.0.113.10" in text
    assert "**Open:**" in text


def test_checks_and_explain_answer_for_every_check(good: World) -> None:
    checks = run("checks", "--json", cwd=good.folder).json
    assert len(checks) >= 25
    explained = run("explain", "spf-invalid", cwd=good.folder)
    assert "rfc7208" in explained.out
    near = run("explain", "spf-invalidd", cwd=good.folder)
    assert near.code == 2
    assert "Did you mean 'spf-invalid'" in near.err


def test_a_token_is_made_and_the_places_for_it_are_named(tmp_path: Path) -> None:
    done = run("own", "Example.com", cwd=tmp_path)
    assert re.search(r'token = "[0-9a-f]{32}"', done.out)
    assert "https://example.com/.well-known/launchready" in done.out
    assert done.out != run("own", "Example.com", cwd=tmp_path).out


def test_the_demo_command_exits_with_its_verdict_and_prints_only_json(tmp_path: Path) -> None:
    done = run("demo", "--json", "--no-html", cwd=tmp_path)
    assert done.code == 10
    assert done.json["decision"] == "NO_GO"
    assert list(tmp_path.iterdir()) == []


def test_mending_fault_after_fault_turns_the_verdict(tmp_path: Path) -> None:
    done = run("demo", "--fix", "--no-html", cwd=tmp_path)
    assert done.code == 11
    assert done.err.count("mended:") >= 12
    counts = [int(n) for n in re.findall(r"(\d+) findings left", done.err)]
    assert counts[-1] == 0
    assert counts == sorted(counts, reverse=True), "no mending makes it worse"
