"""CSP Level 3: the printed examples of the specification, and what its algorithms say case by case."""

import pytest

from launchready.parse.csp import (
    Directive,
    Hash,
    HostSource,
    Keyword,
    Load,
    Nonce,
    Policy,
    Scheme,
    Source,
    allows_any_inline_script,
    allows_any_script_url,
    blocks,
    matches,
    parse_policy,
    read_meta_policies,
    read_policies,
    read_sources,
)

PAGE = "https://example.com/"


def sources(text: str) -> tuple[Source, ...]:
    return read_sources(text.split())


def test_directives_are_cut_at_semicolons_and_names_have_no_case() -> None:
    assert parse_policy(" Script-SRC 'self'\t https: ;; img-src ;") == Policy(
        (Directive("script-src", ("'self'", "https:")), Directive("img-src", ()))
    )


def test_of_two_directives_with_one_name_the_first_counts() -> None:
    assert parse_policy("img-src a.example; IMG-SRC *").get("img-src") == Directive("img-src", ("a.example",))


def test_a_directive_that_is_not_ascii_is_left_out_and_the_others_stay() -> None:
    assert parse_policy("img-src é.example; object-src 'none'") == Policy((Directive("object-src", ("'none'",)),))


def test_a_vertical_tab_is_no_whitespace() -> None:
    assert parse_policy("img-src\va") == Policy((Directive("img-src\va", ()),))


def test_fields_and_commas_make_policies_that_apply_together_and_empty_ones_are_none() -> None:
    found = read_policies(["default-src 'self', ,img-src *", "", "frame-ancestors 'none'"])
    assert [policy.directives[0].name for policy in found] == ["default-src", "img-src", "frame-ancestors"]


def test_a_meta_policy_has_no_comma_list_and_lacks_three_directives() -> None:
    assert read_meta_policies(["img-src a, b; frame-ancestors 'none'; sandbox; report-uri /r", "sandbox"]) == (
        Policy((Directive("img-src", ("a,", "b")),)),
    )


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("'SELF'", Keyword.SELF),
        ("'unsafe-inline'", Keyword.UNSAFE_INLINE),
        ("'strict-dynamic'", Keyword.STRICT_DYNAMIC),
        ("'wasm-unsafe-eval'", Keyword.WASM_UNSAFE_EVAL),
        ("'nonce-ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA'", Nonce("ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA")),
        ("'nonce-a_b-c=='", Nonce("a_b-c==")),
        (
            "'SHA256-nP0EI9B9ad8IoFUti2q7EQBabcE5MS5v0nkvRfUbYnM='",
            Hash("sha256", "nP0EI9B9ad8IoFUti2q7EQBabcE5MS5v0nkvRfUbYnM="),
        ),
        ("https:", Scheme("https")),
        ("CUSTOM+scheme:", Scheme("custom+scheme")),
        ("*", HostSource("", "*", "", "")),
        ("*:*", HostSource("", "*", "*", "")),
        ("*.Example.com", HostSource("", "*.example.com", "", "")),
        ("example.com.", HostSource("", "example.com.", "", "")),
        ("https://example.com:443/js/", HostSource("https", "example.com", "443", "/js/")),
        ("example.com:*", HostSource("", "example.com", "*", "")),
        ("example.com/A.js", HostSource("", "example.com", "", "/A.js")),
    ],
)
def test_a_source_expression_is_read(word: str, source: Source) -> None:
    assert read_sources((word,)) == (source,)


@pytest.mark.parametrize(
    "word",
    ["'none'", "'nonce-'", "'nonce-a===b'", "'sha1-abc'", "'sha256-'", "'sha256-a b", "'unsafe'", "*.*",
     "**.example.com", "a.*.example", "exa_mple.com", "example.com/a?b", "example.com#x", "https://", "://a",
     "a:b", "1a:", "http://example.com:", "ex..com", "", "'"],
)  # fmt: skip
def test_what_is_no_source_expression_is_left_out(word: str) -> None:
    expected = (HostSource("", "self", "", ""),) if word == "self" else ()
    if word == "nonce-abc":
        expected = (HostSource("", "", ""),)
    assert read_sources((word,)) == expected


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("'unsafe-inline'", True),
        ("'self' 'UNSAFE-INLINE' https:", True),
        ("'unsafe-inline' 'nonce-abc'", False),
        ("'unsafe-inline' 'sha256-abc='", False),
        ("'unsafe-inline' 'strict-dynamic'", False),
        ("'unsafe-inline' 'unsafe-hashes'", True),
        ("'unsafe-inline' 'nonce-'", True),  # no nonce, so it undoes nothing
        ("'self'", False),
        ("", False),
    ],
)
def test_inline_scripts_are_all_allowed_unless_something_undoes_it(text: str, allowed: bool) -> None:
    assert allows_any_inline_script(sources(text)) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [("*", True), ("*:*", True), ("https://*", True), ("https:", True), ("http:", True), ("data:", True),
     ("* 'nonce-abc'", True), ("https: 'strict-dynamic' 'nonce-abc'", False), ("'self' *.example.com", False),
     ("*/js/", False), ("blob:", False), ("", False)],
)  # fmt: skip
def test_a_script_may_come_from_anywhere(text: str, allowed: bool) -> None:
    assert allows_any_script_url(sources(text)) is allowed


