"""The way from sign-up to the first answer, as one visitor walked it."""

from typing import Final
from urllib.parse import urlsplit

from launchready.facts.journeys import SignupWalk, StepName
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.product import Product
from launchready.model.subject import Journey, host_of

WHERE_TO_LOOK: Final = {
    StepName.SIGN_UP: "Sign up yourself, in a private window, and read the product's log of that moment",
    StepName.MAIL: "Look for the message in your mail service's activity: refused, deferred, or never handed over",
    StepName.CONFIRM: "Let the link in the mail lead to the live product, and keep it working for a day",
    StepName.LOG_IN: "Log in yourself with a fresh account, and read the product's log of that moment",
    StepName.ASK: "Ask the question yourself, and read the product's log and your model provider's status",
}
"""Where the cause of a broken step shows."""


@check(
    "signup-journey-broken",
    impact=Impact.BLOCKER,
    customer_sees="They can't get in: somewhere between signing up and the first answer it ends.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=("https://sre.google/sre-book/monitoring-distributed-systems/",),
    explains=("visitors-together-fail",),
)
def signup_journey_broken(journey: Journey, walk: SignupWalk) -> Judgement:
    """A visitor can sign up, confirm by mail, log in and get an answer.

    ## Why it matters at launch
    This is what the advertisement pays for. Each visitor who stops on the way was paid for and is lost.

    ## How to fix
    Mend the step that is named, then walk the whole way again: the steps behind it were not seen.
    """
    step = walk.broken_at
    if step is None:
        return Pass()
    start = {StepName.LOG_IN: journey.login, StepName.ASK: journey.chat}.get(step.name, journey.signup)
    return Fail((f"{step.name.value}: {step.detail}",), Fix(WHERE_TO_LOOK[step.name], start))


@check(
    "verification-link-wrong-host",
    impact=Impact.BLOCKER,
    customer_sees="The link in your mail leads to a page that they can't open.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://12factor.net/config",),
    explains=("signup-journey-broken", "visitors-together-fail"),
)
def verification_link_wrong_host(product: Product, journey: Journey, walk: SignupWalk) -> Judgement:
    """The link in the sign-up mail leads to the live product, over https.

    ## Why it matters at launch
    A mail that was written with the address of a laptop or of the staging server looks right to who sent it and dead to
    everybody else. No new customer can confirm.

    ## How to fix
    Set the product's public base URL in the production environment; the address must not come from the request or from
    a default.
    """
    if not walk.mail_links:
        return NotApplicable("no mail with a confirmation link was received")
    link = walk.mail_links[0]
    parts, right = urlsplit(link), host_of(journey.signup)
    declared = {host.name for host in product.hosts}
    if parts.scheme == "https" and host_of(link) in declared:
        return Pass()
    what = "without https" if host_of(link) in declared else "on a host that is not declared"
    do = "Set the product's public base URL in the production environment"
    return Fail((f"the mail's link leads to {link}, {what}",), Fix(do, f"https://{right}"))
