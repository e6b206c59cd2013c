"""Keys in what the live site gives to every visitor."""

from collections.abc import Iterable
from typing import Final

from launchready.checks.secrets.history import OWASP, live, sentence_of
from launchready.checks.secrets.providers import PROVIDERS, step_of
from launchready.facts.secrets import LeakedKey, MapSecrets, RepositorySecrets, ServedSecrets
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.fact import Each

FOR_BROWSERS_TOO: Final = frozenset({"gcp"})
"""Providers of whose keys some are made for pages, and look like the others: a map needs one, a model must not."""

DATABASES: Final = ("postgres", "mysql", "mongodb", "redis", "amqp")

_DO: Final = "Revoke each key now, call the provider from your server, and build again without the value"


@check(
    "secret-served-to-browsers",
    impact=Impact.BLOCKER,
    customer_sees="A page that works, with your key in its scripts for everybody who looks.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(OWASP, "https://vite.dev/guide/env-and-mode"),
)
def secret_served_to_browsers(served: ServedSecrets) -> Judgement:
    """Nothing that the site gives to browsers holds a key of a server: no page, no script, no chunk loaded later.

    ## Why it matters at launch
    Every visitor gets these files, and robots read them for keys all day. Whoever has the key spends your money, reads
    your customers' data or writes mail in your name, and advertisements only bring more people to the page.

    ## How to fix
    Revoke the key first. Then let the page call your own server, and let that one call the provider with a key that
    never leaves it. Take the value out of names that builders make public, and build again.
    """
    return _judged(served.keys, served.files_read)


@check(
    "secret-in-source-map",
    impact=Impact.BLOCKER,
    customer_sees="A page that works, with your key in the source code behind it for everybody who looks.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(OWASP, "https://tc39.es/ecma426/"),
)
def secret_in_source_map(maps: MapSecrets) -> Judgement:
    """No source map that the site gives away holds a key of a server.

    ## Why it matters at launch
    A map holds the source code as it was written, also what the bundle left out. Browsers' tools open it by
    themselves, and so do robots that look for keys.

    ## How to fix
    Revoke the key first. Then take it out of the code, and don't publish the maps: build without them, or give them to
    your error tracker only.
    """
    return _judged(maps.keys, maps.maps_read)


@check(
    "one-key-in-code-and-page",
    impact=Impact.MAJOR,
    customer_sees="A page that works, with your key in its scripts for everybody who looks.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(OWASP,),
    confidence=Confidence.CERTAIN,
    explains=("leaked-key-in-history", "secret-served-to-browsers", "secret-in-source-map"),
)
def one_key_in_code_and_page(pages: Each[ServedSecrets], repository: Each[RepositorySecrets]) -> Judgement:
    """No key of a server goes from the repository into what browsers load.

    ## Why it matters at launch
    The same key in the code and on the page is one leak with one cause: the build takes it from the code. Revoking it
    without mending the build puts the next one there too.

    ## How to fix
    Revoke the key, read the new one from the server's environment, and take the line that brought it out of the code;
    the commit is named. Then build again.
    """
    inside = {key.fingerprint: key for _, fact in repository for key in live(fact.keys)}
    outside = {key.fingerprint: key for _, fact in pages for key in _of_servers(fact.keys)}
    both = sorted(inside.keys() & outside.keys())
    if not both:
        return Pass()
    offenders = tuple(f"{sentence_of(inside[one])}; served in {_served_in(outside[one])}" for one in both)
    return Fail(offenders, Fix(_DO, "\n".join(dict.fromkeys(step_of(inside[one]) for one in both))))


def _judged(keys: Iterable[LeakedKey], read: int) -> Judgement:
    found = _of_servers(keys)
    if found:
        steps = dict.fromkeys(step_of(key) for key in found)
        return Fail(tuple(sentence_of(key) for key in found), Fix(_DO, "\n".join(steps)))
    return Pass() if read else NotApplicable("the host gives browsers nothing of this kind")


def _of_servers(keys: Iterable[LeakedKey]) -> list[LeakedKey]:
    """Those that no page needs. What only may be a secret is left out, for pages are full of random values."""
    return [key for key in live(keys) if key.provider not in FOR_BROWSERS_TOO and _is_known(key)]


def _is_known(key: LeakedKey) -> bool:
    return key.provider in PROVIDERS or key.provider.startswith(DATABASES)


def _served_in(key: LeakedKey) -> str:
    return ", ".join(dict.fromkeys(place.path for place in key.places[:3]))
