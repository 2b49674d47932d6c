"""The commit of a folder is read from git's own files: a branch, packed references, a detached head, a worktree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from course_catalogue.commit import commit_of


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Anna", "-c", "user.email=anna@kuusikko.example", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "content").mkdir(parents=True)
    git(folder, "init")
    (folder / "content/network.yaml").write_text("x", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "Begin")
    return folder


def test_the_commit_of_a_branch(repository: Path) -> None:
    assert commit_of(repository / "content") == git(repository, "rev-parse", "HEAD")


def test_the_commit_of_packed_references(repository: Path) -> None:
    git(repository, "pack-refs", "--all")
    assert commit_of(repository / "content") == git(repository, "rev-parse", "HEAD")


def test_the_commit_of_a_detached_head(repository: Path) -> None:
    git(repository, "checkout", "--detach")
    assert commit_of(repository) == git(repository, "rev-parse", "HEAD")


def test_the_commit_of_a_worktree(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", str(tmp_path / "other"))
    assert commit_of(tmp_path / "other" / "content") == git(repository, "rev-parse", "HEAD")


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init")
    assert commit_of(tmp_path) is None


def test_outside_a_repository_there_is_none(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None
