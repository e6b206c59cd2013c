"""Pages that send a visitor wherever the address says."""

from urllib.parse import urlsplit

from launchready.facts.redirects import OUTSIDE, LeadOut, LeadsOut
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured


@check(
    "open-redirect",
    impact=Impact.MAJOR,
    customer_sees="A link that begins with your name takes them to a stranger's page that asks for their password.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://cwe.mitre.org/data/definitions/601.html", "https://url.spec.whatwg.org/#url-parsing"),
)
def open_redirect(leads: LeadsOut) -> Judgement:
    """No page sends visitors to an address that a stranger put into the link.

    ## Why it matters at launch
    A mail with a link to your host passes every filter and every careful reader. Log-in tokens in the address travel
    along to the stranger.

    ## How to fix
    Accept only paths on your own host: one slash at the beginning, no second slash and no backslash behind it. Better
    still, parse the value with the parser of the framework and compare the host.
    """
    led = [one.value for one in leads.tries if isinstance(one, Measured) and _is_outside(one.value)]
    if not led:
        return Pass()
    shown = dict.fromkeys(map(_in_words, led))
    return Fail(tuple(shown), Fix("Go on only to paths of your own host", _RULE))


_RULE = (
    'Python: from urllib.parse import urlsplit; ok = value.startswith("/") and not value.startswith(("//", "/\\\\")) '
    'and not any(c in value for c in "\\t\\r\\n")\n'
    "JavaScript: let to = new URL(value, location.origin); "
    "if (to.origin !== location.origin) to = new URL('/', location.origin)"
)


def _in_words(one: LeadOut) -> str:
    parts = urlsplit(one.url)
    page = f"{parts.scheme}://{parts.netloc}"
    if not parts.query:
        return f"{page} sends to whatever stands behind two slashes in the path"
    return f"{page}{parts.path} sends to whatever stands in ?{_name(one)}="


def _is_outside(one: LeadOut) -> bool:
    return one.leads_to.rstrip(".").endswith(f".{OUTSIDE}")


def _name(one: LeadOut) -> str:
    """The parameter's name, which the stranger's host repeats as its last label before the common part."""
    return one.leads_to.rstrip(".").removesuffix(f".{OUTSIDE}").rpartition(".")[2].replace("-", "_")
