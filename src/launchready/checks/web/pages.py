"""Whether the pages that people are sent to are there."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.pages import PageAnswer, PageAnswers
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.rfc9110 import CLIENT_ERROR, SERVER_ERROR

REDIRECT: Final = 300


@check(
    "page-broken",
    impact=Impact.BLOCKER,
    customer_sees="An error, or a white page, where your offer should be.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9110#section-15.5",
        "https://www.rfc-editor.org/rfc/rfc9110#section-15.6",
    ),
)
def page_broken(host: Host, product: Product, seen: PageAnswers) -> Judgement:
    """The pages that people are sent to are there, and say what they should.

    ## Why it matters at launch
    Everything before the page may be in order, and the page itself answers with an error or shows nothing. A server's
    error was asked about again for some seconds, and stayed.

    ## How to fix
    Open the page in a private window. For an error of 500 or more, read the product's log of that moment; for 404, look
    whether the last release holds the page. Words that it should show are those in `contains` of launchready.toml.
    """
    if not seen.pages:
        return NotApplicable(f"nothing says that strangers are sent to a page of {host.name}")
    answers = [page.answer.value for page in seen.pages if isinstance(page.answer, Measured)]
    offenders = tuple(fault for answer in answers for fault in _faults(answer, is_meant=product.has_file))
    if offenders:
        first = next(answer.url for answer in answers if any(_faults(answer, is_meant=product.has_file)))
        return Fail(offenders, Fix(f"Bring the page of {host.name} back, then look again", f"curl -i '{first}'"))
    if any(answer.status >= CLIENT_ERROR for answer in answers):
        return NotApplicable(f"{host.name} shows strangers no page, and nobody has said that it should")
    return Pass()


def _faults(answer: PageAnswer, *, is_meant: bool) -> Iterator[str]:
    """What is wrong with a page; where nobody said that there is one, only an error of the server is."""
    if answer.status >= SERVER_ERROR:
        yield f"{answer.url} answers {answer.status}"
    if not is_meant or REDIRECT <= answer.status < CLIENT_ERROR:
        return
    if CLIENT_ERROR <= answer.status < SERVER_ERROR:
        yield f"{answer.url} answers {answer.status}"
    elif answer.status < REDIRECT and answer.is_empty:
        yield f"{answer.url} shows nothing at all"
    elif answer.status < REDIRECT and not answer.has_wanted:
        yield f"{answer.url} does not say {answer.wanted!r}"
