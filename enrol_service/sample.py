"""Fills an empty database of a sample network by playing an autumn through the real commands, with invented students.

The same catalogue and moment give the same autumn. Its mails count as sent: nobody is to be flooded with last autumn's post.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, Course, Offering, SchoolId
from course_catalogue.price import agreement_for, price_for
from enrol_service import tables
from enrol_service.database import Database
from enrol_service.enrolment.deadline import SATURDAY
from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.form import TEACHERS, EnrolmentForm
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_STUDENT
from enrol_service.refusals.enrolling import OfferingFull, OwnSchool
from enrol_service.school.accounts import people_with
from enrol_service.school.acting import actor_for
from enrol_service.school.role import DECIDERS
from enrol_service.tick import close_lines, expire_unanswered

SEED = 2026
STUDENTS = 150
PER_OFFERING = 6  # students at most, on the average: a small network has fewer
WAITING_NOW = 24  # requests not answered yet, at most a quarter of all
WAITS_HOURS = 40  # so old are the oldest of them
LIKED = 3  # offerings of each school that most of the others choose from
CROWDED = 4  # offerings that everybody wants, at most one in five

FIRST_NAMES = """
    Aino Eino Helmi Leo Siiri Veikko Elsa Onni Venla Eetu Aada Niilo Iida Otso Minea Kaapo Alva Toivo Ella Väinö Saga Oliver Linnea Hugo
    Freja Emil Ellen Viktor Nea Joona Pinja Aaro Hilla Luukas Ronja Akseli Kerttu Aarni Lempi Ilmari
""".split()  # noqa: SIM905 - names read best as a list of words
LAST_NAMES = """
    Korhonen Virtanen Mäkinen Nieminen Laine Heikkinen Koskinen Järvinen Lehtonen Saarinen Salminen Niemi Heinonen Turunen Ahonen Rantanen
    Pelkonen Lindroos Nyström Lindqvist Sundström Karlsson Åkerlund Bergman Peltola Ojala Hakala Laaksonen Aalto Tuominen
""".split()  # noqa: SIM905
GROUPS = ("23A", "23B", "24A", "24B", "24C", "25A", "25B", "25C")
SYLLABUS = {"aikuislukio": "aikuiset", "ammatillinen": "ammatillinen"}
MESSAGES = ("", "", "", "", "", "Kurssi ei mahdu oman kouluni lukujärjestykseen.", "Tarvitsen kurssin ennen kevään kirjoituksia.")


def fill_if_empty(database: Database, catalogue: Catalogue, now: datetime) -> int:
    """Play the autumn if nobody has ever enrolled and the network is a sample; how many have enrolled."""
    if catalogue.network.demo_on is None:
        return 0
    with database.write() as connection:
        if connection.execute(select(func.count()).select_from(tables.enrolment)).scalar_one():
            return 0
        played = _Autumn(connection, catalogue, now).play()
        sent = {"sent_at": tables.outbox.c.created_at}
        connection.execute(tables.outbox.update().values(**sent))
        return played


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody who will enrol at a moment."""

    at: datetime
    course: Course
    offering: Offering
    school_id: SchoolId


