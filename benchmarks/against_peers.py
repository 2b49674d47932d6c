"""Measure the build against Hugo and stock Pelican on the same courses, in one interleaved run.

`python benchmarks/against_peers.py [250 2000 …] [--write] [--without hugo,pelican] [--rounds N]`. At each size a network is made
up, and every builder builds it from nothing, once more with nothing changed, with one course changed, and with the style sheet
changed. Printed are the best of the rounds and their ratios to Hugo; `--write` puts the table into docs/benchmarks.md. The exit
code is 1 when a ratio is above twice its gate, which no busy machine explains.

The peers print plain pages with the same facts, lists and feeds in one language; ours are the real ones, with search data,
calendars and checked links. Neither packs its files. They are installed from their own hashed lock into a folder of their own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write as write_corpus  # noqa: E402 - the folder is not installed
from benchmarks.document import DOCUMENT, run_line, thousands, write_between  # noqa: E402
from benchmarks.measured import SETTLED, Measured, measured  # noqa: E402
from benchmarks.peer_content import write_hugo, write_pelican  # noqa: E402

PACKAGES = ("course_catalogue", "theme", "tray_site")  # what our build is made of
BEGIN, END = "<!-- against peers -->", "<!-- end -->"
WAYS = ("cold", "nothing changed", "one course changed", "style sheet changed")
# Of ours to Hugo's wall time and memory, by way of building and number of courses.
GATES = {("nothing changed", 10_000): 0.15, ("one course changed", 10_000): 0.15, ("cold", 10_000): 2.0}
TOO_SLOW = 2.0  # times the gate

PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from tray_site.build import build
now = datetime.fromisoformat("2026-11-23T09:41:00+02:00")
print(build(Path("content"), Path("out"), now=now, cache=Path("cache"), progress=False))
"""


@dataclass(frozen=True, slots=True)
class Builder:
    """One that builds: its name, how a network is laid out for it, the command to run there, and the style sheet it publishes."""

    name: str
    lay_out: Callable[[Path, Path], None]
    command: Sequence[str]
    style: str


def _lay_out_ours(content: Path, folder: Path) -> None:
    """With a copy of our code, so that a change to the looks is not one to this repository."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(content, folder / "content")


def builders(environment: Path) -> tuple[Builder, ...]:
    """Ours, and the peers of an environment made by `installed`."""
    programs = environment / "bin"
    return (
        Builder("Tarjotin", _lay_out_ours, (sys.executable, "-c", PROGRAM), "theme/static/tray.css/01-tokens.css"),
        Builder("Hugo", write_hugo, (str(programs / "hugo"), "--quiet", "--destination", "out"), "static/tray.css"),
        Builder(
            "Pelican",
            write_pelican,
            (str(programs / "pelican"), "content", "-s", "pelicanconf.py", "-o", "out", "-q"),
            "theme/static/tray.css",
        ),
    )


def installed() -> Path:
    """The environment of the peers, from their lock; made when it is missing or the lock has changed."""
    lock = ROOT / "benchmarks" / "requirements.lock"
    folder = ROOT / ".cache" / "peers"
    stamp = folder / "installed"
    if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603 - this interpreter
        pip = (
            str(folder / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        )
        subprocess.run(pip, check=True)  # noqa: S603 - our own lock
        stamp.write_bytes(lock.read_bytes())
    return folder


def one_round(some: Sequence[Builder], content: Path, work: Path) -> dict[tuple[str, str], Measured]:
    """Every builder in every way, the builders one after the other in each way, in new folders below `work`."""
    found: dict[tuple[str, str], Measured] = {}
    course = sorted((content / "courses").glob("*/*.md"))[0].relative_to(content)
    for one in some:
        one.lay_out(content, work / one.name)
    time.sleep(SETTLED)
    for way in WAYS:
        for one in some:
            folder = work / one.name
            if way == "one course changed":
                path = folder / "content" / course
                path.write_text(path.read_text(encoding="utf-8") + "\n\nTämä lause muuttui.\n", encoding="utf-8")
            if way == "style sheet changed":
                with (folder / one.style).open("a", encoding="utf-8") as file:
                    file.write("\n/* muuttui */\n")
            found[one.name, way] = measured(one.command, folder, {**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
            print(f"{way}, {one.name}: {found[one.name, way]}", file=sys.stderr, flush=True)
    return found


def best(rounds: Sequence[Mapping[tuple[str, str], Measured]]) -> dict[tuple[str, str], Measured]:
    """The quickest round of each, with the least CPU and the most memory of all."""
    return {
        key: Measured(
            *(choose(getattr(one[key], name) for one in rounds) for name, choose in (("wall", min), ("cpu", min), ("memory", max)))
        )
        for key in rounds[0]
    }


def table(courses: int, found: Mapping[tuple[str, str], Measured]) -> list[str]:
    """Lines of Markdown: each way of building by each builder, and the ratios to Hugo."""
    lines = [
        f"### {thousands(courses)} courses",
        "",
        "| build | by | wall s | ÷ Hugo | CPU s | ÷ Hugo | peak MB | ÷ Hugo |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for (name, way), one in sorted(found.items(), key=lambda pair: WAYS.index(pair[0][1])):
        hugo = found.get(("Hugo", way))
        pairs = [(getattr(one, part), getattr(hugo, part, 0)) for part in ("wall", "cpu", "memory")]
        cells = [
            f"{value:.{0 if place == 2 else 2}f} | {f'{value / other:.2f}' if other else '–'}" for place, (value, other) in enumerate(pairs)
        ]
        lines.append(f"| {way} | {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def too_slow(courses: int, found: Mapping[tuple[str, str], Measured]) -> list[str]:
    """What to say of the builds that are too far above their gate."""
    said = []
    for (way, size), gate in GATES.items():
        if size == courses and ("Hugo", way) in found:
            ratio = found["Tarjotin", way].wall / found["Hugo", way].wall
            if ratio > gate * TOO_SLOW:
                said.append(f"{courses} courses, {way}: {ratio:.2f} of Hugo's time; the gate is {gate}.")
    return said


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[250, 2000], help="numbers of courses (250 2000)")
    parser.add_argument("--rounds", type=int, default=0, help="how often each is measured (3; once from 10 000 courses up)")
    parser.add_argument("--without", default="", help="builders to leave out, by name, with commas between")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    some = [one for one in builders(installed()) if one.name.lower() not in options.without.lower().split(",")]
    command = f"python benchmarks/against_peers.py {' '.join(map(str, options.sizes))}"
    lines = ["", run_line(command), ""]
    said = []
    for courses in options.sizes:
        rounds = []
        for _ in range(options.rounds or (1 if courses >= 10_000 else 3)):
            with tempfile.TemporaryDirectory() as folder:
                content = Path(folder) / "content"
                write_corpus(content, courses)
                rounds.append(one_round(some, content, Path(folder)))
        found = best(rounds)
        lines += table(courses, found)
        said += too_slow(courses, found)
        print(*table(courses, found), sep="\n", flush=True)
    if options.write:
        write_between(DOCUMENT, BEGIN, END, lines)
    print(*said, sep="\n", end="\n" if said else "")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
