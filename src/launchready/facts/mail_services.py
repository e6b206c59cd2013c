"""Services that send mail for others: what each one's help page asks a domain owner to put into DNS.

Data with sources, for `launchready init`, for the lines to paste, and for recognising a service in a domain's records.
What stands here may only ever add a hint: a service may change its records any day.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MailService:
    """One service.

    Attributes:
        name: As the service writes it.
        spf_include: What `include:` names in SPF; empty where the service asks for none, as its bounces come back to a
            name of its own or to a name under the domain.
        dkim_selectors: Selectors that it uses for everybody; empty where each customer gets their own.
        dkim_target: How the CNAME target of its DKIM records ends; empty where it hands out TXT records.
        is_marketing: Whether newsletters and campaigns are its business.
        source: Its help page, as it was on `CHECKED_ON`.
    """

    name: str
    spf_include: str = ""
    dkim_selectors: tuple[str, ...] = ()
    dkim_target: str = ""
    is_marketing: bool = False
    source: str = ""

    @property
    def own_selectors(self) -> frozenset[str]:
        """Selectors at which a key can be nobody else's."""
        return frozenset(self.dkim_selectors) - SHARED_SELECTORS


SHARED_SELECTORS: Final = frozenset({"s1", "s2", "k1", "k2", "k3", "mx", "smtp", "pic", "pm", "mailo"})
"""Selectors that many services, and many of us, use: a key there names nobody."""

CHECKED_ON: Final = "2026-07"
"""When the help pages were last read."""

SERVICES: Final = (
    MailService(
        "Google Workspace",
        spf_include="_spf.google.com",
        dkim_selectors=("google",),
        source="https://support.google.com/a/answer/33786",
    ),
    MailService(
        "Microsoft 365",
        spf_include="spf.protection.outlook.com",
        dkim_selectors=("selector1", "selector2"),
        dkim_target=".onmicrosoft.com",
        source="https://learn.microsoft.com/en-us/defender-office-365/email-authentication-spf-configure",
    ),
    MailService(
        "Postmark",
        spf_include="spf.mtasv.net",
        dkim_selectors=("pm",),
        source="https://postmarkapp.com/support/article/1046-how-do-i-verify-a-domain",
    ),
    MailService(
        "Resend",
        dkim_selectors=("resend",),
        source="https://resend.com/docs/dashboard/domains/introduction",
    ),
    MailService(
        "Amazon SES",
        spf_include="amazonses.com",
        dkim_target=".dkim.amazonses.com",
        source="https://docs.aws.amazon.com/ses/latest/dg/mail-from.html",
    ),
    MailService(
        "SendGrid",
        spf_include="sendgrid.net",
        dkim_selectors=("s1", "s2", "smtpapi"),
        dkim_target=".sendgrid.net",
        source="https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication",
    ),
    MailService(
        "Mailgun",
        spf_include="mailgun.org",
        dkim_selectors=("k1", "mx", "smtp", "mailo", "pic"),
        source="https://documentation.mailgun.com/docs/mailgun/user-manual/domains/domains-verify",
    ),
    MailService(
        "HighLevel",
        spf_include="mailgun.org",
        dkim_selectors=("mailo",),
        is_marketing=True,
        source="https://help.gohighlevel.com/support/solutions/articles/48001226115",
    ),
    MailService(
        "Kit",
        dkim_selectors=("cka", "cka2"),
        is_marketing=True,
        source="https://help.kit.com/en/articles/2502558-how-to-verify-your-sending-domain",
    ),
    MailService(
        "Mailchimp",
        spf_include="servers.mcsv.net",
        dkim_selectors=("k1", "k2", "k3"),
        dkim_target=".mcsv.net",
        is_marketing=True,
        source="https://mailchimp.com/help/set-up-email-domain-authentication/",
    ),
    MailService(
        "Mandrill",
        spf_include="spf.mandrillapp.com",
        dkim_selectors=("mandrill", "mte1", "mte2"),
        dkim_target=".mandrillapp.com",
        source="https://mailchimp.com/developer/transactional/docs/authentication-delivery/",
    ),
    MailService(
        "Brevo",
        spf_include="spf.brevo.com",
        dkim_selectors=("brevo1", "brevo2"),
        dkim_target=".brevo.com",
        is_marketing=True,
        source="https://help.brevo.com/hc/en-us/articles/12163873383186",
    ),
    MailService(
        "ActiveCampaign",
        dkim_selectors=("acdkim1", "acdkim2"),
        dkim_target=".acdkim1.acems1.com",
        is_marketing=True,
        source="https://help.activecampaign.com/hc/en-us/articles/206903370",
    ),
    MailService(
        "Zoho Mail",
        spf_include="zohomail.com",
        dkim_selectors=("zmail", "zoho"),
        source="https://www.zoho.com/mail/help/adminconsole/spf-configuration.html",
    ),
    MailService(
        "Fastmail",
        spf_include="spf.messagingengine.com",
        dkim_selectors=("fm1", "fm2", "fm3"),
        dkim_target=".dkim.fmhosted.com",
        source="https://www.fastmail.help/hc/en-us/articles/360060591153",
    ),
)
"""The services that coaches and small products use most. Kit and Resend keep bounces under the domain: no include."""


def services_called(name: str) -> tuple[MailService, ...]:
    """Those whose name is in what somebody calls a sender, such as "Our Postmark (receipts)"."""
    bare = name.casefold()
    return tuple(service for service in SERVICES if service.name.split(maxsplit=1)[0].casefold() in bare)
