"""The git commit that a folder's files came from, read from .git without running git."""

from __future__ import annotations

import re
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def commit_of(folder: Path) -> str | None:
    """The commit checked out in the repository around `folder`, or None outside one."""
    try:
        git = _git_of(folder)
        return _head(git) if git else None
    except OSError:
        return None


def shallow_beginnings(folder: Path) -> frozenset[str]:
    """The commits before which a shallow clone knows nothing; none in a whole repository, or outside one."""
    try:
        git = _git_of(folder)
        return frozenset((_shared(git) / "shallow").read_text(encoding="utf-8").split()) if git else frozenset()
    except OSError:
        return frozenset()


def _git_of(folder: Path) -> Path | None:
    """The folder in which git keeps what it knows of the work tree around `folder`."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        git = parent / ".git"
        if git.is_file():  # a worktree or a submodule
            return (parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        if git.exists():
            return git
    return None


def _shared(git: Path) -> Path:
    """The folder of what all work trees of a repository have in common."""
    common = git / "commondir"
    return (git / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else git


def _head(git: Path) -> str | None:
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref:"):
        return head if COMMIT.fullmatch(head) else None
    name = head.removeprefix("ref:").strip()
    shared = _shared(git)
    for root in (git, shared):
        if (root / name).is_file():
            return (root / name).read_text(encoding="utf-8").strip()
    packed = shared / "packed-refs"
    for line in packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else ():
        if line.endswith(" " + name):
            return line.split(" ")[0]
    return None
