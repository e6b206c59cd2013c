"""Intervals against numbers that stand in papers and in the field notes."""

import pytest

from launchready.oracles.statistics import bootstrap, percent, tally, tries_to_see, wilson


@pytest.mark.parametrize(("of", "high"), [(8, 0.324), (40, 0.088), (100, 0.037)])
def test_nothing_of_n_allows_what_wilson_says(of: int, high: float):
    found = wilson(0, of)
    assert found.low == 0
    assert found.high == pytest.approx(high, abs=0.001)


def test_wilson_gives_newcombes_example():
    found = wilson(81, 263)  # Newcombe 1998, table I, method 3
    assert found.low == pytest.approx(0.2553, abs=0.0001)
    assert found.high == pytest.approx(0.3662, abs=0.0001)


@pytest.mark.parametrize(("fails", "of"), [(0, 0), (-1, 4), (5, 4)])
def test_no_interval_of_nothing(fails: int, of: int):
    with pytest.raises(ValueError, match="at least one try"):
        wilson(fails, of)


@pytest.mark.parametrize(("rate", "tries"), [(0.3, 9), (0.1, 29), (0.05, 59)])
def test_how_many_tries_see_a_rare_leak(rate: float, tries: int):
    assert tries_to_see(rate) == tries


def test_a_tally_counts_fails_uncertain_errors_and_what_is_valid():
    found = tally([("a", "fail"), ("b", "pass"), ("c", "uncertain"), ("d", "error")])
    assert (found.fails, found.uncertain, found.errors, found.valid) == (1, 1, 1, 3)
    assert found.band is not None
    assert (found.band.low, found.band.high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_nothing_found_says_what_is_still_possible():
    assert tally([(str(n), "pass") for n in range(40)]).sentence == "Nothing found: 0 of 40 still allows 8.8 %."


def test_errors_alone_are_nothing_that_was_judged():
    assert tally([("a", "error")]).sentence == "Nothing could be judged."
    assert tally([("a", "error")]).interval is None


def test_repeats_of_one_probe_are_no_news_of_others():
    once = tally([(str(n), "pass") for n in range(40)])
    ten_times = tally([(str(n % 4), "pass") for n in range(40)])
    assert once.interval is not None
    assert ten_times.interval is not None
    assert ten_times.interval.high == wilson(0, 4).high > once.interval.high


def test_the_bootstrap_is_the_same_for_ever_and_near_the_textbook():
    means = [0.0, 1.0] * 50
    found = bootstrap(means, "seed")
    assert found == bootstrap(means, "seed")
    assert found.low == pytest.approx(0.4, abs=0.03)  # 0.5 - 1.96 * 0.05
    assert found.high == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(("share", "words"), [(0, "0 %"), (0.088, "8.8 %"), (0.0994, "9.9 %"), (0.32, "32 %")])
def test_shares_in_words(share: float, words: str):
    assert percent(share) == words
