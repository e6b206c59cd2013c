import dataclasses
import hashlib
from datetime import date
from pathlib import Path

import pytest

from launchready.config.chat import digest_of_chat
from launchready.config.clean_build import digest_of_declaration
from launchready.config.errors import ConfigError
from launchready.config.load import MAX_FILE_BYTES, load_product, read_product
from launchready.model.chat import (
    Budgets,
    Chat,
    ChatProtocol,
    ChatTool,
    ChatVisitor,
    Place,
    Placed,
    SecretHeader,
)
from launchready.model.environment import RequiredIn, Stage, Variable, VariableType
from launchready.model.product import Attestation, Builds, Contact, Delivery, OtherName, Product, Waiver
from launchready.model.subject import (
    Domain,
    Endpoint,
    EndpointKind,
    Host,
    Journey,
    Link,
    LinkKind,
    Repository,
    Sender,
)

WHOLE = Path(__file__).with_name("whole.toml").read_text("utf-8")
SMALL = '[product]\nname = "Bright Path"\n[[hosts]]\nname = "brightpath.example"\n'
ATTESTED = SMALL + '[[attestations]]\ncheck = "secrets-outside-vault"\nwho = "Maya"\nproof = "{}"\nuntil = 2027-02-01\n'

PRODUCT = Product(
    name="Bright Path Coaching",
    hosts=(
        Host(
            name="brightpath.example",
            domain="brightpath.example",
            purpose="landing page",
            owner="Maya Ortiz",
            provider="Render",
            addresses=("203.0.113.10", "2001:db8::10"),
        ),
        Host(
            name="www.brightpath.example",
            domain="brightpath.example",
            purpose="sends visitors to the landing page",
            cname="shop.provider.example",
            redirects_to="https://brightpath.example",
        ),
        Host(
            name="app.brightpath.example",
            domain="brightpath.example",
            allowed_origins=("https://brightpath.example",),
            origin_addresses=("203.0.113.77",),
        ),
    ),
    domains=(
        Domain("brightpath.example", (Sender("Postmark", ("s1", "20240101._mail"), "brightpath.example"),)),
        Domain(
            "xn--bcher-brief-thb.co.uk",
            (
                Sender(
                    "Letters",
                    (),
                    from_domain="news.xn--bcher-brief-thb.co.uk",
                    bounce_domain="bounces.news.xn--bcher-brief-thb.co.uk",
                    addresses=("203.0.113.25",),
                    is_marketing=True,
                ),
            ),
        ),
    ),
    sends_mail=True,
    takes_payments=False,
    has_chat=True,
    has_file=True,
    ownership_token="0123456789abcdef0123456789abcdef",
    endpoints=(
        Endpoint("https://app.brightpath.example/healthz", EndpointKind.HEALTH, p95_ms=500),
        Endpoint("https://app.brightpath.example/readyz", EndpointKind.READY, dependencies=("database", "mail")),
        Endpoint("https://brightpath.example/", EndpointKind.PAGE, contains="Bright Path"),
        Endpoint(
            "https://app.brightpath.example/launchready/environment",
            EndpointKind.ENVIRONMENT,
            token="env:REPORT_TOKEN",
            stage=Stage.TEST,
        ),
    ),
    links=(
        Link("https://book.calendar.example/maya?utm=ad#top", LinkKind.BOOKING),
        Link("http://github.io/old", LinkKind.NEWSLETTER),
    ),
    contacts=(Contact("support", "Maya Ortiz", "Help@brightpath.example"),),
    repository=Repository("/srv/code"),
    journeys=(
        Journey(
            name="signup",
            signup="https://app.brightpath.example/signup",
            login="https://app.brightpath.example/login",
            chat="https://app.brightpath.example:8443/api/chat",
            question="What does coaching cost?",
            address="visitor+{tag}@inbox.example",
            mailbox="maildir:/srv/product/inbox",
            mailbox_password="file:/srv/product/secrets/inbox",
            visitors=3,
            history="https://app.brightpath.example:8443/api/history?talk={id}",
        ),
        Journey(
            name="returning",
            signup="https://app.brightpath.example/signup",
            login="https://app.brightpath.example/login",
            chat="https://brightpath.example/chat",
            question="And for two?",
            address="visitor@{tag}.inbox.example",
            mailbox="imaps://visitor%40inbox.example@mail.inbox.example:993/INBOX",
            mailbox_password="env:MAILBOX_PASSWORD",
        ),
    ),
    attestations=(
        Attestation("secrets-outside-vault", "Maya Ortiz", "https://vault.example/screenshot", date(2027, 2, 1)),
    ),
    waivers=(
        Waiver(
            "text-uncompressed",
            "the provider mends it",
            "Maya Ortiz",
            date(2027, 3, 1),
            subject="host:app.brightpath.example",
        ),
        Waiver("link-broken", "the calendar moves", "Maya Ortiz", date(2027, 3, 2)),
    ),
    other_names=(OtherName("status.brightpath.example", "status page"),),
    dns_change=date(2026, 12, 15),
    environment=(
        Variable(
            "APP_URL",
            VariableType.URL,
            RequiredIn.BOTH,
            is_public=True,
            prefix="https://",
            min_chars=10,
            max_chars=200,
            may_be_local=True,
            purpose="where customers find the app",
            owner="Maya Ortiz",
            stored_in="Render, Environment",
            example="https://app.brightpath.example",
        ),
        Variable("MODE", VariableType.ENUM, choices=("live", "test")),
        Variable("PORT", VariableType.INT, RequiredIn.NO, minimum=1, maximum=65535),
    ),
    delivery=Delivery("/srv/product/.launchready", "/srv/live", ("*.sqlite3",), rehearsal_days=30),
    build=Builds("/srv/product/.launchready", digest_of_declaration(WHOLE), 7),
    chat=Chat(
        url="https://app.brightpath.example/api/chat",
        protocol=ChatProtocol.SSE,
        body='{"lang": "en"}',
        message="$.input.question",
        history="$.messages",
        reply="$.delta",
        end="done",
        model="coach-small",
        session=Placed(Place.BODY, "$.session_id"),
        client_makes_session=True,
        message_id=Placed(Place.HEADER, "Idempotency-Key"),
        headers=(SecretHeader("X-Widget", "WIDGET_KEY"),),
        visitors=(
            ChatVisitor("a", (SecretHeader("Authorization", "TOKEN_A", "Bearer "),)),
            ChatVisitor("b", (SecretHeader("Authorization", "TOKEN_B", "Bearer "),)),
        ),
        login="signup",
        staging=True,
        budgets=Budgets(8.0, 15.0, 60.0, 125.0),
        tools=(ChatTool("find_slots"), ChatTool("cancel", ("owner", "admin"))),
        version="https://app.brightpath.example/version",
        provider_control="http://127.0.0.1:8555/control",
        provider_token="env:PROVIDER_TOKEN",
        records="/srv/product/.launchready",
        record_days=7,
        declared=digest_of_chat(WHOLE),
    ),
    logs=("/srv/product/logs/app.log", "/var/log/coachbot"),
)


