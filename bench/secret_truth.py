"""Repositories with known truth: every kind of key, every place git hides one, builds, lookalikes, public keys.

Keys are made at run time from a seed, so none lies in this file, and each place has a key of its own.
"""

import base64
import gzip
import io
import json
import os
import random
import sqlite3
import string
import subprocess
import tarfile
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
B64 = ALNUM + "+/"
URL = ALNUM + "-_"


@dataclass
class Truth:
    """One planted thing: its name, the secret text, and whether it must be found."""

    name: str
    secret: str


@dataclass
class Planted:
    """A repository and what was planted in it."""

    root: Path
    truths: list[Truth] = field(default_factory=list)


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
        "github classic": ("GITHUB_TOKEN={}", "gh" + "p_" + m.chars(ALNUM, 36)),
        "github fine": ("GITHUB_TOKEN={}", "github" + "_pat_" + m.chars(ALNUM, 22) + "_" + m.chars(ALNUM, 59)),
        "gitlab": ("GITLAB_TOKEN={}", "glpat" + "-" + m.chars(ALNUM, 20)),
        "npm": ("//npm.brightpath.io/:_authToken={}", "npm" + "_" + m.chars(ALNUM, 36)),
        "pypi": ("password = {}", "pypi-" + "AgEIcHlwaS5vcmc" + m.chars(URL, 150)),
        "aws pair": ("aws_secret_access_key = {}", m.chars(B64, 40)),
        "aws id": ("aws_access_key_id = {}", "AK" + "IA" + m.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        "digitalocean": ("DO_TOKEN={}", "dop" + "_v1_" + m.chars(HEX, 64)),
        "cloudflare": ("CLOUDFLARE_API_TOKEN={}", m.chars(ALNUM, 40)),
        "heroku": ("HEROKU_API_KEY={}", "HRKU-" + "AA" + m.chars(URL, 58)),
        "vercel": ("VERCEL_TOKEN={}", "vcp" + "_" + m.chars(ALNUM, 56)),
        "netlify": ("NETLIFY_AUTH_TOKEN={}", "nfp" + "_" + m.chars(ALNUM, 36)),
        "fly": ("FLY_API_TOKEN={}", "fo1" + "_" + m.chars(URL[:62], 43)),
        "render": ("RENDER_API_KEY={}", "rnd" + "_" + m.chars(ALNUM, 28)),
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
        "shopify": ("SHOPIFY_TOKEN={}", "shpat" + "_" + m.chars(HEX, 32)),
        "square": ("SQUARE={}", "EAAA" + m.chars(URL, 60)),
        "paypal": ("PAYPAL_CLIENT_SECRET={}", "E" + m.chars(URL, 79)),
        "notion": ("NOTION_TOKEN={}", "ntn" + "_" + m.chars("0123456789", 11) + m.chars(ALNUM, 35)),
        "airtable": ("AIRTABLE={}", "pat" + m.chars(ALNUM, 14) + "." + m.chars(HEX, 64)),
        "linear": ("LINEAR_API_KEY={}", "lin" + "_api_" + m.chars(ALNUM, 40)),
        "sentry": ("SENTRY_AUTH_TOKEN={}", "sntryu" + "_" + m.chars(HEX, 64)),
        "posthog personal": ("POSTHOG_PERSONAL_API_KEY={}", "phx" + "_" + m.chars(ALNUM, 43)),
        "clerk": ("CLERK_SECRET_KEY={}", "sk_" + "live_" + m.chars(ALNUM, 42)),
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
    sha = m.chars(HEX, 64)
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
        "aws example id": "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "aws example key": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "stripe documented": "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "git sha": f"commit {m.chars(HEX, 40)}",
        "sha256 digest": f"image: nginx@sha256:{sha}",
        "npm integrity": f'"integrity": "sha512-{m.chars(B64, 86)}=="',
        "pip hash": f"    --hash=sha256:{m.chars(HEX, 64)}",
        "etag": f'ETag: "{m.chars(HEX, 32)}"',
        "uuid": f"request_id = {m.uuid()}",
        "tenant uuid": f"tenant_token_id: {m.uuid()}",
        "md5 list": f"{m.chars(HEX, 32)}  dist/app.js",
        "bcrypt": "password_hash = $2b$12$" + m.chars(ALNUM, 53),
        "argon2": f"password: $argon2id$v=19$m=65536,t=3,p=4${m.chars(B64, 22)}${m.chars(B64, 43)}",
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


def git(root: Path, *words: str, given: bytes = b"", **extra: str) -> str:
    """Run git, cut off from the user's settings."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Maya"), ("EMAIL", "maya@example.com"))
        },
        **extra,
    }
    command = ["git", "-c", "protocol.file.allow=always", "-c", "gc.auto=0", *words]
    done = subprocess.run(command, cwd=root, env=env, input=given, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").strip()


def start(root: Path) -> Planted:
    """An empty repository with one commit."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main", ".")
    put(root, "README.md", "# Bright Path\n")
    return Planted(root)


