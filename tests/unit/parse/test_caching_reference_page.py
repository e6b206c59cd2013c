"""The examples of docs/reference/caching-parsers.md are run, so that a stranger can trust them."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "caching-parsers.md"


def test_every_example_of_the_page_gives_what_it_says() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False)
    assert (outcome.failed, outcome.attempted > 15) == (0, True)
