"""Any input parses or raises the parser's own error: no other exception, ever, and no waiting."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from launchready.parse.challenge import Block, recognise_block
from launchready.parse.html_page import Page, read_page
from launchready.parse.rfc5322 import MailError, Message, read_message
from launchready.parse.rfc6265 import SetCookieError, parse_set_cookie
from launchready.parse.rfc6376 import DkimKeyError, parse_dkim_key
from launchready.parse.rfc6797 import HstsError, parse_hsts
from launchready.parse.rfc7208 import LOOKUP_LIMIT, SpfError, count_lookups, is_spf, parse_spf
from launchready.parse.rfc8659 import CaaError, parse_caa, parse_issuer
from launchready.parse.rfc9111 import CacheControl, parse_cache_control
from launchready.parse.rfc9989 import (
    DmarcError,
    effective_policy,
    is_dmarc,
    organizational_domain,
    parse_dmarc,
    tree_walk_names,
)
from launchready.parse.tag_list import TagListError, parse_tag_list

ANY_CHARACTER = st.characters()  # surrogates included: whoever decodes may let them through
fuzz = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def near(*words: str) -> st.SearchStrategy[str]:
    """Text made of a grammar's own words and any others, which reaches deeper than random text."""
    return st.lists(st.sampled_from(words) | st.text(ANY_CHARACTER, max_size=5), max_size=30).map("".join)


def assert_ends_well(parse: Callable[[str], object], error: type[ValueError], text: str) -> object:
    """Parse; the module's own error is fine, and one that merely derives from the same base is not."""
    raised: ValueError | None = None
    try:
        return parse(text)
    except error as its_own:
        raised = its_own
    assert type(raised) is error
    assert str(raised).isprintable()  # an error repeats a target's bytes escaped, if at all
    return None


SPF_WORDS = (
    "v=spf1",
    " ",
    "-",
    "+",
    "all",
    "include:",
    "a",
    "mx",
    "ptr",
    "ip4:",
    "ip6:",
    "exists:",
    "redirect=",
    "exp=",
    "x=",
    ":",
    "/",
    "//",
    "24",
    "128",
    "192.0.2.1",
    "2001:db8::",
    "example.com",
    ".",
    "%{",
    "}",
    "%{d}",
    "%",
    "r",
    "\t",
    "=",
)
TAG_WORDS = (
    "v=DKIM1",
    "v=DMARC1",
    ";",
    "=",
    " ",
    "\r\n ",
    "k=rsa",
    "k=ed25519",
    "h=sha256",
    "t=y",
    "s=*",
    "n=",
    "p=",
    "p=none",
    "p=reject",
    "sp=",
    "np=none",
    "rua=",
    "mailto:a@b.com",
    "!10m",
    ",",
    "fo=0:d",
    "psd=y",
    "t=",
    "MIG",
    "AAAA",
    "MIGf",
    "MA0GCSqGSIb3DQEBAQUAA4GN",
    "ADCBiQKBgQ",
)
FIELD_WORDS = (
    "max-age",
    "=",
    "31536000",
    '"',
    "\\",
    ",",
    ";",
    " ",
    "includeSubDomains",
    "preload",
    "no-store",
    "private=",
    "immutable",
    "s-maxage=",
    "\t",
    "Domain=",
    "Path=/",
    "Expires=",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "__Host-",
    "-1",
)


@fuzz
@given(near(*SPF_WORDS), st.booleans())
@example("v=spf1 ip6:::", True)
def test_any_text_is_an_spf_record_or_an_spf_error(text: str, begin: bool) -> None:
    text = f"v=spf1 {text}" if begin else text
    record = assert_ends_well(parse_spf, SpfError, text)
    if record is None:
        return
    assert is_spf(text)
    parsed = parse_spf(text)
    assert parsed == record
    assert count_lookups(parsed, {}).total <= LOOKUP_LIMIT + 1
    assert len(parsed.lookups) <= len(parsed.terms)


