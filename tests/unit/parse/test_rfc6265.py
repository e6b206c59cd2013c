"""Set-Cookie: the browser's algorithm of RFC 6265bis sections 5.1.1 and 5.6, prefixes of 4.1.3."""

import dataclasses
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime

import pytest

from launchready.parse.rfc6265 import (
    COOKIE_AGE_LIMIT_S,
    MAX_FIELD_CHARS,
    Prefix,
    SameSite,
    SetCookie,
    SetCookieError,
    parse_cookie_date,
    parse_set_cookie,
)

PLAIN = SetCookie(
    name="SID",
    value_size_bytes=16,
    domain=None,
    path=None,
    secure=False,
    http_only=False,
    same_site=SameSite.DEFAULT,
    max_age_s=None,
    expires=None,
    partitioned=False,
    prefix=Prefix.NONE,
    prefix_honoured=True,
)
SID = "SID=31d4d96e407aad42"
NOVEMBER = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        # section 3.1, the examples
        (SID, {}),
        (f"{SID}; Path=/; Domain=site.example", {"path": "/", "domain": "site.example"}),
        (f"{SID}; Path=/; Secure; HttpOnly", {"path": "/", "secure": True, "http_only": True}),
        (f"{SID}; Expires=Sun, 06 Nov 1994 08:49:37 GMT", {"expires": NOVEMBER}),
        # names have no case, values are trimmed, empty pieces and unknown names are nothing
        (f"  {SID}\t;;; secure ;HTTPONLY=no; x=y; Priority=High", {"secure": True, "http_only": True}),
        (f"{SID};Secure;partitioned", {"secure": True, "partitioned": True}),
        (f"{SID};SameSite=lax", {"same_site": SameSite.LAX}),
        (f"{SID};SameSite=STRICT", {"same_site": SameSite.STRICT}),
        (f"{SID};SameSite=none", {"same_site": SameSite.NONE}),
        (f"{SID};SameSite=Sometimes", {}),
        (f"{SID};SameSite=Lax;SameSite=Sometimes", {}),
        (f"{SID};SameSite=Strict;SameSite=Lax", {"same_site": SameSite.LAX}),
        # section 5.6.3
        (f"{SID};Domain=.Site.Example", {"domain": "site.example"}),
        (f"{SID};Domain=..site.example", {"domain": ".site.example"}),
        (f"{SID};Domain=", {}),
        (f"{SID};Domain=a.example;Domain=b.example", {"domain": "b.example"}),
        (f"{SID};Domain=a.example;Domain", {}),
        # section 5.6.4
        (f"{SID};Path=x", {}),
        (f"{SID};Path=/a;Path=/b", {"path": "/b"}),
        (f"{SID};Path=/a;Path=", {}),
        # section 5.6.2
        (f"{SID};Max-Age=60", {"max_age_s": 60}),
        (f"{SID};Max-Age=0", {"max_age_s": 0}),
        (f"{SID};Max-Age=-1", {"max_age_s": 0}),
        (f"{SID};Max-Age=", {}),
        (f"{SID};Max-Age=-", {}),
        (f"{SID};Max-Age=+60", {}),
        (f"{SID};Max-Age=6o", {}),
        (f"{SID};Max-Age=\u0661", {}),
        (f"{SID};Max-Age=60;Max-Age=x", {"max_age_s": 60}),
        (f"{SID};Max-Age=60;Max-Age=30", {"max_age_s": 30}),
        (f"{SID};Max-Age=34559999", {"max_age_s": 34_559_999}),
        (f"{SID};Max-Age=34560000", {"max_age_s": 34_560_000}),
        (f"{SID};Max-Age=34560001", {"max_age_s": 34_560_000}),
        (f"{SID};Max-Age={'9' * 1000}", {"max_age_s": 34_560_000}),
        # section 5.6: an attribute's value of more than 1024 octets is ignored
        (f"{SID};Domain={'a' * 1024}", {"domain": "a" * 1024}),
        (f"{SID};Domain={'a' * 1025}", {}),
        (f"{SID};Expires=tomorrow", {}),
        (f"{SID};Expires=tomorrow;Expires=Sun, 06 Nov 1994 08:49:37 GMT", {"expires": NOVEMBER}),
    ],
)
def test_attributes_are_read_as_browsers_do(text: str, changes: dict[str, object]) -> None:
    assert COOKIE_AGE_LIMIT_S == 34_560_000
    assert parse_set_cookie(text) == dataclasses.replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("text", "name", "size"),
    [
        ("a=b", "a", 1),
        ("a = b ; Secure", "a", 1),
        ("a=b=c", "a", 3),
        ("a=", "a", 0),
        ("=b", "", 1),
        ("b", "", 1),
        ('a="b c"', "a", 5),
        ("a=\u00ff", "a", 1),
        ("a\tb=c\td", "a\tb", 3),
        ("a=" + "b" * 4095, "a", 4095),
    ],
)
def test_the_pair_is_cut_at_the_first_equals_sign(text: str, name: str, size: int) -> None:
    read = parse_set_cookie(text)
    assert (read.name, read.value_size_bytes) == (name, size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        " ; Secure",
        " = ;",
        "a=b\x00",
        "a=b\n",
        "a=b; Path=/\r",
        "a=b\x7f",
        "a=" + "b" * 4096,
        "a" * 4097,
        "__Secure-x",
        "=__host-x",
        "a=b; Domain=ex\u00e4mple.com",
    ],
)
def test_a_cookie_that_browsers_ignore_is_refused(text: str) -> None:
    with pytest.raises(SetCookieError):
        parse_set_cookie(text)


