"""The checks of `checks/secrets/served.py`: literal facts in, exact failures out."""

import pytest

from launchready.checks.secrets.served import one_key_in_code_and_page, secret_in_source_map, secret_served_to_browsers
from launchready.facts.secrets import Exposure, LeakedKey, MapSecrets, Place, RepositorySecrets, ServedSecrets
from launchready.model.check import Fail, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.subject import Host, Repository

URL = "https://app.brightpath.example/app.js"
HOST, REPOSITORY = Host("app.brightpath.example", "brightpath.example"), Repository(".")


def a_key(place: Place, **changes: object) -> LeakedKey:
    values = {"provider": "stripe", "is_public_by_design": False, "is_test_key": False} | changes
    return LeakedKey(fingerprint="5f1d8c0a77aa", hint="sk_l", length=42, places=(place,), **values)


def served(**changes: object) -> ServedSecrets:
    return ServedSecrets((a_key(Place(Exposure.SERVED, URL, 1), **changes),), 3, 1)


def committed() -> RepositorySecrets:
    return RepositorySecrets((a_key(Place(Exposure.HISTORY, "pay.py", 2, "9684e2b6256a")),), 7, is_partial=False)


def test_a_key_of_a_server_on_the_page_fails() -> None:
    judgement = secret_served_to_browsers(served())
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"Stripe key sk_l… (5f1d8c0a77aa) in {URL}:1",)


@pytest.mark.parametrize(
    "change",
    [
        {"is_public_by_design": True},
        {"is_test_key": True},
        {"provider": "generic"},
        {"provider": "gcp"},
        {"provider": "acme"},
        {"provider": "https-password"},
    ],
)
def test_what_pages_may_show_and_what_is_not_sure_passes(change: dict[str, object]) -> None:
    assert secret_served_to_browsers(served(**change)) == Pass()


def test_a_password_of_a_database_on_the_page_fails() -> None:
    assert isinstance(secret_served_to_browsers(served(provider="postgresql-password")), Fail)


def test_a_host_that_shows_no_page_is_not_asked() -> None:
    assert isinstance(secret_served_to_browsers(ServedSecrets((), 0, 0)), NotApplicable)
    assert isinstance(secret_in_source_map(MapSecrets((), 0)), NotApplicable)


def test_a_map_fails_with_a_key_and_passes_without() -> None:
    assert secret_in_source_map(MapSecrets((), 1)) == Pass()
    assert isinstance(secret_in_source_map(MapSecrets(served().keys, 1)), Fail)


def test_one_key_in_code_and_page_is_one_incident_with_both_places() -> None:
    judgement = one_key_in_code_and_page(Each(((HOST, served()),)), Each(((REPOSITORY, committed()),)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"Stripe key sk_l… (5f1d8c0a77aa) in 9684e2b6256a:pay.py:2; served in {URL}",)
    nothing = Each(((HOST, ServedSecrets((), 3, 0)),))
    assert one_key_in_code_and_page(nothing, Each(((REPOSITORY, committed()),))) == Pass()
