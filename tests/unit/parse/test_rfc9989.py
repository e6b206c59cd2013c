"""DMARC: RFC 9989 sections 4.7 (tags), 4.8 (grammar) and 4.10 (tree walk, discovery)."""

import pytest

from launchready.parse.rfc9989 import (
    MAX_RECORD_CHARS,
    Alignment,
    Dmarc,
    DmarcError,
    Policy,
    PublicSuffix,
    ReportUri,
    effective_policy,
    is_dmarc,
    organizational_domain,
    parse_dmarc,
    tree_walk_names,
)

RUA = "rua=mailto:dmarc@example.com"


@pytest.mark.parametrize(
    "text", ["v=DMARC1", "v=DMARC1;", "v=DMARC1 ; ", "v = DMARC1;p=none", "V=DMARC1; p=none", "v\t=\tDMARC1\t;"]
)
def test_a_record_begins_with_its_version(text: str) -> None:
    assert is_dmarc(text)
    parse_dmarc(text)


@pytest.mark.parametrize(
    "text",
    ["", "v=dmarc1; p=none", "v=DMARC1 p=none", "v=DMARC11", "v=DMARC2", " v=DMARC1", "p=none; v=DMARC1", "v==DMARC1"],
)
def test_what_begins_otherwise_is_not_a_record(text: str) -> None:
    assert not is_dmarc(text)
    with pytest.raises(DmarcError):
        parse_dmarc(text)


def test_every_tag_is_read() -> None:
    # the example of appendix B.2.5, with all tags
    record = parse_dmarc(
        "v=DMARC1; p=reject; sp=Quarantine; np=none; adkim=s; aspf=S; fo=1:d:s; psd=n; t=y; "
        "rua=mailto:dmarc-feedback@example.com, mailto:tld-test@ThirdParty.example.net!10m;"
        "ruf=https://reports.example.net/x"
    )
    assert record == Dmarc(
        policy=Policy.REJECT,
        subdomain_policy=Policy.QUARANTINE,
        nonexistent_policy=Policy.NONE,
        dkim_alignment=Alignment.STRICT,
        spf_alignment=Alignment.STRICT,
        failure_options=("1", "d", "s"),
        aggregate_uris=(
            ReportUri("mailto:dmarc-feedback@example.com", "example.com", None),
            ReportUri("mailto:tld-test@ThirdParty.example.net", "thirdparty.example.net", 10 * 1024 * 1024),
        ),
        failure_uris=(ReportUri("https://reports.example.net/x", None, None),),
        psd=PublicSuffix.NO,
        testing=True,
        historic=(),
        unknown=(),
        invalid=(),
    )


def test_defaults_are_those_of_section_4_7() -> None:
    assert parse_dmarc("v=DMARC1; p=none") == Dmarc(
        policy=Policy.NONE,
        subdomain_policy=None,
        nonexistent_policy=None,
        dkim_alignment=Alignment.RELAXED,
        spf_alignment=Alignment.RELAXED,
        failure_options=("0",),
        aggregate_uris=(),
        failure_uris=(),
        psd=PublicSuffix.UNSAID,
        testing=False,
        historic=(),
        unknown=(),
        invalid=(),
    )


def test_tags_of_the_old_standard_are_named_and_mean_nothing() -> None:
    record = parse_dmarc("v=DMARC1; p=reject; pct=0; rf=afrf; ri=86400; x-own=1; huh=2")
    assert record.historic == ("pct", "rf", "ri")
    assert effective_policy(record, subdomain=False, exists=True) is Policy.REJECT


