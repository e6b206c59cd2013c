"""What the product's logs hold, and what they are good for."""

from typing import Final

from launchready.facts.product_logs import ProductLogs
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check

LOGGING: Final = "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html"
MINIMISATION: Final = "https://eur-lex.europa.eu/eli/reg/2016/679/oj#art_5"

MAX_NAMED: Final = 6
"""Finds that are named; more say nothing more."""


@check(
    "private-words-in-log",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until somebody who may read logs reads what they told the bot.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(f"{LOGGING}#data-to-exclude", MINIMISATION),
)
def private_words_in_log(logs: ProductLogs) -> Judgement:
    """The logs hold nothing that a customer wrote: no message, no address, no password, no key, no card.

    ## Why it matters at launch
    Logs are copied to services, kept for months and read by everybody who mends things. What stands in them has left
    the product, and can't be deleted when a customer asks for it.

    ## How to fix
    Write lines from a list of allowed fields: request id, route, status, duration, keyed hashes of session and client,
    type and places of an exception. Leave out bodies, query strings, headers and the texts of exceptions.
    """
    if not logs.leaks:
        return Pass()
    named = tuple(
        f"{leak.what} stands in {leak.file}, line {leak.line} of what was added"
        + ("" if leak.spelling == "plain" else f", as {leak.spelling}")
        for leak in logs.leaks[:MAX_NAMED]
    )
    more = len(logs.leaks) - MAX_NAMED
    offenders = (*named, f"and {more} more") if more > 0 else named
    return Fail(offenders, Fix("Log from a list of allowed fields, and never what a customer wrote"))


@check(
    "logs-answer-nothing",
    impact=Impact.BLOCKER,
    customer_sees="A support that can't find out what happened to them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(f"{LOGGING}#event-attributes",),
)
def logs_answer_nothing(logs: ProductLogs) -> Judgement:
    """The logs tell which request failed, whose it was, and why.

    ## Why it matters at launch
    The first customers' errors happen once, and nobody watches. Without the id of the request, a mark of the visitor
    and the outcome in the log, a complaint can only be answered with an apology.

    ## How to fix
    Give each request an id, send it back as X-Request-Id, and write it into every line with a keyed hash of the session
    or the client, and with the status.
    """
    questions = logs.debugging
    if not logs.id_header:
        offenders: tuple[str, ...] = ("no response carries the id of its request, so no line can be found by it",)
    else:
        offenders = () if questions.which else (f"the id in {logs.id_header} of a failed request stands in no line",)
        if questions.which and not questions.who:
            offenders += ("the lines of one visitor share nothing that tells them from another's",)
        if questions.which and not questions.why:
            offenders += ("the line of a failed request holds neither its status nor an error",)
    if not offenders:
        return Pass()
    return Fail(offenders, Fix("Write request id, keyed hash of the visitor and status into every line"))


@check(
    "failed-logins-unrecorded",
    impact=Impact.MINOR,
    customer_sees="Nothing, while somebody tries passwords on their account.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(f"{LOGGING}#which-events-to-log",),
)
def failed_logins_unrecorded(logs: ProductLogs) -> Judgement:
    """The logs tell a log-in that failed from one that worked.

    ## Why it matters at launch
    Stolen passwords are tried on new products within days. Where failures can't be counted, nobody notices before the
    first account is opened.

    ## How to fix
    Answer a wrong password with 401, and log the status; or write a line of its own with the outcome, without the
    address or the password.
    """
    if logs.failed_login_told:
        return Pass()
    offender = "no line of the log tells the log-in that we let fail from one that works"
    return Fail((offender,), Fix("Log the outcome of each log-in, with a keyed hash in place of the address"))
