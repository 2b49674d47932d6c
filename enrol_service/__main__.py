"""`python -m enrol_service migrate|sample|worker|tick|account|states|permissions|settings|api`: what an operator does beside serving."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from course_catalogue.problem import ContentProblems
from enrol_service.database import migrate
from enrol_service.enrolment.email_address import plain_address
from enrol_service.permissions_document import permissions_document
from enrol_service.sample import fill_if_empty
from enrol_service.school import accounts
from enrol_service.school.role import ROLES
from enrol_service.service import Service, open_service, why_not_started
from enrol_service.settings import BadSettings, from_environment
from enrol_service.settings_document import settings_document
from enrol_service.states_document import states_document
from enrol_service.tick import tick
from enrol_service.web.api.operations_document import operations_document
from enrol_service.web.request_log import log_to
from enrol_service.worker import run

DOCUMENTS = {"states": states_document, "permissions": permissions_document, "settings": settings_document, "api": operations_document}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    if options.command in DOCUMENTS:
        print(DOCUMENTS[options.command](), end="")
        return 0
    log_to()
    try:
        service = open_service(from_environment())
    except (BadSettings, ContentProblems) as bad:
        print(why_not_started(bad), file=sys.stderr)
        return 1
    migrate(service.database)
    code: int = COMMANDS[options.command](service, options)
    return code


def _migrate(service: Service, options: argparse.Namespace) -> int:
    return 0  # every command migrates first; this one does nothing else


def _sample(service: Service, options: argparse.Namespace) -> int:
    """Fill an empty development database of a sample network with an autumn's enrolments."""
    if service.settings.development:
        fill_if_empty(service.database, service.loaded.catalogue, service.clock())
    return 0


def _worker(service: Service, options: argparse.Namespace) -> int:
    """Send mails and let deadlines act until the process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(service, stop)
    return 0


def _tick(service: Service, options: argparse.Namespace) -> int:
    """Let deadlines act once. May run twice, late, or on two hosts at once."""
    tick(service.database, service.loaded.catalogue, service.clock())
    return 0


def _account(service: Service, options: argparse.Namespace) -> int:
    """Give a person roles in a school, or end them."""
    catalogue, now = service.loaded.catalogue, service.clock()
    email = plain_address(options.email)
    if email is None:
        print(f'"{options.email}" is not an e-mail address. Write it whole: anna.laine@kuusikko.example', file=sys.stderr)
        return 1
    roles = options.roles or ["coordinator"]
    if options.school not in catalogue.schools:
        print(f'There is no school "{options.school}". Schools: {", ".join(sorted(catalogue.schools))}', file=sys.stderr)
        return 1
    if unknown := sorted(set(roles) - set(ROLES)):
        print(f"There is no role {', '.join(unknown)}. Roles: {', '.join(ROLES)}", file=sys.stderr)
        return 1
    with service.database.write() as connection:
        if options.end:
            person = accounts.staff_of(connection, catalogue, email, now)
            ended = person is not None and accounts.end(connection, person, options.school, now)
            print("The rights have ended." if ended else "This person has no rights there.")
            return 0
        school = catalogue.schools[options.school]
        accounts.grant(connection, email, options.school, options.name or email, school.language, roles, now)
    print(f"{email} may sign in and is {', '.join(roles)} of {school.name}.")
    return 0


COMMANDS = {"migrate": _migrate, "sample": _sample, "worker": _worker, "tick": _tick, "account": _account}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m enrol_service", description="The enrolment service's commands.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="make the database's tables, or bring them up to date")
    commands.add_parser("sample", help="fill an empty development database of a sample network")
    commands.add_parser("worker", help="send mails and let deadlines act, beside a service started with TARJOTIN_WORKER=no")
    commands.add_parser("tick", help="let deadlines act once; the worker does so by itself")
    account = commands.add_parser("account", help="give a person roles in a school, beside those in the content")
    account.add_argument("email")
    account.add_argument("school", help="the school's short name")
    known = ", ".join(ROLES)
    account.add_argument("roles", nargs="*", metavar="role", help=f"{known}; coordinator if left out")
    account.add_argument("--name", help="as it is shown when the person decides")
    account.add_argument("--end", action="store_true", help="end the rights that were granted here")
    commands.add_parser("states", help="print docs/states.md")
    commands.add_parser("permissions", help="print docs/permissions.md")
    commands.add_parser("settings", help="print docs/settings.md")
    commands.add_parser("api", help="print docs/api.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
