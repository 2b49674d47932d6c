"""Measure the search as it is typed: `python benchmarks/search.py [COURSES …]`, by default 250, 10000 and 100000.

Each number of courses is a made-up network (benchmarks/corpus.py) whose index is published on this computer and asked by the
site's own script in Chromium, with the processor slowed four times. Printed: how much the index weighs and costs to make; how
much a first search loads and when it answers on a slow mobile network, from the field's focus, which loads script and
manifest, and from the first letter after that; how long a keystroke waits for its result, of the names
alone and of the texts too. Each with its ratio to the limit that the project has set itself; exit code 1 above a limit of bytes,
or when a time is more than twice its limit. What a page then draws is not measured here.
"""

from __future__ import annotations

import http.server
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write  # noqa: E402 - the folder is not installed
from course_catalogue.catalogue import load  # noqa: E402
from course_catalogue.search import SearchIndex, index_of  # noqa: E402
from course_catalogue.search.shard import entries  # noqa: E402
from tests.browser import chromium  # noqa: E402
from theme.static_file import static_files  # noqa: E402
from tray_site.files.search_data import search_address, search_files  # noqa: E402

SIZES = 250, 10_000, 100_000
SLOWED = 4  # times
# Lighthouse's slow 4G: https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6 * 1024 * 1024 / 8, "uploadThroughput": 750 * 1024 / 8}
KEY_LIMIT = 50.0  # ms from a keystroke to its result, processor slowed: the 95th of a hundred
FIRST_LIMITS = {250: (15.0, 400.0), 10_000: (100.0, 1_600.0), 100_000: (100.0, 1_500.0)}  # kB, ms of a first search by the courses
TOO_SLOW = 2.0  # times a limit of time
QUALITY = 9  # of Brotli, as the site packs what changes from build to build

TYPE = """async ([address, words, quick]) => {
  const engine = await (await import("/search.js")).open(address);
  const waited = [];
  for (const word of words) {
    for (let letters = 1; letters <= word.length; letters += 1) {
      const text = word.slice(0, letters);
      await engine.rank(text, { quick });  // with its files loaded: the network is measured by the first search
      const start = performance.now();
      await engine.rank(text, { quick });
      waited.push(performance.now() - start);
    }
  }
  return waited;
}"""
FIRST = """async ([address, word]) => {
  const focus = performance.now();
  const engine = await (await import("/search.js")).open(address);
  const letter = performance.now();
  await engine.rank(word, { quick: true });
  return [performance.now() - focus, performance.now() - letter];
}"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured with one number of courses. Bytes are Brotli's; times are ms, but `cpu` is seconds."""

    courses: int
    cpu: float
    names: int
    texts: int
    first_bytes: float  # the median of the words
    from_focus: float
    first: float  # from the first letter
    quick: float  # 95th of a hundred keystrokes, the names alone
    whole: float  # … the texts too

    def __str__(self) -> str:
        kilobytes, milliseconds = FIRST_LIMITS.get(self.courses, FIRST_LIMITS[SIZES[-1]])
        return (
            f"{self.courses:>7} courses: index {self.cpu:.1f} s CPU, names {self.names / 1000:.0f} kB, texts {self.texts / 1000:.0f} kB; "
            f"first search {self.first_bytes / 1000:.1f} kB ({self.first_bytes / 1000 / kilobytes:.2f} of the limit), "
            f"{self.first:.0f} ms ({self.first / milliseconds:.2f}) from the first letter, {self.from_focus:.0f} ms from the focus; "
            f"keystroke {self.quick:.1f} ms ({self.quick / KEY_LIMIT:.2f}), with texts {self.whole:.1f} ms ({self.whole / KEY_LIMIT:.2f})"
        )

    def is_too_much(self) -> bool:
        kilobytes, milliseconds = FIRST_LIMITS.get(self.courses, FIRST_LIMITS[SIZES[-1]])
        times = (self.first / milliseconds, self.quick / KEY_LIMIT, self.whole / KEY_LIMIT)
        return self.first_bytes > 1000 * kilobytes or max(times) > TOO_SLOW


def words_to_type(index: SearchIndex, count: int = 12) -> list[str]:
    """Words of titles and names, spread over the alphabet, a mistyped one and one that is not there. The same every time."""
    words = [one for part in index.names.parts for one, entry in entries(part).items() if entry.places_text and 6 <= len(one) <= 14]
    chosen = words[:: max(1, len(words) // count)][:count]
    return [*chosen, chosen[0][:3] + "x" + chosen[0][4:], "qwertyuiop"]


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """The host that serves packed files and the script, and the addresses asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            content = files.get(self.path, b"<!doctype html><title>A page</title>" if self.path == "/" else None)
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
            if self.path in files:
                self.send_header("Content-Encoding", "br")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def slow_page(browser_page: Page, *, is_network_slow: bool) -> Page:
    """The page with its processor slowed, and its network too where asked."""
    control = browser_page.context.new_cdp_session(browser_page)
    control.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    if is_network_slow:
        control.send("Network.enable")
        control.send("Network.emulateNetworkConditions", NETWORK)
    return browser_page


def measured(content: Path, courses: int) -> Figures:
    catalogue = load(content)
    index_of(catalogue)  # the base forms of new words are found once and kept
    start = time.process_time()
    index = index_of(catalogue)
    cpu = time.process_time() - start
    found = search_files(index)
    address = search_address(found)
    packed = {path: brotli.compress(text, quality=QUALITY) for path, text in found.items()}
    weight = {name: sum(len(content) for path, content in packed.items() if f"/{name}." in path) for name in ("index", "names", "texts")}
    script = {"/search.js": brotli.compress(static_files()["search.js"].content)}
    words = words_to_type(index)
    firsts: list[tuple[float, float, int]] = []
    with served({**packed, **script}) as (host, asked), chromium() as browser:
        for word in words[:-2]:
            with browser.new_context() as context:
                page = slow_page(context.new_page(), is_network_slow=True)
                page.goto(f"{host}/")
                asked.clear()
                from_focus, from_letter = page.evaluate(FIRST, [address, word])
                firsts.append((from_focus, from_letter, sum(len(packed[path]) for path in asked if path in packed)))
        page = slow_page(browser.new_page(), is_network_slow=False)
        page.goto(f"{host}/")
        quick, whole = (page.evaluate(TYPE, [address, words, only_names]) for only_names in (True, False))
    return Figures(
        courses,
        cpu,
        weight["index"] + weight["names"],
        weight["texts"],
        statistics.median(size for _, _, size in firsts),
        statistics.median(waited for waited, _, _ in firsts),
        statistics.median(waited for _, waited, _ in firsts),
        percentile(quick),
        percentile(whole),
    )


def percentile(values: list[float], hundredth: int = 95) -> float:
    return statistics.quantiles(values, n=100)[hundredth - 1]


def main(sizes: list[int]) -> int:
    too_much = False
    for courses in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "content", courses, ("fi", "sv", "en"))
            figures = measured(Path(folder) / "content", courses)
        print(figures, flush=True)
        too_much |= figures.is_too_much()
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or [*SIZES]))
