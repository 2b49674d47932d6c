"""The command line: which commands there are, in words a teacher understands. Standard library only."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A host, no path. Forms with names in them go there: without TLS only on this computer.
SERVICE = re.compile(r"(?:https://[a-z0-9-]+(?:\.[a-z0-9-]+)*|http://(?:localhost|127\.0\.0\.1))(?::[0-9]{1,5})?")

EXAMPLES = """examples:
  python3 build.py serve                           look at the tray on this computer, with the enrolment service
  python3 build.py check                           are all course files right? what to write instead, if not
  python3 build.py new course jarvilukio maa3      start a new course file
  python3 build.py site --service https://service.example   build the public site for another host than the service's
  python3 build.py fmt                             tidy the course files
  python3 build.py test                            run the tests
"""


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. Ends the process with help or one sentence if it cannot be read."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unknown here: {' '.join(rest)} (see build.py {options.command} --help)")
    options.rest = rest
    return options


def run(options: argparse.Namespace) -> int:
    """Run the chosen command and return its exit code. Called inside the project's environment."""
    module = import_module(f"commands.{options.command}")
    spread = import_module("course_catalogue.spread")  # by name, as above: to read the command line the standard library is enough
    try:
        code: int = module.run(options)
    except spread.ProcessLost as lost:
        print(lost, file=sys.stderr)
        return 1
    return code


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date; write it as 2026-11-23') from None


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port; write a number from 1 to 65535, for example 8001')
    return int(text)


def _service(text: str) -> str:
    address = text.lower().rstrip("/")
    if text and not SERVICE.fullmatch(address):
        raise argparse.ArgumentTypeError(f'"{text}" is not the address of a service; write it as https://service.example')
    return address


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Tarjotin: schools share their online courses.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    content = argparse.ArgumentParser(add_help=False)
    content.add_argument("--content", type=Path, default=ROOT / "content", metavar="DIR", help="the network's files (content)")
    clock = argparse.ArgumentParser(add_help=False)
    clock.add_argument("--today", type=_day, metavar="DATE", help="act as if today were this day, for example 2026-11-23")
    cache = argparse.ArgumentParser(add_help=False)
    cache.add_argument("--no-cache", action="store_true", help="make every page anew, also those that have not changed")

    serve = commands.add_parser("serve", parents=[content, clock, cache], help="build the site and start the service on this computer")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="where to listen (8000)")
    serve.add_argument("--data", type=Path, default=ROOT / ".data", metavar="DIR", help="where database and site are kept (.data)")

    site = commands.add_parser("site", parents=[content, clock, cache], help="build the public site as files")
    site.add_argument("--output", type=Path, default=ROOT / "output", metavar="DIR", help="where to write it (output)")
    host = "the enrolment service's address, if the site is published on another host, for example https://service.example"
    site.add_argument("--no-pack", action="store_true", help="write no packed files (.br, .gz) beside the text files")
    site.add_argument("--service", type=_service, default="", metavar="ADDRESS", help=host)

    check = commands.add_parser("check", parents=[content], help="check every content file and say what to write instead")
    formats = ("text", "json", "github", "gitlab", "sarif", "junit")
    check.add_argument("--format", choices=formats, default="text", help="how to print (text)")
    check.add_argument("--language", choices=("fi", "sv", "en"), default="fi", help="language of the messages (fi)")
    check.add_argument("--summary", type=Path, metavar="FILE", help="also add everything to this Markdown file")

    fmt = commands.add_parser("fmt", parents=[content], help="write the content files in their canonical form")
    fmt.add_argument("--check", action="store_true", help="only say which files would change")
    fmt.add_argument("files", nargs="*", type=Path, metavar="FILE", help="only these files")

    new = commands.add_parser("new", help="start a new file from a filled-in example")
    kinds = new.add_subparsers(dest="kind", required=True, metavar="course|school")
    course = kinds.add_parser("course", parents=[content], help="a new course of a school")
    course.add_argument("school", help="the school's short name, for example jarvilukio")
    course.add_argument("name", help="the course's short name, for example maa3-geometria")
    school = kinds.add_parser("school", parents=[content], help="a new school")
    school.add_argument("name", help="the school's short name, for example jarvilukio")

    commands.add_parser("test", help="run the tests; anything more goes to pytest, for example: test -k price")
    return parser
