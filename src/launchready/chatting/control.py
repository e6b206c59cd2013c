"""Switches the fault provider behind the chat, and reads what it counted."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from launchready.facts.chat_trials import Mood
from launchready.model.reading import NotSeen
from launchready.net.http_client import HttpClient
from launchready.parse.rfc8259 import read_json

WELL: Final = "ok"
"""The mood in which it answers."""

ANSWER_S: Final = 10.0
"""Seconds within which it has to answer: it is on this machine."""

MAX_BYTES: Final = 64 * 1024


class ControlError(Exception):
    """The provider can't be switched; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What the provider was asked so far."""

    total: int
    prompt_tokens: int

    def since(self, earlier: "Calls") -> "Calls":
        """What came after an earlier count."""
        return Calls(self.total - earlier.total, self.prompt_tokens - earlier.prompt_tokens)


class ProviderControl:
    """One fault provider.

    Args:
        http: the way to it.
        url: its control endpoint.
        token: what it printed when it started.
    """

    def __init__(self, http: HttpClient, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))

    async def set(self, mood: Mood | None, seconds: float | None = None) -> None:
        """From now on calls are taken so; None is well.

        Raises:
            ControlError: it did not obey.
        """
        wanted: dict[str, object] = {"mood": WELL if mood is None else mood.value}
        if seconds is not None:
            wanted["seconds"] = seconds
        await self._ask("PUT", json.dumps(wanted).encode())

    async def calls(self) -> Calls:
        """What was asked so far.

        Raises:
            ControlError: it does not say.
        """
        value = await self._ask("GET", None)
        calls = value.get("calls")
        total = calls.get("total") if isinstance(calls, Mapping) else None
        tokens = calls.get("prompt_tokens") if isinstance(calls, Mapping) else None
        if not isinstance(total, int) or not isinstance(tokens, int):
            raise ControlError(f"{self._url} does not count its calls: run `launchready provider`")
        return Calls(total, tokens)

    async def _ask(self, method: str, body: bytes | None) -> Mapping[str, object]:
        try:
            async with asyncio.timeout(ANSWER_S):
                response = await self._http.fetch(
                    self._url, method=method, headers=self._headers, body=body, max_bytes=MAX_BYTES
                )
        except TimeoutError:
            raise ControlError(f"{self._url} did not answer: is `launchready provider` running?") from None
        except NotSeen as unseen:
            raise ControlError(f"{unseen.detail} Is `launchready provider` running?") from None
        value = read_json(response.body)
        if response.status == 401:
            raise ControlError(f"{self._url} refuses the token: set the one that it printed")
        if response.status != 200 or not isinstance(value, Mapping):
            raise ControlError(f"{self._url} answered {response.status}: it is no control of `launchready provider`")
        return value
