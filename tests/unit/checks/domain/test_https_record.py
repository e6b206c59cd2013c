"""The check of `checks/domain/https_record.py`."""

from launchready.checks.domain.https_record import https_record_differs
from launchready.facts.domain import HostAddresses
from launchready.facts.https_record import HttpsRecord, HttpsRecords
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Host

APP = Host("app.example.com", "example.com")
DECLARED = Host("app.example.com", "example.com", addresses=("192.0.2.1",))
SEEN = HostAddresses(exists=True, addresses=("192.0.2.1", "2001:db8::1"), cname_chain=())


def https(*hints: str, target: str = "", addresses: tuple[str, ...] = ()) -> HttpsRecords:
    return HttpsRecords((HttpsRecord(target, hints, addresses),))


def test_a_record_whose_hints_are_the_hosts_addresses_passes() -> None:
    assert https_record_differs(APP, SEEN, https("192.0.2.1", "2001:db8:0::1")) == Pass()
    assert https_record_differs(APP, SEEN, https()) == Pass()


def test_a_host_without_such_a_record_or_without_address_is_no_question() -> None:
    assert isinstance(https_record_differs(APP, SEEN, HttpsRecords(())), NotApplicable)
    nowhere = HostAddresses(exists=True, addresses=(), cname_chain=())
    assert isinstance(https_record_differs(APP, nowhere, https("192.0.2.9")), NotApplicable)


def test_a_hint_at_another_server_fails_and_the_right_record_is_given() -> None:
    assert https_record_differs(APP, SEEN, https("192.0.2.9")) == Fail(
        ("the HTTPS record of app.example.com hints at 192.0.2.9, which is no address of it",),
        Fix(
            "Delete the HTTPS record of app.example.com, or replace it by this one",
            "app.example.com. HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
        ),
    )


def test_of_a_pool_that_answers_in_parts_a_hint_may_be_one_that_was_not_seen() -> None:
    assert https_record_differs(APP, SEEN, https("192.0.2.1", "192.0.2.9")) == Pass()
    assert isinstance(https_record_differs(DECLARED, SEEN, https("192.0.2.1", "192.0.2.9")), Fail)


def test_a_target_elsewhere_fails_and_one_on_the_hosts_own_way_passes() -> None:
    judgement = https_record_differs(APP, SEEN, https(target="old.example", addresses=("192.0.2.9",)))
    assert isinstance(judgement, Fail)
    (told,) = judgement.offenders
    assert told.endswith("sends browsers to old.example, at 192.0.2.9, where its other records don't lead")
    gone = https_record_differs(APP, SEEN, https(target="old.example"))
    assert isinstance(gone, Fail)
    assert gone.offenders[0].endswith("sends browsers to old.example, which has no address")
    assert https_record_differs(APP, SEEN, https(target="new.example", addresses=("192.0.2.1",))) == Pass()
    alias = HostAddresses(exists=True, addresses=("192.0.2.1",), cname_chain=("edge.example",))
    assert https_record_differs(APP, alias, https(target="edge.example", addresses=("192.0.2.7",))) == Pass()
