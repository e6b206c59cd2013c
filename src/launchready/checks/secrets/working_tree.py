"""Keys in files that lie in the working tree: what git would take next, what was built, what browsers get."""

from typing import Final

from launchready.checks.secrets.history import OWASP, live, sentence_of, source_places
from launchready.checks.secrets.providers import step_of
from launchready.facts.secrets import Exposure, LeakedKey, WorkingTreeSecrets
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, SourcePlace, check

_MOVE: Final = "Move each value to `.env`, have git ignore that file, and read it from the environment"


@check(
    "uncommitted-key-in-code",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until the next commit gives your key to everybody with the repository.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(OWASP,),
)
def uncommitted_key_in_code(tree: WorkingTreeSecrets) -> Judgement:
    """No file that the next commit can take, and no setting of git itself, holds a live key.

    ## Why it matters at launch
    What lies in the folder and is not ignored is committed sooner or later, by `git add .` or by a tool. Settings and
    hooks of git are copied with the folder: into backups, and into container images that copy everything.

    ## How to fix
    Move the value to a file that git ignores, and read it from the environment. In an address of a remote, leave the
    password out: git's credential store keeps it.
    """
    return _at(tree, _MOVE, Exposure.CHANGED, Exposure.UNTRACKED, Exposure.GIT_FOLDER)


@check(
    "key-in-build-output",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until somebody opens the files that your build made and takes your key from them.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://vite.dev/guide/env-and-mode", OWASP),
)
def key_in_build_output(tree: WorkingTreeSecrets) -> Judgement:
    """Nothing that was built holds a live key: no bundle, source map, package or image layer.

    ## Why it matters at launch
    A build puts values into files for good. Bundles and maps go to every browser, packages and images to every server
    and registry; who has the file has the key, and a later layer that deletes it takes nothing back.

    ## How to fix
    Find out how the value came in: a name that builders make public, a `define`, a copied `.env`. Read it on the server
    when it is needed, build again, and revoke the key where the built files have left this machine.
    """
    return _at(tree, "Take each value out of the build, and revoke the key if the files went anywhere", Exposure.BUILD)


@check(
    "key-behind-public-name",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until a stranger reads your key in the page's own scripts.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser",
        "https://vite.dev/guide/env-and-mode",
    ),
)
def key_behind_public_name(tree: WorkingTreeSecrets) -> Judgement:
    """No key of a server is given to a name that builders put into what browsers load.

    ## Why it matters at launch
    `NEXT_PUBLIC_`, `VITE_`, `REACT_APP_` and their like mean: copy this into the page. A key of a server under such a
    name is in the scripts of the next build, for everybody to read.

    ## How to fix
    Give the variable a name without that beginning, use it on the server only, and let the page call your server.
    Revoke the key if a build with it was ever online.
    """
    public = [
        (key, sorted({place.public_name for place in key.places if place.public_name})) for key in live(tree.keys)
    ]
    found = [(key, names) for key, names in public if names]
    if not found:
        return Pass()
    offenders = tuple(f"{', '.join(names)}: {sentence_of(key)}" for key, names in found)
    steps = [*(f"{name} → {_private(name)}" for _, names in found for name in names), *(step_of(k) for k, _ in found)]
    do = "Rename each variable, use it on the server only, and revoke the key if a build was online"
    return Fail(offenders, Fix(do, "\n".join(dict.fromkeys(steps))), source_places(key for key, _ in found))


@check(
    "env-file-tracked",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until somebody with a copy of the repository uses your passwords.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://12factor.net/config", OWASP),
)
def env_file_tracked(tree: WorkingTreeSecrets) -> Judgement:
    """No settings file with values of secrets, such as `.env`, is kept by git.

    ## Why it matters at launch
    Settings files are made to hold secrets. One that git keeps gives today's values to everybody with the repository,
    and tomorrow's too, as soon as somebody fills them in.

    ## How to fix
    Take the file out of git and have git ignore it; commit a `.env.example` with the names alone. Make new values for
    all that stood in it.
    """
    if not tree.settings:
        return Pass()
    offenders = tuple(f"{file.path} gives a value to {', '.join(file.secret_names)}" for file in tree.settings)
    paths = [file.path for file in tree.settings]
    commands = [*(f"git rm --cached '{path}'" for path in paths), *(f"echo '/{path}' >> .gitignore" for path in paths)]
    fix = Fix("Take the file out of git, and make new values for what stood in it", "\n".join(commands))
    return Fail(offenders, fix, tuple(SourcePlace(path) for path in paths))


def _at(tree: WorkingTreeSecrets, do: str, *exposures: Exposure) -> Judgement:
    found: list[LeakedKey] = [key for key in live(tree.keys) if key.at(*exposures)]
    if not found:
        return Pass()
    steps = dict.fromkeys(step_of(key) for key in found)
    return Fail(tuple(sentence_of(key) for key in found), Fix(do, "\n".join(steps)), source_places(found))


def _private(name: str) -> str:
    for prefix in (
        "NEXT_PUBLIC_",
        "NUXT_PUBLIC_",
        "EXPO_PUBLIC_",
        "REACT_APP_",
        "VUE_APP_",
        "GATSBY_",
        "PUBLIC_",
        "VITE_",
    ):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name
