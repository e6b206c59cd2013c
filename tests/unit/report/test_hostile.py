"""Text from a target becomes something to look at only."""

from launchready.report.hostile import BLOCK_LIMIT_CHARS, LINE_LIMIT_CHARS, printable, printable_block


def test_an_escape_sequence_is_shown_and_not_sent():
    assert printable("\x1b[31mred") == "\\x1b[31mred"


def test_eight_bit_control_characters_are_shown_too():
    assert printable("\x9b31m") == "\\x9b31m"


def test_a_turned_reading_direction_is_shown():
    assert printable("a\u202eb") == "a\\u202eb"


def test_characters_without_width_are_shown():
    assert printable("a\u200bb\U000e0041") == "a\\u200bb\\U000e0041"


def test_a_lone_surrogate_can_be_written_to_a_file():
    assert printable("\udc80").encode() == b"\\udc80"


def test_letters_of_any_script_stay_as_they_are():
    assert printable("Zürich 漢字 עברית 😀") == "Zürich 漢字 עברית 😀"


def test_line_breaks_become_spaces_in_a_line():
    assert printable(" a\r\n\tb\u2028c ") == "a b c"


def test_line_breaks_and_tabs_stay_in_a_block():
    assert printable_block("a:\r\n\tb\n\x00") == "a:\n\tb\n\\x00"


def test_a_text_at_the_limit_is_whole_and_one_above_is_counted():
    assert printable("x" * LINE_LIMIT_CHARS) == "x" * LINE_LIMIT_CHARS
    assert printable("x" * (LINE_LIMIT_CHARS + 1)).endswith("x … (1 more characters)")


def test_a_block_above_its_limit_says_what_is_missing():
    assert printable_block("x" * (BLOCK_LIMIT_CHARS + 5)).endswith(" … (5 more characters)")
