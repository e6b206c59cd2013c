"""How the product does when more than one visitor comes."""

import math
from collections import Counter
from typing import Final

from launchready.facts.endpoints import EndpointTimes
from launchready.facts.journeys import VisitorsTogether
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Endpoint, Journey

PERCENTILE: Final = 95
"""Row S4.5 of the roadmap: "p95 response time for core endpoints stays under 500 ms"; the owner declares the budget."""

CONFIDENCE_Z: Final = 1.96
"""Standard deviations to each side that hold 95 % of a normal distribution, for the interval around the percentile."""

MAX_ERROR_SHARE: Final = 0.01
"""Errors beyond one request in a hundred fail, whatever the times: they are counted apart (row S4.5), not as slow."""

FAILURES_SHOWN: Final = 3
"""Different failures that are named; more of them have one cause, as a rule."""


@check(
    "visitors-together-fail",
    impact=Impact.BLOCKER,
    customer_sees="It worked when you tried it alone; when the advertisement runs, some of them get an error.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://sre.google/sre-book/testing-reliability/",),
)
def visitors_together_fail(journey: Journey, together: VisitorsTogether) -> Judgement:
    """Several visitors at once all get through, from sign-up to the first answer.

    ## Why it matters at launch
    Paid visitors come at the same time. A product that serves one and locks, mixes up or refuses the others loses most
    of what the advertisement cost.

    ## How to fix
    Mend what the product's log shows for that minute: often a database that locks, one worker that waits for the model
    while all others wait for it, or a limit of the mail service.
    """
    walked = [visitor.value for visitor in together.visitors if isinstance(visitor, Measured)]
    failed = Counter(f"{walk.failed_step}: {walk.detail}" for walk in walked if walk.failed_step)
    if not failed:
        return Pass()
    count = f"{failed.total()} of {len(together.visitors)} visitors at once did not get through"
    named = [f"{many} at {what}" for what, many in sorted(failed.items(), key=lambda f: (-f[1], f[0]))]
    do = f"Walk {journey.signup} with two browsers at once, and read the product's log of that minute"
    return Fail((count, *named[:FAILURES_SHOWN]), Fix(do))


@check(
    "core-endpoint-slow",
    impact=Impact.MAJOR,
    customer_sees="They wait, and some leave before the page is there.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=120,
    sources=("https://sre.google/sre-book/service-level-objectives/#choosing-targets",),
)
def core_endpoint_slow(endpoint: Endpoint, seen: EndpointTimes) -> Judgement:
    """Nineteen of twenty requests to the endpoint are answered within its declared time.

    ## Why it matters at launch
    The average hides the slow ones: if one in twenty takes seconds, a customer who loads twenty things meets it each
    time.

    ## How to fix
    Look for what only some requests do: a query without an index, a cold start, a call to another service. Measure
    again after each change.
    """
    assert endpoint.p95_ms is not None, "only core endpoints have this fact"
    asked = len(seen.times_ms) + len(seen.errors)
    offenders = []
    if len(seen.errors) > MAX_ERROR_SHARE * asked:
        kinds = ", ".join(f"{what}: {many}" for what, many in Counter(seen.errors).most_common(FAILURES_SHOWN))
        offenders.append(f"{len(seen.errors)} of {asked} requests failed ({kinds})")
    if seen.times_ms and percentile(seen.times_ms) > endpoint.p95_ms:
        offenders.append(_slow(seen.times_ms, endpoint.p95_ms))
    if not offenders:
        return Pass()
    command = f"curl -so /dev/null -w '%{{time_total}} s\\n' {endpoint.url}"
    return Fail(tuple(offenders), Fix(f"Bring {endpoint.url} under {endpoint.p95_ms} ms for 95 % of requests", command))


def percentile(times_ms: tuple[float, ...], shift: float = 0.0) -> float:
    """The 95th percentile by nearest rank: the smallest time that 95 % of all are not above.

    Args:
        times_ms: at least one.
        shift: how many ranks to go up or down, for the ends of an interval.
    """
    rank = math.ceil(len(times_ms) * PERCENTILE / 100 + shift)
    return sorted(times_ms)[min(max(rank, 1), len(times_ms)) - 1]


def _slow(times_ms: tuple[float, ...], budget_ms: int) -> str:
    """The percentile with its interval: the ranks that the true one lies between in 95 of 100 such measurements."""
    share = PERCENTILE / 100
    spread = CONFIDENCE_Z * math.sqrt(len(times_ms) * share * (1 - share))
    low, high = percentile(times_ms, -spread), percentile(times_ms, spread)
    return (
        f"95 % within {percentile(times_ms):.0f} ms (between {low:.0f} and {high:.0f} ms, "
        f"{len(times_ms)} requests), where {budget_ms} ms are allowed"
    )
