"""Which commit is live, and does releasing it again give the same?"""

from typing import Final

from launchready.facts.endpoints import VersionAnswer
from launchready.facts.release import RepeatedRelease
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


@check(
    "release-not-repeatable",
    impact=Impact.BLOCKER,
    customer_sees="A release that was tested, and something else that is live.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://reproducible-builds.org/docs/definition/", "https://12factor.net/build-release-run"),
)
def release_not_repeatable(again: RepeatedRelease) -> Judgement:
    """The same commit, released again, puts the same files on the host.

    ## Why it matters at launch
    When a release of one commit is different each time, going back to the release that worked does not bring back what
    worked, and a new server is not the old one. That shows on the worst evening of the launch.

    ## How to fix
    Pin what the build takes from outside (lock files, base images by digest), leave times and random names out of what
    it writes, and empty the target before copying. Then run `launchready deploy` for the commit that is live, which
    compares both releases file by file.
    """
    if again.versions == 1:
        return Pass()
    many = f"{again.times} releases of {again.commit[:12]} gave {again.versions} different sets of files"
    do = "Let the release of one commit give the same files each time, then release it once more"
    return Fail((many, *again.named), Fix(do, "launchready deploy"))
