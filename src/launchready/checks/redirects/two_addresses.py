"""The bare domain and its www."""

from launchready.facts.redirects import Entry, RedirectMatrix, WalkEnd
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.fact import Each
from launchready.model.intent import HAS_FILE
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Host


@check(
    "www-and-apex-both-answer",
    impact=Impact.MAJOR,
    customer_sees="They log in at one address and are a stranger at the other.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls",),
    when=(HAS_FILE,),
)
def www_and_apex_both_answer(domain: Domain, matrices: Each[RedirectMatrix]) -> Judgement:
    """Of a name and its www, one shows the site and the other sends visitors there.

    ## Why it matters at launch
    Log-ins and saved carts belong to one address and are unknown at the other. Search engines and statistics count
    two sites.

    ## How to fix
    Choose one, write `redirects_to` for the other into launchready.toml, and redirect it for ever with path and query.
    """
    shows = {host.name: _shows_pages(matrix, host) for host, matrix in matrices if isinstance(host, Host)}
    pairs = [(bare, f"www.{bare}") for bare in shows if f"www.{bare}" in shows]
    if not pairs:
        return NotApplicable(f"no name of {domain.name} is declared both with www and without")
    both = [(bare, www) for bare, www in pairs if shows[bare] and shows[www]]
    if not both:
        return Pass()
    shown = tuple(f"https://{bare} and https://{www} both show pages" for bare, www in both)
    bare, www = both[0]
    rule = f"nginx: server_name {www}; return 301 https://{bare}$request_uri;"
    return Fail(shown, Fix(f"Redirect {www} to https://{bare}, or the other way round", rule))


def _shows_pages(matrix: RedirectMatrix, host: Host) -> bool:
    """Whether a host answers its own front page over https, without sending the visitor elsewhere."""
    return any(_is_shown(entry, host) for entry in matrix.entries if entry.start_url == f"https://{host.name}/")


def _is_shown(entry: Entry, host: Host) -> bool:
    if not isinstance(entry.walk, Measured) or entry.walk.value.end is not WalkEnd.ANSWERED:
        return False
    walk = entry.walk.value
    return walk.hops[-1].status == 200 and walk.end_url.startswith(f"https://{host.name}/")
