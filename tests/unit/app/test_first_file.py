"""What is made of what was seen around a name, from literal readings."""

import datetime as dt
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from launchready.app import first_file
from launchready.app.first_file import _draft, _found, _unseen, _View
from launchready.config.draft import DraftLink, DraftName, DraftSender, write_draft
from launchready.config.load import read_product
from launchready.facts.domain import HostAddresses
from launchready.facts.mail import DkimDiscovered, FoundKey, SpfRecords
from launchready.facts.mail_exchange import MtaSts
from launchready.facts.names import NameInUse, NamesInUse
from launchready.facts.web import FrontPage, Transfer
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
TOKEN = "0" * 32
DOMAIN = Domain("example.com")
KEY = "v=DKIM1; k=ed25519; p=" + "A" * 43 + "="


def page(*links: str, redirects_to: str = "", title: str = "", mail: tuple[str, ...] = ()) -> FrontPage:
    transfer = Transfer("https://example.com/", 200, "text/html", (), "", "", 0, 0, ())
    return FrontPage(transfer, redirects_to, title, (), (), (), "", "", links=tuple(links), mail_addresses=mail)


def view(facts: dict[str, list[object]]) -> _View:
    """What was seen, by the name of the host; `domain` is the domain itself."""
    hosts = tuple(Host(name, DOMAIN.name) for name in facts if name != "domain")
    readings = {}
    for name, values in facts.items():
        subject = DOMAIN.id if name == "domain" else f"host:{name}"
        for value in values:
            if isinstance(value, tuple):
                kind, unseen = value
                readings[FACTS[kind].name, subject] = Unmeasured(Why.TIMED_OUT, unseen, AT)
            else:
                readings[FACTS[type(value)].name, subject] = Measured(value, AT, 0.1)
    return _View(Product("example.com", hosts, (DOMAIN,)), readings)


def draft(facts: dict[str, list[object]], typed: str = "example.com"):
    seen = view(facts)
    return _draft(typed, seen, TOKEN, AT.date(), tuple(_unseen(seen)))


def at(*addresses: str, alias: str = "") -> HostAddresses:
    return HostAddresses(exists=True, addresses=addresses, cname_chain=(alias,) if alias else ())


ONE = at("192.0.2.1")


def redirects(**targets: str) -> dict[str, str | None]:
    facts: dict[str, list[object]] = {
        f"{label}.example.com": [ONE, page(redirects_to=target)] for label, target in targets.items()
    }
    return {
        host.name.partition(".")[0]: host.redirects_to for host in draft({"example.com": [ONE, page()], **facts}).hosts
    }


def test_a_redirect_is_declared_by_where_it_ends() -> None:
    assert redirects(a="https://b.example.com/", b="https://example.com/") == {
        "example": None,
        "a": "https://example.com",
        "b": "https://example.com",
    }


def test_a_redirect_that_goes_round_or_to_a_page_or_to_http_is_not_declared() -> None:
    assert redirects(a="https://b.example.com/", b="https://a.example.com/")["a"] is None
    assert redirects(a="https://example.com/en/")["a"] is None
    assert redirects(a="http://example.com/")["a"] is None
    assert redirects(a="https://a.example.com/")["a"] is None


def test_an_alias_is_declared_in_place_of_its_addresses() -> None:
    hosts = draft(
        {"example.com": [ONE, page()], "www.example.com": [at("192.0.2.2", alias="x.host.example"), page()]}
    ).hosts
    assert (hosts[1].cname, hosts[1].addresses) == ("x.host.example", ())
    odd = draft({"example.com": [at("192.0.2.2", alias="_x.host.example"), page()]}).hosts
    assert (odd[0].cname, odd[0].addresses) == (None, ("192.0.2.2",))


def test_a_host_shows_a_page_or_is_linked_to_and_the_typed_one_is_always_there() -> None:
    facts: dict[str, list[object]] = {
        "domain": [NamesInUse((NameInUse("ftp.example.com", ("192.0.2.3",), leads_nowhere=False),), 9)],
        "example.com": [HostAddresses(exists=False, addresses=(), cname_chain=())],
        "app.example.com": [ONE, page("https://api.example.com/v1")],
        "api.example.com": [ONE],
        "ftp.example.com": [ONE],
    }
    seen = draft(facts, "app.example.com")
    assert [host.name for host in seen.hosts] == ["app.example.com", "api.example.com"]
    assert seen.names == (DraftName("ftp.example.com", ("192.0.2.3",)),)
    assert [host.name for host in draft({"example.com": []}).hosts] == ["example.com"]


def test_a_host_with_a_bad_certificate_is_a_host_and_one_that_refuses_is_a_name() -> None:
    facts: dict[str, list[object]] = {
        "domain": [NamesInUse((NameInUse("ftp.example.com", ("192.0.2.3",), leads_nowhere=False),), 9)],
        "example.com": [ONE, (FrontPage, "silent")],
        "www.example.com": [ONE, (FrontPage, "silent")],
        "app.example.com": [ONE],
        "ftp.example.com": [ONE, (FrontPage, "silent")],
    }
    seen = view(facts)
    refused = Unmeasured(Why.CERTIFICATE, "expired", AT)
    seen = _View(seen.product, {**seen.readings, (FACTS[FrontPage].name, "host:app.example.com"): refused})
    made = _draft("example.com", seen, TOKEN, AT.date(), ())
    assert [host.name for host in made.hosts] == ["example.com", "www.example.com", "app.example.com"]
    assert [one.name for one in made.names] == ["ftp.example.com"]


