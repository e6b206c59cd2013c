"""The checks of `checks/mail/exchange.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.exchange import (
    mail_exchange_insecure,
    mta_sts_contradicts_mx,
    mta_sts_unfit,
    sender_address_without_name,
    tls_reports_missing,
)
from launchready.facts.mail_exchange import (
    AddressName,
    Encryption,
    Exchanger,
    MailExchangers,
    MtaSts,
    SenderAddress,
    SenderAddresses,
    StsPolicy,
    TlsReports,
)
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.parse.rfc8461 import Mode

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)
FILE = "https://mta-sts.example.com/.well-known/mta-sts.txt"
RECORDS = ("v=STSv1; id=1;",)


def server(*, offered: bool = True, fault: str = "") -> Exchanger:
    return Exchanger("example.com", "mx.example.net", Measured(Encryption(offered=offered, fault=fault), AT, 0.1))


def policy(*mx: str, mode: Mode = Mode.ENFORCE) -> str:
    return "\n".join(["version: STSv1", f"mode: {mode.value}", *(f"mx: {host}" for host in mx), "max_age: 86400", ""])


def promise(
    *mx: str, mode: Mode = Mode.ENFORCE, fault: str = "", live: tuple[str, ...] = ("mx.example.net",)
) -> MtaSts:
    return MtaSts(RECORDS, Measured(StsPolicy(fault, policy(*mx, mode=mode)), AT, 0.1), Measured(live, AT, 0.1))


def address(*names: AddressName) -> SenderAddresses:
    return SenderAddresses((SenderAddress("Own machine", "192.0.2.1", Measured(names, AT, 0.1)),))


def test_a_server_that_encrypts_passes() -> None:
    assert mail_exchange_insecure(MailExchangers((server(),))) == Pass()


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (server(offered=False), "does not offer to encrypt (STARTTLS)"),
        (server(fault="expired"), "shows a certificate that senders can't trust: expired"),
    ],
)
def test_a_server_that_does_not_encrypt_well_fails(seen: Exchanger, why: str) -> None:
    assert mail_exchange_insecure(MailExchangers((server(), seen))) == Fail(
        (f"mx.example.net (for example.com) {why}",),
        Fix("Switch on STARTTLS at mx.example.net, with a certificate for that name, or correct the MX record"),
    )


def test_without_a_server_encryption_does_not_apply_and_one_that_is_silent_makes_no_fault() -> None:
    assert isinstance(mail_exchange_insecure(MailExchangers(())), NotApplicable)
    silent = Exchanger("example.com", "mx.example.net", SILENT)
    assert mail_exchange_insecure(MailExchangers((silent,))) == Pass()
    assert isinstance(mail_exchange_insecure(MailExchangers((silent, server(offered=False)))), Fail)


@pytest.mark.parametrize("pattern", ["mx.example.net", "*.example.net"])
def test_a_policy_that_names_the_live_server_passes(pattern: str) -> None:
    assert mta_sts_contradicts_mx(DOMAIN, promise(pattern)) == Pass()
    assert mta_sts_unfit(DOMAIN, promise(pattern)) == Pass()


def test_a_policy_that_keeps_all_mail_out_fails_with_one_for_the_live_servers() -> None:
    assert mta_sts_contradicts_mx(DOMAIN, promise("mx.old.example", "*.net")) == Fail(
        ("mx.example.net takes the mail, and the policy allows mx.old.example, *.net alone",),
        Fix(
            f"Replace {FILE}, and change the id at _mta-sts.example.com",
            "version: STSv1\nmode: enforce\nmx: mx.example.net\nmax_age: 604800\n",
        ),
    )


def test_a_policy_that_lets_one_of_two_servers_in_only_leaves_one_out() -> None:
    seen = promise("mx.example.net", live=("mx.example.net", "mx2.example.net"))
    assert mta_sts_contradicts_mx(DOMAIN, seen) == Pass()
    judgement = mta_sts_unfit(DOMAIN, seen)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("mx2.example.net takes mail, and the policy does not name it",)
    assert "mx: mx2.example.net" in judgement.fix.paste


def test_a_policy_that_can_not_be_used_is_unfit_and_keeps_nothing_out() -> None:
    seen = promise(mode=Mode.NONE, fault="it answered 404")
    assert isinstance(mta_sts_contradicts_mx(DOMAIN, seen), NotApplicable)
    assert mta_sts_unfit(DOMAIN, seen) == Fail(
        ("it answered 404",),
        Fix(
            f"Serve this at {FILE}, and change the id at _mta-sts.example.com",
            "version: STSv1\nmode: testing\nmx: mx.example.net\nmax_age: 604800\n",
        ),
    )


@pytest.mark.parametrize(
    "seen",
    [
        MtaSts((), None, SILENT),
        promise("mx.old.example", mode=Mode.TESTING),
        promise("mx.old.example", live=()),
    ],
)
def test_where_nothing_is_enforced_nothing_contradicts(seen: MtaSts) -> None:
    assert isinstance(mta_sts_contradicts_mx(DOMAIN, seen), NotApplicable)


def test_a_policy_or_servers_that_were_not_seen_make_no_fault() -> None:
    for seen in (
        MtaSts(RECORDS, SILENT, Measured(("mx.example.net",), AT, 0.1)),
        MtaSts(RECORDS, Measured(StsPolicy("", policy("mx.old.example")), AT, 0.1), SILENT),
    ):
        assert mta_sts_contradicts_mx(DOMAIN, seen) == Pass()
        assert mta_sts_unfit(DOMAIN, seen) == Pass()


@pytest.mark.parametrize("record", ["v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1;rua=https://x.example/"])
def test_reports_that_somebody_gets_pass(record: str) -> None:
    assert tls_reports_missing(DOMAIN, promise("mx.example.net"), TlsReports((record,))) == Pass()


@pytest.mark.parametrize("records", [(), ("v=TLSRPTv1; rua=a",), ("v=TLSRPTv1; rua=mailto:a@b.example",) * 2])
def test_reports_that_nobody_gets_are_noted_with_a_record(records: tuple[str, ...]) -> None:
    judgement = tls_reports_missing(DOMAIN, promise("mx.example.net"), TlsReports(records))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == '_smtp._tls.example.com. TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"'


def test_without_a_promise_nobody_needs_reports() -> None:
    assert isinstance(tls_reports_missing(DOMAIN, MtaSts((), None, SILENT), TlsReports(())), NotApplicable)


def test_a_name_that_leads_back_is_enough() -> None:
    names = (AddressName("stray.example", leads_back=False), AddressName("mail.example.com", leads_back=True))
    assert sender_address_without_name(address(*names)) == Pass()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ((), "has no name (no PTR record)"),
        (
            (AddressName("stray.example", leads_back=False),),
            "is called stray.example, and that name does not lead back to it",
        ),
    ],
)
def test_an_address_without_a_name_of_its_own_fails(names: tuple[AddressName, ...], why: str) -> None:
    assert sender_address_without_name(address(*names)) == Fail(
        (f"192.0.2.1 (Own machine) {why}",),
        Fix("Have a reverse name (PTR) set for 192.0.2.1, and give that name the same address"),
    )


def test_addresses_that_nobody_declared_or_that_were_not_seen_make_no_fault() -> None:
    assert isinstance(sender_address_without_name(SenderAddresses(())), NotApplicable)
    silent = SenderAddresses((SenderAddress("Own machine", "192.0.2.1", SILENT),))
    assert sender_address_without_name(silent) == Pass()
