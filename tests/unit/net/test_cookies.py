import pytest

from launchready.net.cookies import MAX_COOKIES, Cookies

SITE = "https://app.shop.example/account/login"


def sent(url, *fields, at=SITE):
    jar = Cookies()
    jar.store(at, fields)
    return jar.header_for(url)


@pytest.mark.parametrize(
    ("field", "url", "header"),
    [
        ("a=b; Path=/", "https://app.shop.example/", "a=b"),
        ("a=b; Path=/", "https://shop.example/", None),
        ("a=b; Path=/", "https://api.app.shop.example/", None),
        ("a=b; Path=/; Domain=shop.example", "https://shop.example/", "a=b"),
        ("a=b; Path=/; Domain=.Shop.example", "https://api.shop.example/", "a=b"),
        ("a=b; Path=/; Domain=shop.example", "https://otherthanshop.example/", None),
        ("a=b; Path=/; Domain=api.shop.example", "https://api.shop.example/", None),
        ("a=b; Path=/; Domain=evil.example", "https://evil.example/", None),
        ("a=b", "https://app.shop.example/account", "a=b"),
        ("a=b", "https://app.shop.example/account/x", "a=b"),
        ("a=b", "https://app.shop.example/accounts", None),
        ("a=b", "https://app.shop.example/", None),
        ("a=b; Path=/x/", "https://app.shop.example/x/y", "a=b"),
        ("a=b; Path=/x/", "https://app.shop.example/x", None),
        ("a=b; Path=/; Secure", "http://app.shop.example/", None),
        ("a=b; Path=/; Secure", "https://app.shop.example/", "a=b"),
        ("a=b; Path=/", "http://app.shop.example/", "a=b"),
        ("a=b; Path=/", "https://app.shop.example:8443/", "a=b"),
        ("a=; Path=/", "https://app.shop.example/", "a="),
        ("lonely; Path=/", "https://app.shop.example/", "lonely"),
        ('a="x=y"; Path=/', "https://app.shop.example/", 'a="x=y"'),
        ("a=b\x01; Path=/", "https://app.shop.example/", None),
        ("__Host-a=b; Path=/; Secure", "https://app.shop.example/", "__Host-a=b"),
        ("__Host-a=b; Path=/", "https://app.shop.example/", None),
        ("__Host-a=b; Path=/; Secure; Domain=shop.example", "https://app.shop.example/", None),
        ("a=b; Path=/; Max-Age=0", "https://app.shop.example/", None),
        ("a=b; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://app.shop.example/", "a=b"),
        ("a=b; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "https://app.shop.example/", None),
        ("a=b; Path=/; Expires=Fri, 01 Jan 9999 00:00:00 GMT", "https://app.shop.example/", "a=b"),
        ("a=b; Path=/; Expires=nonsense", "https://app.shop.example/", "a=b"),
    ],
)
def test_a_cookie_goes_where_its_attributes_say_and_nowhere_else(field, url, header):
    assert sent(url, field) == header


def test_a_cookie_for_all_owners_of_a_suffix_is_refused():
    assert sent("https://b.vercel.app/", "a=b; Path=/; Domain=vercel.app", at="https://a.vercel.app/") is None
    assert sent("https://a.vercel.app/", "a=b; Path=/; Domain=a.vercel.app", at="https://a.vercel.app/") == "a=b"


def test_a_secure_cookie_is_not_taken_over_plain_http():
    assert sent("https://a.example/", "a=b; Path=/; Secure", at="http://a.example/") is None


def test_an_address_matches_only_itself():
    assert sent("http://192.0.2.1/", "a=b; Path=/", at="http://192.0.2.1/") == "a=b"
    assert sent("http://192.0.2.1/", "a=b; Path=/; Domain=2.1", at="http://192.0.2.1/") is None


def test_the_longest_path_goes_first_and_then_the_oldest():
    fields = ("a=1; Path=/", "b=2; Path=/account", "c=3; Path=/")
    assert sent("https://app.shop.example/account/x", *fields) == "b=2; a=1; c=3"


def test_a_later_cookie_takes_the_place_of_an_earlier_one_and_can_end_it():
    jar = Cookies()
    jar.store(SITE, ("a=1; Path=/", "a=2; Path=/"))
    assert (jar.header_for(SITE), len(jar)) == ("a=2", 1)
    jar.store(SITE, ("a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",))
    assert (jar.header_for(SITE), len(jar)) == (None, 0)


def test_the_jar_holds_what_browsers_hold_and_no_more():
    jar = Cookies()
    jar.store(SITE, tuple(f"c{number}=x" for number in range(MAX_COOKIES + 1)))
    assert len(jar) == MAX_COOKIES
