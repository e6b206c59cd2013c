"""An audit of a whole product beside the specialists that one would run by hand, on the same small internet.

    make bench-outside            peers are installed on first use (network); everything else is on this machine

A world stands in a network namespace of its own at its documentation addresses, behind a relay that lets every message
wait: 30 ms for there and back. Ours and the peers run in alternation, one after another; medians are compared, and
seconds are printed for orientation. A peer that did not do its work stops the bench: giving up is fast.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers import PEERS, Peer, install

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ROUND_TRIP_MS = 30
ROUNDS = 3
GROWTH_ROUNDS = 5
MIN_TIMES_FASTER = 15.0
MAX_WALL_S = 2.0
MAX_GROWTH = 1.3  # ten hosts beside five
RUN_LIMIT_S = 300
DOMAIN = "brightpath.example"
TEN_HOSTS = (DOMAIN, f"www.{DOMAIN}", f"app.{DOMAIN}", *(f"team{number}.{DOMAIN}" for number in range(4, 11)))
FIVE_HOSTS = TEN_HOSTS[:5]
PAGES = tuple(host for host in FIVE_HOSTS if not host.startswith("www."))
"""Hosts with pages of their own: `www` only redirects, and the header tools follow it to the first one."""

RUN_ON = {"checkdmarc": (DOMAIN,), "sslyze": FIVE_HOSTS, "observatory": PAGES, "redbot": PAGES}
OUTSIDE = ("[product]", "[ownership]", "[[hosts]]", "[[senders]]", "[[links]]", "[[contacts]]")
"""Tables of the declaration that are about the outside: no peer signs up, puts load on, or reads a repository."""


def enter_namespace() -> None:
    """Go on in a network and mount namespace of our own, once the peers are installed."""
    for peer in PEERS:
        install(peer)
    os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, __file__, "--inside"])


def run(command: Sequence[str], bundle: str) -> tuple[float, int, str]:
    """Wall time, exit code and output of one command that trusts the world's CA."""
    trust = {"NODE_EXTRA_CA_CERTS": bundle, "SSL_CERT_FILE": bundle, "REQUESTS_CA_BUNDLE": bundle}
    started = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=RUN_LIMIT_S, env=os.environ | trust
    )
    return time.perf_counter() - started, done.returncode, done.stdout + done.stderr


