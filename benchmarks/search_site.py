"""The part of a site that a search needs, as the site publishes it: the front page in one language, the search data, the list data."""

from __future__ import annotations

import http.server
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.corpus import write
from course_catalogue.catalogue import load
from course_catalogue.search import SearchIndex, index_of
from course_catalogue.search.shard import entries
from theme.network_style import static_files_in
from tray_site.files.search_data import search_address, search_files
from tray_site.page_key import shared_catalogue
from tray_site.plan.list_pages import list_pages, planned_list_files
from tray_site.plan.planned import Plan
from tray_site.plan.site import Site
from tray_site.printing import Printer
from tray_site.progress import Tell

NOW = datetime.fromisoformat("2026-11-23T09:41:00+02:00")  # the made-up courses are of this school year
LANGUAGES = ("fi", "sv", "en")
LANGUAGE = "fi"  # of the page that is opened
PACKED = ".br"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class SearchSite:
    """A folder with published files, where the manifest of the search lies in it, words to type, and the CPU seconds of the index."""

    folder: Path
    manifest: str
    words: tuple[str, ...]
    index_seconds: float

    def weight(self, address: str) -> int:
        """Bytes of a file as it is sent, packed for brotli where the site packs it. 0 when there is none."""
        return next((path.stat().st_size for path in self._forms(address) if path.is_file()), 0)

    def weight_of(self, pattern: str) -> int:
        """Bytes of all packed files with such an address."""
        return sum(path.stat().st_size for path in self.folder.glob(pattern + PACKED))

    def _forms(self, address: str) -> tuple[Path, Path]:
        path = self.folder / (address.lstrip("/") or "index.html")
        return path.with_name(path.name + PACKED), path

    def answer(self, address: str) -> tuple[bytes, dict[str, str]] | None:
        """The file at an address with its headers; None when there is none."""
        for form, path in zip((PACKED, ""), self._forms(address), strict=True):
            if path.is_file():
                kind = TYPES.get(Path(path.name.removesuffix(form)).suffix, "application/octet-stream")
                return path.read_bytes(), {"Content-Type": kind, **({"Content-Encoding": "br"} if form else {})}
        return None


def published(folder: Path, courses: int, tell: Tell) -> SearchSite:
    """Make up a network of so many courses in an empty folder and publish what a search in it needs, packed as the site packs it."""
    tell("Making up courses", 0, courses)
    write(folder / "content", courses, LANGUAGES)
    catalogue = load(folder / "content", tell=lambda done, of: tell("Reading courses", done, of), forks=True)
    tell("Indexing", 0, courses)
    index_of(catalogue)  # the base forms of new words are found once and kept
    start = time.process_time()
    index = index_of(catalogue)
    seconds = time.process_time() - start
    found = search_files(index)
    tell("Planning the page", 0, 0)
    site = Site(catalogue, index, NOW, search_address(found), {})
    front = tuple(one for one in list_pages(site) if one.kind == "front" and one.language == LANGUAGE)
    files = tuple(one for one in planned_list_files(site) if one.inputs.get("language", LANGUAGE) == LANGUAGE)
    plan = Plan(catalogue, shared_catalogue(catalogue), index, site.today, front, files)
    printer = Printer(plan, folder / "site", None, packs=True)
    printer.place_kept()
    printer.print_missing(lambda done, of: tell("Printing files", done, of))
    others = {**found, **{file.address: file.content for file in static_files_in(catalogue.network.colours).values()}}
    printer.write_others(others.items(), lambda done, of: tell("Packing files", done, of))
    page = folder / "site" / front[0].path
    for form in ("", PACKED):
        page.with_name(page.name + form).replace(folder / "site" / f"index.html{form}")
    return SearchSite(folder / "site", search_address(found), tuple(words_to_type(index)), seconds)


def words_to_type(index: SearchIndex, count: int = 12) -> list[str]:
    """Words of titles and names, spread over the alphabet, a mistyped one and one that is not there. The same every time."""
    words = [one for part in index.names.parts for one, entry in entries(part).items() if entry.places_text and 6 <= len(one) <= 14]
    chosen = words[:: max(1, len(words) // count)][:count]
    return [*chosen, chosen[0][:3] + "x" + chosen[0][4:], "qwertyuiop"]


class Server(http.server.ThreadingHTTPServer):
    """Silent when a page is closed before it has all that it asked for."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


@contextmanager
def served(site: SearchSite) -> Iterator[tuple[str, list[str]]]:
    """The host that serves the packed files, and the addresses asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = self.path.partition("?")[0]
            asked.append(address)
            content, headers = site.answer(address) or (b"", {})
            self.send_response(200 if headers else 404)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
