"""The checks of `checks/tls/versions.py`."""

from datetime import UTC, datetime

from launchready.checks.tls.versions import PASTE, tls_version_old
from launchready.facts.tls import Certificates, OldVersions, VersionAsked
from launchready.model.check import Fail, Fix, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("app.example.com", "example.com")
SEEN = Certificates(NOW, ())


def asked(version: str, taken: bool | None) -> VersionAsked:
    silent = Unmeasured(Why.TIMED_OUT, "did not answer", NOW)
    return VersionAsked("192.0.2.1", version, silent if taken is None else Measured(taken, NOW, 0.1))


def test_a_server_that_declines_both_passes() -> None:
    old = OldVersions((asked("TLS 1.0", taken=False), asked("TLS 1.1", taken=False)))
    assert tls_version_old(HOST, SEEN, old) == Pass()


def test_each_version_that_is_taken_is_named_with_its_address() -> None:
    old = OldVersions((asked("TLS 1.0", taken=False), asked("TLS 1.1", taken=True)))
    assert tls_version_old(HOST, SEEN, old) == Fail(
        ("app.example.com on 192.0.2.1 takes TLS 1.1",),
        Fix("Let app.example.com take TLS 1.2 and 1.3 alone", PASTE),
    )


def test_a_silent_address_makes_no_failure_and_hides_none() -> None:
    assert tls_version_old(HOST, SEEN, OldVersions((asked("TLS 1.0", taken=None),))) == Pass()
    both = OldVersions((asked("TLS 1.0", taken=None), asked("TLS 1.1", taken=True)))
    assert isinstance(tls_version_old(HOST, SEEN, both), Fail)
