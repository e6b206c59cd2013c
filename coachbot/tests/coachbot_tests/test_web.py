"""Pages, headers, caching, health, logs: what a visitor's browser and a monitor see."""

import re

import pytest
from sqlalchemy import select

from coachbot.schema import Lead, User

PUBLIC = ["/", "/signup", "/signup/sent", "/login", "/leads/sent", "/privacy"]
LEAD = {"name": "Ben", "email": "ben@example.org", "message": "I want a change"}


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_public_page_is_revalidated_cheaply_and_compressed(product, path):
    page = await product.client.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in page.headers
    again = await product.client.get(path, headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == page.headers["etag"]
    plain = await product.client.get(path, headers={"If-None-Match": 'W/"other"', "Accept-Encoding": "identity"})
    assert plain.status_code == 200
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("path", [*PUBLIC, "/verify?token=x", "/nothing"])
async def test_each_page_has_a_language_a_title_one_heading_labels_and_nothing_inline(product, path):
    page = (await product.client.get(path)).text
    assert '<html lang="en">' in page
    assert re.search(r"<title>.+ · Bright Path Coaching</title>", page)
    assert page.count("<h1") == 1
    assert 'name="viewport"' in page
    for field in re.findall(r'<(?:input|textarea) id="(\w+)"', page):
        assert f'<label for="{field}">' in page
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page)


async def test_static_files_are_kept_for_ever_under_names_that_follow_their_content(product):
    page = (await product.client.get("/")).text
    paths = set(re.findall(r'"(/static/[^"]+)"', page))
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".*.", path) for path in paths} == {
        "/static/app.*.css",
        "/static/app.*.js",
        "/static/icon.*.svg",
    }
    for path in paths:
        file = await product.client.get(path)
        assert file.status_code == 200
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["x-content-type-options"] == "nosniff"
        if not path.endswith(".svg"):
            assert file.headers["content-encoding"] == "gzip"
    assert (await product.client.get("/static/app.000000000000.css")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/static/nothing", "/api/nothing"])
async def test_every_response_has_the_security_headers(product, path):
    headers = (await product.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert len(headers["x-request-id"]) == 24


async def test_a_page_for_one_person_is_never_kept(product):
    client = await product.customer("ana@example.org")
    page = await client.get("/chat")
    assert page.headers["cache-control"] == "private, no-store"
    assert "etag" not in page.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "https://app.brightpath.example"}, 303),
        ({"Origin": "https://brightpath.example", "Sec-Fetch-Site": "same-site"}, 303),
        ({"Origin": "https://APP.brightpath.example:443", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://app.brightpath.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://blog.brightpath.example", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://app.brightpath.example:bad"}, 403),
    ],
)
async def test_a_form_on_another_site_can_not_post_here(product, headers, status):
    assert (await product.client.post("/leads", data=LEAD, headers=headers)).status_code == status


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("email", "ben"), ("message", ""), ("message", "x" * 2001)])
async def test_a_lead_with_something_wrong_is_shown_again_with_all_that_was_written(product, field, value):
    answer = await product.client.post("/leads", data=LEAD | {field: value})
    assert answer.status_code == 422
    assert "what you wrote is still here" in answer.text
    for other, text in LEAD.items():
        assert field == other or text in answer.text
    assert f'aria-describedby="{"message-hint " if field == "message" else ""}{field}-error"' in answer.text
    assert await product.count(select(Lead)) == 0


async def test_what_a_visitor_writes_is_shown_as_text_and_never_as_html(product):
    attack = "<script>alert(1)</script>"
    answer = await product.client.post("/leads", data={"name": attack, "email": "x", "message": attack})
    assert attack not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_a_form_with_files_or_nothing_in_it_is_an_incomplete_form(product):
    files = {"name": ("a.txt", b"Ben"), "email": ("b.txt", b"x")}
    assert (await product.client.post("/leads", files=files)).status_code == 422
    assert (await product.client.post("/signup")).status_code == 422
    assert (await product.client.post("/login")).status_code == 401


async def test_a_body_that_is_too_large_is_refused(product):
    answer = await product.client.post("/leads", data=LEAD | {"message": "x" * 70_000})
    assert answer.status_code == 413
    assert await product.count(select(Lead)) == 0


async def test_a_page_that_is_missing_says_so_and_leads_back(product):
    page = await product.client.get("/nothing")
    assert page.status_code == 404
    assert "There is no such page." in page.text
    assert 'href="/"' in page.text
    assert (await product.client.get("/api/nothing")).json()["code"] == "http_404"
    assert (await product.client.delete("/login")).status_code == 405


