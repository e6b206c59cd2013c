"""How the product's public doors meet somebody who does not stop."""

from typing import Final

from launchready.facts.limits import Burst, ChatBurst, LeadBurst, SignupBurst
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Endpoint, Journey
from launchready.parse.rfc9110 import SERVER_ERROR, TOO_MANY_REQUESTS

RFC_6585: Final = "https://www.rfc-editor.org/rfc/rfc6585#section-4"
UNBOUNDED: Final = "https://genai.owasp.org/llm-top-10/"
RESOURCES: Final = "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/"
FORWARDED: Final = "https://www.rfc-editor.org/rfc/rfc7239#section-8.1"

CHAT_RULE: Final = "20 messages a minute per session; then 429 with Retry-After, before the model is asked"
FORM_RULE: Final = "30 requests in 10 minutes per client address; then 429 with Retry-After"


@check(
    "chat-unlimited",
    impact=Impact.BLOCKER,
    customer_sees="A chat that has used up your model's quota on one stranger, and answers nobody.",
    costs=(Cost.AD_SPEND, Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(UNBOUNDED, RFC_6585, FORWARDED),
)
def chat_unlimited(journey: Journey, chat: ChatBurst) -> Judgement:
    """The chat slows down a customer who does not stop, says when to try again, and answers all others.

    ## Why it matters at launch
    Each message costs you money at the model's provider. Without a limit one script spends a month's budget in a night,
    or uses up the quota that all customers share; a limit that counts everybody together lets it silence them all.

    ## How to fix
    Count messages per session in front of the call to the model, and answer 429 with Retry-After. Take no client's
    word for its address: of X-Forwarded-For count only what your own proxies wrote.
    """
    offenders = _offenders(chat.burst, journey.chat, "messages of one customer")
    is_refused = chat.bystander_status == TOO_MANY_REQUESTS or chat.bystander_status >= SERVER_ERROR
    if chat.burst.throttled_after is not None and is_refused:
        offenders += (f"after {chat.burst.throttled_after} messages of one customer {journey.chat} refuses another",)
    return _judged(offenders, Fix("Limit the chat per session, before the model is asked", CHAT_RULE))


@check(
    "signup-unlimited",
    impact=Impact.BLOCKER,
    customer_sees="Your mail in the spam folder, after robots signed up a thousand strangers.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(RESOURCES, RFC_6585, FORWARDED),
)
def signup_unlimited(journey: Journey, signup: SignupBurst) -> Judgement:
    """The sign-up takes a number of accounts from one place, and no more.

    ## Why it matters at launch
    Every sign-up sends a mail in your name. Robots use open forms to flood strangers, whose complaints put your domain
    on lists, and then the confirmation of a paying customer lands in spam, too.

    ## How to fix
    Count sign-ups per client address over some minutes, and answer 429 with Retry-After. Take no client's word for its
    address: of X-Forwarded-For count only what your own proxies wrote.
    """
    offenders = _offenders(signup.burst, journey.signup, "sign-ups")
    return _judged(offenders, Fix("Limit sign-ups per client address", FORM_RULE))


@check(
    "lead-form-unlimited",
    impact=Impact.BLOCKER,
    customer_sees="No answer to their message, which lies under a thousand others that a robot wrote.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(RESOURCES, RFC_6585, FORWARDED),
)
def lead_form_unlimited(endpoint: Endpoint, lead: LeadBurst) -> Judgement:
    """The form that writes to you takes a number of messages from one place, and no more.

    ## Why it matters at launch
    Robots find such a form within days. Without a limit their messages bury those of people whom your advertisement
    brought, and fill your mailbox until it takes none.

    ## How to fix
    Count messages per client address over some minutes, and answer 429 with Retry-After. Take no client's word for its
    address: of X-Forwarded-For count only what your own proxies wrote.
    """
    if lead.burst is None:
        return NotApplicable(f"{endpoint.url} shows no form that writes to you and works without scripts.")
    offenders = _offenders(lead.burst, endpoint.url, "messages through the form")
    return _judged(offenders, Fix("Limit the form per client address", FORM_RULE))


def _offenders(burst: Burst, url: str, what: str) -> tuple[str, ...]:
    sent = len(burst.statuses)
    if burst.throttled_after is None:
        return (f"{url} took {sent} of {sent} {what} in a row, and never said 429",)
    silent = () if burst.says_when else (f"{url} answers 429 and does not say when to try again (no Retry-After)",)
    return silent + tuple(f"{url} lets a throttled visitor through again who sends {name}" for name in burst.escapes)


def _judged(offenders: tuple[str, ...], fix: Fix) -> Judgement:
    return Fail(offenders, fix) if offenders else Pass()
