"""The mail view and one message, as text and as JSON."""

import json
from io import StringIO

from rich.console import Console

from launchready.facts.received_mail import MessageLine, Standing
from launchready.model.check import Impact
from launchready.report.finding import Finding
from launchready.report.mail import (
    MailFound,
    MailGap,
    MailView,
    ReceiverLine,
    mail_json,
    message_json,
    render_mail,
    render_message,
)

EVIL = "\x1b[2J[red]\u202e"
FINDING = Finding(
    "spf-missing",
    Impact.BLOCKER,
    "The domain says who may send its mail.",
    "domain:example.com",
    tuple(f"seen {number} {EVIL}" for number in range(6)),
    "Add this",
    'example.com. TXT "v=spf1 ~all"',
)
VIEW = MailView(
    name="example.com",
    decision="NO_GO",
    findings=(FINDING,),
    gaps=(MailGap("dkim-testing", "No key is a test.", "domain:example.com", EVIL, "declare it"),),
    passed=1,
    found=(MailFound("DKIM key", "s1._domainkey", "v=DKIM1; p=" + "A" * 400),),
    receivers=(ReceiverLine("Gmail", "SPF", "everybody", "2024-02-01", "not met", "https://x.example"),),
    read_on="2026-07",
)


def drawn(draw, *arguments) -> str:
    console = Console(file=StringIO(), width=80, force_terminal=False)
    draw(*arguments, console)
    return console.file.getvalue()


def test_the_view_says_what_to_mend_and_what_to_paste() -> None:
    text = drawn(render_mail, VIEW)
    assert "Mail of example.com: 1 thing to mend, 1 question open, 1 question answered well" in text
    assert '     example.com. TXT "v=spf1 ~all"\n' in text
    assert "and 1 more" in text
    assert "A" * 201 not in text.replace("\n", "").replace(" ", "")
    assert "Gmail          https://x.example\n" in text


def test_nothing_from_outside_rules_the_terminal() -> None:
    text = drawn(render_mail, VIEW)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text


def test_the_json_has_all_of_it() -> None:
    data = json.loads(mail_json(VIEW))
    assert data["decision"] == "NO_GO"
    assert data["findings"][0]["fix"]["paste"] == FINDING.paste
    assert len(data["findings"][0]["offenders"]) == 6
    assert data["found"][0]["text"].endswith("A" * 400)
    assert data["not_measured"][0]["need"] == "declare it"
    assert data["receivers"][0]["state"] == "not met"


def test_a_message_is_told_line_by_line() -> None:
    lines = (
        MessageLine("Sender", Standing.BLOCKER, f"Nothing shows it {EVIL}", "Verify it"),
        MessageLine("DMARC", Standing.BAD, "no record", "Add this", '_dmarc.example.com. TXT "v=DMARC1"'),
    )
    text = drawn(lambda console: render_message("a.eml", lines, console))
    assert "blocker" in text
    assert '_dmarc.example.com. TXT "v=DMARC1"' in text
    assert "\x1b" not in text
    said = json.loads(message_json("a.eml", lines))
    assert [(line["topic"], line["standing"]) for line in said["lines"]] == [("Sender", "blocker"), ("DMARC", "bad")]
