"""Whether the declared senders may send, as receivers of their mail see it (SPF, RFC 7208)."""

from typing import Final

from launchready.checks.mail.spf_record import letting_in
from launchready.facts.mail_spf import SenderSpf, SendersSpf, SpfPolicies, SpfPolicyOf, SpfVerdict
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain
from launchready.parse.rfc7208_evaluate import SpfResult

REFUSED: Final = {
    SpfResult.FAIL: "is refused",
    SpfResult.SOFTFAIL: "is held for forged",
    SpfResult.PERMERROR: "can't be judged, because the record is broken",
}
"""What each result does to mail; `none` and `neutral` say nothing against it."""


@check(
    "spf-sender-refused",
    impact=Impact.BLOCKER,
    customer_sees="Your confirmation mail is in the spam folder, or nowhere.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc7208#section-4",
        "https://www.rfc-editor.org/rfc/rfc7208#section-8",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def spf_sender_refused(domain: Domain, seen: SendersSpf) -> Judgement:
    """Mail from every declared address of a sender is let in by the SPF record that receivers ask.

    ## Why it matters at launch
    The record may be valid and still leave out the very machine that sends your sign-up mail. Receivers then do what
    the record tells them: they refuse the mail, or hide it as forged.

    ## How to fix
    Add the address, or the include that the sender's help page names, to the record in the finding.
    """
    if not seen.of:
        return NotApplicable("launchready.toml names no addresses that mail is sent from (addresses under [[senders]])")
    refused = [(one, one.verdict.value) for one in seen.of if isinstance(one.verdict, Measured)]
    refused = [(one, verdict) for one, verdict in refused if verdict.result in REFUSED]
    if not refused:
        return Pass()
    return Fail(tuple(_offender(one, verdict) for one, verdict in refused), _fix(domain, refused))


def _offender(one: SenderSpf, verdict: SpfVerdict) -> str:
    records = " | ".join(verdict.records) or "no record"
    says = f"{verdict.result.value}: {verdict.reason}"
    return f"{one.sender}: mail from {one.address} {REFUSED[verdict.result]} ({says}; {one.domain} has {records})"


def _fix(domain: Domain, refused: list[tuple[SenderSpf, SpfVerdict]]) -> Fix:
    """Let in every address that the first one's record leaves out; a broken record is mended first."""
    name = refused[0][0].domain
    here = [(one, verdict) for one, verdict in refused if one.domain == name]
    broken = any(verdict.result is SpfResult.PERMERROR for _, verdict in here)
    if broken or len(here[0][1].records) != 1:
        return Fix(f"Mend the SPF record of {name or domain.name} first: {here[0][1].reason}")
    record = here[0][1].records[0]
    for one, _ in reversed(here):
        record = letting_in(record, one.address)
    senders = ", ".join(dict.fromkeys(one.sender for one, _ in here))
    return Fix(f"Replace the SPF record of {name} by this one, which lets {senders} in", f'{name}. TXT "{record}"')


@check(
    "bounce-domain-without-spf",
    impact=Impact.MAJOR,
    customer_sees="Some of your mail is in the spam folder.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc7208#section-2.4",
        "https://support.google.com/a/answer/81126",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def bounce_domain_without_spf(domain: Domain, seen: SpfPolicies) -> Judgement:
    """Each name that a sender's bounces go to has one SPF record that receivers can read.

    ## Why it matters at launch
    Receivers ask for SPF at the name behind the @ of the envelope, which is often not the domain itself. Without a
    record there the mail is not known to be yours, however good the record of the domain is.

    ## How to fix
    Copy the record for the return path again from the sender's page: it is mostly a CNAME at the name in the finding.
    """
    others = [one for one in seen.of if one.name != domain.name]
    if not others:
        return NotApplicable("launchready.toml names no bounce_domain beside the domain itself")
    wrong = {one.name: fault for one in others if (fault := _fault(one))}
    if not wrong:
        return Pass()
    users = {name: _users(domain, name) for name in wrong}
    return Fail(
        tuple(f"{name} ({users[name]}): {fault}" for name, fault in wrong.items()),
        Fix("Copy the record of the return path again from the sender's page, to " + ", ".join(wrong)),
    )


def _fault(one: SpfPolicyOf) -> str:
    if not isinstance(one.policy, Measured):
        return ""
    policy = one.policy.value
    if not policy.records:
        return "no record that begins with v=spf1"
    return policy.reason if policy.result is SpfResult.PERMERROR else ""


def _users(domain: Domain, name: str) -> str:
    return ", ".join(sender.name for sender in domain.senders if sender.bounce_domain == name)
