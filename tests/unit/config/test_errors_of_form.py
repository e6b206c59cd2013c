"""Every message about the form of a declaration, word for word."""

from pathlib import Path

import pytest

from launchready.config.errors import ConfigError
from launchready.config.load import read_product

H = """\
[product]
name = "P"
[[hosts]]
name = "a.example"
"""
J = """\
[[journeys]]
name = "s"
signup = "https://a.example/s"
login = "https://a.example/l"
chat = "https://a.example/c"
question = "q"
address = "v+{tag}@i.example"
mailbox = "maildir:in"
"""

TABLES = (
    "There are the tables product, hosts, ownership, senders, endpoints, links, contacts, repository, journeys, "
    "attestations, waivers, names."
)
HOST_KEYS = (
    "It has the keys name, purpose, owner, provider, addresses, cname, redirects_to, allowed_origins, origin_addresses."
)

CASES = [
    (
        "",
        "",
        "there is no [product] table.",
        'Add the line [product], and under it: name = "Bright Path Coaching"',
    ),
    (
        '[product]\nname="x"\n',
        "",
        "there is no [[hosts]] table.",
        'Add the line [[hosts]], and under it: name = "app.example.com"',
    ),
    (
        "x = ",
        "line 1",
        "this is not TOML: there is no value, or one that is not TOML.",
        'Put text into quotes, as in name = "example.com"; numbers, dates, true and false stand without.',
    ),
    (
        "[product]\nname = P",
        "line 2, column 8",
        "this is not TOML: there is no value, or one that is not TOML.",
        'Put text into quotes, as in name = "example.com"; numbers, dates, true and false stand without.',
    ),
    (
        'sends_mail = true\n[product]\nname = "P"\n[[hosts]]\nname = "a.example"\n',
        "line 1",
        "there is no table 'sends_mail'.",
        "It belongs under [product].",
    ),
    (
        H + "[hostz]",
        "line 5",
        "there is no table 'hostz'.",
        "Did you mean 'hosts'?",
    ),
    (
        H + 'adresses=["1.1.1.1"]',
        "line 5",
        "[[hosts]] has no key 'adresses'.",
        "Did you mean 'addresses'?",
    ),
    (
        H + "zzzzz=1",
        "line 5",
        "[[hosts]] has no key 'zzzzz'.",
        HOST_KEYS,
    ),
    (
        H + 'addresses="1.1.1.1"',
        "line 5",
        "[[hosts]] addresses has to be a list of texts in quotes.",
        'Write for example: addresses = ["203.0.113.10"]',
    ),
    (
        '[product]\nname = "P"\n[hosts]\nname = "a.example"\n',
        "line 3",
        "[hosts] can stand more than once.",
        "Write it with two brackets: [[hosts]]",
    ),
    (
        '[[product]]\nname = "P"\n[[hosts]]\nname = "a.example"\n',
        "line 1",
        "[[product]] can stand only once.",
        "Write it with one bracket: [product]",
    ),
    (
        'hosts=3\n[product]\nname="x"',
        "line 1",
        "'hosts' is a table.",
        "Write [[hosts]] on a line of its own, and its keys under it.",
    ),
    (
        'hosts=[{name="a.example"},{nam="b.example"}]\n[product]\nname="x"',
        "",
        "[[hosts]] number 2 has no key 'nam'.",
        "Did you mean 'name'?",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/"\nkind="pag"',
        "line 7",
        (
            '[[endpoints]] kind has to be one of "page", "api", "login", "health", "ready", "version", '
            '"webhook", "stream", "environment".'
        ),
        'Write for example: kind = "health"',
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/"\nkind="page"\np95_ms=0',
        "line 8",
        "[[endpoints]] p95_ms has to be a whole number from 1 to 60000.",
        "Write for example: p95_ms = 500",
    ),
    (
        H + '[ownership]\ntoken="abc"',
        "line 6",
        "[ownership] token has to be 32 to 128 hexadecimal digits.",
        "Type `launchready own DOMAIN` to make one.",
    ),
    (
        H + J + "visitors=51",
        "line 13",
        "[[journeys]] visitors has to be a whole number from 1 to 50.",
        "Write for example: visitors = 10",
    ),
    (
        H + '[[attestations]]\ncheck="x"\nwho="y"\nproof="file:x"\nuntil="2027-01-01"',
        "line 9",
        "[[attestations]] until has to be a date without quotes.",
        "Write for example: until = 2027-02-01",
    ),
    (
        H + '[[waivers]]\ncheck="x"\nreason="a"\nowner="b"',
        "line 5",
        "[[waivers]] needs the key 'until'.",
        "Write for example: until = 2027-02-01",
    ),
    (
        H + '[[waivers]]\ncheck="x"\nreason=" "\nowner="b"\nuntil=2027-01-01',
        "line 7",
        "[[waivers]] reason has to be text in quotes, not blank.",
        'Write for example: reason = "the provider mends it in March"',
    ),
    (
        H + 'purpose="\\u001b[31m"',
        "line 5",
        "[[hosts]] purpose holds a control character.",
        "Remove the characters that are written as \\u or \\x, or type the text anew.",
    ),
    (
        "a = " + "[" * 5000,
        "",
        "The lists in the file are nested too deep to be read.",
        "Write lists of texts, one level deep.",
    ),
    (
        "a = " + "9" * 5000,
        "",
        "A number in the file is too long to be read.",
        "Write a number of a few digits.",
    ),
    (
        H + "[[hosts]]\nname=5",
        "line 6",
        "[[hosts]] name has to be text in quotes, not blank.",
        'Write for example: name = "app.example.com"',
    ),
    (
        H + '[[hosts]]\n"na\\u001bme"=5',
        "line 6",
        "[[hosts]] has no key 'na\\x1bme'.",
        "Did you mean 'name'?",
    ),
    (
        '[product]\nname="x"\nname="y"',
        "line 3",
        "this is not TOML: a key stands twice in one table.",
        "Keep one of the two lines.",
    ),
    (
        H + 'purpose = "\\q"',
        "line 5, column 14",
        "this is not TOML: Unescaped '\\' in a string.",
        'Each line is a [table], a key = value such as name = "example.com", or a # comment.',
    ),
    (
        H + 'purpose = "x\n',
        "line 5, column 13",
        "this is not TOML: a text in quotes does not end on its line.",
        "Close the quotes.",
    ),
    (
        '[product]\n[[hosts]]\nname="a.example"',
        "line 1",
        "[product] needs the key 'name'.",
        'Write for example: name = "Bright Path Coaching"',
    ),
    (
        H + '[[hosts]]\npurpose="x"',
        "line 5",
        "[[hosts]] needs the key 'name'.",
        'Write for example: name = "app.example.com"',
    ),
    (
        '[product]\nname = " "\n[[hosts]]\nname = "a.example"\n',
        "line 2",
        "[product] name has to be text in quotes, not blank.",
        'Write for example: name = "Bright Path Coaching"',
    ),
    (
        '[product]\nname = "P"\nhas_chat = "yes"\n[[hosts]]\nname = "a.example"\n',
        "line 3",
        "[product] has_chat has to be true or false, without quotes.",
        "Write for example: has_chat = true",
    ),
    (
        H + '[[attestations]]\ncheck="x"\nwho="y"\nuntil=2027-01-01',
        "line 5",
        "[[attestations]] needs the key 'proof'.",
        'Write for example: proof = "file:vault.png"',
    ),
    (
        H + '[[waivers]]\ncheck="x"\nowner="b"\nuntil=2027-01-01',
        "line 5",
        "[[waivers]] needs the key 'reason'.",
        'Write for example: reason = "the provider mends it in March"',
    ),
    (
        H + '[[waivers]]\ncheck="x"\nreason="a"\nowner="b"\nuntil=2027-01-01T10:00:00',
        "line 9",
        "[[waivers]] until has to be a date without quotes.",
        "Write for example: until = 2027-02-01",
    ),
    (
        H + J + "visitors=0",
        "line 13",
        "[[journeys]] visitors has to be a whole number from 1 to 50.",
        "Write for example: visitors = 10",
    ),
    (
        H + '[repository]\npath=""',
        "line 6",
        "[repository] path has to be text in quotes, not blank.",
        'Write for example: path = "."',
    ),
    (
        H + "[hosts.more]\nx=1",
        "line 5",
        "[[hosts]] has no key 'more'.",
        HOST_KEYS,
    ),
    (
        'name = "x"\n[product]\nname = "P"\n[[hosts]]\nname = "a.example"\n',
        "line 1",
        "there is no table 'name'.",
        (
            "It belongs under [product] or [[hosts]] or [[senders]] or [[contacts]] or [[environment]] or [[journeys]] "
            "or [[names]] or [[gates]]."
        ),
    ),
    (
        H + '[[hosts]]\nname="c.example"\n[hosts]\n',
        "line 7, column 7",
        "this is not TOML: a table is declared twice.",
        "Keep one of the two, or write both with two brackets, as in [[hosts]].",
    ),
    (
        H + 'purpose = "x',
        "line 5",
        "this is not TOML: a text in quotes does not end.",
        "Close the quotes of the last text.",
    ),
    (
        H + 'addresses = ["1.1.1.1"',
        "line 5",
        "this is not TOML: a list does not end.",
        "Close the list with ].",
    ),
    (
        H + "purpose",
        "line 5",
        "this is not TOML: a key has no value.",
        'Write key = value, as in name = "example.com".',
    ),
    (
        'hosts = ["a.example"]\n[product]\nname="x"',
        "line 1",
        "'hosts' is a table.",
        "Write [[hosts]] on a line of its own, and its keys under it.",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/"\nkind="page"\np95_ms="fast"',
        "line 8",
        "[[endpoints]] p95_ms has to be a whole number from 1 to 60000.",
        "Write for example: p95_ms = 500",
    ),
    (
        H + "a = 1 b = 2",
        "line 5, column 7",
        "this is not TOML: something follows after the end of a value.",
        "Put each key on a line of its own, and text into quotes.",
    ),
]


@pytest.mark.parametrize(("text", "where", "what", "next_step"), CASES)
def test_what_is_wrong_with_its_form_is_told_with_its_place_and_what_to_type(text, where, what, next_step):
    with pytest.raises(ConfigError) as caught:
        read_product(text, "launchready.toml", Path("/srv"))
    assert caught.value.where == f"launchready.toml {where}".rstrip()
    assert caught.value.what == what
    assert caught.value.next_step == next_step


def test_a_message_is_place_fault_and_next_step_on_one_line():
    text = H + J.replace("mailbox", "mailbax")
    with pytest.raises(ConfigError) as caught:
        read_product(text, "shop/launchready.toml", Path("/srv"))
    assert str(caught.value) == (
        "shop/launchready.toml line 12: [[journeys]] has no key 'mailbax'. Did you mean 'mailbox'?"
    )
