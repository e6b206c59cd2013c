"""The checks of `checks/redirects/posted.py`: first answers to a POST in, exact failures out."""

from datetime import UTC, datetime

import pytest

from launchready.checks.redirects.posted import post_redirected, webhook_redirected
from launchready.facts.redirects import Hop, PostAnswers, Posted, WebhookAnswers
from launchready.model.check import Fail, Fix, Pass
from launchready.model.intent import HAS_POSTED_ENDPOINT, HAS_WEBHOOK
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://app.example.com/webhooks/pay"
SILENT = Posted("https://app.example.com/other", Unmeasured(Why.TIMED_OUT, "did not answer", AT))


def posted(status: int, location: str = "", url: str = URL) -> Posted:
    return Posted(url, Measured(Hop(url, status, location), AT, 0.1))


@pytest.mark.parametrize("status", [200, 202, 204, 299, 400, 401, 403, 404, 405, 500])
def test_a_webhook_that_answers_itself_passes_whatever_it_says(status: int) -> None:
    assert webhook_redirected(WebhookAnswers((posted(status),))) == Pass()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 399])
def test_every_redirect_of_a_webhook_fails_for_no_sender_follows_it(status: int) -> None:
    assert webhook_redirected(WebhookAnswers((posted(status, f"{URL}/"),))) == Fail(
        (f"POST {URL} answers {status} to {URL}/",),
        Fix("Give the sender of events the address that answers", f"{URL}/"),
    )


def test_a_webhook_behind_a_log_in_is_taken_out_of_the_redirect() -> None:
    judgement = webhook_redirected(WebhookAnswers((SILENT, posted(302, "https://app.example.com/login"))))
    assert judgement == Fail(
        (f"POST {URL} answers 302 to https://app.example.com/login",),
        Fix(
            f"Let app.example.com answer {URL} itself",
            "nginx: location = /webhooks/pay { proxy_pass http://YOUR_APP; }  # before any redirect",
        ),
    )


def test_an_address_that_leads_to_plain_http_is_nobodys_better_address() -> None:
    judgement = webhook_redirected(WebhookAnswers((posted(301, "http://app.example.com/webhooks/pay"),)))
    assert isinstance(judgement, Fail)
    assert "http://app" not in judgement.fix.paste


@pytest.mark.parametrize(
    ("status", "location", "passes"),
    [
        (200, "", True),
        (401, "", True),
        (301, f"{URL}/", False),
        (302, "https://www.example.com/webhooks/pay", False),
        (303, f"{URL}/", False),
        (307, f"{URL}/", True),
        (308, f"{URL}/", True),
        (302, "https://app.example.com/login", True),
        (301, "", True),
    ],
)
def test_a_post_is_lost_where_a_redirect_that_forgets_it_puts_the_address_right(
    status: int, location: str, passes: bool
) -> None:
    assert isinstance(post_redirected(PostAnswers((posted(status, location),))), Pass if passes else Fail)


def product(*kinds: EndpointKind, takes_payments: bool | None = None) -> Product:
    endpoints = tuple(Endpoint(f"https://app.example.com/{kind}", kind) for kind in kinds)
    hosts = (Host("app.example.com", "example.com"), Host("example.com", "example.com"))
    return Product(
        "Shop", hosts, (Domain("example.com"),), takes_payments=takes_payments, has_file=True, endpoints=endpoints
    )


@pytest.mark.parametrize(
    ("of", "on_app", "on_apex"),
    [
        (product(EndpointKind.WEBHOOK, takes_payments=True), True, False),
        (product(EndpointKind.WEBHOOK), True, False),
        (product(EndpointKind.PAGE, takes_payments=False), False, False),
        (product(EndpointKind.PAGE, takes_payments=True), None, None),
        (product(EndpointKind.PAGE), None, None),
    ],
)
def test_a_webhook_is_wanted_where_it_is_declared_and_nowhere_when_nobody_pays(
    of: Product, on_app: bool | None, on_apex: bool | None
) -> None:
    assert [HAS_WEBHOOK.read(of, host) for host in of.hosts] == [on_app, on_apex]


@pytest.mark.parametrize(
    ("kind", "has"),
    [(EndpointKind.API, True), (EndpointKind.STREAM, True), (EndpointKind.WEBHOOK, False), (EndpointKind.LOGIN, False)],
)
def test_api_and_stream_are_posted_to(kind: EndpointKind, has: bool) -> None:
    of = product(kind)
    assert [HAS_POSTED_ENDPOINT.read(of, host) for host in of.hosts] == [has, False]


def test_without_a_file_nobody_knows_what_is_posted_to() -> None:
    host = Host("example.com", "example.com")
    typed = Product("example.com", (host,), (Domain("example.com"),))
    assert HAS_POSTED_ENDPOINT.read(typed, host) is None
    assert HAS_WEBHOOK.read(typed, host) is None
