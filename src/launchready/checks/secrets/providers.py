"""How providers call themselves, what their keys open, and how a key is taken back. Read in November 2026."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from launchready.facts.secrets import LeakedKey


class Opens(StrEnum):
    """What a stranger can do with a key of a kind."""

    MONEY = "money: a stranger can refund, charge and pay out in your name"
    BILL = "your bill: a stranger can use the service until your limit or your card is at its end"
    DATA = "your customers' data: a stranger can read, change and delete it"
    ACCOUNT = "the account: a stranger can change what runs there, and lock you out"
    MAIL = "your name: a stranger can write to your customers as you, and ruin how your mail is received"
    EVENTS = "your events: a stranger can make your product believe that something was paid or happened"
    CODE = "your code: a stranger can read it, and publish other code in your name"
    UNKNOWN = "what this key opens is not known here; take it for the worst"


@dataclass(frozen=True, slots=True)
class Provider:
    """A name as people know it, what its keys open, and the steps that take one back."""

    name: str
    opens: Opens
    revoke: str


PROVIDERS: Final = {
    "anthropic": Provider("Anthropic", Opens.BILL, "https://console.anthropic.com/settings/keys"),
    "aws": Provider(
        "AWS",
        Opens.ACCOUNT,
        "https://console.aws.amazon.com/iam (Users, Security credentials: deactivate, then delete)",
    ),
    "azure": Provider("Azure", Opens.ACCOUNT, "https://portal.azure.com (the resource, Access keys: rotate)"),
    "clerk": Provider("Clerk", Opens.DATA, "https://dashboard.clerk.com (API keys: add a secret key, delete the old)"),
    "cloudflare": Provider("Cloudflare", Opens.ACCOUNT, "https://dash.cloudflare.com/profile/api-tokens (Roll)"),
    "cohere": Provider("Cohere", Opens.BILL, "https://dashboard.cohere.com/api-keys"),
    "datadog": Provider("Datadog", Opens.DATA, "https://app.datadoghq.com/organization-settings/api-keys"),
    "digitalocean": Provider("DigitalOcean", Opens.ACCOUNT, "https://cloud.digitalocean.com/account/api/tokens"),
    "discord": Provider("Discord", Opens.ACCOUNT, "https://discord.com/developers/applications (Bot, Reset Token)"),
    "elevenlabs": Provider("ElevenLabs", Opens.BILL, "https://elevenlabs.io/app/settings/api-keys"),
    "flyio": Provider("Fly.io", Opens.ACCOUNT, "https://fly.io/user/personal_access_tokens"),
    "gcp": Provider("Google Cloud", Opens.BILL, "https://console.cloud.google.com/apis/credentials"),
    "github": Provider("GitHub", Opens.CODE, "https://github.com/settings/tokens"),
    "gitlab": Provider("GitLab", Opens.CODE, "https://gitlab.com/-/user_settings/personal_access_tokens"),
    "google": Provider(
        "Google",
        Opens.DATA,
        "https://console.cloud.google.com/apis/credentials (the OAuth client: add a secret, delete the old)",
    ),
    "groq": Provider("Groq", Opens.BILL, "https://console.groq.com/keys"),
    "heroku": Provider("Heroku", Opens.ACCOUNT, "https://dashboard.heroku.com/account/applications"),
    "hubspot": Provider("HubSpot", Opens.DATA, "HubSpot, Settings, Integrations, Private Apps: rotate the token"),
    "huggingface": Provider("Hugging Face", Opens.BILL, "https://huggingface.co/settings/tokens"),
    "mailchimp": Provider("Mailchimp", Opens.MAIL, "https://admin.mailchimp.com/account/api (Revoke)"),
    "mailgun": Provider("Mailgun", Opens.MAIL, "https://app.mailgun.com/settings/api_security"),
    "mongodb": Provider("MongoDB", Opens.DATA, "https://cloud.mongodb.com (Database Access: edit the user's password)"),
    "netlify": Provider("Netlify", Opens.ACCOUNT, "https://app.netlify.com/user/applications"),
    "notion": Provider("Notion", Opens.DATA, "https://www.notion.so/my-integrations (the integration, rotate)"),
    "npm": Provider("npm", Opens.CODE, "npm, Access Tokens: delete"),
    "openai": Provider("OpenAI", Opens.BILL, "https://platform.openai.com/api-keys"),
    "openrouter": Provider("OpenRouter", Opens.BILL, "https://openrouter.ai/settings/keys"),
    "pinecone": Provider("Pinecone", Opens.DATA, "https://app.pinecone.io (API keys)"),
    "planetscale": Provider("PlanetScale", Opens.DATA, "https://app.planetscale.com (Settings, Passwords)"),
    "postmark": Provider(
        "Postmark", Opens.MAIL, "Postmark, the server, API Tokens: generate another, then delete the old"
    ),
    "private-key": Provider(
        "private", Opens.ACCOUNT, "make a new key pair, and take the old public key off every server"
    ),
    "pypi": Provider("PyPI", Opens.CODE, "PyPI, Account settings, API tokens: remove"),
    "replicate": Provider("Replicate", Opens.BILL, "https://replicate.com/account/api-tokens"),
    "resend": Provider("Resend", Opens.MAIL, "https://resend.com/api-keys"),
    "sendgrid": Provider("SendGrid", Opens.MAIL, "https://app.sendgrid.com/settings/api_keys"),
    "sentry": Provider("Sentry", Opens.DATA, "https://sentry.io/settings/account/api/auth-tokens/"),
    "shopify": Provider("Shopify", Opens.MONEY, "https://admin.shopify.com (Settings, Apps, the app: rotate)"),
    "slack": Provider("Slack", Opens.DATA, "https://api.slack.com/apps (the app, OAuth & Permissions: revoke)"),
    "stripe": Provider("Stripe", Opens.MONEY, "https://dashboard.stripe.com/apikeys (the key, Roll key, expire now)"),
    "stripe-webhook": Provider(
        "Stripe webhook", Opens.EVENTS, "https://dashboard.stripe.com/webhooks (the endpoint, Roll secret)"
    ),
    "supabase": Provider(
        "Supabase",
        Opens.DATA,
        "Supabase, Project Settings, API Keys: make a new secret key, then delete the old",
    ),
    "telegram": Provider("Telegram", Opens.ACCOUNT, "write /revoke to @BotFather, and choose the bot"),
    "twilio": Provider("Twilio", Opens.BILL, "https://console.twilio.com (Account, API keys & tokens)"),
    "vercel": Provider("Vercel", Opens.ACCOUNT, "https://vercel.com/account/tokens"),
}

_WHERE_MADE: Final = "where the key was made"
_DATABASES: Final = ("postgres", "postgresql", "mysql", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "mssql")


def provider_of(key: LeakedKey) -> Provider:
    """What is known of the key's provider."""
    known = PROVIDERS.get(key.provider)
    if known is not None:
        return known
    scheme, _, what = key.provider.rpartition("-")
    if what == "password":
        opens = Opens.DATA if scheme in _DATABASES else Opens.MAIL if scheme.startswith("smtp") else Opens.UNKNOWN
        return Provider(key.provider.replace("-", " "), opens, "set another password where the user is kept")
    return Provider(key.provider.replace("-", " "), Opens.UNKNOWN, _WHERE_MADE)


def step_of(key: LeakedKey) -> str:
    """The first thing to do."""
    provider = provider_of(key)
    hint = f" {key.hint}…" if key.hint else ""
    return f"Revoke the {provider.name} key{hint}: {provider.revoke}"
