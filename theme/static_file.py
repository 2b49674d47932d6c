"""The static files, each published under a name that holds the hash of its bytes, so that it can be kept for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).with_name("static")
URL = re.compile(r'url\("(?P<name>[a-z0-9.-]+)"\)')


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the theme: the name in the templates, the published name and its bytes."""

    name: str
    published: str
    content: bytes

    @property
    def address(self) -> str:
        return f"/static/{self.published}"


@cache
def static_files() -> Mapping[str, StaticFile]:
    """All static files by name. Style sheets come last: the addresses of the files they name are written into them."""
    found: dict[str, StaticFile] = {}
    paths = [path for path in sorted(STATIC.iterdir()) if path.is_file() and not path.name.startswith(".")]
    for path in sorted(paths, key=lambda one: one.suffix == ".css"):
        content = path.read_bytes()
        if path.suffix == ".css":
            content = URL.sub(lambda match: f'url("{found[match["name"]].published}")', content.decode("utf-8")).encode("utf-8")
        found[path.name] = StaticFile(path.name, _published(path, content), content)
    return found


def _published(path: Path, content: bytes) -> str:
    return f"{path.stem}.{hashlib.blake2b(content, digest_size=5).hexdigest()}{path.suffix}"
