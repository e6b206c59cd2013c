"""Where a specialist and we say different things about the same world, and who is right.

    make disagreements            runs every row below and writes docs/reference/peers.md

Both look at the same small internet in one state. What they say is read from their output each time; who is right is
our reasoning, with the text that decides. A row on which the two no longer disagree as written fails the run.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from outside import BIN, DOMAIN, TEN_HOSTS, outside_only, run, world
from peers import PEERS, install

APP = f"app.{DOMAIN}"
ANSWERS = {0: "passes", 10: "fails", 11: "is not measured"}
TITLE = "# Where specialists and we disagree"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "peers.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One disagreement.

    `says` is found in the peer's output on `host`, as a pattern, and `in_words` is what it amounts to. `check` is ours
    with its subject, and `ours` what we say.
    """

    situation: str
    peer: str
    host: str
    says: str
    in_words: str
    check: str
    ours: str
    right: str


ROWS = (
    Row(
        "app-certificate-expired",
        "redbot",
        APP,
        r"HTTP/1\.1 200 OK",
        "200, with no word about the certificate",
        f"certificate-untrusted@host:{APP}",
        "fails",
        "We are: browsers stop every visitor (RFC 9525, RFC 5280 section 6.1.3). It never verifies certificates.",
    ),
    Row(
        "challenge-page",
        "observatory",
        DOMAIN,
        r'"result": "csp-not-implemented"',
        "no policy for content: it graded the bot wall's page",
        f"mixed-content@host:{DOMAIN}",
        "is not measured",
        "We are: the page was never seen, so nothing about it is known.",
    ),
    Row(
        "font-over-http-in-an-imported-style",
        "observatory",
        DOMAIN,
        r'"grade": "A\+"',
        "grade A+",
        f"mixed-content@host:{DOMAIN}",
        "fails",
        "We are: browsers block fonts over http (W3C Mixed Content, section 3.2). It reads the page's own HTML alone.",
    ),
    Row(
        "form-over-http",
        "observatory",
        APP,
        r'"grade": "A\+"',
        "grade A+",
        f"mixed-content@host:{APP}",
        "fails",
        "We are: what is typed goes over plain http, and Chrome warns before it goes (since version 86).",
    ),
    Row(
        "session-cookie-for-all-hosts",
        "observatory",
        APP,
        r'"result": "cookies-secure-with-httponly-sessions-and-samesite"',
        "cookies pass, with extra points",
        f"session-cookie-shared@host:{APP}",
        "fails",
        "We are for a product with several hosts: Domain= sends the session to each of them "
        "(RFC 6265 section 4.1.2.3). It looks at one host, and can't know of others.",
    ),
    Row(
        "first-visitors-cookie-for-all",
        "redbot",
        DOMAIN,
        r"This response sets cookies restricted with Secure, HttpOnly, and SameSite",
        "cookies are restricted well",
        f"visitor-page-shared@host:{DOMAIN}",
        "fails",
        "We are: the edge hands the first visitor's session to everybody. One visit can't show it; we send two.",
    ),
    Row(
        "resolver-broken",
        "checkdmarc",
        DOMAIN,
        r'"spf": \{\s*"record": null,\s*"valid": false',
        'SPF "valid": false',
        f"spf-missing@domain:{DOMAIN}",
        "is not measured",
        "We are: SERVFAIL says nothing about the record (RFC 7208 section 2.6.6, temperror).",
    ),
    Row(
        "spf-include-unanswered",
        "checkdmarc",
        DOMAIN,
        r"has no SPF record, which RFC 7208 . 5\.2 defines as a permanent error",
        "the included name has no record: a permanent error",
        f"spf-invalid@domain:{DOMAIN}",
        "is not measured",
        "We are: an include that could not be looked up is a temporary error (RFC 7208 section 5.2, table).",
    ),
    Row(
        "second-nameserver-stale",
        "checkdmarc",
        DOMAIN,
        r'"ns2\.brightpath\.example",\s*"ns1\.brightpath\.example"\s*\],\s*"warnings": \[\]'
        r'|"ns1\.brightpath\.example",\s*"ns2\.brightpath\.example"\s*\],\s*"warnings": \[\]',
        "both name servers, no warning",
        f"nameservers-disagree@domain:{DOMAIN}",
        "fails",
        "We are: half of the visitors get last month's address. It asks the resolver alone.",
    ),
    Row(
        "app-redirects-in-a-circle",
        "redbot",
        APP,
        r"This response allows caches to assign their own freshness lifetimes",
        "a redirect that caches may keep",
        f"redirect-loop@host:{APP}",
        "fails",
        "Both, at different questions: it describes one answer, and nobody ever arrives.",
    ),
)


def main() -> None:
    """Check every row; write the page where all hold."""
    if "--inside" not in sys.argv[1:]:
        for peer in PEERS:
            install(peer)
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, __file__, "--inside", *sys.argv[1:]])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    wrong = [
        text
        for situation, rows in groupby(ROWS, lambda row: row.situation)
        for text in in_one_world(situation, list(rows))
    ]
    if wrong:
        sys.exit("\n".join(wrong))
    PAGE.write_text(page(), "utf-8")
    print(f"{len(ROWS)} rows hold; {PAGE.name} is written")


def in_one_world(situation: str, rows: list[Row]) -> list[str]:
    """What is not as the rows about one situation say."""
    with tempfile.TemporaryDirectory() as folder, world("good", Path(folder), situation) as (config, bundle):
        outside = outside_only(config, TEN_HOSTS)
        return [text for row in rows for text in in_one_row(row, outside, bundle)]


def in_one_row(row: Row, config: Path, bundle: str) -> list[str]:
    """What is not as a row says: the peer's part, ours, or nothing."""
    peer = next(peer for peer in PEERS if peer.name == row.peer)
    _, _, theirs = run(peer.command(row.host, bundle), bundle)
    command = [str(BIN / "launchready"), "recheck", row.check, str(config), "--ca-bundle", bundle, "--json"]
    _, code, output = run(command, bundle)
    wrong = []
    if re.search(row.says, theirs) is None:
        wrong.append(f"{row.situation}: {row.peer} did not say {row.says!r}:\n{theirs[-1500:]}")
    if ANSWERS.get(code) != row.ours:
        wrong.append(f"{row.situation}: {row.check} ended with {code}, not with {row.ours!r}:\n{output[-1500:]}")
    return wrong


def page() -> str:
    """The page for the docs."""
    versions = ", ".join(f"`{peer.package}`" for peer in PEERS)
    head = [
        TITLE,
        "",
        "Made by `make disagreements`, which puts both before the same world and fails when one says something else.",
        f"The specialists: {versions}. Each is right about far more than what stands here.",
        "",
        "| world | specialist | it says | our check | says | who is right, and why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = [
        f"| `{row.situation}` | {row.peer} | {row.in_words} | `{check}` | {row.ours} | {row.right} |"
        for row in ROWS
        for check in [row.check.partition("@")[0]]
    ]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    main()
