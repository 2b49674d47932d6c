"""Measure the search as it is typed: `python benchmarks/search.py [250 10000 100000 …] [--write]`.

Each number of courses is a made-up network (benchmarks/corpus.py) of which the search data, the list data and the front page are
published on this computer, packed as the site packs them, and opened in Chromium. Measured are what the search data weigh and
what the index costs to make; how much a first search loads and when its first rows stand, on a slow mobile network with the
processor slowed four times, from the first letter and from the focus, which loads the scripts; and how long a keystroke waits
for which courses are found, counted for the filters and ordered, as every part of the index is met for the first time.
`--write` puts the table into docs/benchmarks.md. The exit code is 1 above a gate of bytes, or when a time is above twice its gate.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.document import DOCUMENT, run_line, thousands, write_between  # noqa: E402 - the folder is not installed
from benchmarks.search_site import NOW, SearchSite, published, served  # noqa: E402
from tests.browser import PHONE, chromium  # noqa: E402
from theme.static_file import static_files  # noqa: E402

BEGIN, END = "<!-- search -->", "<!-- end of search -->"
SIZES = 250, 10_000, 100_000
SLOWED = 4  # times
# Lighthouse's slow 4G: https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6 * 1024 * 1024 / 8, "uploadThroughput": 750 * 1024 / 8}
FIRST_GATES = {250: (15.0, 400.0), 10_000: (250.0, 1_600.0), 100_000: (100.0, 1_500.0)}  # kB and ms of a first search, by courses
KEY_GATE, SLOW_KEY_GATE = 16.0, 50.0  # ms from a keystroke to what it finds, the 95th of a hundred; with the processor slowed
TOO_SLOW = 2.0  # times a gate of time

# Milliseconds until rows stand that were found: from the focus, or with `waits` from a letter after what the focus asks for has come.
FIRST = """async ([word, manifest, waits]) => {
  const field = document.getElementById("filter").elements.q;
  const total = document.querySelector("[data-total]");
  const drawn = document.querySelector("[data-start]"); // else all rows are in the page, and change with the total
  const come = () => performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.endsWith(manifest) && responseEnd > 0);
  let start = performance.now();
  field.focus();
  while (waits && !come()) await new Promise((done) => setTimeout(done, 20));
  if (waits) start = performance.now();
  const changed = new Promise((done) => {
    if (drawn) document.addEventListener("tarjotin:rows", done, { once: true });
    else new MutationObserver(done).observe(total, { childList: true });
  });
  field.value = word;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await changed;
  return performance.now() - start;
}"""

# Milliseconds of each keystroke. The words are typed twice, the second time with the answers of the first: the network has its own figure.
TYPE = """async ([scripts, words, now]) => {
  const [search, facets, address] = await Promise.all(scripts.map((one) => import(one)));
  const where = document.querySelector("[data-list-words]").dataset;
  const columns = facets.opened(await (await fetch(where.columns)).json());
  const answers = new Map();
  const ask = window.fetch;
  window.fetch = async (one) => {
    if (!answers.has(one)) answers.set(one, await (await ask(one)).text());
    return new Response(answers.get(one));
  };
  const texts = words.flatMap((word) => Array.from(word, (_, letter) => word.slice(0, letter + 1)));
  const typed = async () => {
    const engine = await search.open(where.search);
    const waited = [];
    for (const text of texts) {
      const asked = { ...address.nothing(), q: text };
      const start = performance.now();
      const { scores } = await engine.rank(text);
      const { numbers } = facets.find(columns, asked, now, scores, null);
      facets.ordered(columns, numbers, asked, now, { scores, titles: null, lang: document.documentElement.lang });
      waited.push(performance.now() - start);
    }
    return waited;
  };
  await typed();
  return typed();
}"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured with one number of courses. Bytes are Brotli's; times are ms, but `cpu` is seconds."""

    courses: int
    cpu: float
    names: int
    texts: int
    first_bytes: float  # the median of the words: search data and rows
    from_focus: float
    first: float  # from the first letter
    key: float  # 95th of a hundred keystrokes
    slow_key: float  # … with the processor slowed

    def row(self) -> str:
        """The figures as a line of the table."""
        kilobytes, milliseconds = gates(self.courses)
        return (
            f"| {thousands(self.courses)} | {self.cpu:.1f} | {self.names / 1000:.0f} | {self.texts / 1000:.0f} "
            f"| {self.first_bytes / 1000:.1f} | {self.first_bytes / 1000 / kilobytes:.2f} "
            f"| {self.first:.0f} | {self.first / milliseconds:.2f} | {self.from_focus:.0f} "
            f"| {self.key:.1f} | {self.key / KEY_GATE:.2f} | {self.slow_key:.1f} | {self.slow_key / SLOW_KEY_GATE:.2f} |"
        )

    def is_too_much(self) -> bool:
        kilobytes, milliseconds = gates(self.courses)
        times = (self.first / milliseconds, self.key / KEY_GATE, self.slow_key / SLOW_KEY_GATE)
        return self.first_bytes > 1000 * kilobytes or max(times) > TOO_SLOW


