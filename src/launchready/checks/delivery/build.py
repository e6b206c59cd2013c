"""What a build from a clean clone says: whether it works, and whether it works twice."""

from typing import Final

from launchready.facts.build import (
    BuildFailure,
    BuildFault,
    CleanBuild,
    DifferenceCause,
    RepeatedBuild,
)
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import BUILD_IS_SAID

SHOWN: Final = 12
"""Files or places that are named; more of them have the same cause as a rule."""

CAUSES: Final = {
    BuildFault.UNDECLARED_DEPENDENCY: (
        "{} is used and is in no list of dependencies",
        "npm install {0}  # in Python: pip install {0} && pip freeze | grep -i {0} >> requirements.txt",
    ),
    BuildFault.FILE_OUTSIDE_GIT: ("{} lies on your machine and is not in the commit", "git add -f {} && git commit"),
    BuildFault.LETTER_CASE: (
        "{} is spelled with other capital letters in git",
        "git grep -inF {0}  # and spell it exactly so: {0}",
    ),
    BuildFault.UNDECLARED_VARIABLE: (
        "the variable {} is read and not declared",
        '[[environment]]\nname = "{}"\nrequired = "both"',
    ),
    BuildFault.MISSING_PROGRAM: ("the program {} is not there", "add {} to the dependencies, or install it first"),
    BuildFault.NEEDS_NETWORK: ("it asks the network for {}", "[build]\nnetwork = true"),
    BuildFault.KEPT_ELSEWHERE: ("it holds only pointers to {}", "git lfs migrate export --include={}"),
    BuildFault.TOOK_TOO_LONG: ("it did not end within {}", "[build]\nminutes = 30"),
    BuildFault.WROTE_TOO_MUCH: ("it wrote more than {}", "write less, or only what ships"),
    BuildFault.NO_OUTPUT: ("it left nothing at {}", '[build]\noutput = ["dist"]'),
    BuildFault.UNEXPLAINED: ("it ended with {}", "less .launchready/last-build.log"),
}
"""What each reason is called, and what mends it; the braces take the name of the file, module, variable or limit."""


@check(
    "build-not-clean",
    impact=Impact.BLOCKER,
    customer_sees="Nothing new: the repair they wait for can't be released, or goes out without one of its parts.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://12factor.net/dependencies", "https://12factor.net/build-release-run"),
    when=(BUILD_IS_SAID,),
)
def build_not_clean(build: CleanBuild) -> Judgement:
    """The commit builds, and passes its tests, from a clean clone with declared variables alone.

    ## Why it matters at launch
    A build that works on one laptop only uses something that nobody else has: a file that was never committed, a
    package that was installed by hand, a variable in somebody's shell. On the day of an urgent repair that laptop is
    not there, and the release fails or goes out broken.

    ## How to fix
    Commit the missing file, add the package to the list of dependencies, declare the variable, or spell the name as git
    has it. Then type `launchready build` until it says that the build is clean.
    """
    if not build.failures:
        return Pass()
    steps = dict.fromkeys(CAUSES[f.fault][1].format(f.name) for f in build.failures)
    do = "Give the commit everything that its build needs, then type `launchready build`"
    return Fail(tuple(map(_failure, build.failures)), Fix(do, "\n".join(steps)))


def _failure(failure: BuildFailure) -> str:
    said = f" ({failure.said})" if failure.said else ""
    return f"{failure.step} from a clean clone: {CAUSES[failure.fault][0].format(failure.name)}{said}"


REASONS: Final = {
    DifferenceCause.TIME: "holds the time of the build",
    DifferenceCause.PATH: "holds the folder of the build",
    DifferenceCause.ORDER: "has the same lines in another order",
    DifferenceCause.ONLY_ONCE: "came out of one build only",
    DifferenceCause.UNEXPLAINED: "differs, and neither time nor folder nor order explains it",
}

STEADY: Final = {
    DifferenceCause.TIME: "export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)  # and write no other time",
    DifferenceCause.PATH: "write paths that are seen from the repository's folder",
    DifferenceCause.ORDER: "sort what is listed before it is written: sorted(...), | sort",
    DifferenceCause.ONLY_ONCE: "name files by what they hold, or by fixed names",
    DifferenceCause.UNEXPLAINED: "give random numbers a fixed seed, and pin versions with a lock file",
}


@check(
    "build-not-repeatable",
    impact=Impact.MINOR,
    customer_sees="Now and then an error that nobody can reproduce.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(
        "https://reproducible-builds.org/docs/definition/",
        "https://reproducible-builds.org/specs/source-date-epoch/",
    ),
    when=(BUILD_IS_SAID,),
)
def build_not_repeatable(build: RepeatedBuild) -> Judgement:
    """Two builds of one commit, at another time and in another folder, give the same bytes.

    ## Why it matters at launch
    If each build differs, nobody can tell whether what is live is the code that was tested, and every release throws
    away what browsers and caches already have.

    ## How to fix
    Take the time from `SOURCE_DATE_EPOCH` or leave it out, write no folders of the machine into the output, sort what
    is listed, and give random numbers a fixed seed.
    """
    if not build.differences:
        return Pass()
    shown = build.differences[:SHOWN]
    more = build.more + len(build.differences) - len(shown)
    named = tuple(f"{one.path} {REASONS[one.cause]}" for one in shown)
    steps = dict.fromkeys(STEADY[one.cause] for one in build.differences)
    do = "Make the output depend on the commit alone"
    return Fail((*named, f"{more} more files differ") if more else named, Fix(do, "\n".join(steps)))
