"""Replacing a part: by assignment and by subclass."""

from functools import cached_property

from coachbot.accounts import Accounts
from coachbot.parts import Parts
from launchready_guard.health import DependencyDownError


class DeadMailer:
    async def deliver(self, mail):
        raise AssertionError(mail)

    async def check(self):
        raise DependencyDownError("out for lunch")


async def test_an_assigned_part_is_used_by_all_that_need_it(settings, mail_server, run):
    parts = Parts(settings)
    parts.mailer = DeadMailer()
    async with run(parts, mail_server) as product:
        states = (await product.client.get("/readyz")).json()["dependencies"]
    assert states["mail"] == {"status": "failing", "detail": "out for lunch"}
    assert parts.worker._mailer is parts.mailer


async def test_an_overridden_part_is_built_from_the_others(settings, mail_server, run):
    class Forgetful(Accounts):
        async def customer(self, token):
            return None

    class MyParts(Parts):
        @cached_property
        def accounts(self) -> Accounts:
            return Forgetful(
                database=self.database,
                outbox=self.outbox,
                letters=self.letters,
                passwords=self.passwords,
                secret=self.settings.secret,
                clock=self.clock,
            )

    async with run(MyParts(settings), mail_server) as product:
        client = await product.customer("ana@example.org")
        assert (await client.get("/chat")).headers["location"] == "/login"


async def test_two_products_in_one_process_share_nothing(settings, mail_server, run, tmp_path):
    from dataclasses import replace

    other = replace(settings, database_url=f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}")
    async with run(Parts(settings), mail_server) as one, run(Parts(other), mail_server) as two:
        client = await one.customer("ana@example.org")
        stranger = two.visitor()
        stranger.cookies.set("session", client.cookies["session"])
        assert (await client.get("/chat")).status_code == 200
        assert (await stranger.get("/chat")).headers["location"] == "/login"
        assert "customer" not in two.log.getvalue()
        assert two.log.getvalue().count('"event": "request"') == 1
