"""What stands between the internet and the product: its limits, its places and its purse."""

import logging

from starlette.responses import Response
from starlette.types import Scope

from coachbot.rendering import Renderer
from coachbot.sessions import COOKIE
from coachbot.settings import Settings
from launchready_guard.chat_guard import GuardSettings
from launchready_guard.error_bodies import Refusal, Render, sentence
from launchready_guard.ladder import Attempt, Report
from launchready_guard.limiting import Per, Rate, Rule
from launchready_guard.metrics import Metrics
from launchready_guard.request_id import request_id_of
from launchready_guard.spend import Cap, Price, Spend
from launchready_guard.store import Store

MAX_BODY_BYTES = 64 * 1024
"""Largest request: a message of 2,000 characters, percent-encoded, with room."""

CHAT_PER_SESSION = Rate(20, 60, Per.SESSION)
"""Questions a minute of one customer: more than anybody types. Without a session, the client's address counts."""

CHAT_PER_CLIENT = Rate(300, 60, Per.CLIENT)
"""Questions a minute from one address: a workshop of 15 customers behind one router at full speed."""

CHAT_TOGETHER = Rate(3000, 60, Per.EVERYBODY)
"""Questions a minute of everybody: 50 a second, about what one process answers."""

SIGN_UPS_PER_CLIENT = Rate(30, 600, Per.CLIENT)
"""Sign-ups in 10 minutes from one address: a workshop where all sign up together, and not a mail bomb."""

LEADS_PER_CLIENT = Rate(30, 600, Per.CLIENT)
"""Messages to the coach in 10 minutes from one address."""

RULES = (
    Rule("chat", ("/api/chat",), (CHAT_PER_SESSION, CHAT_PER_CLIENT, CHAT_TOGETHER)),
    Rule("sign-up", ("/signup",), (SIGN_UPS_PER_CLIENT,)),
    Rule("lead", ("/leads",), (LEADS_PER_CLIENT,)),
)

READING = (
    Rule(
        "read",
        ("/api/chat/*", "/api/history"),
        (Rate(120, 60, Per.SESSION), Rate(1800, 60, Per.CLIENT)),
        methods=frozenset(),
    ),
)
"""Looks at talks and answers, and stops of them: a page that is reloaded every second in two tabs, and a workshop's."""

PLACES = 300
"""Answers made at the same time: each holds about 100 KB, and a provider's own limit is usually lower."""

MOST_TOKENS = (12_000, 1_400)
"""Tokens of the dearest answer: the talk so far with four sections of documents, and an answer that was begun twice."""

SESSION_SHARE = 0.25
"""Part of a day's money that one session may use."""

MICRO = 1_000_000


def guard_settings(settings: Settings) -> GuardSettings:
    """The guard's settings of this product."""
    return GuardSettings(
        chat_paths=("/api/chat",),
        error_paths=("/api/*",),
        rules=RULES,
        max_body_bytes=MAX_BODY_BYTES,
        trusted_proxies=settings.trusted_proxies,
        session_cookie=COOKIE,
        places=PLACES,
        queue=PLACES,
        key=settings.secret.encode(),
    )


def spend_caps(settings: Settings) -> tuple[Cap, ...]:
    """The caps on what the model costs: of one session and of everybody, a day."""
    micro = int(settings.daily_spend * MICRO)
    return Cap(int(micro * SESSION_SHARE), Per.SESSION), Cap(micro, Per.EVERYBODY)


def most_micro(settings: Settings) -> int:
    """What one answer may cost at most, in millionths of a dollar; never more than a session has."""
    dearest = Price(*settings.model_price).cost(*MOST_TOKENS)
    return min(dearest, *(cap.micro for cap in spend_caps(settings)))


class Bookkeeping:
    """Pays for each call of a provider when it is over, and counts it.

    Args:
        note: Told of the call too.
        spend: The purse.
        metrics: The numbers.
    """

    def __init__(self, note: Report, spend: Spend, metrics: Metrics) -> None:
        self._note = note
        self._spend = spend
        self._metrics = metrics

    async def book(self, attempt: Attempt) -> None:
        """Book one call."""
        await self._note(attempt)
        tokens = attempt.usage.prompt_tokens, attempt.usage.completion_tokens
        cost = await self._spend.charge(attempt.request_id, attempt.model, *tokens)
        self._metrics.spent(attempt.model, cost, *tokens)


def refusal_page(render: Renderer) -> Render:
    """Refusals as pages where people look at pages; JSON under `/api/`."""

    def page(scope: Scope, refusal: Refusal) -> Response | None:
        if scope["path"].startswith("/api/"):
            return None
        said = refusal.message or sentence(refusal.status)
        return render.private(
            "error.html",
            status=refusal.status,
            code=refusal.status,
            sentence=said,
            request_id=request_id_of(scope),
        )

    return page


def make_spend(settings: Settings, store: Store, logger: logging.Logger) -> Spend:
    """The purse of this product; a cap that is nearly reached is an error in the log, which the owner is woken by."""
    prices = {"": Price(*settings.model_price)}
    return Spend(spend_caps(settings), prices, store, most_micro=most_micro(settings), logger=logger)
