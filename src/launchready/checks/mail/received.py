"""The sign-up mail as it was really received."""

from typing import Final

from launchready.facts.received_mail import MailSeen, ReceivedMail
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.product import Product
from launchready.parse.rfc7208_evaluate import SpfResult

UNSIGNED: Final = "it carries no DKIM signature"


@check(
    "received-mail-unauthenticated",
    impact=Impact.BLOCKER,
    customer_sees="Your confirmation mail is in the spam folder, or nowhere.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=45,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9989#section-5.3",
        "https://www.rfc-editor.org/rfc/rfc6376#section-6.1",
        "https://support.google.com/a/answer/81126",
    ),
)
def received_mail_unauthenticated(seen: ReceivedMail) -> Judgement:
    """The sign-up mail that was received is shown to be from the domain in its From, by signature or by envelope.

    ## Why it matters at launch
    All records may be right and the mail still unsigned, because the product sends through another server than you
    think, or something changes the mail on its way. Large providers hide or refuse such mail.

    ## How to fix
    Send through the declared service, with the domain verified there; change nothing in the mail after it was signed.
    """
    mail = seen.mail
    if mail.is_tied:
        return Pass()
    fix = f"Verify {mail.from_domain} at the service that sends, so that it signs for it, and send through that service"
    return Fail(tuple(_offenders(mail)), Fix(fix))


def _offenders(mail: MailSeen) -> list[str]:
    signatures = [
        f"the signature of {one.domain or 'nobody'} ({one.selector or 'no selector'}): {one.result.value}, {one.reason}"
        + ("" if one.is_related else f"; it does not speak for {mail.from_domain}")
        for one in mail.signatures
    ]
    result = "" if mail.spf.result is None else mail.spf.result.value
    envelope = f"the envelope is from {mail.spf.domain or 'nobody'} (SPF: {result or mail.spf.reason})"
    if mail.spf.result is SpfResult.PASS:
        envelope += f"; it does not speak for {mail.from_domain}"
    return [f"From is {mail.from_domain}", *(signatures or [UNSIGNED]), envelope]


@check(
    "received-mail-off-brand",
    impact=Impact.MINOR,
    customer_sees="A confirmation from a sender they have never heard of.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc5322#section-3.6.2", "https://support.google.com/mail/answer/1311182"),
)
def received_mail_off_brand(product: Product, seen: ReceivedMail) -> Judgement:
    """The sign-up mail comes from the product's own domain, and replies go there.

    ## Why it matters at launch
    People open mail from a name that they have just typed. A shared sender, a private mailbox or a "via" beside the
    name looks like fraud.

    ## How to fix
    Set From and Reply-To to addresses at your own domain.
    """
    wrong = [
        f"{header} is {domain}"
        for header, domain in (("From", seen.mail.from_domain), ("Reply-To", seen.mail.reply_domain))
        if domain and not any(f".{domain}".endswith(f".{own.name}") for own in product.domains)
    ]
    if not wrong:
        return Pass()
    names = ", ".join(domain.name for domain in product.domains)
    return Fail(tuple(wrong), Fix(f"Set From and Reply-To of the sign-up mail to addresses at {names}"))
