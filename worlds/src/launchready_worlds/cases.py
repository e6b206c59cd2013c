"""The cases of the selftest: each check in the good world, and in every situation that says something about it.

What is expected stands with each situation, under `faults`; here stands what is true of the good world.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from launchready_worlds.faults import Fault, Kind, Outcome, all_faults
from launchready_worlds.subjects import (
    BUSINESS,
    CHAT,
    ENVIRONMENT,
    HEALTH,
    HOST_APEX,
    HOST_APP,
    HOST_WWW,
    HOSTS,
    JOURNEY,
    LINK,
    LOGIN,
    PAGE,
    PRODUCT,
    READY,
    REPOSITORY,
)

PAGE_HOSTS = (HOST_APEX, HOST_APP)
"""Hosts with a front page; www only redirects, so a check may find that it does not apply there."""

GOOD: Final[Mapping[str, tuple[str, ...]]] = {
    "domain-unresolved": HOSTS,
    "host-address-undeclared": HOSTS,
    "nameservers-disagree": (BUSINESS,),
    "delegation-differs": (BUSINESS,),
    "apex-alias": (BUSINESS,),
    "dnssec-broken": (),
    "alias-dangling": HOSTS,
    "takeover-possible": HOSTS,
    "forgotten-name-claimable": (BUSINESS,),
    "host-name-doubled": HOSTS,
    "name-doubled": (BUSINESS,),
    "wildcard-hides-missing": HOSTS,
    "name-undeclared": (BUSINESS,),
    "https-record-differs": (),
    "dns-change-ttl-long": (),
    "domain-expires-soon": (BUSINESS,),
    "certificate-untrusted": HOSTS,
    "certificate-renewal-overdue": HOSTS,
    "caa-forbids-renewal": HOSTS,
    "renewal-blocked": HOSTS,
    "renewal-behind-proxy": (),
    "hsts-missing": PAGE_HOSTS,
    "hsts-breaks-host": (HOST_WWW, HOST_APP),
    "hsts-preload-unready": (),
    "tls-version-old": HOSTS,
    "redirect-loop": HOSTS,
    "redirect-not-canonical": HOSTS,
    "redirect-loses-query": HOSTS,
    "redirect-temporary": HOSTS,
    "edge-origin-loop": HOSTS,
    "redirect-chain-long": HOSTS,
    "open-redirect": HOSTS,
    "webhook-redirected": (),
    "post-redirected": (),
    "www-and-apex-both-answer": (BUSINESS,),
    "canonical-contradicts": PAGE_HOSTS,
    "duplicate-pages": PAGE_HOSTS,
    "hosts-show-same-page": (PRODUCT,),
    "plain-http-served": HOSTS,
    "mixed-content": PAGE_HOSTS,
    "script-calls-plain-http": PAGE_HOSTS,
    "session-cookie-shared": PAGE_HOSTS,
    "cookie-refused": PAGE_HOSTS,
    "login-cookie-shared": (JOURNEY,),
    "login-cookie-weak": (JOURNEY,),
    "session-cookie-weak": (),
    "session-lost-across-sites": (),
    "cors-lets-strangers-in": HOSTS,
    "cors-any-origin": (HOST_APP,),
    "cors-blocks-own-app": (),
    "cors-missing-on-errors": (),
    "cors-vary-missing": HOSTS,
    "host-serves-other-purpose": (),
    "debug-mode-on": HOSTS,
    "stack-trace-shown": HOSTS,
    "csp-ineffective": PAGE_HOSTS,
    "csp-blocks-own-page": PAGE_HOSTS,
    "framing-allowed": (HOST_APP,),
    "guards-missing": (HOST_APP,),
    "headers-missing-on-errors": PAGE_HOSTS,
    "spf-missing": (BUSINESS,),
    "spf-invalid": (BUSINESS,),
    "spf-allows-everyone": (BUSINESS,),
    "spf-sender-refused": (BUSINESS,),
    "bounce-domain-without-spf": (),
    "dkim-key-unusable": (BUSINESS,),
    "dkim-key-short": (BUSINESS,),
    "dkim-testing": (BUSINESS,),
    "dmarc-missing": (BUSINESS,),
    "dmarc-sender-unaligned": (BUSINESS,),
    "dmarc-receivers-differ": (BUSINESS,),
    "dmarc-policy-none": (BUSINESS,),
    "dmarc-reports-unauthorised": (),
    "sender-undeclared": (BUSINESS,),
    "received-mail-unauthenticated": (JOURNEY,),
    "received-mail-off-brand": (JOURNEY,),
    "mail-exchange-insecure": (PRODUCT,),
    "mta-sts-contradicts-mx": (),
    "mta-sts-unfit": (),
    "tls-reports-missing": (),
    "sender-address-without-name": (BUSINESS,),
    "leaked-key-in-history": (REPOSITORY,),
    "possible-key-in-history": (REPOSITORY,),
    "uncommitted-key-in-code": (REPOSITORY,),
    "key-in-build-output": (REPOSITORY,),
    "key-behind-public-name": (REPOSITORY,),
    "env-file-tracked": (REPOSITORY,),
    "secret-served-to-browsers": PAGE_HOSTS,
    "secret-in-source-map": (),
    "one-key-in-code-and-page": (PRODUCT,),
    "deployed-commit-differs": (PRODUCT,),
    "rollback-unproven": (PRODUCT,),
    "release-not-repeatable": (PRODUCT,),
    "release-drifted": (PRODUCT,),
    "deploy-records-missing": (PRODUCT,),
    "variable-missing": (ENVIRONMENT,),
    "variable-malformed": (ENVIRONMENT,),
    "environment-report-open": (ENVIRONMENT,),
    "variable-undeclared": (REPOSITORY,),
    "secret-in-public-variable": (REPOSITORY,),
    "env-example-outdated": (REPOSITORY,),
    "build-not-clean": (REPOSITORY,),
    "build-not-repeatable": (REPOSITORY,),
    "secret-baked-into-build": (REPOSITORY,),
    "setting-baked-into-build": (REPOSITORY,),
    "start-ignores-missing-variable": (REPOSITORY,),
    "artefact-exposes-files": (REPOSITORY,),
    "artefact-leaks": (REPOSITORY,),
    "artefact-untidy": (REPOSITORY,),
    "text-uncompressed": PAGE_HOSTS,
    "origin-reachable": (HOST_APP,),
    "machine-challenged": (HEALTH, READY),
    "noindex-left-on": (HOST_APEX,),
    "page-broken": (HOST_APEX,),
    "preview-protection-on": PAGE_HOSTS,
    "placeholder-page": PAGE_HOSTS,
    "security-txt-missing": PAGE_HOSTS,
    "security-txt-expired": PAGE_HOSTS,
    "privacy-page-unlinked": (HOST_APEX,),
    "secret-file-exposed": HOSTS,
    "directory-listing": HOSTS,
    "api-docs-exposed": HOSTS,
    "source-map-exposed": PAGE_HOSTS,
    "compression-broken": PAGE_HOSTS,
    "compression-unvaried": PAGE_HOSTS,
    "stream-compressed": (),
    "hashed-asset-uncached": PAGE_HOSTS,
    "html-cached-too-long": PAGE_HOSTS,
    "revalidation-broken": PAGE_HOSTS,
    "set-cookie-cacheable": HOSTS,
    "visitor-page-shared": HOSTS,
    "edge-cache-cold": PAGE_HOSTS,
    "private-response-stored": (JOURNEY,),
    "core-endpoint-slow": (HEALTH, PAGE),
    "visitors-together-fail": (JOURNEY,),
    "health-endpoint-failing": (HEALTH,),
    "dependency-down": (READY,),
    "health-untruthful": (PRODUCT,),
    "signup-journey-broken": (JOURNEY,),
    "verification-link-wrong-host": (JOURNEY,),
    "login-unlimited": (LOGIN,),
    "chat-unlimited": (JOURNEY,),
    "lead-form-unlimited": (PAGE,),
    "signup-unlimited": (JOURNEY,),
    "talk-of-another-customer": (JOURNEY,),
    "session-id-guessable": (JOURNEY,),
    "private-words-in-log": (JOURNEY,),
    "logs-answer-nothing": (JOURNEY,),
    "failed-logins-unrecorded": (JOURNEY,),
    **dict.fromkeys(
        (
            "chat-answer-broken",
            "chat-answer-late",
            "stream-buffered",
            "model-failure-untold",
            "model-failure-hidden",
            "chat-not-recovering",
            "quota-told-as-rate",
            "chat-error-leaks",
            "bad-message-breaks-chat",
            "chat-session-lost",
            "chat-lost-on-restart",
            "repeated-message-doubled",
            "talk-shared",
            "chat-leaks-private-data",
            "chat-tools-unsafe",
            "chat-obeys-strangers",
            "chat-refuses-customers",
            "chat-answers-unreviewed",
        ),
        (CHAT,),
    ),
    "link-broken": (LINK,),
    "booking-unavailable": (LINK,),
    "link-loses-parameters": (),
    "ad-link-over-http": (),
    "link-over-http": (LINK,),
    "link-begins-over-http": (LINK,),
    "page-links-dead-host": HOSTS,
    "support-mailbox-unreachable": (PRODUCT,),
}
"""Subjects that pass in the good world, by check. `secrets-outside-vault` never passes: a person's word is needed."""

