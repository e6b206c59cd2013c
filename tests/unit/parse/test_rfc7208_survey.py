"""What an SPF record costs, and one record out of several."""

import random
from collections import Counter

import pytest
from dns_zone import ZoneLookup

from launchready.parse.inquiry import Answer, Question, Status, answered
from launchready.parse.rfc7208 import LOOKUP_LIMIT, SpfError, parse_spf
from launchready.parse.rfc7208_evaluate import SpfResult, evaluate_spf
from launchready.parse.rfc7208_merge import MAX_INCLUDES, Omission, merge_spf, merge_texts, txt_strings
from launchready.parse.rfc7208_survey import MAX_TERMS, SpfSurvey, TermCost, survey, survey_spf, term_text


def zone(**txt: str) -> dict[str, dict[str, tuple[str, ...]]]:
    return {f"{name}.com": {"TXT": (text,)} for name, text in txt.items()}


def of(start: str = "own.com", **txt: str) -> SpfSurvey:
    return survey(start, ZoneLookup(zone(**txt)))


def test_each_term_of_the_record_is_billed_for_all_it_leads_to() -> None:
    seen = of(
        own="v=spf1 ip4:192.0.2.1 include:A.com. ~mx redirect=b.com",
        a="v=spf1 include:b.com include:c.com -all include:never.com",
        b="v=spf1 exists:%{i}.b.com ?all",
        c="v=spf1 ip4:192.0.2.2",
    )
    # include a (1), include b (2), exists (3), include c (4); mx (1); redirect b (1), exists (2)
    mx = TermCost("~mx", 1, "finds nothing")
    assert seen.costs == (TermCost("include:A.com.", 4), mx, TermCost("redirect=b.com", 2))
    assert (seen.lookups, seen.is_complete) == (7, True)
    assert seen.by_macro == ("%{i}.b.com",)
    assert [name for name, _ in seen.fetched] == ["own.com", "a.com", "b.com", "c.com"]


@pytest.mark.parametrize(("terms", "exceeds"), [(9, False), (10, False), (11, True)])
def test_ten_look_ups_are_within_the_limit_and_eleven_are_not(terms: int, exceeds: bool) -> None:
    has_mx = {"own.com": {"TXT": ("v=spf1" + " mx" * terms,), "MX": ("10 m.com",)}}
    seen = survey("own.com", ZoneLookup(has_mx))
    assert (seen.lookups, seen.exceeds_limit) == (terms, exceeds)


@pytest.mark.parametrize(("terms", "exceeds"), [(1, False), (2, False), (3, True)])
def test_two_void_look_ups_are_within_the_limit_and_three_are_not(terms: int, exceeds: bool) -> None:
    gone = " ".join(f"a:gone{n}.com" for n in range(terms))
    seen = of(own=f"v=spf1 {gone} a:own.com exists:x.%{{d}} mx:own.com -all")
    assert len(seen.void) == terms + 2  # own.com has neither addresses nor a mail exchange
    assert seen.void[0] == Question("gone0.com", "A")
    seen = survey("own.com", ZoneLookup(zone(own=f"v=spf1 {gone} a:both.com") | {"both.com": {"AAAA": ("::1",)}}))
    assert seen.exceeds_limit is exceeds


def test_a_name_without_one_valid_record_is_broken_and_named() -> None:
    broken = zone(own="v=spf1 include:none.com include:two.com include:bad.com include:a..com -all", bad="v=spf1 foo")
    broken["two.com"] = {"TXT": ("v=spf1 -all", "v=spf1 ~all", "hello")}
    seen = survey("own.com", ZoneLookup(broken))
    assert [cost.fault for cost in seen.costs] == [
        "none.com: no SPF record",
        "two.com: 2 SPF records",
        "bad.com: no such mechanism: 'foo'",
        "a..com: no SPF record",
    ]
    assert dict(seen.broken) == {
        "none.com": "no SPF record",
        "two.com": "2 SPF records",
        "bad.com": "no such mechanism: 'foo'",
        "a..com": "no SPF record",
    }


@pytest.mark.parametrize(("names", "fault"), [(2, ""), (3, "3 of its names are not there")])
def test_a_term_has_the_fault_of_what_it_leads_to(names: int, fault: str) -> None:
    gone = " ".join(f"a:gone{n}.com" for n in range(names))
    seen = of(
        own="v=spf1 include:a.com include:b.com include:c.com a:gone.com -all",
        a="v=spf1 include:none.com -all",
        b="v=spf1 redirect=a.com",
        c=f"v=spf1 {gone} -all",
    )
    none = "none.com: no SPF record"
    assert [cost.fault for cost in seen.costs] == [none, none, fault, "finds nothing"]


