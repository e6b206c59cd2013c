"""The check of `checks/mail/inventory.py`."""

import pytest

from launchready.checks.mail.inventory import sender_undeclared
from launchready.facts.mail import DkimDiscovered, FoundKey, SpfRecords
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Domain, Sender

KEY = "v=DKIM1; k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
POSTMARK = Sender("Postmark", ("20260101pm",))
DOMAIN = Domain("example.com", (POSTMARK,))
NO_SPF, NO_KEYS = SpfRecords(()), DkimDiscovered(())


def key(selector: str, alias: str = "", record: str = KEY) -> DkimDiscovered:
    return DkimDiscovered((FoundKey(selector, alias, record),))


@pytest.mark.parametrize(
    ("spf", "found", "offender"),
    [
        (
            SpfRecords(("v=spf1 include:SendGrid.net -all",)),
            NO_KEYS,
            "SendGrid: the SPF record includes sendgrid.net",
        ),
        (NO_SPF, key("resend"), "Resend: there is a signing key at resend._domainkey"),
        (NO_SPF, key("k2", "dkim2.mcsv.net"), "Mailchimp: there is a signing key at k2._domainkey"),
    ],
)
def test_a_service_that_dns_names_and_nobody_declared_is_noted(
    spf: SpfRecords, found: DkimDiscovered, offender: str
) -> None:
    judgement = sender_undeclared(DOMAIN, spf, found)
    service = offender.partition(":")[0]
    assert judgement == Fail(
        (offender,),
        Fix(
            "Add this to launchready.toml, or take the records out of DNS",
            f'[[senders]]\nname = "{service}"\ndomain = "example.com"\ndkim_selectors = []  # from its page on domains',
        ),
    )


@pytest.mark.parametrize(
    ("senders", "spf", "found"),
    [
        ((POSTMARK,), SpfRecords(("v=spf1 include:spf.mtasv.net -all",)), NO_KEYS),
        ((POSTMARK,), SpfRecords(("v=spf1 include:spf.mtasv.net oops",)), NO_KEYS),
        ((POSTMARK,), NO_SPF, key("k1")),
        ((POSTMARK,), NO_SPF, key("resend", "elsewhere.example")),
        ((POSTMARK,), NO_SPF, key("resend", record="v=DKIM1; p=")),
        ((POSTMARK,), NO_SPF, key("resend", record="nonsense p=")),
        ((POSTMARK, Sender("HighLevel CRM", ())), SpfRecords(("v=spf1 include:mailgun.org -all",)), NO_KEYS),
        ((Sender("Postmark", ("resend",)),), NO_SPF, key("resend")),
    ],
)
def test_what_names_nobody_or_somebody_declared_is_no_finding(
    senders: tuple[Sender, ...], spf: SpfRecords, found: DkimDiscovered
) -> None:
    assert sender_undeclared(Domain("example.com", senders), spf, found) == Pass()


def test_a_declared_sender_that_we_do_not_know_may_be_any_of_them() -> None:
    unknown = Domain("example.com", (POSTMARK, Sender("Our mailer", ())))
    assert isinstance(sender_undeclared(unknown, NO_SPF, key("resend")), NotApplicable)
