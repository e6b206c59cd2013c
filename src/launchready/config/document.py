"""The tables and keys of `launchready.toml` with their meanings; reference and JSON Schema are made from them."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from launchready.config.chat_table import ChatTable
from launchready.config.keys import COMMAND, MAX_RECORD_DAYS, CommandLine, Words
from launchready.config.logs_table import LogsTable
from launchready.model.environment import RequiredIn, Stage, VariableType
from launchready.model.subject import EndpointKind, LinkKind

MIN_VISITORS = 1
MAX_VISITORS = 50
"""Most visitors at once that a journey sends: the bar asks for ten, and more than fifty is a load test, for which the
provider has to be asked first."""

MIN_P95_MS = 1
MAX_P95_MS = 60_000
"""Largest budget of an endpoint in milliseconds: browsers and proxies give up at about a minute."""

MIN_TOKEN_DIGITS = 32
"""Fewest hexadecimal digits of an ownership token: 128 bits can't be guessed."""

MAX_TOKEN_DIGITS = 128
"""Most hexadecimal digits of an ownership token: with its `launchready=` it still fits into one TXT string."""

MAX_COMMAND_MINUTES = 120
"""Longest that one command of a release may take, in minutes: hosted build machines end theirs at one or two hours."""

MAX_HEALTHY_S = 1800
"""Longest wait in seconds for a release to answer well: beyond half an hour a bad release is an outage, not a start."""

MAX_REHEARSAL_DAYS = 365
"""Longest time in days that a rehearsed way back counts: contingency plans are tested once a year at the least (NIST SP
800-34 Rev. 1, section 3.5.1)."""

MAX_GATE_MINUTES = 10_080
"""Longest time in minutes that a report counts: a week, after which dependencies and services have moved."""

MAX_START_S = 120
"""Longest wait in seconds for a start to stop by itself; platforms give up on a start after one or two minutes."""

MAX_VALUE_CHARS = 65_536
"""Longest value that a contract speaks of, in characters: Linux takes 131,072 bytes for one variable (execve(2))."""

MAX_NUMBER = 2**53 - 1
"""Largest number of a contract, and with a minus the smallest: what every language keeps exactly."""


class ProductTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is sold, and what it does. An absent true-or-false key means "not declared", and is not judged."""

    name: Annotated[Words, Meta(description="What customers call the product.", examples=["Bright Path Coaching"])]
    sends_mail: Annotated[
        bool | None, Meta(description="Whether it sends mail in the name of its domain.", examples=[True])
    ] = None
    takes_payments: Annotated[bool | None, Meta(description="Whether customers pay in it.", examples=[False])] = None
    has_chat: Annotated[bool | None, Meta(description="Whether customers chat with an AI in it.", examples=[True])] = (
        None
    )
    dns_change: Annotated[
        date | None,
        Meta(description="The day on which DNS records are going to change, where a move is planned."),
    ] = None


class OwnershipTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Proof that the hosts are yours; without it nothing is sent that an ordinary visitor would not send."""

    token: Annotated[
        str,
        Meta(
            pattern=f"^[0-9a-fA-F]{{{MIN_TOKEN_DIGITS},{MAX_TOKEN_DIGITS}}}$",
            description="What is served at `https://HOST/.well-known/launchready`, or as the TXT record "
            "`_launchready.DOMAIN` with the text `launchready=TOKEN`. It is public.",
            extra={
                "expected": f"{MIN_TOKEN_DIGITS} to {MAX_TOKEN_DIGITS} hexadecimal digits",
                "next_step": "Type `launchready own DOMAIN` to make one.",
            },
        ),
    ]


class HostTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A public name that customers or machines reach."""

    name: Annotated[
        Words, Meta(description="The name alone, without `https://` and path.", examples=["app.example.com"])
    ]
    purpose: Annotated[str, Meta(description="What it is for, in a few words.", examples=["chat app"])] = ""
    owner: Annotated[str, Meta(description="Who answers for it.", examples=["Maya Ortiz"])] = ""
    provider: Annotated[str, Meta(description="Who runs the machine.", examples=["Render"])] = ""
    addresses: Annotated[
        tuple[str, ...],
        Meta(description="The IP addresses it should have; empty means not declared.", examples=[["203.0.113.10"]]),
    ] = ()
    cname: Annotated[
        str | None, Meta(description="The provider's name that it should point to.", examples=["shop.provider.example"])
    ] = None
    redirects_to: Annotated[
        str | None,
        Meta(
            description="Where it sends every visitor for good, path and query kept: `https://` and a name.",
            examples=["https://example.com"],
        ),
    ] = None
    allowed_origins: Annotated[
        tuple[str, ...] | None,
        Meta(
            description="The origins whose pages may call it from a browser (CORS); empty means none but its own, "
            "absent means not declared.",
            examples=[["https://app.example.com"]],
        ),
    ] = None
    origin_addresses: Annotated[
        tuple[str, ...],
        Meta(
            description="IP addresses of the server behind the edge (CDN), which visitors should not reach around it.",
            examples=[["203.0.113.77"]],
        ),
    ] = ()


class SenderTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A service that sends mail in the name of a domain."""

    name: Annotated[Words, Meta(description="The service.", examples=["Postmark"])]
    domain: Annotated[
        Words,
        Meta(
            description="What stands behind the @ of its From: the domain, or a name under it.",
            examples=["example.com", "news.example.com"],
        ),
    ]
    dkim_selectors: Annotated[
        tuple[str, ...],
        Meta(description="The DKIM selectors that it signs with; its settings page shows them.", examples=[["s1"]]),
    ] = ()
    bounce_domain: Annotated[
        str | None,
        Meta(
            description="The domain of its envelope sender (return path, MAIL FROM), on which SPF is checked.",
            examples=["pm-bounces.example.com"],
        ),
    ] = None
    addresses: Annotated[
        tuple[str, ...],
        Meta(description="IP addresses that it sends from, where they are known.", examples=[["203.0.113.25"]]),
    ] = ()
    marketing: Annotated[bool, Meta(description="Whether it sends newsletters or campaigns.")] = False


class EndpointTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One URL with a job. Its host has to be declared."""

    url: Annotated[Words, Meta(description="The whole `https://` URL.", examples=["https://app.example.com/healthz"])]
    kind: Annotated[EndpointKind, Meta(description="What it is for.", examples=["health"])]
    p95_ms: Annotated[
        Annotated[int, Meta(ge=MIN_P95_MS, le=MAX_P95_MS)] | None,
        Meta(
            description="Milliseconds within which 95 of 100 answers come. Makes a page, api or health endpoint a core "
            "endpoint, which is measured with 200 requests.",
            examples=[500],
        ),
    ] = None
    contains: Annotated[str, Meta(description="Words that its answer must show.", examples=["Bright Path"])] = ""
    dependencies: Annotated[
        tuple[Words, ...],
        Meta(description="What a ready endpoint must report on, by name.", examples=[["database", "mail"]]),
    ] = ()
    token: Annotated[
        str | None,
        Meta(
            description="Where the token is that an environment endpoint asks for, never what it is: `env:NAME` or "
            "`file:PATH`.",
            examples=["env:LAUNCHREADY_REPORT_TOKEN"],
        ),
    ] = None
    stage: Annotated[
        Stage | None,
        Meta(
            description="Whether customers use the deployment behind an environment endpoint; production where absent.",
            examples=["production"],
        ),
    ] = None


class LinkTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A link that customers are sent, on your hosts or on somebody else's."""

    url: Annotated[Words, Meta(description="The whole URL.", examples=["https://book.calendar.example/maya"])]
    kind: Annotated[LinkKind, Meta(description="Where customers meet it.", examples=["booking"])]


class ContactTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Somebody whom a customer or an engineer can reach."""

    role: Annotated[Words, Meta(description="What to ask them for.", examples=["support"])]
    name: Annotated[Words, Meta(description="Who they are.", examples=["Maya Ortiz"])]
    email: Annotated[Words, Meta(description="Their mail address.", examples=["help@example.com"])]


class NameTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A name in DNS that is there on purpose and is no host of the product."""

    name: Annotated[Words, Meta(description="The whole name.", examples=["status.example.com"])]
    purpose: Annotated[Words, Meta(description="What it is for, in a few words.", examples=["status page at Instatus"])]


class RepositoryTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The source code, as a folder on this machine."""

    path: Annotated[Words, Meta(description="The folder, seen from this file.", examples=["."])]


class EnvironmentTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One environment variable that the product reads: the contract, of which everything else is made."""

    name: Annotated[Words, Meta(description="Its name.", examples=["DATABASE_URL"])]
    type: Annotated[VariableType, Meta(description="What its value looks like.", examples=["url"])] = VariableType.TEXT
    required: Annotated[RequiredIn, Meta(description="Where the product can't do without it.", examples=["run"])] = (
        RequiredIn.RUN
    )
    public: Annotated[bool, Meta(description="Whether browsers may see its value.")] = False
    choices: Annotated[
        tuple[Words, ...], Meta(description="The values of an enum.", examples=[["production", "test"]])
    ] = ()
    prefix: Annotated[str, Meta(description="What its value begins with.", examples=["sk_"])] = ""
    min_chars: Annotated[
        int, Meta(ge=0, le=MAX_VALUE_CHARS, description="Fewest characters; 0 means no bound.", examples=[32])
    ] = 0
    max_chars: Annotated[
        int, Meta(ge=0, le=MAX_VALUE_CHARS, description="Most characters; 0 means no bound.", examples=[128])
    ] = 0
    minimum: Annotated[
        Annotated[int, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)] | None,
        Meta(description="Smallest number of an int.", examples=[1]),
    ] = None
    maximum: Annotated[
        Annotated[int, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)] | None,
        Meta(description="Largest number of an int.", examples=[65535]),
    ] = None
    local: Annotated[
        bool, Meta(description="Whether a url may point to the same machine, such as a database beside the product.")
    ] = False
    purpose: Annotated[str, Meta(description="What it is for, in a few words.", examples=["customers' data"])] = ""
    owner: Annotated[str, Meta(description="Who can say and change its value.", examples=["Maya Ortiz"])] = ""
    stored_in: Annotated[str, Meta(description="Where its value is kept.", examples=["Render, Environment"])] = ""
    example: Annotated[
        str,
        Meta(description="A value for .env.example; none for what is secret.", examples=["https://app.example.com"]),
    ] = ""


class JourneyTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The way of a customer from sign-up over a mailed link and log-in to the first answer. Its hosts are declared."""

    name: Annotated[Words, Meta(description="A short name for it.", examples=["signup"])]
    signup: Annotated[Words, Meta(description="URL of the sign-up form.", examples=["https://app.example.com/signup"])]
    login: Annotated[Words, Meta(description="URL of the log-in form.", examples=["https://app.example.com/login"])]
    chat: Annotated[
        Words, Meta(description="URL that answers questions.", examples=["https://app.example.com/api/chat"])
    ]
    question: Annotated[Words, Meta(description="What the visitor asks.", examples=["What does coaching cost?"])]
    address: Annotated[
        Words,
        Meta(
            description="Mail address of a visitor; `{tag}` becomes something unique for each.",
            examples=["visitor+{tag}@inbox.example"],
        ),
    ]
    mailbox: Annotated[
        Words,
        Meta(
            description="Where its mail arrives: `maildir:FOLDER`, seen from this file, or `imaps://USER@HOST`.",
            examples=["maildir:inbox"],
        ),
    ]
    mailbox_password: Annotated[
        str | None,
        Meta(
            description="Where the password of the mailbox is, never what it is: `env:NAME` or `file:PATH`.",
            examples=["env:MAILBOX_PASSWORD"],
        ),
    ] = None
    visitors: Annotated[
        int,
        Meta(ge=MIN_VISITORS, le=MAX_VISITORS, description="How many go this way at once.", examples=[10]),
    ] = 10
    history: Annotated[
        str,
        Meta(
            description="URL that shows customers their own talk; `{id}` stands for a talk's id. "
            "Without it, the page after the log-in is asked.",
            examples=["https://app.example.com/api/history"],
        ),
    ] = ""


class AttestationTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Your word, with proof, for what can't be measured from outside. It counts until a day."""

    check: Annotated[Words, Meta(description="Id of the check.", examples=["secrets-outside-vault"])]
    who: Annotated[Words, Meta(description="Who gives their word.", examples=["Maya Ortiz"])]
    proof: Annotated[
        Words,
        Meta(
            description="What they saw: an `https://` link, `file:PATH` seen from this file, or a `sha256:` digest.",
            examples=["file:vault.png"],
        ),
    ]
    until: Annotated[date, Meta(description="The last day it counts.", examples=["2027-02-01"])]


class WaiverTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A known failure that somebody answers for until a day. It still shows."""

    check: Annotated[Words, Meta(description="Id of the check.", examples=["text-uncompressed"])]
    subject: Annotated[
        str, Meta(description="Id of the one thing it is for; empty means all.", examples=["host:app.example.com"])
    ] = ""
    reason: Annotated[Words, Meta(description="Why it may stay so.", examples=["the provider mends it in March"])]
    owner: Annotated[Words, Meta(description="Who answers for it.", examples=["Maya Ortiz"])]
    until: Annotated[date, Meta(description="The last day it counts.", examples=["2027-02-01"])]


class DeployTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The commands of your own that release the product and bring the former release back."""

    deploy: Annotated[
        CommandLine,
        Meta(
            description="Releases the commit in `LAUNCHREADY_COMMIT`; in a list, `{commit}` stands for it.",
            examples=["fly deploy --image-label $LAUNCHREADY_COMMIT"],
            extra=COMMAND,
        ),
    ]
    rollback: Annotated[
        CommandLine,
        Meta(
            description="Brings the commit in `LAUNCHREADY_COMMIT` back, which was live before.",
            examples=["./release.sh back $LAUNCHREADY_COMMIT"],
            extra=COMMAND,
        ),
    ]
    migrate_check: Annotated[
        CommandLine | None,
        Meta(
            description="Ends with 0 where the data can go back with the code, with anything else where they can't.",
            examples=["python manage.py migrate --plan | ./only-reversible.sh"],
            extra=COMMAND,
        ),
    ] = None
    manifest: Annotated[
        CommandLine | None,
        Meta(
            description="Prints mode, size, SHA-256 and path of every file that runs on the host.",
            examples=["ssh app.example.com ./manifest.sh"],
            extra=COMMAND,
        ),
    ] = None
    folder: Annotated[
        Words | None,
        Meta(description="The folder that runs, where the host is this machine.", examples=["/srv/app/current"]),
    ] = None
    written: Annotated[
        tuple[Words, ...],
        Meta(description="Patterns of files that the product writes itself while it runs.", examples=[["*.sqlite3"]]),
    ] = ()
    reversible: Annotated[
        bool, Meta(description="Whether data written by a new release can be read by the one before.")
    ] = True
    clean: Annotated[
        bool, Meta(description="Whether gates and deploy run in a fresh copy of the commit, and not in your folder.")
    ] = True
    command_minutes: Annotated[
        int, Meta(ge=1, le=MAX_COMMAND_MINUTES, description="Minutes that each command may take.", examples=[15])
    ] = 15
    healthy_within_s: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_HEALTHY_S,
            description="Seconds within which a release has to answer well, or the former one is brought back.",
            examples=[120],
        ),
    ] = 120
    rehearsal_days: Annotated[
        int,
        Meta(ge=1, le=MAX_REHEARSAL_DAYS, description="Days that a rehearsed way back counts.", examples=[90]),
    ] = 90


class GateTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What has to be green before a release: a command that is run, a report that is read, or both."""

    name: Annotated[Words, Meta(description="A short name for it.", examples=["tests"])]
    command: Annotated[
        CommandLine | None,
        Meta(description="Ends with 0 where all is well.", examples=["make test"], extra=COMMAND),
    ] = None
    report: Annotated[
        Words | None,
        Meta(
            description="A JUnit file. It has to show a test that ran and none that failed, and be of this commit.",
            examples=["reports/tests.xml"],
        ),
    ] = None
    max_age_minutes: Annotated[
        int,
        Meta(ge=1, le=MAX_GATE_MINUTES, description="Minutes that the report counts.", examples=[60]),
    ] = 60


class BuildTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How the product is built and started from a clean clone, for `launchready build`; an audit runs none of it."""

    build: Annotated[
        CommandLine,
        Meta(
            description="Installs what is needed and builds, in a fresh clone of the commit.",
            examples=["npm ci && npm run build"],
            extra=COMMAND,
        ),
    ]
    test: Annotated[
        CommandLine | None,
        Meta(description="Ends with 0 where all tests pass.", examples=["npm test"], extra=COMMAND),
    ] = None
    start: Annotated[
        CommandLine | None,
        Meta(
            description="Starts what was built, to see whether it stops where a variable is missing or malformed.",
            examples=["node dist/server.js"],
            extra=COMMAND,
        ),
    ] = None
    output: Annotated[
        tuple[Words, ...],
        Meta(description="What the build makes and what ships: folders or files.", examples=[["dist"]]),
    ] = ()
    settings: Annotated[
        tuple[Words, ...],
        Meta(
            description="Variables with fixed values that are no secrets. All others come from [[environment]].",
            examples=[["NODE_ENV=production"]],
        ),
    ] = ()
    network: Annotated[
        bool, Meta(description="Whether the build may use the network, as for a registry of packages.")
    ] = False
    read: Annotated[
        tuple[Words, ...],
        Meta(description="Folders outside the system's own that the build may read.", examples=[["/opt/node"]]),
    ] = ()
    minutes: Annotated[
        int, Meta(ge=1, le=MAX_COMMAND_MINUTES, description="Minutes that each command may take.", examples=[15])
    ] = 15
    start_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_START_S,
            description="Seconds after which a start that goes on counts as one that did not stop.",
            examples=[10],
        ),
    ] = 10
    record_days: Annotated[
        int, Meta(ge=1, le=MAX_RECORD_DAYS, description="Days that a build counts.", examples=[30])
    ] = 30


class Document(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What the owner of a product wants to be true of it."""

    product: ProductTable
    hosts: tuple[HostTable, ...]
    ownership: OwnershipTable | None = None
    senders: tuple[SenderTable, ...] = ()
    endpoints: tuple[EndpointTable, ...] = ()
    links: tuple[LinkTable, ...] = ()
    contacts: tuple[ContactTable, ...] = ()
    repository: RepositoryTable | None = None
    environment: tuple[EnvironmentTable, ...] = ()
    journeys: tuple[JourneyTable, ...] = ()
    attestations: tuple[AttestationTable, ...] = ()
    waivers: tuple[WaiverTable, ...] = ()
    names: tuple[NameTable, ...] = ()
    deploy: DeployTable | None = None
    gates: tuple[GateTable, ...] = ()
    build: BuildTable | None = None
    chat: ChatTable | None = None
    logs: LogsTable | None = None
