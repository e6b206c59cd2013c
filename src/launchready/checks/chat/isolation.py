"""Whether customers stay apart."""

from typing import Final

from launchready.facts.isolation import TenantIsolation, Way
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check

OBJECT_LEVEL: Final = "https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/"
SESSION_ENTROPY: Final = (
    "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#session-id-entropy"
)
DISCLOSURE: Final = "https://genai.owasp.org/llm-top-10/"

MIN_ID_BITS: Final = 64
"""Least chance in a session's id, in bits (OWASP, session management: 64 bits of entropy)."""

FIXES: Final = {
    Way.OWN_PAGE: "the list of talks is not filtered by its owner",
    Way.BY_ID: "whoever knows an id reads the talk",
    Way.SESSION_IN_MESSAGE: "the session is taken from what the client sends",
    Way.SAME_MESSAGE_ID: "answers are looked up by the message id alone",
    Way.PROMPT: "the model is given another customer's words",
}


@check(
    "talk-of-another-customer",
    impact=Impact.BLOCKER,
    customer_sees="What another customer told your bot, or their own words on somebody else's screen.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=(OBJECT_LEVEL, DISCLOSURE),
)
def talk_of_another_customer(isolation: TenantIsolation) -> Judgement:
    """One customer's words never come back to another: not by id, not by API, not by asking the bot.

    ## Why it matters at launch
    People tell a coaching bot what they tell nobody else. One answer with another customer's words ends the trust of
    both, and in most countries has to be reported within days.

    ## How to fix
    Let every query for talks, messages and answers name the customer of the log-in as well, and never one from the
    request. Give the model the asking customer's history alone.
    """
    if not isolation.bleeds:
        return Pass()
    offenders = tuple(f"by {bleed.way.value}: {bleed.where} ({FIXES[bleed.way]})" for bleed in isolation.bleeds)
    do = "Look up talks and answers by the customer of the log-in, whatever id comes with the request"
    return Fail(offenders, Fix(do, "WHERE id = :id AND customer_id = :logged_in_customer"))


@check(
    "session-id-guessable",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="A stranger in their talk, who only had to count.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(SESSION_ENTROPY,),
)
def session_id_guessable(isolation: TenantIsolation) -> Judgement:
    """Ids of sessions and talks can't be guessed.

    ## Why it matters at launch
    Where the id of a session is a number that counts up, or short, whoever tries some finds other people's. Filters by
    owner are forgotten in one place or another; an id that nobody can guess is the second lock.

    ## How to fix
    Make ids from at least 128 random bits, such as UUID version 4, and bind them to the log-in or a cookie.
    """
    if not isolation.ids:
        return NotApplicable("The product gave no id of a session or a talk that could be seen.")
    offenders = tuple(
        f"{one.where} counts up from one customer to the next"
        if one.counts_up
        else f"{one.where} holds {one.bits} bits of chance at most; {MIN_ID_BITS} is the least"
        for one in isolation.ids
        if one.counts_up or one.bits < MIN_ID_BITS
    )
    if not offenders:
        return Pass()
    return Fail(offenders, Fix("Make ids of sessions and talks from 128 random bits", "secrets.token_urlsafe(16)"))
