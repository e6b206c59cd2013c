"""What the founder declares in launchready.toml, and how it is written down."""

import copy
import datetime as dt
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING_URL, DOMAIN, EDGE, MAIL_EXCHANGE, ORIGIN, WWW
from launchready_worlds.chat_trials import CHAT_TABLE
from launchready_worlds.released import good_deploy
from launchready_worlds.workshop import BUILD_TABLE
from launchready_worlds.zones import DKIM_SELECTOR

Declaration = dict[str, Any]
"""Tables and arrays of tables, named as in the file."""

ATTESTED_DAYS = 180
REPORT_AT = "file:report-token"
PAGE_BUDGET_MS = 500


def _host(name: str, purpose: str, address: str, **more: Any) -> Declaration:
    return {
        "name": name,
        "purpose": purpose,
        "owner": "Maya Ortiz",
        "provider": "Render",
        "addresses": [address],
    } | more


def _endpoint(host: str, path: str, kind: str, **more: Any) -> Declaration:
    return {"url": f"https://{host}{path}", "kind": kind} | more


def good_declaration(token: str) -> Declaration:
    """The declaration of the good world.

    Args:
        token: The ownership token, 32 hex digits.
    """
    return {
        "product": {
            "name": "Bright Path Coaching",
            "sends_mail": True,
            "takes_payments": False,
            "has_chat": True,
        },
        "ownership": {"token": token},
        "hosts": [
            _host(APEX, "landing page", EDGE),
            _host(WWW, "sends visitors to the landing page", EDGE, redirects_to=f"https://{APEX}"),
            _host(APP, "chat app", APP_EDGE, origin_addresses=[ORIGIN], allowed_origins=[]),
        ],
        "senders": [
            {
                "name": "Postmark",
                "domain": DOMAIN,
                "dkim_selectors": [DKIM_SELECTOR],
                "bounce_domain": DOMAIN,
                "addresses": [MAIL_EXCHANGE],
            }
        ],
        "endpoints": [
            _endpoint(APP, "/healthz", "health", p95_ms=PAGE_BUDGET_MS),
            _endpoint(APP, "/readyz", "ready", dependencies=["database", "mail", "model"]),
            _endpoint(APP, "/version", "version"),
            _endpoint(APP, "/launchready/environment", "environment", token=REPORT_AT),
            _endpoint(APP, "/login", "login"),
            _endpoint(APEX, "/", "page", p95_ms=PAGE_BUDGET_MS, contains="Bright Path"),
        ],
        "links": [{"url": BOOKING_URL, "kind": "booking"}],
        "contacts": [{"role": "support", "name": "Maya Ortiz", "email": f"help@{DOMAIN}"}],
        "repository": {"path": "repository"},
        "deploy": good_deploy(),
        "environment": json.loads((files("coachbot") / "environment.json").read_text("utf-8"))["variables"],
        "build": dict(BUILD_TABLE),
        "chat": dict(CHAT_TABLE),
        "journeys": [
            {
                "name": "signup",
                "signup": f"https://{APP}/signup",
                "login": f"https://{APP}/login",
                "chat": f"https://{APP}/api/chat",
                "question": "What does coaching cost?",
                "address": "visitor+{tag}@inbox.example",
                "mailbox": "maildir:inbox",
                "visitors": 10,
                "history": f"https://{APP}/api/history",
            }
        ],
        "logs": {"paths": ["coachbot.log"]},
    }


def attest(declaration: Declaration, now: dt.datetime, days: int = ATTESTED_DAYS) -> None:
    """Add the founder's word that secrets are in a vault, until so many days from now."""
    declaration["attestations"] = [
        {
            "check": "secrets-outside-vault",
            "who": "Maya Ortiz",
            "proof": "https://vault.example/audit/bright-path",
            "until": (now + dt.timedelta(days=days)).date(),
        }
    ]


def copied(declaration: Declaration) -> Declaration:
    """An independent copy, for a scene to edit."""
    return copy.deepcopy(declaration)


def to_toml(declaration: Mapping[str, Any]) -> str:
    """Write a declaration as TOML: tables, then arrays of tables, in their order."""
    blocks: list[str] = []
    for name, value in declaration.items():
        if isinstance(value, list):
            blocks.extend(_block(f"[[{name}]]", entry) for entry in value)
        else:
            blocks.append(_block(f"[{name}]", value))
    return "\n".join(blocks)


def _block(header: str, entries: Mapping[str, Any]) -> str:
    return header + "\n" + "".join(f"{key} = {_value(value)}\n" for key, value in entries.items())


def _value(value: Any) -> str:
    """One TOML value; JSON's strings, numbers and booleans are TOML's too."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return json.dumps(value)
