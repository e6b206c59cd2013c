"""A first declaration is one that can be read, whatever was seen."""

import re
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from launchready.config.draft import Draft, DraftHost, DraftLink, DraftName, DraftSender, write_draft
from launchready.config.load import read_product
from launchready.model.subject import Domain, Host, Link, LinkKind, Sender

TOKEN = "0123456789abcdef" * 2
DAY = date(2026, 11, 24)
SMALL = Draft("example.com", "example.com", DAY, TOKEN, (DraftHost("example.com", ("192.0.2.1",)),))
WHOLE = Draft(
    name="example.com",
    domain="example.com",
    day=DAY,
    token=TOKEN,
    hosts=(
        DraftHost("example.com", ("192.0.2.1", "2001:db8::1"), title="Bright Path"),
        DraftHost("www.example.com", cname="shop.provider.example", redirects_to="https://example.com"),
        DraftHost("app.example.com"),
    ),
    names=(DraftName("ftp.example.com", ("192.0.2.9",)),),
    senders=(DraftSender("Postmark", "example.com", ("pm",), "the SPF record includes spf.mtasv.net"),),
    unknown_senders=("spf.postmail.example",),
    exchanges=("mx.example.net",),
    links=(DraftLink("https://calendly.com/maya/intro", "Calendly"), DraftLink("https://book.example.net/maya")),
    mail_addresses=("help@example.com",),
    forms={"login": "https://app.example.com/login", "sign-up": "https://app.example.com/signup"},
    unseen=("the mail servers: no answer within 5 seconds",),
)


def read(text: str):
    return read_product(text, "launchready.toml", Path("/srv"))


def test_what_was_seen_is_declared_and_no_purpose_owner_or_intent_is() -> None:
    product = read(write_draft(WHOLE))
    assert product.hosts == (
        Host("example.com", "example.com", addresses=("192.0.2.1", "2001:db8::1")),
        Host("www.example.com", "example.com", cname="shop.provider.example", redirects_to="https://example.com"),
        Host("app.example.com", "example.com"),
    )
    assert product.domains == (Domain("example.com", (Sender("Postmark", ("pm",), from_domain="example.com"),)),)
    assert product.links == (Link("https://calendly.com/maya/intro", LinkKind.BOOKING),)
    assert (product.sends_mail, product.takes_payments, product.has_chat) == (None, None, None)
    assert product.ownership_token == TOKEN
    assert (product.contacts, product.endpoints, product.journeys, product.other_names) == ((), (), (), ())


def test_every_suggestion_is_right_once_its_mark_is_taken_away() -> None:
    lines = write_draft(WHOLE).splitlines()
    key = re.compile(r"# (\[\[?\w+\]\]?$|\w+ = )")
    filled = [line[2:].replace('= ""', '= "x"') if key.match(line) else line for line in lines]
    product = read("\n".join(line for line in filled if not line.startswith("addresses = []")))
    assert product.hosts[0].owner == product.hosts[0].purpose == "x"
    assert product.sends_mail is True
    assert [contact.email for contact in product.contacts] == ["help@example.com"]
    assert [endpoint.url for endpoint in product.endpoints] == [
        "https://app.example.com/login",
        "https://app.example.com/signup",
        "https://example.com/healthz",
    ]
    assert [link.kind for link in product.links] == [LinkKind.BOOKING, LinkKind.BOOKING, LinkKind.AD]
    assert [other.name for other in product.other_names] == ["ftp.example.com"]
    assert product.repository is not None


def test_guesses_and_what_was_seen_are_marked() -> None:
    text = write_draft(WHOLE)
    for line in (
        'name = "example.com"  # guess: what do customers call it; its page is called "Bright Path"?',
        'addresses = ["192.0.2.1", "2001:db8::1"]  # seen today: check that this is right',
        'redirects_to = "https://example.com"  # guess: it sends visitors there today',
        "# addresses = []  # where should it point? It has no address today",
        "# guess: the SPF record includes spf.mtasv.net",
        "# SPF lets spf.postmail.example send for example.com: which service is that?",
        "# Mail to example.com is taken by mx.example.net.",
        '# name = "ftp.example.com"  # leads to 192.0.2.9',
        "# Not seen: the mail servers: no answer within 5 seconds",
        f'#   or a DNS record: _launchready.example.com. TXT "launchready={TOKEN}" (for all of them)',
    ):
        assert line in text.splitlines(), line


def test_a_product_of_which_little_was_seen_is_one_too() -> None:
    assert read(write_draft(SMALL)).hosts == (Host("example.com", "example.com", addresses=("192.0.2.1",)),)


def test_a_long_text_from_outside_is_cut() -> None:
    draft = Draft("example.com", "example.com", DAY, TOKEN, (DraftHost("example.com", title="t" * 101),))
    assert '"' + "t" * 99 + '…"' in write_draft(draft)


@given(st.text(), st.text(), st.text())
def test_no_text_from_outside_becomes_a_line(title: str, address: str, other: str) -> None:
    draft = Draft(
        name="example.com",
        domain="example.com",
        day=DAY,
        token=TOKEN,
        hosts=(DraftHost("example.com", ("192.0.2.1",), title=title),),
        names=(DraftName("ftp.example.com", (other,)),),
        senders=(DraftSender("Postmark", "example.com", (), other),),
        unknown_senders=(other,),
        exchanges=(other, title),
        links=(DraftLink("https://book.example.net/maya"),),
        mail_addresses=(address,),
        forms={"login": "https://example.com/login"},
        unseen=(title, address, other),
    )
    text = write_draft(draft)
    product = read(text)
    assert product.hosts == (Host("example.com", "example.com", addresses=("192.0.2.1",)),)
    assert (product.contacts, product.links, product.endpoints) == ((), (), ())
    assert all(c.isprintable() or c == "\n" for c in text)
