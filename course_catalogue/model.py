"""The catalogue's nouns, frozen: what is offered, by whom, to whom, under which agreement.

Nothing here reads a file or a clock. Money is whole cents, `_on` is a date in the network's time zone,
`_at` an aware instant, `credits` are whole study credits (op).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from course_catalogue.colours import USUAL, Colours

SchoolId = str  # "jarvilukio"
CourseId = str  # "jarvilukio/fy4-fy5-voima-ja-liike": the file's path below content/courses, without .md
OfferingId = str  # "2026-p3", unique in its course
AgreementId = str  # "2026-2027"
Language = str  # "fi"

Mode = Literal["guided", "independent", "virtual_class"]
CourseStatus = Literal["draft", "published", "cancelled", "archived"]
BuyerClass = Literal["member", "outside"]
Outcome = Literal["completed", "failed", "no_show"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or more languages. `language` is its own one, used where a translation is missing."""

    language: Language
    by_language: Mapping[Language, str]

    def best(self, language: Language) -> Language:
        """The language in which a reader of `language` gets this text (for the `lang` attribute)."""
        return language if language in self.by_language else self.language

    def to(self, language: Language) -> str:
        return self.by_language[self.best(language)]

    def __str__(self) -> str:
        return self.by_language[self.language]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a thing was written: its path below the content folder, with forward slashes, and its line (from 1)."""

    path: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an office of a school that the service may write to. `name` may be a role."""

    name: str
    email: str
    roles: tuple[str, ...]  # of: contact_person, payer, coordinator, teacher, office
    language: Language


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a school's own year, both days included. Schools' periods differ, so a course's run has dates and no period."""

    id: str  # "2026-p3", unique in its school
    label: Text
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class School:
    id: SchoolId
    name: Text
    kind: str  # lukio, aikuislukio, ammatillinen, kansanopisto
    language: Language
    place: str
    provider: str  # the education provider that pays and invoices
    business_id: str  # of the provider, Finnish Y-tunnus with its check digit
    website: str | None
    description: Text | None
    periods: tuple[Period, ...]  # in order of time, none overlaps the next
    contacts: tuple[Contact, ...]
    source: Source = field(compare=False)

    def contacts_for(self, role: str) -> tuple[Contact, ...]:
        return tuple(contact for contact in self.contacts if role in contact.roles)


@dataclass(frozen=True, slots=True)
class Subject:
    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Module:
    """A national module. `credits` is None for the few whose extent is agreed locally."""

    code: str
    name: Text
    subject_id: str
    credits: int | None
    uri: str = ""  # the code's own identifier, in the list of codes of whoever keeps it


@dataclass(frozen=True, slots=True)
class Offering:
    """One run of a course. A non-stop offering has no dates of its own: its clock starts at first contact."""

    id: OfferingId
    label: Text
    nonstop: bool
    days: int | None  # time to study, from first contact; non-stop only
    starts_on: date | None
    ends_on: date | None
    enrolment_opens_at: datetime
    enrolment_closes_at: datetime
    seats: int | None  # None = no limit
    minimum: int | None
    decided_on: date | None
    reserved: Mapping[SchoolId, int]
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Production:
    licence: str
    produced_by: str  # network, school
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class Course:
    id: CourseId
    school_id: SchoolId
    title: Text
    summary: Text
    status: CourseStatus
    subject_id: str
    modules: tuple[str, ...]  # national codes; empty for a local unit
    credits: int
    credits_reason: str | None
    mode: Mode
    language: Language
    audience: tuple[str, ...]
    teacher: str
    prerequisites: str | None
    keywords: tuple[str, ...]
    exam: str  # home_school, online, none
    materials_cost_cents: int
    production: Production | None
    offerings: tuple[Offering, ...]
    body: str  # Markdown, raw HTML refused by the check
    source: Source = field(compare=False)
    hash: bytes = field(default=b"", compare=False)  # of its file and all that decided how it was read; empty where nothing is kept
    facts_hash: bytes = field(default=b"", compare=False)  # of all it says but its body: what stands elsewhere than on its page

    def offering(self, offering_id: OfferingId) -> Offering | None:
        return next((one for one in self.offerings if one.id == offering_id), None)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One row of an agreement's prices. A condition left out (None, empty) holds for every course and buyer."""

    id: str
    amount_cents: int
    per: Literal["course", "credit"]
    because: Text  # one sentence: why this price
    buyer: BuyerClass | None = None
    mode: Mode | None = None
    min_credits: int | None = None
    max_credits: int | None = None
    audience: str | None = None
    courses: tuple[CourseId, ...] = ()


