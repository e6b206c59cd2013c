"""Cache-Control: RFC 9111 sections 1.2.2, 4.2.1 and 5.2, RFC 5861, RFC 8246."""

from dataclasses import fields

import pytest

from launchready.parse.rfc9111 import DELTA_SECONDS_CAP, MAX_FIELD_CHARS, parse_cache_control, parse_delta_seconds


def changed(*values: str) -> dict[str, object]:
    """What differs from a response without the field."""
    nothing, read = parse_cache_control([]), parse_cache_control(values)
    return {
        field.name: getattr(read, field.name)
        for field in fields(read)
        if getattr(read, field.name) != getattr(nothing, field.name)
    }


def test_no_field_sets_nothing() -> None:
    read = parse_cache_control([])
    assert not any(getattr(read, field.name) for field in fields(read))
    assert read.max_age_s is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", {}),
        (" , ,, ", {}),
        ("max-age=5", {"max_age_s": 5}),
        ("MAX-AGE=5", {"max_age_s": 5}),
        ('max-age="5"', {"max_age_s": 5}),  # section 5.2: both forms ought to be accepted
        ("max-age=0", {"max_age_s": 0}),
        ("max-age=007", {"max_age_s": 7}),
        ("s-maxage=10, max-age=5", {"s_maxage_s": 10, "max_age_s": 5}),
        ("no-store", {"no_store": True}),
        ("no-cache", {"no_cache": True}),
        ('no-cache="Set-Cookie, X-A"', {"no_cache_fields": ("set-cookie", "x-a")}),
        ("no-cache=Set-Cookie", {"no_cache_fields": ("set-cookie",)}),
        ("private", {"private": True}),
        ('private="X-A"', {"private_fields": ("x-a",)}),
        (
            "public, must-revalidate, proxy-revalidate, no-transform, must-understand, no-store",
            {
                "public": True,
                "must_revalidate": True,
                "proxy_revalidate": True,
                "no_transform": True,
                "must_understand": True,
                "no_store": True,
            },
        ),
        ("max-age=31536000, immutable", {"max_age_s": 31_536_000, "immutable": True}),
        ("immutable=1", {"immutable": True}),  # RFC 8246 section 2: arguments are to be ignored
        (
            "max-age=600, stale-while-revalidate=30, stale-if-error=1200",  # RFC 5861 sections 3.1 and 4.1
            {"max_age_s": 600, "stale_while_revalidate_s": 30, "stale_if_error_s": 1200},
        ),
        (
            'private, community="UCI", x, community=b',  # section 5.2.3
            {"private": True, "unknown": ("community", "x"), "duplicated": ("community",)},
        ),
    ],
)
def test_directives_are_read(value: str, read: dict[str, object]) -> None:
    assert changed(value) == read


def test_the_fields_of_a_response_are_one_list() -> None:
    assert changed("max-age=5", "no-store", "MAX-AGE=9") == {
        "max_age_s": 5,
        "no_store": True,
        "duplicated": ("max-age",),
    }


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("max-age", {"invalid": ("max-age",)}),
        ("max-age=", {"invalid": ("max-age",)}),
        ('max-age=""', {"invalid": ("max-age",)}),
        ("max-age=-1", {"invalid": ("max-age",)}),
        ("max-age=1.5", {"invalid": ("max-age",)}),
        ("max-age=1s", {"invalid": ("max-age",)}),
        ("max-age=\u0661", {"invalid": ("max-age",)}),
        ("max-age = 5", {"invalid": ("max-age",)}),
        ('max-age=" 5"', {"invalid": ("max-age",)}),
        ("max-age=x, max-age=5", {"invalid": ("max-age",), "duplicated": ("max-age",)}),
        ("max-age=5; no-store", {"invalid": ("max-age",)}),
        ("no-store=1", {"no_store": True, "invalid": ("no-store",)}),
        ("public=yes", {"public": True, "invalid": ("public",)}),
        ('no-cache=""', {"no_cache": True, "invalid": ("no-cache",)}),
        ('private="a b"', {"private": True, "invalid": ("private",)}),
        ('no-cache="unclosed, no-store', {"invalid": ("no-cache",)}),
        ("private\x00", {"invalid": ("",)}),
        ("=, max-age=1", {"invalid": ("",), "max_age_s": 1}),
    ],
)
def test_what_is_invalid_is_named_and_never_an_error(value: str, read: dict[str, object]) -> None:
    assert changed(value) == read


@pytest.mark.parametrize(
    ("digits", "seconds"),
    [
        ("2147483647", 2**31 - 1),
        ("2147483648", 2**31),
        ("2147483649", 2**31),
        ("9" * 10_000, 2**31),
        ("0" * 10_000 + "7", 7),
        ("", None),
        ("+1", None),
        ("1_0", None),
    ],
)
def test_ages_overflow_at_two_to_the_31(digits: str, seconds: int | None) -> None:
    assert DELTA_SECONDS_CAP == 2147483648
    assert parse_delta_seconds(digits) == seconds


def test_what_is_too_long_to_be_read_is_named() -> None:
    filler = "x," * (MAX_FIELD_CHARS // 2)
    assert parse_cache_control([filler]).invalid == ()
    assert parse_cache_control([filler + "no-store"]).invalid == ("",)
