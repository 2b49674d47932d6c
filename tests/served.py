"""A real `build.py serve` for tests: its own port, data folder and, where wanted, its own copy of the content."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOW_DAY = "2026-11-23"


class Served:
    """A running service: its address, its process and everything it has printed so far."""

    def __init__(self, process: subprocess.Popen[str], address: str, log: Path) -> None:
        self.process = process
        self.address = address
        self._log = log

    def printed(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:  # noqa: S310 - our own loopback address
            return str(answer.read().decode())

    def interrupt(self) -> int:
        """Press Ctrl-C and wait for the end; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: object, seconds: float = 60) -> None:
    """Call `true` until it answers truthfully; AssertionError after `seconds`."""
    assert callable(true)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"still not true after {seconds} s")


@contextmanager
def serve(data: Path, *arguments: str) -> Iterator[Served]:
    """Start `build.py serve` and wait until it says what to open; end it whatever happens."""
    port = free_port()
    log = data / "serve.log"
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(port), "--data", str(data), "--today", SHOW_DAY, *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, text=True, env=environment)  # noqa: S603
    served = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: process.poll() is not None or ("Ctrl-C stops" in served.printed() and _answers(served)), 120)
        assert process.poll() is None, served.printed()
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(served: Served) -> bool:
    try:
        served.get("/healthz")
    except OSError:
        return False
    return True
