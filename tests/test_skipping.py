"""Where CI is "true" a skipped test is a failed one; elsewhere it is skipped visibly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
WAYS = {
    "mark": "@pytest.mark.skip(reason='no browser')\ndef test_it(): pass\n",
    "condition": "@pytest.mark.skipif(True, reason='no browser')\ndef test_it(): pass\n",
    "call": "def test_it(): pytest.skip('no browser')\n",
    "fixture": "@pytest.fixture\ndef browser(): pytest.skip('no browser')\ndef test_it(browser): pass\n",
    "file": "pytest.skip('no browser', allow_module_level=True)\n",
}


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_in_ci(tmp_path: Path, ci: str, code: int) -> None:
    shutil.copy(TESTS / "conftest.py", tmp_path)
    for name, text in WAYS.items():
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n\n{text}", encoding="utf-8")
    (tmp_path / "test_other.py").write_text("def test_it(): pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "--continue-on-collection-errors", str(tmp_path)]
    ended = subprocess.run(command, cwd=tmp_path, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == code, ended.stdout
    assert ended.stdout.count("In CI every test has to run.") == (len(WAYS) if ci else 0)
    assert ("5 skipped" in ended.stdout) == (not ci)
    assert "no browser" in ended.stdout
