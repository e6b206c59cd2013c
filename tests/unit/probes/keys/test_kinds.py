"""What a found key is, case by case."""

import base64
import json

import pytest

from launchready.probes.keys.kinds import KeyKind, Match, entropy_bits, kind_of

RANDOM = "51Nx" + "Gt2LkWqRmVbYcHdJfKsTp8Zu"


def match(rule: str, text: str, around: bytes = b"", **parts: str) -> Match:
    return Match(rule, text, parts, around)


def live(provider: str) -> KeyKind:
    return KeyKind(provider, is_public_by_design=False, is_test_key=False)


def jwt(**claims: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("rule", "provider"),
    [
        ("betterleaks.stripe-access-token", "stripe"),
        ("betterleaks.resend-api-key.1", "resend"),
        ("betterleaks.private-key", "private-key"),
        ("veles.secrets/sendgrid", "sendgrid"),
        ("launchready.stripe-webhook", "stripe-webhook"),
    ],
)
def test_the_provider_is_in_the_rule(rule: str, provider: str) -> None:
    assert kind_of(match(rule, RANDOM)) == live(provider)


@pytest.mark.parametrize(
    "text",
    [
        "sk_live_" + "x" * 24,
        "sk_live_" + "a" * 24,
        "sk_live_" + "your_key_here",
        "sk_live_" + "1234567890abcdef",
        "AKIAIOSFODNN7" + "EXAMPLE",
        "sk_live_" + "${STRIPE_KEY}",
    ],
)
def test_a_placeholder_is_no_key(text: str) -> None:
    assert kind_of(match("betterleaks.stripe-access-token", text)) is None


@pytest.mark.parametrize("prefix", ["sk_test_", "rk_test_", "test_", "sandbox-sq0"])
def test_a_test_key_is_marked(prefix: str) -> None:
    kind = kind_of(match("launchready.stripe", prefix + RANDOM))
    assert kind is not None
    assert kind.is_test_key


@pytest.mark.parametrize(
    ("rule", "text", "around"),
    [
        ("betterleaks.stripe-access-token", "pk_live_" + RANDOM, b""),
        ("betterleaks.gcp-api-key", "AIza" + RANDOM, b'authDomain: "x.firebaseapp.com"'),
        ("betterleaks.discord-client-id", RANDOM, b""),
    ],
)
def test_what_browsers_may_know_is_marked(rule: str, text: str, around: bytes) -> None:
    kind = kind_of(match(rule, text, around))
    assert kind is not None
    assert kind.is_public_by_design


def test_a_google_key_outside_a_browser_is_live() -> None:
    assert kind_of(match("betterleaks.gcp-api-key", "AIza" + RANDOM)) == live("gcp")


def test_a_token_is_judged_by_the_role_that_it_names() -> None:
    assert kind_of(match("betterleaks.jwt", jwt(role="service_role"))) == live("supabase")
    assert kind_of(match("betterleaks.jwt", jwt(role="anon"))) == KeyKind("supabase", True, False)
    assert kind_of(match("betterleaks.jwt", jwt(sub="1234"))) is None
    assert kind_of(match("betterleaks.jwt", "no token")) is None


@pytest.mark.parametrize(
    ("password", "host", "kind"),
    [
        ("hunter2rain", "db.brightpath.com", KeyKind("postgres-password", False, False)),
        ("hunter2rain", "localhost:5432", KeyKind("postgres-password", False, True)),
        ("hunter2rain", "database", KeyKind("postgres-password", False, True)),
        ("postgres", "db.brightpath.com", None),
        ("changeme", "db.brightpath.com", None),
    ],
)
def test_a_password_in_a_url_is_judged_by_itself_and_its_host(password: str, host: str, kind: KeyKind | None) -> None:
    found = match("betterleaks.generic-credential-uri", password, password=password, host=host, scheme="postgres")
    assert kind_of(found) == kind


def test_a_long_key_may_hold_short_words_by_chance() -> None:
    key = "-----BEGIN PRIVATE KEY-----" + RANDOM * 8 + "fake"
    assert kind_of(match("betterleaks.private-key", key)) == live("private-key")


def test_entropy_is_measured_in_bits_a_character() -> None:
    assert entropy_bits("aaaa") == 0
    assert entropy_bits("abab") == 1
    assert entropy_bits("abcd") == 2


def test_a_match_never_shows_its_key() -> None:
    assert RANDOM not in repr(match("betterleaks.stripe-access-token", RANDOM))
