"""The sign-up mail as it arrives."""

import email
import email.utils
import itertools
import re

from looking import COMPANY

from launchready_worlds.addresses import DOMAIN

_VISITORS = itertools.count()


def _signup_mail(world):
    """The mail that a new visitor gets who signs up."""
    return world.mail_after_sign_up(f"look{next(_VISITORS)}")


def _signs(letter):
    """For whom a mail is signed, whose envelope it has, and who it is from."""
    read = email.message_from_string(letter)
    signature = re.search(r"\bd=([a-z.]+)", read.get("DKIM-Signature", ""))
    envelope = read.get("Return-Path", "").strip("<>").rpartition("@")[2]
    return signature and signature[1], envelope, email.utils.parseaddr(read.get("From", ""))[1].rpartition("@")[2]


def _scanned(letter):
    """The same of a mail that somebody added a line to."""
    return _signs(letter) if "Scanned by your friendly firewall" in letter else ()


LOOKS = {
    "signup-mail-unsigned": lambda w: _signs(_signup_mail(w)) == (None, COMPANY, DOMAIN),
    "signup-mail-signed-by-a-stranger": lambda w: _signs(_signup_mail(w)) == (COMPANY, COMPANY, DOMAIN),
    "signup-mail-changed-on-the-way": lambda w: _scanned(_signup_mail(w)) == (DOMAIN, COMPANY, DOMAIN),
    "signup-mail-key-unanswered": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "signup-mail-swallowed": lambda w: w.mail_after_sign_up("gone", 0.5) == "",
    "signup-mail-signed-with-foreign-envelope": lambda w: _signs(_signup_mail(w)) == (DOMAIN, COMPANY, DOMAIN),
    "signup-mail-known-by-envelope-alone": lambda w: _scanned(_signup_mail(w)) == (DOMAIN, DOMAIN, DOMAIN),
    "signup-mail-from-a-shared-sender": lambda w: _signs(_signup_mail(w)) == (COMPANY, COMPANY, COMPANY),
    "signup-mail-from-a-name-below": lambda w: _signs(_signup_mail(w))[2] == f"send.{DOMAIN}",
}
