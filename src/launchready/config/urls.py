"""URLs of the declaration, made canonical. No message repeats one: it may carry a token or a password."""

import re
from urllib.parse import SplitResult, urlsplit

from launchready.config.errors import ValueProblem
from launchready.config.names import dns_name, host_name

_VISIBLE_ASCII = re.compile(r"[!-~]*")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_EXAMPLE = "Write the whole URL, such as https://app.example.com/login."


def https_url(text: str) -> str:
    """The canonical URL of a page or API of ours.

    Raises:
        ValueProblem: not a whole https URL of a name that somebody can own, or it has a fragment.
    """
    parts = _split(text, ("https",))
    if "#" in text:
        raise ValueProblem("has a # part, which no server ever sees", "Write it without the # and what follows.")
    host_name(parts.hostname or "")
    return _canonical(parts)


def link_url(text: str) -> str:
    """The canonical URL of a link that customers follow, http or https, a fragment kept.

    Raises:
        ValueProblem: not a whole URL of a public name.
    """
    return _canonical(_split(text, ("https", "http")))


def https_origin(text: str) -> str:
    """A canonical https origin: `https://`, a name and nothing after it.

    Raises:
        ValueProblem: it is no such origin.
    """
    parts = _split(text, ("https",))
    origin = _canonical(parts).removesuffix("/")
    if parts.path.strip("/") or "?" in text or "#" in text:
        step = f'Write "https://{dns_name(parts.hostname or "")}" alone, without path and query.'
        raise ValueProblem("has something after the name", step)
    return origin


def visible_url(schemes: tuple[str, ...], text: str) -> str:
    """A whole URL with one of the schemes, on a name or an address, without a fragment; written as it was.

    Raises:
        ValueProblem: it is none.
    """
    parts = _split(text, schemes)
    if "#" in text:
        raise ValueProblem("has a # part, which no server ever sees", "Write it without the # and what follows.")
    return parts._replace(path=parts.path or "/").geturl()


def host_of_any(url: str) -> str:
    """The host of a URL that `visible_url` took: a lower-case name without a final dot, or an address."""
    return (urlsplit(url).hostname or "").rstrip(".")


def _split(text: str, schemes: tuple[str, ...]) -> SplitResult:
    """The parts of a URL without user, with a valid port and one of the schemes."""
    if not _VISIBLE_ASCII.fullmatch(text):
        raise ValueProblem(
            "holds a blank or a letter that URLs write in percent form", "Copy it from the browser's address bar."
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueProblem("is not a URL", _EXAMPLE) from None
    if parts.scheme not in schemes or not parts.netloc:
        raise ValueProblem(f"has to begin with {' or '.join(f'{scheme}://' for scheme in schemes)}", _EXAMPLE)
    if "@" in parts.netloc:
        raise ValueProblem("holds a user name or password", "Write it without what stands before the @.")
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueProblem("has no valid port", "Leave the port out, or write one from 1 to 65535.")
    return parts


def _canonical(parts: SplitResult) -> str:
    """Lower-case scheme, canonical name, no default port, and `/` for an empty path; the rest stays as it is."""
    name, port = dns_name(parts.hostname or ""), parts.port
    netloc = name if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}"
    return parts._replace(netloc=netloc, path=parts.path or "/").geturl()
