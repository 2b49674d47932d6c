"""The outside judges of the pages: Lighthouse and the Nu HTML checker, installed from locked, hashed versions."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKED = Path(__file__).resolve().parent / "node"
INSTALLED = ROOT / ".cache" / "quality"
LIGHTHOUSE = INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
NU = INSTALLED / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Debian's wrapper script adds flags of its own.
CHROMIUM = next((path for path in ("/usr/lib/chromium/chromium", shutil.which("chromium") or "") if Path(path).is_file()), "chromium")


def install() -> None:
    """Install what the lock file names, unless it is there. No script of a package is run."""
    files = ("package.json", "package-lock.json", ".npmrc")
    wanted = hashlib.sha256(b"".join((LOCKED / name).read_bytes() for name in files)).hexdigest()
    stamp = INSTALLED / "installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in files:
        shutil.copy(LOCKED / name, INSTALLED / name)
    run(["npm", "ci", "--no-progress", "--loglevel=error"], cwd=INSTALLED)
    stamp.write_text(wanted, encoding="utf-8")


def run(command: list[str], cwd: Path = ROOT, environment: Mapping[str, str] | None = None, accepted: tuple[int, ...] = (0,)) -> str:
    """What a judge prints. RuntimeError with all it has said when it ends otherwise than expected."""
    settings = {**os.environ, **(environment or {})}
    ended = subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if ended.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}")
    return ended.stdout
