"""What the product leans on goes away while it runs, and comes back; nothing is restarted."""

import contextlib
import http.client
import smtplib
import sqlite3

import pytest

from launchready_worlds.addresses import BOOKING_URL
from launchready_worlds.dependencies import DependencyError

SHORT_S = 0.5


def _trouble(world, name, trouble):
    async def change():
        world.world.trouble(name, trouble)

    world.run(change())


@pytest.fixture
def world_in_trouble(world):
    yield world
    for name in ("model", "mail", "booking", "database"):
        _trouble(world, name, "ok")


def _model(world):
    connection = http.client.HTTPConnection("127.0.0.1", world.world._ports.provider, timeout=SHORT_S)
    with contextlib.closing(connection):
        connection.request("GET", "/v1/models")
        return connection.getresponse().status


def _mail(world):
    with smtplib.SMTP("127.0.0.1", world.world._ports.smtp, timeout=SHORT_S) as server:
        with contextlib.suppress(smtplib.SMTPDataError):
            server.sendmail("a@brightpath.example", "visitor@inbox.example", "Subject: x\r\n\r\nx\r\n")
            return 250
        return 451


def _writes(world):
    (path,) = world.world.folder.glob("coachbot-*.sqlite3")
    with contextlib.closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def test_the_model_goes_away_in_three_ways_and_comes_back(world_in_trouble):
    _trouble(world_in_trouble, "model", "blackhole")
    with pytest.raises(TimeoutError):
        _model(world_in_trouble)
    _trouble(world_in_trouble, "model", "reset")
    with pytest.raises(ConnectionError):
        _model(world_in_trouble)
    _trouble(world_in_trouble, "model", "unavailable")
    assert _model(world_in_trouble) == 503
    _trouble(world_in_trouble, "model", "ok")
    assert _model(world_in_trouble) == 200


def test_mail_goes_away_in_three_ways_and_comes_back(world_in_trouble):
    _trouble(world_in_trouble, "mail", "blackhole")
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        _mail(world_in_trouble)
    _trouble(world_in_trouble, "mail", "reset")
    with pytest.raises((ConnectionError, smtplib.SMTPServerDisconnected)):
        _mail(world_in_trouble)
    _trouble(world_in_trouble, "mail", "unavailable")
    assert _mail(world_in_trouble) == 451
    _trouble(world_in_trouble, "mail", "ok")
    assert _mail(world_in_trouble) == 250


def test_the_booking_page_goes_away_and_comes_back(world_in_trouble):
    _trouble(world_in_trouble, "booking", "reset")
    with pytest.raises((ConnectionError, OSError)):
        world_in_trouble.get(BOOKING_URL)
    _trouble(world_in_trouble, "booking", "unavailable")
    assert world_in_trouble.get(BOOKING_URL).status == 503
    _trouble(world_in_trouble, "booking", "ok")
    assert world_in_trouble.get(BOOKING_URL).status == 200


def test_the_database_can_not_be_written_and_then_can_again(world_in_trouble):
    _writes(world_in_trouble)
    _trouble(world_in_trouble, "database", "unavailable")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _writes(world_in_trouble)
    _trouble(world_in_trouble, "database", "ok")
    _writes(world_in_trouble)


def test_a_reset_of_the_world_gives_everything_back(world):
    for name in ("model", "database"):
        _trouble(world, name, "unavailable")
    world.reset()
    assert _model(world) == 200
    _writes(world)


def test_what_there_is_not_is_said_and_changes_nothing(world):
    for name, trouble in (("moon", "reset"), ("mail", "sulks")):
        with pytest.raises(DependencyError, match="there are: "):
            _trouble(world, name, trouble)
    assert _mail(world) == 250
