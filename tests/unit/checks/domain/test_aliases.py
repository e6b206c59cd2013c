"""The checks of `checks/domain/aliases.py`: literal facts in, exact failures out."""

from datetime import UTC, datetime

from launchready.checks.domain.aliases import alias_dangling, forgotten_name_claimable, takeover_possible
from launchready.facts.domain import HostAddresses
from launchready.facts.takeover import Claimable, ClaimableName, ClaimableNames
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

APP = Host("app.example.com", "example.com")


def seen(*chain: str, exists: bool = False, addresses: tuple[str, ...] = ()) -> HostAddresses:
    return HostAddresses(exists=exists, addresses=addresses, cname_chain=chain)


def test_an_alias_that_leads_somewhere_passes_and_so_does_a_name_that_is_none() -> None:
    assert alias_dangling(APP, seen("a.host.example", exists=True, addresses=("192.0.2.1",))) == Pass()
    assert alias_dangling(APP, seen(exists=True, addresses=("192.0.2.1",))) == Pass()
    assert alias_dangling(APP, seen()) == Pass()


def test_an_alias_to_a_name_that_does_not_exist_fails_with_the_whole_way() -> None:
    assert alias_dangling(APP, seen("a.host.example", "b.host.example")) == Fail(
        ("app.example.com → a.host.example → b.host.example, which does not exist",),
        Fix(
            "Delete this record, or let it point to the name that your provider shows today instead of b.host.example",
            "app.example.com. CNAME a.host.example.",
        ),
    )


def test_an_alias_to_a_name_without_address_fails_in_other_words() -> None:
    judgement = alias_dangling(APP, seen("a.host.example", exists=True))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com → a.host.example, which has no address",)


def test_where_another_alias_is_declared_that_one_is_given() -> None:
    judgement = alias_dangling(Host("app.example.com", "example.com", cname="new.host.example"), seen("old.example"))
    assert isinstance(judgement, Fail)
    assert judgement.fix == Fix("Point app.example.com there", "app.example.com. CNAME new.host.example.")


def test_a_host_that_no_company_of_the_list_serves_passes_and_so_does_a_claimed_one() -> None:
    assert takeover_possible(APP, Claimable()) == Pass()
    assert takeover_possible(APP, Claimable("Ghost", "a.ghost.io", is_certain=True)) == Pass()


def test_the_companys_words_for_an_unclaimed_name_fail_and_are_quoted() -> None:
    unclaimed = Claimable("Ghost", "a.ghost.io", words="never was", is_certain=True, source="https://source.example/1")
    told = "app.example.com points to a.ghost.io at Ghost, and it says “never was”: a stranger can claim it"
    assert takeover_possible(APP, unclaimed) == Fail(
        (f"{told} (https://source.example/1)",),
        Fix(
            "Add app.example.com to your own account at Ghost, or delete this record",
            "app.example.com. CNAME a.ghost.io.",
        ),
    )


def test_a_free_name_fails_and_is_called_possible_where_proof_may_be_asked() -> None:
    judgement = takeover_possible(APP, Claimable("Microsoft Azure", "a.azurewebsites.net", is_name_free=True))
    assert isinstance(judgement, Fail)
    assert "that name does not exist there any more: a stranger may be able to claim it" in judgement.offenders[0]


AT = datetime(2026, 7, 1, tzinfo=UTC)


def test_a_forgotten_name_that_can_be_claimed_fails_whatever_another_hides() -> None:
    silent = ClaimableName("old.example.com", Unmeasured(Why.REFUSED, "no connection", AT))
    claimed = ClaimableName("dev.example.com", Measured(Claimable("Ghost", "b.ghost.io"), AT, 0.1))
    free = Claimable("Ghost", "a.ghost.io", words="never was", is_certain=True, source="https://source.example/1")
    domain = Domain("example.com")
    assert forgotten_name_claimable(domain, ClaimableNames((claimed,))) == Pass()
    assert forgotten_name_claimable(domain, ClaimableNames(())) == Pass()
    bad = ClaimableName("staging.example.com", Measured(free, AT, 0.1))
    told = "staging.example.com points to a.ghost.io at Ghost, and it says “never was”: a stranger can claim it"
    assert forgotten_name_claimable(domain, ClaimableNames((silent, claimed, bad))) == Fail(
        (f"{told} (https://source.example/1)",),
        Fix("Delete these records of example.com", "staging.example.com. CNAME a.ghost.io."),
    )
