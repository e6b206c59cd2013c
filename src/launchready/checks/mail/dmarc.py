"""What receivers shall do with forged mail (DMARC, RFC 9989)."""

from launchready.checks.mail.dmarc_policy import compare, lookup_in
from launchready.facts.mail import DmarcRecords, DmarcWalks, ReportConsent, ReportConsents
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain
from launchready.parse.inquiry import answered
from launchready.parse.rfc9989 import DmarcError, Policy, effective_policy, is_dmarc, parse_dmarc
from launchready.parse.rfc9989_evaluate import discover_policy
from launchready.parse.rfc9990 import Consent

NO_CONSENT = frozenset({Consent.MISSING, Consent.ELSEWHERE})


@check(
    "dmarc-missing",
    impact=Impact.BLOCKER,
    customer_sees="Your mail is in the spam folder, or nowhere.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9989", "https://support.google.com/a/answer/81126"),
    when=(DOMAIN_SENDS_MAIL,),
)
def dmarc_missing(domain: Domain, seen: DmarcRecords) -> Judgement:
    """The domain has one valid DMARC record.

    ## Why it matters at launch
    Gmail, Yahoo and Microsoft want one from everybody who sends in numbers, and refuse mail without it. It also shows
    you, by its reports, who sends in your name.

    ## How to fix
    Add the record as it stands in the finding. It changes nothing for your mail yet; it only asks for reports.
    """
    name = f"_dmarc.{domain.name}"
    paste = f'{name}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain.name}"'
    if not seen.records:
        return Fail((f"{name} has no record that begins with v=DMARC1",), Fix(f"Add this record at {name}", paste))
    read = tuple(record for record in seen.records if is_dmarc(record)) or seen.records
    if len(read) > 1:
        fix = Fix(f"Keep one of the {len(read)} DMARC records at {name}, and delete the others", read[0])
        return Fail(tuple(f"one of {len(read)}: {record}" for record in read), fix)
    why = _fault(read[0])
    return Fail((f"{read[0]}: {why}",), Fix(f"Replace the record at {name}", paste)) if why else Pass()


def _fault(record: str) -> str:
    """Why receivers pass a record over; empty where they apply it."""
    try:
        policy = effective_policy(parse_dmarc(record), subdomain=False, exists=True)
    except DmarcError as error:
        return str(error)
    if policy is None:
        return "it names no policy (p=) and no address for reports, so receivers pass it over"
    return ""


@check(
    "dmarc-policy-none",
    impact=Impact.NOTE,
    customer_sees="Now and then, mail in your name that you never sent.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9989#section-4.7", "https://support.google.com/a/answer/2466563"),
    when=(DOMAIN_SENDS_MAIL,),
)
def dmarc_policy_none(domain: Domain, walks: DmarcWalks) -> Judgement:
    """The DMARC policy asks receivers to hide or refuse forged mail.

    ## Why it matters at launch
    `p=none` only watches. That is right for the first weeks, and enough for Gmail, Yahoo and Microsoft; forged mail in
    your name still arrives.

    ## How to fix
    Read the reports for some weeks. When all your own mail passes, replace the record by the one in the finding.
    """
    change = compare(domain, walks, domain.name)
    if change is None:
        return Pass()  # the fact holds an unmeasured part, so this is not measured
    if change.new.policy is None:
        return NotApplicable("there is no DMARC record, which another check says")
    if change.new.policy is not Policy.NONE:
        return Pass()
    found = answered(discover_policy(domain.name), lookup_in(walks)).record
    reports = ",".join(uri.uri for uri in found.aggregate_uris) if found else ""
    paste = f'_dmarc.{domain.name}. TXT "v=DMARC1; p=quarantine; rua={reports or f"mailto:dmarc@{domain.name}"}"'
    offender = f"p=none, found at _dmarc.{change.new.found_at}"
    return Fail((offender,), Fix("Once the reports show that all your own mail passes, publish this", paste))


@check(
    "dmarc-reports-unauthorised",
    impact=Impact.MINOR,
    customer_sees="Nothing; you never see who sends in your name.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9990#section-4", "https://www.rfc-editor.org/rfc/rfc7489#section-7.1"),
    when=(DOMAIN_SENDS_MAIL,),
)
def dmarc_reports_unauthorised(domain: Domain, seen: ReportConsents) -> Judgement:
    """Every other domain that DMARC reports go to says that it takes them.

    ## Why it matters at launch
    Receivers send reports to another domain only with its consent, a record there. Without it they send none, and you
    don't learn which of your mail fails.

    ## How to fix
    Ask whoever reads the reports to add the record in the finding, or have them sent to a mailbox at the domain itself.
    """
    if not seen.of:
        return NotApplicable("no DMARC reports go to another domain")
    refused = [one for one in seen.of if isinstance(one.consent, Measured) and one.consent.value in NO_CONSENT]
    if not refused:
        return Pass()
    paste = "\n".join(f'{one.name}. TXT "v=DMARC1;"' for one in refused)
    return Fail(
        tuple(_refusal(one) for one in refused),
        Fix(f"Have {', '.join(one.target for one in refused)} add this, or send the reports to {domain.name}", paste),
    )


def _refusal(one: ReportConsent) -> str:
    if isinstance(one.consent, Measured) and one.consent.value is Consent.ELSEWHERE:
        return f"the record at {one.name} sends the reports on to a host other than {one.target}, which is not allowed"
    return f"{one.target} has no record at {one.name}"
