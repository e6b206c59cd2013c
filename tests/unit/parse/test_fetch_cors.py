"""The CORS check and the preflight of the Fetch standard, step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.fetch_cors import CorsHeaders, may_read, may_send

PAGE = "https://app.example.com"


@pytest.mark.parametrize(
    ("allow_origin", "allow_credentials", "without", "with_"),
    [
        ((), (), False, False),
        (("*",), (), True, False),
        (("*",), ("true",), True, False),  # the star never goes with credentials
        ((PAGE,), (), True, False),
        ((PAGE,), ("true",), True, True),
        ((PAGE,), ("True",), True, False),  # compared with case
        ((PAGE,), ("true", "true"), True, False),
        ((PAGE,), ("false",), True, False),
        ((f"{PAGE}/",), ("true",), False, False),
        ((f"{PAGE}:443",), ("true",), False, False),
        (("https://APP.example.com",), ("true",), False, False),
        ((PAGE, PAGE), ("true",), False, False),  # two fields are one list
        ((f"{PAGE}, https://other.example",), ("true",), False, False),
        (("*", PAGE), (), False, False),
        (("null",), ("true",), False, False),
        (("https://*.example.com",), (), False, False),
        (("",), (), False, False),
    ],
)
def test_a_page_may_read(
    allow_origin: tuple[str, ...], allow_credentials: tuple[str, ...], without: bool, with_: bool
) -> None:
    headers = CorsHeaders(allow_origin, allow_credentials)
    assert may_read(PAGE, headers, with_credentials=False) is without
    assert may_read(PAGE, headers, with_credentials=True) is with_


def test_the_origin_null_is_compared_as_any_other() -> None:
    assert may_read("null", CorsHeaders(("null",), ("true",)), with_credentials=True)


@pytest.mark.parametrize(
    ("status", "methods", "names", "method", "with_credentials", "allowed"),
    [
        (200, (), ("content-type",), "POST", False, True),  # POST needs no word, its header does
        (204, (), ("Content-Type",), "POST", True, True),
        (299, (), ("content-type",), "POST", False, True),
        (199, (), ("content-type",), "POST", False, False),
        (300, (), ("content-type",), "POST", False, False),
        (404, (), ("content-type",), "POST", False, False),
        (200, (), (), "POST", False, False),
        (200, (), ("*",), "POST", False, True),
        (200, (), ("*",), "POST", True, False),  # with credentials the star is a name
        (200, ("PUT, DELETE",), ("content-type",), "DELETE", False, True),
        (200, ("PUT", "DELETE"), ("content-type",), "DELETE", False, True),
        (200, ("put",), ("content-type",), "PUT", False, False),  # methods have a case
        (200, ("*",), ("content-type",), "PUT", False, True),
        (200, ("*",), ("content-type",), "PUT", True, False),
        (200, ("GET POST",), ("content-type",), "POST", False, False),  # no list, so a failure
        (200, (), ("content-type;x",), "POST", False, False),
        (200, (",, PUT ,",), ("content-type",), "PUT", False, True),
    ],
)
def test_a_page_may_send(
    status: int, methods: tuple[str, ...], names: tuple[str, ...], method: str, with_credentials: bool, allowed: bool
) -> None:
    headers = CorsHeaders((PAGE,), ("true",), methods, names)
    assert (
        may_send(PAGE, status, headers, method=method, names=("content-type",), with_credentials=with_credentials)
        is allowed
    )


def test_the_star_is_no_word_for_authorization() -> None:
    star, named = (CorsHeaders(("*",), (), (), names) for names in (("*",), ("authorization",)))
    assert not may_send(PAGE, 200, star, method="GET", names=("authorization",), with_credentials=False)
    assert may_send(PAGE, 200, named, method="GET", names=("authorization",), with_credentials=False)


@given(st.text(), st.tuples(st.text()), st.tuples(st.text()), st.tuples(st.text()))
def test_any_headers_are_an_answer(origin: str, allow: tuple[str], credentials: tuple[str], names: tuple[str]) -> None:
    headers = CorsHeaders(allow, credentials, names, names)
    for with_credentials in (True, False):
        sent = may_send(origin, 200, headers, method="PUT", names=("x",), with_credentials=with_credentials)
        assert may_read(origin, headers, with_credentials=with_credentials) or not sent
