"""Whose pages may read what a host answers (the Fetch standard's CORS, https://fetch.spec.whatwg.org/)."""

import json
from collections.abc import Iterator
from typing import Final

from launchready.facts.cors import Asking, CorsAnswer, CorsMatrix, CorsTry, OriginKind
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import ORIGINS_ARE_SAID
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.fetch_cors import may_read, may_send
from launchready.parse.rfc9110 import CLIENT_ERROR
from launchready.parse.rfc9111 import parse_cache_control

STRANGERS: Final = frozenset({OriginKind.STRANGER, OriginKind.NULL, OriginKind.PREFIX, OriginKind.SUFFIX})
"""Origins that anybody can have."""


Seen = tuple[CorsTry, CorsAnswer]
"""A try with its answer."""


@check(
    "cors-lets-strangers-in",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, while any page they visit can read what they can: their chats, their data.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://fetch.spec.whatwg.org/#concept-cors-check",
        "https://portswigger.net/web-security/cors",
    ),
)
def cors_lets_strangers_in(host: Host, matrix: CorsMatrix) -> Judgement:
    """No stranger's page may read answers with a visitor's log-in.

    ## Why it matters at launch
    A host that sends back whatever Origin it is asked with, and allows credentials, shows every logged-in customer's
    data to any page that the customer happens to open. FastAPI and Starlette do so when `*` and credentials are both
    set.

    ## How to fix
    List the origins that may call, each as a whole text. Never build the answer from the question, and never list null.
    """
    let_in = [
        one
        for one, answer in _seen(matrix, Asking.REAL)
        if one.kind in STRANGERS and may_read(one.origin, answer.headers, with_credentials=True)
    ]
    if not let_in:
        return Pass()
    offenders = tuple(f"{one.url} lets {one.origin} ({one.kind.value}) read it with the log-in" for one in let_in)
    return Fail(offenders, _fix(host))


@check(
    "cors-any-origin",
    impact=Impact.MAJOR,
    customer_sees="Nothing; others put your chat on their pages, and you pay for the answers.",
    costs=(Cost.REFUNDS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://fetch.spec.whatwg.org/#concept-cors-check",),
    when=(ORIGINS_ARE_SAID,),
)
def cors_any_origin(host: Host, matrix: CorsMatrix) -> Judgement:
    """Only the declared origins may read what the API answers.

    ## Why it matters at launch
    What pages of others may read, they can use: at your cost where a model answers, and from a forgotten subdomain or
    over plain http with your customers' log-in where credentials are allowed.

    ## How to fix
    List the origins that are declared, and no pattern or star.
    """
    front = f"https://{host.name}/"
    let_in = [
        one
        for one, answer in _seen(matrix, Asking.REAL)
        if one.kind is not OriginKind.INTENDED
        and one.url != front
        and may_read(one.origin, answer.headers, with_credentials=False)
        and not (one.kind in STRANGERS and may_read(one.origin, answer.headers, with_credentials=True))
    ]
    if not let_in:
        return Pass()
    offenders = tuple(f"{one.url} lets {one.origin} ({one.kind.value}) read it" for one in let_in)
    return Fail(offenders, _fix(host))


@check(
    "cors-blocks-own-app",
    impact=Impact.BLOCKER,
    customer_sees="The app opens and does nothing: no answers, no data, and no word why.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://fetch.spec.whatwg.org/#concept-cors-check",
        "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    ),
)
def cors_blocks_own_app(host: Host, matrix: CorsMatrix) -> Judgement:
    """The pages that are declared to call this host may read its answers.

    ## Why it matters at launch
    It works on one machine, where all is one origin. In production the page and the API have two, and browsers throw
    the answer away unless the API names the page's origin, before the request and with it.

    ## How to fix
    Add the origin that is named to the API's list, exactly so: scheme, host, no path and no slash at the end.
    """
    real, before = list(_intended(matrix, Asking.REAL)), list(_intended(matrix, Asking.PREFLIGHT))
    if not any(one.kind is OriginKind.INTENDED for one in matrix.tries):
        return NotApplicable(f"no page of another origin is declared to call {host.name}")
    offenders = [
        *(f"{one.url}: a page of {one.origin} can't send {one.method}" for one, a in before if not _may_send(one, a)),
        *(f"{one.url}: a page of {one.origin} can't read the answer" for one, a in real if not _may_read(one, a)),
        *(
            f"{one.url}: a page of {one.origin} can't read the answer to a request with a log-in, for * is sent"
            for one, answer in real
            if _is_star_with_credentials(answer)
        ),
    ]
    return Fail(tuple(offenders), _fix(host)) if offenders else Pass()


@check(
    "cors-missing-on-errors",
    impact=Impact.MINOR,
    customer_sees="“Network error”, where the API said what is wrong.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://fetch.spec.whatwg.org/#concept-cors-check",),
)
def cors_missing_on_errors(host: Host, matrix: CorsMatrix) -> Judgement:
    """Errors, too, can be read by the pages that are declared to call this host.

    ## Why it matters at launch
    When the API says “log in again” or “too long”, the page must be able to read it. Without the header on errors, it
    sees a failed connection, and so does whoever looks for the cause.

    ## How to fix
    Put the CORS layer outside of what makes errors; in nginx, write `always` behind the header.
    """
    readable = {(one.url, one.origin) for one, answer in _intended(matrix, Asking.REAL) if _may_read(one, answer)}
    errors = [
        (one, answer)
        for one, answer in _intended(matrix, Asking.ERROR)
        if answer.status >= CLIENT_ERROR and (one.url, one.origin) in readable
    ]
    if not any(one.kind is OriginKind.INTENDED for one in matrix.tries):
        return NotApplicable(f"no page of another origin is declared to call {host.name}")
    hidden = [(one, answer) for one, answer in errors if not _may_read(one, answer)]
    if not hidden:
        return Pass()
    offenders = tuple(f"{one.url}: a page of {one.origin} can't read status {answer.status}" for one, answer in hidden)
    paste = "add_header Access-Control-Allow-Origin $allowed_origin always;\nadd_header Vary Origin always;"
    return Fail(offenders, Fix("Send the same CORS headers with errors", paste))


