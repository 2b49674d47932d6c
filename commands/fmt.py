"""Write the content files in their canonical form: the one that the web editor writes too. A second run changes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from course_catalogue.form import canonical_text, kind_of


def run(options: argparse.Namespace) -> int:
    """Tidy the files, or with --check only name those that are not tidy (exit code 1 if there are any)."""
    content: Path = options.content.resolve()
    changed = [path for path in _files(content, options.files) if _tidy(content, path, write=not options.check)]
    for path in changed:
        print(f"{'would change' if options.check else 'tidied'}: {path}")
    if not changed:
        print("Every file is tidy.")
    if options.check and changed:
        print("Tidy them with: python3 build.py fmt")
        return 1
    return 0


def _files(content: Path, chosen: list[Path]) -> list[str]:
    """Paths below the content folder with forward slashes. Symbolic links are left alone: the check refuses them."""
    found = [path.absolute() for path in chosen] or sorted(content.rglob("*"))
    files = [path for path in found if path.is_relative_to(content) and path.is_file() and not path.is_symlink()]
    return [path for path in (file.relative_to(content).as_posix() for file in files) if kind_of(path)]


def _tidy(content: Path, path: str, *, write: bool) -> bool:
    """Whether the file differs from its canonical form. A file that is not UTF-8 is left for the check to name."""
    file = content / path
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    tidy = canonical_text(path, text)
    if tidy.encode() == file.read_bytes():
        return False
    if write:
        file.write_text(tidy, encoding="utf-8", newline="\n")
    return True
