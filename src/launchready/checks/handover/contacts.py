"""Whether those who are named can be reached."""

from launchready.facts.mail import ContactExchanges, MailExchange
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured


@check(
    "support-mailbox-unreachable",
    impact=Impact.MAJOR,
    customer_sees="Their cry for help comes back as undeliverable.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://www.rfc-editor.org/rfc/rfc5321#section-5.1", "https://www.rfc-editor.org/rfc/rfc7505#section-3"),
)
def support_mailbox_unreachable(seen: ContactExchanges) -> Judgement:
    """The domain of every named contact says where its mail goes.

    ## Why it matters at launch
    A customer who can't reach you asks the bank for the money back.

    ## How to fix
    Add the MX records that your mailbox provider names, or name an address that works.
    """
    found = [contact.exchange.value for contact in seen.contacts if isinstance(contact.exchange, Measured)]
    wrong = [exchange for exchange in found if _is_deaf(exchange)]
    if not wrong:
        return Pass()
    domains = ", ".join(dict.fromkeys(exchange.domain for exchange in wrong))
    return Fail(
        tuple(f"{exchange.contact}: {exchange.domain} {_why(exchange)}" for exchange in wrong),
        Fix(f"Add the MX records that your mailbox provider names to {domains}"),
    )


def _is_deaf(exchange: MailExchange) -> bool:
    """No MX counts as deaf even where an address stands in for it: that is a web server's, which takes no mail."""
    return not exchange.mx


def _why(exchange: MailExchange) -> str:
    if exchange.is_null:
        return "says that it takes no mail (null MX)"
    if exchange.addresses:
        return f"has no MX record, so senders try its web address {', '.join(exchange.addresses)}"
    return "has no MX record and no address"
