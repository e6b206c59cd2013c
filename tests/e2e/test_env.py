"""`launchready env`, installed: a wrong variable stops a deploy, and the running release is asked for its own."""

import secrets

from installed import run

CONTRACT = """\
[product]
name = "Bright Path"
[[hosts]]
name = "app.brightpath.example"
[[environment]]
name = "APP_URL"
type = "url"
[[environment]]
name = "SESSION_SECRET"
type = "secret"
min_chars = 32
"""


def test_a_wrong_value_stops_with_its_name_and_a_right_one_does_not(tmp_path):
    (tmp_path / "launchready.toml").write_text(CONTRACT, "utf-8")
    value = secrets.token_hex(16)
    (tmp_path / ".env.production").write_text(f"APP_URL=http://localhost:3000\nSESSION_SECRET={value[1:]}\n", "utf-8")
    stopped = run("env", "check", "--file", ".env.production", cwd=tmp_path, APP_URL="", SESSION_SECRET="")
    assert stopped.code == 10
    assert stopped.out.splitlines() == [
        "APP_URL points to a developer's own machine",
        "SESSION_SECRET is too short (at least 32 characters)",
    ]
    assert value[1:] not in stopped.out + stopped.err
    good = {"APP_URL": "https://app.brightpath.example", "SESSION_SECRET": value}
    assert run("env", "check", cwd=tmp_path, **good).code == 0


def test_the_running_release_is_judged_and_saved_evidence_says_the_same(good):
    ids = {"variable-missing", "variable-malformed", "variable-undeclared", "env-example-outdated"}
    only = [part for name in sorted(ids) for part in ("--only", name)]
    live = good.audit(*only, "--json", "--save", "variables.json")
    assert not ids & {one["check"] for one in (*live.json["findings"], *live.json["unknown"])}
    again = run("judge", "variables.json", "--json", cwd=good.folder)
    assert not ids & {one["check"] for one in (*again.json["findings"], *again.json["unknown"])}
    token = good.config.with_name("report-token").read_text("utf-8")
    assert token not in (good.folder / "variables.json").read_text("utf-8") + live.out + live.err
