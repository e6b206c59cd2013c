"""The checks of `checks/secrets/working_tree.py`: literal facts in, exact failures out."""

from collections.abc import Callable

import pytest

from launchready.checks.secrets.working_tree import (
    env_file_tracked,
    key_behind_public_name,
    key_in_build_output,
    uncommitted_key_in_code,
)
from launchready.facts.secrets import Exposure, LeakedKey, Place, SettingsFile, WorkingTreeSecrets
from launchready.model.check import Fail, Judgement, Pass

REVOKE = "Revoke the Stripe key sk_l…: https://dashboard.stripe.com/apikeys (the key, Roll key, expire now)"


def tree(*places: Place, settings: tuple[SettingsFile, ...] = (), **changes: object) -> WorkingTreeSecrets:
    values = {"provider": "stripe", "is_public_by_design": False, "is_test_key": False} | changes
    key = LeakedKey(fingerprint="5f1d8c0a77aa", hint="sk_l", length=42, places=places, **values)
    return WorkingTreeSecrets((key,) if places else (), 7, settings)


Ask = Callable[[WorkingTreeSecrets], Judgement]


@pytest.mark.parametrize(
    ("ask", "exposure"),
    [
        (uncommitted_key_in_code, Exposure.CHANGED),
        (uncommitted_key_in_code, Exposure.UNTRACKED),
        (uncommitted_key_in_code, Exposure.GIT_FOLDER),
        (key_in_build_output, Exposure.BUILD),
    ],
)
def test_a_live_key_fails_where_it_is_open_and_is_named(ask: Ask, exposure: Exposure) -> None:
    judgement = ask(tree(Place(exposure, "app/pay.js", 3)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("Stripe key sk_l… (5f1d8c0a77aa) in app/pay.js:3",)
    assert judgement.fix.paste == REVOKE


@pytest.mark.parametrize("ask", [uncommitted_key_in_code, key_in_build_output, key_behind_public_name])
def test_a_key_in_an_ignored_file_passes(ask: Ask) -> None:
    assert ask(tree(Place(Exposure.IGNORED, ".env", 1))) == Pass()


@pytest.mark.parametrize("change", [{"is_test_key": True}, {"is_public_by_design": True}, {"provider": "generic"}])
def test_what_opens_nothing_or_only_may_be_a_key_passes(change: dict[str, object]) -> None:
    assert uncommitted_key_in_code(tree(Place(Exposure.UNTRACKED, "a.py", 1), **change)) == Pass()


def test_a_key_behind_a_public_name_fails_also_in_an_ignored_file_and_gets_a_private_name() -> None:
    judgement = key_behind_public_name(tree(Place(Exposure.IGNORED, ".env", 1, "", "VITE_STRIPE_KEY")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("VITE_STRIPE_KEY: Stripe key sk_l… (5f1d8c0a77aa) in .env:1",)
    assert judgement.fix.paste == f"VITE_STRIPE_KEY → STRIPE_KEY\n{REVOKE}"


def test_a_settings_file_that_git_keeps_fails_with_the_names_and_the_commands() -> None:
    judgement = env_file_tracked(tree(settings=(SettingsFile(".env", ("DB_PASSWORD",)),)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (".env gives a value to DB_PASSWORD",)
    assert judgement.fix.paste == "git rm --cached '.env'\necho '/.env' >> .gitignore"


def test_a_tree_without_settings_files_in_git_passes() -> None:
    assert env_file_tracked(tree()) == Pass()
