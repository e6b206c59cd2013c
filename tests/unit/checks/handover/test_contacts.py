"""The check of `checks/handover/contacts.py`."""

from datetime import UTC, datetime

from launchready.checks.handover.contacts import support_mailbox_unreachable
from launchready.facts.mail import ContactExchange, ContactExchanges, MailExchange
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.reading import Measured, Unmeasured, Why

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EMAIL = "help@example.com"


def contact(*mx: str, addresses: tuple[str, ...] = ()) -> ContactExchange:
    return ContactExchange(EMAIL, Measured(MailExchange(EMAIL, "example.com", mx, addresses), NOW, 0.1))


def judge(*contacts: ContactExchange) -> Judgement:
    return support_mailbox_unreachable(ContactExchanges(contacts))


def failure(why: str) -> Fail:
    return Fail(
        (f"help@example.com: example.com {why}",),
        Fix("Add the MX records that your mailbox provider names to example.com"),
    )


def test_a_domain_that_names_a_mail_server_passes() -> None:
    assert judge(contact("mx1.mail.example", "mx2.mail.example")) == Pass()


def test_a_null_mx_fails() -> None:
    assert judge(contact(".")) == failure("says that it takes no mail (null MX)")


def test_a_domain_without_anything_fails() -> None:
    assert judge(contact()) == failure("has no MX record and no address")


def test_a_web_address_takes_no_mail() -> None:
    found = contact(addresses=("203.0.113.10",))
    assert judge(found) == failure("has no MX record, so senders try its web address 203.0.113.10")


def test_a_deaf_contact_is_seen_beside_one_that_was_not_answered() -> None:
    unseen = ContactExchange("maya@other.example", Unmeasured(Why.TIMED_OUT, "silent", NOW))
    assert isinstance(judge(unseen, contact(".")), Fail)
