"""What `probes/received_mail.py` makes of messages, and what `checks/mail/message.py` and `received.py` say of them."""

import base64
import hashlib
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready.checks.mail.message import lines_of
from launchready.checks.mail.received import received_mail_off_brand, received_mail_unauthenticated
from launchready.facts.journeys import SignupWalk
from launchready.facts.received_mail import MailSeen, ReceivedMail, Standing
from launchready.model.check import Fail, Fix, Pass
from launchready.model.product import Product
from launchready.model.reading import NotSeen
from launchready.model.subject import Domain
from launchready.net.dns_client import DnsClient
from launchready.net.network import Network
from launchready.parse.rfc5322 import MailError
from launchready.parse.rfc6376_verify import DkimResult
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc9989_evaluate import DmarcResult
from launchready.probes.received_mail import MAX_HOSTS, Origin, examine, mail_of_journey, received_mail

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
NOW_S = 1_772_000_000
RECEIVED = "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.inbox.example; Sun, 1 Mar 2026 00:00:00"
NEWS = "List-Unsubscribe: <https://example.com/u?key=secret>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
BODY = "Hello,\r\n\r\nhttps://app.example.com/verify?token=secret\r\n"


def message(*headers: str, sender: str = "hello@example.com", body: str = BODY, more: str = "") -> bytes:
    top = "".join(f"{header}\r\n" for header in headers)
    return f"{top}From: Shop <{sender}>\r\nTo: a@inbox.example\r\nSubject: Confirm\r\n{more}\r\n{body}".encode()


def signed(raw: bytes, domain: str = "example.com", *also: str) -> bytes:
    """A message with an ed25519 signature (RFC 8463), simple and simple, over From and more."""
    header, _, body = raw.partition(b"\r\n\r\n")
    names = ("from", *also)
    fields = {line.partition(b":")[0].decode().lower(): line for line in re.split(rb"\r\n(?![ \t])", header)}
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    value = f"v=1; a=ed25519-sha256; d={domain}; s=s1; h={':'.join(names)}; bh={digest}; b="
    covered = b"".join(fields[name] + b"\r\n" for name in names) + f"DKIM-Signature: {value}".encode()
    signature = base64.b64encode(KEY.sign(hashlib.sha256(covered).digest())).decode()
    return f"DKIM-Signature: {value}{signature}\r\n".encode() + raw


def registrable(name: str) -> str:
    return ".".join(name.split(".")[-2:])


@pytest.fixture
def judge(internet):
    internet.texts("s1._domainkey.example.com", f"v=DKIM1; k=ed25519; p={PUBLIC}")
    internet.texts("s1._domainkey.vendor.example", f"v=DKIM1; k=ed25519; p={PUBLIC}")
    internet.texts("example.com", "v=spf1 ip4:192.0.2.1 -all")
    internet.texts("vendor.example", "v=spf1 ip4:192.0.2.1 -all")
    internet.texts("_dmarc.example.com", "v=DMARC1; p=quarantine")

    async def judge(raw: bytes, **options) -> MailSeen:
        return await examine(raw, internet.dns, now_s=NOW_S, registrable=registrable, **options)

    return judge


async def test_a_signature_of_the_domain_ties_the_mail_to_it(judge):
    seen = await judge(signed(message()))
    assert (seen.from_domain, seen.signed_for, seen.is_tied, seen.is_open) == (
        "example.com",
        ("example.com",),
        True,
        False,
    )
    assert (seen.dmarc.result, seen.dmarc.older_result, seen.dmarc.found_at) == (
        DmarcResult.PASS,
        DmarcResult.PASS,
        "example.com",
    )
    assert seen.link_hosts == ("app.example.com",)
    assert seen.stray_hosts == ()
    assert received_mail_unauthenticated(ReceivedMail(seen)) == Pass()


async def test_no_key_in_the_text_is_kept(judge):
    assert "secret" not in repr(await judge(signed(message(more=NEWS))))


