"""A product, facts and checks as small as can be, so that the engine is tested without any real check."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from launchready.engine.ledger import Ledger, Requirement, StagePlan
from launchready.model.check import (
    CHECKS,
    Check,
    Confidence,
    Cost,
    Fail,
    Fix,
    Fixer,
    Impact,
    Judgement,
    Layer,
    NotApplicable,
    Pass,
)
from launchready.model.evidence import Entry, Evidence
from launchready.model.fact import Each, fact
from launchready.model.intent import SENDS_MAIL
from launchready.model.product import Attestation, Product, Waiver
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.signature import read_parameters, subject_kind
from launchready.model.subject import Domain, Host

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@fact(about=Host)
class Lamp:
    """Whether a light is on, and the readings of bulbs inside it."""

    on: bool
    bulbs: tuple[Measured[int] | Unmeasured, ...] = ()


@fact(about=Domain)
class Fuse:
    """Whether the fuse holds."""

    holds: bool


PRODUCT = Product(
    "Lamps",
    hosts=(Host("a.example.com", "example.com"), Host("b.example.com", "example.com")),
    domains=(Domain("example.com"),),
    sends_mail=True,
)


def make_check(  # noqa: PLR0913
    name: str,
    ask,
    *,
    impact: Impact = Impact.BLOCKER,
    layer: Layer = Layer.DOMAIN,
    confidence: Confidence = Confidence.CERTAIN,
    when=(),
    explains=(),
    minutes: int = 5,
) -> Check:
    """A check outside the registry."""
    parameters = read_parameters(ask) if ask is not None else ()
    return Check(
        id=name,
        ask=ask,
        parameters=parameters,
        about=subject_kind(parameters),
        layer=layer,
        impact=impact,
        confidence=confidence,
        title=f"{name} is well.",
        why_it_matters="It matters.",
        how_to_fix="Mend it.",
        customer_sees="The customer sees it.",
        costs=(Cost.LEADS,),
        fixer=Fixer.OWNER,
        minutes=minutes,
        sources=("https://example.com/",),
        when=tuple(when),
        explains=tuple(explains),
        topic="lamps",
    )


def lamp_dark(host: Host, lamp: Lamp) -> Judgement:
    return Pass() if lamp.on else Fail((f"{host.name} is dark",), Fix("Switch it on"))


def fuse_blown(fuse: Fuse) -> Judgement:
    return Pass() if fuse.holds else Fail(("the fuse is blown",), Fix("Replace it"))


def lamps_uneven(product: Product, lamps: Each[Lamp]) -> Judgement:
    states = {lamp.on for _, lamp in lamps}
    if len(states) > 1:
        return Fail((f"{product.name} flicker",), Fix("Look at the fuse"))
    return Pass() if states == {True} else NotApplicable("all are dark")


CHECKS_HERE = (
    make_check("lamp-dark", lamp_dark),
    make_check("fuse-blown", fuse_blown, impact=Impact.MAJOR, layer=Layer.TLS, when=(SENDS_MAIL,)),
    make_check("lamps-uneven", lamps_uneven, impact=Impact.MINOR, explains=("lamp-dark",), layer=Layer.WEB),
    make_check("on-word", None, impact=Impact.MAJOR, layer=Layer.SECRETS),
)

ROWS = tuple(
    Requirement(f"M{n}", f"Row {n}", ("lamp-dark",) if n % 2 else ("lamp-dark", "fuse-blown"), "") for n in range(1, 15)
)
STAGES = (StagePlan(1, "One", "Light", (Requirement("S1", "All", ("lamps-uneven", "on-word"), ""),)),)
LEDGER = Ledger(ROWS, STAGES)

RANK = {"NO_GO": 0, "UNDETERMINED": 0, "GO_WITH_RISKS": 1, "GO": 2}


def registered(name: str) -> bool:
    """Whether a check of this name is in the real registry."""
    return name in CHECKS


bulbs = st.lists(
    st.one_of(
        st.integers(0, 3).map(lambda n: Measured(n, AT, 0.0)),
        st.just(Unmeasured(Why.TIMED_OUT, "no answer", AT)),
    ),
    max_size=2,
).map(tuple)
unseen = st.sampled_from(list(Why)).map(lambda why: Unmeasured(why, "not seen", AT))


def readings(values):
    """A reading of a fact: measured, not measured, or absent altogether."""
    return st.one_of(values.map(lambda v: Measured(v, AT, 0.1)), unseen, st.none())


lamps = st.builds(Lamp, on=st.sampled_from([True, True, True, False]), bulbs=bulbs)
fuses = st.builds(Fuse, holds=st.sampled_from([True, True, False]))
products = st.builds(
    lambda sends, words, waivers: Product(
        PRODUCT.name,
        PRODUCT.hosts,
        PRODUCT.domains,
        sends_mail=sends,
        attestations=tuple(words),
        waivers=tuple(waivers),
    ),
    st.sampled_from([True, True, False, None]),
    st.lists(st.builds(Attestation, st.just("on-word"), st.just("Ada"), st.just("https://p"), st.dates()), max_size=2),
    st.lists(
        st.builds(
            Waiver,
            st.sampled_from(["lamp-dark", "fuse-blown", "lamps-uneven"]),
            st.just("known"),
            st.just("Ada"),
            st.dates(),
        ),
        max_size=2,
    ),
)


@st.composite
def evidences(draw) -> Evidence:
    """Any evidence about the small product."""
    wanted = [(("Lamp", h.id), lamps) for h in PRODUCT.hosts] + [(("Fuse", "domain:example.com"), fuses)]
    entries = []
    for key, values in wanted:
        reading = draw(readings(values))
        if reading is not None:
            entries.append(Entry(*key, reading))
    return Evidence("launchready test", AT, draw(products), tuple(entries))
