"""Fills an empty database of a sample network by playing an autumn through the real commands, with invented students.

The same catalogue and moment give the same autumn. Its mails count as sent: nobody is to be flooded with last autumn's post.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, Course, Offering, SchoolId
from course_catalogue.price import agreement_for, price_for
from enrol_service import tables
from enrol_service.completion.answer import acknowledge
from enrol_service.completion.completion import latest, units_for, write_draft
from enrol_service.completion.entry import Entry
from enrol_service.completion.grade import allowed_grades
from enrol_service.completion.publish import publish
from enrol_service.database import Database
from enrol_service.enrolment.deadline import SATURDAY
from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.enrolments import Enrolment, on_run, pairs, read_commitment, read_enrolment
from enrol_service.enrolment.form import TEACHERS, EnrolmentForm
from enrol_service.enrolment.offer import accept, expire_offers
from enrol_service.enrolment.participation import miss, start
from enrol_service.enrolment.withdraw import price_of_leaving, withdraw
from enrol_service.events import THE_STUDENT
from enrol_service.refusals.enrolling import OfferingFull, OwnSchool
from enrol_service.refusals.staff_enrolling import RunLapsed
from enrol_service.school.accounts import Staff, people_with
from enrol_service.school.acting import actor_for
from enrol_service.school.role import CARERS, DECIDERS, Role
from enrol_service.school.role import TEACHERS as WHO_TEACH
from enrol_service.tick import act_on_time, expire_unanswered

SEED = 2026
STUDENTS = 150
PER_OFFERING = 6  # students at most, on the average: a small network has fewer
WAITING_NOW = 24  # requests not answered yet, at most a quarter of all
WAITS_HOURS = 40  # so old are the oldest of them
LIKED = 3  # offerings of each school that most of the others choose from
LEFT_HOURS_AGO = (72, 30, 4)  # seats on crowded offerings were given up then: some offers are answered, some wait
CROWDED = 4  # offerings that everybody wants, at most one in five

ENDS_SOON = timedelta(days=7)
USUAL_GRADES = ("6", "7", "8", "8", "8", "9", "9", "10")

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
        # As if they had left a day ago: the first mail to anybody then leaves at once, and is not gathered with last autumn's.
        sent = {"sent_at": tables.outbox.c.created_at, "next_attempt_at": now - timedelta(days=1)}
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
        self.answers: list[tuple[datetime, int]] = []  # when a school, or a student who is offered a seat, answers about which enrolment
        self.asked_twice: set[int] = set()  # who have been promoted or offered a seat, and whose second answer is planned
        self.leaving: list[tuple[datetime, Course, Offering]] = []  # when somebody gives up a seat that others wait for
        self.people: dict[tuple[SchoolId, frozenset[Role]], Staff] = {}
        self.day: date | None = None  # the last one on which time itself has acted

    def play(self) -> int:
        for wish in sorted(self._wishes(), key=lambda one: (one.at, one.course.id, one.offering.id)):
            self._answer_until(wish.at)
            self._enrol(wish)
        self._answer_until(self.now)
        self._teach()
        self._assess()
        act_on_time(self.connection, self.catalogue, self.now)
        return self.number

    def _wishes(self) -> list[_Wish]:
        open_now = [pair for pair in self._offerings() if pair[1].enrolment_opens_at < self.now]
        if not open_now:
            return []
        students = min(STUDENTS, PER_OFFERING * len(open_now))
        still_open = [pair for pair in open_now if pair[1].enrolment_closes_at > self.now] or open_now
        small = [pair for pair in still_open if pair[1].seats is not None and not pair[1].nonstop]
        crowded = sorted(small, key=lambda pair: (pair[1].seats or 0, pair[0].id))[: min(CROWDED, 1 + len(small) // 5)]
        self.leaving = [(self.now - timedelta(hours=hours), *pair) for hours in LEFT_HOURS_AGO for pair in crowded]
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
        except (OfferingFull, OwnSchool, RunLapsed):
            return  # full on the first day, a network of one school, or too few others
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
        """Let schools and students answer, and some students leave, up to a moment."""
        while self.answers and self.answers[0][0] < moment:
            self._time_passes(self.answers[0][0])
            at, enrolment_id = self.answers.pop(0)
            ((one, promised),) = pairs(self.connection, tables.enrolment.c.id == enrolment_id)
            if one.state == "offered":
                self._accept(one, at)
            elif promised.state == "asked":
                self._answer(enrolment_id, one.home_school_id, at)
        self._time_passes(moment)

    def _answer(self, enrolment_id: int, school_id: SchoolId, at: datetime) -> None:
        actor = actor_for(self.connection, self._person(DECIDERS, school_id), "decide", school_id, at)
        luck = self.chance.random()
        if luck < 0.05:
            return  # forgotten: it expires
        if luck < 0.12:
            reasons = next(iter(self.catalogue.agreements.values())).refusal_reasons
            refuse(self.connection, self.catalogue, enrolment_id, self.chance.choice(reasons).id, actor, at)
            return
        give(self.connection, self.catalogue, enrolment_id, actor, at)
        if luck > 0.94:
            self._withdraw(enrolment_id, at + timedelta(minutes=30))

    def _person(self, roles: frozenset[Role], school_id: SchoolId) -> Staff:
        """Whoever acts for a school in one of the roles: the same one all the season."""
        if (school_id, roles) not in self.people:
            self.people[school_id, roles] = people_with(self.connection, self.catalogue, roles, school_id, self.now)[0]
        return self.people[school_id, roles]

    def _accept(self, one: Enrolment, at: datetime) -> None:
        """Most students take the seat they waited for."""
        if one.offer_until_at is None or at >= one.offer_until_at or self.chance.random() < 0.15:
            return
        accept(self.connection, self.catalogue, one.id, THE_STUDENT, at)

    def _time_passes(self, moment: datetime) -> None:
        """What time does by itself, once a day; before an answer, also what has expired since."""
        while self.leaving and self.leaving[0][0] <= moment:
            self._leave(*self.leaving.pop(0))
        today = self.catalogue.network.day_of(moment)
        if today != self.day:
            self.day = today
            act_on_time(self.connection, self.catalogue, moment)
        elif self.answers and self.answers[0][0] <= moment:
            expire_unanswered(self.connection, self.catalogue, moment)
            expire_offers(self.connection, self.catalogue, moment)
        self._plan_second_answers(moment)

    def _leave(self, at: datetime, course: Course, offering: Offering) -> None:
        """Somebody who has a place on a full run gives it up."""
        there = on_run(course.id, offering.id)
        placed = [one for one, _ in pairs(self.connection, there, tables.enrolment.c.state == "placed") if one.state_at < at]
        if placed:
            self._withdraw(self.chance.choice(placed).id, at)

    def _withdraw(self, enrolment_id: int, at: datetime) -> None:
        """Leave at the price of the moment, as the student's page shows it."""
        promised = read_commitment(self.connection, enrolment_id)
        price = price_of_leaving(read_enrolment(self.connection, enrolment_id), promised, self.catalogue, at)
        withdraw(self.connection, self.catalogue, enrolment_id, THE_STUDENT, at, price_shown=price.cents if price else 0)

    def _plan_second_answers(self, moment: datetime) -> None:
        """Whoever left the line, with a seat that is kept, is answered about within the day."""
        left = tables.enrolment.c.state.in_(("offered", "requested")) & tables.enrolment.c.queue_number.is_not(None)
        waiting = self.connection.execute(select(tables.enrolment.c.id).where(left).order_by(tables.enrolment.c.id)).scalars()
        for enrolment_id in [one for one in waiting if one not in self.asked_twice]:
            self.asked_twice.add(enrolment_id)
            self.answers.append((moment + timedelta(hours=self.chance.uniform(1, 20)), enrolment_id))
        self.answers.sort()

    def _teach(self) -> None:
        """What teachers have marked until now: first contacts, and the few who did not start."""
        today = self.catalogue.network.day_of(self.now)
        begun = (tables.enrolment.c.state == "placed") & (tables.enrolment.c.starts_on < today)
        for one, _ in pairs(self.connection, begun):
            on = (one.starts_on or today) + timedelta(days=self.chance.randrange(5))
            at = self._at_work(datetime.combine(on, time(12), tzinfo=self.catalogue.network.time_zone) + timedelta(days=1))
            if at >= self.now or at <= one.state_at:
                continue
            teacher = self._person(WHO_TEACH, one.offering_school_id)
            actor = actor_for(self.connection, teacher, "mark_participation", one.offering_school_id, at)
            luck = self.chance.random()
            if luck > 0.06:
                start(self.connection, self.catalogue, one.id, on, actor, at)
            elif luck > 0.02:
                miss(self.connection, self.catalogue, one.id, actor, at)

    def _assess(self) -> None:
        """Grades of courses that end this week or have ended: most are published, and home schools have acknowledged some."""
        today = self.catalogue.network.day_of(self.now)
        ending = (tables.enrolment.c.state == "active") & (tables.enrolment.c.ends_on < today + ENDS_SOON)
        graded = [one for one, _ in pairs(self.connection, ending) if self.chance.random() < 0.8]
        for school_id in sorted({one.offering_school_id for one in graded}):
            actor = actor_for(self.connection, self._person(WHO_TEACH, school_id), "grade", school_id, self.now)
            mine = [one for one in graded if one.offering_school_id == school_id]
            for one in mine:
                write_draft(self.connection, self.catalogue, one.id, self._entry(one), actor, self.now)
            publish(self.connection, self.catalogue, [one.id for one in mine], actor, self.now)
        for number, completion in sorted(latest(self.connection, [one.id for one in graded]).items()):
            home_id = next(one.home_school_id for one in graded if one.id == number)
            if self.chance.random() < 0.4:
                home = actor_for(self.connection, self._person(CARERS, home_id), "answer_completions", home_id, self.now)
                acknowledge(self.connection, completion.id, home, self.now)

    def _entry(self, one: Enrolment) -> Entry:
        luck = self.chance.random()
        if luck < 0.08:
            return Entry({}, mark="T", missing="Loppuessee puuttuu")
        grades = {unit.subject_id: self._grade(allowed_grades(unit), failed=luck < 0.12) for unit in units_for(self.catalogue, one)}
        return Entry(grades)

    def _grade(self, allowed: tuple[str, ...], *, failed: bool) -> str:
        wanted = ("4", "H") if failed else (self.chance.choice(USUAL_GRADES), "S")
        return next(grade for grade in wanted if grade in allowed)
