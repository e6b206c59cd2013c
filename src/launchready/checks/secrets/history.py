"""Keys in the repository, in every version of every file."""

from collections.abc import Iterable
from typing import Final

from launchready.checks.secrets.providers import provider_of, step_of
from launchready.facts.secrets import Exposure, LeakedKey, Place, RepositorySecrets
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, SourcePlace, check

PLACES_SHOWN: Final = 3
"""Places that are named of one key: enough to find it; the first step is to revoke it, not to hunt every copy."""

COMMIT_CHARS: Final = 12
"""Characters of a commit that are shown: unique even in the Linux kernel's history."""

IN_FILES: Final = frozenset({Exposure.HEAD, Exposure.BRANCH, Exposure.HISTORY, Exposure.CHANGED, Exposure.UNTRACKED})
"""Exposures of files that belong to the repository, now or once; a reader of code can be led to these."""

OWASP: Final = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"

REVOKE_FIRST: Final = "Revoke each key at its provider first, then store the new one in the platform's secret store"


@check(
    "leaked-key-in-history",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until a stranger spends your money or reads your customers' data with your key.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(OWASP,),
)
def leaked_key_in_history(secrets: RepositorySecrets) -> Judgement:
    """No version of any file in the repository holds a live key.

    ## Why it matters at launch
    A key that was committed once stays in the history, also after the file was deleted: everybody with a copy of the
    repository, now or later, can use it. Robots find keys in public repositories within minutes.

    ## How to fix
    Revoke the key at its provider first; that alone makes it harmless. Then give the product a new one through the
    platform's secret store, and name the dead one in `accepted-secrets.toml` with the reason and an end. Rewriting the
    history comes last and is optional once the key is dead.
    """
    return judged(live(secrets.keys), REVOKE_FIRST)


@check(
    "possible-key-in-history",
    impact=Impact.MINOR,
    customer_sees="Nothing, until a stranger uses what may be a password of yours.",
    costs=(Cost.REFUNDS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(OWASP,),
    confidence=Confidence.LIKELY,
)
def possible_key_in_history(secrets: RepositorySecrets) -> Judgement:
    """No version of any file gives a random value to a name that calls itself secret.

    ## Why it matters at launch
    Many secrets have no form of their own: a signing key, a password that you chose. Their names give them away, and
    whoever reads the repository reads them too.

    ## How to fix
    Look at each value. Is it used anywhere, make a new one and keep that in the platform's secret store. Does it open
    nothing, name it in `accepted-secrets.toml` with the reason and an end.
    """
    found = [key for key in secrets.keys if key.is_live and not key.is_certain and not key.is_accepted]
    return judged(found, "Look at each value; where it is used, make a new one and keep it in the secret store")


def live(keys: Iterable[LeakedKey]) -> list[LeakedKey]:
    """Those that open something and that nobody answers for."""
    return [key for key in keys if key.is_live and key.is_certain and not key.is_accepted]


def judged(keys: list[LeakedKey], do: str) -> Judgement:
    """A pass without keys; else a failure that names each, and whose paste is the steps at the providers."""
    if not keys:
        return Pass()
    fix = Fix(do, "\n".join(dict.fromkeys(map(step_of, keys))))
    return Fail(tuple(sentence_of(key) for key in keys), fix, source_places(keys))


def source_places(keys: Iterable[LeakedKey]) -> tuple[SourcePlace, ...]:
    """The files and lines of keys; of a packed file, the file alone."""
    found = [place for key in keys for place in key.places if place.exposure in IN_FILES and place.path[:1] != "("]
    opened = [(place.path.partition("!"), place.line) for place in found]
    return tuple(dict.fromkeys(SourcePlace(file, 0 if inside else line) for (file, inside, _), line in opened))


def sentence_of(key: LeakedKey) -> str:
    """Whose key it is, its fingerprint, where it is, and whether somebody's word for it is over."""
    shown = [_named(place) for place in key.places[:PLACES_SHOWN]]
    more = key.place_count - len(shown)
    others = f" and {more} more" if more > 0 else ""
    hint = f" {key.hint}…" if key.hint else ""
    over = f"; it was accepted until {key.accepted.until}" if key.accepted is not None else ""
    return f"{provider_of(key).name} key{hint} ({key.fingerprint}) in {', '.join(shown)}{others}{over}"


def _named(place: Place) -> str:
    where = f"{place.path}:{place.line}" if place.line else place.path
    return f"{place.commit[:COMMIT_CHARS]}:{where}" if place.commit else where