@pytest.mark.parametrize(
    ("headers", "taken_from"),
    [
        (("Return-Path: <b@example.com>", RECEIVED), "its topmost Received header"),
        (
            ("Return-Path: <b@example.com>", "Received: by 2002:a05:1 with SMTP id 1", RECEIVED),
            "its topmost Received header",
        ),
        (
            (
                "Return-Path: <b@example.com>",
                "Received-SPF: pass (mx: ok) client-ip=192.0.2.1; envelope-from=<b@example.com>; helo=out.example.com",
            ),
            "its Received-SPF header",
        ),
    ],
)
async def test_the_envelope_ties_the_mail_where_the_receiver_wrote_it_down(judge, headers, taken_from):
    seen = await judge(message(*headers))
    assert (seen.spf.result, seen.spf.domain, seen.spf.came_from, seen.spf.taken_from) == (
        SpfResult.PASS,
        "example.com",
        "192.0.2.1",
        taken_from,
    )
    assert seen.is_tied


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("Return-Path: <b@example.com>",),
        ("Return-Path: <b@example.com>", "Received: from inner (inner [10.0.0.1]) by mx", RECEIVED),
        ("Return-Path: <b@example.com>", "Received: from inner (inner [999.1]) by mx", RECEIVED),
        ("Received-SPF: pass client-ip=127.0.0.1",),
    ],
)
async def test_an_unsigned_mail_of_unknown_origin_can_not_be_told(judge, headers):
    seen = await judge(message(*headers))
    assert (seen.spf.result, seen.is_tied, seen.is_open) == (None, False, True)
    assert lines_of(seen)[0].standing is Standing.UNKNOWN
    with pytest.raises(NotSeen):
        await received_mail(SignupWalk((), (), 0, seen))


async def test_what_is_given_goes_before_what_is_written(judge):
    seen = await judge(
        message("Return-Path: <b@example.com>", RECEIVED), origin=Origin("192.0.2.9", "c@vendor.example", "x.example")
    )
    assert (seen.spf.result, seen.spf.domain, seen.spf.taken_from) == (SpfResult.FAIL, "vendor.example", "--ip")


async def test_a_mail_that_nothing_ties_to_its_from_fails_with_what_was_seen(judge):
    raw = signed(message("Return-Path: <b@vendor.example>", RECEIVED), "vendor.example")
    seen = await judge(raw)
    assert (seen.is_tied, seen.is_open, seen.dmarc.result) == (False, False, DmarcResult.FAIL)
    assert received_mail_unauthenticated(ReceivedMail(seen)) == Fail(
        (
            "From is example.com",
            "the signature of vendor.example (s1): pass, the signature fits; it does not speak for example.com",
            "the envelope is from vendor.example (SPF: pass); it does not speak for example.com",
        ),
        Fix(
            "Verify example.com at the service that sends, so that it signs for it, and send through that service",
        ),
    )
    assert lines_of(seen)[0].standing is Standing.BLOCKER


async def test_a_changed_body_breaks_the_signature(judge):
    seen = await judge(signed(message("Return-Path: <b@vendor.example>", RECEIVED)) + b"-- \r\nscanned\r\n")
    assert [(one.result, one.is_related) for one in seen.signatures] == [(DkimResult.FAIL, True)]
    assert not seen.is_tied


async def test_a_key_that_is_not_answered_leaves_it_open(judge, internet):
    internet.resolver.failing.add(("s1._domainkey.example.com", "TXT"))
    seen = await judge(signed(message("Return-Path: <b@vendor.example>", RECEIVED)))
    assert (seen.signatures[0].result, seen.is_open) == (DkimResult.TEMPERROR, True)


async def test_without_a_policy_related_is_close_enough(judge, internet):
    del internet.records["_dmarc.example.com", "TXT"]
    assert (await judge(signed(message(sender="hello@news.example.com")))).is_tied
    assert not (await judge(signed(message(), "vendor.example"), origin=Origin("192.0.2.9", "b@example.com"))).is_tied


async def test_one_click_counts_only_where_it_is_signed(judge):
    raw = message(more=NEWS)
    whole = await judge(signed(raw, "example.com", "list-unsubscribe", "list-unsubscribe-post"))
    assert whole.one_click_faults == ()
    assert (await judge(signed(raw))).one_click_faults != ()


