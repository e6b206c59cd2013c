"""Which commit is live."""

from typing import Final

from launchready.facts.endpoints import VersionAnswer
from launchready.facts.repository import RepositoryHead
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.fact import Each
from launchready.model.product import Subject

SHORTEST_COMMIT_CHARS: Final = 7
"""Hex digits that name a commit at least: git's own default for short hashes (git-config, core.abbrev)."""


@check(
    "deployed-commit-differs",
    impact=Impact.BLOCKER,
    customer_sees="An older version of your product: the bug you mended is still there.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://12factor.net/build-release-run",),
)
def deployed_commit_differs(versions: Each[VersionAnswer], heads: Each[RepositoryHead]) -> Judgement:
    """The live release is the commit that the repository stands on.

    ## Why it matters at launch
    What you tested is the code in front of you. If something else is live, no test of yours says anything about what
    your customers meet, and a repair can be missing without anybody noticing.

    ## How to fix
    Let the build write its commit into the product (most platforms name it in an environment variable), show it on the
    version endpoint, and deploy the commit that you mean.
    """
    head = next(head.commit for _, head in heads)
    wrong = [(subject, seen) for subject, seen in versions if not _is_commit(seen, head)]
    if not wrong:
        return Pass()
    silent = all(not seen.commit for _, seen in wrong)
    do = "Let the version endpoint say the commit" if silent else "Deploy the repository's commit"
    paste = f'{{"commit": "{head}"}}' if silent else f"git push && git log -1 --format=%H  # {head}"
    return Fail(tuple(_sentence(subject, seen, head) for subject, seen in wrong), Fix(do, paste))


def _is_commit(seen: VersionAnswer, head: str) -> bool:
    long_enough = len(seen.commit) >= SHORTEST_COMMIT_CHARS
    return 200 <= seen.status < 300 and long_enough and head.startswith(seen.commit.lower())


def _sentence(subject: Subject, seen: VersionAnswer, head: str) -> str:
    where = subject.id.removeprefix("endpoint:")
    if not 200 <= seen.status < 300:
        return f"{where} answers {seen.status}, so nothing says which commit is live; the repository is on {head}"
    if not seen.commit:
        return f"{where} does not say its commit; the repository is on {head}"
    return f"{where} says {seen.commit}; the repository is on {head}"
