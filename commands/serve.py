"""Show the whole thing on this computer: build the site, bring the database up to date, start the service, watch the content.

The site is built and the database migrated in processes of their own: the service never imports Pelican, and a
change to a template or to the code is seen by the next build.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from watchfiles import watch

from commands.bootstrap import ROOT
from commands.clock import shown_day
from course_catalogue.catalogue import ContentProblems, load

HOST = "127.0.0.1"


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Exit code 1 if the content is broken at the start, the port is taken or the service ends by itself."""
    if not _port_is_free(options.port):
        print(f"Port {options.port} is in use. Choose another: python3 build.py serve --port {options.port + 1}")
        return 1
    try:
        options.today, said = shown_day(options.content, options.today)
    except ContentProblems:
        return _build(options)  # prints every problem
    if said:
        print(said)
    environment = _environment(options)
    if _build(options) != 0 or not _prepare_database(environment):
        return 1
    for stop in (signal.SIGINT, signal.SIGTERM):  # said outright: a shell starts background jobs deaf to SIGINT
        signal.signal(stop, signal.default_int_handler)
    return _serve(options, environment)


def _prepare_database(environment: dict[str, str]) -> bool:
    """Migrate, and give a sample network its autumn. False if either has refused; it has said why."""
    commands = ([sys.executable, "-m", "enrol_service", step] for step in ("migrate", "sample"))
    return all(subprocess.call(command, env=environment, cwd=ROOT) == 0 for command in commands)  # noqa: S603 - our own commands


def _serve(options: argparse.Namespace, environment: dict[str, str]) -> int:
    service = _start(options.port, environment)
    try:
        _wait_until_it_answers(options.port, service)
        if service.poll() is None:
            _say_what_to_open(options)
        _watch(options, service)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        ended = service.poll() is not None
        if not ended:
            _stop(service)
    if ended:
        print(f"The service ended by itself (exit code {service.returncode}); what it said stands above.")
        return 1
    print("Stopped.")
    return 0


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _site(options: argparse.Namespace) -> Path:
    site: Path = options.data / "site"
    return site


def _build(options: argparse.Namespace) -> int:
    command = [sys.executable, str(ROOT / "build.py"), "site", "--no-pack"]
    command += ["--content", str(options.content), "--output", str(_site(options))]
    command += ["--today", str(options.today)] if options.today else []
    command += ["--no-cache"] if options.no_cache else []
    return subprocess.call(command)  # noqa: S603 - our own command


def _environment(options: argparse.Namespace) -> dict[str, str]:
    """For showing, never for real use: an operator's database and mail server are left out of it."""
    theirs = ("DATABASE_URL", "SMTP_URL", "TARJOTIN_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(theirs)},
        "TARJOTIN_ENVIRONMENT": "development",
        "TARJOTIN_CONTENT": str(options.content.resolve()),
        "TARJOTIN_SITE": str(_site(options).resolve()),
        "TARJOTIN_DATA": str(options.data.resolve()),
        "TARJOTIN_SERVICE_URL": f"http://{HOST}:{options.port}",
        "TARJOTIN_TODAY": str(options.today or ""),
    }


def _start(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "2", "--no-ws", "--log-level", "warning", "enrol_service.wsgi:app"]
    # A group of its own: Ctrl-C reaches this process alone, which then ends the service in order.
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)  # noqa: S603


def _wait_until_it_answers(port: int, service: subprocess.Popen[bytes]) -> None:
    """Return when the service takes connections, or has ended, so that what is printed can be opened at once."""
    while service.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _say_what_to_open(options: argparse.Namespace) -> None:
    address = f"http://{HOST}:{options.port}"
    schools = load(options.content, forks=True).schools.values()
    coordinator = next((contact.email for school in schools for contact in school.contacts_for("coordinator")), None)
    print(f"\nOpen {address}/          the tray: find a course and enrol")
    print(f"     {address}/mailbox   the mails it sends, with their links")
    sign_in = f"     {address}/staff     sign in as a school" + (f", for example {coordinator}" if coordinator else "")
    print(f"{sign_in}\n\nA changed content file rebuilds the site by itself. Ctrl-C stops.", flush=True)


def _watch(options: argparse.Namespace, service: subprocess.Popen[bytes]) -> None:
    folders = [path for path in (options.content, ROOT / "theme") if path.exists()]
    for changes in watch(*folders, rust_timeout=500, yield_on_timeout=True, raise_interrupt=True):
        if service.poll() is not None:
            return
        if changes:
            names = sorted({Path(path).name for _, path in changes})
            print(f"Changed: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}", flush=True)
            _build(options)


def _stop(service: subprocess.Popen[bytes]) -> None:
    """Ask the service to end; after ten seconds end it and its worker."""
    service.terminate()
    try:
        service.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(service.pid, signal.SIGKILL)
        service.wait()