@fuzz
@given(near(*TAG_WORDS), st.booleans(), st.booleans(), st.booleans())
def test_any_text_is_a_dmarc_record_or_a_dmarc_error(text: str, begin: bool, subdomain: bool, exists: bool) -> None:
    text = f"v=DMARC1; {text}" if begin else text
    if assert_ends_well(parse_dmarc, DmarcError, text) is not None:
        assert is_dmarc(text)
        effective_policy(parse_dmarc(text), subdomain=subdomain, exists=exists)


@fuzz
@given(near(".", "a", "b" * 63, "com", "\u0130"))
def test_any_text_is_a_domain_to_walk_from_or_a_dmarc_error(text: str) -> None:
    if assert_ends_well(tree_walk_names, DmarcError, text) is not None:
        names = tree_walk_names(text)
        assert 1 <= len(names) <= 8
        everywhere = {name: parse_dmarc("v=DMARC1; p=none") for name in names}
        assert f"_dmarc.{organizational_domain(text, everywhere)}" == names[-1]


@fuzz
@given(near(*TAG_WORDS))
def test_any_text_is_a_tag_list_and_a_dkim_key_or_their_errors(text: str) -> None:
    assert_ends_well(parse_tag_list, TagListError, text)
    assert_ends_well(parse_dkim_key, DkimKeyError, text)
    assert_ends_well(parse_dkim_key, DkimKeyError, f"v=DKIM1; p={text}")


@fuzz
@given(st.binary(max_size=200), st.binary(max_size=40), st.integers(0, 161))
def test_any_bytes_are_a_key_or_a_dkim_key_error(data: bytes, patch: bytes, at: int) -> None:
    import base64

    whole = base64.b64decode(
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5i"
        "jSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
    )
    for key in (data, whole[:at] + patch + whole[at + len(patch) :]):
        for kind in ("rsa", "ed25519"):
            assert_ends_well(parse_dkim_key, DkimKeyError, f"k={kind}; p={base64.b64encode(key).decode()}")


@fuzz
@given(st.lists(near(*FIELD_WORDS), max_size=4))
def test_any_fields_are_a_cache_control(values: list[str]) -> None:
    assert isinstance(parse_cache_control(values), CacheControl)


@fuzz
@given(near("0 issue ", "128 ", "issuewild", '"', "\\", "\\059", ";", "ca.example", "=", " ", "-", "."))
def test_any_text_is_a_caa_record_or_a_caa_error(text: str) -> None:
    assert_ends_well(parse_caa, CaaError, text)
    assert_ends_well(parse_caa, CaaError, f"0 issue {text}")
    parse_issuer(text)


@fuzz
@given(near(*FIELD_WORDS))
def test_any_text_is_a_cookie_and_an_hsts_policy_or_their_errors(text: str) -> None:
    assert_ends_well(parse_set_cookie, SetCookieError, text)
    assert_ends_well(parse_set_cookie, SetCookieError, f"a=b;{text}")
    assert_ends_well(parse_hsts, HstsError, text)
    assert_ends_well(parse_hsts, HstsError, f"max-age=1;{text}")


PAGE_WORDS = (
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "<!",
    "<?",
    "<![CDATA[",
    "]]>",
    "<a href=",
    "<form>",
    "</form>",
    "<input name=x",
    "<select name=s>",
    "<option",
    "<textarea name=t>",
    "</textarea>",
    "<script>",
    "</script>",
    "<title>",
    "<img srcset=",
    "<base href=",
    "<meta name=robots",
    "<link rel=canonical href=",
    "<area href=x",
    '"',
    "'",
    "=",
    " ",
    "&",
    "&#x110000;",
    "&#",
    "&amp",
    ";",
    "\x00",
)


@fuzz
@given(near(*PAGE_WORDS))
def test_any_text_is_a_page(text: str) -> None:
    assert isinstance(read_page(text), Page)


