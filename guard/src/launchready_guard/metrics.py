"""Numbers for Prometheus: how many, how fast, how often not, and what it cost. No content, and no name of anybody."""

import hmac

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FIRST_BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 20.0, 25.0)
"""Around the 8 to 10 s after which a visitor gives up, and the 20 and 25 s of the time-outs."""

TOTAL_BUCKETS_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0, 90.0, 95.0, 125.0)
"""Up to the 90 s of an answer and the 100 to 125 s of the edges in front."""


class Metrics:
    """The guard's numbers. Labels come from short lists of our own, so that no client can add series.

    Args:
        registry: Where they are kept; one of their own when None.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        kept = self.registry
        self.requests = Counter("guard_requests", "Requests", ["route", "status"], registry=kept)
        self.errors = Counter("guard_errors", "Answers that failed, by reason", ["code"], registry=kept)
        self.refusals = Counter("guard_refusals", "Requests refused before any work", ["code"], registry=kept)
        self.first = Histogram(
            "guard_first_content_seconds", "To the first content", buckets=FIRST_BUCKETS_S, registry=kept
        )
        self.total = Histogram("guard_answer_seconds", "Of whole answers", buckets=TOTAL_BUCKETS_S, registry=kept)
        self.waiting = Gauge("guard_queue_depth", "Requests that wait for a place", registry=kept)
        self.running = Gauge("guard_answers_running", "Answers being made", registry=kept)
        self.replays = Counter("guard_cache_hits", "Answers that were given again without the model", registry=kept)
        self.failed_logins = Counter("guard_failed_logins", "Log-ins with a wrong name or password", registry=kept)
        self.spend = Counter("guard_spend_micro", "Millionths of the currency spent", ["model"], registry=kept)
        self.tokens = Counter("guard_tokens", "Tokens", ["model", "kind"], registry=kept)

    def spent(self, model: str, micro: int, prompt_tokens: int, completion_tokens: int) -> None:
        """Count a call of the model."""
        self.spend.labels(model).inc(micro)
        self.tokens.labels(model, "prompt").inc(prompt_tokens)
        self.tokens.labels(model, "completion").inc(completion_tokens)

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self.registry)


def metrics_route(metrics: Metrics, token: str) -> Route:
    """`/metrics` for whoever sends `Authorization: Bearer TOKEN`; to all others the page does not exist.

    Args:
        metrics: The numbers.
        token: A random text; numbers of a business are nobody else's.

    Raises:
        ValueError: The token is empty.
    """
    if not token:
        raise ValueError("/metrics needs a token; leave the route out to have no such page")

    async def page(request: Request) -> Response:
        said = request.headers.get("authorization", "")
        if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
            return PlainTextResponse("Not Found", 404)
        return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})

    return Route("/metrics", page, methods=["GET"])
