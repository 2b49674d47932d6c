"""The virtual environment: made from locked, hashed versions, checked by the lock file's own hash.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# The test set holds everything of the run set, so an environment made for tests also serves.
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}


def enter_environment(purpose: str, arguments: list[str]) -> None:
    """Make the virtual environment if it is missing or stale, then go on in it with the same arguments."""
    inside = Path(sys.prefix).resolve() == ENVIRONMENT.resolve()
    if _is_current(purpose):
        if inside:
            return
    else:
        _make(purpose, keep=inside)
    command = [str(PYTHON), str(ROOT / "build.py"), *arguments]
    if os.name == "nt":  # Windows' exec returns to the shell before the new process has ended
        sys.exit(subprocess.call(command))  # noqa: S603 - our own interpreter and file
    os.execv(command[0], command)  # noqa: S606 - our own interpreter and file


def _stamp(purpose: str) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"{purpose} {version} {hashlib.sha256(LOCKS[purpose].read_bytes()).hexdigest()}"


def _is_current(purpose: str) -> bool:
    try:
        installed = (ENVIRONMENT / "installed").read_text()
    except OSError:
        return False
    return PYTHON.exists() and installed in {_stamp(purpose), _stamp("test")}


def _make(purpose: str, *, keep: bool) -> None:
    lock = LOCKS[purpose]
    total = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    print(f"Making .venv with {total} packages of {lock.name}. This happens once and takes about a minute.", flush=True)
    if not keep:
        command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this interpreter
        if made.returncode != 0:
            sys.exit(
                "Python could not make a virtual environment. On Debian and Ubuntu install what it lacks with\n"
                "    sudo apt-get install python3-venv\n"
                f"and run the same command again. Python said: {(made.stdout + made.stderr).strip()}"
            )
    _install(lock, total)
    (ENVIRONMENT / "installed").write_text(_stamp(purpose))


def _install(lock: Path, total: int) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(lock)]
    output: list[str] = []
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:  # noqa: S603
        assert pip.stdout is not None  # noqa: S101 - given by PIPE
        for line in pip.stdout:
            output.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                done += 1
                _progress(f"  fetching {done}/{total}  {line.split()[1 if line.startswith('Coll') else 3].split('==')[0]}")
            elif line.startswith("Installing collected"):
                _progress(f"  installing {total} packages")
    _progress("")
    if pip.returncode != 0:
        sys.exit(
            "".join(output[-15:]) + "\nThe packages could not be installed. Check the network connection and run the same command again."
        )


def _progress(text: str) -> None:
    """Rewrite the progress line on a terminal; elsewhere (a log) print only now and then, never blanks."""
    if sys.stdout.isatty():
        print(f"\r{text:<70}", end="" if text else "\r", flush=True)
    elif text and ("fetching 1/" in text or "installing" in text):
        print(text, flush=True)
