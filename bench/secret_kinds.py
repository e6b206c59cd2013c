"""Keys of every kind, texts that only look like keys, and keys that browsers may know.

Keys are made at run time from a seed, so none lies in this file.
"""

import base64
import json
import random
import string
import uuid

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
B64 = ALNUM + "+/"
URL = ALNUM + "-_"


class Maker:
    """Makes random keys, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chars(self, alphabet: str, count: int) -> str:
        """Random characters with at least three different classes, as real generators give them."""
        while True:
            text = "".join(self.random.choice(alphabet) for _ in range(count))
            has_digit = any(map(str.isdigit, text)) or not any(map(str.isdigit, alphabet))
            if count < 12 or (len(set(text)) >= min(count // 3, len(alphabet) // 2) and has_digit):
                return text

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def stripe(self) -> str:
        return "sk_" + "live_51" + self.chars(ALNUM, 40)

    def jwt(self, **claims: object) -> str:
        def part(data: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")

        return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{self.chars(URL, 43)}"

    def private_key(self) -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        form = serialization.PrivateFormat.PKCS8
        return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode().strip()


def kinds(m: Maker) -> dict[str, tuple[str, str]]:
    """Name of a kind: the line that it stands in, with {} for the secret, and the secret."""
    groups = (_payments, _models, _code_hosts, _clouds, _senders, _services, _stores)
    return {name: made for group in groups for name, made in group(m).items()}


def _payments(m: Maker) -> dict[str, tuple[str, str]]:
    """Those that take money, and what stands beside them."""
    return {
        "stripe live": ("STRIPE_SECRET_KEY={}", m.stripe()),
        "stripe restricted": ("key = '{}'", "rk_" + "live_51" + m.chars(ALNUM, 40)),
        "stripe test": ("STRIPE={}", "sk_" + "test_51" + m.chars(ALNUM, 40)),
        "stripe webhook": ("STRIPE_WEBHOOK_SECRET={}", "whsec_" + m.chars(ALNUM, 32)),
        "google oauth": ("client_secret: {}", "GOC" + "SPX-" + m.chars(URL[:62], 28)),
        "google api": ("GOOGLE_API_KEY={}", "AI" + "za" + m.chars(ALNUM, 35)),
        "supabase secret": ("SUPABASE_SECRET_KEY={}", "sb_" + "secret_" + m.chars(ALNUM, 22) + "_" + m.chars(ALNUM, 8)),
        "supabase service role": (
            "SERVICE_ROLE={}",
            m.jwt(iss="supabase", ref=m.chars(LOWER, 20), role="service_role"),
        ),
        "hubspot": ("HUBSPOT_TOKEN={}", "pat-" + "na1-" + m.uuid()),
    }


def _models(m: Maker) -> dict[str, tuple[str, str]]:
    """Those of model providers."""
    return {
        "openai project": (
            "OPENAI_API_KEY={}",
            "sk-" + "proj-" + m.chars(URL, 74) + "T3" + "BlbkFJ" + m.chars(URL, 74),
        ),
        "openai old": ("OPENAI_API_KEY={}", "sk-" + m.chars(ALNUM, 20) + "T3" + "BlbkFJ" + m.chars(ALNUM, 20)),
        "anthropic": ("ANTHROPIC_API_KEY={}", "sk-" + "ant-api03-" + m.chars(URL, 93) + "AA"),
        "groq": ("GROQ_API_KEY={}", "gsk" + "_" + m.chars(ALNUM, 52)),
        "huggingface": ("HF_TOKEN={}", "hf" + "_" + m.chars(string.ascii_letters, 34)),
        "replicate": ("REPLICATE_API_TOKEN={}", "r8" + "_" + m.chars(ALNUM, 37)),
        "openrouter": ("OPENROUTER_API_KEY={}", "sk-" + "or-v1-" + m.chars(HEX, 64)),
        "perplexity": ("PPLX={}", "pplx" + "-" + m.chars(ALNUM, 48)),
        "xai": ("XAI_API_KEY={}", "xai" + "-" + m.chars(ALNUM, 80)),
        "cohere": ("COHERE_API_KEY = '{}'", m.chars(ALNUM, 40)),
        "elevenlabs": ("ELEVENLABS_API_KEY={}", "sk" + "_" + m.chars(HEX, 48)),
        "deepgram": ("DEEPGRAM_API_KEY={}", m.chars(HEX, 40)),
        "pinecone": ("PINECONE_API_KEY={}", "pcsk" + "_" + m.chars(ALNUM, 6) + "_" + m.chars(ALNUM, 63)),
        "langsmith": ("LANGSMITH_API_KEY={}", "lsv2" + "_pt_" + m.chars(HEX, 32) + "_" + m.chars(HEX, 10)),
    }


def _code_hosts(m: Maker) -> dict[str, tuple[str, str]]:
    """Those that change code and packages."""
    return {
        "github classic": ("GITHUB_TOKEN={}", "gh" + "p_" + m.chars(ALNUM, 36)),
        "github fine": ("GITHUB_TOKEN={}", "github" + "_pat_" + m.chars(ALNUM, 22) + "_" + m.chars(ALNUM, 59)),
        "gitlab": ("GITLAB_TOKEN={}", "glpat" + "-" + m.chars(ALNUM, 20)),
        "npm": ("//npm.brightpath.io/:_authToken={}", "npm" + "_" + m.chars(ALNUM, 36)),
        "pypi": ("password = {}", "pypi-" + "AgEIcHlwaS5vcmc" + m.chars(URL, 150)),
    }


def _clouds(m: Maker) -> dict[str, tuple[str, str]]:
    """Those of clouds and hosts."""
    return {
        "aws pair": ("aws_secret_access_key = {}", m.chars(B64, 40)),
        "aws id": ("aws_access_key_id = {}", "AK" + "IA" + m.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        "digitalocean": ("DO_TOKEN={}", "dop" + "_v1_" + m.chars(HEX, 64)),
        "cloudflare": ("CLOUDFLARE_API_TOKEN={}", m.chars(ALNUM, 40)),
        "heroku": ("HEROKU_API_KEY={}", "HRKU-" + "AA" + m.chars(URL, 58)),
        "vercel": ("VERCEL_TOKEN={}", "vcp" + "_" + m.chars(ALNUM, 56)),
        "netlify": ("NETLIFY_AUTH_TOKEN={}", "nfp" + "_" + m.chars(ALNUM, 36)),
        "fly": ("FLY_API_TOKEN={}", "fo1" + "_" + m.chars(URL[:62], 43)),
        "render": ("RENDER_API_KEY={}", "rnd" + "_" + m.chars(ALNUM, 28)),
    }


def _senders(m: Maker) -> dict[str, tuple[str, str]]:
    """Those that send mail and messages."""
    return {
        "sendgrid": ("SENDGRID_API_KEY={}", "SG" + "." + m.chars(URL, 22) + "." + m.chars(URL, 43)),
        "mailgun": ("MAILGUN_API_KEY={}", "key" + "-" + m.chars(HEX, 32)),
        "mailchimp": ("MAILCHIMP_API_KEY={}", m.chars(HEX, 32) + "-us" + "14"),
        "postmark": ("POSTMARK_SERVER_TOKEN={}", m.uuid()),
        "resend": ("RESEND_API_KEY={}", "re" + "_" + m.chars(ALNUM, 8) + "_" + m.chars(ALNUM, 24)),
        "brevo": ("BREVO_API_KEY={}", "xkey" + "sib-" + m.chars(HEX, 64) + "-" + m.chars(ALNUM, 16)),
        "slack bot": (
            "SLACK_TOKEN={}",
            "xox" + "b-" + m.chars("0123456789", 12) + "-" + m.chars("0123456789", 13) + "-" + m.chars(ALNUM, 24),
        ),
        "slack hook": (
            "SLACK={}",
            "https://hooks.sla"
            "ck.com/services/T" + m.chars(HEX.upper(), 10) + "/B" + m.chars(HEX.upper(), 10) + "/" + m.chars(ALNUM, 24),
        ),
        "discord": (
            "DISCORD_BOT_TOKEN='{}'",
            "M" + m.chars(ALNUM, 23) + "." + m.chars(ALNUM, 6) + "." + m.chars(URL, 38),
        ),
        "telegram": ("TELEGRAM_BOT_TOKEN={}", m.chars("123456789", 10) + ":AA" + m.chars(URL, 33)),
        "twilio": ("TWILIO_API_KEY={}", "SK" + m.chars(HEX, 32)),
        "twilio token": ("TWILIO_AUTH_TOKEN={}", m.chars(HEX, 32)),
    }


def _services(m: Maker) -> dict[str, tuple[str, str]]:
    """Those of shops, offices and tools."""
    return {
        "shopify": ("SHOPIFY_TOKEN={}", "shpat" + "_" + m.chars(HEX, 32)),
        "square": ("SQUARE={}", "EAAA" + m.chars(URL, 60)),
        "paypal": ("PAYPAL_CLIENT_SECRET={}", "E" + m.chars(URL, 79)),
        "notion": ("NOTION_TOKEN={}", "ntn" + "_" + m.chars("0123456789", 11) + m.chars(ALNUM, 35)),
        "airtable": ("AIRTABLE={}", "pat" + m.chars(ALNUM, 14) + "." + m.chars(HEX, 64)),
        "linear": ("LINEAR_API_KEY={}", "lin" + "_api_" + m.chars(ALNUM, 40)),
        "sentry": ("SENTRY_AUTH_TOKEN={}", "sntryu" + "_" + m.chars(HEX, 64)),
        "posthog personal": ("POSTHOG_PERSONAL_API_KEY={}", "phx" + "_" + m.chars(ALNUM, 43)),
        "clerk": ("CLERK_SECRET_KEY={}", "sk_" + "live_" + m.chars(ALNUM, 42)),
    }


def _stores(m: Maker) -> dict[str, tuple[str, str]]:
    """Those of databases, and secrets without a form of their own."""
    return {
        "postgres url": ("DATABASE_URL=postgresql://app:{}@db.brightpath.io:5432/app", m.chars(ALNUM, 20)),
        "mongodb url": ("MONGODB_URI=mongodb+srv://app:{}@cluster0.ab1cd.mongodb.net/app", m.chars(ALNUM, 18)),
        "redis url": ("REDIS_URL=rediss://default:{}@eu1-fine-cat-31.upstash.io:6379", m.chars(ALNUM, 32)),
        "private key": ("{}", m.private_key()),
        "jwt secret": ("JWT_SECRET={}", m.chars(HEX, 64)),
        "django secret": ("SECRET_KEY = '{}'", m.chars(ALNUM + "@#%^&*-_", 50)),
        "generic password": ('DB_PASSWORD="{}"', "Tq7#" + m.chars(ALNUM, 14)),
        "generic token": ("internal_api_token: {}", m.chars(ALNUM, 40)),
    }


def decoys(m: Maker) -> dict[str, str]:
    """Texts that look like keys and open nothing."""
    groups = (_placeholders, _documented, _public_halves)
    return {name: text for group in groups for name, text in group(m).items()} | WORDS


def _placeholders(m: Maker) -> dict[str, str]:
    """What stands where a key is to be filled in, and where it comes from."""
    return {
        "placeholder x": "STRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "placeholder your": "OPENAI_API_KEY=your-openai-api-key-here-1234",
        "placeholder change": "SECRET_KEY=change-me-in-production-2026",
        "placeholder angle": "API_KEY=<your-32-character-api-key-goes-here>",
        "placeholder stars": "SENDGRID_API_KEY=SG.**********************.*******************************************",
        "placeholder dots": 'token = "ghp_...................................."',
        "template dollar": "API_TOKEN=${PRODUCTION_API_TOKEN_2024}",
        "template mustache": "password: {{ vault_postgres_password_01 }}",
        "template actions": "GITHUB_TOKEN: ${{ secrets.RELEASE_TOKEN_V2 }}",
        "template percent": "db_password = %(DB_PASSWORD_PRIMARY)s",
        "env lookup js": "const apiKey = process.env.STRIPE_SECRET_KEY_V2;",
        "env lookup py": 'API_KEY = os.environ["OPENAI_API_KEY_2024"]',
        "op reference": "STRIPE_SECRET_KEY=op://Production/Stripe/secret-key-2024",
        "sops value": f"password: ENC[AES256_GCM,data:{m.chars(B64, 24)},iv:{m.chars(B64, 44)},"
        f"tag:{m.chars(B64, 22)}==,type:str]",
        "dotenvx value": f'OPENAI_API_KEY="encrypted:{m.chars(B64, 120)}"',
        "vault path": 'secret_path = "secret/data/production/api-key-2024"',
        "arn": "secret_arn = arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/api-AbCdEf",
    }


def _documented(m: Maker) -> dict[str, str]:
    """Keys that manuals print, and digests."""
    return {
        "aws example id": "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "aws example key": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "stripe documented": "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "git sha": f"commit {m.chars(HEX, 40)}",
        "sha256 digest": f"image: nginx@sha256:{m.chars(HEX, 64)}",
        "npm integrity": f'"integrity": "sha512-{m.chars(B64, 86)}=="',
        "pip hash": f"    --hash=sha256:{m.chars(HEX, 64)}",
        "etag": f'ETag: "{m.chars(HEX, 32)}"',
        "uuid": f"request_id = {m.uuid()}",
        "tenant uuid": f"tenant_token_id: {m.uuid()}",
        "md5 list": f"{m.chars(HEX, 32)}  dist/app.js",
        "bcrypt": "password_hash = $2b$12$" + m.chars(ALNUM, 53),
        "argon2": f"password: $argon2id$v=19$m=65536,t=3,p=4${m.chars(B64, 22)}${m.chars(B64, 43)}",
    }


def _public_halves(m: Maker) -> dict[str, str]:
    """Public halves, and values that pages carry."""
    return {
        "ssh public": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{m.chars(B64, 43)} maya@laptop",
        "pem public": "-----BEGIN PUBLIC KEY-----\n"
        + m.chars(B64, 64)
        + "\n"
        + m.chars(B64, 60)
        + "\n-----END PUBLIC KEY-----",
        "certificate": "-----BEGIN CERTIFICATE-----\nMII"
        + m.chars(B64, 61)
        + "\n"
        + m.chars(B64, 64)
        + "\n-----END CERTIFICATE-----",
        "csrf token": f'<input type="hidden" name="csrf_token" value="{m.chars(ALNUM, 64)}">',
        "nonce": f'<script nonce="{m.chars(B64, 24)}">',
        "css class": ".token-highlight-a1b2c3d4e5f6 { color: #a1b2c3 }",
        "image data": f'background: url("data:image/png;base64,iVBORw0KGgo{m.chars(B64, 200)}")',
    }


WORDS = {
    "max tokens": "max_tokens = 4096\ntoken_limit: 128000",
    "tokenizer": 'tokenizer = "cl100k_base_v2_multilingual_2024"',
    "password field": 'password_field = "user_password_confirmation_2"',
    "i18n": '"passwordReset": "We-sent-you-a-link-to-reset-your-password-2"',
    "local db": "DATABASE_URL=postgres://postgres:postgres@localhost:5432/app",
    "compose db": "DATABASE_URL=postgres://app:app@db:5432/app",
    "jwt sample": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "function call": "const token = generateToken(user2, SECRET_LENGTH_64);",
    "ts type": "type ApiKeyPayload2024 = { apiKey: ApiKeyStringBranded64 };",
    "secret name": "secretName: brightpath-production-tls-2024-secret",
    "file path": "private_key_file = /etc/ssl/private/brightpath-2024.key",
    "test value": 'API_KEY = "test-api-key-for-unit-tests-1"',
    "repeated": 'SECRET_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1111"',
}
"""Words that name secrets, and values that open only this machine."""


def public_keys(m: Maker) -> dict[str, str]:
    """Keys that browsers may know."""
    return {
        "stripe publishable": f"NEXT_PUBLIC_STRIPE_KEY=pk_live_51{m.chars(ALNUM, 40)}",
        "supabase anon": f"NEXT_PUBLIC_SUPABASE_ANON_KEY={m.jwt(iss='supabase', ref=m.chars(LOWER, 20), role='anon')}",
        "supabase publishable": f"VITE_SUPABASE_KEY=sb_publishable_{m.chars(ALNUM, 22)}_{m.chars(ALNUM, 8)}",
        "sentry dsn": f"NEXT_PUBLIC_SENTRY_DSN=https://{m.chars(HEX, 32)}@o123456.ingest.sentry.io/4501234567",
        "firebase web": f'apiKey: "AIza{m.chars(ALNUM, 35)}", '
        'authDomain: "bright.firebaseapp.com", projectId: "bright"',
        "posthog project": f"NEXT_PUBLIC_POSTHOG_KEY=phc_{m.chars(ALNUM, 43)}",
        "recaptcha site key": f"VITE_RECAPTCHA_SITE_KEY=6Le{m.chars(URL, 37)}",
        "clerk publishable": "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_live_"
        + base64.b64encode(b"clerk.brightpath.example$").decode(),
        "mapbox public": f"VITE_MAPBOX_TOKEN=pk.eyJ{m.chars(ALNUM, 60)}.{m.chars(URL, 22)}",
    }
