import json
import tomllib
from pathlib import Path

from launchready.config.document import MAX_P95_MS, MAX_TOKEN_DIGITS, MAX_VISITORS, MIN_TOKEN_DIGITS, Document
from launchready.config.schema import json_schema, render_reference
from launchready.config.wording import tables
from launchready.model.subject import Journey

WHOLE = tomllib.loads(Path(__file__).with_name("whole.toml").read_text("utf-8"))


def test_every_key_has_a_title_a_meaning_and_no_null():
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    structs = [definition for definition in schema["$defs"].values() if "properties" in definition]
    assert len(structs) == len(Document.__struct_fields__) + 1
    for definition in structs:
        assert definition["additionalProperties"] is False
        assert definition["description"]
        for name, key in definition["properties"].items():
            assert key["title"]
            assert "null" not in json.dumps(key)
            assert definition["title"] == "Document" or key["description"].endswith("."), name


def test_an_editor_is_told_ranges_choices_and_defaults():
    definitions = json_schema()["$defs"]
    assert definitions["JourneyTable"]["properties"]["visitors"] == {
        "title": "Visitors",
        "description": "How many go this way at once.",
        "examples": [10],
        "type": "integer",
        "minimum": 1,
        "maximum": 50,
        "default": 10,
    }
    assert definitions["LinkKind"]["enum"] == ["ad", "booking", "newsletter"]
    assert definitions["ProductTable"]["properties"]["has_chat"]["type"] == "boolean"
    assert definitions["ProductTable"]["required"] == ["name"]
    assert definitions["Document"]["required"] == ["product", "hosts"]


def test_the_reference_names_every_table_and_key():
    reference = render_reference()
    for words in tables().values():
        assert f"## `{words.label}`\n\n{words.meaning} (" in reference
        for key in words.keys.values():
            assert f"| `{key.name}` | {key.expects} | " in reference
    assert (
        "| `visitors` | a whole number from 1 to 50 | `10` | How many go this way at once. Example: `visitors = 10` |"
        in reference
    )
    assert (
        "| `until` | a date without quotes | **required** | The last day it counts. Example: `until = 2027-02-01` |"
        in (reference)
    )


def test_every_example_of_the_reference_is_toml_of_its_key():
    for words in tables().values():
        for key in words.keys.values():
            assert key.example or key.next_step
            if key.example:
                assert list(tomllib.loads(key.example)) == [key.name]


def test_the_whole_declaration_of_the_tests_uses_every_table_and_key():
    used = {name: {key for row in (v if isinstance(v, list) else [v]) for key in row} for name, v in WHOLE.items()}
    assert used == {name: set(words.keys) for name, words in tables().items()}


def test_the_limits_are_these_numbers():
    assert (MAX_VISITORS, MAX_P95_MS, MIN_TOKEN_DIGITS, MAX_TOKEN_DIGITS) == (50, 60_000, 32, 128)
    assert tables()["journeys"].keys["visitors"].default == str(Journey.__dataclass_fields__["visitors"].default)
