"""Sign-up, verification, log-in, sessions."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachbot.accounts import MAILS_PER_HOUR
from coachbot.clock import utc_now
from coachbot.parts import Parts
from coachbot.passwords import Passwords
from coachbot.schema import SessionRow, User

SIGN_UP = {"name": "Ana", "email": "ana@example.org", "password": "correct horse battery"}
LOG_IN = {"email": "ana@example.org", "password": "correct horse battery"}


async def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(product):
    await product.client.post("/signup", data=SIGN_UP)
    token = await product.link_token("ana@example.org")
    for _ in range(3):
        page = await product.visitor().get("/verify", params={"token": token})
        assert page.status_code == 200
        assert f'value="{token}"' in page.text
        await product.visitor().head("/verify", params={"token": token})
    assert await product.count(select(User)) == 0
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "private, no-store"
    assert (await product.client.post("/verify", data={"token": token})).status_code == 303
    assert await product.count(select(User)) == 1


async def test_clicking_twice_is_as_good_as_once(product):
    await product.client.post("/signup", data=SIGN_UP)
    token = await product.link_token("ana@example.org")
    async with asyncio.TaskGroup() as group:
        clicks = [group.create_task(product.visitor().post("/verify", data={"token": token})) for _ in range(4)]
    assert {click.result().headers["location"] for click in clicks} == {"/login"}
    assert await product.count(select(User)) == 1
    assert "already" not in (await product.client.get("/verify", params={"token": token})).text
    assert "Your address is confirmed" in (await product.client.get("/verify", params={"token": token})).text


async def test_after_the_click_the_log_in_page_says_once_that_the_address_is_confirmed(product):
    await product.client.post("/signup", data=SIGN_UP)
    token = await product.link_token("ana@example.org")
    await product.client.post("/verify", data={"token": token})
    assert "Your address is confirmed" in (await product.client.get("/login")).text
    assert "Your address is confirmed" not in (await product.client.get("/login")).text


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 10_000])
async def test_a_link_that_is_none_says_what_to_do(product, token):
    page = await product.client.get("/verify", params={"token": token})
    assert page.status_code == 410
    assert "Get a new link" in page.text
    assert (await product.client.post("/verify", data={"token": token})).status_code == 410


async def test_a_link_works_for_24_hours_and_not_a_second_longer(product):
    start = utc_now()
    product.parts.accounts._clock = lambda: start
    await product.client.post("/signup", data=SIGN_UP)
    token = await product.link_token("ana@example.org")
    product.parts.accounts._clock = lambda: start + timedelta(hours=24)
    assert (await product.client.post("/verify", data={"token": token})).status_code == 410
    product.parts.accounts._clock = lambda: start + timedelta(hours=24, seconds=-1)
    assert (await product.client.post("/verify", data={"token": token})).status_code == 303


async def test_an_address_with_an_account_gets_the_same_answer_and_a_note_by_mail(product, mail_server, eventually):
    await product.customer("ana@example.org")
    known = await product.visitor().post("/signup", data=SIGN_UP | {"password": "another password"})
    unknown = await product.visitor().post("/signup", data=SIGN_UP | {"email": "ben@example.org"})
    changing = ("date", "x-request-id")
    shown = [{k: v for k, v in answer.headers.items() if k not in changing} for answer in (known, unknown)]
    assert shown[0] == shown[1]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    await eventually(lambda: len(mail_server.mails) == 3)
    [note] = [m for m in mail_server.mails if m["Subject"] == "You already have an account"]
    assert note["To"] == "ana@example.org"
    assert "token=" not in note.as_string()
    assert (await product.visitor().post("/login", data=LOG_IN)).status_code == 303


async def test_each_link_brings_its_own_password_so_nobody_can_sign_up_ahead_of_the_owner(product, mail_server):
    await product.client.post("/signup", data=SIGN_UP | {"password": "the attacker knows this"})
    attackers = await product.link_token("ana@example.org")
    mail_server.mails.clear()
    await product.client.post("/signup", data=SIGN_UP)
    owners = await product.link_token("ana@example.org")
    await product.client.post("/verify", data={"token": owners})
    assert (await product.client.post("/verify", data={"token": attackers})).status_code == 410
    attack = LOG_IN | {"password": "the attacker knows this"}
    assert (await product.client.post("/login", data=attack)).status_code == 401
    assert (await product.client.post("/login", data=LOG_IN)).status_code == 303


async def test_a_stranger_can_not_be_flooded_with_mails(product, mail_server, eventually):
    for _ in range(MAILS_PER_HOUR + 2):
        answer = await product.client.post("/signup", data=SIGN_UP)
        assert answer.headers["location"] == "/signup/sent"
    await eventually(lambda: len(mail_server.mails) == MAILS_PER_HOUR == 5)
    await product.parts.worker.deliver_due()
    assert len(mail_server.mails) == 5


async def test_nobody_logs_in_before_the_address_is_confirmed(product):
    await product.client.post("/signup", data=SIGN_UP)
    answer = await product.client.post("/login", data=LOG_IN)
    assert answer.status_code == 401
    assert "confirm your address first" in answer.text
    assert 'value="ana@example.org"' in answer.text
    assert "correct horse" not in answer.text


async def test_the_session_cookie_is_locked_down_and_stored_as_a_hash_only(product):
    client = await product.customer("ana@example.org")
    cookie = client.cookies["session"]
    answer = await client.post("/login", data=LOG_IN)
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"httponly", "secure", "samesite=lax", "path=/", "max-age=2592000"}
    assert len(cookie) * 6 >= 128
    async with product.parts.database.read() as session:
        stored = (await session.scalars(select(SessionRow.token_hash))).all()
    assert cookie not in stored


async def test_a_session_survives_a_restart_on_the_same_database(settings, parts, mail_server, run):
    async with run(parts, mail_server) as before:
        client = await before.customer("ana@example.org")
        cookie = client.cookies["session"]
    async with run(Parts(settings), mail_server) as after:
        visitor = after.visitor()
        visitor.cookies.set("session", cookie)
        assert (await visitor.get("/chat")).status_code == 200


async def test_a_session_ends_after_30_days_and_at_log_out(product):
    client = await product.customer("ana@example.org")
    start = utc_now()
    product.parts.accounts._clock = lambda: start + timedelta(days=30, seconds=1)
    assert (await client.get("/chat")).headers["location"] == "/login"
    product.parts.accounts._clock = lambda: start + timedelta(days=29, hours=23)
    assert (await client.get("/chat")).status_code == 200
    cookie = client.cookies["session"]
    await client.post("/logout")
    assert "session" not in client.cookies
    client.cookies.set("session", cookie)
    assert (await client.get("/chat")).headers["location"] == "/login"


async def test_the_sixth_guess_is_answered_with_a_page_and_a_time_and_others_still_get_in(product):
    await product.customer("ana@example.org")
    await product.customer("ben@example.org")
    for _ in range(5):
        assert (await product.client.post("/login", data=LOG_IN | {"password": "guess"})).status_code == 401
    refused = await product.client.post("/login", data=LOG_IN)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert "Please wait a moment" in refused.text
    assert "15 minutes" in refused.text
    assert (await product.client.post("/login", data=LOG_IN | {"email": "ben@example.org"})).status_code == 303


async def test_rotating_forwarded_addresses_does_not_help_a_guesser(product):
    for number in range(5):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        await product.client.post("/login", data=LOG_IN | {"password": "guess"}, headers=headers)
    refused = await product.client.post("/login", data=LOG_IN, headers={"X-Forwarded-For": "203.0.113.99"})
    assert refused.status_code == 429


async def test_ten_people_behind_one_address_sign_up_and_log_in_at_once(product):
    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(product.customer(f"person-{number}@example.org"))
    assert await product.count(select(User)) == 10


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Please tell us your name"),
        ("name", "x" * 81, "shorten your name"),
        ("email", "ana", "check your e-mail address"),
        ("email", "ana@localhost", "check your e-mail address"),
        ("email", "a@b.example\nBcc: c@d.example", "check your e-mail address"),
        ("email", "x" * 250 + "@example.org", "check your e-mail address"),
        ("password", "123456789", "at least 10 characters"),
        ("password", "x" * 201, "at most 200 characters"),
    ],
)
async def test_a_sign_up_with_something_wrong_says_so_and_keeps_the_rest(product, field, value, sentence):
    answer = await product.client.post("/signup", data=SIGN_UP | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    other = "ana@example.org" if field != "email" else "Ana"
    assert f'value="{other}"' in answer.text
    assert "correct horse" not in answer.text


@pytest.mark.parametrize(("length", "status"), [(9, 422), (10, 303), (200, 303), (201, 422)])
async def test_a_password_has_10_to_200_characters(product, length, status):
    answer = await product.client.post("/signup", data=SIGN_UP | {"password": "p" * length})
    assert answer.status_code == status


async def test_passwords_are_hashed_with_owasps_minimum_and_a_salt_of_their_own():
    passwords = Passwords()
    one, two = await passwords.hash("correct horse"), await passwords.hash("correct horse")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != two
    assert await passwords.verify(one, "correct horse")
    assert not await passwords.verify(one, "correct house")
    assert not await passwords.verify(None, "correct horse")
    assert not await passwords.verify(None, "")
    assert not await passwords.verify("no hash", "correct horse")
