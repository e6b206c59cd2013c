"""`accepted-secrets.toml` is read strictly: what it says must be what somebody meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.accepted_secrets import AcceptedSecret, AcceptedSecretsError, parse_accepted_secrets

GOOD = """
[[accepted_secrets]]
fingerprint = "0123456789ab"
reason = "revoked on 2 March"
owner = "Maya"
until = 2027-03-01
"""


def test_an_entry_is_read() -> None:
    assert parse_accepted_secrets(GOOD) == (
        AcceptedSecret("0123456789ab", "revoked on 2 March", "Maya", date(2027, 3, 1)),
    )
    assert parse_accepted_secrets("") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = ", "no TOML"),
        ("[[secrets]]\n", "'secrets' is unknown"),
        ("accepted_secrets = 3\n", "two brackets"),
        (GOOD.replace("owner", "who"), "entry 1 needs"),
        (GOOD.replace('reason = "revoked on 2 March"\n', ""), "entry 1 needs"),
        (GOOD.replace("0123456789ab", "0123"), "twelve hex digits"),
        (GOOD.replace("2027-03-01", '"2027-03-01"'), "without quotes"),
        (GOOD.replace("2027-03-01", "2027-03-01T10:00:00"), "is a day"),
        (GOOD.replace("Maya", " "), "owner is empty"),
        (GOOD + GOOD, "there twice"),
    ],
)
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    with pytest.raises(AcceptedSecretsError, match=words):
        parse_accepted_secrets(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        entries = parse_accepted_secrets(text)
    except AcceptedSecretsError:
        return
    assert entries == ()  # no text of chance holds a whole entry
