"""Mail that is not believed, or not taken."""

import base64

from launchready_worlds.addresses import DOMAIN, NS_FARM
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, PRODUCT
from launchready_worlds.weak_key import weak_dkim_key
from launchready_worlds.zones import DKIM_SELECTOR, quoted

SELECTOR = f"{DKIM_SELECTOR}._domainkey"
GOOD_SPF = "v=spf1 include:spf.postmail.example -all"
SPF_LOOKUPS_MAX = 10
"""RFC 7208 section 4.6.4."""
WEAK_BITS = 768
SHORT_BITS = 2040
LEAST_BITS = 1024
"""The shortest key that verifiers must take (RFC 8301 section 3.2)."""


def _one_spf(scene: Scene, record: str) -> None:
    scene.put("@", "TXT", quoted(record))


def _key_record(scene: Scene, flags: str) -> str:
    """The founder's key with other flags."""
    (record,) = scene.servers["203.0.113.1"].zones[DOMAIN].texts(SELECTOR, "TXT")
    return quoted("".join(record.split('" "'))[1:-1].replace("p=", f"{flags}p=", 1))


def _lookups(scene: Scene, count: int) -> None:
    """An SPF record that costs so many lookups in all: a chain of includes at the mail company."""
    farm = scene.servers[NS_FARM].zones["postmail.example"]
    for number in range(1, count):
        farm.put(f"spf{number}", "TXT", quoted(f"v=spf1 include:spf{number + 1}.postmail.example -all"))
    farm.put(f"spf{count}", "TXT", quoted("v=spf1 ip4:203.0.113.40 -all"))
    _one_spf(scene, "v=spf1 include:spf1.postmail.example -all")


@fault(
    {"spf-missing": (BUSINESS,)},
)
def spf_absent(scene: Scene) -> None:
    """The domain does not say who may send its mail, so sign-up mail lands in spam."""
    scene.drop("@", "TXT")


@fault(
    {"spf-missing": (BUSINESS,)},
)
def spf_without_version(scene: Scene) -> None:
    """The record that says who may send mail lacks its first word, so nobody reads it."""
    _one_spf(scene, "spf1 include:spf.postmail.example -all")


@fault(
    {"spf-invalid": (BUSINESS,)},
    implies={"spf-sender-refused": (BUSINESS,)},
)
def spf_two_records(scene: Scene) -> None:
    """A second record about who may send mail was added for the newsletter: two of them count as none."""
    scene.add("@", "TXT", quoted("v=spf1 include:spf.postmail.example ~all"))


@fault(
    {"spf-invalid": (BUSINESS,)},
    implies={"spf-sender-refused": (BUSINESS,)},
)
def spf_typo(scene: Scene) -> None:
    """The record about who may send mail has a typo, which makes all of it void."""
    _one_spf(scene, "v=spf1 inlcude:spf.postmail.example -all")


@fault(
    {"spf-invalid": (BUSINESS,)},
    implies={"spf-sender-refused": (BUSINESS,)},
)
def spf_eleven_lookups(scene: Scene) -> None:
    """So many services may send mail that receivers give up reading the list."""
    _lookups(scene, SPF_LOOKUPS_MAX + 1)


@fault(
    {"spf-allows-everyone": (BUSINESS,)},
)
def spf_allows_all(scene: Scene) -> None:
    """The record about who may send mail ends with 'everyone'."""
    _one_spf(scene, "v=spf1 include:spf.postmail.example +all")


@fault(
    {"spf-allows-everyone": (BUSINESS,)},
)
def spf_allows_all_by_default(scene: Scene) -> None:
    """The record about who may send mail ends with 'all' and no sign before it, which means everyone."""
    _one_spf(scene, "v=spf1 include:spf.postmail.example all")