@contextmanager
def world(name: str, folder: Path, *faults: str) -> Iterator[tuple[Path, str]]:
    """A world behind the relay, with the namespace's resolver set to it: its declaration and its CA bundle."""
    command = [BIN / "python", "-m", "launchready_worlds", "serve", "--world", name, "--folder", folder]
    command += [word for fault in faults for word in ("--fault", fault)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        network: dict[str, Any] = json.loads(serving.stdout.readline())
        ready = json.loads(serving.stdout.readline())
        for address in sorted({entry["ip"] for entry in network["connect"]} | set(network["resolvers"])):
            subprocess.run(["ip", "address", "replace", f"{address}/32", "dev", "lo"], check=True)
        passing = [sys.executable, str(Path(__file__).with_name("relay.py")), str(ROUND_TRIP_MS)]
        with subprocess.Popen(passing, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as relaying:
            assert relaying.stdin is not None
            assert relaying.stdout is not None
            relaying.stdin.write(json.dumps(network["connect"]) + "\n")
            relaying.stdin.flush()
            relaying.stdout.readline()
            resolv = folder / "resolv.conf"
            resolv.write_text("".join(f"nameserver {address}\n" for address in network["resolvers"]), "utf-8")
            subprocess.run(["mount", "--bind", resolv, "/etc/resolv.conf"], check=True)
            try:
                yield Path(ready["config"]), network["ca_bundle"]
            finally:
                subprocess.run(["umount", "/etc/resolv.conf"], check=True)
                relaying.stdin.close()
                serving.stdin.write('{"do": "stop"}\n')
                serving.stdin.flush()


def outside_only(config: Path, hosts: Sequence[str]) -> Path:
    """A copy of a declaration with these hosts, and the tables about the outside only."""
    others = [f'name = "{host}"' for host in TEN_HOSTS if host not in hosts]
    blocks = config.read_text("utf-8").split("\n\n")
    kept = [
        b for b in blocks if b.startswith(OUTSIDE) and not (b.startswith("[[hosts]]") and any(o in b for o in others))
    ]
    path = config.with_name(f"outside-{len(hosts)}.toml")
    path.write_text("\n\n".join(kept), "utf-8")
    return path


def ours(config: Path, bundle: str) -> tuple[float, dict[str, Any]]:
    """One audit: wall time, and its report."""
    command = [str(BIN / "launchready"), "audit", str(config), "--ca-bundle", bundle, "--json", "--no-html"]
    wall, code, output = run(command, bundle)
    if code not in {0, 10, 11}:
        sys.exit(f"launchready audit ended with {code}: {output[-2000:]}")
    report: dict[str, Any] = json.loads(output[output.index("{") :])
    return wall, report


def by_hand(bundle: str) -> dict[str, float]:
    """Every peer on everything that it is run on, one after another: seconds by peer."""
    return {peer.name: sum(one(peer, host, bundle) for host in RUN_ON[peer.name]) for peer in PEERS}


def one(peer: Peer, host: str, bundle: str) -> float:
    """One run of a peer, which has to do its work."""
    wall, code, output = run(peer.command(host, bundle), bundle)
    if not peer.works(code, output):
        sys.exit(f"{peer.name} did not do its work on {host} (exit {code}):\n{output[-2000:]}")
    return wall


def beside_peers(config: Path, bundle: str) -> bool:
    """Five hosts, ours and the toolbox in alternation: whether both promises are kept."""
    walls, toolbox = list[float](), list[dict[str, float]]()
    for _ in range(ROUNDS):
        wall, report = ours(config, bundle)
        walls.append(wall)
        toolbox.append(by_hand(bundle))
    ours_s, peers_s = statistics.median(walls), statistics.median(sum(run.values()) for run in toolbox)
    for peer in PEERS:
        took_s = statistics.median(run[peer.name] for run in toolbox)
        print(f"        {peer.package} x {len(RUN_ON[peer.name])}: {took_s:.1f} s")
    for count in report["requests"]:
        print(f"        requests sent: {json.dumps(count)}")
    faster = say(
        f"five hosts at {ROUND_TRIP_MS} ms beside the toolbox",
        f"{peers_s / ours_s:.1f} x faster ({ours_s:.2f} s beside {peers_s:.1f} s)",
        f">= {MIN_TIMES_FASTER:.0f} x",
        kept=peers_s / ours_s >= MIN_TIMES_FASTER,
    )
    return faster & say("wall of it", f"{ours_s:.2f} s", f"<= {MAX_WALL_S} s", kept=ours_s <= MAX_WALL_S)


def growth(five: Path, ten: Path, bundle: str) -> bool:
    """Ten hosts beside five of them, in alternation."""
    walls: dict[Path, list[float]] = {five: [], ten: []}
    for _ in range(GROWTH_ROUNDS):
        for config, taken in walls.items():
            taken.append(ours(config, bundle)[0])
    five_s, ten_s = statistics.median(walls[five]), statistics.median(walls[ten])
    return say(
        "ten hosts beside five",
        f"{ten_s / five_s:.2f} x ({ten_s:.2f} s beside {five_s:.2f} s)",
        f"<= {MAX_GROWTH} x",
        kept=ten_s / five_s <= MAX_GROWTH,
    )


def say(what: str, value: str, promise: str, *, kept: bool) -> bool:
    """Print a figure beside its promise."""
    print(f"{'kept  ' if kept else 'BROKEN'}  {what}: {value}  (promise: {promise})", flush=True)
    return kept


def main() -> None:
    """Measure inside the namespace; exit 1 where a promise is not kept."""
    if sys.argv[1:] != ["--inside"]:
        enter_namespace()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder, world("ten-hosts", Path(folder)) as (config, bundle):
        five = outside_only(config, FIVE_HOSTS)
        ten = outside_only(config, TEN_HOSTS)
        kept = beside_peers(five, bundle)
        kept &= growth(five, ten, bundle)
    sys.exit(not kept)


if __name__ == "__main__":
    main()
