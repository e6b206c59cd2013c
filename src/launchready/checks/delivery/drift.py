"""Does the host run what was released?"""

from launchready.facts.release import ReleaseDrift
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check


@check(
    "release-drifted",
    impact=Impact.MAJOR,
    customer_sees="A repair that disappears with the next release, or a product that no release can bring back.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/build-release-run", "https://12factor.net/dev-prod-parity"),
)
def release_drifted(drift: ReleaseDrift) -> Judgement:
    """The host runs what was released, file by file.

    ## Why it matters at launch
    A file that was edited on the server works until the next release overwrites it, mostly at the worst time. A file
    that is there and in no commit is missing on the day you need a new server.

    ## How to fix
    Carry each change over into the repository or into the declared settings, commit it, and release that. What the
    product writes itself, such as a database or uploads, belongs outside the release, or under `written` in `[deploy]`.
    """
    if not drift.differs:
        return Pass()
    more = drift.differs - len(drift.named)
    offenders = (*drift.named, f"and {more} more") if more > 0 else drift.named
    do = f"Commit what was changed on the host since {drift.commit[:12]}, and release it"
    return Fail(offenders or (f"{drift.differs} things differ",), Fix(do, "launchready drift"))
