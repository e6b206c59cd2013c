"""Which URLs a visitor's browser may open."""

import pytest

from launchready.probes.browsing import Browser


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://app.example.com/x", True),
        ("https://App.Example.com:443/x", True),
        ("http://app.example.com.:80/", True),
        ("https://app.example.com:8443/", False),
        ("https://app.example.com@evil.example/", False),
        ("https://me@app.example.com/", False),
        ("ftp://app.example.com/", False),
        ("https://app.example.com:99999/", False),
        ("https://other.example.com/", False),
    ],
)
def test_a_declared_host_is_known_in_every_spelling_and_no_other(url: str, may: bool) -> None:
    assert Browser(None, frozenset({"app.example.com"})).may_open(url) is may
