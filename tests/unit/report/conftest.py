"""One verdict of each kind, as literal values."""

from datetime import UTC, date, datetime

import pytest

from launchready.model.check import (
    Check,
    Confidence,
    Cost,
    Fail,
    Fix,
    Fixer,
    Impact,
    Layer,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Pass,
)
from launchready.model.evidence import Evidence, QuestionCount, RequestCount
from launchready.model.product import Product, Waiver
from launchready.model.reading import Why
from launchready.model.subject import Domain, Host
from launchready.model.verdict import Decision, Deliverable, Finding, Result, Row, RowState, Stage, Verdict

AT = datetime(2026, 5, 3, 9, 12, tzinfo=UTC)
UNTIL = datetime(2026, 5, 4, 9, 12, tzinfo=UTC)


def a_check(id: str, title: str, **fields) -> Check:  # noqa: A002 - as the model calls it
    """A check with everything that a reader needs; `fields` replace the defaults."""
    values = {
        "impact": Impact.BLOCKER,
        "confidence": Confidence.CERTAIN,
        "layer": Layer.DOMAIN,
        "why_it_matters": "The first click of every campaign ends here.\n\nNobody tries a second time.",
        "how_to_fix": "Change it where the name is managed.",
        "customer_sees": "A warning page instead of your offer.",
        "costs": (Cost.LEADS, Cost.AD_SPEND),
        "fixer": Fixer.OWNER,
        "minutes": 10,
        "sources": ("https://www.rfc-editor.org/rfc/rfc9110#section-15.4",),
        "explains": (),
        "about": Host,
    } | fields
    return Check(id=id, title=title, ask=None, parameters=(), when="", topic="topic", **values)


CERTIFICATE = a_check(
    "certificate-expired",
    "The certificate is valid today.",
    layer=Layer.TLS,
    fixer=Fixer.ENGINEER,
    minutes=30,
    customer_sees="A full-page warning that your site is not safe. Almost everybody leaves.",
    sources=("https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",),
)
LOOP = a_check(
    "redirect-loop",
    "Redirects come to an end.",
    layer=Layer.REDIRECTS,
    customer_sees="“This page does not work. www.brightpath.example redirected you too many times.”",
    explains=("certificate-overdue",),
)
OVERDUE = a_check("certificate-overdue", "The certificate renews itself in time.", impact=Impact.MAJOR)
LEAK = a_check(
    "provider-key-leaked",
    "No provider key was ever committed.",
    layer=Layer.SECRETS,
    fixer=Fixer.ENGINEER,
    minutes=120,
    customer_sees="Nothing, until a stranger spends your model budget and the chat goes quiet.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
)
DMARC = a_check(
    "dmarc-missing",
    "DMARC tells receivers what to do with forged mail.",
    impact=Impact.MAJOR,
    layer=Layer.MAIL,
    about=Domain,
    customer_sees="Your sign-up mail lands in the spam folder.",
    sources=("https://www.rfc-editor.org/rfc/rfc7489#section-6.3",),
)
SLOW = a_check(
    "answer-slow",
    "The core endpoints answer within their budget.",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    layer=Layer.SPEED,
    fixer=Fixer.ENGINEER,
    minutes=240,
)
CACHE = a_check("asset-uncached", "Assets are cached for long.", impact=Impact.MAJOR, layer=Layer.SPEED)
META = a_check("share-card-missing", "A shared link shows a card.", impact=Impact.MINOR, layer=Layer.WEB)
VAULT = a_check("vault-unused", "Secrets live in a vault.", layer=Layer.SECRETS)
JOURNEY = a_check("first-answer-missing", "A new customer gets a first answer.", layer=Layer.JOURNEYS)
BURST = a_check("burst-unlimited", "A burst of requests is slowed down.", layer=Layer.EDGE)


def failed(check: Check, subject: str, offender: str, do: str, paste: str = "", waiver: Waiver | None = None) -> Result:
    return Result(check, subject, Fail((offender,), Fix(do, paste)), waiver)


def finding(*results: Result, explained: tuple[Finding, ...] = ()) -> Finding:
    return Finding(results[0].check, results[0].check.impact, results, explained)


WAIVER = Waiver("asset-uncached", "We move to the new host next week.", "Ana Ruiz", date(2026, 5, 20))

FINDINGS = (
    finding(
        failed(
            CERTIFICATE,
            "host:app.brightpath.example",
            "not after 1 May 2026, 00:00 UTC",
            "Renew the certificate, and let the renewal run by itself.",
            "certbot renew --cert-name app.brightpath.example\nsystemctl enable --now certbot.timer",
        )
    ),
    finding(
        failed(
            LOOP,
            "host:www.brightpath.example",
            "https://www.brightpath.example/ → http://www.brightpath.example/ → https://www.brightpath.example/",
            "In Cloudflare, open SSL/TLS and choose Full (strict).",
        ),
        explained=(finding(failed(OVERDUE, "host:www.brightpath.example", "no renewal seen", "Renew it.")),),
    ),
    finding(
        failed(
            LEAK,
            "repository",
            "src/config.ts in commit 3f9a2c1",
            "Revoke the key at the provider, make a new one.",
        )
    ),
    finding(
        failed(
            DMARC,
            "domain:brightpath.example",
            "no TXT record at _dmarc.brightpath.example",
            "Add this TXT record where your domain is managed.",
            "_dmarc.brightpath.example.  TXT  v=DMARC1; p=none; rua=mailto:dmarc@brightpath.example",
        ),
        failed(
            DMARC,
            "domain:brightpath-mail.example",
            "no TXT record at _dmarc.brightpath-mail.example",
            "Add this TXT record where your domain is managed.",
            "_dmarc.brightpath-mail.example.  TXT  v=DMARC1; p=none; rua=mailto:dmarc@brightpath.example",
        ),
    ),
    finding(
        failed(
            SLOW,
            "endpoint:https://app.brightpath.example/api/chat",
            "p95 4.2 s, budget 1.5 s",
            "Answer the first words before the whole answer is ready.",
        )
    ),
    finding(
        failed(
            CACHE,
            "host:app.brightpath.example",
            "/assets/app.4f2c.js: no Cache-Control",
            "Send this header with the built assets.",
            "Cache-Control: public, max-age=31536000, immutable",
            WAIVER,
        )
    ),
    finding(failed(META, "host:www.brightpath.example", "no og:image", "Add a share image.")),
)

