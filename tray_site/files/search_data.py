"""The index of the search as files for the site's script: a manifest, and the parts of the two word tables.

A name holds a hash of its file, so that a file can be kept for ever, and a course that changes leaves most files as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b

from course_catalogue.search import SearchIndex
from course_catalogue.search.shard import Table


def search_files(index: SearchIndex) -> Mapping[str, bytes]:
    """The files by address, the manifest first.

    The manifest tells how many courses there are, of the table of names the beginnings from which its parts hold the words, and
    the addresses of the parts; and the address of a file that tells the same of the table of texts, which is needed later.
    What stands in a part is told in course_catalogue/search/shard.py.
    """
    parts: dict[str, bytes] = {}
    names = _table("names", index.names, parts)
    texts = _json(_table("texts", index.texts, parts))
    of_texts = _address("texts", texts, "json")
    manifest = _json({"courses": len(index.courses), "names": names, "texts": of_texts})
    return {_address("index", manifest, "json"): manifest, of_texts: texts, **parts}


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def search_address(files: Mapping[str, bytes]) -> str:
    """The address of the manifest among `search_files`."""
    return next(iter(files))


def _table(name: str, table: Table, files: dict[str, bytes]) -> dict[str, list[str]]:
    parts = [part.encode() for part in table.parts]
    addresses = [_address(name, part, "txt") for part in parts]
    files.update(zip(addresses, parts, strict=True))
    return {"starts": list(table.starts), "files": addresses}


def _address(name: str, content: bytes, ending: str) -> str:
    return f"/static/search/{name}.{blake2b(content, digest_size=5).hexdigest()}.{ending}"
