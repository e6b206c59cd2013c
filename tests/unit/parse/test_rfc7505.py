"""Mail exchanges: null MX by RFC 7505 sections 3 and 4."""

import pytest

from launchready.parse.rfc7505 import MailExchanges, MxError, read_mx


@pytest.mark.parametrize(
    ("records", "seen"),
    [
        (("0 .",), MailExchanges((), True, False, False)),
        (("10 .",), MailExchanges((), True, False, True)),
        (("0 .", "10 mx.example.com"), MailExchanges(("mx.example.com",), True, True, False)),
        (
            ("20 B.example.", "10 a.example", "10 A0.example"),
            MailExchanges(("a.example", "a0.example", "b.example"), False, False, False),
        ),
        ((), MailExchanges((), False, False, False)),
        (("65535 a.example",), MailExchanges(("a.example",), False, False, False)),
    ],
)
def test_a_null_mx_is_told_from_none_and_from_a_contradiction(records: tuple[str, ...], seen: MailExchanges) -> None:
    assert read_mx(records) == seen


@pytest.mark.parametrize("record", ["", ".", "0", "0 ", "65536 a", "-1 a", "10 a b", "x a", "\u0661 a"])
def test_what_is_no_mx_record_is_an_error(record: str) -> None:
    with pytest.raises(MxError):
        read_mx((record,))