def test_a_whole_declaration_becomes_this_product():
    assert read_product(WHOLE, "launchready.toml", Path("/srv/product")) == PRODUCT


def test_a_small_declaration_declares_nothing_else():
    assert read_product(SMALL, "launchready.toml", Path("/srv")) == Product(
        name="Bright Path",
        hosts=(Host("brightpath.example", "brightpath.example"),),
        domains=(Domain("brightpath.example"),),
        has_file=True,
    )


def test_every_subject_of_a_declaration_has_its_parents():
    for subject in PRODUCT.subjects():
        assert PRODUCT.ancestor(subject, Product) is PRODUCT


@pytest.mark.parametrize(
    "content", [WHOLE.encode(), b"\xef\xbb\xbf" + WHOLE.encode(), WHOLE.replace("\n", "\r\n").encode()]
)
def test_a_file_from_any_editor_is_read(tmp_path, content):
    path = tmp_path / "launchready.toml"
    path.write_bytes(content)
    product = load_product(path)
    assert dataclasses.replace(
        product, repository=None, journeys=(), delivery=None, build=None, chat=None, logs=()
    ) == dataclasses.replace(PRODUCT, repository=None, journeys=(), delivery=None, build=None, chat=None, logs=())
    assert product.journeys[0].mailbox == f"maildir:{tmp_path}/inbox"
    assert product.repository == Repository(str(tmp_path.parent / "code"))


def test_paths_are_seen_from_the_folder_of_a_relative_file(tmp_path, monkeypatch):
    (tmp_path / "launchready.toml").write_text(SMALL + '[repository]\npath = "code"\n')
    monkeypatch.chdir(tmp_path)
    assert load_product(Path("launchready.toml")).repository == Repository(f"{tmp_path}/code")


