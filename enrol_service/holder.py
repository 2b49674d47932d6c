"""Holds the catalogue that is in force, with what is made from it. A new build of the site makes it load the content again.

The whole is swapped at once: a request that has begun goes on with what it took. Broken content changes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment
from sqlalchemy import Connection

from course_catalogue.catalogue import load
from course_catalogue.facet import CourseFact, facts_of
from course_catalogue.model import Catalogue, Language
from course_catalogue.problem import ContentProblems
from course_catalogue.search import SearchIndex, index_of
from enrol_service.school.directory import Stamp, guests_stamp, with_guests
from enrol_service.speech import Speech
from theme.environment import environment

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalogue and what is made from it, all of one moment."""

    catalogue: Catalogue
    environments: Mapping[Language, Environment]
    speech: Mapping[Language, Speech]
    index: SearchIndex
    facts: tuple[CourseFact, ...]  # of the index's courses, in its order

    def language(self, wanted: str) -> Language:
        """`wanted` if the network has it, else the network's first language."""
        return wanted if wanted in self.environments else self.catalogue.network.languages[0]


class Holder:
    """`current` is always whole. `refresh()` is cheap when nothing has changed."""

    def __init__(self, content: Path, site: Path) -> None:
        self._content = content
        self._build_file = site / "build.json"
        self._seen = self._stamp()
        self._lock = threading.Lock()
        self.current = self._load()
        self._with_guests: tuple[Loaded, Stamp, Loaded] | None = None

    def with_guests(self, connection: Connection) -> Loaded:
        """What is in force, with the guest schools of the database among its schools."""
        loaded, stamp = self.current, guests_stamp(connection)
        known = self._with_guests
        if known is None or known[0] is not loaded or known[1] != stamp:
            catalogue = with_guests(connection, loaded.catalogue)
            speech = {language: Speech(language, catalogue) for language in loaded.speech}
            known = (loaded, stamp, replace(loaded, catalogue=catalogue, speech=speech))
            self._with_guests = known
        return known[2]

    def refresh(self) -> bool:
        """Load the content again if the site has been built since; True when something new is in force."""
        with self._lock:
            stamp = self._stamp()
            if stamp == self._seen:
                return False
            self._seen = stamp
            try:
                self.current = self._load()
            except ContentProblems as problems:
                log.warning("%s The catalogue loaded before stays in force.", problems)
                return False
            log.info("loaded the content again: %d courses", len(self.current.catalogue.courses))
            return True

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._build_file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _load(self) -> Loaded:
        catalogue = load(self._content)
        languages = catalogue.network.languages
        index = index_of(catalogue)
        return Loaded(
            catalogue=catalogue,
            environments={language: environment(language, catalogue, TEMPLATES) for language in languages},
            speech={language: Speech(language, catalogue) for language in languages},
            index=index,
            facts=facts_of(catalogue, index.courses),
        )