async def test_names_that_readers_see_are_compared_with_the_product(judge):
    product = Product("Shop", hosts=(), domains=(Domain("example.com"),))
    own = ReceivedMail(await judge(message("Reply-To: help@example.com", sender="a@send.example.com")))
    assert received_mail_off_brand(product, own) == Pass()
    shared = ReceivedMail(await judge(message("Reply-To: maya@mail.example", sender="no-reply@vendor.example")))
    assert received_mail_off_brand(product, shared) == Fail(
        ("From is vendor.example", "Reply-To is mail.example"),
        Fix("Set From and Reply-To of the sign-up mail to addresses at example.com"),
    )


async def test_a_from_that_is_none_of_the_products_is_said(judge):
    seen = await judge(message(sender="a@send.example.com"))
    assert not [line for line in lines_of(seen, ("example.com",)) if line.topic == "Brand"]
    (brand,) = [line for line in lines_of(seen, ("vendor.example",)) if line.topic == "Brand"]
    assert (brand.standing, brand.do) == (Standing.BAD, "Send from an address at vendor.example")


async def test_links_that_lead_away_are_named_and_bounded(judge):
    links = " ".join(f"https://h{number}.stray.example/" for number in range(MAX_HOSTS + 5))
    seen = await judge(
        message(body=f"https://app.example.com/ https://known.example/ {links}\r\n"), known_hosts={"known.example"}
    )
    assert len(seen.link_hosts) == MAX_HOSTS == 100
    assert "app.example.com" not in seen.stray_hosts
    assert "known.example" not in seen.stray_hosts
    assert seen.stray_hosts[0] == "h0.stray.example"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no field"),
        (b"nonsense", "no field"),
        (message("From: b@example.com"), "2 From headers, one is needed"),
        (b"To: a@example.com\r\n\r\n", "0 From headers, one is needed"),
        (b"From: nobody\r\n\r\n", "names no address with a domain"),
        (b"From: a@b..c\r\n\r\n", "names no address with a domain"),
        (b"X: y\r\n" * 3000 + b"\r\n", "more than 2000 header fields"),
        (message(body="x" * (10 * 2**20)), "longer than"),
    ],
)
async def test_what_is_no_message_is_refused_with_a_reason(judge, raw, why):
    with pytest.raises(MailError, match=re.escape(why) if why != "no field" else "no field|is no field"):
        await judge(raw)


async def test_a_mail_that_can_not_be_judged_is_none_of_a_journeys(internet, clock):
    product = Product("Shop", hosts=(), domains=())
    assert await mail_of_journey(b"junk", product, internet.dns, clock) is None
    with pytest.raises(NotSeen):
        await received_mail(SignupWalk((), (), 0))


@pytest.mark.parametrize("value", ["(" * 1_900, "a," * 5_000, "<a@" * 600, '"' * 1_999])
@pytest.mark.parametrize("header", ["Reply-To", "Return-Path", "Received", "Received-SPF"])
async def test_headers_made_to_be_slow_or_endless_tell_nothing(judge, header, value):
    seen = await judge(message(f"{header}: {value}"))
    assert (seen.spf.came_from, seen.is_open) == ("", True)


HEADERS = st.sampled_from(
    ("From", "from", "Reply-To", "Return-Path", "Received", "Received-SPF", "DKIM-Signature", "List-Unsubscribe", "X")
)
VALUES = st.sampled_from(
    (
        "a@example.com",
        "<a@[192.0.2.1]>",
        "from x ([::1]) by y",
        "from [IPv6:2001:db8::1] by z",
        "client-ip=192.0.2.1; envelope-from=x@y.example",
        "v=1; a=ed25519-sha256; d=example.com; s=s; h=from; bh=; b=;",
        '"' * 50,
        "(" * 200,
        "é\x00\x1b[2J",
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(HEADERS, VALUES | st.text(max_size=30)), max_size=8), body=st.binary(max_size=60))
async def test_any_bytes_are_judged_or_refused(fields: list[tuple[str, str]], body: bytes) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "replace") + b"\r\n" + body
    nowhere = DnsClient(Network(()))
    for one in (raw, b"From: a@example.com\r\n" + raw, body):
        try:
            seen = await examine(one, nowhere, now_s=NOW_S, registrable=registrable)
        except MailError:
            continue
        assert lines_of(seen)
