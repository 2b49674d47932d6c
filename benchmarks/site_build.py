"""Measure the build of the sample network: cold, with nothing changed, and after one changed course.

Each build is a fresh process, as a school or a host runs it. Prints wall seconds (best of three), their ratio to the limit
that the project has set itself, CPU seconds and peak memory of the largest process. Exit code 1 when a build takes more than twice
its limit, which no busy machine explains. Run: .venv/bin/python benchmarks/site_build.py
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measured import SETTLED  # noqa: E402 - the folder is not installed

LIMITS = {"cold": 5.0, "nothing changed": 1.0, "one course changed": 1.0}  # seconds on two cores
ROUNDS = 3
TOO_SLOW = 2.0  # times the limit

PROGRAM = """
import json, sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from course_catalogue.catalogue import load
from tray_site.build import build
content, output, cache = (Path(argument) for argument in sys.argv[2:5])
now = datetime.fromisoformat("2026-11-23T09:41:00+02:00")
build(content, output, now=now, cache=cache, progress=False)
"""


def measure(content: Path, work: Path) -> tuple[float, float, float]:
    """Build once in a fresh process. Wall seconds, CPU seconds of it and its workers, peak MB of the largest process."""
    # With the compiled modules that Python keeps, as everywhere but in the very first run.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(content.parent / "compiled")}
    command = [sys.executable, "-c", PROGRAM, str(ROOT), str(content), str(work / "site"), str(work / "cache")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own program
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def one_round(content: Path, course: Path) -> dict[str, tuple[float, float, float]]:
    """One cold build, one with nothing changed and one after a changed sentence, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        time.sleep(SETTLED)
        figures = {"cold": measure(content, work), "nothing changed": measure(content, work)}
        original = course.read_text(encoding="utf-8")
        course.write_text(original.rstrip("\n") + "\n\nTämä lause muuttui.\n", encoding="utf-8")
        figures["one course changed"] = measure(content, work)
        course.write_text(original, encoding="utf-8")
        return figures


def too_slow(ratios: Mapping[str, float]) -> list[str]:
    """What to say of the builds whose time is too far above their limit."""
    return [f"{name}: {ratio:.2f} times the limit of {LIMITS[name]:.1f} s" for name, ratio in ratios.items() if ratio > TOO_SLOW]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        shutil.copytree(ROOT / "content", content)
        course = sorted((content / "courses").glob("*/*.md"))[0]
        courses = len(list((content / "courses").glob("*/*.md")))
        rounds = [one_round(content, course) for _ in range(ROUNDS)]
    print(f"{courses} courses, three languages, best of {ROUNDS}")
    print(f"{'build':<20} {'wall s':>7} {'limit s':>8} {'÷ limit':>8} {'CPU s':>7} {'peak MB':>8}")
    for name, limit in LIMITS.items():
        wall, cpu, memory = min(figures[name] for figures in rounds)
        print(f"{name:<20} {wall:>7.2f} {limit:>8.1f} {wall / limit:>8.2f} {cpu:>7.2f} {memory:>8.0f}")
    ratios = {name: round(min(figures[name][0] for figures in rounds) / limit, 2) for name, limit in LIMITS.items()}
    print(json.dumps(ratios))
    found = too_slow(ratios)
    print(*(f"Too slow: {one}" for one in found), sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
