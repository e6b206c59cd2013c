"""DMARC, MTA-STS and TLS-RPT records beside the parsers of checkdmarc, over thousands of generated records."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from checkdmarc import dmarc as theirs
from checkdmarc import mta_sts, smtp_tls_reporting

from launchready.parse.rfc8460 import TlsRptError, parse_tls_rpt
from launchready.parse.rfc8461 import MtaStsError, parse_mta_sts_policy, parse_mta_sts_record
from launchready.parse.rfc9989 import Dmarc, DmarcError, parse_dmarc

RECORDS = 3_000


def words(text: str) -> list[str]:
    return text.split()


class Texts:
    """Records that are nearly right, from a fixed seed."""

    URIS = (
        *words("mailto:a@b.com mailto:a@b.com!10m MAILTO:A+b@B.example https://x.example/r http://x ftp: mailto:"),
        *words(
            "mailto:a@b.com!10x mailto:a mailto:@b.com a@b.com https:///x mailto:a@b.com?subject=x mailto:a@b_c.com"
        ),
        *words(
            "mailto:a@b.com!! https://[::1]/ https://[::g]/ tag:x https://x/%zz mailto:a%20b@c.com mailto:a@b.com#x"
        ),
    )

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def uris(self) -> str:
        joined = self.random.choice((",", ",", " , ", ", ", ";", " "))
        return joined.join(self.random.choices(self.URIS, k=self.random.choice((1, 1, 2, 3))))

    def spaced(self, pieces: Sequence[str], separators: Sequence[str], ends: Sequence[str]) -> str:
        text = pieces[0]
        for piece in pieces[1:]:
            text += self.random.choice(separators) + piece
        return text + self.random.choice(ends)

    def dmarc(self) -> str:
        pick = self.random.choice
        version = pick(
            ("v=DMARC1", "v=DMARC1", "v=DMARC1", "V = DMARC1", "v=dmarc1", "v=DMARC2", " v=DMARC1", "v=DMARC1 x")
        )
        tags = [
            f"{pick(words('p p p sp np P'))}={pick(words('none reject quarantine Reject nope none;'))}",
            f"{pick(words('adkim aspf ASPF'))}{pick(('=', ' = '))}{pick(words('r s S x'))}",
            f"fo={pick(words('0 1 d s d:s 0:1 0:0 x 1:d 1:1:1'))}",
            f"psd={pick(words('y n u Y z'))}",
            f"t={pick(words('y n N z'))}",
            f"{pick(('rua', 'ruf'))}={self.uris()}",
            pick(("pct=50", "rf=afrf", "ri=1", "x=1", "x1=y", "pct=500", "ri=never")),
        ]
        if pick((True, False, False, False)):
            tags.append(pick(("", "p", "=", "a b=c", "p=")))
        chosen = self.random.sample(tags, self.random.randint(0, 4))
        if pick((True, True, False)):
            chosen.insert(0, "p=none")
        return self.spaced([version, *chosen], ("; ", ";", " ; ", "; ", "; ", " "), ("", ";", "; ", ""))

    def mostly(self, right: str, *wrong: str) -> str:
        return right if self.random.random() < 0.8 else self.random.choice(wrong)

    def sts_record(self) -> str:
        ident = self.mostly("20260101T000000", "a" * 32, "a" * 33, "a-b", "", "x y")
        ext = self.random.choice(
            ("id=2", "ID=3", "ext=1", "ext=a=b", "ext=", "ext", "-x=1", f"{'e' * 33}=1", "e.x_t-1=!")
        )
        version = self.mostly("v=STSv1", "v=stsv1", "V=STSv1", "v=STSv2", " v=STSv1", "v=STSv1 ")
        fields = self.random.sample([f"id={ident}", ext], self.random.choice((1, 1, 2, 0)))
        return self.spaced([version, *fields], (self.mostly("; ", ";", " ; ", ";\t", " ", ";;"),), ("", ";", "; ", " "))

    def rpt_record(self) -> str:
        rua = self.mostly("rua=", "RUA=", "rua= ") + self.mostly("mailto:a@b.com", *(self.uris() for _ in range(5)))
        ext = self.mostly("ext=1", "ext=a=b", "ext=", "ext", "-x=1", "rua=mailto:c@d.com")
        version = self.mostly("v=TLSRPTv1", "v=tlsrptv1", "v=TLSRPTv2")
        fields = [rua, ext][: self.random.choice((1, 1, 1, 2, 0))]
        return self.spaced([version, *fields], (self.mostly("; ", ";", " ; ", "  "),), ("", ";", "; "))

    def policy(self) -> str:
        pick = self.random.choice
        lines = [
            self.mostly("version: STSv1", "version:STSv1", "version: stsv1", "Version: STSv1", "version : STSv1"),
            f"mode: {self.mostly(pick(('enforce', 'testing', 'none')), 'Enforce', 'off', '')}",
            f"max_age: {self.mostly('86400', *words('0 31557600 31557601 -1 1_000 99999999999 86400s'))}",
            *(f"mx: {self.mostly('mx.a.com', *self.HOSTS)}" for _ in range(self.random.randint(0, 3))),
        ]
        lines.append(
            self.mostly("ext: some value", "ext:", "mode: none", " mx: a.com", "mx", "e\u00e9: x", "ext: \u00e9", "")
        )
        if pick((True, False, False)):
            lines.pop(self.random.randrange(len(lines)))
        if pick((True, False, False)):
            self.random.shuffle(lines)
        return self.spaced(lines, (pick(("\n", "\r\n")),), ("", "\n", "\r\n"))

    HOSTS = words(
        "mx.a.com *.a.com MX.A.com *a.com a..com *.*.com * mx.a.com. -a.com a_b.com *.com localhost 192.0.2.1"
    )


def our_dmarc(text: str) -> Dmarc | None:
    try:
        return parse_dmarc(text)
    except DmarcError:
        return None


def their_dmarc(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object] | None:
    """The values of their tags; None where they refuse the record. They would also look whether reports arrive."""
    monkeypatch.setattr(theirs, "verify_dmarc_report_destination", lambda *args, **kwargs: None)
    monkeypatch.setattr(theirs, "get_mx_records", lambda *args, **kwargs: ["mx"])
    try:
        parsed = theirs.parse_dmarc_record(text, "example.com")
    except theirs.DMARCError:
        return None
    return {name: tag["value"] for name, tag in parsed["tags"].items()}


def alike(ours: Dmarc, tags: dict[str, object]) -> bool:
    """Whether both read the same values; theirs has no invalid ones, for it refuses those."""
    policy = ours.policy.value if ours.policy else "none"
    sub = ours.subdomain_policy.value if ours.subdomain_policy else policy
    new = ours.nonexistent_policy.value if ours.nonexistent_policy else sub
    uris = [_address(one.uri) for one in ours.aggregate_uris]
    listed = tags.get("rua", [])
    assert isinstance(listed, list)
    return (
        (policy, sub, new) == (tags["p"], tags["sp"], tags["np"])
        and (ours.dkim_alignment.value, ours.spf_alignment.value) == (tags["adkim"], tags["aspf"])
        and (ours.psd.value, "y" if ours.testing else "n") == (tags["psd"], tags["t"])
        and uris == [one["address"] for one in listed]
    )


def _address(uri: str) -> str:
    return re.split("[?#]", uri[len("mailto:") :])[0] if uri.lower().startswith("mailto:") else uri


def why_dmarc_differs(text: str, ours: Dmarc | None, tags: dict[str, object] | None) -> str | None:
    """The section by which checkdmarc is wrong or stricter."""
    if ours is not None and tags is None and (ours.invalid or "x1=" in text):
        return "section 4.7: errors behind the version are set aside; checkdmarc refuses the record"
    if ours is not None and tags is None and "fo=" in text and "ruf" not in text:
        return "section 4.7: fo is ignored where there is no ruf; checkdmarc refuses the record for it"
    if ours is None and text.startswith(" "):
        return "section 4.8: a record begins with its version; checkdmarc skips space before it"
    if ours is not None and tags is not None and re.search(r"![^,;]*[!x]|mailto:[^ ,;]+ [a-zA-Z]", text):
        return "section 4.8: no ! in a URI but before a size, and no space; checkdmarc takes what stands before"
    return None


def test_checkdmarc_agrees_on_dmarc_records_but_where_it_is_stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, verdicts, reasons = Texts(seed=9989), Counter[bool](), Counter[str]()
    for _ in range(RECORDS):
        text = texts.dmarc()
        ours, tags = our_dmarc(text), their_dmarc(text, monkeypatch)
        verdicts[ours is not None] += 1
        if (ours is None) is (tags is None) and (ours is None or tags is None or alike(ours, tags)):
            continue
        why = why_dmarc_differs(text, ours, tags)
        assert why is not None, (text, ours, tags)
        reasons[why] += 1
    assert min(verdicts.values()) > RECORDS // 8


def accepts(parse: Callable[[str], object], error: type[Exception], text: str) -> bool:
    try:
        parse(text)
    except error:
        return False
    return True


def why_sts_differs(text: str) -> str | None:
    if text.startswith(" "):
        return "section 3.1: a record begins with its version; checkdmarc skips space before it"
    return None


def why_rpt_differs(text: str) -> str | None:
    if re.search(r"tag:|ftp:|http:", text):
        return "section 3: other schemes are syntax enough beside a place that can be used; checkdmarc refuses them"
    if re.search(r"mailto:[^,;]*[_?#]", text):
        return "RFC 3986: a query, a fragment and _ are URI characters; checkdmarc refuses them"
    return None


def test_checkdmarc_agrees_on_mta_sts_records() -> None:
    texts, verdicts = Texts(seed=8461), Counter[bool]()
    for _ in range(RECORDS):
        text = texts.sts_record()
        ours = accepts(parse_mta_sts_record, MtaStsError, text)
        verdicts[ours] += 1
        if ours is not accepts(mta_sts.parse_mta_sts_record, mta_sts.MTASTSError, text):
            assert why_sts_differs(text) is not None, (text, ours)
    assert min(verdicts.values()) > RECORDS // 20


def test_checkdmarc_agrees_on_mta_sts_policies() -> None:
    texts, verdicts = Texts(seed=8461), Counter[bool]()
    for _ in range(RECORDS):
        text = texts.policy()
        ours = accepts(lambda one: parse_mta_sts_policy(one.encode()), MtaStsError, text)
        verdicts[ours] += 1
        if ours is not accepts(mta_sts.parse_mta_sts_policy, mta_sts.MTASTSError, text):
            pytest.fail(f"we {'take' if ours else 'refuse'} {text!r}")
    assert min(verdicts.values()) > RECORDS // 20


def test_checkdmarc_agrees_on_tls_rpt_records() -> None:
    texts, verdicts = Texts(seed=8460), Counter[bool]()
    for _ in range(RECORDS):
        text = texts.rpt_record()
        ours = accepts(parse_tls_rpt, TlsRptError, text)
        verdicts[ours] += 1
        if ours is not accepts(
            smtp_tls_reporting.parse_smtp_tls_reporting_record, smtp_tls_reporting.SMTPTLSReportingError, text
        ):
            assert why_rpt_differs(text) is not None, (text, ours)
    assert min(verdicts.values()) > RECORDS // 20
