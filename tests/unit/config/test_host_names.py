import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.config.errors import ConfigError
from launchready.config.load import product_for_host
from launchready.model.product import Product
from launchready.model.subject import Domain, Host


@pytest.mark.parametrize(
    ("typed", "host", "domain"),
    [
        ("example.com", "example.com", "example.com"),
        ("www.example.com", "www.example.com", "example.com"),
        ("EXAMPLE.com.", "example.com", "example.com"),
        ("  example.com\n", "example.com", "example.com"),
        ("https://Example.com/x?y#z", "example.com", "example.com"),
        ("http://example.com:80", "example.com", "example.com"),
        ("example.com/pricing", "example.com", "example.com"),
        ("example.com:443", "example.com", "example.com"),
        ("https://maya:hunter2@example.com/", "example.com", "example.com"),
        ("bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("Straße.de", "xn--strae-oqa.de", "xn--strae-oqa.de"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah", "xn--r8jz45g.xn--zckzah"),
        ("shop.coach.co.uk", "shop.coach.co.uk", "coach.co.uk"),
        ("coach.onrender.com", "coach.onrender.com", "coach.onrender.com"),
        ("a.b.brightpath.example", "a.b.brightpath.example", "brightpath.example"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example", f"{'a' * 63}.example"),
    ],
)
def test_what_people_type_or_paste_is_understood(typed, host, domain):
    assert product_for_host(typed) == Product(name=host, hosts=(Host(host, domain),), domains=(Domain(domain),))


A_SUFFIX = (
    "The name 'co.uk' is a public suffix, under which others register names. "
    "Type a name under it, such as yourname.co.uk."
)
NOT_A_PART = "is not a part of a host name: letters, digits and inner hyphens. Type a name such as app.example.com."
AN_IP_ADDRESS = "The name is an IP address, not a name. Type the name that customers type, such as app.example.com."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "The name is empty. Type a name such as app.example.com."),
        ("https:///x", "The name is empty. Type a name such as app.example.com."),
        ("localhost", "The name 'localhost' has no dot. Type a public name such as example.com."),
        ("203.0.113.10", AN_IP_ADDRESS),
        ("2001:db8::1", AN_IP_ADDRESS),
        ("[2001:db8::1]", AN_IP_ADDRESS),
        ("https://[2001:db8::1]:443/", AN_IP_ADDRESS),
        ("http://203.0.113.10/", AN_IP_ADDRESS),
        ("1.2.3", "The name ends in a number, as an IP address does. Type a name such as app.example.com."),
        ("example.0x1f", "The name ends in a number, as an IP address does. Type a name such as app.example.com."),
        ("a..com", "The name has an empty part between two dots. Type a name such as app.example.com."),
        (".com", "The name has an empty part between two dots. Type a name such as app.example.com."),
        ("a.com..", "The name has an empty part between two dots. Type a name such as app.example.com."),
        ("co.uk", A_SUFFIX),
        ("*.example.com", f"The name '*' {NOT_A_PART}"),
        ("-a.example.com", f"The name '-a' {NOT_A_PART}"),
        ("a\x1b[31m.com", f"The name 'a\\x1b[31m' {NOT_A_PART}"),
        ("😀.com", "The name holds '😀', which no host name may hold. Type a name such as app.example.com."),
        ("maya@example.com", "The name is more than a host name. Type a name such as app.example.com."),
        ("example.com:8443", "The name has port 8443, and only 80 and 443 are looked at. Type example.com"),
        ("example.com:port", "The name is not a host name. Type a name such as app.example.com."),
        ("https://[x", "The name is not a host name. Type a name such as app.example.com."),
        ("ftp://example.com", "The name is not the address of a web page. Type a name such as app.example.com."),
        (
            f"{'a' * 64}.com",
            "The name has a part that is longer than 63 characters. Type a name such as app.example.com.",
        ),
        (
            f"{'ü' * 60}.com",
            "The name has a part that is longer than 63 characters. Type a name such as app.example.com.",
        ),
    ],
)
def test_what_is_no_public_host_is_told_with_what_to_type(typed, message):
    with pytest.raises(ConfigError) as caught:
        product_for_host(typed)
    assert str(caught.value) == message


@pytest.mark.parametrize(("chars", "valid"), [(252, True), (253, True), (254, False)])
def test_a_name_over_253_characters_is_refused(chars, valid):
    name = ("a" * 49 + ".") * 5 + "a" * (chars - 250)
    assert len(name) == chars
    if valid:
        assert product_for_host(name).name == name
    else:
        with pytest.raises(ConfigError, match="longer than 253 characters"):
            product_for_host(name)


@settings(max_examples=300, deadline=None, database=None)
@given(st.one_of(st.text(), st.from_regex(r"(https?://)?[a-z0-9ü.:@/\[\]-]{0,40}", fullmatch=True)))
def test_any_text_is_a_host_or_a_message(text):
    try:
        product = product_for_host(text)
    except ConfigError as error:
        told = error
    else:
        assert product_for_host(product.name) == product
        assert product.name.isascii()
        return
    assert told.what.startswith("The name ")
    assert told.next_step.startswith("Type ")
    assert told.where == ""