@check(
    "cors-vary-missing",
    impact=Impact.MAJOR,
    customer_sees="Now and then the app does nothing until the browser's memory is cleared.",
    costs=(Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=5,
    sources=("https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",),
)
def cors_vary_missing(host: Host, matrix: CorsMatrix) -> Judgement:
    """Answers that depend on who asks say so to caches.

    ## Why it matters at launch
    A cache that keeps the answer for one page gives it to the next one, which may not read it. It looks like a fault
    that comes and goes, and nobody can repeat it.

    ## How to fix
    Send `Vary: Origin` with every answer whose Access-Control-Allow-Origin is not always the same, also where it is
    missing.
    """
    urls = dict.fromkeys(one.url for one in matrix.tries)
    mixed = [url for url in urls if _depends_unsaid([a for one, a in _seen(matrix, Asking.REAL) if one.url == url])]
    if not mixed:
        return Pass()
    offenders = tuple(f"{url} names the origin that asked, may be kept, and has no Vary: Origin" for url in mixed)
    return Fail(offenders, Fix(f"Send this with every answer of {host.name}'s API", "Vary: Origin"))


def _seen(matrix: CorsMatrix, asking: Asking) -> Iterator[Seen]:
    """The tries of one kind that were answered."""
    for one in matrix.tries:
        if one.asking is asking and isinstance(one.answer, Measured):
            yield one, one.answer.value


def _intended(matrix: CorsMatrix, asking: Asking) -> Iterator[Seen]:
    return ((one, answer) for one, answer in _seen(matrix, asking) if one.kind is OriginKind.INTENDED)


def _may_read(one: CorsTry, answer: CorsAnswer) -> bool:
    return may_read(one.origin, answer.headers, with_credentials=False)


def _may_send(one: CorsTry, answer: CorsAnswer) -> bool:
    return may_send(
        one.origin, answer.status, answer.headers, method=one.method, names=one.names, with_credentials=False
    )


def _is_star_with_credentials(answer: CorsAnswer) -> bool:
    """Browsers refuse the star once a log-in went along, and the header says that one is meant to."""
    return answer.headers.allow_origin == ("*",) and answer.headers.allow_credentials == ("true",)


def _depends_unsaid(answers: list[CorsAnswer]) -> bool:
    """Whether answers to several origins differ, may be kept for a while, and don't say what they depend on."""
    kept = [answer for answer in answers if answer.status < CLIENT_ERROR and _is_kept(answer)]
    said = all({"origin", "*"} & set(answer.vary) for answer in kept)
    return len({answer.headers.allow_origin for answer in kept}) > 1 and not said


def _is_kept(answer: CorsAnswer) -> bool:
    """Whether a cache may reuse the answer without asking (RFC 9111 section 4.2)."""
    said = parse_cache_control(answer.cache_control)
    return not said.no_store and not said.no_cache and bool(said.max_age_s or said.s_maxage_s)


def _fix(host: Host) -> Fix:
    """The list that is declared, for the two frameworks that most chat products are made with."""
    if not host.allowed_origins:
        do = f"Send no Access-Control headers from {host.name}: no page of another origin is declared to call it"
        return Fix(do, "FastAPI: delete app.add_middleware(CORSMiddleware, …)\nExpress: delete app.use(cors(…))")
    origins = json.dumps(list(host.allowed_origins))
    paste = (
        f"FastAPI: app.add_middleware(CORSMiddleware, allow_origins={origins}, allow_credentials=True, "
        f'allow_methods=["*"], allow_headers=["*"])\nExpress: app.use(cors({{ origin: {origins}, credentials: true }}))'
    )
    return Fix("Allow these origins, each compared as a whole text", paste)
