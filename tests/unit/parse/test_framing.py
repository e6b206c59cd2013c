"""Who may frame a page: CSP Level 3 section 6.4.2 and the table of the HTML standard, section 7.7."""

import pytest

from launchready.parse.csp import read_policies
from launchready.parse.framing import may_be_framed_by_anybody


@pytest.mark.parametrize(
    ("values", "open_"),
    [
        ((), True),
        (("DENY",), False),
        (("SameOrigin",), False),
        ((" deny ",), False),
        (("ALLOWALL",), True),
        (("ALLOW-FROM https://a.example",), True),  # no browser knows it any more
        (("",), True),
        (("DENY", "DENY"), False),
        (("SAMEORIGIN, SAMEORIGIN",), False),
        # the standard's own table of several values
        (("DENY", "SAMEORIGIN"), False),
        (("SAMEORIGIN", "INVALID"), False),
        (("ALLOWALL", "INVALID"), False),
        (("ALLOWALL", "DENY"), False),
        (("INVALID", "OTHER"), True),
        (("INVALID",), True),
        (('"DENY"',), True),
    ],
)
def test_x_frame_options_is_read_as_browsers_do(values: tuple[str, ...], open_: bool) -> None:
    assert may_be_framed_by_anybody((), values) is open_


@pytest.mark.parametrize(
    ("policy", "open_"),
    [
        ("frame-ancestors 'none'", False),
        ("frame-ancestors", False),
        ("frame-ancestors 'self' https://a.example", False),
        ("frame-ancestors *", True),
        ("frame-ancestors https:", True),
        ("frame-ancestors https://*", True),
        ("frame-ancestors https://*.example.com", False),
        ("frame-ancestors *, frame-ancestors 'self'", False),  # two policies, and both apply
        ("script-src 'self'", True),
    ],
)
def test_frame_ancestors_decide(policy: str, open_: bool) -> None:
    assert may_be_framed_by_anybody(read_policies([policy]), ()) is open_


def test_where_a_policy_speaks_of_ancestors_the_older_header_does_not_count() -> None:
    assert may_be_framed_by_anybody(read_policies(["frame-ancestors *"]), ("DENY",))
    assert not may_be_framed_by_anybody(read_policies(["script-src *"]), ("DENY",))
