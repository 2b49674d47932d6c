"""Run the tests, browser tests included. Without Chromium they are skipped visibly; in CI that is a failure."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from commands.bootstrap import ROOT


def run(options: argparse.Namespace) -> int:
    """Return pytest's exit code."""
    if shutil.which("chromium") is None:
        print("Chromium is missing, so the browser tests cannot run. Install it with\n    sudo apt-get install chromium", flush=True)
        if os.environ.get("CI") == "true":
            return 1
    workers = [] if options.rest else ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    return subprocess.call([sys.executable, "-m", "pytest", *workers, *options.rest], cwd=ROOT)  # noqa: S603 - what the person typed
