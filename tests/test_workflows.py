"""The workflows of a network's own repository: no secrets near a proposal, nothing unpinned, the checker from the main branch."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ALLOWED = {"actions/checkout", "actions/setup-python", "actions/upload-pages-artifact", "actions/deploy-pages"}


def _read(path: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_an_allowed_one_pinned_to_a_commit(path: Path) -> None:
    for step in _steps(_read(path)):
        if "uses" in step:
            name, _, revision = step["uses"].partition("@")
            assert name in ALLOWED
            assert re.fullmatch(r"[0-9a-f]{40}", revision), step["uses"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_given_job_by_job_and_checkouts_keep_no_credentials(path: Path) -> None:
    workflow = _read(path)
    assert workflow["permissions"] == {}
    for step in _steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_a_proposal_is_checked_without_secrets_by_the_main_branch() -> None:
    text = (FOLDER / "check.yml").read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text
    workflow = _read(FOLDER / "check.yml")
    assert workflow["jobs"]["content"]["permissions"] == {"contents": "read"}
    proposal, checker = (step["with"] for step in _steps(workflow) if step.get("uses", "").startswith("actions/checkout@"))
    assert checker["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert proposal["sparse-checkout"] == "content"
    runs = [step["run"] for step in _steps(workflow) if "run" in step]
    assert all(run.startswith(f"python3 {checker['path']}/build.py ") for run in runs)
    # Nothing a stranger writes (title, branch name) is pasted into a shell.
    assert not any("${{" in run for run in runs)


def test_the_errors_of_a_proposal_stand_at_the_lines_of_its_files(tmp_path: Path) -> None:
    """Laid out as the workflow lays it out: the proposal at the root, the checker elsewhere."""
    shutil.copytree(ROOT / "tests" / "networks" / "small", tmp_path / "content")
    course = sorted((tmp_path / "content" / "courses").glob("*/*.md"))[0]
    course.write_text(course.read_text(encoding="utf-8").replace("credits:", "credit:"), encoding="utf-8")
    run = next(step["run"] for step in _steps(_read(FOLDER / "check.yml")) if "check" in step.get("run", ""))
    arguments = shlex.split(run.replace("$GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md")))[2:]
    ended = subprocess.run([sys.executable, str(ROOT / "build.py"), *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 1
    path = course.relative_to(tmp_path).as_posix()
    assert f"file={path},line=" in ended.stdout
    assert path in (tmp_path / "summary.md").read_text(encoding="utf-8").replace("\\", "")


def test_the_site_is_built_on_merge_and_every_night() -> None:
    triggers = _read(FOLDER / "publish.yml")[True]  # YAML 1.1 reads the key `on` as true
    assert triggers["push"] == {"branches": ["main"]}
    assert [schedule["cron"] for schedule in triggers["schedule"]] == ["10 1 * * *"]


def test_the_site_is_built_for_the_host_of_the_service() -> None:
    """A host of files cannot take a form; and a variable goes through the environment, never into a shell's line."""
    build = next(step for step in _steps(_read(FOLDER / "publish.yml")) if "build.py site" in step.get("run", ""))
    assert shlex.split(build["run"])[-2:] == ["--service", "$SERVICE_URL"]
    assert build["env"] == {"SERVICE_URL": "${{ vars.SERVICE_URL }}"}
    runs = [step["run"] for path in WORKFLOWS for step in _steps(_read(path)) if "run" in step]
    assert not any("${{" in run for run in runs)
