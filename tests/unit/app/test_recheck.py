"""Which looks one finding needs, and how it is named."""

import pytest

from launchready.app.recheck import UnknownSubjectError, looks_of, read_finding
from launchready.app.registry import PERMISSION, UnknownCheckError, load_registry
from launchready.engine.plan import plan_looks
from launchready.model.product import Product
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host

HOSTS = tuple(Host(name, "example.com") for name in ("app.example.com", "example.com", "www.example.com"))
LOGIN = Endpoint("https://app.example.com/login", EndpointKind.LOGIN)
PRODUCT = Product("Shop", HOSTS, (Domain("example.com"),), endpoints=(LOGIN,))


@pytest.fixture(scope="module")
def registry():
    return load_registry()


def looks(text, registry):
    question = read_finding(text, PRODUCT, registry)
    return {step.look.key for step in plan_looks(PRODUCT, looks_of(question, PRODUCT), registry.probes, PERMISSION)}


def test_one_subject_is_looked_at_and_no_other(registry):
    assert looks("certificate-untrusted@host:app.example.com", registry) == {("Certificates", "host:app.example.com")}


def test_without_a_subject_all_are(registry):
    assert {subject for _, subject in looks("certificate-untrusted", registry)} == {host.id for host in HOSTS}


def test_what_a_look_needs_comes_along_with_its_permission(registry):
    assert ("Ownership", "host:app.example.com") in looks(f"login-unlimited@{LOGIN.id}", registry)
    assert not any(subject == "host:www.example.com" for _, subject in looks(f"login-unlimited@{LOGIN.id}", registry))


def test_a_check_of_a_domain_reads_what_it_says_of_every_host(registry):
    assert looks("nameservers-disagree@domain:example.com", registry) == {("Nameservers", "domain:example.com")}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("certificate-untrusted@host:ap.example.com", "Did you mean 'host:app.example.com'?"),
        ("certificate-untrusted@www.example.com", "Did you mean 'host:www.example.com'?"),
        ("spf-missing@zzz", "It is asked of domain:example.com."),
        ("link-broken@link:https://a.example/", "Nothing that it could be asked of is declared."),
    ],
)
def test_a_subject_that_it_is_not_asked_of_is_told_with_the_nearest(registry, text, hint):
    with pytest.raises(UnknownSubjectError) as caught:
        read_finding(text, PRODUCT, registry)
    assert hint in str(caught.value)


def test_a_check_that_does_not_exist_is_told_with_the_nearest(registry):
    with pytest.raises(UnknownCheckError, match="spf-missing"):
        read_finding("spf-mising@domain:example.com", PRODUCT, registry)


def test_a_check_without_a_declared_subject_is_asked_of_the_product(registry):
    for text in ("link-broken", "link-broken@product"):
        assert read_finding(text, PRODUCT, registry).subjects == ()
