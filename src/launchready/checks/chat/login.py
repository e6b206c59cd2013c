"""How the log-in meets somebody who guesses."""

from typing import Final

from launchready.facts.endpoints import LoginBurst
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.subject import Endpoint
from launchready.parse.rfc9110 import TOO_MANY_REQUESTS

RULE: Final = "5 failures per account in 15 minutes; 50 per client address; then 429 with Retry-After"


@check(
    "login-unlimited",
    impact=Impact.BLOCKER,
    customer_sees="A stranger in their account, after guessing their password, or a log-in that a stranger locked.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(
        "https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#account-lockout",
        "https://www.rfc-editor.org/rfc/rfc6585#section-4",
    ),
)
def login_unlimited(endpoint: Endpoint, burst: LoginBurst) -> Judgement:
    """The log-in slows down guessing, and no other customer feels it.

    ## Why it matters at launch
    Lists of stolen passwords are tried on every new log-in page within days. Without a limit some of your customers'
    accounts open; with a limit for everybody at once, one attacker locks all of them out.

    ## How to fix
    Count failures per account, and more generously per client address, over some minutes, and answer 429 with
    Retry-After. Successful log-ins don't count.
    """
    tried = len(burst.statuses)
    if burst.throttled_after is None:
        offenders = [
            f"{endpoint.url} let {tried} of {tried} wrong passwords for one account through, and never said 429"
        ]
    elif burst.bystander_status == TOO_MANY_REQUESTS:
        offenders = [f"after {burst.throttled_after} wrong passwords {endpoint.url} refuses another account, too"]
        offenders += [] if burst.says_when else ["the refusal does not say when to try again (no Retry-After)"]
    else:
        return Pass()
    return Fail(tuple(offenders), Fix("Limit failed log-ins per account, and per client address well above that", RULE))
