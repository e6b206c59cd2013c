import json
import re
from types import MappingProxyType

import pytest

from launchready.model.reading import NotSeen, Why
from launchready.net.network import Network, NetworkError, ca_file, is_forbidden


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_off_the_public_internet_is_forbidden(address):
    assert is_forbidden(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "2001:db8::1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::1",
    ],
)
def test_public_and_documentation_addresses_are_allowed(address):
    assert not is_forbidden(address)


def why_of(look, *arguments):
    with pytest.raises(NotSeen) as seen:
        look(*arguments)
    return seen.value.why


def test_policy_is_judged_on_the_logical_address_before_the_connect_map():
    ways = {("203.0.113.1", 443): ("127.0.0.2", 8443), ("10.0.0.1", 443): ("127.0.0.3", 8443)}
    network = Network((), connect=MappingProxyType(ways), loopback_only=True)
    assert network.route("a.example", "203.0.113.1", 443) == ("127.0.0.2", 8443)
    assert why_of(network.route, "a.example", "10.0.0.1", 443) is Why.PRIVATE_ADDRESS
    assert why_of(network.route, "a.example", "203.0.113.1", 80) is Why.OWN_NETWORK
    assert why_of(network.route, "a.example", "nonsense", 80) is Why.UNREADABLE


def test_a_private_address_is_allowed_for_the_hosts_that_are_named():
    network = Network((), allow_private=("Staging.example", "10.0.0.9"))
    assert network.route("staging.example.", "10.0.0.1", 80) == ("10.0.0.1", 80)
    assert network.route("other.example", "10.0.0.9", 80) == ("10.0.0.9", 80)
    assert why_of(network.route, "other.example", "10.0.0.1", 80) is Why.PRIVATE_ADDRESS


def test_our_own_resolver_may_be_private_and_no_other_server():
    network = Network(("192.168.1.1",))
    assert network.route_to_resolver("192.168.1.1") == ("192.168.1.1", 53)
    assert why_of(network.route_to_resolver, "192.168.1.2") is Why.PRIVATE_ADDRESS


def test_the_systems_resolvers_are_read_in_order(tmp_path):
    conf = tmp_path / "resolv.conf"
    conf.write_text("# comment\nsearch example.com\nnameserver 192.0.2.1\nnameserver  2001:db8::1\nnameserver x\n")
    assert Network.from_system(conf).resolvers == ("192.0.2.1", "2001:db8::1")


@pytest.mark.parametrize("text", [None, "", "search example.com\nnameserver\n"])
def test_a_machine_without_a_resolver_is_told_what_to_type(tmp_path, text):
    conf = tmp_path / "resolv.conf"
    if text is not None:
        conf.write_text(text)
    with pytest.raises(NetworkError, match=r"--resolver 1\.1\.1\.1"):
        Network.from_system(conf)


def test_a_worlds_network_is_read_and_described(tmp_path):
    path = tmp_path / "network.json"
    entry = {"ip": "203.0.113.1", "port": 443, "to_ip": "127.0.0.2", "to_port": 8443}
    path.write_text(json.dumps({"resolvers": ["203.0.113.53"], "ca_bundle": "/tmp/ca.pem", "connect": [entry]}))
    network = Network.from_json(path)
    assert network.route("a.example", "203.0.113.1", 443) == ("127.0.0.2", 8443)
    assert network.describe() == ("names asked of 203.0.113.53", "connect map of 1 entries", "own CA bundle")


@pytest.mark.parametrize("text", [None, "{", "[]", '{"resolvers": ["x"], "ca_bundle": null, "connect": []}', "{}"])
def test_a_file_that_describes_no_network_says_so(tmp_path, text):
    path = tmp_path / "network.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(NetworkError, match=re.escape(str(path))):
        Network.from_json(path)


def test_what_else_stands_between_is_described():
    network = Network(("1.1.1.1",), resolve=(("a.example", ("192.0.2.1",)),), allow_private=("b.example",))
    assert network.describe()[1:] == ("addresses given for a.example", "private addresses allowed for b.example")


def test_a_missing_ca_bundle_is_not_installed(tmp_path):
    assert why_of(ca_file, Network((), ca_bundle=str(tmp_path / "none.pem"))) is Why.NOT_INSTALLED