ONLY_ATTESTED: Final = "secrets-outside-vault"
CHECKS: Final = (*GOOD, ONLY_ATTESTED)

SLOW_CHECKS: Final = frozenset(
    {
        "core-endpoint-slow",
        "visitors-together-fail",
        "health-untruthful",
        "signup-journey-broken",
        "private-response-stored",
        "verification-link-wrong-host",
        "received-mail-unauthenticated",
        "received-mail-off-brand",
        "login-unlimited",
        "chat-unlimited",
        "lead-form-unlimited",
        "signup-unlimited",
        "talk-of-another-customer",
        "session-id-guessable",
        "private-words-in-log",
        "logs-answer-nothing",
        "failed-logins-unrecorded",
        "login-cookie-shared",
        "login-cookie-weak",
    }
)
SLOW_PATIENCE_S: Final = 60.0
"""For looks that take many steps: 200 requests, ten visitors, a mail that never comes."""
PATIENCE_S: Final = 10.0
"""For all others; they take hundredths, so only a stuck look gets here."""
BLIND_PATIENCE_S: Final = 1.5
"""Where a time-out is what is to be seen."""


@dataclass(frozen=True, slots=True)
class Case:
    """One check asked in one situation.

    Attributes:
        check: Its id.
        kind: What the case is for.
        situation: Name of what is put in; empty for the good world.
        expects: The right outcome, by subject.
        may_fail: Other subjects of this check that the situation damages as well.
        patience_s: Seconds each look may take.
    """

    check: str
    kind: Kind
    situation: str
    expects: Mapping[str, Outcome]
    may_fail: tuple[str, ...] = ()
    patience_s: float = PATIENCE_S