def test_a_proof_in_a_file_is_recorded_by_its_digest(tmp_path):
    (tmp_path / "vault.png").write_bytes(b"a picture")
    (tmp_path / "launchready.toml").write_text(ATTESTED.format("file:vault.png"))
    (attestation,) = load_product(tmp_path / "launchready.toml").attestations
    assert attestation.proof == f"sha256:{hashlib.sha256(b'a picture').hexdigest()} (vault.png)"


def test_a_digest_as_proof_stays_as_it_is(tmp_path):
    digest = "sha256:" + "ab" * 32
    for proof in (digest, f"{digest} (vault.png)"):
        (tmp_path / "launchready.toml").write_text(ATTESTED.format(proof))
        assert load_product(tmp_path / "launchready.toml").attestations[0].proof == proof


def message_of(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_product(path)
    return str(caught.value)


def test_a_proof_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "launchready.toml"
    path.write_text(ATTESTED.format("file:v.png"))
    with pytest.raises(ConfigError) as caught:
        load_product(path)
    assert caught.value.where.endswith(" line 8")
    assert caught.value.what.startswith("[[attestations]] proof names the file '")
    assert caught.value.what.endswith("which is not there.")
    assert (
        caught.value.next_step == "Put the file there, or write its path as seen from the folder of launchready.toml."
    )


def test_a_proof_with_an_endless_name_is_a_message(tmp_path):
    path = tmp_path / "launchready.toml"
    path.write_text(ATTESTED.format("file:" + "v" * 5000))
    assert "which can't be read (File name too long)." in message_of(path)


def test_a_missing_file_is_told_with_the_way_without_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message_of(Path("launchready.toml")) == (
        "launchready.toml: there is no such file. "
        "Type the path of a launchready.toml, or go without one: launchready audit example.com"
    )


def test_a_folder_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message_of(Path()).startswith(".: there is no such file.")


def test_a_file_with_an_endless_name_is_a_message():
    assert message_of(Path("v" * 5000)).endswith(
        "the file can't be read (File name too long). Type the path of a launchready.toml that you may read."
    )


def test_a_file_that_is_not_text_is_told_with_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("launchready.toml").write_bytes(b'[product]\nname = "\xff"\n')
    assert message_of(Path("launchready.toml")) == (
        "launchready.toml line 2: the file is not UTF-8 text. Save it as UTF-8 in your editor."
    )


@pytest.mark.parametrize(("extra", "loads"), [(-1, True), (0, True), (1, False)])
def test_a_file_over_a_mebibyte_is_refused(tmp_path, monkeypatch, extra, loads):
    monkeypatch.chdir(tmp_path)
    Path("launchready.toml").write_text(SMALL.ljust(1_048_576 + extra, "#"))
    assert MAX_FILE_BYTES == 1_048_576
    if loads:
        assert load_product(Path("launchready.toml")).name == "Bright Path"
    else:
        assert message_of(Path("launchready.toml")) == (
            "launchready.toml: the file has more than 1048576 bytes. "
            "Type the path of a launchready.toml, which is a short text."
        )


JOURNEY = WHOLE[WHOLE.index("[[journeys]]") : WHOLE.index('[[journeys]]\nname = "returning"')].replace("app.", "")


@pytest.mark.parametrize(
    ("table", "limits"),
    [
        ('[ownership]\ntoken = "{}"\n', {"a" * 31: False, "a" * 32: True, "A" * 33: True, "g" * 32: False}),
        ('[ownership]\ntoken = "{}"\n', {"0" * 127: True, "0" * 128: True, "0" * 129: False}),
        (
            JOURNEY.replace("{", "{{").replace("}", "}}").replace("visitors = 3", "visitors = {}"),
            {0: False, 1: True, 2: True},
        ),
        (
            JOURNEY.replace("{", "{{").replace("}", "}}").replace("visitors = 3", "visitors = {}"),
            {49: True, 50: True, 51: False},
        ),
        (
            '[[endpoints]]\nurl = "https://brightpath.example"\nkind = "api"\np95_ms = {}\n',
            {0: False, 1: True, 2: True},
        ),
        (
            '[[endpoints]]\nurl = "https://brightpath.example"\nkind = "api"\np95_ms = {}\n',
            {59_999: True, 60_000: True, 60_001: False},
        ),
    ],
)
def test_limits_hold_exactly(table, limits):
    for value, loads in limits.items():
        try:
            read_product(SMALL + table.format(value), "launchready.toml", Path("/srv"))
        except ConfigError:
            loaded = False
        else:
            loaded = True
        assert loaded == loads, value
