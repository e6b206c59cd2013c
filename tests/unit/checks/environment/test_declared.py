"""The checks of `checks/environment/declared.py`."""

import pytest

from launchready.checks.environment.declared import (
    PUBLIC_PREFIXES,
    env_example_outdated,
    secret_in_public_variable,
    variable_undeclared,
)
from launchready.facts.environment import ExampleFile, SourceVariables, VariableExamples, VariableRead
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.environment import Variable, VariableType
from launchready.model.product import Product

SECRET = Variable("VITE_PAYMENT_KEY", VariableType.KEY)
PRODUCT = Product("P", (), (), environment=(Variable("APP_URL", VariableType.URL), SECRET))
NO_EXAMPLE = VariableExamples((), ())


def code(*names: str, has_fallback: bool = False) -> SourceVariables:
    reads = tuple(VariableRead(name, f"app/{name.lower()}.py:3", has_fallback) for name in names)
    return SourceVariables(reads, ())


def shown(*names: str) -> VariableExamples:
    return VariableExamples((ExampleFile(".env.example", names),), ())


def undeclared(*names: str, has_fallback: bool = False, examples: VariableExamples = NO_EXAMPLE) -> Judgement:
    return variable_undeclared(PRODUCT, code(*names, has_fallback=has_fallback), examples)


def test_what_is_declared_passes_in_any_letters() -> None:
    assert undeclared("APP_URL", "app_url") == Pass()


def test_what_is_declared_nowhere_fails_with_its_place_and_its_table() -> None:
    assert undeclared("APP_URL", "MAIL_KEY", "OTHER") == Fail(
        (
            "MAIL_KEY is read in app/mail_key.py:3 and declared nowhere",
            "OTHER is read in app/other.py:3 and declared nowhere",
        ),
        Fix(
            "Declare what the code reads in launchready.toml",
            '[[environment]]\nname = "MAIL_KEY"\n\n[[environment]]\nname = "OTHER"',
        ),
    )


def test_what_the_code_can_do_without_passes() -> None:
    assert undeclared("MAIL_KEY", has_fallback=True) == Pass()


@pytest.mark.parametrize(
    "examples",
    [VariableExamples((), ("MAIL_KEY",)), VariableExamples((ExampleFile("web/.env.example", ("MAIL_KEY",)),), ())],
)
def test_an_example_file_and_a_schema_declare_too(examples) -> None:
    assert undeclared("MAIL_KEY", examples=examples) == Pass()


@pytest.mark.parametrize("name", ["PORT", "NODE_ENV", "HOME", "VERCEL_URL", "RENDER_GIT_COMMIT", "npm_package_version"])
def test_what_platforms_set_by_themselves_passes(name) -> None:
    assert undeclared(name) == Pass()


@pytest.mark.parametrize("name", ["PORTAL", "NODEMAILER_KEY", "CITY", "RENDERER", "FLYER_ID", "GITHUB"])
def test_what_only_begins_like_a_platform_fails(name) -> None:
    assert isinstance(undeclared(name), Fail)


def test_a_secret_that_is_read_for_browsers_fails() -> None:
    assert secret_in_public_variable(PRODUCT, code("APP_URL", "VITE_PAYMENT_KEY")) == Fail(
        ("VITE_PAYMENT_KEY is a secret, and app/vite_payment_key.py:3 reads it for browsers",),
        Fix(
            "Rename the variables, read them on the server alone, and change the secrets",
            "VITE_PAYMENT_KEY -> PAYMENT_KEY",
        ),
    )


@pytest.mark.parametrize("prefix", PUBLIC_PREFIXES)
def test_every_framework_has_its_prefix(prefix) -> None:
    variable = Variable(f"{prefix}A", VariableType.SECRET)
    assert isinstance(
        secret_in_public_variable(Product("P", (), (), environment=(variable,)), code(variable.name)), Fail
    )


@pytest.mark.parametrize(
    ("variable", "names"),
    [
        (Variable("VITE_PAYMENT_KEY", VariableType.KEY, is_public=True), ("VITE_PAYMENT_KEY",)),
        (Variable("VITE_APP_URL", VariableType.URL), ("VITE_APP_URL",)),
        (Variable("PAYMENT_KEY", VariableType.KEY), ("PAYMENT_KEY",)),
        (SECRET, ()),
    ],
)
def test_what_is_made_for_browsers_or_not_read_passes(variable, names) -> None:
    assert secret_in_public_variable(Product("P", (), (), environment=(variable,)), code(*names)) == Pass()


def test_an_example_with_the_same_names_passes() -> None:
    assert env_example_outdated(PRODUCT, shown("VITE_PAYMENT_KEY", "APP_URL")) == Pass()


def test_an_example_that_lacks_or_has_too_much_fails() -> None:
    assert env_example_outdated(PRODUCT, shown("APP_URL", "OLD")) == Fail(
        (
            "VITE_PAYMENT_KEY is declared, and not in .env.example",
            "OLD is in .env.example, and not declared",
        ),
        Fix("Make the example file of the contract", "launchready env example --out .env.example"),
    )


def test_without_an_example_it_does_not_apply() -> None:
    assert env_example_outdated(PRODUCT, NO_EXAMPLE) == NotApplicable("the repository has no .env.example")
