"""Cache-Status: RFC 9211 with its printed examples, and the older words that edges use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc9211 import CacheHop, CacheStatusError, EdgeAnswer, edge_answer, parse_cache_status


def hop(cache: str, **said: object) -> CacheHop:
    nothing = {
        "hit": False,
        "fwd": "",
        "fwd_status": None,
        "ttl_s": None,
        "stored": False,
        "collapsed": False,
        "key": "",
        "detail": "",
    }
    return CacheHop(cache, **(nothing | said))


@pytest.mark.parametrize(
    ("field", "hops"),
    [
        ("ExampleCache; hit", [hop("ExampleCache", hit=True)]),  # section 4, example by example
        ("ExampleCache; hit; ttl=376", [hop("ExampleCache", hit=True, ttl_s=376)]),
        ("ExampleCache; hit; ttl=-412", [hop("ExampleCache", hit=True, ttl_s=-412)]),
        (
            "ExampleCache; fwd=uri-miss; collapsed=?1",
            [hop("ExampleCache", fwd="uri-miss", collapsed=True)],
        ),
        (
            "ExampleCache; fwd=uri-miss; collapsed=?0",
            [hop("ExampleCache", fwd="uri-miss")],
        ),
        (
            "ExampleCache; fwd=stale; fwd-status=304",
            [hop("ExampleCache", fwd="stale", fwd_status=304)],
        ),
        (
            "ExampleCache; fwd=method; fwd-status=200; stored",
            [hop("ExampleCache", fwd="method", fwd_status=200, stored=True)],
        ),
        (
            'OriginCache; hit; ttl=1100, "CDN Company Here"; hit; ttl=545',
            [hop("OriginCache", hit=True, ttl_s=1100), hop("CDN Company Here", hit=True, ttl_s=545)],
        ),
        ('a; hit; key="/x"; detail=MEMORY', [hop("a", hit=True, key="/x", detail="MEMORY")]),
        ("a; hit=1; ttl=x; fwd=?1; key=5", [hop("a")]),  # parameters of another type
    ],
)
def test_printed_examples_are_read(field: str, hops: list[CacheHop]) -> None:
    assert parse_cache_status([field]) == tuple(hops)


@pytest.mark.parametrize("field", ["1; hit", "a; hit,", "(a b)", "a b", "?1", "a; Hit"])
def test_what_is_no_list_of_names_is_an_error(field: str) -> None:
    with pytest.raises(CacheStatusError):
        parse_cache_status([field])


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ([("cache-status", "o; fwd=miss, e; hit")], EdgeAnswer.HIT),  # the last is nearest to the visitor
        ([("cache-status", "o; hit, e; fwd=uri-miss; stored")], EdgeAnswer.MISS),
        ([("cache-status", "o; hit"), ("cache-status", "e; fwd=bypass")], EdgeAnswer.PASSED),
        ([("cache-status", "e; fwd=stale; fwd-status=304")], EdgeAnswer.HIT),
        ([("cache-status", "e; fwd=stale; fwd-status=200")], EdgeAnswer.MISS),
        ([("cache-status", "e; fwd=request")], EdgeAnswer.PASSED),
        ([("cache-status", "e")], EdgeAnswer.NO_EDGE),
        ([("cache-status", "not, valid,"), ("cf-cache-status", "HIT")], EdgeAnswer.HIT),
        ([("cf-cache-status", "DYNAMIC")], EdgeAnswer.PASSED),
        ([("cf-cache-status", "BYPASS")], EdgeAnswer.PASSED),
        ([("cf-cache-status", "MISS"), ("age", "5")], EdgeAnswer.MISS),
        ([("cf-cache-status", "EXPIRED")], EdgeAnswer.MISS),
        ([("cf-cache-status", "REVALIDATED")], EdgeAnswer.HIT),
        ([("x-vercel-cache", "PRERENDER")], EdgeAnswer.HIT),
        ([("x-cache", "Hit from cloudfront")], EdgeAnswer.HIT),
        ([("x-cache", "RefreshHit from cloudfront")], EdgeAnswer.HIT),
        ([("x-cache", "Miss from cloudfront")], EdgeAnswer.MISS),
        ([("x-cache", "Error from cloudfront")], EdgeAnswer.NO_EDGE),
        ([("x-cache", "MISS, HIT")], EdgeAnswer.HIT),
        ([("x-cache", "TCP_HIT from a")], EdgeAnswer.HIT),
        ([("x-cache", "Hitchhiker")], EdgeAnswer.NO_EDGE),
        ([("age", "1")], EdgeAnswer.HIT),
        ([("age", "0")], EdgeAnswer.NO_EDGE),
        ([("age", "old")], EdgeAnswer.NO_EDGE),
        ([("via", "1.1 varnish")], EdgeAnswer.NO_EDGE),
        ([], EdgeAnswer.NO_EDGE),
    ],
)
def test_the_visitors_edge_is_read_in_its_own_words(headers: list[tuple[str, str]], answer: EdgeAnswer) -> None:
    assert edge_answer(headers) is answer


@given(st.lists(st.tuples(st.sampled_from(["cache-status", "x-cache", "age", "cf-cache-status"]), st.text())))
def test_any_headers_are_an_answer(headers: list[tuple[str, str]]) -> None:
    assert edge_answer(headers) in EdgeAnswer