@dataclass(frozen=True, slots=True)
class LeavingStep:
    """What the home school owes when the student leaves on or after `days` from the anchor.

    `share` is whole percent of the price. Steps come in order of time; before the first one nothing is owed.
    """

    id: str
    anchor: Literal["enrolled", "starts", "first_contact"]
    days: int
    share: int
    because: Text


@dataclass(frozen=True, slots=True)
class RefusalReason:
    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Agreement:
    """The rules of the game of one school year, as data."""

    id: AgreementId
    title: Text
    starts_on: date
    ends_on: date
    currency: str
    members: tuple[SchoolId, ...]
    prices: tuple[PriceRule, ...]  # the first match wins
    answer_within_days: int  # weekdays (Mon–Fri) the home school has to decide
    answer_by_hour: str  # "16:00", network's time zone
    remind_after_days: int | None  # weekdays after the request; None = no reminder
    escalate_after_days: int | None  # weekdays after the request until the payer is asked too; None = never
    offer_answer_hours: int | None  # a place from the queue is kept so long for the student; None = as long as a school has to answer
    outcomes: Mapping[Outcome, int]  # percent of the price owed at the end; no_show left out = as leaving on that day
    leaving: tuple[LeavingStep, ...]  # of an offering with dates
    leaving_nonstop: tuple[LeavingStep, ...]
    refusal_reasons: tuple[RefusalReason, ...]
    responsibilities: Mapping[str, tuple[Text, ...]]  # by party: student, home_school, offering_school, teacher, network
    source: Source = field(compare=False)

    def buyer_class(self, school_id: SchoolId) -> BuyerClass:
        return "member" if school_id in self.members else "outside"


@dataclass(frozen=True, slots=True)
class Page:
    """A content page, one file per language: content/pages/<language>/<id>.md."""

    id: str
    language: Language
    title: str
    summary: str
    menu: str | None  # the word in the page's group list
    group: str  # about, process, rules, legal
    order: int
    shows: str | None  # "agreement": the page is followed by the agreement in force, printed from its data
    body: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Network:
    name: Text
    languages: tuple[Language, ...]  # the first is the default one
    time_zone: ZoneInfo
    contact_email: str
    contact_name: str
    slogan: Text
    site_url: str  # absolute, no slash at the end; canonical addresses, sitemap, mail links
    school_year_starts_on: date  # of the newest sample or real year: `serve` takes a day in it when today is outside
    school_year_ends_on: date
    demo_on: date | None  # a day inside the year that shows a network well; only a sample network has one
    colours: Colours = USUAL
    credit_minutes: int | None = None  # of study that one credit stands for; search engines are told
    card_images: bool = True  # whether a picture is drawn for each course, shown where its address is shared

    @property
    def host(self) -> str:
        """The host of the site's addresses, `tarjotin.example`."""
        return self.site_url.partition("//")[2]

    def day_of(self, moment: datetime) -> date:
        """The day of an instant in the network's time zone."""
        return moment.astimezone(self.time_zone).date()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of a network's content, checked: every reference resolves, every offering has a price for every school."""

    network: Network
    schools: Mapping[SchoolId, School]
    subjects: Mapping[str, Subject]
    modules: Mapping[str, Module]
    agreements: Mapping[AgreementId, Agreement]
    courses: Mapping[CourseId, Course]  # all, also drafts and archived ones
    pages: tuple[Page, ...]
    synonyms: Mapping[str, tuple[str, ...]]  # other word for the search, in small letters → the words that are meant by it
    words: Mapping[str, Mapping[str, Text]]  # labels of closed lists: mode, exam, audience, kind, language → id → Text
    commit: str | None  # the git commit the files came from, when known

    def offering(self, course_id: CourseId, offering_id: OfferingId) -> Offering | None:
        """An offering of a course; None once the content no longer has it."""
        course = self.courses.get(course_id)
        return course.offering(offering_id) if course else None

    def published(self) -> tuple[Course, ...]:
        """Courses with a page of their own: published and cancelled ones, in order of id."""
        return tuple(self.courses[key] for key in sorted(self.courses) if self.courses[key].status in ("published", "cancelled"))
