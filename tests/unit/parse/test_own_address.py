"""What a page says of its own address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.own_address import OwnAddress, read_own_address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<link rel="canonical" href="/a">', OwnAddress(("/a",), (), None)),
        ('<LINK REL="next CANONICAL" HREF=" /a ">', OwnAddress(("/a",), (), None)),
        ("<link rel=canonical href=a><link rel=canonical href=b>", OwnAddress(("a", "b"), (), None)),
        ('<link rel="canonical" href=""><link rel=canonical>', OwnAddress((), (), None)),
        ('<link rel="canonical-x" href="a"><a rel=canonical href=b>', OwnAddress((), (), None)),
        (
            '<!-- <link rel="canonical" href="/a"> --><script>"<link rel=canonical href=b>"</script>',
            OwnAddress((), (), None),
        ),
        ('<meta property="og:url" content="u"><meta name="og:url" content="v">', OwnAddress((), ("u", "v"), None)),
        ('<meta property="og:url:x" content="u"><meta property="og:url">', OwnAddress((), (), None)),
        ('<base target=_top><base href="/b/"><base href="/c/">', OwnAddress((), (), "/b/")),
        ("", OwnAddress((), (), None)),
    ],
)
def test_tags_are_read_wherever_they_stand(text: str, said: OwnAddress) -> None:
    assert read_own_address(text) == said


@given(st.text() | st.lists(st.sampled_from(["<link ", "rel=canonical ", "href=", ">", '"', "<meta "])).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read_own_address(text), OwnAddress)
