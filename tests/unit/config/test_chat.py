"""The table [chat]: what a small one means, what can't be right, and where secrets come from."""

from pathlib import Path

import pytest

from launchready.config.chat import digest_of_chat, is_on_this_machine, load_chat_plan
from launchready.config.chat_target import MissingSecretError, target_of
from launchready.config.errors import ConfigError
from launchready.config.load import read_product
from launchready.model.chat import Budgets, Chat, ChatProtocol, Place, Placed

SMALL = '[product]\nname = "Bright Path"\n[[hosts]]\nname = "brightpath.example"\n'
CHAT = '[chat]\nurl = "https://brightpath.example/chat"\n'
BASE = Path("/srv/product")


def read(text: str) -> Chat | None:
    return read_product(SMALL + text, "launchready.toml", BASE).chat


def test_a_url_alone_is_a_chat_with_sensible_budgets() -> None:
    chat = read(CHAT)
    assert chat == Chat(
        "https://brightpath.example/chat", records="/srv/product/.launchready", declared=digest_of_chat(CHAT)
    )
    assert chat.protocol is ChatProtocol.JSON
    assert chat.budgets == Budgets(10.0, 20.0, 90.0, 100.0)
    assert chat.session == Placed(Place.COOKIE)


def test_without_the_table_there_is_no_chat() -> None:
    assert read("") is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/chat", "http://localhost/chat", "http://[::1]:80/chat"])
def test_a_chat_on_this_machine_needs_no_host(url: str) -> None:
    chat = read(f'[chat]\nurl = "{url}"\n')
    assert chat is not None
    assert is_on_this_machine(chat.url)


def test_the_version_endpoint_of_the_same_host_tells_the_commit() -> None:
    endpoint = '[[endpoints]]\nurl = "https://brightpath.example/version"\nkind = "version"\n'
    chat = read(endpoint + CHAT)
    assert chat is not None
    assert chat.version == "https://brightpath.example/version"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('url = "https://else.example/chat"', "which is not a declared host"),
        ('url = "http://brightpath.example/chat"', "is not encrypted"),
        ('url = "https://brightpath.example/chat"\nprotocol = "websocket"', "has to begin with wss:// or ws://"),
        ('url = "https://u:p@brightpath.example/chat"', "holds a user name or password"),
        (f'{CHAT[7:]}body = "{{"', "body is not JSON"),
        (f'{CHAT[7:]}body = "[1]"', "body is no JSON object"),
        (f'{CHAT[7:]}message = "message"', "message does not begin with $"),
        (f'{CHAT[7:]}message = "$[*]"', "has a *, and the place has to be one"),
        (f'{CHAT[7:]}session = "query:id"', "session names no place"),
        (f'{CHAT[7:]}headers = ["Authorization: Bearer sk-live-1"]', "has to say which variable holds the value"),
        (f"{CHAT[7:]}first_token_s = 100", "first_token_s is not below edge_limit_s, which is 100"),
        (f"{CHAT[7:]}total_s = 100", "total_s is not below edge_limit_s"),
        (f"{CHAT[7:]}first_token_s = 91", "first_token_s is more than total_s"),
        (f'{CHAT[7:]}login = "signup"', "which is no journey of this file"),
        (f'{CHAT[7:]}provider_control = "http://127.0.0.1:1/control"', "needs the key 'provider_token'"),
        (
            f'{CHAT[7:]}provider_control = "http://192.0.2.1/control"\nprovider_token = "env:T"',
            "is not on this machine",
        ),
        (f"{CHAT[7:]}restart = []", "restart is an empty list"),
        (f'{CHAT[7:]}tools = ["a b"]', "holds 'a b'"),
    ],
)
def test_what_can_not_be_right_is_said_and_names_the_next_step(line: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(f"[chat]\n{line}\n")
    assert words in str(caught.value)
    assert "sk-live" not in str(caught.value)


@pytest.mark.parametrize(("total", "holds"), [(99, True), (100, False)])
def test_a_budget_stays_below_what_the_edge_allows(total: int, holds: bool) -> None:
    if holds:
        assert read(f"{CHAT}total_s = {total}\n") is not None
    else:
        with pytest.raises(ConfigError):
            read(f"{CHAT}total_s = {total}\n")


def test_values_of_headers_come_from_the_environment_and_are_never_shown() -> None:
    chat = read(CHAT + 'headers = ["X-Key: env:KEY"]\nvisitor_b = ["Authorization: Bearer env:TOKEN_B"]\n')
    assert chat is not None
    target = target_of(chat, {"KEY": " k-1 ", "TOKEN_B": "t-2"})
    assert target.headers["a"] == (("X-Key", "k-1"),)
    assert target.headers["b"] == (("X-Key", "k-1"), ("Authorization", "Bearer t-2"))
    assert "k-1" not in repr(target)


@pytest.mark.parametrize("value", ["", "a\nb", "é"])
def test_a_value_that_is_missing_or_no_header_is_named_by_its_variable(value: str) -> None:
    chat = read(CHAT + 'headers = ["X-Key: env:KEY"]\n')
    assert chat is not None
    with pytest.raises(MissingSecretError, match="KEY"):
        target_of(chat, {"KEY": value})


def test_the_restart_command_is_kept_out_of_what_an_audit_knows(tmp_path: Path) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(SMALL + CHAT + 'restart = "make restart"\n', "utf-8")
    assert load_chat_plan(path).restart == "make restart"
    path.write_text(SMALL, "utf-8")
    with pytest.raises(ConfigError, match=r"there is no \[chat\] table"):
        load_chat_plan(path)
