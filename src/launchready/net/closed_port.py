"""A port of this machine on which nobody listens."""

import socket

LOOPBACK = "127.0.0.1"


def closed_port() -> int:
    """A port that was free a moment ago, and is closed: whoever connects to it is refused."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind((LOOPBACK, 0))
        port = taken.getsockname()[1]
        assert isinstance(port, int)
        return port
