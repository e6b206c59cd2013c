"""The check of `checks/handover/contacts.py`."""

from datetime import UTC, datetime

from launchready.checks.handover.contacts import support_mailbox_unreachable
from launchready.facts.mail import ContactExchange, ContactExchanges, MailExchange
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why

AT = datetime(2026, 7, 1, tzinfo=UTC)
HELP = "help@example.com"
SILENT = ContactExchange("it@example.net", Unmeasured(Why.NO_RESOLVER, "no resolver answered", AT))


def contact(
    mx: tuple[str, ...], addresses: tuple[str, ...] = (), email: str = HELP, *, is_null: bool = False
) -> ContactExchange:
    exchange = MailExchange(email, email.partition("@")[2], mx, is_null, addresses)
    return ContactExchange(email, Measured(exchange, AT, 0.1))


def test_a_domain_that_says_where_its_mail_goes_passes() -> None:
    assert support_mailbox_unreachable(ContactExchanges((contact(("mx.example.net",)),))) == Pass()


def test_no_contact_that_was_seen_is_no_fault() -> None:
    assert support_mailbox_unreachable(ContactExchanges((SILENT,))) == Pass()


def test_a_null_mx_fails_once_for_its_domain_and_for_each_contact() -> None:
    both = ContactExchanges(
        (contact((), is_null=True), contact((), email="maya@example.com", is_null=True), contact(("mx.a.example",)))
    )
    assert support_mailbox_unreachable(both) == Fail(
        (
            "help@example.com: example.com says that it takes no mail (null MX)",
            "maya@example.com: example.com says that it takes no mail (null MX)",
        ),
        Fix("Add the MX records that your mailbox provider names to example.com"),
    )


def test_a_null_mx_beside_a_mail_server_is_not_what_rfc_7505_means() -> None:
    judgement = support_mailbox_unreachable(ContactExchanges((contact(("mx.example.net",), is_null=True),)))
    assert judgement == Pass()


def test_a_domain_without_mx_fails_and_the_web_address_that_stands_in_is_named() -> None:
    judgement = support_mailbox_unreachable(ContactExchanges((contact((), ("192.0.2.1", "192.0.2.2")), contact(()))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "help@example.com: example.com has no MX record, so senders try its web address 192.0.2.1, 192.0.2.2",
        "help@example.com: example.com has no MX record and no address",
    )


def test_a_contact_that_was_not_seen_does_not_hide_one_that_is_unreachable() -> None:
    assert isinstance(support_mailbox_unreachable(ContactExchanges((SILENT, contact(())))), Fail)
