"""One worker of the product: `python worker.py DATABASE` listens on a free port of loopback and prints it.

Its model says `w0 w1 …`, a word every 20 ms; the first worker makes the customer `ana@example.org`.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import uvicorn
from sqlalchemy import select

from coachbot.answers import Question
from coachbot.app import create_app
from coachbot.parts import Parts
from coachbot.passwords import Passwords
from coachbot.schema import User
from coachbot.settings import Settings
from launchready_guard.message_store import Bounds

WORDS = 30
PAUSE_S = 0.02


class Words:
    """Says words, and how many turns it was reminded of."""

    async def stream(self, question: Question) -> AsyncGenerator[str, None]:
        yield f"after {len(question.before)}: "
        for number in range(WORDS):
            yield f"w{number} "
            await asyncio.sleep(PAUSE_S)

    async def check(self) -> str:
        return ""

    async def close(self) -> None:
        pass


class QuickParts(Parts):
    """The product with little patience."""

    @property
    def continuity(self):
        usual = super().continuity
        bounds = Bounds(lease_s=1.0, look_s=0.1, flush_s=0.02, poll_s=0.02)
        return type(usual)(key=usual.key, path=usual.path, owner=usual.owner, bounds=bounds)


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    database = Path(sys.argv[1])
    settings = Settings(
        base_url=origin,
        secret="0123456789abcdef" * 4,
        database_url=f"sqlite+aiosqlite:///{database}",
        mail_folder=database.parent,
    )
    parts = QuickParts(settings)
    parts.answers = Words()
    parts.passwords = Passwords(memory_kib=8, time_cost=1)
    app = create_app(parts.settings, parts)
    await parts.database.create_tables()
    async with parts.database.write() as session:
        for name in ("ana", "ben"):
            if not (await session.scalars(select(User).where(User.name == name))).first():
                password = await parts.passwords.hash("correct horse")
                session.add(
                    User(email=f"{name}@example.org", name=name, password_hash=password, created_at=parts.clock())
                )
    sys.stdout.write(f"{origin}\n")
    sys.stdout.flush()
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
