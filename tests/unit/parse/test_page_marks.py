"""What a page says to search engines, what stands in its place, and who stands before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.login_wall import recognise_wall
from launchready.parse.placeholder import recognise_placeholder
from launchready.parse.robots_rules import hidden_by_header, hidden_by_page


@pytest.mark.parametrize(
    ("values", "agents"),
    [
        (["noindex"], ("robots",)),
        (["noindex, nofollow"], ("robots",)),
        (["NONE"], ("robots",)),
        (["nofollow", "noindex"], ("robots",)),
        (["googlebot: noindex"], ("googlebot",)),
        (["googlebot: nofollow, noindex"], ("googlebot",)),
        (["BadBot: noindex, nofollow, googlebot: nofollow"], ("badbot",)),  # Google's own example
        (["max-snippet: 20, noindex"], ("robots",)),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST"], ()),
        (["all"], ()),
        (["noindexifembedded"], ()),
        (["nofollow, noarchive"], ()),
        ([""], ()),
        ([], ()),
    ],
)
def test_the_header_hides_a_page_for_whom_it_names(values: list[str], agents: tuple[str, ...]) -> None:
    assert hidden_by_header(values) == agents


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ('<meta name="robots" content="noindex">', ("robots",)),
        ("<META NAME=Robots CONTENT='NoIndex, follow'>", ("robots",)),
        ('<meta name="googlebot" content="none"><meta name=robots content=all>', ("googlebot",)),
        ('<meta name="robots" content="index, follow">', ()),
        ('<meta name="description" content="why noindex hurts">', ()),
        ('<!-- <meta name="robots" content="noindex"> -->', ()),
        ("<script>'<meta name=robots content=noindex>'</script>", ()),
        ('<meta property="robots" content="noindex">', ()),
    ],
)
def test_the_element_hides_a_page_for_whom_it_names(html: str, names: tuple[str, ...]) -> None:
    assert hidden_by_page(html) == names


@pytest.mark.parametrize(
    ("title", "page", "headers", "what"),
    [
        ("Welcome to nginx!", "the nginx web server is successfully installed and working", {}, "nginx"),
        ("Apache2 Ubuntu Default Page: It works", "", {}, "Apache"),
        ("Apache2 Debian Default Page: It works", "", {}, "Apache"),
        ("IIS Windows Server", '<img src="iisstart.png">', {}, "IIS"),
        ("Caddy works!", "", {}, "Caddy"),
        ("This domain is parked", "", {}, "parking"),
        ("brightpath.com is parked free of charge", "", {}, "parking"),
        ("brightpath.com is for sale", "", {}, "for sale"),
        ("", "<script>window.onload=function(){window.location.href='/lander'}</script>", {}, "parking"),
        ("x", '<script src="https://img.sedoparking.com/x.js">', {}, "parking"),
        ("", "The deployment could not be found", {"x-vercel-error": "DEPLOYMENT_NOT_FOUND"}, "Vercel"),
        ("", "Not Found - Request ID: 01J2ABC\n", {}, "Netlify"),
        ("Site not found \u00b7 GitHub Pages", "", {}, "GitHub"),
        ("", '<iframe src="//www.herokucdn.com/error-pages/no-such-app.html">', {}, "Heroku"),
        ("Create Next App", "Get started by editing", {}, "Next.js"),
    ],
)
def test_pages_that_nobody_made_are_known(title: str, page: str, headers: dict[str, str], what: str) -> None:
    assert what in recognise_placeholder(title, page, headers)


@pytest.mark.parametrize(
    ("title", "page"),
    [
        ("Bright Path Coaching", "<p>Welcome to nginx! is successfully installed</p>"),
        ("How to read Welcome to nginx!", "is successfully installed"),
        ("Welcome to nginx! A course", "is successfully installed"),
        ("Coming soon", "We launch in May"),
        ("Your car is parked", ""),
        ("Where your car is parked", "Laravel"),
        ("Houses for sale", "brightpath.com is for sale"),
        ("Create Next App", "Our coaching starts here"),
        ("Laravel", "<p>Courses on Laravel</p>"),
        ("", "Not Found - Request ID: 01J2ABC is what Netlify says"),
        ("", "<p>we moved from sedoparking.com/x</p>"),
        ("", ""),
    ],
)
def test_pages_of_products_are_not(title: str, page: str) -> None:
    assert recognise_placeholder(title, page, {}) == ""


@pytest.mark.parametrize(
    ("status", "headers", "sent_to", "who"),
    [
        (302, {}, "https://vercel.com/sso-api?url=x", "Vercel"),
        (401, {"x-vercel-id": "arn1::x"}, "", "Vercel"),
        (401, {"x-nf-request-id": "1"}, "", "Netlify"),
        (302, {}, "https://team.cloudflareaccess.com/cdn-cgi/access/login/x", "Cloudflare Access"),
        (302, {}, "https://login.microsoftonline.com/common/oauth2", "Microsoft"),
        (302, {"x-goog-iap-generated-response": "true"}, "https://accounts.google.com/o", "Identity-Aware"),
        (401, {"www-authenticate": "Basic"}, "", "a password"),
        (401, {}, "", "a log-in"),
        (200, {"www-authenticate": "Basic"}, "", ""),
        (403, {}, "", ""),
        (302, {}, "https://vercel.com/", ""),
        (302, {}, "https://cloudflareaccess.com.example/", ""),
        (302, {}, "https://notcloudflareaccess.com/", ""),
        (302, {}, "", ""),
    ],
)
def test_who_stands_before_a_page_is_named(status: int, headers: dict[str, str], sent_to: str, who: str) -> None:
    found = recognise_wall(status, headers, sent_to)
    assert who in found
    assert bool(found) is bool(who)


@pytest.mark.parametrize(
    "headers",
    [{"www-authenticate": 'Bearer realm="api"'}, {"www-authenticate": "DPoP"}, {"content-type": "application/json"}],
)
def test_what_programs_are_told_is_no_wall(headers: dict[str, str]) -> None:
    assert recognise_wall(401, headers, "") == ""
    assert recognise_wall(401, headers | {"x-vercel-id": "1"}, "") != ""


@given(st.text(), st.text(), st.dictionaries(st.sampled_from(["x-robots-tag", "x-vercel-error"]), st.text()))
def test_any_text_is_an_answer(title: str, page: str, headers: dict[str, str]) -> None:
    assert isinstance(recognise_placeholder(title, page, headers), str)
    assert isinstance(hidden_by_page(page), tuple)
    assert isinstance(hidden_by_header([title, page]), tuple)
