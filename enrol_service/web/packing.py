"""Compresses what is sent often and is no secret: the site's files, kept once compressed, and the list of courses."""

from __future__ import annotations

import threading
from collections import OrderedDict

import brotli  # type: ignore[import-untyped]  # ships no types
from flask import Response, request

SMALLEST = 1024  # bytes; below it compression saves nothing
QUALITY = 5  # a list of 240 courses takes 5 ms
BEST = 11  # the style sheet takes 140 ms and is a tenth smaller: for what is packed once while the service runs
MOST_KEPT = 400  # packed pieces
XML = ("application/xml", "application/atom+xml", "application/opensearchdescription+xml", "image/svg+xml")
TEXT = ("text/", "application/json", "application/manifest+json", *XML)


class Packed:
    """The packed form of pieces that do not change, by a key that changes with them. The least used is forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: object, plain: bytes, quality: int = QUALITY) -> bytes:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        packed = compressed(plain, quality)
        with self._lock:
            self._kept[key] = packed
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return packed


def compressed(plain: bytes, quality: int = QUALITY) -> bytes:
    return bytes(brotli.compress(plain, quality=quality))


def is_wanted(content_type: str, size: int) -> bool:
    """Whether this reader takes brotli and the content gains by it."""
    return size >= SMALLEST and content_type.startswith(TEXT) and request.accept_encodings["br"] > 0


def pack(response: Response, packed: bytes) -> Response:
    """Put the packed content into an answer. Its tag stays that of the plain content, told apart by `Vary`."""
    response.set_data(packed)
    response.headers["Content-Encoding"] = "br"
    return response
