"""Is there a way back from a bad release, and was it ever walked?"""

from typing import Final

from launchready.facts.endpoints import VersionAnswer
from launchready.facts.release import Comeback, ReleaseHistory
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.fact import Each
from launchready.model.product import Product

SHORTEST_COMMIT_CHARS: Final = 7
"""Hex digits that name a commit at least: git's own default for short hashes (git-config, core.abbrev)."""

REHEARSE: Final = Fix(
    "Rehearse the way back in a quiet hour, then release the newest commit again", "launchready rollback"
)


@check(
    "rollback-unproven",
    impact=Impact.MAJOR,
    customer_sees="After a bad release, error pages for as long as somebody searches for the way back.",
    costs=(Cost.LEADS, Cost.REFUNDS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://sre.google/sre-book/release-engineering/",),
)
def rollback_unproven(product: Product, history: ReleaseHistory) -> Judgement:
    """The way back from a bad release was walked lately, and ended at a release that works.

    ## Why it matters at launch
    One bad release will come. With a way back that was tried, it costs a minute; with one that is only written down, it
    costs as long as it takes to find out why it does not work, while your advertisements bring customers to error
    pages.

    ## How to fix
    Declare your own commands under `[deploy]`, then run `launchready rollback` in a quiet hour: it brings the former
    release back, looks at the public name whether that works, and writes down how long it took. Release the newest
    commit again afterwards.
    """
    assert product.delivery is not None, "the fact is there for products with [deploy] alone"
    last, days = history.comeback, product.delivery.rehearsal_days
    if last is None:
        return Fail(("no release was ever brought back on record",), REHEARSE)
    if not last.is_good:
        return Fail((f"the last attempt, {_when(last)}, did not bring a working release back",), REHEARSE)
    if last.days_ago > days:
        return Fail((f"a release was last brought back {_when(last)}; that counts for {days} days",), REHEARSE)
    return Pass()


def _when(last: Comeback) -> str:
    met = f"; a visitor met {last.failed} failures in {last.asked} requests, for {last.down_s:.0f} s at most"
    return f"{last.days_ago} days ago (it took {last.took_s:.0f} s{met if last.asked else ''})"


@check(
    "deploy-records-missing",
    impact=Impact.MINOR,
    customer_sees="Longer outages: nobody can say what was changed last, by whom, and what worked before.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://12factor.net/build-release-run",),
)
def deploy_records_missing(history: ReleaseHistory, versions: Each[VersionAnswer]) -> Judgement:
    """The release that is live came on the path that is written down.

    ## Why it matters at launch
    When something breaks, the first question is what changed last. A release that went another way, or whose end nobody
    knows, leaves that question open, and the way back leads to a release that nobody expects.

    ## How to fix
    Release with `launchready deploy` alone: it writes down the commit, who released it, when, how it ended and how long
    it took. After a run that was cut off, run it again.
    """
    again = Fix("Release the commit that you mean on the path that is written down", "launchready deploy")
    if not history.releases:
        return Fail(("no release is on record",), again)
    if history.cut_off:
        return Fail((history.cut_off,), again)
    named = [(subject.id.removeprefix("endpoint:"), seen.commit) for subject, seen in versions if seen.commit]
    if not named:
        return NotApplicable("no version endpoint names a commit that the records could be held against")
    wrong = [
        f"{url} says {commit}; the last release on record that works is {history.live or 'none'}"
        for url, commit in named
        if not _is_same(commit, history.live)
    ]
    return Fail(tuple(wrong), again) if wrong else Pass()


def _is_same(said: str, recorded: str) -> bool:
    short, long = sorted((said.lower(), recorded.lower()), key=len)
    return len(short) >= SHORTEST_COMMIT_CHARS and long.startswith(short)
