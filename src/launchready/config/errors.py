"""What goes wrong with a declaration, in words that its owner can act on.

No message repeats a value that could be a secret: host names, addresses, keys and ids are shown, nothing else is.
"""

SHOWN_CHARS = 80
"""Longest piece of the owner's text in a message, in characters: one terminal line."""


class ConfigError(Exception):
    """The declaration can't be used, and its owner can mend it.

    Attributes:
        what: What is wrong, as a sentence that names table and key.
        where: File and line, such as `launchready.toml line 14`; empty where there is no file.
        next_step: What to type next, as a sentence.
    """

    def __init__(self, what: str, *, where: str = "", next_step: str) -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(f"{where}: {what} {next_step}" if where else f"{what} {next_step}")


class ValueProblem(Exception):  # noqa: N818 - it never leaves this package: a reader of rows adds the place
    """A value is wrong; what it is called and where it stands is known one level up.

    Attributes:
        what: The rest of a sentence that begins with the key, such as `is an IP address, not a name`.
        next_step: What to type next, as a sentence.
    """

    def __init__(self, what: str, next_step: str) -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(what)


def shown(text: str) -> str:
    """A piece of the owner's text in quotes, on one line, harmless to a terminal and cut to `SHOWN_CHARS`."""
    cut = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut) + "'"
