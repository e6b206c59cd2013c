"""How many hosts there are, each of them alive."""


def _alive(world):
    """The declared hosts that show something under a certificate that browsers take."""
    hosts = [(entry["name"], entry["addresses"][0]) for entry in world.declared()["hosts"]]
    return [name for name, ip in hosts if world.get(f"https://{name}/", ip=ip).status in (200, 301)]


LOOKS = {
    "five-hosts": lambda w: len(_alive(w)) == len(w.declared()["hosts"]) == 5,
    "ten-hosts": lambda w: len(_alive(w)) == len(w.declared()["hosts"]) == 10,
}
