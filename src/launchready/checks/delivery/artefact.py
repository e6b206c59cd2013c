"""What lies in what ships, and should not."""

from typing import Final

from launchready.facts.build import Leftover, LeftoverKind, ShippedFiles
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import BUILD_IS_SAID

SHOWN: Final = 12
"""Things that are named; more of them have the same cause as a rule."""

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
