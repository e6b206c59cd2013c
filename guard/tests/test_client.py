import pytest

from launchready_guard.client import UNKNOWN_CLIENT, ClientAddresses


def scope(peer: str | None, *forwarded: str) -> dict:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 1234) if peer else None, "headers": headers}


def test_without_trusted_proxies_the_header_is_ignored():
    assert ClientAddresses().of(scope("198.51.100.7", "203.0.113.1")) == "198.51.100.7"


def test_behind_a_trusted_proxy_the_right_most_foreign_hop_is_the_client():
    addresses = ClientAddresses(["127.0.0.1", "10.0.0.0/8"])
    assert addresses.of(scope("127.0.0.1", "6.6.6.6, 203.0.113.1, 10.1.2.3")) == "203.0.113.1"


def test_rotating_the_left_of_the_header_does_not_change_the_client():
    addresses = ClientAddresses(["127.0.0.1"])
    seen = {addresses.of(scope("127.0.0.1", f"6.6.6.{number}, 203.0.113.1")) for number in range(5)}
    assert seen == {"203.0.113.1"}


def test_a_header_sent_twice_is_read_as_one_list():
    assert ClientAddresses(["127.0.0.1"]).of(scope("127.0.0.1", "6.6.6.6", "203.0.113.1")) == "203.0.113.1"


def test_nonsense_in_the_header_leaves_the_last_known_address():
    assert ClientAddresses(["127.0.0.1"]).of(scope("127.0.0.1", "nonsense")) == "127.0.0.1"


def test_an_untrusted_peer_can_not_borrow_an_address():
    assert ClientAddresses(["10.0.0.0/8"]).of(scope("198.51.100.7", "203.0.113.1")) == "198.51.100.7"


def test_a_server_that_names_no_peer_gives_one_shared_client():
    assert ClientAddresses().of(scope(None)) == UNKNOWN_CLIENT


def test_a_trusted_proxy_that_is_no_address_is_refused():
    with pytest.raises(ValueError, match=r"proxy\.example"):
        ClientAddresses(["proxy.example"])
