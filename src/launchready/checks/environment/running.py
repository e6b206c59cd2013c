"""The variables of the running release, by its own report and by the contract."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.environment import EnvironmentReport
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.environment import REASONS, Flaw, Variable, stage_flaw
from launchready.model.intent import CONTRACT_IS_SAID
from launchready.model.product import Product
from launchready.model.subject import Endpoint

CONFIG_SOURCE: Final = "https://12factor.net/config"
ABSENT: Final = frozenset({Flaw.MISSING, Flaw.EMPTY})


@check(
    "variable-missing",
    impact=Impact.BLOCKER,
    customer_sees="A part that does not work: no mail arrives, no payment goes through, or no answer comes.",
    costs=(Cost.LEADS, Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(CONFIG_SOURCE,),
    when=(CONTRACT_IS_SAID,),
)
def variable_missing(endpoint: Endpoint, product: Product, report: EnvironmentReport) -> Judgement:
    """The running release has every variable that it can't do without.

    ## Why it matters at launch
    A variable that is set on one machine and not on the server is the usual reason why a product works for its makers
    and not for its customers. Often nothing fails at the start, but only when the first customer gets there.

    ## How to fix
    Set the variable where the hosting company keeps it, and start the product anew. Run `launchready env check` before
    each deploy, so that a release without it never goes live.
    """
    lacking = [(v, flaw) for v, flaw in _flaws(endpoint, product, report) if flaw in ABSENT]
    if not lacking:
        return Pass()
    paste = "\n".join(f"{variable.name}=" for variable, _ in lacking)
    return Fail(_sentences(endpoint, lacking), Fix(f"Set what is missing where {endpoint.host} runs", paste))


@check(
    "variable-malformed",
    impact=Impact.BLOCKER,
    customer_sees="Links to nowhere, payments that are never charged, or a part that fails on first use.",
    costs=(Cost.LEADS, Cost.REFUNDS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(CONFIG_SOURCE, "https://docs.stripe.com/keys#test-live-modes"),
    when=(CONTRACT_IS_SAID,),
)
def variable_malformed(endpoint: Endpoint, product: Product, report: EnvironmentReport) -> Judgement:
    """Each variable of the running release holds what it should.

    ## Why it matters at launch
    A placeholder, an address of a developer's own machine, or a line break behind a key looks like a value and is none.
    A test key before customers takes no money and says so to nobody; a live key in a test charges real people.

    ## How to fix
    Correct the value where the hosting company keeps it, and start the product anew. Run `launchready env check` before
    each deploy: it names what is wrong before a customer meets it.
    """
    wrong = [(v, flaw) for v, flaw in _flaws(endpoint, product, report) if flaw not in ABSENT]
    if not wrong:
        return Pass()
    names = " ".join(variable.name for variable, _ in wrong)
    paste = f"launchready env check --stage {endpoint.stage.value}  # where {endpoint.host} runs; correct {names}"
    return Fail(_sentences(endpoint, wrong), Fix(f"Correct the values where {endpoint.host} runs", paste))


@check(
    "environment-report-open",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until somebody uses what the report tells about the product's weak spots.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://owasp.org/Top10/A05_2021-Security_Misconfiguration/",),
)
def environment_report_open(endpoint: Endpoint, report: EnvironmentReport) -> Judgement:
    """The report on the environment is given to the holder of its token alone.

    ## Why it matters at launch
    The report names what the product is connected to and what is wrong with it. No value is in it, but it tells an
    attacker where to begin.

    ## How to fix
    Let the endpoint answer 404 to every request without the token, before anything else is done.
    """
    if not report.is_open:
        return Pass()
    do = "Ask for the token, and answer 404 to all others"
    return Fail((f"{endpoint.url} answers anybody",), Fix(do, f"curl -i {endpoint.url}  # has to answer 404"))


def _flaws(endpoint: Endpoint, product: Product, report: EnvironmentReport) -> Iterator[tuple[Variable, Flaw]]:
    """What is wrong in this place, in the order of the contract."""
    declared = {variable.name: variable for variable in product.environment}
    for seen in report.variables:
        variable = declared.get(seen.name)
        if variable is None:
            continue
        flaw = seen.flaw or stage_flaw(variable, seen.mode, endpoint.stage)
        if flaw is not None:
            yield variable, flaw


def _sentences(endpoint: Endpoint, found: list[tuple[Variable, Flaw]]) -> tuple[str, ...]:
    return tuple(f"{variable.name} {REASONS[flaw]} in the release behind {endpoint.host}" for variable, flaw in found)