OWN = "Run `launchready own brightpath.example` and add the two lines that it prints."
UNKNOWN = (
    Result(
        BURST, "host:app.brightpath.example", NotMeasured(Why.NOT_PERMITTED, "bursts are sent to owners' hosts", OWN)
    ),
    Result(
        BURST, "host:www.brightpath.example", NotMeasured(Why.NOT_PERMITTED, "bursts are sent to owners' hosts", OWN)
    ),
    Result(
        JOURNEY,
        "product",
        NotMeasured(Why.NOT_DECLARED, "no journey", "Declare a [[journeys]] table to have this answered."),
    ),
)
OTHERS = (
    Result(META, "host:app.brightpath.example", Pass()),
    Result(JOURNEY, "journey:trial", NotApplicable("the product has no chat")),
    Result(VAULT, "product", OnYourWord("Ana Ruiz", "https://proof.example/vault", date(2026, 8, 1))),
)

ROW_TEXTS = (
    (
        "Domain resolves and certificate is valid.",
        RowState.FAILED,
        "The certificate of app.brightpath.example is old.",
    ),
    ("HTTP redirects are correct.", RowState.FAILED, "www.brightpath.example redirects to itself."),
    ("Mail can be delivered.", RowState.PROVEN, ""),
    ("Subdomains are separated by purpose.", RowState.PROVEN, ""),
    ("Secrets are stored safely.", RowState.ATTESTED, "Ana Ruiz, until 1 Aug 2026."),
    ("Rate limits protect the chat.", RowState.NOT_MEASURED, "This look needs proof that the product is yours."),
    ("Alerts reach a person.", RowState.NOT_YET_CHECKABLE, "No check asks this yet."),
)


def a_verdict(decision: Decision, sentence: str, next_step: str, **fields) -> Verdict:
    values = {
        "at": AT,
        "holds_until": UNTIL,
        "product": "Bright Path Coaching",
        "rows": tuple(Row(f"M{n}", *row) for n, row in enumerate(ROW_TEXTS, start=1)),
        "stages": STAGES,
        "findings": FINDINGS,
        "results": tuple(r for f in FINDINGS for r in f.results) + UNKNOWN + OTHERS,
    } | fields
    return Verdict(decision=decision, sentence=sentence, next_step=next_step, **values)


STAGES = (
    Stage(
        1,
        "Foundation",
        "Every name leads to the right place, safely.",
        (
            Deliverable("The domain resolves.", RowState.PROVEN, ""),
            Deliverable("The certificate is valid.", RowState.FAILED, "It expired on 1 May 2026."),
        ),
    ),
    Stage(2, "Edge", "Visitors arrive once, and fast.", (Deliverable("Redirects end.", RowState.PROVEN, ""),)),
    Stage(
        3,
        "Delivery",
        "A release can be made and taken back.",
        (Deliverable("Rollback was tried.", RowState.NOT_YET_CHECKABLE, "No check asks this yet."),),
    ),
)


@pytest.fixture
def evidence() -> Evidence:
    product = Product("Bright Path Coaching", (), (), has_file=True)
    return Evidence(
        tool="launchready 0.1.0",
        at=AT,
        product=product,
        entries=(),
        resolvers=("192.0.2.53",),
        seen_through=("a connect map",),
        requests=(RequestCount("app.brightpath.example", 41), RequestCount("www.brightpath.example", 12)),
        questions=(QuestionCount("192.0.2.53", 11), QuestionCount("203.0.113.2", 7)),
    )


@pytest.fixture
def no_go() -> Verdict:
    return a_verdict(
        Decision.NO_GO,
        "Do not send paid traffic yet: 3 things would lose customers, 3 could not be checked.",
        "Renew the certificate of app.brightpath.example.",
    )


@pytest.fixture
def undetermined() -> Verdict:
    return a_verdict(
        Decision.UNDETERMINED,
        "Not known yet: nothing is broken that we could see, but 2 things could not be checked.",
        "Run `launchready own brightpath.example` and add the two lines that it prints.",
        findings=(),
        results=UNKNOWN + OTHERS,
        rows=tuple(
            Row(f"M{n}", text, RowState.PROVEN if state is RowState.FAILED else state, note)
            for n, (text, state, note) in enumerate(ROW_TEXTS, start=1)
        ),
    )


@pytest.fixture
def go() -> Verdict:
    return a_verdict(
        Decision.GO,
        "Go: send paid traffic. 1 thing is on your word.",
        "Start the watcher, so that the answer stays true.",
        findings=(),
        results=OTHERS,
        rows=tuple(Row(f"M{n}", text, RowState.PROVEN, "") for n, (text, _, _) in enumerate(ROW_TEXTS, start=1)),
    )