def test_where_the_usual_names_were_not_seen_www_is_tried() -> None:
    seen = view({"domain": [(NamesInUse, "no answer")], "example.com": [ONE, page()]})
    assert _found(seen.product, seen.readings) == ("www.example.com",)


def test_names_come_from_dns_and_from_links_under_the_domain() -> None:
    seen = view(
        {
            "domain": [NamesInUse((NameInUse("www.example.com", ("192.0.2.3",), leads_nowhere=False),), 9)],
            "example.com": [
                ONE,
                page("https://app.example.com/", "https://example.com.evil.example/", "https://_a.example.com/"),
            ],
        }
    )
    assert _found(seen.product, seen.readings) == ("app.example.com", "www.example.com")


def test_services_are_named_with_the_selectors_of_their_keys() -> None:
    spf = SpfRecords(("v=spf1 include:spf.mtasv.net include:mailgun.org include:other.example -all",))
    keys = DkimDiscovered((FoundKey("pm", "", KEY), FoundKey("cka", "", KEY)))
    seen = draft({"domain": [spf, keys], "example.com": [ONE]})
    assert seen.senders == (
        DraftSender("Postmark", "example.com", ("pm",), "the SPF record includes spf.mtasv.net"),
        DraftSender("Mailgun or HighLevel", "example.com", (), "the SPF record includes mailgun.org"),
        DraftSender("Kit", "example.com", ("cka",), "there is a signing key at cka._domainkey"),
    )
    assert seen.unknown_senders == ("other.example",)


def test_mail_servers_are_told() -> None:
    mail = MtaSts((), None, Measured(("mx.example.net",), AT, 0.1))
    assert draft({"domain": [mail], "example.com": [ONE]}).exchanges == ("mx.example.net",)
    lost = MtaSts((), None, Unmeasured(Why.TIMED_OUT, "", AT))
    assert draft({"domain": [lost], "example.com": [ONE]}).exchanges == ()


def test_booking_links_forms_and_addresses_of_a_page_are_suggested() -> None:
    shown = page(
        "https://calendly.com/",
        "https://calendly.com/maya/intro",
        "https://api.leadconnectorhq.com/widget/form/1",
        "https://api.leadconnectorhq.com/widget/booking/1",
        "https://book.vendor.example/maya",
        "https://vendor.example/facebook",
        "https://example.com/log-in?next=%2F",
        "https://example.com/signup/",
        "https://other.example/chat",
        mail=("Help@example.com", "no address@"),
    )
    seen = draft({"example.com": [ONE, shown]})
    assert seen.links == (
        DraftLink("https://api.leadconnectorhq.com/widget/booking/1", "HighLevel"),
        DraftLink("https://calendly.com/maya/intro", "Calendly"),
        DraftLink("https://book.vendor.example/maya"),
    )
    assert seen.forms == {"login": "https://example.com/log-in", "sign-up": "https://example.com/signup/"}
    assert seen.mail_addresses == ("Help@example.com",)


def test_no_more_is_suggested_than_somebody_reads() -> None:
    links = [f"https://book.vendor.example/{number}" for number in range(6)]
    assert (first_file.MAX_SUGGESTIONS, len(draft({"example.com": [ONE, page(*links)]}).links)) == (5, 5)


def test_what_was_not_seen_is_told_and_a_page_that_is_none_is_not() -> None:
    facts: dict[str, list[object]] = {
        "domain": [(SpfRecords, "no answer")],
        "example.com": [(HostAddresses, "no answer either"), (FrontPage, "refused")],
    }
    assert draft(facts).unseen == ("the SPF record: no answer", "the addresses of example.com: no answer either")


WORDS = st.sampled_from(
    (
        "https://",
        "http://",
        "example.com",
        "www.",
        "/book",
        "/login",
        "\n[x]",
        '"',
        "#",
        "calendly.com/a",
        "[",
        "é",
        "\x00",
        " ",
    )
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=6).map("".join)


@given(st.lists(TEXTS, max_size=5), TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_whatever_strangers_show_the_file_can_be_read(links, title, target, others) -> None:
    facts: dict[str, list[object]] = {
        "domain": [
            SpfRecords(tuple(f"v=spf1 include:{other} -all" for other in others)),
            DkimDiscovered(tuple(FoundKey("pm", other, KEY) for other in others)),
            NamesInUse(
                tuple(NameInUse(f"ftp{n}.example.com", (o,), leads_nowhere=True) for n, o in enumerate(others)), 9
            ),
            MtaSts((), None, Measured(tuple(others), AT, 0.1)),
        ],
        "example.com": [at("192.0.2.1", alias=title), page(*links, title=title, mail=tuple(others))],
        "www.example.com": [ONE, page(redirects_to=target, title=title)],
    }
    product = read_product(write_draft(draft(facts)), "launchready.toml", Path("/srv"))
    assert [host.name for host in product.hosts] == ["example.com", "www.example.com"]
    assert (product.endpoints, product.contacts, product.other_names) == ((), (), ())