HEAD = (
    "| courses | index CPU s | names kB | texts kB | first search kB | ÷ gate | first rows ms | ÷ gate | from focus ms "
    "| key ms | ÷ gate | key, slowed ms | ÷ gate |",
    "|" + "--:|" * 13,
)


def gates(courses: int) -> tuple[float, float]:
    """kB and ms of a first search: the gates of the next size for which there are any."""
    return next((found for size, found in FIRST_GATES.items() if courses <= size), FIRST_GATES[SIZES[-1]])


def slowed(page: Page, *, is_network_slow: bool) -> Page:
    """The page with its processor slowed, and its network too where asked."""
    control = page.context.new_cdp_session(page)
    control.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    if is_network_slow:
        control.send("Network.enable")
        control.send("Network.emulateNetworkConditions", NETWORK)
    return page


def first_rows(browser: Browser, site: SearchSite, host: str, asked: list[str], *, waits: bool) -> list[tuple[float, int]]:
    """Of each word, searched first on a page of its own, ms and bytes of what was loaded for it, without what comes beside."""
    found = []
    for word in site.words[:-2]:
        with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]  # a size, as Playwright's own type has it
            context.add_init_script(f"Date.now = () => {int(NOW.timestamp() * 1000)}")
            page = slowed(context.new_page(), is_network_slow=True)
            page.goto(f"{host}/", wait_until="networkidle")
            asked.clear()
            waited: float = page.evaluate(FIRST, [word, site.manifest, waits])
            found.append((waited, sum(site.weight(one) for one in asked if one.startswith(("/static/search/", "/list/")))))
    return found


def keystrokes(page: Page, site: SearchSite, host: str) -> list[float]:
    page.goto(f"{host}/")
    scripts = [static_files()[name].address for name in ("search.js", "facets.js", "address.js")]
    waited: list[Any] = page.evaluate(TYPE, [scripts, site.words, int(NOW.timestamp() // 60)])
    return waited


def measured(site: SearchSite, courses: int, tell: Progress) -> Figures:
    with served(site) as (host, asked), chromium() as browser:
        tell("First rows", 0, 0)
        firsts = first_rows(browser, site, host, asked, waits=True)
        tell("First rows from the focus", 0, 0)
        from_focus = first_rows(browser, site, host, asked, waits=False)
        tell("Keystrokes", 0, 0)
        keys = keystrokes(browser.new_page(), site, host)
        tell("Keystrokes, slowed", 0, 0)
        slow_keys = keystrokes(slowed(browser.new_page(), is_network_slow=False), site, host)
    return Figures(
        courses,
        site.index_seconds,
        site.weight_of("static/search/index.*") + site.weight_of("static/search/names.*"),
        site.weight_of("static/search/texts.*"),
        statistics.median(size for _, size in from_focus),
        statistics.median(waited for waited, _ in from_focus),
        statistics.median(waited for waited, _ in firsts),
        percentile(keys),
        percentile(slow_keys),
    )


def percentile(values: list[float], hundredth: int = 95) -> float:
    return statistics.quantiles(values, n=100)[hundredth - 1]


class Progress:
    """Says each step of a size once, with the seconds since its beginning and the most memory that this process has had."""

    def __init__(self, courses: int) -> None:
        self._courses = courses
        self._start = time.monotonic()
        self._said = ""

    def __call__(self, name: str, _done: int, _of: int) -> None:
        if name != self._said:
            self._said = name
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            told = f"{self._courses} courses, {time.monotonic() - self._start:.0f} s, {memory:.0f} MB: {name}"
            print(told, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[*SIZES], help=f"numbers of courses ({' '.join(map(str, SIZES))})")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    lines = ["", run_line(f"python benchmarks/search.py {' '.join(map(str, options.sizes))}"), "", *HEAD]
    print(*HEAD, sep="\n", flush=True)
    too_much = False
    for courses in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            tell = Progress(courses)
            figures = measured(published(Path(folder), courses, tell), courses, tell)
        lines.append(figures.row())
        print(figures.row(), flush=True)
        too_much |= figures.is_too_much()
    if options.write:
        write_between(DOCUMENT, BEGIN, END, [*lines, ""])
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
