"""The one place that reads the time of day."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The time now, aware, in UTC."""


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)
