"""Answers of registries, with the examples that RFC 9083, RFC 7483 and RFC 9224 print."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc9083 import MAX_TEXT_CHARS, RdapDomain, RdapError, read_rdap_domain
from launchready.parse.rfc9224 import RdapBootstrapError, rdap_servers

NAME = "xn--fo-5ja.example"
EVENTS = [
    {"eventAction": "registration", "eventDate": "1990-12-31T23:59:59Z"},
    {"eventAction": "last changed", "eventDate": "1991-12-31T23:59:59Z", "eventActor": "joe@example.com"},
    {"eventAction": "transfer", "eventDate": "1991-12-31T23:59:59Z", "eventActor": "joe@example.com"},
    {"eventAction": "expiration", "eventDate": "2016-12-31T23:59:59Z", "eventActor": "joe@example.com"},
]
VCARD = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Joe User"], ["kind", {}, "text", "individual"]]]
PRINTED = {
    "objectClassName": "domain",
    "handle": "XXXX",
    "ldhName": NAME,
    "status": ["locked", "transfer prohibited"],
    "events": EVENTS,
    "entities": [
        {"objectClassName": "entity", "handle": "XXXX", "vcardArray": VCARD, "roles": ["registrant"]},
        {"objectClassName": "entity", "handle": "XXXX", "vcardArray": VCARD, "roles": ["registrar"]},
    ],
}
BOOTSTRAP = json.dumps(
    {
        "version": "1.0",
        "publication": "2024-01-07T10:11:12Z",
        "description": "Some text",
        "services": [
            [["net", "com"], ["https://registry.example.com/myrdap/"]],
            [["org", "mytld"], ["https://example.org/"]],
            [["xn--zckzah"], ["https://example.net/rdap/xn--zckzah/", "http://example.net/rdap/xn--zckzah/"]],
        ],
    }
)


def read(name=NAME, **changes):
    return read_rdap_domain(json.dumps(PRINTED | changes), name)


def ends(date):
    return read(events=[{"eventAction": "expiration", "eventDate": date}]).expires_at


def test_the_printed_answer_is_read():
    at = datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read() == RdapDomain(at, "Joe User", ("locked", "transfer prohibited"))


def test_a_leap_second_as_rfc_7483_printed_it_is_read():
    assert ends("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520000, tzinfo=UTC)),
        ("1996-12-19t16:39:57-08:00", datetime(1996, 12, 19, 16, 39, 57, tzinfo=timezone(timedelta(hours=-8)))),
        ("1990-12-31T15:59:60-08:00", datetime(1990, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870000, tzinfo=UTC)),
    ],
)
def test_times_are_those_of_rfc_3339_section_5_8(text, moment):
    assert ends(text) == moment


@pytest.mark.parametrize("text", ["", "soon", "2016-12-31", "2016-12-31T23:59:59", "2016-12-31T23:60:00Z", 7, None])
def test_a_date_that_is_no_moment_is_an_error_and_not_no_date(text):
    with pytest.raises(RdapError):
        ends(text)


def test_without_an_event_of_expiration_there_is_no_end():
    assert read(events=EVENTS[:3]).expires_at is None
    assert (
        read(events=[{"eventAction": "registrar expiration", "eventDate": "2016-01-01T00:00:00Z"}]).expires_at is None
    )


def test_of_two_ends_the_last_one_counts():
    later = {"eventAction": "expiration", "eventDate": "2020-01-01T00:00:00Z"}
    assert read(events=[later, *EVENTS]).expires_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_an_answer_about_something_else_is_refused():
    for changes in ({"objectClassName": "entity"}, {"ldhName": "other.example"}, {"ldhName": None}):
        with pytest.raises(RdapError):
            read(**changes)
    assert read(ldhName="XN--FO-5JA.EXAMPLE.").registrar == "Joe User"


def test_texts_are_cut_and_strange_parts_passed_over():
    seen = read(
        status=["x" * 999, 7], entities=[None, 3, {"roles": "registrar"}, {"roles": ["registrar"], "vcardArray": 1}]
    )
    assert (len(seen.states[0]), len(seen.states), seen.registrar) == (MAX_TEXT_CHARS, 1, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["domain", NAME, "expiration"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*PRINTED, "eventAction", "eventDate", "roles", "vcardArray"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.text() | JSON.map(json.dumps) | st.fixed_dictionaries(dict.fromkeys(PRINTED, JSON)).map(json.dumps))
def test_any_text_is_an_answer_or_the_parsers_own_error(text):
    try:
        answer = read_rdap_domain(text, NAME)
    except RdapError:
        return
    assert isinstance(answer, RdapDomain)


@given(
    st.sampled_from(sorted(PRINTED.keys() - {"objectClassName", "ldhName"})),
    JSON,
)
def test_any_value_of_any_member_is_read_or_refused(key, value):
    try:
        answer = read(**{key: value})
    except RdapError:
        return
    assert isinstance(answer, RdapDomain)


@pytest.mark.parametrize(
    ("domain", "servers"),
    [
        ("a.b.example.com", ("https://registry.example.com/myrdap/",)),
        ("EXAMPLE.MYTLD", ("https://example.org/",)),
        ("example.xn--zckzah", ("https://example.net/rdap/xn--zckzah/",)),
        ("example.de", ()),
        ("notcom", ()),
        ("com.example", ()),
    ],
)
def test_the_printed_list_names_a_domains_server(domain, servers):
    assert rdap_servers(BOOTSTRAP, domain) == servers


def test_the_entry_with_the_most_labels_holds_and_a_slash_is_added():
    services = [[["uk"], ["https://uk.example"]], [["co.uk"], ["https://co.example/rdap"]], [["o.uk"], ["https://no/"]]]
    text = json.dumps({"services": services})
    assert rdap_servers(text, "shop.co.uk") == ("https://co.example/rdap/",)
    assert rdap_servers(text, "shop.uk") == ("https://uk.example/",)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"services": 1}', '{"services": [[["com"]]]}', "[" * 100_000])
def test_what_is_no_list_of_servers_is_refused(text):
    with pytest.raises(RdapBootstrapError):
        rdap_servers(text, "example.com")


@given(st.text() | JSON.map(lambda value: json.dumps({"services": value})))
def test_any_text_names_servers_or_is_the_parsers_own_error(text):
    try:
        servers = rdap_servers(text, "example.com")
    except RdapBootstrapError:
        return
    assert all(server.startswith("https://") and server.endswith("/") for server in servers)
