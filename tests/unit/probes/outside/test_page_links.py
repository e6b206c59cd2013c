"""Where the links of a front page lead."""

import pytest

from launchready.facts.web import FrontPage
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.parse.html_page import read_page
from launchready.probes import page_links
from launchready.probes.page_links import linked_names, links_of, mail_addresses_of
from launchready.probes.web import front_page

HOST = Host("example.com", "example.com")
PRODUCT = Product("P", (HOST, Host("app.example.com", "example.com")), (Domain("example.com"),))


def links(html: str) -> tuple[str, ...]:
    return links_of(read_page(html), "https://example.com/", html)


def test_links_and_frames_are_absolute_and_each_is_once():
    html = (
        '<a href="/x#top">x</a><a href="/x">x</a><a href="#top">top</a><a href="mailto:a@b.example">m</a>'
        '<a href="tel:1">t</a><a href="javascript:go()">j</a><iframe src="//calendly.com/m/i"></iframe>'
    )
    assert links(html) == ("https://example.com/x", "https://calendly.com/m/i")


def test_no_more_links_are_kept_than_the_limit():
    html = "".join(f'<a href="/{number}">x</a>' for number in range(401))
    assert (page_links.MAX_LINKS, len(links(html))) == (400, 400)


def test_mail_addresses_are_kept_without_subject_and_escapes():
    html = '<a href="MAILTO:help%40example.com?subject=hi">w</a><a href="mailto:?bcc=x">s</a>'
    assert mail_addresses_of(read_page(html)) == ("help@example.com",)


async def names(internet, clock, *urls):
    html = "".join(f'<a href="{url}">x</a>' for url in urls).encode()
    internet.show("https://example.com/", html)
    page = await front_page(HOST, PRODUCT, internet.visits, internet.http, clock)
    assert isinstance(page, FrontPage)
    return (await linked_names(HOST, page, PRODUCT, internet.dns, clock)).names


async def test_names_of_ones_own_that_nobody_declared_are_looked_up(internet, clock):
    internet.records["blog.example.com", "A"] = ("203.0.113.10",)
    internet.resolver.failing.update({("odd.example.com", "A"), ("odd.example.com", "AAAA")})
    blog, dead, odd = await names(
        internet,
        clock,
        "https://example.com/a",
        "https://app.example.com/login",
        "https://notexample.com/",
        "https://vendor.example/",
        "http://blog.example.com/1",
        "https://blog.example.com/2",
        "https://dead.example.com/",
        "https://odd.example.com/",
    )
    assert (blog.name, blog.url) == ("blog.example.com", "http://blog.example.com/1")
    assert isinstance(blog.exists, Measured)
    assert blog.exists.value
    assert isinstance(dead.exists, Measured)
    assert not dead.exists.value
    assert isinstance(odd.exists, Unmeasured)


@pytest.mark.parametrize(("count", "seen"), [(49, True), (50, True), (51, False)])
async def test_a_page_that_names_too_many_is_not_seen(internet, clock, count, seen):
    urls = [f"https://n{number}.example.com/" for number in range(count)]
    assert page_links.MAX_NAMES == 50
    if seen:
        assert len(await names(internet, clock, *urls)) == count
        return
    with pytest.raises(NotSeen) as caught:
        await names(internet, clock, *urls)
    assert caught.value.why is Why.TOO_LARGE
