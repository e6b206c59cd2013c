"""`accepted-secrets.toml`: keys that somebody answers for, such as one that was revoked and stays in the history.

[[accepted_secrets]]
fingerprint = "0123456789ab"
reason = "revoked on 2 March; kept in the history"
owner = "Maya"
until = 2027-03-01
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

FILE_NAME: Final = "accepted-secrets.toml"
TABLE: Final = "accepted_secrets"
MAX_TEXT_CHARS: Final = 1_000_000
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{12}")
_FIELDS: Final = {"fingerprint", "reason", "owner", "until"}


class AcceptedSecretsError(ValueError):
    """The file can't be taken as it is; the text says which entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class AcceptedSecret:
    """One key by its fingerprint, why it does no harm, who says so, and the last day on which that counts."""

    fingerprint: str
    reason: str
    owner: str
    until: date


def parse_accepted_secrets(text: str) -> tuple[AcceptedSecret, ...]:
    """All entries, in order.

    Raises:
        AcceptedSecretsError: it is no TOML, or an entry lacks something, has something unknown, or is there twice.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise AcceptedSecretsError("it is larger than any such list")
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AcceptedSecretsError(f"it is no TOML: {error}") from None
    unknown = sorted(data.keys() - {TABLE})
    if unknown:
        raise AcceptedSecretsError(f"{unknown[0]!r} is unknown; it holds [[{TABLE}]] only")
    tables = data.get(TABLE, [])
    if not isinstance(tables, list):
        raise AcceptedSecretsError(f"write [[{TABLE}]] with two brackets")
    entries = tuple(_entry(number, table) for number, table in enumerate(tables, start=1))
    seen = set[str]()
    for entry in entries:
        if entry.fingerprint in seen:
            raise AcceptedSecretsError(f"{entry.fingerprint} is there twice")
        seen.add(entry.fingerprint)
    return entries


def _entry(number: int, table: object) -> AcceptedSecret:
    if not isinstance(table, dict) or table.keys() != _FIELDS:
        raise AcceptedSecretsError(f"entry {number} needs {', '.join(sorted(_FIELDS))}, and nothing else")
    fingerprint, until = table["fingerprint"], table["until"]
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        raise AcceptedSecretsError(f"entry {number}: fingerprint is twelve hex digits, as a report prints it")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise AcceptedSecretsError(f"entry {number}: until is a day such as 2027-03-01, without quotes")
    for name in ("reason", "owner"):
        if not isinstance(table[name], str) or not table[name].strip():
            raise AcceptedSecretsError(f"entry {number}: {name} is empty")
    return AcceptedSecret(fingerprint, table["reason"].strip(), table["owner"].strip(), until)
