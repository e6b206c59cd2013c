"""What is worth knowing, and costs no customer."""

from datetime import timedelta
from typing import Final

from launchready.facts.left_on import FrontDoor, SecurityTxt
from launchready.facts.pages import LANDING
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.subject import Host

RENEWAL: Final = timedelta(days=360)
"""Less than a year, as RFC 9116 section 2.5.5 recommends."""

RFC9116: Final = "https://www.rfc-editor.org/rfc/rfc9116"


@check(
    "security-txt-missing",
    impact=Impact.NOTE,
    customer_sees="Nothing; who finds a weak spot does not know whom to tell.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(f"{RFC9116}#section-3",),
)
def security_txt_missing(host: Host, seen: SecurityTxt) -> Judgement:
    """Who finds a weak spot is told where to report it.

    ## Why it matters at launch
    People who mean well find open doors before others do. Without an address they write to nobody, or to everybody.

    ## How to fix
    Serve the lines below at `/.well-known/security.txt`, with your own address, and renew the date once a year.
    """
    if host.redirects_to:
        return NotApplicable(f"{host.name} sends visitors to {host.redirects_to}")
    if seen.is_there:
        return Pass()
    paste = f"Contact: mailto:security@{host.domain}\n{_expires(seen)}"
    what = f"https://{host.name}/.well-known/security.txt names no contact"
    return Fail((what,), Fix("Serve this, with a date less than a year ahead", paste))


@check(
    "security-txt-expired",
    impact=Impact.NOTE,
    customer_sees="Nothing; who finds a weak spot can't trust the address that is given.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=5,
    sources=(f"{RFC9116}#section-2.5.5",),
)
def security_txt_expired(host: Host, seen: SecurityTxt) -> Judgement:
    """The file that says where to report a weak spot is still valid.

    ## Why it matters at launch
    Past its date, or without one, it must not be relied on, so reports go nowhere.

    ## How to fix
    Write one new date into it, less than a year ahead, in the form below.
    """
    if not seen.is_there:
        return NotApplicable(f"{host.name} has no security.txt")
    if seen.expires is not None and seen.expires > seen.seen_at:
        return Pass()
    what = "has no single, valid Expires line" if seen.expires is None else f"held until {seen.expires.isoformat()}"
    url = f"https://{host.name}/.well-known/security.txt"
    return Fail((f"{url} {what}",), Fix("Renew the date", _expires(seen)))


def _expires(seen: SecurityTxt) -> str:
    """The line to paste."""
    return f"Expires: {(seen.seen_at + RENEWAL).date().isoformat()}T00:00:00Z"


@check(
    "privacy-page-unlinked",
    impact=Impact.NOTE,
    confidence=Confidence.LIKELY,
    customer_sees="No word of what happens to their data.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=60,
    sources=(
        "https://eur-lex.europa.eu/eli/reg/2016/679/oj#art_13",
        "https://support.google.com/adspolicy/answer/6020956",
    ),
    when=(HAS_FILE,),
)
def privacy_page_unlinked(host: Host, door: FrontDoor) -> Judgement:
    """The landing page links to a privacy notice, and to terms, an imprint or a contact.

    ## Why it matters at launch
    Whoever collects an address must say what for (GDPR article 13), and advertising networks look for that link before
    they show an advertisement. We look for the usual words in the links of the page as it is sent, in a few languages.

    ## How to fix
    Link both from the page's footer.
    """
    if host.redirects_to or not door.shows_page or not LANDING.search(host.purpose):
        return NotApplicable(f"{host.name} shows no landing page")
    missing = tuple(
        f"{door.url} links to no {what}"
        for what, url in (("privacy notice", door.privacy_url), ("terms, imprint or contact", door.legal_url))
        if not url
    )
    if not missing:
        return Pass()
    paste = '<footer><a href="/privacy">Privacy</a> <a href="/imprint">Imprint and contact</a></footer>'
    return Fail(missing, Fix("Link them from the footer of every page", paste))
