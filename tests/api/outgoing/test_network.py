"""Nothing that a manager types leads into our own network, whatever the name means a moment later."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest

from api.outgoing.addresses import URL_MAX, WebhookRefusedError, checked_url
from api.outgoing.network import Guard, RefusedAddressError, is_public, networks
from api.outgoing.posting import Poster
from api.outgoing.values import DeliveryFailedError
from tests.receiving import receiving

pytestmark = pytest.mark.anyio
PUBLIC = "93.184.215.14"


def names(**addresses: Sequence[str]) -> Guard:
    """A guard whose names mean these addresses; anything else is unknown."""

    async def resolve(host: str, _port: int) -> Sequence[str]:
        found = addresses.get(host.partition(".")[0])
        if found is None:
            raise RefusedAddressError("unknown_host")
        return found

    return Guard((), resolve)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", f"::ffff:{PUBLIC}"])
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"), ("   ", "empty"), ("crm.example", "malformed"), ("ftp://good.example/x", "malformed"),
        ("https://", "malformed"), ("https://good.example:99999/", "malformed"),
        ("https://go od.example/", "malformed"),
        ("https://good.example/\r\nHost: x", "malformed"), ("https://[::1/", "malformed"),
        ("https://good.example/" + "a" * URL_MAX, "malformed"),
        ("https://ann:secret@good.example/", "secrets_in_address"),
        ("https://good.example/#part", "secrets_in_address"), ("http://good.example/", "not_https"),
        ("https://nowhere.example/", "unknown_host"), ("https://inside.example/", "private_address"),
        ("https://mixed.example/", "private_address"),
    ],
)  # fmt: skip
async def test_an_address_of_no_use_is_refused_and_it_is_said_why(typed: str, reason: str) -> None:
    guard = names(good=[PUBLIC], inside=["10.0.0.7"], mixed=[PUBLIC, "10.0.0.7"])
    with pytest.raises(WebhookRefusedError) as refused:
        await checked_url(typed, guard)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "typed", ["https://127.0.0.1/", "https://[::1]:8443/", "https://2130706433/", "https://localhost/"]
)
async def test_private_addresses_by_number_or_name_are_refused(typed: str) -> None:
    with pytest.raises(WebhookRefusedError) as refused:
        await checked_url(typed, Guard())
    assert refused.value.reason == "private_address"


async def test_a_good_address_is_taken_and_an_own_network_that_is_named_too() -> None:
    assert await checked_url(" https://good.example/hook?x=1 ", names(good=[PUBLIC])) == "https://good.example/hook?x=1"
    assert await checked_url("http://127.0.0.1:9/", Guard(networks("127.0.0.0/8"))) == "http://127.0.0.1:9/"


async def test_a_name_that_means_something_else_when_it_is_called_is_refused_then() -> None:
    """DNS rebinding: public when it is looked at, ourselves when it is connected to."""
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    guard = Guard((), resolve)
    with receiving() as inside:
        port = inside.address.rpartition(":")[2]
        url = await checked_url(f"https://rebinding.example:{port}/", guard)
        poster = Poster(guard)
        with pytest.raises(DeliveryFailedError, match="private_address"):
            await poster.post(url.replace("https", "http"), {}, b"{}")
        await poster.close()
        assert inside.received == []


def test_networks_are_read_or_refused() -> None:
    assert len(networks("10.0.0.0/8, fd00::/8")) == 2
    with pytest.raises(ValueError, match="nonsense"):
        networks("nonsense")