@fault(
    {"dkim-key-unusable": (BUSINESS,)},
)
def dkim_key_revoked(scene: Scene) -> None:
    """The signing key in DNS was emptied when the mail account was renewed; the new one was never entered."""
    scene.put(SELECTOR, "TXT", quoted("v=DKIM1; k=rsa; p="))


@fault(
    {"dkim-key-unusable": (BUSINESS,)},
)
def dkim_key_absent(scene: Scene) -> None:
    """The signing key of the mail service is not in DNS."""
    scene.drop(SELECTOR, "TXT")


@fault(
    {"dkim-key-unusable": (BUSINESS,)},
)
def dkim_key_cut(scene: Scene) -> None:
    """The DNS company's form cut the signing key off after 255 characters."""
    whole = "".join(scene.servers["203.0.113.1"].zones[DOMAIN].texts(SELECTOR, "TXT")[0].replace('" "', "")[1:-1])
    scene.put(SELECTOR, "TXT", quoted(whole[:255]))


@fault(
    {"dkim-key-unusable": (BUSINESS,)},
)
def dkim_key_weak(scene: Scene) -> None:
    """The signing key is so short that receivers ignore the signature."""
    scene.put(SELECTOR, "TXT", quoted(f"v=DKIM1; k=rsa; p={weak_dkim_key(WEAK_BITS)}"))


@fault(
    {"dkim-key-short": (BUSINESS,)},
)
def dkim_key_shorter_than_wanted(scene: Scene) -> None:
    """The signing key is shorter than the standard asks for."""
    scene.put(SELECTOR, "TXT", quoted(f"v=DKIM1; k=rsa; p={weak_dkim_key(SHORT_BITS)}"))


@fault(
    {"dkim-testing": (BUSINESS,)},
)
def dkim_key_marked_as_test(scene: Scene) -> None:
    """The signing key is still marked as a test, so signed mail counts as unsigned."""
    scene.put(SELECTOR, "TXT", _key_record(scene, flags="t=y:s; "))


@decoy(
    {"dkim-testing": (BUSINESS,), "dkim-key-short": (BUSINESS,)},
)
def dkim_key_of_another_kind(scene: Scene) -> None:
    """The signing key is a short one of the modern kind, with a flag that is no test."""
    key = base64.b64encode(bytes(range(32))).decode()
    scene.put(SELECTOR, "TXT", quoted(f"v=DKIM1; k=ed25519; t=s; n=t=y; p={key}"))


@fault(
    {"dmarc-missing": (BUSINESS,)},
)
def dmarc_absent(scene: Scene) -> None:
    """The domain does not say what to do with forged mail, so large mailbox providers turn its mail away."""
    scene.drop("_dmarc", "TXT")


@fault(
    {"dmarc-missing": (BUSINESS,)},
)
def dmarc_two_records(scene: Scene) -> None:
    """There are two rules about forged mail, which count as none."""
    scene.add("_dmarc", "TXT", quoted("v=DMARC1; p=none"))


@fault(
    {"dmarc-missing": (BUSINESS,)},
)
def dmarc_unreadable(scene: Scene) -> None:
    """The rule about forged mail starts with the wrong word, so nobody reads it."""
    scene.put("_dmarc", "TXT", quoted("p=quarantine; v=DMARC1"))


@fault(
    {"support-mailbox-unreachable": (PRODUCT,)},
)
def support_mailbox_null_mx(scene: Scene) -> None:
    """The support address can't receive: the domain says that it takes no mail."""
    scene.put("@", "MX", "0 .")


@fault(
    {"support-mailbox-unreachable": (PRODUCT,)},
)
def support_mailbox_no_mx(scene: Scene) -> None:
    """Nobody told the world where mail for the support address goes."""
    scene.drop("@", "MX")


