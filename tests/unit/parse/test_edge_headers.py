"""Who passed an answer on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.edge_headers import recognise_edge


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ([("server", "cloudflare"), ("cf-ray", "8f0a1b2c3d4e5f60-FRA")], "Cloudflare"),
        ([("Server".lower(), "Cloudflare")], "Cloudflare"),
        ([("via", "1.1 f2c.cloudfront.net (CloudFront)"), ("x-amz-cf-id", "abc")], "Amazon CloudFront"),
        ([("x-served-by", "cache-fra-eddf8230020-FRA"), ("via", "1.1 varnish")], "Fastly"),
        ([("server", "AkamaiGHost")], "Akamai"),
        ([("x-azure-ref", "20260301T")], "Azure Front Door"),
        ([("server", "Vercel"), ("x-vercel-id", "fra1::abc")], "Vercel"),
        ([("server", "Netlify")], "Netlify"),
        ([("server", "Fly/5b1c"), ("via", "1.1 fly.io")], "Fly.io"),
        ([("server", "railway-edge"), ("x-railway-request-id", "x")], "Railway"),
        ([("rndr-id", "1"), ("server", "cloudflare")], "Cloudflare"),
        ([("rndr-id", "1")], "Render"),
        ([("via", "1.1 vegur")], "Heroku"),
        ([("via", "2.0 heroku-router")], "Heroku"),
        ([("via", "1.1 google")], "Google Cloud"),
        ([("server", "GitHub.com"), ("x-github-request-id", "x")], "GitHub Pages"),
        ([("server", "nginx")], ""),
        ([("server", "not cloudflare")], ""),
        ([("via", "1.1 proxy.office.example")], ""),
        ([("x-powered-by", "cloudflare")], ""),
        ([], ""),
    ],
)
def test_an_edge_is_known_by_what_it_leaves(headers: list[tuple[str, str]], name: str) -> None:
    assert recognise_edge(headers) == name


@given(st.lists(st.tuples(st.sampled_from(["server", "via", "cf-ray", "x-served-by", "other"]), st.text())))
def test_any_headers_name_one_edge_or_none(headers: list[tuple[str, str]]) -> None:
    name = recognise_edge(headers)
    assert name == recognise_edge(headers)
    assert name.isascii()
