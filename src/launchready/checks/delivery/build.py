"""What a build from a clean clone says: whether it works, whether it works twice, and what came out."""

from collections.abc import Iterable
from typing import Final

from launchready.facts.build import (
    LOG_OF_BUILD,
    BakedValue,
    BakedValues,
    BuildFailure,
    BuildFault,
    CleanBuild,
    DifferenceCause,
    Leftover,
    LeftoverKind,
    RepeatedBuild,
    ShippedFiles,
    StartTrials,
    Trial,
    TrialEnd,
    TrialKind,
)
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import BUILD_IS_SAID

SHOWN: Final = 12
"""Files or places that are named; more of them have the same cause as a rule."""

CAUSES: Final = {
    BuildFault.UNDECLARED_DEPENDENCY: ("{} is used and is in no list of dependencies", "add it to the list: {}"),
    BuildFault.FILE_OUTSIDE_GIT: ("{} lies on your machine and is not in the commit", "git add -f {} && git commit"),
    BuildFault.LETTER_CASE: ("{} is spelled with other capital letters in git", "git mv it to the spelling {}"),
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
    BuildFault.UNEXPLAINED: ("it ended with {}", "launchready build"),
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


@check(
    "secret-baked-into-build",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until a stranger reads your key in the page and spends your money with it.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://vite.dev/guide/env-and-mode", "https://12factor.net/config"),
    when=(BUILD_IS_SAID,),
)
def secret_baked_into_build(values: BakedValues) -> Judgement:
    """No secret that the build is given can be found in what it writes or prints.

    ## Why it matters at launch
    A value that is in the output goes wherever the output goes: to every browser, every copy of the image, every log.
    Robots collect keys from scripts within hours. The build was given made-up values, and these were found again.

    ## How to fix
    Read the secret when the program runs, on the server, and never in code that is built for browsers. Remove it from
    the build's variables, and revoke the real key if such a build was ever published.
    """
    secrets = [one for one in values.baked if one.is_secret and not one.is_public]
    if secrets:
        do = "Take these variables out of the build, and revoke keys that were ever published like this"
        return Fail(tuple(map(_baked, secrets)), Fix(do, "\n".join(_at_run(secrets))))
    return _searched(values)


@check(
    "setting-baked-into-build",
    impact=Impact.MINOR,
    customer_sees="A page that still talks to the old address after you changed the setting.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/config",),
    when=(BUILD_IS_SAID,),
)
def setting_baked_into_build(values: BakedValues) -> Judgement:
    """Settings that are not declared public are read when the program runs, not when it is built.

    ## Why it matters at launch
    A setting that was written into the output stays as it was, whatever the platform's page of variables says. People
    change it there, see no effect, and look for the fault elsewhere.

    ## How to fix
    Read it when the program runs. Where browsers have to know it and a new build for each change is all right, say
    `public = true` in its `[[environment]]` table.
    """
    shipped = [one for one in values.baked if one.where != LOG_OF_BUILD]  # in a log a setting does no harm
    settings = [one for one in shipped if not one.is_secret and not one.is_public]
    if settings:
        names = dict.fromkeys(one.variable for one in settings)
        paste = "\n".join(f'[[environment]]\nname = "{name}"\npublic = true' for name in names)
        return Fail(tuple(map(_baked, settings)), Fix("Read them at the start, or declare them public", paste))
    return _searched(values)


def _searched(values: BakedValues) -> Judgement:
    return Pass() if values.searched else NotApplicable("no variable of the contract has a value that can be searched")


def _baked(one: BakedValue) -> str:
    how = "" if one.spelling == "plain" else f", written as {one.spelling}"
    return f"the value of {one.variable} stands in {one.where}{how}"


def _at_run(secrets: Iterable[BakedValue]) -> Iterable[str]:
    for name in dict.fromkeys(one.variable for one in secrets):
        yield f'[[environment]]\nname = "{name}"\nrequired = "run"'


DONE_TO_IT: Final = {TrialKind.REMOVED: "without", TrialKind.MALFORMED: "with a malformed"}


@check(
    "start-ignores-missing-variable",
    impact=Impact.MAJOR,
    customer_sees="An error page at the step that needs it, such as paying, and not before.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/config", "https://12factor.net/disposability"),
    when=(BUILD_IS_SAID,),
)
def start_ignores_missing_variable(starts: StartTrials) -> Judgement:
    """The product does not start without a variable that it needs, or with a malformed one, and says which.

    ## Why it matters at launch
    A product that starts all the same looks healthy, takes the place of the release that worked, and fails in front of
    the first customer who needs the variable. One that stops in silence costs an hour of guessing.

    ## How to fix
    Check every variable of the contract before anything else at the start; stop with a code that is not 0, and print
    the name and the reason, never the value.
    """
    bad = [one for one in starts.trials if one.end is not TrialEnd.NAMED]
    if bad:
        do = "Stop the start where one of these is missing or malformed, and print its name"
        names = dict.fromkeys(one.variable for one in bad)
        return Fail(tuple(map(_trial, bad)), Fix(do, "\n".join(map(_guard, names))))
    return Pass() if starts.trials else NotApplicable("no variable is required when the product runs")


