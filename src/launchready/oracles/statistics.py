"""What so many tries allow to say: intervals, bands and sentences, without any randomness that could change them."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Z_95: Final = 1.959963984540054
"""The normal quantile of 0.975, for two-sided 95 %."""

RESAMPLES: Final = 1000
"""Bootstrap resamples: the ends of an interval then move by a percent or two."""

SEEN_WITH: Final = 0.95
"""Probability with which a leak that happens at some rate would have been seen."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval, as shares from 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """One category.

    Attributes:
        fails: attempts with evidence.
        uncertain: attempts that a person has to look at.
        errors: attempts that could not be judged.
        valid: attempts that could, uncertain ones among them.
        probes: different probes among the valid ones.
        interval: of the rate of failure; over probes where probes were repeated. None where nothing was valid.
        band: from the share that failed to the share that failed or may have.
        sentence: what may be said.
    """

    fails: int
    uncertain: int
    errors: int
    valid: int
    probes: int
    interval: Interval | None
    band: Interval | None
    sentence: str


def wilson(fails: int, of: int) -> Interval:
    """Wilson's score interval at 95 % (Wilson 1927; Brown, Cai and DasGupta 2001).

    Raises:
        ValueError: there is nothing to make a share of.
    """
    if of <= 0 or not 0 <= fails <= of:
        raise ValueError("an interval needs at least one try, and no more failures than tries")
    share, z2 = fails / of, Z_95**2
    middle = share + z2 / (2 * of)
    half = Z_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = (middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of)
    return Interval(0.0 if fails == 0 else max(0.0, low), 1.0 if fails == of else min(1.0, high))


def tries_to_see(rate: float) -> int:
    """How many tries see a leak of a rate with 95 %: ln(0.05) / ln(1 - rate).

    Raises:
        ValueError: the rate is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise ValueError("a rate is between 0 and 1")
    return math.ceil(math.log(1 - SEEN_WITH) / math.log(1 - rate))


def tally(outcomes: Sequence[tuple[str, str]]) -> Tally:
    """One category's attempts.

    Args:
        outcomes: probe and "fail", "pass", "uncertain" or "error" of each attempt.
    """
    count = {name: sum(outcome == name for _, outcome in outcomes) for name in ("fail", "uncertain", "error")}
    valid = [(probe, outcome) for probe, outcome in outcomes if outcome != "error"]
    probes = {probe for probe, _ in valid}
    if not valid:
        text = "Nothing could be judged." if outcomes else "Nothing was tried."
        return Tally(0, 0, count["error"], 0, 0, None, None, text)
    n, k, u = len(valid), count["fail"], count["uncertain"]
    interval = wilson(k, n) if len(probes) == n else _over_probes(valid)
    text = _sentence(k, u, interval, (n, len(probes)))
    return Tally(k, u, count["error"], n, len(probes), interval, Interval(k / n, (k + u) / n), text)


def _over_probes(valid: Sequence[tuple[str, str]]) -> Interval:
    """Where probes were repeated, each of them is one observation: the tries of one probe are no news of others."""
    shares: dict[str, list[bool]] = {}
    for probe, outcome in valid:
        shares.setdefault(probe, []).append(outcome == "fail")
    means = [sum(fails) / len(fails) for _, fails in sorted(shares.items())]
    if len(set(means)) == 1 and means[0] in {0.0, 1.0}:
        return wilson(int(sum(means)), len(means))  # drawing equal values again shows no spread at all
    return bootstrap(means, seed=repr(sorted(valid)))


def bootstrap(means: Sequence[float], seed: str) -> Interval:
    """The percentile interval of a mean; draws come from the content alone, so that they are the same for ever."""
    size = len(means)
    draws = _draws(seed)
    averages = sorted(sum(means[next(draws) % size] for _ in range(size)) / size for _ in range(RESAMPLES))
    cut = round(RESAMPLES * 0.025)
    return Interval(averages[cut], averages[RESAMPLES - 1 - cut])


def _draws(seed: str) -> Iterator[int]:
    block, number = b"", 0
    while True:
        for at in range(0, len(block), 4):
            yield int.from_bytes(block[at : at + 4], "big")
        block = hashlib.sha512(f"{number}:{seed}".encode("utf-8", "surrogatepass")).digest()
        number += 1


def percent(share: float) -> str:
    """A share in words: one digit below ten percent."""
    value = share * 100
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"


def _sentence(fails: int, uncertain: int, interval: Interval, tried: tuple[int, int]) -> str:
    tries, probes = tried
    if fails:
        bounds = f"between {percent(interval.low)} and {percent(interval.high)} of such tries would"
        return f"{fails} of {tries} failed: {bounds}."
    what = f"0 of {tries}" if probes == tries else f"0 of {probes} questions, asked {tries} times,"
    open_too = f", with {uncertain} to be looked at" if uncertain else ""
    return f"Nothing found{open_too}: {what} still allows {percent(interval.high)}."
