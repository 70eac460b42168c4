"""What a process that fetches from elsewhere may reach: public addresses, and no program but a JavaScript runtime.

The check sits in Python's audit events, below every HTTP library: it sees the very address that a socket connects to,
at each redirect, so a name that changes between a check and its use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What YouTube's players need; nothing else may be started, ffmpeg least of all, which would open sockets of its own.
RUNTIMES = frozenset({"deno", "node", "bun"})

_METADATA = {
    ipaddress.ip_address(text) for text in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192")
}
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_REACHED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_ALLOWABLE = {"subprocess.Popen", "os.posix_spawn"}
_STARTED = {*_ALLOWABLE, "os.exec", "os.spawn", "os.system", "os.fork", "os.forkpty", "os.startfile", "pty.spawn"}


class Refused(PermissionError):
    """The guard's answer to what may not be reached."""


def reachable(address: Address, *, private: bool) -> bool:
    """Say whether an address may be connected to.

    ``private`` opens loopback and private networks; metadata services, link-local, multicast, unspecified and reserved
    addresses stay closed whatever is set. IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) is judged by what it leads to.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _inner(address)
        if inner:
            return all(reachable(one, private=private) for one in inner)
    reserved = address.is_reserved and not address.is_loopback
    if address.is_link_local or address.is_multicast or address.is_unspecified or reserved or address in _METADATA:
        return False
    return private or (address.is_global and not getattr(address, "is_site_local", False))


def _inner(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if any(address in network for network in _NAT64) or (int(address) >> 32 == 0 and int(address) > 1):
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _program(arguments: tuple[Any, ...]) -> str:
    return PurePath(os.fsdecode(arguments[0] or arguments[1][0])).stem


def install(allowed: Callable[[Address], bool]) -> list[str]:
    """Guard this process for good; return the list that will hold the addresses refused.

    A refusal is raised as `Refused`, an `OSError`, where the connection or program would have begun.
    """
    refused: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _REACHED and arguments[1] is not None:  # None: a datagram socket that is connected already
            target = arguments[1]
            host = str(target[0] if isinstance(target, tuple) and target else target)
            try:
                passes = allowed(ipaddress.ip_address(host))
            except ValueError:  # a name, which would be resolved below us, or no network address at all
                passes = False
            if not passes:
                refused.append(host)
                raise Refused(f"refused: {host}")
        elif event in _STARTED and not (event in _ALLOWABLE and _program(arguments) in RUNTIMES):
            # Not counted: yt-dlp looks for programs that it can do without.
            raise Refused(f"refused: {event}")

    sys.addaudithook(hook)
    return refused
