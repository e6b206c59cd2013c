"""What strangers see when something breaks."""

from collections.abc import Iterator

from launchready.facts.errors import BadRequests, MissingPage
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.error_page import Leak, Mark

PASTE = {
    "Django": "DEBUG = False\nALLOWED_HOSTS = [{host!r}]",
    "Flask": "FLASK_DEBUG=0   # and start it with gunicorn, not with `flask run --debug` or app.run(debug=True)",
    "Starlette": "app = FastAPI(debug=False)",
    "Rails": "RAILS_ENV=production",
    "Laravel": "APP_ENV=production\nAPP_DEBUG=false",
    "Symfony": "APP_ENV=prod\nAPP_DEBUG=0",
    "ASP.NET": "ASPNETCORE_ENVIRONMENT=Production",
    "Next.js": "npm run build && npm run start   # not `npm run dev`",
    "Vite": "npm run build   # and serve the folder dist, not `npm run dev`",
    "JavaScript": "NODE_ENV=production",
    "PHP": "display_errors = Off\nlog_errors = On",
}
"""What switches it off, by the first word of who wrote the page; each from the framework's own manual."""


@check(
    "debug-mode-on",
    impact=Impact.BLOCKER,
    customer_sees="Pages for developers, with your code, your settings, and sometimes a place to type commands.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://cwe.mitre.org/data/definitions/489.html",
        "https://docs.djangoproject.com/en/stable/ref/settings/#debug",
        "https://werkzeug.palletsprojects.com/en/stable/debug/",
    ),
)
def debug_mode_on(host: Host, missing: MissingPage, bad: BadRequests) -> Judgement:
    """The product does not run in the mode for developers.

    ## Why it matters at launch
    Debug pages show code, settings and variables to whoever finds an error. Some run what is typed into them, which
    hands over the server.

    ## How to fix
    Switch the mode off where the product is started, with the setting that is named, and start it anew.
    """
    return _judge(host, [(url, mark) for url, mark in _all(missing, bad) if mark.leak is Leak.DEBUG_PAGE])


@check(
    "stack-trace-shown",
    impact=Impact.MAJOR,
    customer_sees="Lines of code where a sentence should be.",
    costs=(Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://cwe.mitre.org/data/definitions/209.html",
        "https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",
    ),
)
def stack_trace_shown(host: Host, missing: MissingPage, bad: BadRequests) -> Judgement:
    """Errors show a sentence, and no code, query or key.

    ## Why it matters at launch
    Customers take it for the end of the product. Others read from it which versions, paths and tables there are.

    ## How to fix
    Catch what is not handled in one place, log it there with an id, and answer with a sentence and that id.
    """
    return _judge(host, [(url, mark) for url, mark in _all(missing, bad) if mark.leak is not Leak.DEBUG_PAGE])


def _all(missing: MissingPage, bad: BadRequests) -> Iterator[tuple[str, Mark]]:
    """What is shown, with where and after what. A debug page holds all else, so it stands for it."""
    seen = ((f"{r.url} ({r.what})", r.answer.value) for r in bad.requests if isinstance(r.answer, Measured))
    answers = ((where, answer.marks) for where, answer in seen)
    for where, marks in ((f"{missing.transfer.url} (a page that does not exist)", missing.marks), *answers):
        pages = [mark for mark in marks if mark.leak is Leak.DEBUG_PAGE]
        yield from ((where, mark) for mark in pages[:1] or marks)


def _judge(host: Host, found: list[tuple[str, Mark]]) -> Judgement:
    if not found:
        return Pass()
    offenders = tuple(dict.fromkeys(f"{where} shows a {mark.leak.value} of {mark.of}" for where, mark in found))
    paste = "\n".join(dict.fromkeys(_paste(mark, host) for _, mark in found)).strip()
    return Fail(offenders, Fix("Answer errors with a sentence of your own, and keep the rest for the log", paste))


def _paste(mark: Mark, host: Host) -> str:
    known = next((text for word, text in PASTE.items() if mark.of.startswith(word)), "")
    return known.format(host=host.name)
