"""Whatever strangers put into what is seen from outside, each check of it judges, and none raises."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.app.registry import load_registry
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.facts.web import Transfer
from launchready.model.check import Check, Fail, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.signature import Parameter, Role
from launchready.model.subject import Domain, Host, Link, LinkKind, Sender
from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.walking import hop_of

AREAS = {"domain", "tls", "redirects", "mail", "web", "trust", "handover", "edge", "environment"}
TOPICS = {"compression", "caching"}
CHECKS = tuple(c for c in load_registry().checks.values() if c.layer.word in AREAS or c.topic in TOPICS)

APEX = Host("example.com", "example.com", addresses=("192.0.2.1",), cname="a.example")
WWW = Host("www.example.com", "example.com", redirects_to="https://example.com")
DOMAIN = Domain("example.com", (Sender("Postmark", ("s1",)),))
SUBJECTS = {
    Product: Product("P", (APEX, WWW), (DOMAIN,)),
    Domain: DOMAIN,
    Link: Link("https://book.example/", LinkKind.AD),
}

WORDS = (
    *("v=spf1", "include:b.example", "redirect=%{d}.example", "Redirect=c.example", "exp=x.example", "+all", "-ALL"),
    *("v=DMARC1;", "p=none;", "p=;", "rua=mailto:a@b!10m;", "v=DKIM1;", "k=rsa;", "k=ed25519;", "h=sha1;", "p=MAA=;"),
    *("max-age=99999999999999999999,", 'no-cache="', "immutable", "text/html;", "example.com", ".example.com", "."),
    *("\x00", "\x1b[2J", "\u202e", "{host}", "\ud800", "//[", "\\", "%", "é"),
)
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=6).map(" ".join)
LOCATIONS = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        ("", "/", "//", "http://", "https://", "http://www.example.com", "https://example.com/a?", "javascript:")
    ),
    st.sampled_from(("", "[", "[::1", "a\\091b", "a\\047b", "a\\064b", "user@", "x:99999", "é.example", "%zz")),
    TEXTS,
)


def hop(host: str, scheme: str, status: int, location: str) -> Hop:
    """A step as the walker makes it of a Location field, whose bytes are the stranger's."""
    header = ("location", location.encode("utf-8", "replace").decode("latin-1"))
    url = f"{scheme}://{host}/deep?gclid=probe"
    return hop_of(url, HttpResponse(url, "GET", status, (header,), b"", 0, False, "", "1.1", Timings(0, 0, 0, 0, 0)))


HOPS = st.builds(
    hop,
    st.sampled_from((APEX.name, WWW.name)),
    st.sampled_from(("http", "https")),
    st.sampled_from((200, 301, 302, 404, 999)),
    LOCATIONS,
)


def walk(hops: list[Hop], end: WalkEnd) -> Walk:
    return Walk(tuple(hops), end, hops[-1].location or hops[-1].url)


@cache
def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of facts; walks and transfers have the URLs that our clients let through."""
    made = {
        str: TEXTS,
        int: st.integers(),
        bool: st.booleans(),
        NoneType: st.none(),
        datetime: st.datetimes(timezones=st.just(UTC)),
        float: st.just(0.1),
        Hop: HOPS,
        Walk: st.builds(walk, st.lists(HOPS, min_size=1, max_size=3), st.sampled_from(WalkEnd)),
    }
    if kind in made:
        return made[kind]
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*map(values_of, get_args(kind)))
    if get_origin(kind) is tuple and Ellipsis not in get_args(kind):
        return st.tuples(*map(values_of, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return records_of(kind)


def records_of(kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) is Measured:
        return st.builds(Measured, values_of(get_args(kind)[0]), values_of(datetime), values_of(float))
    assert is_dataclass(kind), kind
    hints = get_type_hints(kind)
    parts = {field.name: values_of(hints[field.name]) for field in fields(kind)}
    if kind is Transfer:
        parts["url"] = HOPS.map(lambda one: one.location or one.url)
    return st.builds(kind, **parts)


def argument(kind: type) -> st.SearchStrategy[Any]:
    if kind is Host:
        return st.sampled_from((APEX, WWW))
    return st.just(SUBJECTS[kind]) if kind in SUBJECTS else values_of(kind)


def filling(parameter: Parameter) -> st.SearchStrategy[Any]:
    value = argument(parameter.type)
    return value.map(lambda one: Each(((WWW, one), (APEX, one)))) if parameter.role is Role.EACH else value


def test_every_outside_area_is_here() -> None:
    assert {check.layer.word for check in CHECKS} == {*AREAS, "speed"}
    assert {check.topic for check in CHECKS} >= TOPICS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_fact_makes_a_check_raise_and_every_failure_says_what_and_how(check: Check, data: st.DataObject) -> None:
    assert check.ask is not None
    judgement = check.ask(**{p.name: data.draw(filling(p)) for p in check.parameters})
    assert isinstance(judgement, Pass | Fail | NotApplicable)
    if isinstance(judgement, Fail):
        assert judgement.offenders
        assert judgement.fix.do
