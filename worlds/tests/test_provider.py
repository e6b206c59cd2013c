"""The fault provider: each mood fails in its own way, can be switched, and counts without keeping what was said."""

import asyncio
import http.client
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from launchready_worlds.provider_moods import RAMP, ProviderMood, Switch, Turn
from launchready_worlds.provider_record import Record, tokens_in
from launchready_worlds.provider_speech import ANSWER, HUGE_TOKEN_BYTES, Asked, pieces

PATIENCE_S = 20.0
SECRET_WORDS = "Maren's gate code is 4711"
STATUSES = {
    "rate-limited-retry-after": (429, "rate_limit_exceeded"),
    "rate-limited": (429, "rate_limit_exceeded"),
    "insufficient-quota": (429, "insufficient_quota"),
    "error-500": (500, "server_error"),
    "error-503": (503, "overloaded"),
    "wrong-key": (401, "invalid_api_key"),
    "wrong-model": (404, "model_not_found"),
    "context-overflow": (400, "context_length_exceeded"),
}


class Running:
    """A provider in a process of its own."""

    def __init__(self, process):
        self.process = process
        self.said = json.loads(process.stdout.readline())
        self.port = int(self.said["url"].split(":")[2].split("/")[0])
        self.connections = []

    def connect(self, timeout=PATIENCE_S):
        self.connections.append(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout))
        return self.connections[-1]

    def hang_up(self):
        while self.connections:
            self.connections.pop().close()

    def ask(self, stream=True, timeout=PATIENCE_S, **more):
        body = json.dumps(
            {"model": "any", "stream": stream, "messages": [{"role": "user", "content": SECRET_WORDS}], **more}
        )
        connection = self.connect(timeout)
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        return connection, connection.getresponse()

    def control(self, method="GET", body=None, token=None):
        connection = self.connect()
        headers = {"authorization": f"Bearer {self.said['token'] if token is None else token}"}
        sent = body if isinstance(body, str | None) else json.dumps(body)
        connection.request(method, "/control", sent, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    def switch(self, mood, **more):
        status, state = self.control("PUT", {"mood": mood, "reset": True, **more})
        assert (status, state["mood"]) == (200, mood)


@contextmanager
def _started(*arguments):
    command = [sys.executable, "-m", "launchready_worlds", "provider", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Running(process)
        finally:
            process.stdin.close()
            process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def serving():
    with _started() as running:
        yield running


@pytest.fixture
def provider(serving):
    yield serving
    serving.hang_up()


def _events(text):
    return [line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")]


def _words(text):
    chunks = [json.loads(event) for event in _events(text) if event != "[DONE]"]
    return "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk.get("choices", []))


def test_a_good_stream_and_a_good_answer_say_the_same_with_usage_and_price(provider):
    provider.switch("ok")
    text = provider.ask(stream_options={"include_usage": True})[1].read().decode()
    whole = json.loads(provider.ask(stream=False)[1].read())
    assert _words(text) == ANSWER == whole["choices"][0]["message"]["content"]
    assert _events(text)[-1] == "[DONE]"
    assert json.loads(_events(text)[-2])["usage"]["prompt_tokens"] == whole["usage"]["prompt_tokens"] == 7
    calls = provider.control()[1]["calls"]
    assert (calls["total"], calls["streaming"], calls["answered"], calls["cancelled"]) == (2, 1, 2, 0)
    expected = (calls["prompt_tokens"] * 0.15 + calls["completion_tokens"] * 0.60) / 1e6
    assert calls["dollars"] == pytest.approx(expected)
    assert calls["dollars"] > 0


def test_a_bound_on_tokens_is_kept_and_said(provider):
    provider.switch("ok")
    choice = json.loads(provider.ask(stream=False, max_tokens=3)[1].read())["choices"][0]
    assert choice["finish_reason"] == "length"
    assert 0 < len(choice["message"]["content"]) < len(ANSWER)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("mood", STATUSES)
def test_errors_have_the_status_and_code_of_real_providers(provider, mood, stream):
    provider.switch(mood)
    response = provider.ask(stream=stream)[1]
    status, code = STATUSES[mood]
    assert (response.status, json.loads(response.read())["error"]["code"]) == (status, code)
    assert (response.headers["retry-after"] == "20") == (mood == "rate-limited-retry-after")


def test_the_moods_of_a_stream_that_ends_each_break_it_in_their_own_way(provider):
    seen = {}
    for mood in ("cut", "error-event", "malformed", "empty", "no-body", "wrong-type"):
        provider.switch(mood)
        response = provider.ask()[1]
        assert response.status == 200
        seen[mood] = response.read().decode()
        assert response.headers["content-type"].startswith("text/html" if mood == "wrong-type" else "text/event-stream")
    assert "[DONE]" not in seen["cut"]
    assert ANSWER.startswith(_words(seen["cut"]))
    assert "error" in json.loads(_events(seen["error-event"])[-1])
    with pytest.raises(json.JSONDecodeError):
        _words(seen["malformed"])
    assert (_words(seen["empty"]), _events(seen["empty"])[-1]) == ("", "[DONE]")
    assert seen["no-body"] == ""
    assert seen["wrong-type"].startswith("<!doctype html>")


def test_the_moods_of_a_whole_answer_that_ends_each_break_it_in_their_own_way(provider):
    for mood in ("cut", "malformed"):
        provider.switch(mood)
        with pytest.raises(json.JSONDecodeError):
            json.loads(provider.ask(stream=False)[1].read())
    provider.switch("empty")
    assert json.loads(provider.ask(stream=False)[1].read())["choices"][0]["message"]["content"] == ""
    provider.switch("no-body")
    assert provider.ask(stream=False)[1].read() == b""


@pytest.mark.parametrize("stream", [True, False])
def test_a_cut_connection_has_no_end_and_a_cut_character_is_no_utf8(provider, stream):
    for mood in ("cut-connection", "cut-utf8"):
        provider.switch(mood)
        with pytest.raises(http.client.IncompleteRead) as cut:
            provider.ask(stream=stream)[1].read()
        if mood == "cut-utf8":
            with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
                cut.value.partial.decode()


@pytest.mark.parametrize(("mood", "stream"), [("stall", True), ("stall", False), ("slow-first-token", True)])
def test_what_waits_lasts_as_long_as_it_is_told(provider, mood, stream):
    provider.switch(mood, seconds=0.4)
    began = time.monotonic()
    provider.ask(stream=stream)[1].read()
    assert 0.4 <= time.monotonic() - began < 5


def test_a_client_that_leaves_a_stall_is_counted_as_cancelled_and_nothing_stays_open(provider):
    provider.switch("stall")
    response = provider.ask()[1]
    assert b"assistant" in response.fp.readline() + response.fp.readline()
    assert provider.control()[1]["calls"]["open"] == 1
    provider.hang_up()
    for _ in range(100):
        calls = provider.control()[1]["calls"]
        if not calls["open"]:
            break
        time.sleep(0.05)
    assert (calls["open"], calls["cancelled"], calls["answered"]) == (0, 1, 0)


@pytest.mark.parametrize("mood", ["endless", "pings", "endless-line"])
def test_what_never_ends_goes_on_and_is_bounded_by_the_client(provider, mood):
    provider.switch(mood)
    response = provider.ask(timeout=5)[1]
    got = response.fp.readline() + response.fp.readline() if mood == "pings" else response.read(4096)
    if mood == "pings":
        assert b": ping" in got
    elif mood == "endless":
        assert got.count(b"data: ") > 8
    else:
        assert b"a" * 500 in got
        assert b"\n\n" not in got[got.index(b"aaaa") :]


def test_a_huge_token_is_a_hundred_megabytes_of_one_event(provider):
    provider.switch("huge-token")
    response = provider.ask()[1]
    size = lines = 0
    while chunk := response.read(1 << 20):
        size += len(chunk)
        lines += chunk.count(b"\n\n")
    assert size > HUGE_TOKEN_BYTES
    assert lines < 10


def test_the_latency_ramp_rises_for_ten_calls_and_recovers():
    switch = Switch()
    switch.set(ProviderMood.RAMP)
    assert tuple(switch.take().wait_s for _ in range(12)) == (*RAMP, 0.0, 0.0)
    assert RAMP[0] == 0.5
    assert 8.0 in RAMP
    assert max(RAMP) == 60.0
    assert Turn(ProviderMood.RAMP, 6.0, 9).wait_s == 6.0


def test_a_mood_for_some_calls_is_ok_after_them(provider):
    provider.switch("error-500", times=2)
    assert [provider.ask()[1].status for _ in range(3)] == [500, 500, 200]
    assert provider.control()[1]["mood"] == "ok"


def test_the_endpoint_wants_its_token_and_refuses_what_it_does_not_know(provider):
    provider.switch("ok")
    assert provider.control(token="guess")[0] == 401
    for body in (
        "{",
        "[]",
        {"mood": "sulks"},
        {"mood": 3},
        {"seconds": -1},
        {"seconds": True},
        {"seconds": 1e9},
        {"times": 0},
        {"reset": 1},
        {"moody": "ok"},
    ):
        status, said = provider.control("PUT", body)
        assert status == 400
        assert said["error"]
    assert provider.control()[1]["mood"] == "ok"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"messages": 1}', b"\xff\x00"])
def test_what_is_no_question_is_refused_and_counted_apart(provider, body):
    provider.switch("ok")
    connection = provider.connect()
    connection.request("POST", "/v1/chat/completions", body)
    assert connection.getresponse().status == 400
    calls = provider.control()[1]["calls"]
    assert (calls["wrong"], calls["total"]) == (1, 0)


def test_nothing_of_what_was_said_is_kept(provider):
    provider.switch("ok")
    provider.ask()[1].read()
    provider.process.stdin.write('{"do": "counts"}\n{"do": "dance"}\nno\n')
    provider.process.stdin.flush()
    told = [provider.process.stdout.readline() for _ in range(3)]
    assert json.loads(told[0])["total"] == 1
    assert [json.loads(line)["event"] for line in told[1:]] == ["error", "error"]
    assert "Maren" not in json.dumps(provider.control()) + "".join(told)


def test_a_wrong_mood_or_a_taken_port_is_an_error_that_says_what_to_do(provider):
    command = [sys.executable, "-m", "launchready_worlds", "provider"]
    wrong = subprocess.run([*command, "--mood", "sulks"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "there are: ok, " in json.loads(wrong.stdout)["message"]
    taken = subprocess.run([*command, "--port", str(provider.port)], capture_output=True, text=True, check=False)
    assert taken.returncode == 2
    assert "take another" in json.loads(taken.stdout)["message"]


def test_tokens_are_counted_up_and_none_for_nothing():
    assert [tokens_in("a" * chars) for chars in (0, 1, 4, 5)] == [0, 1, 1, 2]
    record = Record()
    record.prompt_tokens, record.completion_tokens = 1_000_000, 1_000_000
    assert record.dollars == 0.75


@pytest.mark.parametrize("mood", [mood for mood in ProviderMood if mood.value not in STATUSES])
@pytest.mark.parametrize("streaming", [True, False])
def test_every_mood_that_answers_200_has_a_body_of_its_own(mood, streaming):
    async def first():
        asked = Asked(streaming, False, None, 1)
        body = pieces(Turn(mood, 0.0), asked)
        got = []
        async for piece in body:
            got.append(piece)
            if len(got) == 2:
                break
        await body.aclose()
        return b"".join(got)

    got = asyncio.run(first())
    silent = mood is ProviderMood.NO_BODY or (mood is ProviderMood.STALLS and not streaming)
    assert bool(got) != silent


def test_the_how_to_names_every_mood():
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "provider.md").read_text("utf-8")
    assert not [mood for mood in ProviderMood if f"`{mood}`" not in page]
