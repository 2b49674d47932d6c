"""The history of content files, from real repositories: merges, moves, shallow clones, odd names, strange configuration."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from zoneinfo import ZoneInfo

import pytest

from tests.tray_site.test_course_change import COURSE, but
from tray_site import git_log
from tray_site.history import PER_FILE, History, histories

FORCE = "courses/kuusikko/fy4.md"


class Repository:
    """A repository whose commits are a day apart, the first on 1.8.2026 at noon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir(parents=True)
        self.days = 0
        self.git("init", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        moment = f"2026-08-{1 + self.days % 28:02}T12:00:00+00:00"
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "A"), ("EMAIL", "a@b"))}
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=self.folder,
            env={**os.environ, **names, **dates},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        (self.content / path).parent.mkdir(parents=True, exist_ok=True)
        (self.content / path).write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None) -> None:
        for path, text in (files or {}).items():
            self.write(path, text)
        self.git("add", "--all")
        self.git("commit", "--allow-empty", "--message=x")
        self.days += 1


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def told(history: History) -> list[tuple[int, str, str]]:
    """Day of August, kind, run."""
    return [(change.at.day, change.what, change.run) for change in history.changes]


def test_a_file_has_its_days_and_its_changes_newest_first(repository: Repository) -> None:
    repository.commit({FORCE: COURSE, "pages/fi/about.md": "Hei"})
    repository.commit({FORCE: but(("seats: 30", "seats: 20"))})
    repository.commit({FORCE: but(("seats: 30", "seats: 20"), ("Anna", "Ulla")), "pages/fi/about.md": "Moi"})
    found = histories(repository.content)
    assert told(found[FORCE]) == [(3, "teacher", ""), (2, "seats", "2026-p3"), (1, "added", "")]
    assert (found[FORCE].first_on, found[FORCE].changed_on) == (date(2026, 8, 1), date(2026, 8, 3))
    assert told(found["pages/fi/about.md"]) == [(3, "other", ""), (1, "added", "")]


def test_days_are_those_of_the_zone(repository: Repository) -> None:
    repository.commit({FORCE: COURSE})
    change = histories(repository.content, zone=ZoneInfo("Pacific/Auckland"))[FORCE].changes[0]
    assert change.at == datetime(2026, 8, 1, 12, tzinfo=UTC)
    assert change.at.date() == date(2026, 8, 2)


def test_a_moved_file_keeps_its_past_and_a_new_one_in_its_place_has_its_own(repository: Repository) -> None:
    repository.commit({FORCE: COURSE})
    repository.commit({FORCE: but(("seats: 30", "seats: 20"))})
    moved = "courses/kuusikko/fy4-voima.md"
    (repository.content / FORCE).rename(repository.content / moved)
    repository.commit()
    repository.commit({FORCE: but(("Voima", "Toinen kurssi"), ("Voimia", "Aivan muuta " * 200))})
    found = histories(repository.content)
    assert told(found[moved]) == [(2, "seats", "2026-p3"), (1, "added", "")]
    assert told(found[FORCE]) == [(4, "added", "")]


def test_a_file_that_is_gone_has_no_history_and_one_that_came_back_begins_anew(repository: Repository) -> None:
    repository.commit({FORCE: COURSE, "courses/kuusikko/gone.md": COURSE.replace("Voima", "Muu" * 90)})
    (repository.content / FORCE).unlink()
    (repository.content / "courses/kuusikko/gone.md").unlink()
    repository.commit()
    repository.commit({FORCE: COURSE})
    found = histories(repository.content)
    assert set(found) == {FORCE}
    assert told(found[FORCE]) == [(3, "added", "")]


def test_what_was_merged_counts_from_its_merge(repository: Repository) -> None:
    repository.commit({FORCE: COURSE})
    repository.git("checkout", "-b", "proposal")
    repository.commit({FORCE: but(("seats: 30", "seats: 20"))})
    repository.commit({FORCE: but(("seats: 30", "seats: 20"), ("Anna", "Ulla"))})
    repository.git("checkout", "main")
    repository.commit({"pages/fi/about.md": "Hei"})
    repository.git("merge", "--no-ff", "--message=x", "proposal")
    assert told(histories(repository.content)[FORCE]) == [(5, "seats", "2026-p3"), (5, "teacher", ""), (1, "added", "")]


