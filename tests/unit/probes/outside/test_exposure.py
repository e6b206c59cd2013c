"""What the probes of `probes/exposure.py` see."""

import gzip

import pytest

from launchready.facts.exposure import FoundFile, SourceMap
from launchready.facts.web import Asset, PageAssets, Transfer
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.parse.exposed_files import FileKind
from launchready.probes.exposure import MAX_MAPS, PLACES, exposed_files, source_maps

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),))
ROOT = "https://example.com"
SETTINGS = b"API_KEY=abc\nDATABASE_URL=x\n"
CHALLENGE = {"status": 403, "cf_mitigated": "challenge"}
DENIED = b"<title>Attention Required! | Cloudflare</title>"


async def found(internet, clock):
    seen = await exposed_files(SITE, internet.http, clock)
    return seen.found, tuple(reading.why for reading in seen.unseen)


async def test_a_host_without_such_files_is_seen_to_have_none(internet, clock):
    seen = await exposed_files(SITE, internet.http, clock)
    assert (seen.asked, seen.found, seen.unseen) == (len(PLACES), (), ())
    assert len(internet.asked) == len(PLACES) + 2 == 25


async def test_a_file_is_named_with_its_size_and_nothing_of_it_is_kept(internet, clock):
    internet.show(f"{ROOT}/.env", SETTINGS, content_type="text/plain")
    files, unseen = await found(internet, clock)
    assert (files, unseen) == ((FoundFile(f"{ROOT}/.env", FileKind.SETTINGS, len(SETTINGS)),), ())
    assert "abc" not in repr(files)


async def test_an_archive_is_known_as_it_comes(internet, clock):
    internet.show(f"{ROOT}/backup.tar.gz", gzip.compress(b"x"), content_type="application/gzip")
    files, _ = await found(internet, clock)
    assert [file.kind for file in files] == [FileKind.ARCHIVE]


async def test_a_packed_page_is_no_archive(internet, clock):
    internet.show(f"{ROOT}/backup.tar.gz", gzip.compress(b"<html>"), content_encoding="gzip")
    assert await found(internet, clock) == ((), ())


@pytest.mark.parametrize("status", [301, 403, 404, 500])
async def test_another_status_gives_no_file_away(internet, clock, status):
    internet.show(f"{ROOT}/.env", SETTINGS, status=status)
    assert await found(internet, clock) == ((), ())


@pytest.mark.parametrize("body", [b"<!doctype html><title>Shop</title>", SETTINGS])
async def test_what_is_answered_to_every_path_is_no_finding(internet, clock, body):
    internet.show(f"{ROOT}/.env", body)
    plain = internet.pages[f"{ROOT}/.env"]

    class Everything(dict):
        def get(self, _url, _default=None):
            return plain

    internet.pages = Everything()
    assert await found(internet, clock) == ((), ())


async def test_a_path_that_the_firewall_refuses_is_kept_from_everybody(internet, clock):
    internet.show(f"{ROOT}/.env", DENIED, status=403, server="cloudflare")
    assert await found(internet, clock) == ((), ())


async def test_a_path_behind_a_challenge_is_not_seen(internet, clock):
    internet.show(f"{ROOT}/.env", SETTINGS, **CHALLENGE)
    assert await found(internet, clock) == ((), (Why.CHALLENGED,))


async def test_nothing_is_said_where_we_are_shut_out_meanwhile(internet, clock):
    internet.show(f"{ROOT}/.env", DENIED, status=403, server="cloudflare")
    wall = internet.pages[f"{ROOT}/.env"]

    class ShutsOut(dict):
        def get(self, _url, _default=None):
            return wall if len(internet.asked) > 10 else None

    internet.pages = ShutsOut()
    with pytest.raises(NotSeen) as seen:
        await exposed_files(SITE, internet.http, clock)
    assert seen.value.why is Why.CHALLENGED


def script(name, clock, *headers, status=200, kind="text/javascript"):
    transfer = Transfer(f"{ROOT}/{name}", status, kind, (), "", "", 10, 10, headers)
    return Asset(transfer.url, Measured(transfer, clock.now(), 0.1))


async def maps_of(internet, clock, *assets):
    return (await source_maps(PRODUCT, PageAssets(assets), internet.http, clock)).maps


MAP = b'{"version":3,"sources":["a.ts"],"sourcesContent":["x"],"mappings":""}'


async def test_the_map_beside_a_script_is_found(internet, clock):
    internet.show(f"{ROOT}/a.js.map", MAP)
    (one, two) = await maps_of(internet, clock, script("a.js", clock), script("b.js?v=2", clock))
    assert one.value == SourceMap(f"{ROOT}/a.js.map", True, True)
    assert two.value == SourceMap(f"{ROOT}/b.js.map", False, False)


@pytest.mark.parametrize("name", ["sourcemap", "x-sourcemap"])
async def test_the_map_that_a_header_names_is_found(internet, clock, name):
    internet.show(f"{ROOT}/maps/a.map", MAP.replace(b'["x"]', b"[null]"))
    (one,) = await maps_of(internet, clock, script("js/a.js", clock, (name, "../maps/a.map")))
    assert one.value == SourceMap(f"{ROOT}/maps/a.map", True, False)


async def test_a_page_in_place_of_a_map_is_none(internet, clock):
    internet.show(f"{ROOT}/a.js.map")
    (one,) = await maps_of(internet, clock, script("a.js", clock))
    assert not one.value.is_there


async def test_styles_and_lost_scripts_and_other_peoples_hosts_are_left_alone(internet, clock):
    elsewhere = script("c.js", clock, ("sourcemap", "https://maps.vendor.example/c.js.map"))
    lost = script("b.js", clock, status=404)
    assert await maps_of(internet, clock, script("a.css", clock, kind="text/css"), lost, elsewhere) == ()
    unseen = Asset(f"{ROOT}/d.js", Unmeasured(Why.TIMED_OUT, "did not answer", clock.now()))
    assert await maps_of(internet, clock, unseen) == ()


async def test_no_more_maps_than_a_few_are_asked_for(internet, clock):
    assets = tuple(script(f"{n}.js", clock) for n in range(MAX_MAPS + 1))
    assert len(await maps_of(internet, clock, *assets)) == MAX_MAPS
