"""E-mail addresses: the one form in which they are stored, compared and written to."""

from __future__ import annotations

import re

LONGEST = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
# RFC 5321 atext in a dot-string; the part before @ is ASCII, as most mail servers take no other.
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,58}}[a-z0-9])")


def plain_address(text: str) -> str | None:
    """The address in lower case and ASCII, its domain as IDNA writes it; None for what is no address.

    What looks like an encoded word (RFC 2047) is none: a mail program would read `=?utf-8?q?a=0d=0ab?=` as a broken header.
    """
    local, at, domain = text.strip().rpartition("@")
    local = local.lower()
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not at or "=?" in local or "?=" in local or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        return None
    address = f"{local}@{domain}"
    return address if len(local) <= 64 and len(address) <= LONGEST else None
