"""The service's parts, opened once per process: what pages, the worker and the commands share."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from course_catalogue.problem import ContentProblems
from course_catalogue.report import check_report
from enrol_service.clock import Clock, clock
from enrol_service.database import Database, open_database
from enrol_service.holder import Holder, Loaded
from enrol_service.links import Signer
from enrol_service.settings import BadSettings, Settings


@dataclass(frozen=True, slots=True)
class Service:
    settings: Settings
    database: Database
    holder: Holder
    signer: Signer
    clock: Clock

    @property
    def loaded(self) -> Loaded:
        """What is in force now, with the guest schools. Take it once per request."""
        try:
            with self.database.read() as connection:
                return self.holder.with_guests(connection)
        except SQLAlchemyError:  # the page that tells of the failure needs its words
            return self.holder.current


def why_not_started(stopped: BadSettings | ContentProblems) -> str:
    """What to tell an operator: the sentence about a setting, or the same report of the content as the check gives."""
    if isinstance(stopped, ContentProblems):
        return check_report(stopped.problems, "text", "en", "")
    return str(stopped)


def open_service(settings: Settings) -> Service:
    """Load the content and open the database. Raises ContentProblems when the content is broken."""
    holder = Holder(settings.content, settings.site)
    zone = holder.current.catalogue.network.time_zone
    return Service(settings, open_database(settings.database_url), holder, Signer(settings.secret), clock(zone, settings.today))
