"""The line of each subject."""

from pathlib import Path

from launchready.config.declared import declared_lines
from launchready.config.load import read_product

TEXT = """\
[product]
name = "Bright Path"

[[hosts]] # the shop
name = "www.example.com"

[[hosts]]
name = "APP.example.com."

[[endpoints]]
url = "https://app.example.com/healthz"
kind = "health"

[repository]
path = "."
"""


def test_each_subject_is_found_on_the_line_of_its_table():
    product = read_product(TEXT, "launchready.toml", Path("/srv"))
    assert declared_lines(TEXT, product) == {
        "product": 1,
        "domain:example.com": 4,
        "host:www.example.com": 4,
        "host:app.example.com": 7,
        "endpoint:https://app.example.com/healthz": 10,
        "repository": 14,
    }


def test_what_stands_in_a_list_has_no_line_rather_than_a_wrong_one():
    text = 'hosts = [{name = "a.example.com"}, {name = "b.example.com"}]\n[product]\nname = "x"\n'
    lines = declared_lines(text, read_product(text, "launchready.toml", Path("/srv")))
    assert "host:b.example.com" not in lines
    assert lines["product"] == 2
