import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.model.reading import Why
from launchready.net.mailbox import CLOCK_SLACK_S, MAX_MESSAGE_BYTES, _is_for, wait_for_mail

US = "us+abc123@shop.example"


@pytest.fixture
def maildir(tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


def deliver(folder, name, message, age_s=0.0):
    path = folder / name
    path.write_bytes(message)
    moment = datetime.now(UTC).timestamp() - age_s
    os.utime(path, (moment, moment))


async def wait(maildir, mailbox="maildir:mail", within_s=0.3):
    async with asyncio.timeout(within_s):
        return await wait_for_mail(
            mailbox, US, base_folder=maildir.parent, since=datetime.now(UTC) - timedelta(seconds=1), password=None
        )


@pytest.mark.parametrize("header", ["To: Us <US+abc123@Shop.example>", f"Delivered-To: {US}", f"X-Original-To: {US}"])
@pytest.mark.parametrize("part", ["new", "cur"])
async def test_a_message_to_us_is_found_whatever_names_us(maildir, header, part):
    message = f"Subject: hi\r\n{header}\r\n\r\nbody".encode()
    deliver(maildir / part, "1.host:2,S", message)
    assert await wait(maildir) == message


async def test_a_message_that_arrives_while_we_wait_is_found(maildir):
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(wait(maildir, within_s=5))
        await asyncio.sleep(0.15)
        deliver(maildir / "new", "2.host", f"To: {US}\n\nbody".encode())
    assert waiting.result().endswith(b"body")


@pytest.mark.parametrize(
    "message",
    [b"To: someone-else@shop.example\n\nTo: us+abc123@shop.example", b"Subject: us+abc123@shop.example\n\n", b"\xff"],
)
async def test_other_mail_is_passed_over(maildir, message):
    deliver(maildir / "new", "1.host", message)
    with pytest.raises(TimeoutError):
        await wait(maildir)


async def test_mail_from_before_is_passed_over_and_the_slack_is_not(maildir):
    deliver(maildir / "new", "1.host", f"To: {US}\n\nold".encode(), age_s=1 + CLOCK_SLACK_S + 1)
    with pytest.raises(TimeoutError):
        await wait(maildir)
    deliver(maildir / "new", "2.host", f"To: {US}\n\nrounded".encode(), age_s=1 + CLOCK_SLACK_S - 1)
    assert (await wait(maildir)).endswith(b"rounded")


async def test_a_missing_mailbox_and_an_unknown_kind_are_said_at_once(maildir, why_of):
    assert await why_of(wait(maildir, "maildir:elsewhere")) is Why.NOT_FOUND
    assert await why_of(wait(maildir, "pop3://user@host")) is Why.UNREADABLE
    assert await why_of(wait(maildir, "imaps://user@host")) is Why.UNREADABLE


async def test_a_message_that_is_too_large_is_not_read(maildir, why_of):
    deliver(maildir / "new", "1.host", b"")
    os.truncate(maildir / "new" / "1.host", MAX_MESSAGE_BYTES + 1)
    assert await why_of(wait(maildir)) is Why.TOO_LARGE


async def test_a_folder_in_place_of_a_message_is_unreadable(maildir, why_of):
    (maildir / "new" / "1.host").mkdir()
    assert await why_of(wait(maildir)) is Why.UNREADABLE


@given(st.binary(max_size=300))
def test_any_bytes_are_for_us_or_not(tail):
    assert not _is_for("nobody@nowhere.example", b"To: " + tail)
