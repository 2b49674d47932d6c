"""Who may import whom. The service never imports Pelican, which replaces the logger classes of the process that imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("course_catalogue", "theme", "tray_site", "enrol_service", "commands")

# package → our packages that it may import
ALLOWED: Mapping[str, frozenset[str]] = {
    "course_catalogue": frozenset(),
    "theme": frozenset({"course_catalogue"}),
    "tray_site": frozenset({"course_catalogue", "theme"}),
    "enrol_service": frozenset({"course_catalogue", "theme"}),
    "commands": frozenset({"course_catalogue", "theme", "tray_site", "enrol_service"}),
}
# outside package → our packages that may import it
ONLY: Mapping[str, frozenset[str]] = {
    "pelican": frozenset({"tray_site"}),
    "markdown": frozenset({"tray_site"}),
    "nh3": frozenset({"tray_site"}),
    "flask": frozenset({"enrol_service"}),
    "werkzeug": frozenset({"enrol_service"}),
    "sqlalchemy": frozenset({"enrol_service"}),
    "alembic": frozenset({"enrol_service"}),
    "jsonschema": frozenset(),
}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The full names that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say the whole name instead of a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def outgoing(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in outgoing(path) & {*PACKAGES, "build", "tests"}
        if name != package and name not in ALLOWED[package]
    }
    assert wrong == set()


@pytest.mark.parametrize("outside", ONLY)
def test_a_library_is_used_by_its_own_package_alone(outside: str) -> None:
    wrong = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        if package not in ONLY[outside] and package != "commands"
        for path in modules(package)
        if outside in outgoing(path)
    }
    assert wrong == set()


def test_only_the_service_s_pages_know_that_they_are_on_the_web() -> None:
    """The rules answer to the pages, to mails and to the clock alike."""
    wrong = {
        str(path.relative_to(ROOT))
        for path in modules("enrol_service")
        if outgoing(path) & {"flask", "werkzeug"} and "web" not in path.relative_to(ROOT).parts
    }
    assert wrong <= {"enrol_service/__init__.py", "enrol_service/__main__.py", "enrol_service/wsgi.py"}


def test_the_service_does_not_import_pelican_even_indirectly() -> None:
    """Follows our own imports from every module of the service."""
    waiting = modules("enrol_service") + modules("theme")
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        assert not outgoing(path) & {"pelican", "tray_site"}, path
        waiting += [found for name in imported(path) for found in _files_of(name)]


def _files_of(name: str) -> list[Path]:
    """The files that importing a name of ours runs: the module and its packages."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return []
    found = [ROOT.joinpath(*parts[:length]) / "__init__.py" for length in range(1, len(parts) + 1)]
    found += [ROOT.joinpath(*parts[:length]).with_suffix(".py") for length in range(1, len(parts) + 1)]
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("package", ["course_catalogue"])
def test_the_catalogue_reads_no_clock(package: str) -> None:
    """Now and today are arguments, so that a page and a promise can be made for any moment."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow") and isinstance(node.value, ast.Name)
        if node.value.id in ("datetime", "date", "time")
    ]
    assert wrong == []


def test_build_py_needs_nothing_but_the_standard_library_to_begin() -> None:
    import sys

    for path in (ROOT / "build.py", ROOT / "commands" / "bootstrap.py", ROOT / "commands" / "parser.py"):
        assert outgoing(path) <= set(sys.stdlib_module_names) | {"commands", "__future__"}, path


def test_every_file_says_in_its_first_line_what_it_keeps_true() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in modules(package)
        if (text := path.read_text(encoding="utf-8")).strip() and ast.get_docstring(ast.parse(text)) is None
    ]
    assert silent == []
