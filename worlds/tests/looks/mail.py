"""The records that mail lives by."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from looking import has_text

from launchready_worlds.addresses import APEX, DOMAIN

SPF = '"v=spf1 include:spf.postmail.example'


def _spf_chain(world):
    """How many look-ups reading the SPF record takes."""
    text, count = world.records(DOMAIN, "TXT")[0], 0
    while target := re.search(r"include:(\S+)", text):
        text, count = world.records(target.group(1), "TXT")[0], count + 1
    return count


def _key(world):
    text = world.records(f"s1._domainkey.{DOMAIN}", "TXT")[0].replace('" "', "").strip('"')
    return base64.b64decode(text.partition("p=")[2])


def _key_bits(world):
    return load_der_public_key(_key(world)).key_size


def _key_is_cut(world):
    with pytest.raises(ValueError, match=r"base64|key"):
        _key_bits(world)
    return True


LOOKS = {
    "spf-absent": lambda w: w.records(APEX, "TXT") == [],
    "spf-without-version": lambda w: w.records(APEX, "TXT")[0].startswith('"spf1 '),
    "spf-two-records": lambda w: w.records(APEX, "TXT") == [f'{SPF} -all"', f'{SPF} ~all"'],
    "spf-typo": lambda w: "inlcude:" in w.records(APEX, "TXT")[0],
    "spf-eleven-lookups": lambda w: _spf_chain(w) == 11,
    "spf-allows-all": lambda w: w.records(APEX, "TXT") == [f'{SPF} +all"'],
    "spf-allows-all-by-default": lambda w: w.records(APEX, "TXT") == [f'{SPF} all"'],
    "dkim-key-revoked": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ['"v=DKIM1; k=rsa; p="'],
    "dkim-key-absent": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ["NXDOMAIN"],
    "dkim-key-cut": _key_is_cut,
    "dkim-key-weak": lambda w: _key_bits(w) == 768,
    "dmarc-absent": lambda w: w.records(f"_dmarc.{DOMAIN}", "TXT") == ["NXDOMAIN"],
    "dmarc-two-records": lambda w: (
        len(w.records(f"_dmarc.{DOMAIN}", "TXT")) == 2 and not has_text(w, f"_dmarc.{DOMAIN}", "note")
    ),
    "dmarc-unreadable": lambda w: has_text(w, f"_dmarc.{DOMAIN}", "p=quarantine"),
    "support-mailbox-null-mx": lambda w: w.records(DOMAIN, "MX") == ["0 ."],
    "support-mailbox-no-mx": lambda w: (
        w.records(DOMAIN, "MX") == [] and w.declared()["contacts"][0]["email"] == f"help@{DOMAIN}"
    ),
    "mail-records-unanswered": lambda w: w.records(DOMAIN, "TXT") == w.records(DOMAIN, "MX") == ["SERVFAIL"],
    "spf-include-unanswered": lambda w: w.records("spf.postmail.example", "TXT") == ["SERVFAIL"],
    "spf-among-other-texts": lambda w: len(w.records(DOMAIN, "TXT")) == 3,
    "spf-ten-lookups": lambda w: _spf_chain(w) == 10,
    "spf-all-in-a-name": lambda w: w.records(DOMAIN, "TXT") == ['"v=spf1 include:all.postmail.example ~all"'],
    "dkim-key-behind-an-alias": lambda w: (
        len(w.dns(f"s1._domainkey.{DOMAIN}", "TXT").answer) == 2 and _key_bits(w) == 2048
    ),
    "dkim-key-of-1024-bits": lambda w: _key_bits(w) == 1024,
    "dmarc-only-watches": lambda w: (
        has_text(w, f"_dmarc.{DOMAIN}", "v=DMARC1;p=none") and has_text(w, f"_dmarc.{DOMAIN}", "note")
    ),
    "support-mailbox-elsewhere": lambda w: w.declared()["contacts"][0]["email"] == "maya@calendar.example",
    "dkim-key-shorter-than-wanted": lambda w: _key_bits(w) == 2040,
    "dkim-key-marked-as-test": lambda w: "t=y:s;" in w.records(f"s1._domainkey.{DOMAIN}", "TXT")[0],
    "dkim-key-of-another-kind": lambda w: "k=ed25519" in w.records(f"s1._domainkey.{DOMAIN}", "TXT")[0],
}
