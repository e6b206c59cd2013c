"""Post to the endpoints that programs post to, and stay with the first answer: the programs don't go on either."""

from functools import partial
from typing import Final

from launchready.facts.redirects import Hop, PostAnswers, Posted, WebhookAnswers
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.subject import EndpointKind, Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import hop_of

EVENT: Final = b'{"id": "launchready-probe", "type": "launchready.probe"}'
"""An event of no kind that anybody has, without a signature: a webhook refuses it, or passes over it."""

MAX_ANSWER_BYTES: Final = 16 * 1024
"""Status and Location are what counts; a bot wall is recognised by the top of its page."""


@probe(manner=Manner.ACTIVE, timeout_s=15.0)
async def webhook_answers(host: Host, product: Product, http: HttpClient, clock: Clock) -> WebhookAnswers:
    """Post one event to each webhook of the host."""
    return WebhookAnswers(await _post_to({EndpointKind.WEBHOOK}, EVENT, host, product, http, clock))


@probe(manner=Manner.ACTIVE, timeout_s=15.0)
async def post_answers(host: Host, product: Product, http: HttpClient, clock: Clock) -> PostAnswers:
    """Post an empty question to each API and stream of the host."""
    kinds = {EndpointKind.API, EndpointKind.STREAM}
    return PostAnswers(await _post_to(kinds, b"{}", host, product, http, clock))


async def _post_to(
    kinds: set[EndpointKind], body: bytes, host: Host, product: Product, http: HttpClient, clock: Clock
) -> tuple[Posted, ...]:
    urls = sorted({e.url for e in product.endpoints if e.kind in kinds and e.host == host.name})
    post = partial(_post, body=body, http=http)
    readings = await all_at_once(reading_of(post(url), clock) for url in urls)
    return tuple(Posted(url, reading) for url, reading in zip(urls, readings, strict=True))


async def _post(url: str, *, body: bytes, http: HttpClient) -> Hop:
    headers = (("Content-Type", "application/json"),)
    return hop_of(url, await http.fetch(url, method="POST", headers=headers, body=body, max_bytes=MAX_ANSWER_BYTES))