def test_records_may_be_given_in_place_of_the_published_one() -> None:
    lookup = ZoneLookup(zone(a="v=spf1 mx:a.com -all") | {"own.com": {"TXT": ("v=spf1 mx", "v=spf1 a")}})
    two = [parse_spf("v=spf1 include:a.com -all"), parse_spf("v=spf1 exists:%{i}.a.com ~all")]
    seen = answered(survey_spf("own.com", two), lookup)
    assert [(cost.term, cost.lookups) for cost in seen.costs] == [("include:a.com", 2), ("exists:%{i}.a.com", 1)]
    assert (seen.record, answered(survey_spf("own.com", []), lookup).costs) == (None, ())
    assert ("own.com", "TXT") not in lookup.asked


def test_a_question_without_an_answer_is_neither_void_nor_broken() -> None:
    def lookup(name: str, rtype: str) -> Answer:
        if name == "own.com" and rtype == "TXT":
            return Answer(Status.ANSWER, ("v=spf1 include:x.com a:y.com -all",))
        return Answer(Status.TEMPFAIL)

    seen = survey("own.com", lookup)
    assert seen.unanswered == (Question("x.com", "TXT"), Question("y.com", "A"), Question("y.com", "AAAA"))
    assert (seen.void, seen.broken, seen.lookups) == ((), (), 2)


def test_a_cycle_ends_and_no_name_is_asked_for_twice() -> None:
    lookup = ZoneLookup(zone(own="v=spf1 include:own.com include:own.com"))
    seen = survey("own.com", lookup)
    assert (seen.lookups, seen.is_complete) == (MAX_TERMS, False)
    assert lookup.asked == [("own.com", "TXT")]


def test_what_is_no_domain_name_is_an_error() -> None:
    with pytest.raises(SpfError):
        next(survey_spf("a..b"))


@pytest.mark.parametrize(
    "term",
    ["mx", "-all", "?a/24//64", "a:x.com//64", "ip4:192.0.2.0/24", "~ip6:2001:db8::/32", "ptr:x.com", "redirect=x.com"],
)
def test_a_term_is_written_as_it_was_read(term: str) -> None:
    assert term_text(parse_spf(f"v=spf1 {term}").terms[0]) == term


# What a person would write is the oracle of these; the numbers are counted by hand.
@pytest.mark.parametrize(
    ("records", "merged"),
    [
        (["v=spf1 include:a.com ~all", "v=spf1 include:b.com -all"], "v=spf1 include:a.com include:b.com -all"),
        (["v=spf1 mx ?all", "v=spf1 +mx a ~all"], "v=spf1 mx a ~all"),
        (["v=spf1 include:A.com. all", "v=spf1 include:a.com ?all"], "v=spf1 include:a.com ?all"),
        (["v=spf1 ip4:192.0.2.0/24 ~all", "v=spf1 ip4:192.0.2.7 -all"], "v=spf1 ip4:192.0.2.0/24 -all"),
        (["v=spf1 -ip4:192.0.2.0/24 ~all", "v=spf1 ip4:192.0.2.7"], "v=spf1 -ip4:192.0.2.0/24 ip4:192.0.2.7 ~all"),
        (["v=spf1 ip6:2001:DB8::/32", "v=spf1 ip6:2001:db8::1/128"], "v=spf1 ip6:2001:db8::/32 ~all"),
        (["v=spf1 redirect=a.com", "v=spf1 mx -all exp=e.com"], "v=spf1 include:a.com mx -all"),
        (["v=spf1 a -all mx redirect=x.com"], "v=spf1 a -all"),
        (["v=spf1 ip4:192.0.2.7 -all ip4:192.0.2.0/24", "v=spf1 mx"], "v=spf1 ip4:192.0.2.7 mx -all"),
        (["v=spf1 redirect=a.com -ip4:192.0.2.7"], "v=spf1 -ip4:192.0.2.7 include:a.com ~all"),
        (["v=spf1 +all"], "v=spf1 ~all"),
    ],
)
def test_the_terms_of_all_records_stand_once_before_the_strictest_end(records: list[str], merged: str) -> None:
    proposal = merge_texts(records)
    assert proposal.text == merged
    assert proposal.fits
    parse_spf(proposal.text)


