"""`launchready env`: what it prints of values that are wrong, and what it makes of the contract."""

import json

import pytest
from click.testing import CliRunner

from launchready.cli.env import env
from launchready.config.load import load_product
from launchready.parse.dotenv import read_dotenv, values_of

CONTRACT = """\
[product]
name = "Bright Path"
[[hosts]]
name = "app.brightpath.example"
[[environment]]
name = "APP_URL"
type = "url"
prefix = "https://"
required = "both"
public = true
purpose = "where customers find the app"
example = "https://app.brightpath.example"
[[environment]]
name = "MAIL_FROM"
type = "email"
[[environment]]
name = "MODE"
type = "enum"
choices = ["production", "test"]
[[environment]]
name = "PORT"
type = "int"
minimum = 1
maximum = 65535
[[environment]]
name = "CHAT_ON"
type = "bool"
[[environment]]
name = "PAYMENT_KEY"
type = "key"
prefix = "sk_"
min_chars = 24
owner = "Maya Ortiz"
stored_in = "Render, Environment"
[[environment]]
name = "SESSION_SECRET"
type = "secret"
min_chars = 32
"""
MARK = "nobody9prints8this"
LIVE = "_".join(("sk", "live", MARK * 2))
GOOD = {
    "APP_URL": "https://app.brightpath.example",
    "MAIL_FROM": f"hello-{MARK}@brightpath.example",
    "MODE": "production",
    "PORT": "8080",
    "CHAT_ON": "true",
    "PAYMENT_KEY": LIVE,
    "SESSION_SECRET": MARK * 4,
}

MALFORMED = [
    ("APP_URL", None, "is not set (a url)"),
    ("APP_URL", "", "is empty (a url)"),
    ("APP_URL", f"{MARK}.brightpath.example", "is not a URL"),
    ("APP_URL", f"https://{MARK}.example:99999", "is not a URL"),
    ("APP_URL", f"http://{MARK}.example", "does not begin as it should (with https://)"),
    ("APP_URL", f"https://{MARK}.localhost:3000", "points to a developer's own machine"),
    ("APP_URL", f"https://${{HOST_{MARK}}}/", "holds a reference that nothing filled in"),
    ("MAIL_FROM", f"{MARK}.brightpath.example", "is not a mail address"),
    ("MAIL_FROM", f"{MARK}@example.com", "still holds a placeholder"),
    ("MODE", MARK, "is none of its choices (production, test)"),
    ("PORT", f"80{MARK}x", "is not a whole number"),
    ("PORT", "99999", "is a number outside its range (1 to 65535)"),
    ("CHAT_ON", MARK, "is neither true nor false"),
    ("PAYMENT_KEY", f"{LIVE}\n", "begins or ends with a blank or a line break"),
    ("PAYMENT_KEY", f"'{LIVE}'", "stands in quotes that are part of the value"),
    ("PAYMENT_KEY", LIVE.replace("live", "test"), "is for the provider's test world"),
    ("PAYMENT_KEY", f"pk{LIVE[2:]}", "does not begin as it should (with sk_)"),
    ("PAYMENT_KEY", LIVE[:23], "is too short (at least 24 characters)"),
    ("PAYMENT_KEY", f"{LIVE[:12]} {LIVE[12:]}", "holds a character that no key has"),
    ("SESSION_SECRET", f"changeme-{MARK}", "still holds a placeholder"),
    ("SESSION_SECRET", f"  {MARK * 4}", "begins or ends with a blank or a line break"),
    ("SESSION_SECRET", MARK, "is too short (at least 32 characters)"),
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "launchready.toml").write_text(CONTRACT, "utf-8")

    def called(*arguments, values=GOOD):
        given = {name: values.get(name) for name in GOOD}
        return CliRunner().invoke(env, arguments, env=given)

    return called


def test_a_good_environment_is_let_through(run):
    done = run("check")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "7 variables held against launchready.toml: none are wrong.\n"


@pytest.mark.parametrize(("name", "value", "reason"), MALFORMED)
def test_a_malformed_value_is_stopped_with_its_name_and_reason_and_never_printed(run, name, value, reason):
    values = {**GOOD, name: value} if value is not None else {n: v for n, v in GOOD.items() if n != name}
    done = run("check", values=values)
    assert done.exit_code == 10
    assert done.stdout == f"{name} {reason}\n" or done.stdout == f"{name} {reason[:-1]}; ask Maya Ortiz)\n"
    as_json = run("check", "--json", values=values)
    assert [problem["name"] for problem in json.loads(as_json.stdout)["problems"]] == [name]
    assert MARK not in done.output + as_json.output
    assert not value or value.strip() not in done.output


def test_twenty_malformed_values_at_least_are_tried():
    assert len(MALFORMED) >= 20


def test_who_has_a_missing_value_is_said(run):
    done = run("check", values={**GOOD, "PAYMENT_KEY": None})
    assert done.stdout == "PAYMENT_KEY is not set (a key; kept in Render, Environment; ask Maya Ortiz)\n"


def test_a_file_is_judged_in_place_of_the_process(run, tmp_path):
    lines = [f"{name}={value}" for name, value in GOOD.items() if name != "PORT"]
    (tmp_path / ".env.production").write_text("\n".join(lines), "utf-8")
    done = run("check", "--file", ".env.production")
    assert (done.exit_code, done.stdout) == (10, "PORT is not set (an int)\n")


def test_live_keys_are_stopped_in_tests_and_the_build_needs_less(run):
    assert run("check", "--stage", "test").stdout == "PAYMENT_KEY is for the provider's live world\n"
    assert run("check", "--for", "build", values={"APP_URL": GOOD["APP_URL"]}).exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            f"A=1\n{MARK}",
            "Error: odd.env line 2 is neither NAME=value nor a comment. Write NAME=value, or put # before",
        ),
        (b"\xff\xfe", "Error: odd.env is not UTF-8 text."),
        (b"A=" + b"x" * 1024 * 1024, "Error: odd.env has more than 1048576 bytes."),
        (None, "Error: odd.env can't be read: No such file or directory."),
    ],
)
def test_a_file_that_is_no_env_file_is_refused_without_its_text(run, tmp_path, content, message):
    if content is not None:
        (tmp_path / "odd.env").write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run("check", "--file", "odd.env")
    assert done.exit_code == 2
    assert done.stderr.startswith(message)
    assert MARK not in done.output


def test_without_a_contract_it_says_what_to_write(run, tmp_path):
    (tmp_path / "launchready.toml").write_text(CONTRACT.partition("[[environment]]")[0], "utf-8")
    done = run("check")
    assert done.exit_code == 2
    assert "[[environment]]" in done.stderr


def test_the_example_names_every_variable_and_holds_no_secret(run):
    text = run("example").stdout
    assert values_of(read_dotenv(text)) == {
        **dict.fromkeys(GOOD, ""),
        "APP_URL": "https://app.brightpath.example",
        "MODE": "production",
    }
    assert "# where customers find the app\n# url, begins with https://; needed to build and to run; browsers" in text


def test_the_table_and_the_shipped_contract_name_every_variable(run, tmp_path):
    assert run("docs", "--out", "docs.md").exit_code == run("contract", "--out", "c.json").exit_code == 0
    table = (tmp_path / "docs.md").read_text("utf-8")
    shipped = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert all(f"| `{name}` |" in table for name in GOOD)
    assert [row["name"] for row in shipped["variables"]] == list(GOOD)
    assert "Maya" not in json.dumps(shipped), "people are no part of what is shipped"
    assert len(load_product(tmp_path / "launchready.toml").environment) == len(GOOD)
