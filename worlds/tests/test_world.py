"""The good world as a whole: a visitor gets through, a crowd too, and mending leads back to it."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from launchready_worlds.addresses import APEX, APP, BOOKING_URL, WWW
from launchready_worlds.faults import UnknownFaultError
from launchready_worlds.product import REPORT_FILE
from launchready_worlds.provider_moods import ProviderMood
from launchready_worlds.slack import HOOK_PATH
from launchready_worlds.worlds import WORLDS

SITE, CHAT_HOST = f"https://{APEX}", f"https://{APP}"


def _visit(world, tag):
    """Sign up, confirm, log in and ask; the answer's text."""
    assert world.sign_up(tag).status == 303
    link = world.link_after_sign_up(f"{tag}x") if not tag else world.link_after_sign_up(tag)
    token = parse_qs(urlsplit(link).query)["token"][0]
    assert world.get(link).status == 200
    assert world.post(f"{CHAT_HOST}/verify", {"token": token}).status == 303
    entered = world.log_in(tag)
    assert entered.status == 303
    cookie = entered.headers["set-cookie"].partition(";")[0]
    question = json.dumps({"message": "What does coaching cost?", "message_id": f"question-{tag}"}).encode()
    headers = {"cookie": cookie, "content-type": "application/json"}
    return world.ask("POST", f"{CHAT_HOST}/api/chat", question, headers)


def test_a_visitor_signs_up_confirms_logs_in_and_gets_an_answer(world):
    answer = _visit(world, "one")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: done" in answer.text


def test_ten_visitors_at_once_get_their_answers(world):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: _visit(world, f"crowd{number}"), range(10)))
    assert [answer.status for answer in answers] == [200] * 10
    assert all("event: done" in answer.text for answer in answers)


def test_two_hundred_requests_in_a_burst_are_served_and_counted(world):
    before = world.world.edge.counts[APP]
    with ThreadPoolExecutor(20) as pool:
        statuses = set(pool.map(lambda _: world.get(f"{CHAT_HOST}/healthz").status, range(200)))
    assert statuses == {200}
    assert world.world.edge.counts[APP] - before == 200


def test_plain_http_leads_to_https_and_www_to_the_bare_domain_with_path_and_query(world):
    for start, target in (
        (f"http://{APEX}/a?b=c%20d", f"{SITE}/a?b=c%20d"),
        (f"http://{APP}/", f"{CHAT_HOST}/"),
        (f"http://{WWW}/a?b", f"https://{WWW}/a?b"),
        (f"https://{WWW}/a?b", f"{SITE}/a?b"),
    ):
        answer = world.get(start)
        assert (answer.status, answer.location) == (301, target)


def test_every_host_shows_the_token_of_the_declaration_without_a_redirect(world):
    token = world.declared()["ownership"]["token"]
    for host in (APEX, WWW, APP):
        assert world.get(f"https://{host}/.well-known/launchready").text == token
    assert len(token) == 32


def test_everything_declared_is_there(world):
    declared = world.declared()
    token = (world.world.folder / REPORT_FILE).read_text()
    for endpoint in declared["endpoints"]:
        answer = world.get(endpoint["url"], authorization=f"Bearer {token}")
        assert answer.status == 200
        assert endpoint.get("contains", "") in answer.text
    assert world.get(BOOKING_URL).status == 200
    assert (world.world.folder / declared["repository"]["path"] / ".git").is_dir()
    assert {path.name for path in (world.world.folder / "inbox").iterdir()} == {"new", "cur", "tmp"}


def test_an_unknown_host_and_the_old_host_show_something_else(world):
    assert world.get("http://other.example/").status == 404
    assert "parked" in world.get(f"http://{APEX}/", ip="203.0.113.99").text


def test_a_person_can_use_the_product_and_read_its_mail_without_tls_or_names(world):
    page = world.browse("GET", "/").text
    assert "Bright Path" in page
    assert f'href="https://{APP}' not in page
    link = world.link_after_sign_up("person")
    mails = world.browse("GET", "/mail").text
    assert f'<a href="{link.removeprefix(CHAT_HOST)}">' in mails
    assert world.browse("GET", link.removeprefix(CHAT_HOST)).status == 200
    token = parse_qs(urlsplit(link).query)["token"][0]
    world.post(f"{CHAT_HOST}/verify", {"token": token})
    form = urlencode({"email": "visitor+person@inbox.example", "password": world.password})
    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    entered = world.browse("POST", "/login", form, **headers)
    assert entered.status == 303
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "Secure" not in entered.headers["set-cookie"]


def test_a_mail_to_a_greylisting_server_arrives_at_the_second_attempt_or_later(world):
    world.world.scene.mail = type(world.world.scene.mail).DEFERS_TWICE
    world.world.mail._deferred = 1
    assert world.mail_after_sign_up("grey", 0.5) == ""
    assert world.mail_after_sign_up("grey-again", 1) != ""


def test_mending_in_any_order_leads_back_to_the_good_world(world):
    good_records = world.records(APEX, "TXT"), world.records(APEX, "A")
    good_page = world.get(f"{SITE}/").text
    world.reset(*WORLDS["demo"])
    assert (world.records(APEX, "TXT"), world.records(APEX, "A")) != good_records
    for name in reversed(WORLDS["demo"]):
        assert name in {fault.name for fault in world.world.faults}
        world.run(world.world.mend(name))
    assert world.world.faults == ()
    assert (world.records(APEX, "TXT"), world.records(APEX, "A")) == good_records
    assert world.get(f"{SITE}/").text == good_page


def test_two_faults_in_the_same_record_are_mended_one_by_one(world):
    world.reset("spf-two-records", "spf-among-other-texts")
    world.run(world.world.mend("spf-two-records"))
    assert len(world.records(APEX, "TXT")) == 3
    world.run(world.world.mend("spf-among-other-texts"))
    assert len(world.records(APEX, "TXT")) == 1


def test_an_unknown_fault_changes_nothing(world):
    with pytest.raises(UnknownFaultError, match="no fault is called 'nonsense'"):
        world.run(world.world.inject("spf-absent", "nonsense"))
    assert world.world.faults == ()


def test_the_declaration_and_the_mailbox_are_new_after_a_reset(world):
    world.mail_after_sign_up("old")
    assert world.mails()
    world.reset()
    assert not world.mails()
    assert threading.active_count() < 100


def test_the_alert_channel_keeps_what_is_posted_and_refuses_what_is_no_message(world):
    answers = [world.post_inside(HOOK_PATH, payload) for payload in ({"text": "Sign-ups are down"}, {"nothing": 1})]
    assert [answer.status for answer in answers] == [200, 400]
    assert world.world.slack_url.endswith(HOOK_PATH)
    assert world.world.slack.posted == [{"text": "Sign-ups are down"}]


@pytest.mark.parametrize(
    ("mood", "seen"), [("ANSWERS", "[DONE]"), ("CUTS", "Coaching with Maya"), ("BROKEN", "server_error")]
)
def test_the_provider_behaves_as_its_mood_says(world, mood, seen):
    world.world.scene.provider = ProviderMood[mood]
    said = world.post_inside("/v1/chat/completions", {"stream": True, "messages": []}).text
    world.world.scene.provider = ProviderMood.ANSWERS
    words = "".join(re.findall(r'"content": "([^"]*)"', said))
    assert seen in said + words
    assert ("[DONE]" in said) == (mood == "ANSWERS")