def test_unknown_tags_are_ignored_and_named() -> None:
    record = parse_dmarc("v=DMARC1; p=reject; foo=bar; Baz=")
    assert record.unknown == ("foo", "baz")
    assert record.invalid == ()


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("adkim=x", "adkim"),
        ("aspf=", "aspf"),
        ("psd=maybe", "psd"),
        ("t=1", "t"),
        ("fo=0:1; ruf=mailto:a@b.com", "fo"),
        ("fo=d:d; ruf=mailto:a@b.com", "fo"),
        ("fo=0,d; ruf=mailto:a@b.com", "fo"),
        ("fo=; ruf=mailto:a@b.com", "fo"),
        ("rua=dmarc@example.com", "rua"),
        ("rua=", "rua"),
        ("ruf=mailto:nobody", "ruf"),
        ("p", ""),
        ("sp\x00=none", ""),
        ("adkim", "adkim"),
        ("=", ""),
        ("", ""),
    ],
)
def test_a_broken_value_gives_way_to_the_default_and_is_named(tag: str, name: str) -> None:
    record = parse_dmarc(f"v=DMARC1; {tag}; p=reject") if tag != "p" else parse_dmarc("v=DMARC1; ?; p=reject")
    assert record.invalid == (name,)
    assert record.policy is Policy.REJECT
    assert (record.dkim_alignment, record.spf_alignment) == (Alignment.RELAXED, Alignment.RELAXED)
    assert (record.psd, record.testing, record.failure_options) == (PublicSuffix.UNSAID, False, ("0",))


@pytest.mark.parametrize("options", ["0", "1", "d", "s", "0:d", "d:1", "d:s", "s:d:0", "d:1:s", "1:s:d", "D:S"])
def test_failure_options_may_be_combined(options: str) -> None:
    record = parse_dmarc(f"v=DMARC1; p=none; fo={options}; ruf=mailto:a@example.com")
    assert record.failure_options == tuple(options.lower().split(":"))
    assert record.invalid == ()


def test_failure_options_without_an_address_are_ignored() -> None:
    record = parse_dmarc("v=DMARC1; p=none; fo=1:d")
    assert record.failure_options == ("0",)


@pytest.mark.parametrize("again", ["p=none", "P=none", "v=DMARC1", "x=1; x=2", f"{RUA}; {RUA}"])
def test_a_tag_that_occurs_twice_makes_the_list_invalid(again: str) -> None:
    # RFC 6376 section 3.2, which RFC 9989 section 4.7 builds on
    with pytest.raises(DmarcError):
        parse_dmarc(f"v=DMARC1; p=reject; {again}")


@pytest.mark.parametrize(
    ("uri", "read"),
    [
        ("mailto:a@example.com!10m", ReportUri("mailto:a@example.com", "example.com", 10_485_760)),
        ("mailto:a@example.com!500", ReportUri("mailto:a@example.com", "example.com", 500)),
        ("mailto:a@example.com!1K", ReportUri("mailto:a@example.com", "example.com", 1024)),
        ("mailto:a@example.com!2g", ReportUri("mailto:a@example.com", "example.com", 2 * 2**30)),
        ("mailto:a@example.com!2t", ReportUri("mailto:a@example.com", "example.com", 2 * 2**40)),
        ("mailto:a%21b@example.com", ReportUri("mailto:a%21b@example.com", "example.com", None)),
        ("MAILTO:a@example.com?subject=x", ReportUri("MAILTO:a@example.com?subject=x", "example.com", None)),
        ("gopher://example.com", ReportUri("gopher://example.com", None, None)),
    ],
)
def test_a_reporting_uri_is_read(uri: str, read: ReportUri) -> None:
    assert parse_dmarc(f"v=DMARC1; rua={uri}").aggregate_uris == (read,)


@pytest.mark.parametrize(
    "uri", ["a@b.com", "mailto:", "mailto:@b.com", "mailto:a@", "x:%zz", "m:a!", "m:a!m", "m:a!1x"]
)
def test_what_is_no_uri_is_dropped_and_the_others_are_kept(uri: str) -> None:
    record = parse_dmarc(f"v=DMARC1; rua=mailto:ok@example.com,{uri}")
    assert [one.uri for one in record.aggregate_uris] == ["mailto:ok@example.com"]
    assert record.invalid == ("rua",)


@pytest.mark.parametrize("tags", ["", "p=maybe;", "p=;", "p;", "p=reject; sp=maybe;", "p=reject; np=;"])
def test_without_valid_policies_a_record_counts_as_none_if_someone_reads_reports(tags: str) -> None:
    # section 4.10.1
    heard = parse_dmarc(f"v=DMARC1; {tags}{RUA}")
    unheard = parse_dmarc(f"v=DMARC1; {tags}rua=nobody")
    for subdomain in (False, True):
        assert heard.counts_as_none
        assert effective_policy(heard, subdomain=subdomain, exists=True) is Policy.NONE
        assert effective_policy(unheard, subdomain=subdomain, exists=True) is None


