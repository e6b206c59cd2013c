"""security.txt: RFC 9116 with its printed examples."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc9116 import SecurityPolicy, SecurityTxtError, parse_security_txt

UNSIGNED = b"""# Our security address
Contact: mailto:security@example.com

# Our OpenPGP key
Encryption: https://example.com/pgp-key.txt

# Our security policy
Policy: https://example.com/security-policy.html

# Our security acknowledgments page
Acknowledgments: https://example.com/hall-of-fame.html

Expires: 2021-12-31T18:37:07z
"""
SIGNED = b"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

# Our security address
Contact: mailto:security@example.com

- Expires: 2021-12-31T18:37:07z
-----BEGIN PGP SIGNATURE-----
Version: GnuPG v2.2
Contact: mailto:forged@example.com

[signature]
-----END PGP SIGNATURE-----
"""
POLICY = SecurityPolicy(("mailto:security@example.com",), datetime(2021, 12, 31, 18, 37, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "content", [UNSIGNED, SIGNED, UNSIGNED.replace(b"\n", b"\r\n"), SIGNED.replace(b"\n", b"\r\n")]
)
def test_the_examples_of_section_2_6_are_read(content: bytes) -> None:
    assert parse_security_txt(content) == POLICY


@pytest.mark.parametrize(
    ("line", "expires"),
    [
        (b"Expires: 2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"EXPIRES: 2026-01-01T01:00:00.25+01:00", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"Expires: 2026-01-01T00:00:00Z  ", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"Expires: 2026-01-01", None),
        (b"Expires: Thu, 31 Dec 2020 18:37:07 GMT", None),  # the form of earlier drafts
        (b"Expires: 2026-13-01T00:00:00Z", None),
        (b"Expires: 2026-01-01T00:00:00", None),
        (b"Expires: 2026-01-01T00:00:00Z\nExpires: 2027-01-01T00:00:00Z", None),  # section 2.5.5: only once
        (b"", None),
        (b"Expires : 2026-01-01T00:00:00Z", None),
    ],
)
def test_the_date_is_read_once_and_in_its_form(line: bytes, expires: datetime | None) -> None:
    assert parse_security_txt(b"Contact: https://example.com/report\n" + line).expires == expires


def test_contacts_keep_their_order() -> None:
    policy = parse_security_txt(b"contact: tel:+1-201-555-0123\nContact: nobody\nContact:mailto:a@example.com")
    assert policy.contacts == ("tel:+1-201-555-0123", "mailto:a@example.com")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><title>Shop</title><p>Contact: us</p>",
        b"Contact: security@example.com",  # section 2.5.3: a URI
        b"Contact: http://example.com",  # and over https
        b"Expires: 2026-01-01T00:00:00Z",
        b"\xff\xfe",
    ],
)
def test_what_names_no_contact_is_none(content: bytes) -> None:
    with pytest.raises(SecurityTxtError):
        parse_security_txt(content)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_policy_or_an_error(content: bytes) -> None:
    try:
        assert parse_security_txt(content).contacts
    except SecurityTxtError:
        return
