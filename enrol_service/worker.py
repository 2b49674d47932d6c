"""The worker: sends what lies in the outbox and lets deadlines act. A thread of `serve`, or a process of its own; any number of them."""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from enrol_service.mail import outbox
from enrol_service.mail.mails import render
from enrol_service.mail.sender import Permanent, Sender, Temporary, sender_for
from enrol_service.service import Service
from enrol_service.tick import tick

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at an empty outbox
TICK_EVERY = timedelta(seconds=20)


def run(service: Service, stop: threading.Event) -> None:
    """Work until `stop` is set. An unexpected error is logged and the work goes on: the rows are still there."""
    sender = sender_for(service.settings)
    next_tick = service.clock()
    while not stop.is_set():
        try:
            service.holder.refresh()
            # Between two mails: a mail server that hangs for each of a thousand must not hold up the deadlines.
            if service.clock() >= next_tick:
                next_tick = service.clock() + TICK_EVERY
                tick(service.database, service.loaded.catalogue, service.clock())
            if send_next(service, sender):
                continue
            sender.close()
        except Exception:
            log.exception("the worker met an error and goes on")
            stop.wait(PAUSE * 10)
        stop.wait(PAUSE)
    sender.close()


def refresh(service: Service, stop: threading.Event) -> None:
    """Only keep up with new builds of the site, where another process sends the mails."""
    while not stop.wait(PAUSE):
        try:
            service.holder.refresh()
        except Exception:
            log.exception("the content could not be loaded again")


def drain(service: Service, sender: Sender) -> int:
    """Send everything that is due now; how many rows were taken up."""
    taken = 0
    while send_next(service, sender):
        taken += 1
    return taken


def send_next(service: Service, sender: Sender) -> bool:
    """Take up the mail that has waited longest; False when none is due."""
    now = service.clock()
    with service.database.read() as connection:
        if not outbox.is_due(connection, now):
            return False
    with service.database.write() as connection:
        message = outbox.lease(connection, now)
    if message is None:
        return False
    _send(service, sender, message, now)
    return True


def _send(service: Service, sender: Sender, message: outbox.Message, now: datetime) -> None:
    """Render, hand over, mark: in this order, so that a crash repeats a mail and never loses one."""
    mail: EmailMessage | None = None
    error: Exception | None = None
    try:
        with service.database.read() as connection:
            mail = render(connection, service, message, now)
        if mail is not None:
            sender.send(message.id, mail)
    except (Temporary, Permanent) as failed:
        error = failed
    except Exception as bug:
        # One mail that cannot be made or sent must not hold back the others. Its words may hold an address: only its kind is told.
        sender.close()
        error = Temporary(f"{type(bug).__name__} at {_place(bug)}")
    with service.database.write() as connection:
        if error is None and mail is None:
            outbox.park(connection, message, now, outbox.NO_LONGER_TRUE)
        elif error is None:
            outbox.mark_sent(connection, message, now)
        elif isinstance(error, Permanent):
            outbox.park(connection, message, now, str(error))
        else:
            outbox.mark_failed(connection, message, now, str(error))
    if error is not None:
        log.warning("mail %d (%s) was not sent: %s", message.id, message.kind, error)


def _place(bug: Exception) -> str:
    """Where it was raised: `mails.py:141`."""
    frame = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
