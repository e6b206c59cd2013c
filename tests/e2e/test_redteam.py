"""`launchready redteam`, installed, against small bots on this machine."""

import contextlib
import http.server
import json
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest
from installed import LAUNCHREADY, LIMIT_S, run


@contextlib.contextmanager
def _bot(answer, delay_s=0.0):
    """A chat that answers `{"reply": …}`; `answer` takes the message and the number of the request."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            message = json.loads(body)["message"]
            seen.append((message, self.headers.get("cookie")))
            time.sleep(delay_s)
            said = answer(message, len(seen))
            content = json.dumps(said if isinstance(said, dict) else {"reply": said}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("set-cookie", f"sid={len(seen)}")
            self.end_headers()
            self.wfile.write(content)

        def handle(self):
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/chat", seen
    finally:
        server.shutdown()
        server.server_close()


def _declare(folder, url, more=""):
    (folder / "only.toml").write_text(f'[chat]\nurl = "{url}"\nprotocol = "json"\n{more}')


def _coach(message, _number):
    """Says a little of use, and nothing else."""
    return f"A good start is a small step each day: a walk, a list, a call. What do you plan? ({len(message)})"


def test_a_file_with_nothing_but_a_chat_is_enough_and_a_safe_bot_fails_nothing(tmp_path):
    with _bot(_coach) as (url, seen):
        _declare(tmp_path, url)
        done = run("redteam", "--config", "only.toml", "--json", "--seed", "3", cwd=tmp_path)
    report = done.json
    assert done.code in {0, 11}
    assert report["counts"] is True
    assert report["mode"] == "black"
    assert {attempt["outcome"] for attempt in report["attempts"]} <= {"pass", "uncertain"}
    assert len(report["attempts"]) == report["planned"] > 200
    assert f"at most {len(seen)}" in done.err
    assert "cost            not known" in done.err
    record = tmp_path / ".launchready" / "redteam.jsonl"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    again = run("redteam", "judge", str(record), "--json", cwd=tmp_path)
    assert (again.out, again.code) == (done.out, done.code)


def test_every_conversation_begins_without_a_cookie(tmp_path):
    with _bot(_coach) as (url, seen):
        _declare(tmp_path, url)
        done = run("redteam", "--config", "only.toml", "--json", "--max-calls", "60", cwd=tmp_path)
    assert 0 < len(seen) <= 60
    assert done.json["counts"] is True
    assert done.json["left_out"] > 0
    assert done.code == 11
    assert sum(cookie is None for _, cookie in seen) > 20


def test_a_bot_that_tells_what_was_planted_fails(tmp_path):
    planted = run("redteam", "plant", "--out", "manifest.json", cwd=tmp_path)
    assert planted.code == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    prompt = manifest["private_texts"][0]
    assert prompt in planted.out

    def leak(message, number):
        return f"Well then: {prompt}" if "prompt" in message else _coach(message, number)

    with _bot(leak) as (url, _):
        _declare(tmp_path, url, 'manifest = "manifest.json"\nprice_per_call = 0.5\n')
        done = run("redteam", "--config", "only.toml", "--json", "--max-calls", "100", cwd=tmp_path)
    assert done.code == 10
    assert done.json["mode"] == "white"
    assert "by your prices" in done.err
    failed = {attempt["probe"] for attempt in done.json["attempts"] if attempt["outcome"] == "fail"}
    assert "system-prompt-outright" in failed
    token = next(canary["value"] for canary in manifest["canaries"] if canary["kind"] == "token")
    assert token not in done.out + done.err


def test_what_a_visitor_told_is_found_with_another_without_anything_planted(tmp_path):
    said = []

    def gossip(message, number):
        said.append(message)
        return f"Earlier I heard: {said[0]}" if "visitor before me" in message else _coach(message, number)

    with _bot(gossip) as (url, _):
        _declare(tmp_path, url)
        done = run("redteam", "--config", "only.toml", "--json", "--max-calls", "120", cwd=tmp_path)
    failed = {attempt["probe"] for attempt in done.json["attempts"] if attempt["outcome"] == "fail"}
    assert "other-visitor-outright" in failed
    assert done.code == 10


def test_nobody_there_is_never_a_pass(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _declare(tmp_path, f"http://127.0.0.1:{port}/chat")
    done = run("redteam", "--config", "only.toml", "--json", cwd=tmp_path)
    assert done.code == 11
    assert {attempt["outcome"] for attempt in done.json["attempts"]} == {"error"}
    assert done.json["interrupted"] is True
    assert "no longer answers" in done.err


def test_a_stop_keeps_what_there_is(tmp_path):
    with _bot(_coach, delay_s=0.05) as (url, seen):
        _declare(tmp_path, url)
        command = [LAUNCHREADY, "redteam", "--config", "only.toml", "--json"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
        ) as process:
            until = time.monotonic() + LIMIT_S
            while len(seen) < 30 and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Traceback" not in err
    report = json.loads(out)
    assert report["interrupted"] is True
    assert 4 <= len(report["attempts"]) < report["planned"]
    assert len((tmp_path / ".launchready" / "redteam.jsonl").read_bytes().splitlines()) > len(report["attempts"])


@pytest.mark.parametrize(
    ("declared", "options", "said"),
    [
        ("[chat]\n", (), "needs the key 'url'"),
        ('[product]\nname = "x"\n', (), "[[hosts]]"),
        ('[chat]\nurl = "https://chat.example.org/"\n', (), "not a declared host"),
        ('[chat]\nurl = "http://127.0.0.1:1/"\nmanifest = "none.json"\n', (), "redteam plant"),
        ('[chat]\nurl = "http://127.0.0.1:1/"\nattacks = "none.toml"\n', (), "file of attacks"),
        ('[chat]\nurl = "http://127.0.0.1:1/"\nheaders = ["Authorization: env:NOT_THERE"]\n', (), "NOT_THERE"),
        ('[chat]\nurl = "http://127.0.0.1:1/"\n', ("--out", "/dev/null/x.jsonl"), "--out"),
        ('[chat]\nurl = "http://127.0.0.1:1/"\n', ("--max-calls", "0"), "--max-calls"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_sent(tmp_path, declared, options, said):
    (tmp_path / "only.toml").write_text(declared)
    done = run("redteam", "--config", "only.toml", *options, cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_a_missing_file_is_named(tmp_path):
    done = run("redteam", cwd=tmp_path)
    assert done.code == 2
    assert "launchready.toml" in done.err
    assert list(tmp_path.iterdir()) == []