@pytest.mark.parametrize(
    ("tags", "own", "existing", "missing"),
    [
        ("p=reject", "reject", "reject", "reject"),
        ("p=reject; sp=none", "reject", "none", "none"),
        ("p=none; np=reject", "none", "none", "reject"),
        ("p=none; sp=quarantine; np=reject", "none", "quarantine", "reject"),
        ("p=reject; sp=quarantine; np=none; t=y", "quarantine", "none", "none"),
        ("p=none; t=y", "none", "none", "none"),
        ("p=reject; t=n", "reject", "reject", "reject"),
    ],
)
def test_the_effective_policy_depends_on_where_the_mail_says_it_is_from(
    tags: str, own: str, existing: str, missing: str
) -> None:
    record = parse_dmarc(f"v=DMARC1; {tags}")
    assert effective_policy(record, subdomain=False, exists=True) is Policy(own)
    assert effective_policy(record, subdomain=True, exists=True) is Policy(existing)
    assert effective_policy(record, subdomain=True, exists=False) is Policy(missing)


def test_the_tree_walk_of_the_standards_example_asks_eight_times() -> None:
    # section 4.10, the example under step 7
    assert tree_walk_names("a.b.c.d.e.f.g.h.i.j.mail.example.com") == (
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    )


@pytest.mark.parametrize(("labels", "queries"), [(1, 1), (2, 2), (6, 6), (7, 7), (8, 8), (9, 8), (40, 8)])
def test_a_walk_never_asks_more_than_eight_times(labels: int, queries: int) -> None:
    names = tree_walk_names(".".join(f"l{n}" for n in range(labels)))
    assert len(names) == queries
    assert all(name.startswith("_dmarc.l") for name in names)
    assert names[-1] == f"_dmarc.l{labels - 1}"


def test_a_walk_takes_any_case_and_one_closing_dot() -> None:
    assert tree_walk_names("Example.COM.") == ("_dmarc.example.com", "_dmarc.com")


@pytest.mark.parametrize("domain", ["", ".", "a..b", ".com", "com..", "a" * 64 + ".com", ".".join(["a" * 63] * 4)])
def test_a_walk_needs_a_domain_name(domain: str) -> None:
    with pytest.raises(DmarcError):
        tree_walk_names(domain)


def test_labels_and_names_may_be_as_long_as_the_dns_allows() -> None:
    tree_walk_names("a" * 63 + ".com")
    tree_walk_names(".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61]))
    with pytest.raises(DmarcError):
        tree_walk_names(".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 62]))


@pytest.mark.parametrize(
    ("domain", "found", "organizational"),
    [
        # the three examples at the end of section 4.10.2
        ("a.mail.example.com", {"mail.example.com": "", "example.com": ""}, "example.com"),
        ("a.mail.example.com", {"mail.example.com": "psd=n", "example.com": ""}, "mail.example.com"),
        ("a.mail.example.com", {"com": "psd=y"}, "example.com"),
        # rule 2: psd=y where the walk began does not count
        ("giant.bank", {"giant.bank": "psd=y"}, "giant.bank"),
        ("mail.giant.bank", {"mail.giant.bank": "", "giant.bank": "", "bank": "psd=y"}, "giant.bank"),
        ("example.com", {}, "example.com"),
        ("a.b.c.d.e.f.g.h.i.com", {"c.d.e.f.g.h.i.com": ""}, "a.b.c.d.e.f.g.h.i.com"),
        ("a.b.c.d.e.f.g.h.i.com", {"e.f.g.h.i.com": "", "d.e.f.g.h.i.com": "psd=y"}, "c.d.e.f.g.h.i.com"),
    ],
)
def test_the_organizational_domain_is_what_the_walk_says(
    domain: str, found: dict[str, str], organizational: str
) -> None:
    records = {f"_dmarc.{name}": parse_dmarc(f"v=DMARC1; p=none; {tags}") for name, tags in found.items()}
    assert organizational_domain(domain, records) == organizational


def test_the_longest_record_the_dns_can_carry_is_the_longest_that_is_read() -> None:
    start = "v=DMARC1; x="
    parse_dmarc(start + "y" * (MAX_RECORD_CHARS - len(start)))
    with pytest.raises(DmarcError):
        parse_dmarc(start + "y" * (MAX_RECORD_CHARS - len(start) + 1))
