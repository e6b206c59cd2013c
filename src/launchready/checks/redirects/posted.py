"""What programs post to must answer where it was asked: most of them follow no redirect."""

from typing import Final
from urllib.parse import urlsplit

from launchready.facts.redirects import Hop, PostAnswers, Posted, WebhookAnswers
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import HAS_POSTED_ENDPOINT, HAS_WEBHOOK
from launchready.model.reading import Measured
from launchready.model.subject import host_of

TURNS_INTO_GET: Final = frozenset({301, 302, 303})
"""Redirects after which browsers ask with GET, and without the body (Fetch standard, "HTTP-redirect fetch")."""


@check(
    "webhook-redirected",
    impact=Impact.BLOCKER,
    customer_sees="They paid, and nothing happens: the product never hears of it.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://docs.stripe.com/webhooks#fix-http-status-codes",),
    when=(HAS_WEBHOOK,),
)
def webhook_redirected(answers: WebhookAnswers) -> Judgement:
    """Each webhook answers a POST itself, at the address that the sender has.

    ## Why it matters at launch
    Payment companies post once and follow no redirect: to them a 301 is a failure. After some days of failures they
    switch the webhook off.

    ## How to fix
    Give the sender the final address, or take the webhook's path out of the redirect.
    """
    sent_on = [hop for hop in _seen(answers.posted) if 300 <= hop.status < 400]
    return _fail(sent_on, "Give the sender of events the address that answers") if sent_on else Pass()


@check(
    "post-redirected",
    impact=Impact.MAJOR,
    customer_sees="They press send, and the answer is an error.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.4.2",),
    when=(HAS_POSTED_ENDPOINT,),
)
def post_redirected(answers: PostAnswers) -> Judgement:
    """A POST to an API is answered there, or sent on with what it carries.

    ## Why it matters at launch
    After a 301 or 302, browsers ask again with GET and drop what was posted: a slash too many at the end of the
    address, and every question to the chat is lost.

    ## How to fix
    Call the final address. Where a redirect must stay, use 308 or 307, which keep the method and the body.
    """
    lost = [hop for hop in _seen(answers.posted) if hop.status in TURNS_INTO_GET and _is_same_path(hop)]
    return _fail(lost, "Call the address that answers, or redirect with 308") if lost else Pass()


def _seen(posted: tuple[Posted, ...]) -> list[Hop]:
    return [one.answer.value for one in posted if isinstance(one.answer, Measured)]


def _is_same_path(hop: Hop) -> bool:
    """Whether a redirect only puts the address right; an app that sends strangers to its log-in answers them."""
    before, after = urlsplit(hop.url).path, urlsplit(hop.location).path
    return bool(hop.location) and before.rstrip("/").lower() == after.rstrip("/").lower()


def _fail(hops: list[Hop], do: str) -> Fail:
    shown = tuple(
        f"POST {hop.url} answers {hop.status}" + (f" to {hop.location}" if hop.location else "") for hop in hops
    )
    better = "\n".join(hop.location for hop in hops if _is_same_path(hop) and hop.location.startswith("https://"))
    first = hops[0].url
    rule = f"nginx: location = {urlsplit(first).path or '/'} {{ proxy_pass http://YOUR_APP; }}  # before any redirect"
    return Fail(shown, Fix(do, better) if better else Fix(f"Let {host_of(first)} answer {first} itself", rule))
