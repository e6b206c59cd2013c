"""What is taken out of a text before it is stored, and what is left in it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_guard.masking import MAX_TEXT_CHARS, is_card, is_iban, mask

FAKE_KEYS = (
    "sk-proj-abcDEF0123456789abcDEF",
    "sk_live_51HxAbCdEfGhIjKlMn",
    "ghp_0123456789abcdefABCDEF0123456789abcd",
    "xoxb-123456789012-abcdefABCDEF",
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA0123456789abcdefghijklmnopqrstuv",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "9f2c61d07e3b44a8b1c2d3e4f5a60718",
)


@pytest.mark.parametrize("secret", FAKE_KEYS)
def test_a_key_is_masked_wherever_it_stands_in_a_sentence(secret):
    masked = mask(f"My key is ({secret}), please don't tell.")
    assert secret not in masked
    assert "[secret]" in masked
    assert masked.endswith("please don't tell.")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to Ana.Diaz+coach@mail.example.org today", "write to [email] today"),
        ("ana[at]example[dot]org", "[email]"),
        ("call +49 (0)30 901820-12 after six", "call [phone] after six"),
        ("call 030/90182012", "call [phone]"),
        ("(555) 010-0199 is mine", "[phone] is mine"),
        ("4111 1111 1111 1111", "[card]"),
        ("pay with 4111-1111-1111-1111, exp 04/28", "pay with [card], exp 04/28"),
        ("378282246310005", "[card]"),  # 15 digits, as a phone may have; the check digit decides
        ("4111 1111 1111 1112", "[number]"),
        ("IBAN DE89 3704 0044 0532 0130 00 thanks", "IBAN [account] thanks"),
        ("gb82west12345698765432", "[account]"),
        ("my password is hunter2!", "my password is [secret]"),
        ("Passwort: geheim99", "Passwort: [secret]"),
        ("postgres://ana:pw@db.example/x", "postgres://[secret]@db.example/x"),
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer [secret]"),
        ("".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in "4111 1111 1111 1111"), "[card]"),
        ("ana\u200b@exam\u200bple.org", "[email]"),
        ("٠٣٠٩٠١٨٢٠١٢", "[phone]"),
    ],
)
def test_what_has_a_form_of_its_own_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "I feel stuck. What can I do today?",
        "It costs 1,200 euros for 6 sessions of 45 minutes.",
        "We met on 2026-11-24 and on 3.12.2026.",
        "See https://brightpath.example/#contact",
        "Is 9 @ 10 fine?",
        "The password reset does not work.",
        "Ich habe am 24.11.2026 um 10:30 Uhr Zeit.",
    ],
)
def test_an_ordinary_sentence_stays_as_it_is(text):
    assert mask(text) == text


def test_a_private_key_is_masked_even_when_it_is_cut_off():
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 3
    assert mask(f"-----BEGIN PRIVATE KEY-----\n{body}") == "[secret]"


@given(st.text(max_size=300))
def test_masking_again_changes_nothing(text):
    assert mask(mask(text)) == mask(text)


@given(st.text("0123456789", min_size=12, max_size=18))
def test_every_number_with_a_right_check_digit_is_a_card(digits):
    [card] = [f"{digits}{last}" for last in range(10) if is_card(f"{digits}{last}")]
    assert mask(f"it is {card} ok") == "it is [card] ok"


def test_only_the_right_check_digits_make_an_account_number():
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")


@pytest.mark.parametrize("unit", ["a", "1 ", "a@", "-----BEGIN PRIVATE KEY-----", "sk-", "eyJa.", "pass", "A1", "://"])
def test_a_hostile_text_is_masked_in_linear_time_and_cut(unit):
    started = time.perf_counter()
    masked = mask(unit * 100_000)
    assert time.perf_counter() - started < 1
    assert len(masked) <= 2 * MAX_TEXT_CHARS
