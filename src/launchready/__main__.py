"""The entry point. It imports little, so that `launchready --version` answers at once."""

import atexit
import gc
import sys
from types import TracebackType

from launchready.cli.main import launchready


def main() -> None:
    """Run the command; a mistake of ours is said in a sentence, and exits with 1."""
    sys.excepthook = _say_our_mistake
    # The collection at the interpreter's end crashes in msgspec now and then (msgspec/msgspec#717); the end of the
    # process gives back all memory without it.
    atexit.register(gc.freeze)
    launchready(prog_name="launchready")


def _say_our_mistake(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """One line instead of a traceback, which could carry data of the product; `LAUNCHREADY_DEBUG=1` shows it all."""
    import os  # noqa: PLC0415 - only on the way out

    if os.environ.get("LAUNCHREADY_DEBUG") == "1":
        sys.__excepthook__(kind, error, trace)
        return
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
    sys.stderr.write(
        f"Launch Ready failed: {kind.__name__} at {where}. This is our mistake, not your product's. "
        "Run it again with LAUNCHREADY_DEBUG=1 to see the details, and report them.\n"
    )


if __name__ == "__main__":
    main()
