"""A file with nothing but a chat is enough, and every other file is read as always."""

import pytest

from launchready.config.errors import ConfigError
from launchready.config.redteam import UNNAMED, load_redteam_plan


def _load(folder, text):
    (folder / "x.toml").write_text(text)
    return load_redteam_plan(folder / "x.toml")


def test_a_chat_alone_is_enough(tmp_path):
    plan = _load(tmp_path, '[chat]\nurl = "http://127.0.0.1:8000/chat"\nprotocol = "json"\nprice_per_call = 2\n')
    assert (plan.product.name, plan.chat.url) == (UNNAMED, "http://127.0.0.1:8000/chat")
    assert (plan.manifest, plan.attacks, plan.price_per_call, plan.price_per_million_tokens) == (None, None, 2.0, 0.0)
    assert plan.chat.records == str(tmp_path / ".launchready")


def test_a_whole_declaration_is_read_whole(tmp_path):
    head = '[product]\nname = "Bright Path"\n[[hosts]]\nname = "app.example.org"\n'
    plan = _load(tmp_path, head + '[chat]\nurl = "https://app.example.org/chat"\nmanifest = "m.json"\n')
    assert plan.product.name == "Bright Path"
    assert plan.manifest == tmp_path / "m.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[chat]\nurl = "http://127.0.0.1:8000/"\nurk = 1\n', "x.toml line 3: [chat] has no key 'urk'"),
        ('[chat]\nurl = "https://chat.example.org/"\n', "not a declared host"),
        ('[chat]\nurl = "http://127.0.0.1:8000/"\nprice_per_call = -1\n', "price_per_call"),
        ('[product]\nname = "x"\n[[hosts]]\nname = "a.example.org"\n', "there is no [chat] table"),
        ('[product]\nname = "x"\n[chat]\nurl = "http://127.0.0.1:8000/"\n', "[[hosts]]"),
        ("[chat\n", "this is not TOML"),
        ("chat = 3\n", "'chat' is a table"),
        ("", "there is no [product] table"),
    ],
)
def test_what_can_not_be_right_is_said_where_it_stands(tmp_path, text, said):
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    assert said in str(caught.value)
