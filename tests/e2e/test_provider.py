"""`launchready provider`, installed: it is switched from outside, and ends at Ctrl-C with a count, without content."""

import http.client
import json
import os
import signal
import subprocess
from contextlib import contextmanager
from urllib.parse import urlsplit

from installed import LAUNCHREADY, LIMIT_S, run


@contextmanager
def _provider(*arguments, **environment):
    command = [LAUNCHREADY, "provider", "--json", *arguments]
    environ = {**os.environ, **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def _ask(method, url, body, token):
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.netloc, timeout=LIMIT_S)
    try:
        connection.request(method, where.path, json.dumps(body), {"authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_it_is_switched_from_outside_and_counts_at_the_end():
    with _provider("--mood", "insufficient-quota") as (process, place):
        question = {"messages": [{"role": "user", "content": "my gate code is 4711"}]}
        chat = f"{place['url']}/chat/completions"
        assert _ask("POST", chat, question, "any")[0] == 429
        assert _ask("PUT", place["control"], {"mood": "ok"}, place["token"])[0] == 200
        status, said = _ask("POST", chat, question, "any")
        assert (status, json.loads(said)["model"]) == (200, place["model"])
        process.send_signal(signal.SIGINT)
        rest, narrated = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 130
    calls = json.loads(rest)["calls"]
    assert (calls["total"], calls["moods"]) == (2, {"insufficient-quota": 1, "ok": 1})
    assert "4711" not in rest + narrated
    assert "Traceback" not in narrated


def test_a_token_from_the_environment_is_taken_and_never_printed():
    token = "0123456789abcdef-mine"
    with _provider(LAUNCHREADY_PROVIDER_TOKEN=token) as (process, place):
        assert place["token"] == ""
        assert _ask("GET", place["control"], None, token)[0] == 200
        assert _ask("GET", place["control"], None, "")[0] == 401
        process.send_signal(signal.SIGTERM)
        assert token not in "".join(process.communicate(timeout=LIMIT_S))


def test_a_wrong_mood_and_a_short_token_say_what_to_type(tmp_path):
    wrong = run("provider", "--mood", "sulks", cwd=tmp_path)
    assert (wrong.code, wrong.out) == (2, "")
    assert "there are: ok, slow-first-token, stall" in wrong.err
    short = run("provider", cwd=tmp_path, LAUNCHREADY_PROVIDER_TOKEN="short")
    assert short.code == 2
    assert "short" not in short.err.replace("shorter", "")
