"""A message as a receiver judges it; the signed one is printed in RFC 8463 appendix A.3."""

import pytest
from dns_zone import TIMEOUT, ZoneLookup

from launchready.parse.inquiry import answered
from launchready.parse.mail_authentication import Authentication, Envelope, authenticate, author_domain
from launchready.parse.rfc5322_fields import Field, FieldsError
from launchready.parse.rfc6376_verify import DkimResult
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc8058 import OneClickFault
from launchready.parse.rfc9989 import Policy
from launchready.parse.rfc9989_evaluate import DmarcResult

KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
SIGNED = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.

"""
PLAIN = SIGNED[SIGNED.index(b"From:") :]
ZONE = {
    "brisbane._domainkey.football.example.com": {"TXT": (KEY,)},
    "football.example.com": {"TXT": ("v=spf1 ip4:192.0.2.1 -all",)},
    "bounces.example.net": {"TXT": ("v=spf1 ip4:192.0.2.1 -all",)},
    "_dmarc.example.com": {"TXT": ("v=DMARC1; p=reject; sp=quarantine",)},
}
OWN = Envelope("192.0.2.1", "joe@football.example.com", "mx.example.com")


def judge(raw: bytes, envelope: Envelope | None, zone: dict[str, dict[str, tuple[str, ...]]] = ZONE) -> Authentication:
    inquiry = authenticate(raw, envelope, now_s=1_700_000_000, registrable=lambda name: ".".join(name.split(".")[-2:]))
    return answered(inquiry, ZoneLookup(zone))


def results(seen: Authentication) -> tuple[DmarcResult | None, DmarcResult | None]:
    return seen.dmarc and seen.dmarc.result, seen.old_dmarc and seen.old_dmarc.result


def test_a_signed_message_passes_by_its_signature_and_by_its_envelope() -> None:
    seen = judge(SIGNED, OWN)
    assert seen.from_domain == "football.example.com"
    assert seen.spf is not None
    assert (seen.spf.result, seen.dkim[0].result) == (SpfResult.PASS, DkimResult.PASS)
    assert seen.dmarc is not None
    assert (seen.dmarc.spf_aligned, seen.dmarc.dkim_aligned) == (True, ("football.example.com",))
    assert results(seen) == (DmarcResult.PASS, DmarcResult.PASS)
    assert seen.one_click.faults[0] is OneClickFault.NO_LIST_UNSUBSCRIBE


def test_the_signature_alone_is_enough_where_nobody_knows_how_the_message_came() -> None:
    seen = judge(SIGNED, None)
    assert seen.spf is None
    assert results(seen) == (DmarcResult.PASS, DmarcResult.PASS)


def test_without_a_signature_and_an_envelope_there_is_no_verdict() -> None:
    assert results(judge(PLAIN, None)) == (None, None)
    assert results(judge(PLAIN, None, {})) == (DmarcResult.NONE, DmarcResult.NONE)


def test_spf_that_passes_for_a_stranger_does_not_help() -> None:
    seen = judge(PLAIN, Envelope("192.0.2.1", "x@bounces.example.net", "mx.example.com"))
    assert seen.spf is not None
    assert seen.spf.result is SpfResult.PASS
    assert results(seen) == (DmarcResult.FAIL, DmarcResult.FAIL)
    assert seen.dmarc is not None
    assert seen.dmarc.disposition is Policy.QUARANTINE


def test_a_bounce_is_judged_by_its_helo_name() -> None:
    seen = judge(PLAIN, Envelope("192.0.2.1", "", "football.example.com"))
    assert results(seen) == (DmarcResult.PASS, DmarcResult.PASS)


def test_what_may_pass_on_a_later_try_is_a_temporary_error() -> None:
    silent = ZONE | {"football.example.com": {"TXT": (TIMEOUT,)}}
    assert results(judge(PLAIN, OWN, silent)) == (DmarcResult.TEMPERROR, DmarcResult.TEMPERROR)
    no_key = ZONE | {"brisbane._domainkey.football.example.com": {"TXT": (TIMEOUT,)}}
    stranger = Envelope("192.0.2.9", "x@bounces.example.net", "mx.example.com")
    assert results(judge(SIGNED, stranger, no_key)) == (DmarcResult.TEMPERROR, DmarcResult.TEMPERROR)
    assert results(judge(SIGNED, OWN, silent)) == (DmarcResult.PASS, DmarcResult.PASS)


def test_without_a_list_of_suffixes_the_old_standard_has_no_say() -> None:
    seen = answered(authenticate(SIGNED, OWN, now_s=1_700_000_000), ZoneLookup(ZONE))
    assert seen.old_dmarc is None
    assert seen.dmarc is not None


@pytest.mark.parametrize(
    ("values", "domain"),
    [
        (["Ann <ann@Shop.Example>"], "shop.example"),
        (["a@b.com, c@b.com"], "b.com"),
        (["j\u00f6rg@b\u00fccher.example"], "xn--bcher-kva.example"),
        (["a@b.com, c@d.com"], None),
        (["a@b.com", "a@b.com"], None),
        (["a@b.com, nobody"], None),
        (["Ann"], None),
        ([""], None),
        ([], None),
        (["(" * 4_000 + "a@b.com"], None),
        (["a@b.com" + " " * 2 + "x" * 9_000], None),
    ],
)
def test_the_author_has_one_domain_or_none(values: list[str], domain: str | None) -> None:
    assert author_domain([Field("FROM", f"From: {value}\r\n".encode()) for value in values]) == domain


def test_a_from_header_without_a_domain_name_has_no_dmarc() -> None:
    assert results(judge(b"From: a@b..com\r\n\r\n", OWN)) == (None, None)


def test_what_is_no_message_is_an_error() -> None:
    with pytest.raises(FieldsError):
        judge(b"\r\n", OWN)
