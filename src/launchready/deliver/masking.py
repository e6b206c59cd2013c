"""Keep secrets of this machine out of what a command prints: they would stay in terminals, logs and CI pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SHORTEST_SECRET_CHARS: Final = 8
"""Shorter values are words such as `true` or `eu`, and hiding them would make the output unreadable."""

HIDDEN: Final = "[hidden]"

_SECRET_NAME: Final = re.compile(
    r"SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|DSN|APIKEY|(?:^|_)(?:KEY|PAT|PWD|AUTH)(?:$|_)|(?:DATABASE|REDIS|SMTP)_URL",
    re.IGNORECASE,
)
_IN_URL: Final = re.compile(r"(?<=://)[^\s/@:]{0,200}:[^\s/@]{1,200}(?=@)")
_KEY_FORMS: Final = re.compile(
    r"\b(?:(?:sk|rk)_(?:live|test)_\w{10,200}|sk-[\w-]{20,200}|gh[opsu]_\w{30,80}|github_pat_\w{30,120}|xox[abprs]-[\w-]{10,200}"
    r"|AKIA[A-Z0-9]{16}|SG\.[\w-]{16,64}\.[\w-]{16,64}|whsec_\w{16,100}|re_\w{20,60}|eyJ[\w-]{10,2000}\.[\w-]{10,4000}\.[\w-]{10,1000})"
)


@dataclass(frozen=True, slots=True)
class Masker:
    """Hides values of variables whose names tell that they are secret, log-ins in URLs, and keys of known forms."""

    values: tuple[str, ...]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Masker":
        """For everything that an environment holds; the longest first, for one value may contain another."""
        found = {
            value
            for name, value in environment.items()
            if _SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET_CHARS
        }
        return cls(tuple(sorted(found, key=lambda value: (-len(value), value))))

    def mask(self, text: str) -> str:
        """The text without what must not be seen."""
        for value in self.values:
            text = text.replace(value, HIDDEN)
        return _KEY_FORMS.sub(HIDDEN, _IN_URL.sub(HIDDEN, text))
