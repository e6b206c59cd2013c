import pytest

from launchready.config.lines import Place, lines_of


def test_tables_and_keys_are_found():
    text = """[product]
name = "x"

[[hosts]]
name = "a"

# [[hosts]]
[[ hosts ]]  # second
  "name"="b"
'owner'='c'
"""
    assert lines_of(text) == {
        Place("product"): 1,
        Place("product", key="name"): 2,
        Place("hosts", 0): 4,
        Place("hosts", 0, "name"): 5,
        Place("hosts", 1): 8,
        Place("hosts", 1, "name"): 9,
        Place("hosts", 1, "owner"): 10,
    }


@pytest.mark.parametrize(
    "value",
    [
        '"""\n[[hosts]]\nname = 1\n"""',
        '"""a\n\\"""\n["""',
        '"""a\n\n"""""',
        "'''\n[[hosts]]\n\\'''",
        "[\n  1, # ]\n  [2],\n]",
        "[\n\"]\",\n']'\n]",
        "{ a = [\n1], b = '''\n''' }",
    ],
)
def test_what_a_value_holds_is_not_taken_for_a_statement(value):
    text = f"[[hosts]]\na = {value}\n[[hosts]]\nb = 1"
    after = text.count("\n") + 1
    assert lines_of(text) == {
        Place("hosts", 0): 1,
        Place("hosts", 0, "a"): 2,
        Place("hosts", 1): after - 1,
        Place("hosts", 1, "b"): after,
    }


def test_dotted_keys_and_headers_are_found_under_their_table():
    text = 'product.name = "x"\nhosts = [{name = "a"}]\n[[journeys]]\n[[journeys]]\n[journeys."a.b"]\nc = 1\n[x.y]\n'
    assert lines_of(text) == {
        Place("product", key="name"): 1,
        Place("hosts"): 2,
        Place("journeys", 0): 3,
        Place("journeys", 1): 4,
        Place("journeys", 1, "a.b"): 5,
        Place("x", key="y"): 7,
    }


def test_an_empty_text_has_no_places():
    assert lines_of("") == {}
    assert lines_of("# a\r\n\r\n") == {}
