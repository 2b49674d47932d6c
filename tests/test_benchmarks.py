"""A build that takes twice its limit is a regression on any machine; one a little above it may be a busy one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import against_peers, search
from benchmarks.corpus import write
from benchmarks.document import DOCUMENT, write_between
from benchmarks.measured import Measured, measured
from benchmarks.site_build import LIMITS, too_slow
from course_catalogue.catalogue import examine


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        (dict.fromkeys(LIMITS, 0.5), []),
        (dict.fromkeys(LIMITS, 2.0), []),
        ({"cold": 0.5, "nothing changed": 2.01}, ["nothing changed: 2.01 times the limit of 1.0 s"]),
        (
            {"cold": 3.0, "one course changed": 2.5},
            ["cold: 3.00 times the limit of 5.0 s", "one course changed: 2.50 times the limit of 1.0 s"],
        ),
    ],
)
def test_more_than_twice_the_limit_is_too_slow(ratios: dict[str, float], said: list[str]) -> None:
    assert too_slow(ratios) == said


@pytest.mark.parametrize("languages", [("fi",), ("fi", "sv", "en")])
def test_the_made_up_network_is_in_order_and_always_the_same(tmp_path: Path, languages: tuple[str, ...]) -> None:
    for name in ("one", "other"):
        write(tmp_path / name, 120, languages)
    catalogue, problems = examine(tmp_path / "one")
    assert problems == []
    assert catalogue is not None
    assert (len(catalogue.courses), len(catalogue.schools), catalogue.network.languages) == (120, 26, languages)
    one, other = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.*")} for root in (tmp_path / "one", tmp_path / "other")
    )
    assert one == other


def test_a_program_is_measured_with_its_children(tmp_path: Path) -> None:
    busy = "x = bytearray(80_000_000)\nfor number in range(3_000_000): pass\nimport time; time.sleep(0.3)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    found = measured([sys.executable, "-c", program], tmp_path)
    assert found.wall > 0.3
    assert found.cpu > 0.03
    assert 80 < found.memory < 400


FIGURES = {
    ("Tarjotin", "cold"): Measured(4.0, 6.0, 50.0),
    ("Hugo", "cold"): Measured(2.0, 3.0, 100.0),
    ("Tarjotin", "nothing changed"): Measured(0.4, 0.4, 30.0),
    ("Hugo", "nothing changed"): Measured(2.0, 3.0, 100.0),
}


def test_the_table_tells_figures_and_ratios() -> None:
    lines = against_peers.table(10_000, FIGURES)
    assert lines[0] == "### 10\xa0000 courses"
    assert "| cold | Tarjotin | 4.00 | 2.00 | 6.00 | 2.00 | 50 | 0.50 |" in lines
    assert "| nothing changed | Tarjotin | 0.40 | 0.20 | 0.40 | 0.13 | 30 | 0.30 |" in lines


def test_only_what_is_far_above_its_gate_is_too_slow() -> None:
    assert against_peers.too_slow(10_000, FIGURES) == []
    slow = {**FIGURES, ("Tarjotin", "nothing changed"): Measured(0.7, 0.7, 30.0)}
    assert against_peers.too_slow(10_000, slow) == ["10000 courses, nothing changed: 0.35 of Hugo's time; the gate is 0.15."]
    assert against_peers.too_slow(250, slow) == []


def test_the_tables_stand_between_their_marks(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("before\n<!-- one -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    write_between(document, "<!-- one -->", "<!-- end -->", ["new"])
    assert document.read_text(encoding="utf-8") == "before\n<!-- one -->\nnew\n<!-- end -->\nafter\n"
    with pytest.raises(ValueError, match="<!-- other -->, and after it <!-- end -->, are missing"):
        write_between(document, "<!-- other -->", "<!-- end -->", ["newer"])


@pytest.mark.parametrize("benchmark", [against_peers, search])
def test_the_document_has_a_place_for_the_tables_of_each_benchmark(benchmark: ModuleType, tmp_path: Path) -> None:
    document = tmp_path / DOCUMENT.name
    document.write_bytes(DOCUMENT.read_bytes())
    write_between(document, benchmark.BEGIN, benchmark.END, ["the newest"])
    assert document.read_text(encoding="utf-8").count("the newest") == 1