def test_beyond_ten_look_ups_ptr_goes_first_and_what_others_reach_next() -> None:
    known = {
        "all.com": parse_spf("v=spf1 include:part.com ip4:192.0.2.1"),
        "part.com": parse_spf("v=spf1 mx a a:x.com"),
        "wide.com": parse_spf("v=spf1 mx:w1.com mx:w2.com -all"),
    }
    first = parse_spf("v=spf1 ptr include:part.com include:all.com -all")
    second = parse_spf("v=spf1 include:wide.com a mx ~all")
    merged = merge_spf([first, second], known)
    # part (4), all (5), wide (3), a, mx: 14 and ptr; without ptr 14; without part 10
    assert merged.text == "v=spf1 include:all.com include:wide.com a mx -all"
    assert (merged.lookups, merged.fits) == (10, True)
    assert list(dict(merged.left_out)) == ["-all", "~all", "ptr", "include:part.com"]


def test_an_include_is_kept_where_the_other_way_to_it_may_say_no() -> None:
    known = {
        "all.com": parse_spf("v=spf1 -ip4:192.0.2.1 include:part.com"),
        "part.com": parse_spf("v=spf1" + " mx" * 9),
    }
    merged = merge_spf([parse_spf("v=spf1 include:part.com include:all.com -all")], known)
    assert "include:part.com" in merged.text
    assert not merged.fits


@pytest.mark.parametrize(("terms", "gone"), [(9, ()), (10, ()), (11, ("a:h2.com",)), (12, ("a:h2.com", "a:h0.com"))])
def test_what_can_be_spared_goes_in_its_order_as_far_as_it_is_needed(terms: int, gone: tuple[str, ...]) -> None:
    many = [f"a:h{n}.com" for n in range(terms)]
    merged = merge_spf([parse_spf(f"v=spf1 {' '.join(many)} -all")], spare=("a:H2.com.", "+a:h0.com", "a:h1.com"))
    assert merged.text == " ".join(("v=spf1", *(term for term in many if term not in gone), "-all"))
    assert merged.lookups == min(terms, LOOKUP_LIMIT)
    assert [term for term, why in merged.left_out if why.shuts_out] == list(gone)


def test_what_receivers_give_up_at_goes_however_few_look_ups_there_are() -> None:
    merged = merge_spf([parse_spf("v=spf1 mx redirect=Gone.com")], broken=("redirect=Gone.com",))
    assert (merged.text, merged.lookups, merged.is_exact) == ("v=spf1 mx ~all", 1, True)
    assert merged.left_out == (("include:gone.com", Omission.BROKEN),)


def test_the_cost_of_a_record_whose_includes_are_not_known_is_a_lower_bound() -> None:
    assert not merge_texts(["v=spf1 include:a.com -all"]).is_exact
    assert not merge_spf([parse_spf("v=spf1 include:%{d}.a.com -all")], {}).is_exact
    assert merge_spf([parse_spf("v=spf1 include:a.com -all")], {"a.com": parse_spf("v=spf1 -all")}).is_exact


def test_a_record_beyond_any_merging_is_returned_as_it_is() -> None:
    many = " ".join(f"include:h{n}.com" for n in range(MAX_INCLUDES + 1))
    merged = merge_texts([f"v=spf1 {many} -all"])
    assert merged.text == f"v=spf1 {many} -all"
    assert not merged.fits


@pytest.mark.parametrize(("size", "sizes"), [(0, [0]), (255, [255]), (256, [255, 1]), (510, [255, 255])])
def test_a_long_text_is_cut_into_strings_of_255_octets(size: int, sizes: list[int]) -> None:
    assert [len(one) for one in txt_strings("x" * size)] == sizes
    assert "".join(txt_strings("x" * size)) == "x" * size


def test_the_survey_and_an_evaluation_that_matches_nothing_count_alike() -> None:
    chance, both = random.Random(464), Counter[bool]()
    for _ in range(500):
        policies = {name: f"v=spf1 {' '.join(chance.choices(TERMS, k=chance.randint(0, 4)))}" for name in "abcdef"}
        lookup = ZoneLookup(zone(**policies) | {"found.com": {"A": ("192.0.2.9",), "MX": ("10 found.com",)}})
        seen, outcome = survey("a.com", lookup), evaluate_spf("203.0.113.1", "x@a.com", "x", lookup)
        if seen.broken:  # a record with two redirects
            assert outcome.result is SpfResult.PERMERROR
            continue
        both[seen.exceeds_limit] += 1
        assert (outcome.result is SpfResult.PERMERROR) is seen.exceeds_limit
        assert outcome.lookups == min(seen.lookups, LOOKUP_LIMIT + 1)
    assert min(both.values()) > 50


TERMS = (
    *("include:b.com", "include:c.com", "include:d.com", "?include:e.com", "include:f.com", "redirect=f.com"),
    *("a:found.com", "mx:found.com", "a:found.com/31", "-all", "ip4:192.0.2.0/24", "x=y"),
)