@pytest.mark.parametrize(
    ("text", "prefix", "honoured"),
    [
        # section 4.1.3, the examples
        ("__Secure-SID=12345; Domain=site.example", Prefix.SECURE, False),
        ("__Secure-SID=12345; Domain=site.example; Secure", Prefix.SECURE, True),
        ("__Host-SID=12345", Prefix.HOST, False),
        ("__Host-SID=12345; Secure", Prefix.HOST, False),
        ("__Host-SID=12345; Domain=site.example", Prefix.HOST, False),
        ("__Host-SID=12345; Domain=site.example; Path=/", Prefix.HOST, False),
        ("__Host-SID=12345; Secure; Domain=site.example; Path=/", Prefix.HOST, False),
        ("__Host-SID=12345; Secure; Path=/", Prefix.HOST, True),
        ("__host-SID=12345; Secure; Path=/a", Prefix.HOST, False),
        ("__SECURE-SID=12345", Prefix.SECURE, False),
        ("__Hos-SID=12345", Prefix.NONE, True),
        ("_Host-SID=12345", Prefix.NONE, True),
    ],
)
def test_a_prefix_is_a_promise(text: str, prefix: Prefix, honoured: bool) -> None:
    read = parse_set_cookie(text)
    assert (read.prefix, read.prefix_honoured) == (prefix, honoured)


def test_the_value_is_nowhere_in_what_is_kept() -> None:
    assert "31d4d96e" not in repr(parse_set_cookie(f"{SID}; Secure"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", (1994, 11, 6, 8, 49, 37)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", (1994, 11, 6, 8, 49, 37)),
        ("Sun Nov  6 08:49:37 1994", (1994, 11, 6, 8, 49, 37)),
        ("6 nov 94 8:9:7", (1994, 11, 6, 8, 9, 7)),
        ("1994 6 november 8:49:37", (1994, 11, 6, 8, 49, 37)),
        ("29 Feb 2024 23:59:59", (2024, 2, 29, 23, 59, 59)),
        ("08:49:37x 6th Nov 1994y", (1994, 11, 6, 8, 49, 37)),
        ("1 Jan 1601 00:00:00", (1601, 1, 1, 0, 0, 0)),
        ("1 Jan 69 00:00:00", (2069, 1, 1, 0, 0, 0)),
        ("1 Jan 70 00:00:00", (1970, 1, 1, 0, 0, 0)),
        ("1 Jan 99 00:00:00", (1999, 1, 1, 0, 0, 0)),
        ("1 Jan 00 00:00:00", (2000, 1, 1, 0, 0, 0)),
        ("Thu, 01 Jan 2037 00:00:00 +0200", (2037, 1, 1, 0, 0, 0)),  # no zone is read
        ("1 12 Jan 2024 3:4:5", (2012, 1, 1, 3, 4, 5)),  # the first that could be a year is it
        ("Jan Feb 3 2024 1:2:3", (2024, 1, 3, 1, 2, 3)),
    ],
)
def test_dates_are_read_as_browsers_do(text: str, moment: tuple[int, ...] | None) -> None:
    expected = None if moment is None else datetime(*moment, tzinfo=UTC)
    assert parse_cookie_date(text) == expected


def test_common_dates_are_those_that_another_library_reads() -> None:
    for second in range(0, 4_000_000_000, 97_654_321):
        text = formatdate(second, usegmt=True)
        assert parse_cookie_date(text) == parsedate_to_datetime(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "Sun, 06 Nov 1994",
        "06 1994 08:49:37",
        "Nov 1994 08:49:37",
        "32 Jan 2024 00:00:00",
        "0 Jan 2024 00:00:00",
        "29 Feb 2023 00:00:00",
        "1 Jan 1600 00:00:00",
        "1 Jan 2024 24:00:00",
        "1 Jan 2024 00:60:00",
        "1 Jan 2024 00:00:60",
        "1 Jan 20244 00:00:00",
        "001 Jan 2024 00:00:00:",
        "1 Jan 2024 000:00:00",
    ],
)
def test_what_browsers_cannot_read_is_no_date(text: str) -> None:
    assert parse_cookie_date(text) is None


def test_a_field_is_read_up_to_its_limit() -> None:
    parse_set_cookie(SID + ";" * (MAX_FIELD_CHARS - len(SID)))
    with pytest.raises(SetCookieError):
        parse_set_cookie(SID + ";" * (MAX_FIELD_CHARS - len(SID) + 1))