@fuzz
@given(st.integers(), st.dictionaries(st.sampled_from(["server", "cf-mitigated", "x-cache"]), st.text()), st.binary())
def test_any_answer_is_a_block_or_is_not(status: int, headers: dict[str, str], body: bytes) -> None:
    block = recognise_block(status, headers, body)
    assert block is None or (isinstance(block, Block) and status >= 200)


MAIL_WORDS = (
    b"From: ",
    b"To: ",
    b"Subject: ",
    b"Date: ",
    b"\n",
    b"\r\n",
    b"\n ",
    b"\n\n",
    b"Content-Type: ",
    b"text/html",
    b";",
    b"text/plain",
    b"multipart/mixed; boundary=b",
    b"--b",
    b"--b--",
    b"message/rfc822",
    b"charset=",
    b"utf-8''%",
    b"base64",
    b"Content-Transfer-Encoding: ",
    b"x-uuencode",
    b"quoted-printable",
    b"begin 644 x",
    b"=?utf-8?B?",
    b"?=",
    b"=?x?q?=",
    b"DKIM-Signature: ",
    b"d=",
    b"List-Unsubscribe: ",
    b"<",
    b">",
    b"(",
    b")",
    b'"',
    b",",
    b"@",
    b":",
    b"a@b.com",
    b"[",
    b"https://x/",
    b"{{a}}",
    b"*0*=",
    b"*1=",
    b"Content-Disposition: attachment",
    b"filename*=",
    b"=",
    b"multipart/digest",
    b"message/delivery-status",
    b"message/partial",
    b"\xff",
    b"\x00",
)


@fuzz
@given(st.lists(st.sampled_from(MAIL_WORDS) | st.binary(max_size=6), max_size=40).map(b"".join), st.booleans())
def test_any_bytes_are_a_message_or_a_mail_error(raw: bytes, begin: bool) -> None:
    try:
        message = read_message(b"From: a@b.com\nContent-Type: " + raw if begin else raw)
    except MailError:
        return
    assert isinstance(message, Message)


LONG = 65_000


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        ".",
        "%",
        "%%",
        "%{d}",
        "/1",
        "//",
        ":",
        "0",
        "a.",
        "a-",
        "=",
        ";",
        "; ",
        ",",
        '"',
        "\\",
        " ",
        "a=b;",
        "\r\n ",
    ],
)
def test_no_parser_takes_more_than_linear_time(unit: str) -> None:
    text = unit * (LONG // len(unit))
    started = time.process_time()
    for prefix in ("v=spf1 a:", "v=spf1 x=", "v=spf1 a/", "v=spf1 redirect=x.", "v=spf1 ip6:"):
        for end in ("", "!", "\n"):
            assert_ends_well(parse_spf, SpfError, prefix + text + end)
    for prefix in ("v=DMARC1;", "v=DMARC1; rua=mailto:", "v=DMARC1; x="):
        assert_ends_well(parse_dmarc, DmarcError, prefix + text)
    for prefix in ("v=DKIM1; p=", "h=", "v=DKIM1; n="):
        assert_ends_well(parse_dkim_key, DkimKeyError, prefix + text)
    for prefix in ("", "max-age=", 'no-cache="', "max-age=1;"):
        parse_cache_control([prefix + text])
        assert_ends_well(parse_hsts, HstsError, (prefix + text)[:8_000])
    for prefix in ("0 issue ", '0 issue "', '0 issue "ca.example;'):
        assert_ends_well(parse_caa, CaaError, prefix + text)
        parse_issuer(prefix + text)
    for prefix in ("a=b;", "a=b; Max-Age=", "a=b; Expires=", "a=b; Domain="):
        assert_ends_well(parse_set_cookie, SetCookieError, prefix + text)
    for body in (text * 4, f"<title>{text}", f"<iframe{text}"):
        recognise_block(403, {"x-cache": text, "server": text}, body.encode())
    assert time.process_time() - started < 3
