"""Names in DNS that should not be there, or not like this."""

from looking import has_text

from launchready_worlds.addresses import APP, APP_EDGE, DOMAIN, EDGE, OLD_HOST

LOOKS = {
    "app-name-doubled": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == [APP_EDGE] != w.records(APP, "A"),
    "dkim-name-doubled": lambda w: (
        has_text(w, f"s1._domainkey.{DOMAIN}.{DOMAIN}", "v=DKIM1") and not has_text(w, f"s1._domainkey.{DOMAIN}", "v")
    ),
    "dkim-alias-doubled": lambda w: (
        w.records(f"s1._domainkey.{DOMAIN}.{DOMAIN}", "CNAME") == ["s1.dkim.postmail.example."]
    ),
    "dmarc-name-doubled": lambda w: (
        has_text(w, f"_dmarc.{DOMAIN}.{DOMAIN}", "v=DMARC1") and not has_text(w, f"_dmarc.{DOMAIN}", "v")
    ),
    "app-lives-by-wildcard": lambda w: (
        w.records(f"x.{DOMAIN}", "A") == [APP_EDGE] and "addresses" not in w.declared()["hosts"][2]
    ),
    "old-site-left-in-dns": lambda w: w.records(f"old.{DOMAIN}", "A") == [OLD_HOST],
    "preview-left-in-dns": lambda w: w.records(f"staging.{DOMAIN}", "CNAME") == ["gone.farm.example."],
    "usual-name-unanswered": lambda w: w.records(f"staging.{DOMAIN}", "A") == ["SERVFAIL"],
    "doubled-names-unanswered": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == ["SERVFAIL"],
    "doubled-by-a-wildcard": lambda w: w.records(f"x.y.example.{DOMAIN}", "A") == [EDGE],
    "doubled-and-right": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == [APP_EDGE] == w.records(APP, "A"),
    "wildcard-beside-own-records": lambda w: (
        w.records(f"x.{DOMAIN}", "A") == [EDGE] and w.records(APP, "A") == [APP_EDGE]
    ),
    "other-names-declared": lambda w: w.records(w.declared()["names"][0]["name"], "CNAME") == ["ns.farm.example."],
}
