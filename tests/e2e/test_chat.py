"""`launchready chat test` against coachbot with a provider behind it that fails, as an owner would run it."""

import email
import email.policy
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from installed import LAUNCHREADY, Done, run

START_S = 30.0
PASSWORD = "four random words work"
BLOCKERS = ("chat-answer-broken", "chat-session-lost", "talk-shared", "model-failure-untold", "chat-not-recovering")


def wait_for(path: Path, pattern: str) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        found = re.search(pattern, path.read_text()) if path.exists() else None
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never said {pattern}")


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.send_signal(signal.SIGINT)
        process.wait(20)


class Coach:
    """coachbot for one developer, and a provider that fails when told to."""

    def __init__(self, folder: Path, processes: list[subprocess.Popen[bytes]]) -> None:
        self.folder = folder
        said, errors = folder / "provider.json", folder / "coachbot.log"
        with said.open("wb") as out:
            processes.append(subprocess.Popen([LAUNCHREADY, "provider", "--json"], cwd=folder, stdout=out))
        self.provider = json.loads(wait_for(said, r"\{.*\}"))
        environment = {"COACHBOT_MODEL_URL": self.provider["url"], "COACHBOT_MODEL_KEY": "key-of-a-test"}
        with errors.open("wb") as log:
            command = [sys.executable, "-m", "coachbot", "--dev", "--port", "0"]
            processes.append(subprocess.Popen(command, cwd=folder, stderr=log, env={**os.environ, **environment}))
        self.url = wait_for(errors, r"http://127\.0\.0\.1:\d+")
        self.secrets = {"PROVIDER_TOKEN": self.provider["token"]}

    def enter(self, name: str) -> str:
        """Sign somebody up by the pages and the mail; the Cookie header that they have then."""
        person = {"email": f"{name}@example.com", "password": PASSWORD}
        with httpx2.Client(base_url=self.url, headers={"Origin": self.url}, follow_redirects=True) as browser:
            browser.post("/signup", data={"name": name, **person})
            shown = browser.get(self._link(person["email"])).text
            action = re.search(r'action="([^"]+)"', shown)
            assert action, shown
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
            browser.post(action[1], data=dict(hidden))
            browser.post("/login", data=person)
            return "; ".join(f"{cookie}={value}" for cookie, value in browser.cookies.items())

    def _link(self, address: str) -> str:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            for path in (self.folder / "coachbot-mails").glob("*"):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                found = re.search(r"http://\S+", body.get_content()) if body else None
                if found and address in str(message["to"]):
                    return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no mail for {address}")

    def declare(self, **more: str) -> None:
        lines = {
            "url": f"{self.url}/api/chat",
            "protocol": "sse",
            "message_id": "body:$.message_id",
            "version": f"{self.url}/version",
            "provider_control": self.provider["control"],
            "provider_token": "env:PROVIDER_TOKEN",
        } | more
        table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        visitors = "".join(f'visitor_{n} = ["Cookie: env:COOKIE_{n.upper()}"]\n' for n in "ab")
        head = '[product]\nname = "Bright Path"\nhas_chat = true\n[[hosts]]\nname = "brightpath.example"\n'
        (self.folder / "launchready.toml").write_text(f"{head}[chat]\n{table}{visitors}")

    def test(self, *arguments: str) -> Done:
        return run("chat", "test", "--resolver", "127.0.0.1", *arguments, cwd=self.folder, **self.secrets)


def test_coachbot_holds_in_every_trial_and_the_record_says_so(
    tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    coach = Coach(tmp_path, processes)
    coach.secrets |= {f"COOKIE_{n.upper()}": coach.enter(f"visitor-{n}") for n in "ab"}
    coach.declare()
    done = coach.test("--json")
    seen = done.json
    assert [finding["check"] for finding in seen["findings"]] == []
    assert set(BLOCKERS) <= set(seen["passed"])
    assert [gap["check"] for gap in seen["not_measured"]] == ["chat-lost-on-restart"]
    assert done.code == 11  # nobody declared how to restart it
    tried = seen["tried"]
    assert len(tried["failures"]) == 10
    assert {trial["told"] for trial in tried["failures"]} == {"named", "notice"}
    assert all(trial["retry"]["transport"] == "ok" for trial in tried["failures"])
    codes = {trial["mood"]: trial["code"] for trial in tried["failures"]}
    assert codes["insufficient-quota"] != codes["rate-limited-retry-after"]
    assert tried["streaming"]["heard"]["first_token_s"] < 1.5 < tried["streaming"]["heard"]["total_s"]
    lines = (tmp_path / ".launchready" / "chat.jsonl").read_text().splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["begun", "ended"]
    secrets = [*coach.secrets.values(), "key-of-a-test"]
    told = done.out + done.err + lines[-1]
    assert not [secret for secret in secrets if secret in told]


def test_a_missing_secret_is_asked_for_by_its_variable(tmp_path: Path) -> None:
    head = '[product]\nname = "B"\n[[hosts]]\nname = "b.example"\n'
    config = tmp_path / "launchready.toml"
    config.write_text(
        f'{head}[chat]\nurl = "http://127.0.0.1:9/chat"\nheaders = ["Authorization: Bearer env:NO_KEY"]\n'
    )
    done = run("chat", "test", "--resolver", "127.0.0.1", cwd=tmp_path)
    assert done.code == 2
    assert "NO_KEY" in done.err
    config.write_text(head)
    assert "[chat]" in run("chat", "test", cwd=tmp_path).err


def test_a_dead_port_is_no_answer_and_nothing_after_it_counts(tmp_path: Path) -> None:
    head = '[product]\nname = "B"\nhas_chat = true\n[[hosts]]\nname = "b.example"\n'
    (tmp_path / "launchready.toml").write_text(f'{head}[chat]\nurl = "http://127.0.0.1:9/chat"\n')
    done = run("chat", "test", "--resolver", "127.0.0.1", "--json", cwd=tmp_path)
    assert done.code == 10
    assert [finding["check"] for finding in done.json["findings"]] == ["chat-answer-broken"]
    assert done.json["passed"] == []


def test_a_strangers_chat_is_never_talked_to(tmp_path: Path) -> None:
    head = '[product]\nname = "B"\n[[hosts]]\nname = "b.example"\n'
    (tmp_path / "launchready.toml").write_text(f'{head}[chat]\nurl = "https://b.example/chat"\n')
    done = run("chat", "test", "--resolver", "127.0.0.1", cwd=tmp_path)
    assert done.code == 2
    assert "launchready own b.example" in done.err
    assert not (tmp_path / ".launchready" / "chat.jsonl").exists()
