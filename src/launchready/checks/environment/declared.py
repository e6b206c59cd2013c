"""The contract beside the code that reads variables, and the files that show them."""

import shlex
from collections.abc import Iterable
from typing import Final

from launchready.facts.environment import SourceVariables, VariableExamples
from launchready.facts.platform_variables import is_set_by_platform
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import CONTRACT_IS_SAID
from launchready.model.product import Product

PUBLIC_PREFIXES: Final = (
    *("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "EXPO_PUBLIC_", "VUE_APP_"),
)
"""What frameworks put into the scripts of browsers, by the beginning of its name."""

CONFIG_SOURCE: Final = "https://12factor.net/config"


@check(
    "variable-undeclared",
    impact=Impact.MAJOR,
    customer_sees="A part that works for its makers and fails for everybody else.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(CONFIG_SOURCE,),
    when=(CONTRACT_IS_SAID,),
)
def variable_undeclared(product: Product, code: SourceVariables, shown: VariableExamples) -> Judgement:
    """Every variable that the code names and needs is declared.

    ## Why it matters at launch
    A variable that only the code knows of is forgotten on the next server, by the next developer and by every check
    before a deploy. It then fails when the first customer needs it.

    ## How to fix
    Declare the variable under [[environment]] in launchready.toml, or remove it from the code. One that the code can do
    without needs a default in the code.
    """
    declared = {variable.name.upper() for variable in product.environment} | {n.upper() for n in shown.schema_names}
    declared |= {name.upper() for example in shown.examples for name in example.names}
    unknown = [
        read
        for read in code.reads
        if not read.has_fallback and read.name.upper() not in declared and not is_set_by_platform(read.name)
    ]
    if not unknown:
        return Pass()
    paste = "\n\n".join(f'[[environment]]\nname = "{read.name}"' for read in unknown)
    offenders = tuple(f"{read.name} is read in {read.place} and declared nowhere" for read in unknown)
    return Fail(offenders, Fix("Declare what the code reads in launchready.toml", paste))


@check(
    "secret-in-public-variable",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until somebody takes the key out of the page and uses it at your cost.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=45,
    sources=(
        "https://vite.dev/guide/env-and-mode#env-variables",
        "https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser",
    ),
    when=(CONTRACT_IS_SAID,),
)
def secret_in_public_variable(product: Product, code: SourceVariables) -> Judgement:
    """No secret is read under a name that frameworks give to browsers.

    ## Why it matters at launch
    A build copies variables with these names into the scripts that every visitor loads. Whatever stands in one is
    published with the first deploy, and programs that look for keys find it within hours.

    ## How to fix
    Read the secret on the server under a name without that beginning, let the browser ask the server, and change the
    secret, for it may have been published. A key that is made for browsers is declared with public = true.
    """
    read = {one.name: one for one in code.reads}
    public = [v for v in product.environment if v.is_secret and v.name.startswith(PUBLIC_PREFIXES) and v.name in read]
    if not public:
        return Pass()
    offenders = tuple(f"{v.name} is a secret, and {read[v.name].place} reads it for browsers" for v in public)
    paste = "\n".join(f"{v.name} -> {_private(v.name)}" for v in public)
    return Fail(offenders, Fix("Rename the variables, read them on the server alone, and change the secrets", paste))


@check(
    "env-example-outdated",
    impact=Impact.MINOR,
    customer_sees="Nothing; whoever sets the product up anew forgets what the example does not show.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=5,
    sources=(CONFIG_SOURCE,),
    when=(CONTRACT_IS_SAID,),
)
def env_example_outdated(product: Product, shown: VariableExamples) -> Judgement:
    """The example file names the same variables as the contract.

    ## Why it matters at launch
    People set a product up by the example file. What it lacks is missing afterwards, and what it has too much costs an
    hour of search.

    ## How to fix
    Let the example be made of the contract, and commit it.
    """
    if not shown.examples:
        return NotApplicable("the repository has no .env.example")
    declared = {variable.name for variable in product.environment}
    named = {name for example in shown.examples for name in example.names}
    where = shown.examples[0].path
    offenders = (
        *_each(declared - named, f"is declared, and not in {where}"),
        *_each(named - declared, f"is in {where}, and not declared"),
    )
    if not offenders:
        return Pass()
    return Fail(
        offenders, Fix("Make the example file of the contract", f"launchready env example --out {shlex.quote(where)}")
    )


def _each(names: Iterable[str], what: str) -> tuple[str, ...]:
    return tuple(f"{name} {what}" for name in sorted(names))


def _private(name: str) -> str:
    """The name without what makes it public."""
    return next((name.removeprefix(prefix) for prefix in PUBLIC_PREFIXES if name.startswith(prefix)), name)
