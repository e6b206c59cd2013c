"""Every message about the values of a declaration, word for word."""

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

E = "[[environment]]\n"
CASES = [
    (
        H + 'addresses=["1.1.1"]',
        "line 5",
        "[[hosts]] addresses '1.1.1' is not an IP address.",
        'Write an IPv4 or IPv6 address such as "203.0.113.10"; a name belongs under cname.',
    ),
    (
        H + 'addresses=["1.1.1.1","1.1.1.1"]',
        "line 5",
        "[[hosts]] addresses holds '1.1.1.1' twice.",
        "Remove one of them.",
    ),
    (
        'hosts=[]\n[product]\nname="x"',
        "line 1",
        "[[hosts]] is empty.",
        'Add the line [[hosts]], and under it: name = "app.example.com"',
    ),
    (
        H + '[[endpoints]]\nurl="https://b.example/"\nkind="page"',
        "line 6",
        "[[endpoints]] url is on b.example, which is not a declared host.",
        'Add the line [[hosts]], and under it: name = "b.example"',
    ),
    (
        H + '[[endpoints]]\nurl="http://a.example/"\nkind="page"',
        "line 6",
        "[[endpoints]] url has to begin with https://.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + '[[endpoints]]\nurl="https://u:hunter2@a.example/"\nkind="page"',
        "line 6",
        "[[endpoints]] url holds a user name or password.",
        "Write it without what stands before the @.",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/"\nkind="login"\np95_ms=5',
        "line 8",
        "[[endpoints]] p95_ms is for page, api and health endpoints, and the kind of this one is login.",
        "Remove it.",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/"\nkind="page"\ndependencies=["x"]',
        "line 8",
        "[[endpoints]] dependencies are for ready endpoints, and the kind of this one is page.",
        "Remove them, or declare the URL that reports on them.",
    ),
    (
        H
        + '[[endpoints]]\nurl="https://A.example"\nkind="page"\n[[endpoints]]\nurl="https://A.example"\nkind="page"\n',
        "line 9",
        "[[endpoints]] url is the same as on line 5.",
        "Remove one of the two tables.",
    ),
    (
        H + '[[hosts]]\nname = "a.example"\n',
        "line 6",
        "[[hosts]] name is the same as on line 3.",
        "Remove one of the two tables.",
    ),
    (
        H + 'redirects_to="https://a.example/"',
        "line 5",
        "[[hosts]] redirects_to names the host itself.",
        "Remove it, or name another host.",
    ),
    (
        H + 'redirects_to="https://b.example/x"',
        "line 5",
        "[[hosts]] redirects_to has something after the name.",
        'Write "https://b.example" alone, without path and query.',
    ),
    (
        H + 'allowed_origins=["https://b.example/x"]',
        "line 5",
        "[[hosts]] allowed_origins has something after the name.",
        'Write "https://b.example" alone, without path and query.',
    ),
    (
        H + 'allowed_origins=["http://b.example"]',
        "line 5",
        "[[hosts]] allowed_origins has to begin with https://.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + 'origin_addresses=["b.example"]',
        "line 5",
        "[[hosts]] origin_addresses 'b.example' is not an IP address.",
        'Write an IPv4 or IPv6 address such as "203.0.113.10"; a name belongs under cname.',
    ),
    (
        H + '[[names]]\nname="a.example"\npurpose="x"',
        "line 6",
        "[[names]] a.example is declared under [[hosts]] too.",
        "Remove one of the two tables.",
    ),
    (
        H + 'redirects_to="http://b.example"',
        "line 5",
        "[[hosts]] redirects_to has to begin with https://.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + 'redirects_to="https://b.example"\n[[hosts]]\nname="b.example"\nredirects_to="https://c.example"',
        "line 5",
        "[[hosts]] redirects_to names b.example, which is declared to redirect itself.",
        'Write where visitors end: redirects_to = "https://c.example"',
    ),
    (
        H + '[[senders]]\nname="x"\ndomain="co.uk"',
        "line 7",
        "[[senders]] domain 'co.uk' is a public suffix, under which others register names.",
        "Type a name under it, such as yourname.co.uk.",
    ),
    (
        H + '[[senders]]\nname="x"\ndomain="a.example"\ndkim_selectors=["s1._domainkey!"]',
        "line 8",
        "[[senders]] dkim_selectors 's1._domainkey!' is not a selector.",
        'Write only what stands before "._domainkey", such as "s1".',
    ),
    (
        H + J + 'mailbox_password="hunter2"',
        "line 13",
        "[[journeys]] mailbox_password has to say where the password is, and never what it is.",
        'Put the password into an environment variable, and write mailbox_password = "env:MAILBOX_PASSWORD".',
    ),
    (
        H + J.replace("{tag}", "x"),
        "line 11",
        "[[journeys]] address has no {tag}, which makes each visitor's address its own.",
        'Write for example: address = "visitor+{tag}@inbox.example"',
    ),
    (
        H + J.replace("maildir:in", "imaps://u:hunter2@i.example"),
        "line 12",
        "[[journeys]] mailbox holds a password.",
        'Write "imaps://USER@HOST", and mailbox_password = "env:MAILBOX_PASSWORD".',
    ),
    (
        H + J.replace("maildir:in", "imaps://u@i.example"),
        "line 5",
        "[[journeys]] needs the key 'mailbox_password' for an imaps mailbox.",
        'Add for example: mailbox_password = "env:MAILBOX_PASSWORD"',
    ),
    (
        H + J.replace("maildir:in", "pop:x"),
        "line 12",
        "[[journeys]] mailbox is not a mailbox.",
        'Write "maildir:FOLDER" or "imaps://USER@HOST".',
    ),
    (
        H + J + J,
        "line 14",
        "[[journeys]] name is the same as on line 5.",
        "Remove one of the two tables.",
    ),
    (
        H + '[[attestations]]\ncheck="x"\nwho="y"\nproof="true"\nuntil=2027-01-01',
        "line 8",
        "[[attestations]] proof is neither a link nor a file.",
        'Write an https:// link, or the name of a file: proof = "file:vault.png"',
    ),
    (
        H + '[[waivers]]\ncheck="X!"\nreason="a"\nowner="b"\nuntil=2027-01-01',
        "line 6",
        "[[waivers]] check 'X!' is not the id of a check.",
        "Type `launchready checks` to see them.",
    ),
    (
        H + '[[waivers]]\ncheck="x"\nreason="a"\nowner="b"\nuntil=2027-01-01\nsubject="host:b.example"',
        "line 10",
        "[[waivers]] subject 'host:b.example' is not declared in this file.",
        "Did you mean 'host:a.example'?",
    ),
    (
        H + '[[contacts]]\nrole="r"\nname="n"\nemail="x"',
        "line 8",
        "[[contacts]] email is not a mail address.",
        "Write an address such as help@example.com.",
    ),
    (
        H + '[repository]\npath="~/x"',
        "line 6",
        "[repository] path begins with ~, which only a shell understands.",
        "Write the whole path, beginning with /.",
    ),
    (
        '[product]\nname = "P"\n[[hosts]]\nname = "https://a.example/x"\n',
        "line 4",
        "[[hosts]] name is more than a host name.",
        "Type the name alone: a.example",
    ),
    (
        '[product]\nname = "P"\n[[hosts]]\nname = "co.uk"\n',
        "line 4",
        "[[hosts]] name 'co.uk' is a public suffix, under which others register names.",
        "Type a name under it, such as yourname.co.uk.",
    ),
    (
        '[product]\nname = "P"\n[[hosts]]\nname = "a_b.example"\n',
        "line 4",
        "[[hosts]] name 'a_b' is not a part of a host name: letters, digits and inner hyphens.",
        "Type a name such as app.example.com.",
    ),
    (
        H + '[[links]]\nurl="/x"\nkind="ad"',
        "line 6",
        "[[links]] url has to begin with https:// or http://.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + '[[links]]\nurl="https://a.example/é"\nkind="ad"',
        "line 6",
        "[[links]] url holds a blank or a letter that URLs write in percent form.",
        "Copy it from the browser's address bar.",
    ),
    (
        H + '[[links]]\nurl="https://a.example:0/"\nkind="ad"',
        "line 6",
        "[[links]] url has no valid port.",
        "Leave the port out, or write one from 1 to 65535.",
    ),
    (
        H + '[[hosts]]\nname="b..example"',
        "line 6",
        "[[hosts]] name has an empty part between two dots.",
        "Type a name such as app.example.com.",
    ),
    (
        H + 'cname="localhost"',
        "line 5",
        "[[hosts]] cname 'localhost' has no dot.",
        "Type a public name such as example.com.",
    ),
    (
        H + 'redirects_to="https://u:p@b.example"',
        "line 5",
        "[[hosts]] redirects_to holds a user name or password.",
        "Write it without what stands before the @.",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/#x"\nkind="page"',
        "line 6",
        "[[endpoints]] url has a # part, which no server ever sees.",
        "Write it without the # and what follows.",
    ),
    (
        H + '[[endpoints]]\nurl="https://[a"\nkind="page"',
        "line 6",
        "[[endpoints]] url is not a URL.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + '[[endpoints]]\nurl="https://127.0.0.1/"\nkind="page"',
        "line 6",
        "[[endpoints]] url is an IP address, not a name.",
        "Type the name that customers type, such as app.example.com.",
    ),
    (
        H + '[[links]]\nurl="https://a.example"\nkind="ad"\n[[links]]\nurl="https://A.example/"\nkind="booking"',
        "line 9",
        "[[links]] url is the same as on line 5.",
        "Remove one of the two tables.",
    ),
    (
        H + '[[links]]\nurl="mailto:x@a.example"\nkind="ad"',
        "line 6",
        "[[links]] url has to begin with https:// or http://.",
        "Write the whole URL, such as https://app.example.com/login.",
    ),
    (
        H + J.replace("maildir:in", "maildir:"),
        "line 12",
        "[[journeys]] mailbox is not a path.",
        "Write a path that is seen from the folder of this file.",
    ),
    (
        H + J.replace("https://a.example/l", "https://b.example/l"),
        "line 8",
        "[[journeys]] login is on b.example, which is not a declared host.",
        'Add the line [[hosts]], and under it: name = "b.example"',
    ),
    (
        H + J.replace("v+{tag}@", "v {tag}@"),
        "line 11",
        "[[journeys]] address is not a mail address.",
        'Write for example: address = "visitor+{tag}@inbox.example"',
    ),
    (
        H + '[[senders]]\nname="x"\ndomain="com"',
        "line 7",
        "[[senders]] domain 'com' has no dot.",
        "Type a public name such as example.com.",
    ),
    (
        '[product]\nname = "P"\n[[hosts]]\nname = "203.0.113.10"\n',
        "line 4",
        "[[hosts]] name is an IP address, not a name.",
        "Type the name that customers type, such as app.example.com.",
    ),
    (
        H + 'addresses=["fe80::1%eth0"]',
        "line 5",
        "[[hosts]] addresses 'fe80::1%eth0' is not an IP address.",
        'Write an IPv4 or IPv6 address such as "203.0.113.10"; a name belongs under cname.',
    ),
    (
        H + E + 'name="DATABASE-URL"',
        "line 6",
        "[[environment]] name 'DATABASE-URL' is not the name of a variable.",
        'Write letters, digits and _ alone, as in name = "DATABASE_URL".',
    ),
    (
        H + E + 'name="A"\n' + E + 'name="A"',
        "line 8",
        "[[environment]] name is the same as on line 5.",
        "Remove one of the two tables.",
    ),
    (
        H + E + 'name="A"\ntype="enum"',
        "line 5",
        "[[environment]] needs the key 'choices' for the type \"enum\".",
        'Add for example: choices = ["live", "test"]',
    ),
    (
        H + E + 'name="A"\nminimum=1',
        "line 7",
        '[[environment]] minimum is for the type "int", and this one is "text".',
        "Remove it.",
    ),
    (
        H + E + 'name="A"\ntype="secret"\npublic=true',
        "line 8",
        "[[environment]] public can't be true for a secret.",
        'Remove it, or write type = "key" for a publishable key.',
    ),
    (
        H + E + 'name="A"\ntype="key"\nexample="hunter2"',
        "line 8",
        "[[environment]] example can't be given for what is secret: it would be used.",
        "Remove it.",
    ),
    (
        H + E + 'name="A"\ntype="url"\nexample="app.example"',
        "line 8",
        "[[environment]] example is not a URL, by this very table.",
        "Write one that the variable could hold, or remove it.",
    ),
    (
        H + E + 'name="A"\nmin_chars=3\nmax_chars=2',
        "line 8",
        "[[environment]] max_chars is less than min_chars.",
        "Write the larger number under max_chars.",
    ),
    (
        H + E + 'name="A"\ntype="int"\nminimum=3\nmaximum=2',
        "line 9",
        "[[environment]] maximum is less than minimum.",
        "Write the larger number under maximum.",
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/e"\nkind="environment"',
        "line 5",
        "[[endpoints]] needs the key 'token', for nobody else may read what it reports.",
        'Add for example: token = "env:LAUNCHREADY_REPORT_TOKEN"',
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/e"\nkind="environment"\ntoken="hunter2"',
        "line 8",
        "[[endpoints]] token has to say where the token is, and never what it is.",
        'Put it into an environment variable, and write token = "env:LAUNCHREADY_REPORT_TOKEN".',
    ),
    (
        H + '[[endpoints]]\nurl="https://a.example/e"\nkind="page"\nstage="test"',
        "line 8",
        "[[endpoints]] stage is for environment endpoints, and the kind of this one is page.",
        "Remove it.",
    ),
]


@pytest.mark.parametrize(("text", "where", "what", "next_step"), CASES)
def test_what_is_wrong_with_its_values_is_told_with_its_place_and_what_to_type(text, where, what, next_step):
    with pytest.raises(ConfigError) as caught:
        read_product(text, "launchready.toml", Path("/srv"))
    assert caught.value.where == f"launchready.toml {where}".rstrip()
    assert caught.value.what == what
    assert caught.value.next_step == next_step
