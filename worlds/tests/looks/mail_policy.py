"""Rules about forged mail, beside the senders that the founder named."""

from looking import has_key

from launchready_worlds.addresses import DOMAIN


def _rule(world, at=f"_dmarc.{DOMAIN}"):
    """The DMARC record at a name, and the sender that the founder named last."""
    return "".join(world.records(at, "TXT")).strip('"'), world.declared()["senders"][-1]["name"]


LOOKS = {
    "newsletter-signs-for-another-name": lambda w: "adkim=s" in _rule(w)[0] and _rule(w)[1] == "Kit",
    "newsletter-unsigned": lambda w: (
        w.records(f"cka._domainkey.{DOMAIN}", "TXT") == ["NXDOMAIN"]
        and _rule(w) == (f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN}", "Kit")
    ),
    "dmarc-unanswered": lambda w: w.records(f"_dmarc.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "newsletter-signs-for-the-domain": lambda w: has_key(w, f"cka._domainkey.{DOMAIN}") and "adkim" not in _rule(w)[0],
    "newsletter-unsigned-and-only-watched": lambda w: "p=none" in _rule(w)[0] and _rule(w)[1] == "Kit",
    "dmarc-for-half-of-the-mail": lambda w: "pct=50" in _rule(w)[0],
    "dmarc-on-trial": lambda w: "t=y" in _rule(w)[0],
    "dmarc-found-by-some": lambda w: "psd=n" in _rule(w, f"_dmarc.news.{DOMAIN}")[0],
    "dmarc-for-all-of-the-mail": lambda w: "pct=100" in _rule(w)[0],
    "dmarc-watches-alone": lambda w: _rule(w) == (f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}", "Postmark"),
    "dmarc-watches-subdomains-alone": lambda w: "sp=none" in _rule(w)[0],
    "dmarc-reports-to-a-stranger": lambda w: (
        "reports@inbox.example" in _rule(w)[0]
        and w.records(f"{DOMAIN}._report._dmarc.inbox.example", "TXT") == ["NXDOMAIN"]
    ),
    "dmarc-reports-to-a-company": lambda w: (
        w.records(f"{DOMAIN}._report._dmarc.inbox.example", "TXT") == ['"v=DMARC1;"']
    ),
    "dmarc-reports-to-a-company-for-all": lambda w: (
        w.records("any.example._report._dmarc.inbox.example", "TXT") == ['"v=DMARC1"']
    ),
}
