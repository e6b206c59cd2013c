"""Settings from the environment, and the command that starts the product."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files

import pytest

from coachbot.settings import Settings, SettingsError
from launchready_guard.environment import Contract, report_on
from launchready_guard.environment_values import RequiredIn

COMPLETE = {
    "COACHBOT_BASE_URL": "https://app.brightpath.example",
    "COACHBOT_SMTP_URL": "smtp+starttls://user:hush-hush@smtp.example:587",
    "COACHBOT_MAIL_FROM": "Bright Path <hello@brightpath.example>",
    "COACHBOT_SECRET": "s" * 32,
}


def test_a_complete_environment_is_read():
    settings = Settings.from_environment(COMPLETE | {"COACHBOT_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"})
    assert settings.site_url == settings.base_url == "https://app.brightpath.example"
    assert settings.https
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.mail_folder is None
    assert settings.commit == "unknown"


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("value", ["", "   "])
def test_each_required_variable_is_named_when_it_is_missing(name, value):
    with pytest.raises(SettingsError, match=f"{name} is not set; set it to"):
        Settings.from_environment(COMPLETE | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COACHBOT_BASE_URL", "app.brightpath.example"),
        ("COACHBOT_BASE_URL", "https://app.brightpath.example/chat"),
        ("COACHBOT_BASE_URL", "https://app.brightpath.example:99999"),
        ("COACHBOT_SITE_URL", "ftp://brightpath.example"),
        ("COACHBOT_SECRET", "s" * 31),
        ("COACHBOT_SMTP_URL", "smtp.example:587"),
        ("COACHBOT_SMTP_URL", "smtp://smtp.example:99999"),
        ("COACHBOT_MAIL_FROM", "Bright Path"),
        ("COACHBOT_DATABASE_URL", "coachbot.sqlite3"),
        ("COACHBOT_MODEL_KEY", "sk-hush"),
        ("COACHBOT_MODEL_URL", "localhost:11434"),
        ("COACHBOT_MODEL_URL_2", "localhost:11434"),
        ("COACHBOT_DOCUMENTS", "/nonexistent"),
        ("COACHBOT_BOOKING_URL", "cal.example"),
        ("COACHBOT_COACH_EMAIL", "maya"),
        ("COACHBOT_TRUSTED_PROXIES", "proxy.example"),
    ],
)
def test_a_wrong_value_is_named_without_quoting_a_secret(name, value):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(COMPLETE | {name: value})
    named = "COACHBOT_MODEL_URL" if value == "sk-hush" else name
    assert str(refused.value).startswith(named)
    assert "hush" not in str(refused.value)


def test_a_key_that_no_header_can_hold_is_refused_and_not_quoted():
    with pytest.raises(SettingsError, match="COACHBOT_MODEL_KEY holds a space") as refused:
        Settings.from_environment(
            COMPLETE | {"COACHBOT_MODEL_KEY": "sk hush", "COACHBOT_MODEL_URL": "https://m.example"}
        )
    assert "hush" not in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({})
    lines = str(refused.value).splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [
        "COACHBOT_BASE_URL",
        "COACHBOT_SMTP_URL",
        "COACHBOT_SECRET",
        "COACHBOT_MAIL_FROM",
    ]
    assert "--dev" in lines[-1]


def test_a_developer_needs_to_set_nothing():
    settings = Settings.from_environment({}, dev=True)
    other = Settings.from_environment({}, dev=True)
    assert settings.mail_folder is not None
    assert len(settings.secret) == 64
    assert settings.secret != other.secret


def test_secrets_do_not_show_in_the_text_of_settings():
    settings = Settings.from_environment(
        COMPLETE | {"COACHBOT_MODEL_KEY": "sk-hush", "COACHBOT_MODEL_URL": "https://m.example/v1"}
    )
    assert "hush" not in repr(settings)
    assert "hush" not in repr(settings.providers)
    assert "s" * 32 not in repr(settings)


FIRST = {"COACHBOT_MODEL_KEY": "sk-one", "COACHBOT_MODEL_URL": "https://one.example/v1/"}
SECOND = {"COACHBOT_MODEL_KEY_2": "sk-two", "COACHBOT_MODEL_URL_2": "https://two.example/v1"}


def test_providers_are_asked_in_order_and_a_second_one_may_be_left_out():
    both = Settings.from_environment(COMPLETE | FIRST | SECOND | {"COACHBOT_MODEL_NAME_2": "small"}).providers
    assert [(provider.url, provider.key, provider.model) for provider in both] == [
        ("https://one.example/v1", "sk-one", "gpt-4o-mini"),
        ("https://two.example/v1", "sk-two", "small"),
    ]
    assert [provider.name for provider in Settings.from_environment(COMPLETE | FIRST).providers] == ["first"]
    assert Settings.from_environment(COMPLETE).providers == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            FIRST | {"COACHBOT_MODEL_KEY_2": "sk-two"},
            "COACHBOT_MODEL_URL_2 is not set although COACHBOT_MODEL_KEY_2 is",
        ),
        (SECOND, "COACHBOT_MODEL_KEY is not set although COACHBOT_MODEL_KEY_2 is"),
    ],
)
def test_half_a_provider_is_refused(given, sentence):
    with pytest.raises(SettingsError, match=sentence):
        Settings.from_environment(COMPLETE | given)


def command(*arguments: str, cwd, **environ: str) -> subprocess.Popen:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COACHBOT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "coachbot", *arguments],
        cwd=cwd,
        env=clean | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_a_developer_and_stops_cleanly(tmp_path):
    import httpx2

    with command("--dev", "--port", "0", cwd=tmp_path) as process:
        origin = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())[0]
        greeting = process.stderr.readline()
        transport = httpx2.HTTPTransport(retries=10)
        with httpx2.Client(transport=transport, base_url=origin, trust_env=False) as client:
            ready = client.get("/readyz")
            page = client.get("/signup/sent")
        process.terminate()
        _out, err = process.communicate(timeout=10)
    assert str(tmp_path / "coachbot-mails") in greeting
    assert ready.status_code == 200
    assert "coachbot-mails" in page.text
    assert "Traceback" not in err
    assert (tmp_path / "coachbot.sqlite3").exists()


def test_the_command_without_settings_says_what_to_set_and_exits_with_2(tmp_path):
    with command(cwd=tmp_path) as process:
        _out, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "COACHBOT_BASE_URL is not set" in err
    assert "Traceback" not in err


def test_pages_styles_and_documents_are_inside_the_package():
    package = files("coachbot")
    for name in ("templates/landing.html", "templates/mail/verify.txt", "static/app.css", "documents/02-prices.md"):
        assert (package / name).is_file()


def test_the_shipped_contract_names_every_variable_that_the_settings_read():
    package = files("coachbot")
    read = set(re.findall(r'"((?:COACHBOT|LAUNCHREADY)_[A-Z_]+[0-9]?)"', (package / "settings.py").read_text("utf-8")))
    shipped = json.loads((package / "environment.json").read_text("utf-8"))
    contract = Contract.from_json(json.dumps(shipped))
    assert {variable.name for variable in contract.variables} == read
    assert shipped["digest"] == contract.digest
    required = {v.name for v in contract.variables if v.is_required(RequiredIn.RUN)}
    assert required == set(COMPLETE)
    good = COMPLETE | {"COACHBOT_SECRET": "0123456789abcdef" * 4}
    assert {row["flaw"] for row in report_on(contract, good, b"key")["variables"].values()} == {""}


@pytest.mark.parametrize(("token", "what"), [("t" * 31, "is shorter than 32 characters"), ("s" * 32, "is the same as")])
def test_a_report_token_is_long_and_its_own(token, what):
    with pytest.raises(SettingsError, match=f"LAUNCHREADY_REPORT_TOKEN {what}"):
        Settings.from_environment(COMPLETE | {"LAUNCHREADY_REPORT_TOKEN": token})
    assert Settings.from_environment(COMPLETE | {"LAUNCHREADY_REPORT_TOKEN": "t" * 32}).report_token == "t" * 32
