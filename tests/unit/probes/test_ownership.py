"""The owner's proof, served and published on loopback."""

import pytest

from launchready.facts.ownership import Ownership
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.probes.ownership import MAX_TOKEN_FILE_BYTES, ownership

APP = Host("app.example.com", "example.com")
TOKEN = "0123456789abcdef0123456789abcdef"
PRODUCT = Product("P", (APP,), (Domain("example.com"),), ownership_token=TOKEN)
URL, NAME = "https://app.example.com/.well-known/launchready", "_launchready.example.com"
PROVEN = Ownership(True, (URL, f"TXT {NAME}"))
NOT_PROVEN = Ownership(False, (URL, f"TXT {NAME}"))


async def look(internet, product: Product = PRODUCT) -> Ownership:
    return await ownership(APP, product, internet.http, internet.dns, internet.clock)


async def why_not(internet, product: Product = PRODUCT) -> Why:
    with pytest.raises(NotSeen) as caught:
        await look(internet, product)
    return caught.value.why


@pytest.mark.parametrize("text", [TOKEN, f"{TOKEN}\r\n", f"  {TOKEN}\n"])
async def test_the_token_at_its_place_is_proof(internet, text: str) -> None:
    internet.show(URL, text)
    assert await look(internet) == PROVEN


async def test_the_token_in_dns_is_proof_for_the_hosts_below(internet) -> None:
    internet.say(NAME, "TXT", '"something else"', f'"launchready={TOKEN}"')
    assert await look(internet) == PROVEN


@pytest.mark.parametrize("text", ["", TOKEN[:-1], TOKEN.upper(), f"{TOKEN} {TOKEN}", f"<p>{TOKEN}</p>"])
async def test_another_text_is_no_proof(internet, text: str) -> None:
    internet.show(URL, text)
    internet.say(NAME, "TXT", f'"{TOKEN}"', f'"launchready={text}"')
    assert await look(internet) == NOT_PROVEN


async def test_nothing_there_is_no_proof(internet) -> None:
    assert await look(internet) == NOT_PROVEN


async def test_a_file_that_goes_on_beyond_what_is_read_is_no_proof_however_it_begins(internet) -> None:
    internet.show(URL, TOKEN + " " * MAX_TOKEN_FILE_BYTES + "<html>")
    assert await look(internet) == NOT_PROVEN


@pytest.mark.parametrize("status", [201, 404, 500])
async def test_only_a_plain_answer_counts(internet, status: int) -> None:
    internet.show(URL, TOKEN, status)
    assert await look(internet) == NOT_PROVEN


async def test_a_redirect_to_the_token_is_no_answer_of_this_host(internet, redirect_to) -> None:
    internet.pages[URL] = redirect_to("https://other.example/token")
    internet.show("https://other.example/token", TOKEN)
    assert await look(internet) == NOT_PROVEN
    assert internet.requests == [f"GET {URL}"]


async def test_without_a_declared_token_nothing_is_asked(internet) -> None:
    assert await why_not(internet, Product("P", (APP,), PRODUCT.domains)) is Why.NOT_DECLARED
    assert (internet.requests, internet.resolver.asked) == ([], [])


async def test_a_host_that_can_not_be_seen_leaves_it_open(internet) -> None:
    internet.say("app.example.com", "A", "192.0.2.3")
    assert await why_not(internet) is Why.REFUSED


async def test_dns_proves_a_host_that_can_not_be_seen(internet) -> None:
    internet.say("app.example.com", "A", "192.0.2.3")
    internet.say(NAME, "TXT", f'"launchready={TOKEN}"')
    assert await look(internet) == PROVEN
