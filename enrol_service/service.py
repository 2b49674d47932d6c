"""The service's parts, opened once per process: what pages, the worker and the commands share."""

from __future__ import annotations

from dataclasses import dataclass

from enrol_service.clock import Clock, clock
from enrol_service.database import Database, open_database
from enrol_service.holder import Holder, Loaded
from enrol_service.links import Signer
from enrol_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    settings: Settings
    database: Database
    holder: Holder
    signer: Signer
    clock: Clock

    @property
    def loaded(self) -> Loaded:
        """What is in force now. Take it once per request."""
        return self.holder.current


def open_service(settings: Settings) -> Service:
    """Load the content and open the database. Raises ContentProblems when the content is broken."""
    holder = Holder(settings.content, settings.site)
    zone = holder.current.catalogue.network.time_zone
    return Service(settings, open_database(settings.database_url), holder, Signer(settings.secret), clock(zone, settings.today))