class _Autumn:
    """One run through the season: wishes in order of time, and between them what the schools answer."""

    def __init__(self, connection: Connection, catalogue: Catalogue, now: datetime) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.now = now
        self.chance = random.Random(SEED)  # noqa: S311 - an invented autumn, the same each time
        self.number = 0
        self.answers: list[tuple[datetime, int]] = []  # when a school answers which request

    def play(self) -> int:
        for wish in sorted(self._wishes(), key=lambda one: (one.at, one.course.id, one.offering.id)):
            self._answer_until(wish.at)
            self._enrol(wish)
        self._answer_until(self.now)
        self._expire(self.now)
        return self.number

    def _wishes(self) -> list[_Wish]:
        open_now = [pair for pair in self._offerings() if pair[1].enrolment_opens_at < self.now]
        if not open_now:
            return []
        students = min(STUDENTS, PER_OFFERING * len(open_now))
        still_open = [pair for pair in open_now if pair[1].enrolment_closes_at > self.now] or open_now
        small = [pair for pair in still_open if pair[1].seats is not None and not pair[1].nonstop]
        crowded = sorted(small, key=lambda pair: (pair[1].seats or 0, pair[0].id))[: min(CROWDED, 1 + len(small) // 5)]
        wishes = [self._wish(pair, self._anybody(pair)) for pair in crowded for _ in range(min((pair[1].seats or 0) + 8, 24))]
        for home in islice(cycle(self._busy()), min(WAITING_NOW, students // 4)):
            elsewhere = [pair for pair in still_open if pair[0].school_id != home] or still_open
            wishes.append(self._wish(self.chance.choice(elsewhere), home, within=timedelta(hours=WAITS_HOURS)))
        liked = self._liked(open_now)
        while len(wishes) < students:
            pair = self.chance.choice(liked)
            wishes.append(self._wish(pair, self._anybody(pair)))
        return wishes

    def _liked(self, offered: list[tuple[Course, Offering]]) -> list[tuple[Course, Offering]]:
        """A few offerings of each school, so that each has participants to look at."""
        by_school: dict[SchoolId, list[tuple[Course, Offering]]] = {}
        for pair in offered:
            by_school.setdefault(pair[0].school_id, []).append(pair)
        return [pair for own in by_school.values() for pair in self.chance.sample(own, min(LIKED, len(own)))]

    def _offerings(self) -> list[tuple[Course, Offering]]:
        published = [course for course in self.catalogue.published() if course.status == "published"]
        return [(course, offering) for course in published for offering in course.offerings if not offering.cancelled]

    def _wish(self, pair: tuple[Course, Offering], home: SchoolId, within: timedelta | None = None) -> _Wish:
        """A wish at any moment while the offering was open, or within the last hours of that."""
        course, offering = pair
        opens_at = offering.enrolment_opens_at.astimezone(UTC)  # sums of local times are wrong by an hour across summer time
        last = max(opens_at, min(self.now, offering.enrolment_closes_at).astimezone(UTC) - timedelta(minutes=5))
        first = max(opens_at, last - within) if within else opens_at
        return _Wish(first + (last - first) * self.chance.random(), course, offering, home)

    def _anybody(self, pair: tuple[Course, Offering]) -> SchoolId:
        """Some school other than the one that offers the course."""
        others = sorted(school for school in self.catalogue.schools if school != pair[0].school_id)
        return self.chance.choice(others or [pair[0].school_id])

    def _busy(self) -> list[SchoolId]:
        """The home schools whose lists of requests are long just now: every third member."""
        return sorted(school for agreement in self.catalogue.agreements.values() for school in agreement.members)[::3]

    def _enrol(self, wish: _Wish) -> None:
        self.number += 1
        school = self.catalogue.schools[wish.school_id]
        try:
            enrolled = enrol(self.connection, self.catalogue, self._form(wish), school.language, wish.at)
        except (OfferingFull, OwnSchool):
            return  # full on the first day, or a network of one school
        if wish.at < self.now - timedelta(hours=WAITS_HOURS):
            self.answers.append((self._at_work(wish.at + timedelta(hours=self.chance.uniform(1, 20))), enrolled.enrolment_id))
            self.answers.sort()

    def _form(self, wish: _Wish) -> EnrolmentForm:
        name = f"{self.chance.choice(FIRST_NAMES)} {self.chance.choice(LAST_NAMES)}"
        school = self.catalogue.schools[wish.school_id]
        quote = price_for(agreement_for(self.catalogue, wish.offering), wish.course, wish.school_id)
        teachers = wish.course.audience == TEACHERS
        address = name.lower().translate(str.maketrans("äåö ", "aao."))
        return EnrolmentForm(
            course_id=wish.course.id,
            offering_id=wish.offering.id,
            name=name,
            email=f"{address}.{self.number}@{wish.school_id}.example",
            school_id=wish.school_id,
            group="" if teachers else self.chance.choice(GROUPS),
            syllabus="" if teachers else SYLLABUS.get(school.kind, "nuoret"),
            learner_id="",
            phone="",
            message=self.chance.choice(MESSAGES) if school.language == "fi" else "",
            protected=self.number % 40 == 7,
            key=None,
            prices_shown={wish.offering.id: (quote.cents, quote.cents)},
        )

    def _at_work(self, moment: datetime) -> datetime:
        """The next moment in office hours: schools answer from Monday to Friday between 8 and 16."""
        local = moment.astimezone(self.catalogue.network.time_zone)
        if not 8 <= local.hour < 16:
            later = local.hour >= 16
            local = local.replace(hour=8, minute=self.chance.randrange(60)) + timedelta(days=later, hours=self.chance.randrange(3))
        while local.weekday() >= SATURDAY:
            local += timedelta(days=1)
        return local.astimezone(UTC)

    def _answer_until(self, moment: datetime) -> None:
        """Let schools answer, and some students leave, up to a moment."""
        while self.answers and self.answers[0][0] < moment:
            at, enrolment_id = self.answers.pop(0)
            self._expire(at)
            found = pairs(self.connection, tables.enrolment.c.id == enrolment_id, tables.commitment.c.state == "asked")
            if found:
                self._answer(enrolment_id, found[0][0].home_school_id, at)
        self._expire(moment)

    def _answer(self, enrolment_id: int, school_id: SchoolId, at: datetime) -> None:
        person = people_with(self.connection, self.catalogue, DECIDERS, school_id, self.now)[0]
        actor = actor_for(self.connection, person, "decide", school_id, at)
        luck = self.chance.random()
        if luck < 0.05:
            return  # forgotten: it expires
        if luck < 0.12:
            reasons = next(iter(self.catalogue.agreements.values())).refusal_reasons
            refuse(self.connection, self.catalogue, enrolment_id, self.chance.choice(reasons).id, actor, at)
            return
        give(self.connection, self.catalogue, enrolment_id, actor, at)
        if luck > 0.94:
            withdraw(self.connection, self.catalogue, enrolment_id, THE_STUDENT, at + timedelta(minutes=30))

    def _expire(self, moment: datetime) -> None:
        expire_unanswered(self.connection, self.catalogue, moment)
        close_lines(self.connection, self.catalogue, moment)
