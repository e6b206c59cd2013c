"""The check of `checks/domain/nameservers.py`."""

from datetime import UTC, datetime

from launchready.checks.domain.nameservers import nameservers_disagree
from launchready.facts.domain import Nameserver, Nameservers, NameserverView
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
BOTH = ("ns1.example.com", "ns2.example.com")


def view(*addresses: str, alias: str = "", authoritative: bool = True, refusal: str = "") -> NameserverView:
    return NameserverView("app.example.com", authoritative, addresses, alias, refusal)


def seen(*views: NameserverView | None) -> Nameservers:
    """What ns1, ns2 … answer; None is silence."""
    servers = tuple(
        Nameserver(
            f"ns{number}.example.com",
            Unmeasured(Why.TIMED_OUT, "silent", NOW) if said is None else Measured((said,), NOW, 0.1),
        )
        for number, said in enumerate(views, 1)
    )
    return Nameservers(servers, Measured(BOTH, NOW, 0.1))


def judge(*views: NameserverView | None) -> Judgement:
    return nameservers_disagree(DOMAIN, seen(*views))


def test_servers_that_say_the_same_pass() -> None:
    assert judge(view("203.0.113.20"), view("203.0.113.20")) == Pass()


def test_a_server_that_lags_behind_fails_and_both_answers_are_shown() -> None:
    assert judge(view("203.0.113.20"), view("203.0.113.99")) == Fail(
        ("app.example.com: ns1.example.com says 203.0.113.20; ns2.example.com says 203.0.113.99",),
        Fix("Transfer the zone example.com again to the name server that lags behind"),
    )


def test_a_server_without_the_record_differs_from_one_that_has_it() -> None:
    judgement = judge(view("203.0.113.20"), view())
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com: ns1.example.com says 203.0.113.20; ns2.example.com says nothing",)


def test_a_server_that_refuses_is_lame_and_what_it_said_is_shown() -> None:
    judgement = judge(view("203.0.113.20"), view(authoritative=False, refusal="203.0.113.2 answered REFUSED."))
    assert judgement == Fail(
        ("ns2.example.com does not answer for example.com with authority (203.0.113.2 answered REFUSED)",),
        Fix("Serve example.com on ns2.example.com, or take it out of the NS records here and at the registrar"),
    )


def test_a_server_without_authority_is_lame_even_if_its_answer_is_right() -> None:
    judgement = judge(view("203.0.113.20"), view("203.0.113.20", authoritative=False))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("ns2.example.com does not answer for example.com with authority",)


def test_of_an_alias_only_its_target_is_compared() -> None:
    assert judge(view(alias="app.provider.example"), view(alias="app.provider.example")) == Pass()


def test_an_alias_on_one_server_and_an_address_on_the_other_differ() -> None:
    assert isinstance(judge(view(alias="app.provider.example"), view("203.0.113.20")), Fail)


def test_a_silent_server_hides_no_difference_between_the_others() -> None:
    assert isinstance(judge(view("203.0.113.20"), None, view("203.0.113.99")), Fail)


def test_a_domain_without_servers_is_another_checks_matter() -> None:
    assert isinstance(nameservers_disagree(DOMAIN, seen()), NotApplicable)
