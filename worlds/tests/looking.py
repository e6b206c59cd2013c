"""Looks that several topics share, each at one thing that an outsider sees."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable

import dns.exception

from launchready_worlds.addresses import APEX, APP, WWW

SHORT_S = 0.15
"""Long enough for an answer on loopback, short enough to wait for silence."""
SITE = f"https://{APEX}"
CHAT_HOST = f"https://{APP}"
OLD_SITE = f"https://{WWW}"
COMPANY = "postmail.example"


def silent(look: Callable[[], object]) -> bool:
    try:
        look()
    except (dns.exception.Timeout, TimeoutError):
        return True
    return False


def quiet_port(world, ip, port):
    """Whether a port says nothing for a moment after a request."""
    with socket.create_connection(world.address(ip, port), 2) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        raw.settimeout(SHORT_S)
        return silent(lambda: raw.recv(1))


def slammed_port(world, ip, port):
    """Whether a port resets the connection."""
    try:
        with socket.create_connection(world.address(ip, port), SHORT_S) as raw:
            return raw.recv(1) == b"never"
    except ConnectionResetError:
        return True


def has_text(world, name, start):
    return any(text.startswith(f'"{start}') for text in world.records(name, "TXT"))


def redirects(world, url, to, status=301):
    answer = world.get(url)
    return (answer.status, answer.location) == (status, to)


def challenged(world, url):
    answer = world.get(url)
    return answer.status == 403 and "Just a moment" in answer.text


def git(world, *arguments):
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=world.world.folder / "repository", capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def commit(world):
    """The commit that the app says it runs."""
    return json.loads(world.get(f"{CHAT_HOST}/version").body)["commit"]


def style(world):
    return re.search(r'href="(/static/app\.[0-9a-f]+\.css)"', world.get(f"{CHAT_HOST}/").text).group(1)


def state(world, dependency):
    """What the app says about a dependency; None when it does not name it."""
    states = json.loads(world.get(f"{CHAT_HOST}/readyz").body)["dependencies"]
    return states.get(dependency, {}).get("status")


def login_cookies(world, tag):
    """All Set-Cookie lines of a new customer's log-in."""
    link = world.link_after_sign_up(tag)
    world.post(link.partition("?")[0], {"token": link.partition("=")[2]})
    lines = "\n".join(world.log_in(tag).headers.get_all("set-cookie", []))
    if "session=" not in lines:
        raise KeyError(tag)
    return lines


def took(look: Callable[[], object]) -> float:
    start = time.monotonic()
    look()
    return time.monotonic() - start


def has_key(world, name):
    return world.records(name, "TXT")[0].startswith('"v=DKIM1')


def cache_control(world, url):
    return world.get(url).headers.get("cache-control", "")
