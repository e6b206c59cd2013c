"""Hosts and files that nobody expects, as they are."""

from looking import SITE

LOOKS = {
    "page-of-a-gigabyte": lambda w: "content-length" not in w.ask("HEAD", f"{SITE}/", None, {}).headers,
    "redirect-to-private-address": lambda w: w.get(f"{SITE}/").location.startswith("http://169.254."),
    "config-typo": lambda w: "sends_mial" in w.world.config.read_text(),
}
