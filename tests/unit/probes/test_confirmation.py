"""Which link of a mail a customer would click."""

from launchready.probes.browsing import without_keys
from launchready.probes.confirmation import confirmation_links

HOSTS = frozenset({"app.example.com"})


def test_a_link_that_speaks_of_confirming_goes_before_others_and_a_declared_host_before_others() -> None:
    links = (
        "https://app.example.com/blog?utm=mail",
        "https://click.example/verify?t=1",
        "https://app.example.com/verify?t=1",
    )
    assert confirmation_links(links, HOSTS) == (links[2], links[1], links[0])


def test_links_without_a_key_and_ways_out_are_passed_over() -> None:
    links = ("https://app.example.com/", "https://x.example/unsubscribe?u=1", "https://[broken?t=1")
    assert confirmation_links(links, HOSTS) == ()


def test_a_key_may_stand_in_the_path() -> None:
    link = "https://app.example.com/verify/0123456789abcdef0123"
    assert confirmation_links((link,), HOSTS) == (link,)


def test_a_url_is_shown_without_its_keys() -> None:
    assert without_keys("https://maya:pw@a.example/verify/0123456789abcdef0123?t=1#x") == "https://a.example/verify/…"
    assert without_keys("https://[broken") == "(no URL)"
