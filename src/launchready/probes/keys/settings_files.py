"""Files such as `.env`: which ones they are, and which of their names call for a secret. Pure."""

import re
from typing import Final

_FILE: Final = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$|(?:^|/)[\w.-]+\.env$")
_TEMPLATE: Final = re.compile(
    r"\.(?:example|sample|template|dist|schema|defaults?|test|ci|vault|keys\.example)$|example|sample|template"
)
_LINE: Final = re.compile(rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
_SECRET_NAME: Final = re.compile(
    r"SECRET|PASSW(?:OR)?D|PASSPHRASE|PRIVATE_?KEY|SERVICE_ROLE|API_?KEY|ACCESS_?KEY|AUTH_?TOKEN|ACCESS_?TOKEN|"
    r"_TOKEN$|DATABASE_URL|MONGO(?:DB)?_UR[IL]|REDIS_URL|ENCRYPTION_?KEY|SIGNING_?KEY|WEBHOOK_URL",
    re.IGNORECASE,
)
_PUBLIC_NAME: Final = re.compile(
    r"PUBLISHABLE|ANON|SITE_?KEY|DSN|POSTHOG|MAPS|FIREBASE|PUBLIC|CLIENT_ID|MEASUREMENT|^VITE_|^REACT_APP_|^GATSBY_",
    re.IGNORECASE,
)
_NO_SECRET: Final = re.compile(
    r"$|#|encrypted:|ENC\[|op://|vault:|\$|<|\{|change.?me|your|xxx|\*\*\*|todo|none$|null$|true$|false$|\d{1,6}$|"
    r"example|placeholder|dummy|replace|test|secret$|password$|postgres$|root$|"
    r"\w+://(?:[^@/]*@)?(?:localhost|127\.|0\.0\.0\.0|db|postgres|redis|mongo|host\.docker)",
    re.IGNORECASE,
)


def is_settings_file(path: str) -> bool:
    """Whether a file is for settings of one machine, and no example of such a file."""
    return bool(_FILE.search(path)) and not _TEMPLATE.search(path.rpartition("/")[2])


def secret_names(content: bytes) -> tuple[str, ...]:
    """Names of secrets to which the file gives a value that is neither empty, encrypted, a reference nor an example."""
    names = []
    for match in _LINE.finditer(content):
        name, value = match[1].decode(), match[2].decode("utf-8", "replace").strip().strip("\"'").strip()
        if _SECRET_NAME.search(name) and not _PUBLIC_NAME.search(name) and not _NO_SECRET.match(value):
            names.append(name)
    return tuple(dict.fromkeys(names))
