"""A way out that never leads into one's own network.

The address is looked at when it is connected to, and that very address is connected to: a name that meant a public
address a moment ago cannot mean a private one now (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

RESOLVE_SECONDS = 5.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


class RefusedAddressError(Exception):
    """It leads into a private network, or nowhere."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name; RefusedAddressError where it has none."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise RefusedAddressError("unknown_host") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def networks(setting: str) -> tuple[Network, ...]:
    """The networks of a setting; ValueError for anything else."""
    return tuple(ipaddress.ip_network(each.strip()) for each in setting.split(",") if each.strip())


def is_public(address: Address) -> bool:
    """Whether anybody may be there; an IPv4 address inside an IPv6 one counts as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved)


class Guard:
    """Which addresses may be reached: public ones, and the networks that the operator has named."""

    def __init__(self, allowed: Iterable[Network] = (), resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """All addresses of a host; RefusedAddressError if only one of them may not be reached."""
        found = await self._resolve(host, port)
        for each in found:
            address = ipaddress.ip_address(each.partition("%")[0])
            if not (is_public(address) or self.is_allowed(address)):
                raise RefusedAddressError("private_address")
        return found

    def is_allowed(self, address: Address) -> bool:
        """Whether the operator has named its network."""
        return any(address.version == network.version and address in network for network in self._allowed)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network, behind a guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """To the first address that takes it, of those just looked at."""
        failed: Exception = httpcore.ConnectError(f"no address of {host}")
        for address in await self._guard.addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise RefusedAddressError("private_address")

    async def sleep(self, seconds: float) -> None:
        """A pause."""
        await self._network.sleep(seconds)
