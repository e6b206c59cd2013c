"""Messages: RFC 5322 and MIME, what a mail client would show and a template might have left."""

import time
from contextlib import suppress

import pytest

from launchready.parse.rfc5322 import MAX_HEADER_CHARS, MAX_LINES, MAX_MESSAGE_BYTES, MAX_PARTS, MailError, read_message

MAIL = b"""\
Received: from x by y; Mon, 1 Jan 2024 00:00:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=Example.COM; s=s1;
\th=from:to; bh=x=; b=y=
DKIM-Signature: v=1; d=mailer.example.net; s=2; b=
From: "Coach, Ann" (the coach) <Ann@Mail.Example.COM>
To: Bob <bob@example.net>, =?utf-8?q?Caf=C3=A9?= <cafe@example.org>
Subject: =?utf-8?Q?Willkommen=2C_?= =?utf-8?B?SsO8cmdlbg==?= bei
 Coach
Date: Mon, 1 Jan 2024 00:00:00 +0000
List-Unsubscribe: <mailto:u@example.com>,
 <https://example.com/u?id=1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hi Bob,
confirm (see https://example.com/confirm?t=3D1&x=3D=
2). Or <http://example.com/a>, or https://example.com/confirm?t=3D1&x=3D2!

--a
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: base64

PHRpdGxlPnQ8L3RpdGxlPjxzdHlsZT5he2NvbG9yfTwvc3R5bGU+PGEgaHJlZj0iaHR0cHM6Ly9leGFt
cGxlLmNvbS9oP2E9MSZhbXA7Yj0yIj5H6TwvYT48YSBocmVmPSJtYWlsdG86eEB5Ij5tPC9hPg==

--a--
--m
Content-Type: text/plain
Content-Disposition: attachment; filename=x.txt

https://attached.example.com/ {{attached}}
--m
Content-Type: message/rfc822

From: other@example.net

https://forwarded.example.com/
--m--
"""


def test_a_whole_message_is_read() -> None:
    message = read_message(MAIL.replace(b"\n", b"\r\n"))
    assert message.from_address == "Ann@Mail.Example.COM"
    assert message.from_domain == "mail.example.com"
    assert message.to == ("bob@example.net", "cafe@example.org")
    assert message.subject == "Willkommen, J\u00fcrgen bei Coach"
    assert message.date_text == "Mon, 1 Jan 2024 00:00:00 +0000"
    assert message.links == (
        "https://example.com/confirm?t=1&x=2",
        "http://example.com/a",
        "https://example.com/h?a=1&b=2",
    )
    assert message.has_text_part
    assert message.has_html_part
    assert message.placeholders == ()
    assert not message.truncated
    assert read_message(MAIL) == message


def test_what_is_not_there_is_none() -> None:
    message = read_message(b"X: y\n\nHello")
    assert (message.from_address, message.from_domain, message.to) == (None, None, ())
    assert (message.subject, message.date_text, message.links) == (None, None, ())
    assert message.has_text_part
    assert not message.has_html_part


def body(text: str, kind: str = "plain") -> bytes:
    return f"From: a@b.com\nContent-Type: text/{kind}; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hi {{name}},", "{{name}}"),
        ("Hi {{ user.first_name | default: 'x' }},", "{{ user.first_name | default: 'x' }}"),
        ("{% if x %}", "{% if x %}"),
        ("Hi ${user.name}", "${user.name}"),
        ("Hi {name}", "{name}"),
        ("Hi {user.first_name}", "{user.first_name}"),
        ("Hi <%= @name %>", "<%= @name %>"),
        ("Hi *|FNAME|*", "*|FNAME|*"),
        ("Hi [[firstname]]", "[[firstname]]"),
        ("Hi %FIRSTNAME%,", "%FIRSTNAME%"),
        ("Hi %%first_name%%,", "%%first_name%%"),
        ("Hi undefined,", "Hi undefined"),
        ("Dear None,", "Dear None"),
        ("Hello, [object Object]", "[object Object]"),
        ("https://example.com/{{token}}", "{{token}}"),
    ],
)
def test_what_a_template_left_is_found(text: str, found: str) -> None:
    assert read_message(body(text)).placeholders == (found,)
    if "<" not in text:
        assert read_message(body(f"<p>{text}</p>", "html")).placeholders == (found,)
    assert read_message(f"From: a@b.com\nSubject: {text}\n\n".encode()).placeholders == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "Save 50% today and 20% TOMORROW",
        "https://example.com/?q=%C3%A9%ABCD%20x",
        "a {} b { color: red } c",
        "$5 {of} course"[:2],
        "Welcome to None Such Road",
        "[1] [x] [[ ]]",
        "100%OFF",
        "if (a < b) { return; }",
        "say Hello undefinedly",
    ],
)
def test_ordinary_text_is_no_placeholder(text: str) -> None:
    assert read_message(body(text)).placeholders == ()


