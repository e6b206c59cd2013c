"""What to say of a received message, line by line. Pure."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.received_mail import MailSeen, MessageLine, Standing
from launchready.parse.rfc6376_verify import DkimResult
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc8058 import OneClickFault
from launchready.parse.rfc9989 import Policy
from launchready.parse.rfc9989_evaluate import DmarcResult

BAD_SPF: Final = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.PERMERROR})

HOSTS_SHOWN: Final = 10
"""Hosts that a line names."""


def lines_of(mail: MailSeen, own: tuple[str, ...] = ()) -> tuple[MessageLine, ...]:
    """The judgement of a message: who it is from first, what it says last.

    Args:
        mail: The message.
        own: The product's domains; empty where nobody says which product it is of.
    """
    names = (*_brand(mail, own), *_names(mail))
    return (_origin(mail), _spf(mail), *_signatures(mail), _dmarc(mail), *names, _unsubscribe(mail), *_text(mail))


def _brand(mail: MailSeen, own: tuple[str, ...]) -> Iterator[MessageLine]:
    """Whether From is a name that the reader knows."""
    if own and not any(f".{mail.from_domain}".endswith(f".{domain}") for domain in own):
        do = f"Send from an address at {' or '.join(own)}"
        yield MessageLine("Brand", Standing.BAD, f"From is {mail.from_domain}, which is none of your domains", do)


def _origin(mail: MailSeen) -> MessageLine:
    if mail.is_tied:
        how = [*(f"a signature of {domain}" for domain in mail.signed_for)]
        how += (
            [f"the envelope of {mail.spf.domain}"] if mail.is_spf_related and mail.spf.result is SpfResult.PASS else []
        )
        return MessageLine("Sender", Standing.GOOD, f"It is from {mail.from_domain}, shown by {' and '.join(how)}")
    if mail.is_open:
        words = f"Whether it is from {mail.from_domain} can't be told: {mail.spf.reason or 'a part was not answered'}"
        return MessageLine(
            "Sender", Standing.UNKNOWN, words, "Say where it came from: --ip ADDRESS --mail-from ADDRESS"
        )
    do = f"Verify {mail.from_domain} at the service that sends, so that it signs for it"
    return MessageLine("Sender", Standing.BLOCKER, f"Nothing shows that it is from {mail.from_domain}", do)


def _spf(mail: MailSeen) -> MessageLine:
    spf = mail.spf
    if spf.result is None or spf.result is SpfResult.TEMPERROR:
        return MessageLine("SPF", Standing.UNKNOWN, spf.reason)
    said = f"{spf.result.value} for {spf.domain} from {spf.came_from} (by {spf.taken_from}): {spf.reason}"
    if spf.result is SpfResult.PASS and not mail.is_spf_related:
        said += f"; it does not speak for {mail.from_domain}"
    standing = Standing.BAD if spf.result in BAD_SPF else Standing.NOTE
    standing = Standing.GOOD if spf.result is SpfResult.PASS else standing
    if standing is not Standing.BAD:
        return MessageLine("SPF", standing, said)
    is_broken = spf.result is SpfResult.PERMERROR
    record = f"the SPF record of {spf.domain}"
    return MessageLine("SPF", standing, said, f"Mend {record}" if is_broken else f"Let {spf.came_from} in by {record}")


def _signatures(mail: MailSeen) -> Iterator[MessageLine]:
    if not mail.signatures:
        do = f"Have the service that sends sign for {mail.from_domain}"
        yield MessageLine("DKIM", Standing.BAD, "It carries no signature", do)
    for one in mail.signatures:
        said = f"{one.result.value} for {one.domain or 'nobody'} ({one.selector or 'no selector'}): {one.reason}"
        if not one.is_related:
            said += f"; it does not speak for {mail.from_domain}"
        yield MessageLine("DKIM", _standing(one.result, is_needed=one.is_related and not mail.signed_for), said)


def _standing(result: DkimResult, *, is_needed: bool) -> Standing:
    if result is DkimResult.PASS:
        return Standing.GOOD
    if result is DkimResult.TEMPERROR:
        return Standing.UNKNOWN
    return Standing.BAD if is_needed else Standing.NOTE


def _dmarc(mail: MailSeen) -> MessageLine:
    dmarc = mail.dmarc
    if DmarcResult.TEMPERROR in {dmarc.result, dmarc.older_result}:
        return MessageLine("DMARC", Standing.UNKNOWN, "a record could not be looked up")
    if not dmarc.found_at:
        name = f"_dmarc.{mail.from_domain}"
        paste = f'{name}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{mail.from_domain}"'
        return MessageLine("DMARC", Standing.BAD, f"no record for {mail.from_domain}", f"Add this at {name}", paste)
    policy = dmarc.policy.value if dmarc.policy else Policy.NONE.value
    said = f"{dmarc.result.value} (p={policy}, found at _dmarc.{dmarc.found_at})"
    if dmarc.older_result is not dmarc.result:
        said += f"; receivers of the older standard (RFC 7489) say {dmarc.older_result.value}"
    if dmarc.result is DmarcResult.FAIL and mail.is_open:
        return MessageLine("DMARC", Standing.UNKNOWN, f"{said}, as far as the message tells")
    failed = DmarcResult.FAIL in {dmarc.result, dmarc.older_result}
    return MessageLine("DMARC", Standing.BAD if failed else Standing.GOOD, said)


def _names(mail: MailSeen) -> Iterator[MessageLine]:
    """Whether readers see one name: no "via", and replies that come back to it."""
    if mail.reply_domain and not _is_near(mail.reply_domain, mail.from_domain):
        yield MessageLine("Replies", Standing.NOTE, f"go to {mail.reply_domain}, and From is {mail.from_domain}")
    if mail.return_domain and not _is_near(mail.return_domain, mail.from_domain):
        via = "" if mail.signed_for else '; without a signature of the domain in From, readers see a "via" beside it'
        yield MessageLine("Envelope", Standing.NOTE if mail.signed_for else Standing.BAD, mail.return_domain + via)


def _is_near(one: str, other: str) -> bool:
    """Whether one of two domains lies within the other."""
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")


def _unsubscribe(mail: MailSeen) -> MessageLine:
    if not mail.one_click_faults:
        return MessageLine("Unsubscribe", Standing.GOOD, "one click is enough (RFC 8058)")
    if mail.one_click_faults[0] is OneClickFault.NO_LIST_UNSUBSCRIBE:
        words = "not offered: right for a confirmation or a receipt, and refused by Gmail and Yahoo for newsletters"
        return MessageLine("Unsubscribe", Standing.NOTE, words)
    faults = "; ".join(fault.value for fault in mail.one_click_faults)
    do = "Newsletters need both headers, signed"
    paste = "List-Unsubscribe: <https://example.com/unsubscribe/KEY>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"
    return MessageLine("Unsubscribe", Standing.BAD, f"no single click: {faults}", do, paste)


def _text(mail: MailSeen) -> Iterator[MessageLine]:
    if mail.stray_hosts:
        hosts = ", ".join(mail.stray_hosts[:HOSTS_SHOWN])
        yield MessageLine("Links", Standing.NOTE, f"lead away from {mail.from_domain}: {hosts}")
    elif mail.link_hosts:
        yield MessageLine("Links", Standing.GOOD, f"all stay with {mail.from_domain}")
    if mail.placeholders:
        texts = ", ".join(mail.placeholders[:HOSTS_SHOWN])
        yield MessageLine("Text", Standing.BAD, f"a template left its variables: {texts}", "Mend the template")
