"""The git commit that a folder's files came from, read from .git without running git."""

from __future__ import annotations

import re
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def commit_of(folder: Path) -> str | None:
    """The commit checked out in the repository around `folder`, or None outside one."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        if (parent / ".git").exists():
            try:
                return _head(parent / ".git")
            except OSError:
                return None
    return None


def _head(git: Path) -> str | None:
    if git.is_file():  # a worktree or a submodule
        git = (git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref:"):
        return head if COMMIT.fullmatch(head) else None
    name = head.removeprefix("ref:").strip()
    common = git / "commondir"
    shared = (git / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else git
    for root in (git, shared):
        if (root / name).is_file():
            return (root / name).read_text(encoding="utf-8").strip()
    packed = shared / "packed-refs"
    for line in packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else ():
        if line.endswith(" " + name):
            return line.split(" ")[0]
    return None