def _trial(one: Trial) -> str:
    end = "starts all the same" if one.end is TrialEnd.RAN else "stops, and does not say why"
    return f"{DONE_TO_IT[one.kind]} {one.variable} the product {end}"


def _guard(name: str) -> str:
    """POSIX shells stop here and name it (XCU section 2.6.2); for any language, as the first line of the start."""
    return f': "${{{name}:?is not set}}"'


EXPOSING: Final = frozenset({LeftoverKind.SECRET_FILE, LeftoverKind.GIT_FOLDER})
LEAKING: Final = frozenset(
    {LeftoverKind.DEVELOPMENT_BUILD, LeftoverKind.DEBUG_FLAG, LeftoverKind.TEST_KEY, LeftoverKind.TUNNEL_ADDRESS}
)
UNTIDY: Final = frozenset({LeftoverKind.LOCAL_ADDRESS, LeftoverKind.SOURCES_IN_MAP})

AWAY: Final = {
    LeftoverKind.SECRET_FILE: "rm {}  # before what ships is packed; and name .env* in .dockerignore",
    LeftoverKind.GIT_FOLDER: "rm -r {}  # and name .git in .dockerignore",
    LeftoverKind.DEVELOPMENT_BUILD: "NODE_ENV=production npm run build",
    LeftoverKind.DEBUG_FLAG: 'DEBUG = os.environ.get("DEBUG") == "1"  # in {}',
    LeftoverKind.TEST_KEY: "set the live key for the production build ({})",
    LeftoverKind.TUNNEL_ADDRESS: "set the product's own address for the production build ({})",
    LeftoverKind.LOCAL_ADDRESS: "read the address from a variable, without a default ({})",
    LeftoverKind.SOURCES_IN_MAP: "build: {{ sourcemap: false }}  // or don't ship {}",
}


@check(
    "artefact-exposes-files",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until a stranger downloads your passwords.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
    ),
    when=(BUILD_IS_SAID,),
)
def artefact_exposes_files(shipped: ShippedFiles) -> Judgement:
    """What ships holds no file of secrets and no history of the code.

    ## Why it matters at launch
    A `.env` file or `.git` folder in what ships is one wrong server setting away from the public, and is in every copy
    of the image in any case. Robots ask for both within minutes of a new name.

    ## How to fix
    Leave them out where the output is put together, and add them to `.dockerignore` or the packer's list of exceptions.
    Revoke every key that stood in such a file.
    """
    return _leftovers(shipped, EXPOSING, "Leave these out of what ships, and revoke the keys in them")


@check(
    "artefact-leaks",
    impact=Impact.MAJOR,
    customer_sees="A payment form in test mode, a page full of the program's insides, or an address that is gone.",
    costs=(Cost.LEADS, Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/dev-prod-parity", "https://docs.stripe.com/keys"),
    when=(BUILD_IS_SAID,),
)
def artefact_leaks(shipped: ShippedFiles) -> Judgement:
    """What ships is made for customers: no debugging, no test keys, no addresses of a tunnel.

    ## Why it matters at launch
    With a test key every payment succeeds and no money comes. A development build is slow and shows its insides. The
    address of a tunnel to somebody's laptop is dead as soon as the laptop closes.

    ## How to fix
    Build with the production settings, and take keys and addresses from variables that differ between test and
    production.
    """
    return _leftovers(shipped, LEAKING, "Build for production, with production's keys and addresses")


@check(
    "artefact-untidy",
    impact=Impact.MINOR,
    confidence=Confidence.LIKELY,
    customer_sees="A request that never ends, because it goes to their own machine.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://12factor.net/config", "https://tc39.es/ecma426/"),
    when=(BUILD_IS_SAID,),
)
def artefact_untidy(shipped: ShippedFiles) -> Judgement:
    """What ships names no developer's machine and does not carry the sources that it was made from.

    ## Why it matters at launch
    An address such as `http://localhost:3000` works on the machine of whoever wrote it, and nowhere else; it may stand
    behind a condition, so look. Source maps with sources hand your code, comments included, to everybody.

    ## How to fix
    Read addresses from variables without a default for developers. Build without source maps, or send them to your
    error tracker instead of shipping them.
    """
    return _leftovers(shipped, UNTIDY, "Take these out of the production build")


def _leftovers(shipped: ShippedFiles, kinds: frozenset[LeftoverKind], do: str) -> Judgement:
    found = [one for one in shipped.leftovers if one.kind in kinds]
    if not found:
        return Pass()
    shown = tuple(map(_leftover, found[:SHOWN]))
    more = (f"{len(found) - SHOWN} more",) if len(found) > SHOWN else ()
    steps = dict.fromkeys(AWAY[one.kind].format(one.path) for one in found[:SHOWN])
    return Fail((*shown, *more), Fix(do, "\n".join(steps)))


def _leftover(one: Leftover) -> str:
    return f"{one.path}: {one.detail}"