def _patience_s(check: str, kind: Kind) -> float:
    if check in SLOW_CHECKS:
        return SLOW_PATIENCE_S
    return BLIND_PATIENCE_S if kind is Kind.BLIND else PATIENCE_S


def _of_situation(entry: Fault) -> Iterator[Case]:
    for check, subjects in entry.expects.items():
        expects = dict.fromkeys(subjects, entry.outcome)
        patience_s = _patience_s(check, entry.kind)
        yield Case(check, entry.kind, entry.name, expects, tuple(entry.implies.get(check, ())), patience_s)


def _good() -> Iterator[Case]:
    for check, subjects in GOOD.items():
        expects = dict.fromkeys(subjects, Outcome.PASS)
        yield Case(check, Kind.GOOD, "", expects, patience_s=_patience_s(check, Kind.GOOD))
    yield Case(ONLY_ATTESTED, Kind.BLIND, "", {PRODUCT: Outcome.NOT_MEASURED})


def all_cases(only: Iterable[str] = ()) -> tuple[Case, ...]:
    """Every case, check by check.

    Args:
        only: Check ids; empty means all.

    Raises:
        UnknownCheckError: There is no such check.
    """
    wanted = tuple(only) or CHECKS
    unknown = [check for check in wanted if check not in CHECKS]
    if unknown:
        raise UnknownCheckError(f"no case is about a check called {unknown[0]!r}; there are: {', '.join(CHECKS)}")
    cases = [*_good(), *(case for entry in all_faults() for case in _of_situation(entry))]
    return tuple(sorted((case for case in cases if case.check in wanted), key=lambda case: CHECKS.index(case.check)))


class UnknownCheckError(Exception):
    """There is no check of that id here; the text says which there are."""