async def test_a_bug_shows_a_page_with_a_number_and_the_log_has_the_number_but_not_the_words(product):
    async def broken(_lead):
        raise ZeroDivisionError("canary-words")

    product.parts.leads.save = broken
    answer = await product.client.post("/leads", data=LEAD)
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["x-request-id"] in product.log.getvalue()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '"type": "ZeroDivisionError"' in product.log.getvalue()
    assert "canary-words" not in product.log.getvalue() + answer.text


async def test_the_logs_hold_nothing_that_a_customer_wrote(product, eventually):
    canaries = ["canaryname", "canary@example.org", "canary-pass-word", "canaryquestion", "canarylead"]
    sign_up = {"name": canaries[0], "email": canaries[1], "password": canaries[2]}
    await product.client.post("/signup", data=sign_up)
    token = await product.link_token(canaries[1])
    await product.client.get("/verify", params={"token": token})
    await product.client.post("/verify", data={"token": token})
    await product.client.post("/login", data=sign_up)
    await product.client.post("/api/chat", json={"message": canaries[3], "message_id": "canary-0001"})
    await product.client.post("/leads", data={"name": "B", "email": "canary@b.example", "message": canaries[4]})
    await product.client.get(
        "/canary-path", headers={"User-Agent": "canary-agent", "Referer": "https://canary.example"}
    )
    await eventually(lambda: product.log.getvalue().count('"outcome": "sent"') == 2)
    log = product.log.getvalue()
    assert "canary" not in log
    assert token not in log
    assert product.client.cookies["session"] not in log
    assert "198.51.100.7" not in log
    assert log.count('"event": "request"') == 7
    assert '"event": "answer"' in log


async def test_readiness_shows_that_the_mail_server_is_dead_while_the_process_is_alive(settings, run, mail_server):
    from dataclasses import replace

    from coachbot.parts import Parts

    async with run(Parts(replace(settings, smtp_url="smtp://u:hush@127.0.0.1:1")), mail_server) as product:
        ready, alive = await product.client.get("/readyz"), await product.client.get("/healthz")
    assert ready.status_code == 503
    states = ready.json()["dependencies"]
    assert states["mail"] == {"status": "failing", "detail": "SMTPConnectError"}
    assert states["database"] == {"status": "ok"}
    assert states["model"]["status"] == "ok"
    assert "hush" not in ready.text
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


async def test_readiness_and_version_of_a_product_that_is_well(product):
    ready = await product.client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    version = (await product.client.get("/version")).json()
    assert (version["name"], version["commit"], version["built_at"]) == ("coachbot", "0f" * 20, None)


async def test_readiness_shows_a_database_that_is_gone(product):
    from coachbot.database import Database

    gone = Database("sqlite+aiosqlite:////nonexistent/coachbot.sqlite3")
    product.parts.readiness._probes["database"] = gone.check
    answer = await product.client.get("/readyz")
    assert answer.json()["dependencies"]["database"] == {"status": "failing", "detail": "OperationalError"}
    await gone.close()


async def test_the_ownership_token_is_served_as_text_when_it_is_set_and_not_found_when_not(
    product, settings, run, mail_server, tmp_path
):
    from dataclasses import replace

    from coachbot.parts import Parts

    assert (await product.client.get("/.well-known/launchready")).status_code == 404
    url = f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}"
    owned = replace(settings, launchready_token="lr-0123", database_url=url)
    async with run(Parts(owned), mail_server) as other:
        answer = await other.client.get("/.well-known/launchready")
    assert (answer.text, answer.headers["content-type"]) == ("lr-0123", "text/plain; charset=utf-8")


async def test_links_lead_from_the_site_to_the_application(product):
    page = (await product.client.get("/")).text
    assert 'href="https://app.brightpath.example/signup"' in page
    assert 'href="https://cal.example/maya/intro"' in page
    assert '<link rel="canonical" href="https://brightpath.example/">' in page
    assert 'action="/leads"' in page


async def test_nobody_is_made_a_customer_by_looking(product):
    for path in PUBLIC:
        await product.client.get(path)
    assert await product.count(select(User)) == 0


async def test_whom_to_tell_of_a_weak_spot_is_said_with_a_date_less_than_a_year_ahead(product):
    from datetime import UTC, datetime, timedelta

    answer = await product.client.get("/.well-known/security.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    contact, expires = answer.text.splitlines()
    assert contact.startswith("Contact: mailto:")
    left = datetime.fromisoformat(expires.removeprefix("Expires: ")) - datetime.now(UTC)
    assert timedelta(0) < left < timedelta(days=365)
