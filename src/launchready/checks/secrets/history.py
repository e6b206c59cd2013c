"""Keys in the repository, in every version of every file."""

from typing import Final

from launchready.facts.repository import LeakedKey, RepositorySecrets
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check

PLACES_SHOWN: Final = 3
"""Places that are named of one key: enough to find it; the first step is to revoke it, not to hunt every copy."""

COMMIT_CHARS: Final = 12
"""Characters of a commit that are shown: unique even in the Linux kernel's history."""

PROVIDERS: Final = {
    "anthropic": ("Anthropic", "https://console.anthropic.com/settings/keys"),
    "aws": ("AWS", "https://console.aws.amazon.com/iam (Users, Security credentials: deactivate, then delete)"),
    "gcp": ("Google Cloud", "https://console.cloud.google.com/apis/credentials"),
    "github": ("GitHub", "https://github.com/settings/tokens"),
    "google": (
        "Google",
        "https://console.cloud.google.com/apis/credentials (the OAuth client: add a secret, delete the old)",
    ),
    "hubspot": ("HubSpot", "HubSpot, Settings, Integrations, Private Apps: rotate the token"),
    "mailgun": ("Mailgun", "https://app.mailgun.com/settings/api_security"),
    "openai": ("OpenAI", "https://platform.openai.com/api-keys"),
    "postmark": ("Postmark", "Postmark, the server, API Tokens: generate another, then delete the old"),
    "resend": ("Resend", "https://resend.com/api-keys"),
    "sendgrid": ("SendGrid", "https://app.sendgrid.com/settings/api_keys"),
    "slack": ("Slack", "https://api.slack.com/apps (the app, OAuth & Permissions: revoke)"),
    "stripe": ("Stripe", "https://dashboard.stripe.com/apikeys (the key, Roll key, expire now)"),
    "stripe-webhook": ("Stripe webhook", "https://dashboard.stripe.com/webhooks (the endpoint, Roll secret)"),
    "supabase": ("Supabase", "Supabase, Project Settings, API Keys: make a new secret key, then delete the old"),
    "twilio": ("Twilio", "https://console.twilio.com (Account, API keys & tokens)"),
}
"""How a provider calls itself, and where its keys are revoked."""


@check(
    "leaked-key-in-history",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until a stranger spends your money or reads your customers' data with your key.",
    costs=(Cost.REFUNDS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",),
)
def leaked_key_in_history(secrets: RepositorySecrets) -> Judgement:
    """No version of any file in the repository holds a live key.

    ## Why it matters at launch
    A key that was committed once stays in the history, also after the file was deleted: everybody with a copy of the
    repository, now or later, can use it. Robots find keys in public repositories within minutes.

    ## How to fix
    Revoke the key at its provider first; that alone makes it harmless. Then give the product a new one through the
    platform's secret store. Rewriting the history comes last and is optional once the key is dead.
    """
    live = [key for key in secrets.keys if not key.is_public_by_design and not key.is_test_key]
    if not live:
        return Pass()
    do = "Revoke each key at its provider first, then store the new one in the platform's secret store"
    steps = dict.fromkeys(_step(key) for key in live)
    return Fail(tuple(_sentence(key) for key in live), Fix(do, "\n".join(steps)))


def _sentence(key: LeakedKey) -> str:
    shown = [_short(place) for place in key.places[:PLACES_SHOWN]]
    more = len(key.places) - len(shown)
    others = f" and {more} more" if more else ""
    return f"{_name(key)} key {key.hint}… ({key.fingerprint}) in {', '.join(shown)}{others}"


def _step(key: LeakedKey) -> str:
    name, where = PROVIDERS.get(key.provider, (_name(key), "where the key was made"))
    return f"Revoke the {name} key {key.hint}…: {where}"


def _name(key: LeakedKey) -> str:
    return PROVIDERS[key.provider][0] if key.provider in PROVIDERS else key.provider.replace("-", " ")


def _short(place: str) -> str:
    commit, _, rest = place.partition(":")
    return f"{commit[:COMMIT_CHARS]}:{rest}"
