"""What `launchready redteam` needs of a `launchready.toml`, or of a file with nothing but `[chat]`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.config.chat import DECLARE_CHAT
from launchready.config.chat_table import ChatTable
from launchready.config.decode import read_document
from launchready.config.errors import ConfigError, shown
from launchready.config.load import load_product, read_product
from launchready.model.chat import Chat
from launchready.model.product import Product

UNNAMED: Final = "the chat"

_REST: Final = f'\n[product]\nname = "{UNNAMED}"\n[[hosts]]\nname = "chat.example.com"\n'
"""Goes to the end of a file that holds nothing but a chat, so that lines keep their numbers. The host is nobody's."""


@dataclass(frozen=True, slots=True)
class RedteamPlan:
    """What is attacked, and what an audit does not know of it.

    Attributes:
        product: the declaration; of a file with nothing but a chat, one that names nothing else.
        chat: the chat in it.
        manifest: file of what was planted; None where none is named.
        attacks: file of the owner's own attacks; None where none is named.
        price_per_call: in the owner's currency; 0 where it is not said.
        price_per_million_tokens: the same for tokens.
    """

    product: Product
    chat: Chat
    manifest: Path | None
    attacks: Path | None
    price_per_call: float
    price_per_million_tokens: float


def load_redteam_plan(path: Path) -> RedteamPlan:
    """The plan in a file.

    Raises:
        ConfigError: the file can't be read, something in it can't be right, or it declares no chat.
    """
    text, base = _text_if_alone(path), path.absolute().parent
    product = load_product(path) if text is None else read_product(text, str(path), base)
    table = _table(path.read_text("utf-8-sig") if text is None else text, path)
    chat = product.chat
    assert chat is not None, "a table was read, so there is a chat"
    return RedteamPlan(
        product,
        chat,
        base / table.manifest if table.manifest else None,
        base / table.attacks if table.attacks else None,
        table.price_per_call,
        table.price_per_million_tokens,
    )


def _text_if_alone(path: Path) -> str | None:
    """The text of a file that holds nothing but a chat, completed; None for any other, which other readers judge."""
    try:
        text = path.read_text("utf-8-sig")
        raw = tomllib.loads(text)
    except (OSError, ValueError, RecursionError):
        return None
    return text + _REST if set(raw) == {"chat"} and isinstance(raw["chat"], dict) else None


def _table(text: str, path: Path) -> ChatTable:
    document, _ = read_document(text, str(path))
    if document.chat is None:
        raise ConfigError("there is no [chat] table.", where=shown(str(path))[1:-1], next_step=DECLARE_CHAT)
    return document.chat
