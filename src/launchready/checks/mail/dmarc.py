"""What receivers shall do with forged mail (DMARC, RFC 9989)."""

from launchready.facts.mail import DmarcRecords
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.subject import Domain
from launchready.parse.rfc9989 import DmarcError, effective_policy, is_dmarc, parse_dmarc


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
