"""The declared chat with the values of its headers, which are read from the environment and from nowhere else."""

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from launchready.config.chat import VISITORS
from launchready.config.errors import ConfigError
from launchready.model.chat import Chat, SecretHeader
from launchready.net.chat_client import ChatTarget

_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class MissingSecretError(ConfigError):
    """A variable that holds a header's value is not set."""


def target_of(chat: Chat, environment: Mapping[str, str] = os.environ) -> ChatTarget:
    """The chat with the values of its headers.

    Args:
        chat: what is declared.
        environment: where the values are.

    Raises:
        MissingSecretError: a variable is not set, or holds what no header can; its value is in no message.
    """
    visitors = {visitor.name: visitor.headers for visitor in chat.visitors}
    headers = {
        name: tuple(_header(secret, environment) for secret in (*chat.headers, *visitors.get(name, ())))
        for name in VISITORS
    }
    return ChatTarget(chat, MappingProxyType(headers))


def _header(secret: SecretHeader, environment: Mapping[str, str]) -> tuple[str, str]:
    value = environment.get(secret.variable, "").strip()
    if not value:
        step = f"Set it for this command: {secret.variable}=… launchready chat test"
        raise MissingSecretError(f"the variable {secret.variable}, for {secret.name}, is not set.", next_step=step)
    if not _VALUE.fullmatch(value):
        step = "Set it to the value alone, without line breaks."
        raise MissingSecretError(f"{secret.variable} holds what no header can carry.", next_step=step)
    return secret.name, f"{secret.prefix}{value}"
