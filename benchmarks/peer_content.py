"""Lays a network's content out as Hugo and stock Pelican want it: the same course files with a few more lines, the rest as data."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import yaml

PEERS = Path(__file__).with_name("peers")


def write_hugo(content: Path, folder: Path) -> None:
    """A Hugo site of the content in a new folder: schools and subjects are its taxonomies."""
    shutil.copytree(PEERS / "hugo", folder)
    (folder / "static").mkdir()
    shutil.copy(PEERS / "tray.css", folder / "static" / "tray.css")
    (folder / "data").mkdir()
    for name, value in _data(content).items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False, default=str), encoding="utf-8")
    for path in _courses(content):
        school, name = path.parts[-2:]
        subject = name.partition("-")[0]
        _write_course(
            path, folder / "content" / "courses" / school / name, f"school: {school}\nschools: [{school}]\nsubjects: [{subject}]\n"
        )


def write_pelican(content: Path, folder: Path) -> None:
    """A Pelican site of the content in a new folder: subjects are its categories, schools its authors."""
    shutil.copytree(PEERS / "pelican", folder)
    (folder / "theme" / "static").mkdir()
    shutil.copy(PEERS / "tray.css", folder / "theme" / "static" / "tray.css")
    (folder / "data.json").write_text(json.dumps(_data(content), ensure_ascii=False, default=str), encoding="utf-8")
    for path in _courses(content):
        school, name = path.parts[-2:]
        subject = name.partition("-")[0].upper()
        more = f"date: 2026-08-01\nslug: {path.stem}\nschool: {school}\nauthor: {school}\ncategory: {subject}\n"
        _write_course(path, folder / "content" / "courses" / school / name, more)


def _courses(content: Path) -> list[Path]:
    return sorted((content / "courses").glob("*/*.md"))


def _write_course(path: Path, target: Path, more: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8")
    summary = text.partition("\nsummary: ")[2].partition("\n")[0]
    more += f"summary_line: {summary}\n"  # Pelican takes `summary` for a text of its own
    target.write_text(text.replace("---\n", "---\n" + more, 1), encoding="utf-8")


def _data(content: Path) -> dict[str, Any]:
    with (content / "vocabulary/modules.csv").open(encoding="utf-8", newline="") as file:
        modules = {row["code"]: row["name_fi"] for row in csv.DictReader(file)}
    return {
        "modules": modules,
        "schools": {path.stem: _yaml(path) for path in sorted((content / "schools").glob("*.yaml"))},
        "subjects": _yaml(content / "vocabulary/subjects.yaml"),
        "agreement": _yaml(content / "agreements/2026-2027.yaml"),
    }


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
