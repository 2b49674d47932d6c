"""How much one network address may ask: a token bucket per address, in this process. Generous: a whole class sits behind one.

An IPv6 address counts as its /64, which is what one subscriber has.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from enrol_service.refusals.web import TooManyRequests

log = logging.getLogger(__name__)

MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, then one every `seconds`."""

    burst: int
    seconds: float


ENROL = Rate(burst=120, seconds=1)
SIGN_IN = Rate(burst=120, seconds=1)  # the staff of a whole school; how often one address is written to, mail/notices.py limits
NEW_LINK = Rate(burst=120, seconds=1)
SEARCH = Rate(burst=240, seconds=0.5)  # each goes through all courses
API = Rate(burst=240, seconds=0.5)  # of one key, and of the unknown keys of one network


class Buckets:
    """The buckets of one rate. An address that has been quiet long enough is forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: dict[str, float] = {}  # address → when its bucket is full again
        self._lock = threading.Lock()

    def take(self, address: str) -> bool:
        """Take one; False when the bucket is empty."""
        now, rate = self._clock(), self._rate
        with self._lock:
            if len(self._full_at) > MOST_ADDRESSES:
                self._full_at = {one: at for one, at in self._full_at.items() if at > now}
            full_at = max(now, self._full_at.get(address, now)) + rate.seconds
            if full_at - now > rate.burst * rate.seconds:
                return False
            self._full_at[address] = full_at
            return True


class HiddenNetwork:
    """Tells the operator, once, that a proxy may stand in front which the settings do not know: then all readers count as one network."""

    def __init__(self, proxies: int) -> None:
        self._told = proxies > 0

    def __call__(self) -> None:
        if not self._told and "X-Forwarded-For" in request.headers:
            self._told = True
            log.warning(
                "X-Forwarded-For came, but TARJOTIN_PROXIES is 0: set it if a proxy stands in front, or all readers share one limit"
            )


def limit(buckets: Buckets) -> None:
    """Refuse with TooManyRequests when the asking address has used up its bucket."""
    if not buckets.take(network_of(request.remote_addr or "")):
        raise TooManyRequests


def network_of(address: str) -> str:
    """Whom an address counts as. With IPv6 one subscriber has a whole /64 (RFC 6177) and could send from a new address each time."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
