"""Rules for every test: none may be skipped, because a component that is missing is a set-up that is wrong."""

import atexit
import gc
import signal

import pytest

atexit.register(gc.freeze)  # as in launchready.__main__: msgspec crashes in the last collection now and then

READABLE_BYTES = 24
"""Plain bytes up to here are shown whole in a test's name."""


def pytest_sessionstart() -> None:
    """Commands that a test starts can be interrupted, also where the suite runs in the background of a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run where a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes carry the time they were packed at, and don't name a test: names are the same in every process."""
    if isinstance(val, bytes) and (len(val) > READABLE_BYTES or not val.isascii()):
        return f"{argname}-bytes"
    return None
