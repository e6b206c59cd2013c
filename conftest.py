"""Rules for every test: none may be skipped, because a component that is missing is a set-up that is wrong."""

import signal

import pytest


def pytest_sessionstart() -> None:
    """Commands that a test starts can be interrupted, also where the suite runs in the background of a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run where a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