def test_a_shallow_clone_says_only_what_it_knows(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE, "courses/kuusikko/old.md": COURSE})
    for seats in (20, 21, 22):
        repository.commit({FORCE: but(("seats: 30", f"seats: {seats}"))})
    clone, cache = tmp_path / "clone", tmp_path / "cache"
    repository.git("clone", "--depth=2", f"file://{repository.folder}", str(clone))
    found = histories(clone / "content", cache=cache)
    assert set(found) == {FORCE}
    assert told(found[FORCE]) == [(4, "seats", "2026-p3")]
    subprocess.run(["git", "fetch", "--unshallow"], cwd=clone, check=True, capture_output=True)  # noqa: S607
    assert told(histories(clone / "content", cache=cache)[FORCE])[-1] == (1, "added", "")


@pytest.mark.parametrize("kind", ["no repository", "no commit", "broken repository", "no folder of commits"])
def test_without_commits_there_is_no_history(tmp_path: Path, kind: str) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "network.yaml").write_text("x", encoding="utf-8")
    if kind == "broken repository":
        (tmp_path / ".git").write_text("gitdir: nowhere", encoding="utf-8")
    elif kind != "no repository":
        subprocess.run(["git", "init"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607
    if kind == "no folder of commits":
        (tmp_path / ".git" / "HEAD").write_text("a" * 40, encoding="utf-8")
    assert histories(content) == {}


@pytest.mark.parametrize(
    "name", ["ä ö.md", "a\nb.md", ':100644 x y "z".md', "-rf.md", "tab\there.md", "\\n.md", "(top).md", "{a,b}.md", "日本.md"]
)
def test_any_name_of_a_file_is_its_own(repository: Repository, name: str) -> None:
    path = f"courses/kuusikko/{name}"
    repository.commit({path: COURSE, FORCE: COURSE.replace("Voima", "Muu" * 90)})
    repository.commit({path: but(("seats: 30", "seats: 20"))})
    found = histories(repository.content)
    assert set(found) == {path, FORCE}
    assert told(found[path]) == [(2, "seats", "2026-p3"), (1, "added", "")]


def test_a_name_that_is_no_text_is_kept_through_the_cache(repository: Repository, tmp_path: Path) -> None:
    (repository.content / os.fsdecode(b"\xff\xfe.txt")).write_text("x", encoding="utf-8")
    repository.commit()
    first, second = (histories(repository.content, cache=tmp_path / "cache") for _ in range(2))
    assert set(first) == set(second) == {os.fsdecode(b"\xff\xfe.txt")}


def test_links_and_files_that_are_no_text_do_no_harm(repository: Repository) -> None:
    (repository.content / "courses/kuusikko").mkdir(parents=True)
    (repository.content / "courses/kuusikko/link.md").symlink_to("/etc/passwd")
    (repository.content / "courses/kuusikko/raw.md").write_bytes(b"\xff\x00" * 9)
    (repository.content / "courses/kuusikko/huge.md").write_bytes(b"x" * 300_000)
    repository.commit({FORCE: COURSE})
    repository.commit({FORCE: but(("seats: 30", "seats: 20"))})
    found = histories(repository.content)
    assert "courses/kuusikko/link.md" not in found
    assert found["courses/kuusikko/raw.md"].changes == found["courses/kuusikko/huge.md"].changes == ()
    assert told(found[FORCE]) == [(2, "seats", "2026-p3"), (1, "added", "")]


def test_nothing_that_the_repository_names_is_run(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE})
    trap, ran = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    trap.chmod(0o755)
    names = ["core.fsmonitor", "core.pager", "pager.log", "gpg.program", "diff.external", "diff.evil.command", "diff.evil.textconv"]
    for name in [*names, "core.sshCommand", "filter.evil.smudge", "filter.evil.clean", "alias.log"]:
        repository.git("config", name, str(trap))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "log.diffMerges", "combined")
    repository.git("config", "log.showRoot", "false")
    repository.git("config", "log.follow", "true")
    (repository.folder / ".gitattributes").write_text("*.md diff=evil filter=evil\n", encoding="utf-8")
    for hook in ("post-checkout", "pre-auto-gc", "reference-transaction"):
        (repository.folder / ".git/hooks" / hook).symlink_to(trap)
    assert told(histories(repository.content)[FORCE]) == [(1, "added", "")]
    assert not ran.exists()


def test_the_surroundings_of_a_hook_do_not_lead_astray(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({FORCE: COURSE})
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")
    assert set(histories(repository.content)) == {FORCE}


def test_the_same_commit_is_asked_about_once(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE})
    cache = tmp_path / "cache"
    first = histories(repository.content, cache=cache)
    (repository.folder / ".git/objects").rename(tmp_path / "objects")
    assert histories(repository.content, cache=cache) == first
    assert histories(repository.content, cache=tmp_path / "other") == {}


