"""The checks of `checks/secrets`: literal facts in, exact failures out."""

from dataclasses import replace
from datetime import date

from launchready.checks.secrets.history import leaked_key_in_history, possible_key_in_history
from launchready.checks.secrets.providers import Opens, provider_of
from launchready.facts.secrets import Accepted, Exposure, LeakedKey, Place, RepositorySecrets
from launchready.model.check import CHECKS, Fail, Fix, Pass, SourcePlace

COMMIT = "9684e2b6256a351977e07a6118ff0c573866ce28"


def a_key(**changes: object) -> LeakedKey:
    values = {
        "provider": "stripe",
        "fingerprint": "5f1d8c0a77aa",
        "hint": "sk_l",
        "length": 42,
        "is_public_by_design": False,
        "is_test_key": False,
        "places": (Place(Exposure.HISTORY, "config/payments.py", 1, COMMIT),),
    }
    return LeakedKey(**(values | changes))


def secrets(*keys: LeakedKey) -> RepositorySecrets:
    return RepositorySecrets(keys=keys, objects_read=7, is_partial=False)


def test_a_history_without_keys_passes() -> None:
    assert leaked_key_in_history(secrets()) == Pass()


def test_a_live_key_fails_and_is_named_by_place_and_the_first_step_is_to_revoke_it() -> None:
    assert leaked_key_in_history(secrets(a_key())) == Fail(
        ("Stripe key sk_l… (5f1d8c0a77aa) in 9684e2b6256a:config/payments.py:1",),
        Fix(
            "Revoke each key at its provider first, then store the new one in the platform's secret store",
            "Revoke the Stripe key sk_l…: https://dashboard.stripe.com/apikeys (the key, Roll key, expire now)",
        ),
        (SourcePlace("config/payments.py", 1),),
    )


def test_a_reader_of_code_is_led_to_files_and_to_nothing_else() -> None:
    places = (
        Place(Exposure.HEAD, "a.py", 3),
        Place(Exposure.HISTORY, "old.zip!inside/b.py", 9, COMMIT),
        Place(Exposure.HISTORY, "(message of the commit)", 1, COMMIT),
        Place(Exposure.UNREACHABLE, "c.py", 1),
    )
    judgement = leaked_key_in_history(secrets(a_key(places=places, place_count=4)))
    assert isinstance(judgement, Fail)
    assert judgement.places == (SourcePlace("a.py", 3), SourcePlace("old.zip"))


def test_keys_that_browsers_may_know_and_test_keys_pass() -> None:
    assert leaked_key_in_history(secrets(a_key(is_public_by_design=True), a_key(is_test_key=True))) == Pass()


def test_three_places_are_shown_and_the_others_are_counted() -> None:
    places = tuple(Place(Exposure.HISTORY, f"file{n}.py", 1, COMMIT) for n in range(4))
    judgement = leaked_key_in_history(secrets(a_key(places=places, place_count=4)))
    assert isinstance(judgement, Fail)
    named = ", ".join(f"9684e2b6256a:file{n}.py:1" for n in range(3))
    assert judgement.offenders == (f"Stripe key sk_l… (5f1d8c0a77aa) in {named} and 1 more",)


def test_a_key_of_an_unknown_provider_is_revoked_where_it_was_made() -> None:
    judgement = leaked_key_in_history(secrets(a_key(provider="acme-mail", hint="acme")))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == "Revoke the acme mail key acme…: where the key was made"


def test_where_secrets_live_can_only_be_attested() -> None:
    import launchready.checks.secrets.vault  # noqa: F401 - registers the check

    assert CHECKS["secrets-outside-vault"].ask is None


def test_a_key_that_somebody_answers_for_passes_and_fails_again_once_their_word_is_over() -> None:
    word = Accepted("revoked", "Maya", date(2026, 11, 1), is_over=False)
    assert leaked_key_in_history(secrets(a_key(accepted=word))) == Pass()
    judgement = leaked_key_in_history(secrets(a_key(accepted=replace(word, is_over=True))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].endswith("; it was accepted until 2026-11-01")


def test_what_only_its_name_calls_secret_is_no_blocker_but_a_possible_key() -> None:
    generic = secrets(a_key(provider="generic", hint="9f3a"))
    assert leaked_key_in_history(generic) == Pass()
    judgement = possible_key_in_history(generic)
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].startswith("generic key 9f3a… (5f1d8c0a77aa)")
    assert possible_key_in_history(secrets(a_key())) == Pass()


def test_each_provider_says_what_its_keys_open_and_a_password_is_judged_by_what_it_is_for() -> None:
    assert provider_of(a_key()).opens is Opens.MONEY
    assert provider_of(a_key(provider="postgres-password")).opens is Opens.DATA
    assert provider_of(a_key(provider="smtp-password")).opens is Opens.MAIL
    assert provider_of(a_key(provider="acme")).opens is Opens.UNKNOWN
