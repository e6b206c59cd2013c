"""What a run is prepared from, and who is allowed in."""

import json
import random

import pytest

from launchready.app import redteam
from launchready.app.redteam import NOT_STAGING, Chosen, SpokenTo, attack, prepare
from launchready.chatting.rights import NotOursError, Rights
from launchready.config.redteam import load_redteam_plan
from launchready.facts.redteam import Mode, ToolRule
from launchready.model.chat import Chat
from launchready.net.chat_client import ChatClient, ChatTarget
from launchready.net.cookies import Cookies
from launchready.net.network import Network
from launchready.redteam.attacks import AttackError
from launchready.redteam.manifest_file import write_manifest
from launchready.redteam.planning import greeting
from launchready.redteam.planting import make_planting

URL = "http://127.0.0.1:1/chat"


def _declared(folder, more=""):
    (folder / "only.toml").write_text(f'[chat]\nurl = "{URL}"\n{more}')
    return load_redteam_plan(folder / "only.toml")


def test_without_a_manifest_it_is_a_black_box_and_the_record_lies_beside_the_file(tmp_path):
    prepared = prepare(_declared(tmp_path), Chosen(seed=1))
    assert (prepared.mode, prepared.manifest) == (Mode.BLACK_BOX, None)
    assert prepared.out == tmp_path / ".launchready" / "redteam.jsonl"


def test_declared_tools_count_where_the_manifest_names_none(tmp_path):
    declared = _declared(tmp_path, 'tools = ["book", "cancel: owner, staff"]\n')
    prepared = prepare(declared, Chosen(seed=1))
    assert prepared.mode is Mode.BLACK_BOX
    assert prepared.manifest.allowed_tools == (
        ToolRule("book"),
        ToolRule("cancel", "owner"),
        ToolRule("cancel", "staff"),
    )
    (tmp_path / "named.json").write_text(json.dumps({"private_texts": ["Secret."], "allowed_tools": ["pay"]}))
    named = prepare(declared, Chosen(seed=1, manifest=tmp_path / "named.json"))
    assert named.mode is Mode.WHITE_BOX
    assert named.manifest.allowed_tools == (ToolRule("pay"),)


def test_no_tool_at_all_is_something_that_was_said(tmp_path):
    assert prepare(_declared(tmp_path, "tools = []\n"), Chosen(seed=1)).manifest.allowed_tools == ()


def test_files_named_beside_the_declaration_are_found_from_there_and_flags_go_before(tmp_path):
    (tmp_path / "folder").mkdir()
    for seed, name in enumerate(("folder/in.json", "flag.json")):
        write_manifest(make_planting(random.Random(seed)).manifest, tmp_path / name)
    declared = _declared(tmp_path / "folder", 'manifest = "in.json"\nattacks = "none.toml"\n')
    with pytest.raises(AttackError, match=r"none\.toml"):
        prepare(declared, Chosen(seed=1))
    (tmp_path / "folder" / "none.toml").write_text("attack = []\n")
    inside = prepare(declared, Chosen(seed=1)).manifest
    assert inside != prepare(declared, Chosen(seed=1, manifest=tmp_path / "flag.json")).manifest


async def test_what_may_not_be_broken_is_not_attacked_and_nothing_is_written(tmp_path, monkeypatch):
    async def refuse(*_arguments):
        return Rights(may_break=False, detail="no staging copy")

    monkeypatch.setattr(redteam, "rights_for", refuse)
    prepared = prepare(_declared(tmp_path), Chosen(seed=1))
    with pytest.raises(NotOursError) as caught:
        await attack(prepared, Network(("127.0.0.1",)), lambda _done, _of: None)
    assert str(caught.value) == NOT_STAGING
    assert not (tmp_path / ".launchready").exists()


async def test_a_log_in_is_lent_to_each_conversation_and_none_gives_its_cookies_to_the_next():
    jar = Cookies()
    jar.store(URL, ("login=mine",))
    bot = SpokenTo(None, ChatClient(None), ChatTarget(Chat(URL)), {"a": jar})
    async with bot.talk(greeting("Hello")) as first:
        first.conversation.cookies.store(URL, ("sid=one",))
    async with bot.talk(greeting("Hello")) as second:
        assert second.conversation.cookies.header_for(URL) == "login=mine"
    assert first.conversation.cookies.header_for(URL) == "login=mine; sid=one"