@pytest.mark.parametrize("stops", ["exit 1", "exec sleep 600", 'printf "x blob 9\\nabc"'])
def test_an_answer_that_is_cut_short_is_asked_for_again(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops: str
) -> None:
    repository.commit({FORCE: COURSE})
    whole = histories(repository.content)
    lame = tmp_path / "bin" / "git"
    lame.parent.mkdir()
    lame.write_text(f'#!/bin/sh\ncase "$*" in *cat-file*) {stops}; exit;; esac\nexec {which("git")} "$@"\n', encoding="utf-8")
    lame.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{lame.parent}:{os.environ['PATH']}")
        patch.setattr(git_log, "SECONDS", 0.1 if "sleep" in stops else git_log.SECONDS)
        cut = histories(repository.content, cache=tmp_path / "cache")
        assert (set(cut), cut[FORCE].changes, cut.whole) == ({FORCE}, (), False)
    again = histories(repository.content, cache=tmp_path / "cache")
    assert (again, again.whole) == (whole, True)


@pytest.mark.parametrize("seconds", [253_402_300_800, 10**17, 2**63 - 1])
def test_a_date_beyond_the_calendar_is_left_out(repository: Repository, seconds: int) -> None:
    repository.commit({FORCE: COURSE})
    repository.write(FORCE, but(("seats: 30", "seats: 20")))
    repository.git("add", "--all")
    tree, parent = repository.git("write-tree"), repository.git("rev-parse", "HEAD")
    commit = f"tree {tree}\nparent {parent}\nauthor A <a@b> {seconds} +0000\ncommitter A <a@b> {seconds} +0000\n\nx\n"
    command = ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    made = subprocess.run(command, cwd=repository.folder, input=commit, text=True, capture_output=True, check=True)  # noqa: S603
    repository.git("update-ref", "HEAD", made.stdout.strip())
    assert all(change.at.year < 9999 for change in histories(repository.content)[FORCE].changes)
    assert told(histories(repository.content)[FORCE])[-1] == (1, "added", "")


def test_a_commit_of_a_clock_that_is_ahead_is_told_when_its_moment_has_come(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE})
    repository.commit({FORCE: but(("seats: 30", "seats: 20")), "pages/fi/about.md": "Hei"})
    early, late = datetime(2026, 8, 2, 11, tzinfo=UTC), datetime(2026, 8, 2, 12, tzinfo=UTC)
    for now, files, kinds in ((early, {FORCE}, ["added"]), (late, {FORCE, "pages/fi/about.md"}, ["seats", "added"])):
        found = histories(repository.content, now=now, cache=tmp_path / "cache")
        assert (set(found), [change.what for change in found[FORCE].changes]) == (files, kinds)


def test_a_kept_answer_that_is_damaged_is_asked_for_again(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE})
    first = histories(repository.content, cache=tmp_path)
    for name in ("histories.json", "differences.json"):
        (tmp_path / name).write_text("[", encoding="utf-8")
    assert histories(repository.content, cache=tmp_path) == first


def test_a_new_commit_gives_the_same_answer_with_the_cache_and_without(repository: Repository, tmp_path: Path) -> None:
    repository.commit({FORCE: COURSE})
    histories(repository.content, cache=tmp_path)
    repository.commit({FORCE: but(("seats: 30", "seats: 20"))})
    assert histories(repository.content, cache=tmp_path) == histories(repository.content)


def test_of_a_thousand_commits_the_newest_and_the_first_are_told(repository: Repository) -> None:
    lines = []
    for number in range(1000):
        text = but(("seats: 30", f"seats: {number}"))
        lines.append(f"commit refs/heads/main\ncommitter A <a@b> {1_785_000_000 + number * 60} +0000\ndata 1\nx")
        lines.append(f"M 100644 inline content/{FORCE}\ndata {len(text.encode())}\n{text}")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=repository.folder, input="\n".join(lines).encode(), check=True)  # noqa: S607
    history = histories(repository.content)[FORCE]
    assert [change.what for change in history.changes] == ["seats"] * PER_FILE + ["added"]
    assert history.changes[0].at.timestamp() == 1_785_000_000 + 999 * 60
    assert history.changes[-1].at.timestamp() == 1_785_000_000
