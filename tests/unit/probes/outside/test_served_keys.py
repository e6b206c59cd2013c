"""What the probes of `probes/served_keys.py` see: pages, scripts, the scripts that these load, and their maps."""

import json

import pytest

from launchready.facts.web import FrontPage, InnerPages
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.probes import served_keys
from launchready.probes.served_keys import map_secrets, served_secrets
from launchready.probes.web import front_page, page_assets

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),))
URL = "https://example.com/"
LIVE = "_".join(("sk", "live", "51MbQ8rLz" + "Xw2TnVc7KpYd4Gh9"))
OTHER = "_".join(("sk", "live", "51HkT5wPa" + "Nv8RjFe3LsXq6Bz1"))
PUBLIC = "_".join(("pk", "live", "51MbQ8rLz" + "Xw2TnVc7KpYd4Gh9"))
SCRIPT = {"content_type": "text/javascript"}


async def loaded(internet, clock):
    page = await front_page(SITE, PRODUCT, internet.visits, internet.http, clock)
    assert isinstance(page, FrontPage)
    inner = InnerPages(())
    return page, inner, await page_assets(page, inner, PRODUCT, internet.http, clock)


async def served(internet, clock):
    page, inner, assets = await loaded(internet, clock)
    return await served_secrets(page, inner, assets, PRODUCT, internet.http, clock)


async def mapped(internet, clock):
    _, _, assets = await loaded(internet, clock)
    return await map_secrets(PRODUCT, assets, internet.http, clock)


def show_page(internet, html=b'<script src="/app.js"></script>'):
    internet.show(URL, b"<!doctype html><title>Shop</title>" + html)


async def test_a_key_in_a_script_that_only_a_script_names_is_found_there(internet, clock):
    show_page(internet)
    internet.show(f"{URL}app.js", b'const chunk = () => import("./late-3f9c.js")', **SCRIPT)
    internet.show(f"{URL}late-3f9c.js", f'pay("{LIVE}")'.encode(), **SCRIPT)
    seen = await served(internet, clock)
    (key,) = seen.keys
    assert [place.path for place in key.places] == [f"{URL}late-3f9c.js"]
    assert (key.provider, key.is_live, seen.files_read, seen.lazy_count) == ("stripe", True, 3, 1)
    assert LIVE not in repr(seen)


async def test_one_key_in_page_and_script_is_one_key_in_two_places(internet, clock):
    show_page(internet, f'<script>pay("{LIVE}")</script><script src="/app.js"></script>'.encode())
    internet.show(f"{URL}app.js", f'pay("{LIVE}")'.encode(), **SCRIPT)
    (key,) = (await served(internet, clock)).keys
    assert {place.path for place in key.places} == {URL, f"{URL}app.js"}


async def test_a_publishable_key_is_no_live_one(internet, clock):
    show_page(internet, f'<script>Stripe("{PUBLIC}")</script>'.encode())
    assert not any(key.is_live for key in (await served(internet, clock)).keys)


async def test_scripts_of_strangers_are_not_fetched(internet, clock):
    show_page(internet)
    internet.show(f"{URL}app.js", b'load("https://vendor.example/widget.js")', **SCRIPT)
    assert (await served(internet, clock)).lazy_count == 0
    assert not any("vendor.example" in url for url in internet.asked)


async def test_a_script_that_is_not_there_is_no_key_and_no_gap(internet, clock):
    show_page(internet)
    internet.show(f"{URL}app.js", b'import("./gone.js")', **SCRIPT)
    internet.show(f"{URL}gone.js", b"no such file", status=404)
    seen = await served(internet, clock)
    assert (seen.keys, seen.files_read, seen.lazy_count) == ((), 2, 0)


async def test_more_scripts_than_are_fetched_are_not_seen_unless_a_key_was_found(internet, clock, monkeypatch):
    monkeypatch.setattr(served_keys, "MAX_LAZY", 1)
    show_page(internet)
    internet.show(f"{URL}app.js", b'import("./a.js");import("./b.js")', **SCRIPT)
    internet.show(f"{URL}a.js", b"quiet()", **SCRIPT)
    with pytest.raises(NotSeen) as unseen:
        await served(internet, clock)
    assert unseen.value.why is Why.TOO_LARGE
    internet.show(f"{URL}a.js", f'pay("{LIVE}")'.encode(), **SCRIPT)
    assert len((await served(internet, clock)).keys) == 1


@pytest.mark.parametrize(
    ("headers", "place"),
    [({}, "app.js.map"), ({"sourcemap": "/maps/one.json"}, "maps/one.json"), ({"x-sourcemap": "old.map"}, "old.map")],
)
async def test_a_key_in_the_sources_of_a_map_is_found_where_the_map_is(internet, clock, headers, place):
    show_page(internet)
    internet.show(f"{URL}app.js", b"quiet()", **SCRIPT, **headers)
    document = {"version": 3, "sources": ["pay.ts"], "sourcesContent": [f'pay("{OTHER}")'], "mappings": "AAAA"}
    internet.show(f"{URL}{place}", json.dumps(document).encode(), content_type="application/json")
    seen = await mapped(internet, clock)
    assert ([key.provider for key in seen.keys], seen.maps_read) == (["stripe"], 1)
    assert OTHER not in repr(seen)


async def test_a_page_in_the_place_of_a_map_is_no_map(internet, clock):
    show_page(internet)
    internet.show(f"{URL}app.js", b"quiet()", **SCRIPT)
    internet.show(f"{URL}app.js.map", f"<p>{LIVE}</p>".encode())
    seen = await mapped(internet, clock)
    assert (seen.keys, seen.maps_read) == ((), 0)
