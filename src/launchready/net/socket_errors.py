"""What the operating system says when a connection fails, as the reason of an outcome."""

import errno

from launchready.model.reading import NotSeen, Why

_OWN_NETWORK = frozenset(
    {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE}
)
_OWN_WORDS = "this machine has no way there"


def socket_failure(error: OSError, what: str) -> NotSeen:
    """The outcome of a socket's error.

    Args:
        error: what the operating system raised.
        what: the sentence's subject, such as "192.0.2.1 port 443".
    """
    if error.errno in _OWN_NETWORK:
        return NotSeen(Why.OWN_NETWORK, f"{what}: {_OWN_WORDS} ({name_of(error)}).")
    if error.errno == errno.ETIMEDOUT:
        return NotSeen(Why.TIMED_OUT, f"{what} did not answer.")
    return NotSeen(Why.REFUSED, f"{what} ended the connection ({name_of(error)}).")


def name_of(error: OSError) -> str:
    """The symbol of an error, such as ECONNREFUSED; never a text from outside."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
