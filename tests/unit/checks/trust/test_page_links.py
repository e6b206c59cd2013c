"""The check of `checks/trust/page_links.py`."""

from datetime import UTC, datetime

from launchready.checks.trust.page_links import page_links_dead_host
from launchready.facts.links import LinkedName, LinkedNames
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

AT = datetime(2026, 3, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")


def name(text: str, *, exists: bool | None) -> LinkedName:
    reading = Unmeasured(Why.TIMED_OUT, "", AT) if exists is None else Measured(exists, AT, 0.1)
    return LinkedName(text, f"https://{text}/login", reading)


def test_names_that_exist_pass_and_so_does_a_page_without_any() -> None:
    assert page_links_dead_host(HOST, LinkedNames(())) == Pass()
    assert page_links_dead_host(HOST, LinkedNames((name("blog.example.com", exists=True),))) == Pass()


def test_a_name_that_is_gone_fails_with_the_link_beside_one_that_was_not_seen() -> None:
    linked = LinkedNames((name("a.example.com", exists=None), name("app.www.example.com", exists=False)))
    assert page_links_dead_host(HOST, linked) == Fail(
        ("https://example.com/ links to https://app.www.example.com/login, and app.www.example.com has no address",),
        Fix(
            "Replace each of these addresses on the page of example.com, or add a record for app.www.example.com",
            "https://app.www.example.com/login",
        ),
    )