@blind(
    {
        "spf-missing": (BUSINESS,),
        "spf-invalid": (BUSINESS,),
        "spf-allows-everyone": (BUSINESS,),
        "dkim-key-unusable": (BUSINESS,),
        "dkim-key-short": (BUSINESS,),
        "dkim-testing": (BUSINESS,),
        "dmarc-missing": (BUSINESS,),
        "support-mailbox-unreachable": (PRODUCT,),
    },
)
def mail_records_unanswered(scene: Scene) -> None:
    """The resolver can't look up the mail records just now."""
    names = (DOMAIN, f"{SELECTOR}.{DOMAIN}", f"_dmarc.{DOMAIN}")
    scene.resolver.failing |= {(name, kind) for name in names for kind in ("TXT", "MX")}


@blind(
    {"spf-invalid": (BUSINESS,)},
)
def spf_include_unanswered(scene: Scene) -> None:
    """The mail company's part of the list can't be looked up just now."""
    scene.resolver.failing.add(("spf.postmail.example", "TXT"))


@decoy(
    {"spf-missing": (BUSINESS,), "spf-invalid": (BUSINESS,), "spf-allows-everyone": (BUSINESS,)},
)
def spf_among_other_texts(scene: Scene) -> None:
    """The list of senders is cut into two strings and stands among other texts."""
    verification = quoted("site-verification=v=spf1 +all is not what this says")
    scene.put("@", "TXT", '"v=spf1 inclu" "de:spf.postmail.example -all"', verification, quoted("spf2.0/pra +all"))


@decoy(
    {"spf-missing": (BUSINESS,), "spf-invalid": (BUSINESS,)},
)
def spf_ten_lookups(scene: Scene) -> None:
    """Reading the list of senders takes ten look-ups, which is the most that is allowed."""
    _lookups(scene, SPF_LOOKUPS_MAX)


@decoy(
    {"spf-missing": (BUSINESS,), "spf-invalid": (BUSINESS,), "spf-allows-everyone": (BUSINESS,)},
)
def spf_all_in_a_name(scene: Scene) -> None:
    """The list of senders has 'all' in a name and ends with a soft no."""
    scene.servers[NS_FARM].zones["postmail.example"].put("all", "TXT", quoted("v=spf1 ip4:203.0.113.40 -all"))
    _one_spf(scene, "v=spf1 include:all.postmail.example ~all")


@decoy(
    {"dkim-key-unusable": (BUSINESS,)},
)
def dkim_key_behind_an_alias(scene: Scene) -> None:
    """The signing key is an alias to the mail company's record, as most of them ask for."""
    values = scene.servers["203.0.113.1"].zones[DOMAIN].texts(SELECTOR, "TXT")
    scene.servers[NS_FARM].zones["postmail.example"].put("bp._domainkey", "TXT", *values)
    scene.drop(SELECTOR, "TXT")
    scene.put(SELECTOR, "CNAME", "bp._domainkey.postmail.example.")


@decoy(
    {"dkim-key-unusable": (BUSINESS,)},
    implies={"dkim-key-short": (BUSINESS,)},
)
def dkim_key_of_1024_bits(scene: Scene) -> None:
    """The signing key is as short as receivers must accept."""
    scene.put(SELECTOR, "TXT", quoted(f"k=rsa; t=s; p={weak_dkim_key(LEAST_BITS)}"))


@decoy(
    {"dmarc-missing": (BUSINESS,)},
    implies={"dmarc-policy-none": (BUSINESS,)},
)
def dmarc_only_watches(scene: Scene) -> None:
    """The rule about forged mail only asks for reports: weak, and valid; a text of another kind stands beside it."""
    note = base64.b64encode(b"managed by the mail team").decode()
    scene.put("_dmarc", "TXT", quoted("v=DMARC1;p=none;x-note=1"), quoted(f"note={note}"))


@decoy(
    {"support-mailbox-unreachable": (PRODUCT,)},
)
def support_mailbox_elsewhere(scene: Scene) -> None:
    """Support answers at the calendar company's domain, which takes mail; the product's own does not."""
    scene.drop("@", "MX")
    scene.declaration["contacts"][0]["email"] = "maya@calendar.example"