def put(root: Path, name: str, content: str | bytes, message: str = "change") -> str:
    """Write one file and commit it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "-f", name)
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def remove(root: Path, name: str) -> None:
    """Delete a file and commit that."""
    git(root, "rm", "-q", name)
    git(root, "commit", "-q", "-m", "clean up")


def with_kinds(root: Path, seed: int = 1) -> Planted:
    """Every kind, committed once and deleted later."""
    made = start(root)
    for number, (name, (line, secret)) in enumerate(kinds(Maker(seed)).items()):
        file = f"config/settings_{number}.env"
        put(root, file, line.replace("{}", secret) + "\n", "settings")
        remove(root, file)
        made.truths.append(Truth(name, secret))
    return made


def with_lines(root: Path, lines: dict[str, str]) -> Planted:
    """One file for each text, at HEAD; nothing in it may alarm."""
    made = start(root)
    for number, (name, text) in enumerate(lines.items()):
        (root / f"file_{number}.txt").write_text(text + "\n")
        made.truths.append(Truth(name, text))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "all")
    return made


def with_places(root: Path, seed: int = 2) -> Planted:
    """One key in each place where git keeps something."""
    made, m = start(root), Maker(seed)
    for name, plant in PLACES.items():
        secret = m.stripe()
        plant(root, secret)
        made.truths.append(Truth(name, secret))
    return made


def _line(secret: str) -> str:
    return f'KEY = "{secret}"\n'


def _head(root: Path, s: str) -> None:
    put(root, "config/pay.py", _line(s))


def _deleted(root: Path, s: str) -> None:
    put(root, "old.py", _line(s))
    remove(root, "old.py")


def _overwritten(root: Path, s: str) -> None:
    put(root, "changed.py", _line(s))
    put(root, "changed.py", "KEY = load()\n")


def _on_branch(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "-b", "try-pay")
    put(root, "branch.py", _line(s))
    git(root, "checkout", "-q", "main")


def _lightweight_tag(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--detach")
    put(root, "tagged.py", _line(s))
    git(root, "tag", "v0.1")
    git(root, "checkout", "-q", "main")


def _tag_of_blob(root: Path, s: str) -> None:
    blob = git(root, "hash-object", "-w", "--stdin", given=f"blob {_line(s)}".encode())
    git(root, "tag", "a-blob", blob)


def _tag_message(root: Path, s: str) -> None:
    git(root, "tag", "-a", "v0.2", "-m", f"release with {s}")


def _commit_message(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", f"use {s} for now")


def _commit_body(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "deploy", "-m", f"export STRIPE={s}\nthen run it")


def _author(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "odd", GIT_AUTHOR_NAME=s)


def _stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(_line(s))
    git(root, "stash", "-q")


def _older_stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(_line(s))
    git(root, "stash", "-q")
    (root / "README.md").write_text("nothing\n")
    git(root, "stash", "-q")


def _stash_untracked(root: Path, s: str) -> None:
    (root / "loose.py").write_text(_line(s))
    git(root, "stash", "-q", "-u")


def _stash_message(root: Path, s: str) -> None:
    (root / "README.md").write_text("other\n")
    git(root, "stash", "push", "-q", "-m", f"wip {s}")


def _dropped_stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(_line(s))
    git(root, "stash", "-q")
    git(root, "stash", "drop", "-q")


def _note(root: Path, s: str) -> None:
    git(root, "notes", "add", "-f", "-m", f"key {s}", "HEAD")


def _notes_other(root: Path, s: str) -> None:
    git(root, "notes", "--ref=ci", "add", "-f", "-m", f"key {s}", "HEAD")


def _amended(root: Path, s: str) -> None:
    put(root, "amend.py", _line(s))
    (root / "amend.py").write_text("nothing\n")
    git(root, "add", "amend.py")
    git(root, "commit", "-q", "--amend", "-m", "amended")


def _reset(root: Path, s: str) -> None:
    put(root, "reset.py", _line(s))
    git(root, "reset", "-q", "--hard", "HEAD~1")


def _unreachable_commit(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--detach")
    put(root, "lost.py", _line(s))
    git(root, "checkout", "-q", "main")
    git(root, "reflog", "expire", "--expire=now", "HEAD")


def _dangling_blob(root: Path, s: str) -> None:
    git(root, "hash-object", "-w", "--stdin", given=_line(s).encode())


def _staged(root: Path, s: str) -> None:
    (root / "staged.py").write_text(_line(s))
    git(root, "add", "staged.py")
    git(root, "commit", "-q", "-m", "x", "--", "README.md") if False else None


def _staged_then_changed(root: Path, s: str) -> None:
    (root / "restaged.py").write_text(_line(s))
    git(root, "add", "restaged.py")
    (root / "restaged.py").write_text("nothing\n")


def _merge_only(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "-b", "side")
    put(root, "side.py", "a = 1\n")
    git(root, "checkout", "-q", "main")
    put(root, "mine.py", "b = 1\n")
    git(root, "merge", "-q", "--no-ff", "--no-commit", "side")
    (root / "evil.py").write_text(_line(s))
    git(root, "add", "evil.py")
    git(root, "commit", "-q", "-m", "merge side")
    remove(root, "evil.py")


def _orphan(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--orphan", "pages")
    git(root, "rm", "-rfq", ".")
    put(root, "page.js", _line(s))
    git(root, "checkout", "-q", "-f", "main")


def _remote_branch(root: Path, s: str) -> None:
    commit = _commit_with(root, "remote.py", _line(s))
    git(root, "update-ref", "refs/remotes/origin/feature", commit)


def _commit_with(root: Path, name: str, content: str) -> str:
    blob = git(root, "hash-object", "-w", "--stdin", given=content.encode())
    tree = git(root, "mktree", given=f"100644 blob {blob}\t{name}\n".encode())
    return git(root, "commit-tree", tree, "-p", "HEAD", "-m", name)


def _pull_ref(root: Path, s: str) -> None:
    git(root, "update-ref", "refs/pull/7/head", _commit_with(root, "pull.py", _line(s)))


def _replace_ref(root: Path, s: str) -> None:
    original = _commit_with(root, "replaced.py", _line(s))
    git(root, "update-ref", "refs/heads/replaced", original)
    git(root, "replace", original, _commit_with(root, "clean.py", "nothing\n"))


def _file_name(root: Path, s: str) -> None:
    put(root, f"notes/{s}.txt", "nothing\n")


def _branch_name(root: Path, s: str) -> None:
    git(root, "branch", f"try-{s}")


def _config_remote(root: Path, s: str) -> None:
    git(root, "config", "remote.origin.url", f"https://maya:{s}@git.brightpath.io/app.git")


def _hook(root: Path, s: str) -> None:
    path = root / ".git/hooks/pre-push"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\ncurl -u {s}: https://api.stripe.com\n")


def _symlink(root: Path, s: str) -> None:
    (root / "link").symlink_to(s)
    git(root, "add", "link")
    git(root, "commit", "-q", "-m", "link")


def _packed(root: Path, s: str) -> None:
    for n in range(3):
        put(root, "large.txt", "line of text\n" * 2000 + (_line(s) if n == 1 else "") + str(n))
    git(root, "repack", "-q", "-a", "-d", "-k")


def _utf16(root: Path, s: str) -> None:
    put(root, "windows.txt", _line(s).encode("utf-16"))


def _worktree(root: Path, s: str) -> None:
    git(root, "worktree", "add", "-q", "-b", "linked", str(root.parent / f"{root.name}-linked"))
    put(root.parent / f"{root.name}-linked", "linked.py", _line(s))


def _lfs(root: Path, s: str) -> None:
    path = root / ".git/lfs/objects/ab/cd/abcd"
    path.parent.mkdir(parents=True)
    path.write_text(_line(s))


def _submodule(root: Path, s: str) -> None:
    other = root.parent / f"{root.name}-module"
    start(other)
    put(other, "inner.py", _line(s))
    remove(other, "inner.py")
    git(root, "submodule", "add", "-q", str(other), "lib/inner")
    git(root, "commit", "-q", "-m", "module")


PLACES: dict[str, Callable[[Path, str], None]] = {
    name.lstrip("_").replace("_", " "): plant
    for name, plant in {
        one.__name__: one
        for one in (
            *(_head, _deleted, _overwritten, _on_branch, _lightweight_tag, _tag_of_blob, _tag_message),
            *(_commit_message, _commit_body, _author, _stash, _older_stash, _stash_untracked, _stash_message),
            *(_dropped_stash, _note, _notes_other, _amended, _reset, _unreachable_commit, _dangling_blob),
            *(_merge_only, _orphan, _remote_branch, _pull_ref, _replace_ref, _file_name, _branch_name),
            *(_config_remote, _hook, _symlink, _packed, _utf16, _worktree, _lfs, _submodule),
            *(_staged, _staged_then_changed),
        )
    }.items()
}


def with_builds(root: Path, seed: int = 3) -> Planted:
    """One key in each place where builds and work leave one; all are ignored by git or in archives."""
    made, m = start(root), Maker(seed)
    put(root, ".gitignore", "dist/\n.env\nnode_modules/\n.next/\n*.whl\nimage/\n*.tar\n")
    for name, plant in BUILDS.items():
        secret = m.stripe()
        plant(root, secret)
        made.truths.append(Truth(name, secret))
    return made


def _write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _zip(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _map(s: str) -> str:
    return json.dumps(
        {"version": 3, "sources": ["src/pay.ts"], "sourcesContent": [f"// pay\n\tconst k =\n'{s}'\n"], "mappings": ""}
    )


def _bundle(root: Path, s: str) -> None:
    _write(
        root,
        "dist/assets/index-4f3a.js",
        "(()=>{" + "var a=1;" * 3000 + f'fetch("/x",{{headers:{{a:"{s}"}}}})' + "})()",
    )


def _source_map(root: Path, s: str) -> None:
    _write(root, "dist/assets/index-4f3a.js.map", _map(s))


def _inline_map(root: Path, s: str) -> None:
    packed = base64.b64encode(_map(s).encode()).decode()
    _write(root, "dist/inline.js", f"var a=1;\n//# sourceMappingURL=data:application/json;base64,{packed}\n")


def _wheel(root: Path, s: str) -> None:
    _write(root, "dist/app-1.0-py3-none-any.whl", _zip({"app/settings.py": _line(s)}))


def _gz(root: Path, s: str) -> None:
    _write(root, "dist/app.js.gz", gzip.compress(_line(s).encode()))


def _layers(root: Path, s: str) -> None:
    layer = gzip.compress(_tar({"app/.env": f"STRIPE={s}\n".encode(), "app/main.py": b"x = 1\n"}))
    _write(root, "image/blobs/sha256/3fa1", layer)


def _saved_image(root: Path, s: str) -> None:
    layer = _tar({"app/key": s.encode()})
    _write(root, "app-image.tar", _tar({"manifest.json": b"[]", "aa/layer.tar": layer}))


def _sqlite(root: Path, s: str) -> None:
    _write(root, "dist/.keep", "")
    base = sqlite3.connect(root / "dist/app.db")
    base.execute("CREATE TABLE settings (name TEXT, value TEXT)")
    base.execute("INSERT INTO settings VALUES ('note', ?)", ("x" * 5000 + f" {s} " + "y" * 5000,))
    base.commit()
    base.close()


def _notebook(root: Path, s: str) -> None:
    cell = {"cell_type": "code", "source": ["import stripe\n", f"stripe.api_key = '{s}'\n"], "outputs": []}
    _write(root, "analysis.ipynb", json.dumps({"cells": [cell], "nbformat": 4}))


def _split(root: Path, s: str) -> None:
    _write(root, "dist/split.js", f'const k = "{s[:9]}" + "{s[9:24]}" +\n  "{s[24:]}";\n')


def _escaped(root: Path, s: str) -> None:
    _write(root, "dist/escaped.js", 'const k = "' + "".join(f"\\x{ord(c):02x}" for c in s) + '";\n')


def _base64_twice(root: Path, s: str) -> None:
    text = base64.b64encode(base64.b64encode(f"key={s}".encode())).decode()
    _write(root, "dist/secret.yaml", f"data:\n  key: {text}\n")


def _standalone_env(root: Path, s: str) -> None:
    _write(root, ".next/standalone/.env", f"STRIPE_SECRET_KEY={s}\n")


def _lock_file(root: Path, s: str) -> None:
    _write(root, "dist/package-lock.json", json.dumps({"resolved": f"https://maya:{s}@npm.brightpath.io/a.tgz"}))


def _svg(root: Path, s: str) -> None:
    _write(root, "dist/logo.svg", f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {s} --><path d='M0 0'/></svg>")


def _node_modules(root: Path, s: str) -> None:
    _write(root, "node_modules/.cache/babel/1.json", json.dumps({"code": f"a='{s}'"}))


def _untracked(root: Path, s: str) -> None:
    _write(root, "scratch.py", _line(s))


def _local_env(root: Path, s: str) -> None:
    _write(root, ".env", f"STRIPE_SECRET_KEY={s}\n")


def _wrapped_base64(root: Path, s: str) -> None:
    text = base64.encodebytes(("settings of the app, all of them, for every place\n" * 3 + _line(s)).encode()).decode()
    _write(root, "dist/mail.eml", f"Content-Transfer-Encoding: base64\n\n{text}")


def _html_escaped(root: Path, s: str) -> None:
    _write(root, "dist/index.html", "<script data-k='" + "".join(f"&#{ord(c)};" for c in s) + "'></script>")


BUILDS: dict[str, Callable[[Path, str], None]] = {
    one.__name__.lstrip("_").replace("_", " "): one
    for one in (
        *(_bundle, _source_map, _inline_map, _wheel, _gz, _layers, _saved_image, _sqlite, _notebook, _split, _escaped),
        *(_base64_twice, _standalone_env, _lock_file, _svg, _node_modules, _untracked, _local_env, _wrapped_base64),
        _html_escaped,
    )
}
