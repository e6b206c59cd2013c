"""The table of exit codes says what the command does."""

import re
from pathlib import Path

from launchready.cli import exits

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md"


def test_the_page_names_every_exit_code_and_no_other():
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    written = {name: int(code) for code, name in rows}
    assert written == {name: value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