def test_a_placeholder_in_the_target_of_a_link_is_found() -> None:
    message = read_message(
        body('<a href="{{confirm_url}}">x</a><style>a{color}</style><script>`${x}`</script>', "html")
    )
    assert message.placeholders == ("{{confirm_url}}",)
    assert message.links == ()


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.com/x.", ("https://a.com/x",)),
        ("(https://a.com/x)", ("https://a.com/x",)),
        ("(https://a.com/x).", ("https://a.com/x",)),
        ("https://en.example/wiki/A_(b)", ("https://en.example/wiki/A_(b)",)),
        ("HTTPS://A.com", ("HTTPS://A.com",)),
        ('"https://a.com"', ("https://a.com",)),
        ("ftp://a.com mailto:a@b.com www.a.com", ()),
        ("https://a.com https://b.com https://a.com", ("https://a.com", "https://b.com")),
    ],
)
def test_links_in_text_end_where_the_url_ends(text: str, links: tuple[str, ...]) -> None:
    assert read_message(body(text)).links == links


@pytest.mark.parametrize(
    ("field", "address", "domain"),
    [
        ("ann@example.com", "ann@example.com", "example.com"),
        ("<ann@example.com>", "ann@example.com", "example.com"),
        ('"a@b" <ann@example.com>', "ann@example.com", "example.com"),
        ("Ann <ann@example.com>, Bob <bob@x.com>", "ann@example.com", "example.com"),
        ('"ann@x"@example.com', '"ann@x"@example.com', "example.com"),
        ("ann", "ann", None),
        ("", None, None),
        ("<>", None, None),
    ],
)
def test_the_author_is_the_first_mailbox_of_from(field: str, address: str | None, domain: str | None) -> None:
    message = read_message(f"From: {field}\n\n".encode())
    assert (message.from_address, message.from_domain) == (address, domain)


def test_a_broken_encoded_word_stays_as_it_is() -> None:
    assert read_message(b"Subject: =?utf-8?B?A?=\n\n").subject is not None
    assert read_message(b"Subject: =?no-such?Q?a=E9?= \xc3\xa9 \xff\n\n").subject is not None
    assert read_message("Subject: Gr\u00fc\u00dfe\n\n".encode()).subject == "Gr\u00fc\u00dfe"


@pytest.mark.parametrize(
    "charset", ["no-such", "punycode", "unicode_escape", "iso-8859-12", "\x00", "idna", '"', "hex"]
)
def test_an_unknown_charset_is_read_as_utf_8(charset: str) -> None:
    raw = f"From: a@b.com\nContent-Type: text/plain; charset={charset}\n\n\u00e9 https://a.com/\\d".encode()
    assert read_message(raw).links == ("https://a.com/\\d",)


@pytest.mark.parametrize("raw", [b"", b"\n\nFrom: a@b.com", b"no header here", b"\x00"])
def test_what_has_no_header_is_no_message(raw: bytes) -> None:
    with pytest.raises(MailError):
        read_message(raw)


def test_a_header_that_matters_is_read_up_to_its_limit() -> None:
    read_message(b"Subject: " + b"x" * (MAX_HEADER_CHARS - 2) + b"\n\n")
    with pytest.raises(MailError):
        read_message(b"Subject: " + b"x" * (MAX_HEADER_CHARS + 1) + b"\n\n")
    read_message(b"X-Long: " + b"x" * (MAX_HEADER_CHARS + 1) + b"\nFrom: a@b.com\n\n")


def test_a_message_is_read_up_to_its_limit() -> None:
    head = b"From: a@b.com\n\n"
    assert read_message(head + b"x" * (MAX_MESSAGE_BYTES - len(head))).has_text_part
    with pytest.raises(MailError):
        read_message(head + b"x" * (MAX_MESSAGE_BYTES - len(head) + 1))


@pytest.mark.parametrize(("parts", "truncated"), [(MAX_PARTS, False), (MAX_PARTS + 1, True)])
def test_parts_are_read_up_to_a_limit_and_it_shows(parts: int, truncated: bool) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhello\n" * parts + b"--b--\n"
    assert read_message(raw).truncated is truncated


def test_parts_nested_beyond_reason_are_refused() -> None:
    def nested(depth: int) -> bytes:
        return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))

    read_message(nested(MAX_PARTS))
    with pytest.raises(MailError):
        read_message(nested(MAX_PARTS + 1))
    with pytest.raises(MailError):
        read_message(b"Content-Type: message/rfc822\n\n" * 2_000)
    with pytest.raises(MailError):
        read_message(b"To: " + b"(" * 5_000 + b"\n\n")


def test_a_message_has_no_more_lines_than_are_read() -> None:
    read_message(b"A: b\r\n" + b"\r\n" * (MAX_LINES - 1))
    with pytest.raises(MailError):
        read_message(b"A: b\r\n" + b"\r\n" * MAX_LINES)


@pytest.mark.parametrize(
    "value",
    ["(" * 8_000, "=?a?q?" * 1_300, '"' * 8_000, "<" * 8_000, "a," * 4_000, "a " * 4_000, "\\" * 8_000, "@" * 8_000],
)
def test_a_hostile_header_takes_no_longer_than_an_honest_one(value: str) -> None:
    started = time.process_time()
    with suppress(MailError):
        read_message(f"From: {value}\nSubject: {value}\nTo: {value}\nDKIM-Signature: {value}\n\n".encode())
    assert time.process_time() - started < 2
