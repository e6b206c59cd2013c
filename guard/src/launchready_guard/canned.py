"""The answer of last resort: it says that the message is saved, and where a person can be reached.

It is a piece of its own kind in the stream, so that nobody takes it for the model's words: show it as a notice, don't
give it to the model as its own earlier answer, and let the visitor ask again.
"""

from dataclasses import dataclass

from launchready_guard.failures import Failure

ALL_RESTING = "providers_resting"
"""The code when no provider was asked, because each failed so often just now that it is left alone."""


@dataclass(frozen=True, slots=True)
class Canned:
    """A notice in place of an answer.

    Attributes:
        text: What to tell the visitor.
        failure: Why there is no answer, as the last provider that was asked had it; None when none was asked.
    """

    text: str
    failure: Failure | None

    @property
    def code(self) -> str:
        """A stable name of the reason."""
        return self.failure.value if self.failure is not None else ALL_RESTING

    @property
    def retryable(self) -> bool:
        """Whether asking again later may help."""
        return self.failure is None or self.failure.retryable


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedAnswer:
    """Makes the notice. The product saves the message before it asks the ladder; the notice says so.

    Attributes:
        booking_url: Where a call is booked; empty when there is no such page.
        email: Where to write; empty when there is no such address.
    """

    booking_url: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        """Refuse a notice that leads nowhere.

        Raises:
            ValueError: Neither is given.
        """
        if not (self.booking_url or self.email):
            raise ValueError("a canned answer needs a booking_url or an email, so that a visitor reaches somebody")

    def after(self, failure: Failure | None) -> Canned:
        """The notice.

        Args:
            failure: Why there is no answer; None when no provider was asked.
        """
        ways = ["ask again in a few minutes"] if failure is None or failure.retryable else []
        ways += [f"write to {self.email}"] if self.email else []
        # The link comes last, with nothing behind it that a page might take for a part of it.
        ways += [f"book a call: {self.booking_url}"] if self.booking_url else []
        offers = ", or ".join(ways)
        return Canned(f"The assistant can't answer right now. Your message is saved. You can {offers}", failure)
