"""The mail server, as a caller meets it, and what is promised about it."""

import smtplib
import ssl

from looking import COMPANY, quiet_port, slammed_port

from launchready_worlds.addresses import DOMAIN, EDGE, MAIL_EXCHANGE

EXCHANGE = f"mx.{COMPANY}"


def _smtp(world, look):
    """What a caller learns from the mail server."""
    host, port = world.address(MAIL_EXCHANGE, 25)
    with smtplib.SMTP(host, port, local_hostname="caller.example", timeout=2) as caller:
        caller.ehlo()
        return look(caller)


def _starttls(world):
    """Why a careful sender would refuse the mail server's certificate; empty when it would not."""

    def shake(caller):
        caller._host = EXCHANGE  # the name that the certificate must be for
        try:
            caller.starttls(context=world.trust())
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        return ""

    return _smtp(world, shake)


def _certificate_names(world):
    def shake(caller):
        caller._host = EXCHANGE
        caller.starttls(context=world.trust())
        return [name for _, name in caller.sock.getpeercert()["subjectAltName"]]

    return _smtp(world, shake)


def _policy(world):
    """The MTA-STS policy with its status; nothing where the host is not in DNS."""
    if world.records(f"mta-sts.{DOMAIN}", "A") != [EDGE]:
        return 0, ""
    answer = world.get(f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt", ip=EDGE)
    return answer.status, answer.text


def _reverse(world):
    return world.records(f"{MAIL_EXCHANGE.rpartition('.')[2]}.113.0.203.in-addr.arpa", "PTR")


LOOKS = {
    "mailbox-without-encryption": lambda w: not _smtp(w, lambda caller: caller.has_extn("starttls")),
    "mailbox-certificate-expired": lambda w: _starttls(w) == "certificate has expired",
    "mail-port-blocked": lambda w: quiet_port(w, MAIL_EXCHANGE, 25),
    "mail-port-refused": lambda w: slammed_port(w, MAIL_EXCHANGE, 25),
    "mailbox-certificate-for-all-of-a-domain": lambda w: _certificate_names(w) == [f"*.{COMPANY}"],
    "mail-servers-promised": lambda w: f"enforce\nmx: {EXCHANGE}\nmax_age" in _policy(w)[1],
    "mail-servers-moved-away": lambda w: "enforce\nmx: mx1.oldmail.example" in _policy(w)[1],
    "mail-promise-not-served": lambda w: _policy(w)[0] == 404,
    "mail-promise-without-host": lambda w: (
        w.records(f"_mta-sts.{DOMAIN}", "TXT")[0].startswith('"v=STSv1') and _policy(w)[0] == 0
    ),
    "mail-promise-leaves-one-out": lambda w: len(w.records(DOMAIN, "MX")) == 2 and _policy(w)[0] == 200,
    "mail-promise-unanswered": lambda w: w.records(f"_mta-sts.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "mail-servers-promised-by-pattern": lambda w: "*.PostMail.example" in _policy(w)[1],
    "mail-promise-on-trial": lambda w: "mode: testing" in _policy(w)[1],
    "mail-promise-without-reports": lambda w: "rua=tls-reports" in w.records(f"_smtp._tls.{DOMAIN}", "TXT")[0],
    "mail-reports-unanswered": lambda w: w.records(f"_smtp._tls.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "mail-reports-to-a-page": lambda w: len(w.records(f"_smtp._tls.{DOMAIN}", "TXT")) == 2,
    "sender-without-name": lambda w: _reverse(w) == ["NXDOMAIN"],
    "sender-name-leads-elsewhere": lambda w: _reverse(w) == [f"{DOMAIN}."],
    "sender-name-unanswered": lambda w: _reverse(w) == ["SERVFAIL"],
    "sender-with-two-names": lambda w: len(_reverse(w)) == 2,
}