@pytest.mark.parametrize(
    ("wanted", "chain"),
    [
        ("script-src-elem", ("script-src-elem", "script-src", "default-src")),
        ("style-src-attr", ("style-src-attr", "style-src", "default-src")),
        ("worker-src", ("worker-src", "child-src", "script-src", "default-src")),
        ("frame-src", ("frame-src", "child-src", "default-src")),
        ("img-src", ("img-src", "default-src")),
    ],
)
def test_each_kind_of_fetch_falls_back_as_the_specification_lists(wanted: str, chain: tuple[str, ...]) -> None:
    for length in range(1, len(chain) + 1):
        policy = Policy(tuple(Directive(name, ()) for name in reversed(chain[-length:])))
        assert policy.governing(wanted) == Directive(chain[-length], ())
    assert Policy((Directive("base-uri", ()),)).governing(wanted) is None


MATCHES = [
    # the host
    ("example.com", "https://example.com/a", True),
    ("example.com", "https://EXAMPLE.com/a", True),
    ("example.com", "https://sub.example.com/", False),
    ("*.example.com", "https://a.b.example.com/", True),
    ("*.example.com", "https://example.com/", False),
    ("*.example.com", "https://notexample.com/", False),
    ("192.0.2.1", "https://192.0.2.1/", False),
    ("127.0.0.1", "https://127.0.0.1/", True),
    # the scheme
    ("http://example.com", "https://example.com/", True),
    ("https://example.com", "http://example.com/", False),
    ("example.com", "http://example.com/", False),  # the page is under https
    ("http:", "https://a.example/", True),
    ("https:", "http://a.example/", False),
    ("ws://a.example", "wss://a.example/", True),
    ("wss:", "ws://a.example/", False),
    ("data:", "data:text/plain,x", True),
    ("*", "https://a.example:8443/", True),  # the star alone has no port to hold to
    ("*", "data:text/plain,x", False),
    ("*", "http://a.example/", True),
    # the port
    ("example.com:8443", "https://example.com:8443/", True),
    ("example.com", "https://example.com:8443/", False),
    ("example.com:*", "https://example.com:8443/", True),
    ("example.com:443", "https://example.com/", True),
    ("http://example.com:80", "https://example.com/", True),
    ("example.com:99999999999999999999", "https://example.com/", False),
    # the path
    ("example.com/js/", "https://example.com/js/a/b.js", True),
    ("example.com/js/", "https://example.com/jsx", False),
    ("example.com/a.js", "https://example.com/a.js?v=1", True),
    ("example.com/a.js", "https://example.com/a.js/b", False),
    ("example.com/", "https://example.com/a", True),
    ("example.com/%61.js", "https://example.com/a.js", True),
    # the page itself
    ("'self'", "https://example.com/x", True),
    ("'self'", "https://example.com:443/x", True),
    ("'self'", "https://www.example.com/x", False),
    ("'self'", "http://example.com/x", False),
    ("'self'", "wss://example.com/x", True),
    ("'self'", "https://example.com:8443/x", False),
    ("'none'", "https://example.com/x", False),
    ("'unsafe-inline'", "https://example.com/x", False),
    ("example.com", "https://example.com:99999/", False),
]


@pytest.mark.parametrize(("words", "url", "expected"), MATCHES)
def test_a_url_matches_a_source(words: str, url: str, expected: bool) -> None:
    assert matches(url, sources(words), PAGE) is expected


def test_a_page_under_http_matches_its_secure_self_and_its_socket() -> None:
    for url in ("http://example.com/", "https://example.com/", "ws://example.com/", "wss://example.com/"):
        assert matches(url, (Keyword.SELF,), "http://example.com/")


def test_the_printed_example_of_the_specification_is_read() -> None:
    text = (
        "script-src 'self'; report-to csp-endpoint, "
        "default-src 'self' http://example.com http://example.net; connect-src 'none'"
    )
    first, second = read_policies([text])
    assert [directive.name for directive in first.directives] == ["script-src", "report-to"]
    connect = second.governing("connect-src")
    assert connect is not None
    assert read_sources(connect.words) == ()


SCRIPT_URL = "https://cdn.example/a.js"


@pytest.mark.parametrize(
    ("policy", "load", "blocked"),
    [
        ("script-src 'self'", Load(SCRIPT_URL), True),
        ("script-src 'self' cdn.example", Load(SCRIPT_URL), False),
        ("default-src 'none'", Load(SCRIPT_URL), True),
        ("script-src 'none'; script-src-elem *", Load(SCRIPT_URL), False),
        ("img-src 'none'", Load(SCRIPT_URL), False),
        ("script-src 'nonce-abc'", Load(SCRIPT_URL, "abc"), False),
        ("script-src 'nonce-abc'", Load(SCRIPT_URL, "ABC"), True),
        ("script-src 'nonce-abc'", Load(SCRIPT_URL), True),
        ("script-src 'nonce-abc' 'strict-dynamic' cdn.example", Load(SCRIPT_URL), True),
        ("script-src 'nonce-abc' 'strict-dynamic'", Load(SCRIPT_URL, "abc"), False),
        ("script-src 'sha256-abc='", Load(SCRIPT_URL, "", has_integrity=True), False),  # it may be the file's own
        ("script-src 'sha256-abc='", Load(SCRIPT_URL), True),
        ("script-src 'unsafe-inline'", Load(SCRIPT_URL), True),
        ("script-src", Load(SCRIPT_URL), True),
    ],
)
def test_a_policy_blocks_what_it_does_not_name(policy: str, load: Load, blocked: bool) -> None:
    assert blocks(parse_policy(policy), "script-src-elem", load, PAGE) is blocked


def test_strict_dynamic_is_about_scripts_alone() -> None:
    policy = parse_policy("default-src 'strict-dynamic' 'self'")
    assert not blocks(policy, "frame-src", Load("https://example.com/f"), PAGE)
    assert blocks(policy, "script-src-elem", Load("https://example.com/f"), PAGE)
