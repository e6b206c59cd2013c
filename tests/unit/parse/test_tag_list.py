"""The tag=value list of RFC 6376 section 3.2."""

import pytest

from launchready.parse.tag_list import MAX_TAG_LIST_CHARS, Tag, TagList, TagListError, parse_tag_list


def test_whitespace_around_names_and_values_goes_and_inside_values_stays() -> None:
    assert parse_tag_list("v = DKIM1 ;\r\n\tp=MII\r\n BIj\tAN ; n=") == TagList(
        (Tag("v", "DKIM1"), Tag("p", "MII\r\n BIj\tAN"), Tag("n", ""))
    )


def test_an_absent_tag_is_not_an_empty_one_and_names_have_case() -> None:
    tags = parse_tag_list("n=;N=x=y")
    assert tags.value("n") == ""
    assert tags.value("N") == "x=y"
    assert tags.value("p") is None


@pytest.mark.parametrize("text", ["a=b;", "a=b; ", "a=b;\t\r\n "])
def test_one_closing_semicolon_is_allowed(text: str) -> None:
    assert parse_tag_list(text) == TagList((Tag("a", "b"),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        " ",
        "a",
        "=b",
        "a=b;;",
        "a=b;;c=d",
        "1a=b",
        "_a=b",
        "a-b=c",
        "a=b;a=c",
        "a=\u00e9",
        "a=b\x00",
        "a=b\nc",
        "a=b\n",
        "\r\na=b",
        "a=b\r\n",
        "a=b\r\r\n c",
    ],
)
def test_what_the_grammar_forbids_is_refused(text: str) -> None:
    with pytest.raises(TagListError):
        parse_tag_list(text)


def test_the_longest_record_the_dns_can_carry_is_the_longest_that_is_read() -> None:
    parse_tag_list("a=" + "b" * (MAX_TAG_LIST_CHARS - 2))
    with pytest.raises(TagListError):
        parse_tag_list("a=" + "b" * (MAX_TAG_LIST_CHARS - 1))
