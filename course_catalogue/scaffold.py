"""New files from a filled-in example: a draft course, a school. Each field stands under its explanation from the schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from course_catalogue.field import ID, Field, definition
from course_catalogue.folder import MAX_ID, RESERVED
from course_catalogue.form import scalar_text
from course_catalogue.guess import id_text, nearest
from course_catalogue.loading import Loading
from course_catalogue.model import Language, Module, Offering
from course_catalogue.scalar import check_digit
from course_catalogue.search.fold import fold


class ScaffoldRefused(Exception):
    """No such file can be begun. The message says what to write instead."""


WORDS: Mapping[str, Mapping[Language, str]] = {
    "course_head": {
        "fi": "Täytä kentät ja poista ne, joita et tarvitse. Tarkista komennolla: python3 build.py check",
        "sv": "Fyll i fälten och ta bort dem som du inte behöver. Granska med: python3 build.py check",
        "en": "Fill in the fields and delete those you do not need. Check with: python3 build.py check",
    },
    "publish": {
        "fi": "Kun kurssi on valmis, kirjoita published.",
        "sv": "När kursen är klar, skriv published.",
        "en": "When the course is ready, write published.",
    },
    "title": {"fi": "Kurssin nimi", "sv": "Kursens namn", "en": "Name of the course"},
    "summary": {
        "fi": "Mitä kurssin jälkeen osaa, yhdellä lauseella.",
        "sv": "Vad man kan efter kursen, i en mening.",
        "en": "What one can do after the course, in one sentence.",
    },
    "teacher": {"fi": "Opettaja", "sv": "Lärare", "en": "Teacher"},
    "body": {
        "fi": "## Mitä opit\n\nKerro tavoitteet.\n\n## Sisältö\n\n- ensimmäinen aihe\n- toinen aihe\n\n"
        "## Miten opiskelet\n\nKerro tehtävistä ja aikataulusta.\n\n## Arviointi\n\nKerro kokeesta ja asteikosta.",
        "sv": "## Det här lär du dig\n\nBeskriv målen.\n\n## Innehåll\n\n- första temat\n- andra temat\n\n"
        "## Så studerar du\n\nBeskriv uppgifterna och tidtabellen.\n\n## Bedömning\n\nBeskriv provet och skalan.",
        "en": "## What you learn\n\nSay what the aims are.\n\n## Content\n\n- the first topic\n- the second topic\n\n"
        "## How you study\n\nDescribe the tasks and the timetable.\n\n## Assessment\n\nDescribe the exam and the scale.",
    },
    "school_head": {
        "fi": "Korjaa tiedot. Tarkista komennolla: python3 build.py check",
        "sv": "Rätta uppgifterna. Granska med: python3 build.py check",
        "en": "Mend the details. Check with: python3 build.py check",
    },
    "description": {
        "fi": "Mistä oppilaitos tunnetaan verkostossa.",
        "sv": "Vad läroanstalten är känd för i nätverket.",
        "en": "What the school is known for in the network.",
    },
}
SECOND_LANGUAGE: Language = "en"  # of the comments, when the school's language has no translation


def new_course(content: Path, school: str, name: str) -> tuple[str, str]:
    """Path below the content folder and text of a draft course. Refuses with ScaffoldRefused; writes nothing.

    A name that begins with module codes (`maa3-geometria`, `fy4-fy5`) fills in subject, modules and credits.
    """
    loading = Loading(content)
    loading.read()
    schools = loading.known.relations["schools"].ids
    if school not in schools:
        near = nearest(school, schools, loading.known.relations["schools"].labels)
        hint = f"; did you mean {near}?" if near else f"; the schools are {', '.join(schools)}"
        raise ScaffoldRefused(f"There is no school {school!r}{hint}")
    path = _free_path(content, f"courses/{school}", name, ".md")
    owner = loading.schools.get(school)
    language = owner.language if owner and owner.language in WORDS["title"] else SECOND_LANGUAGE
    return path, _course_text(loading, _modules_in(name, loading), language)


def new_school(content: Path, name: str) -> tuple[str, str]:
    """Path below the content folder and text of a new school. Refuses with ScaffoldRefused; writes nothing."""
    loading = Loading(content)
    loading.read()
    path = _free_path(content, "schools", name, ".yaml")
    school = path.removeprefix("schools/").removesuffix(".yaml")
    languages = loading.known.languages
    language = languages[0] if languages[0] in WORDS["title"] else SECOND_LANGUAGE
    place = school.replace("-", " ").capitalize()
    values = {
        "name": [place],
        "kind": ["lukio"],
        "language": [languages[0]],
        "place": [place],
        "provider": [place],
        "business_id": [_business_id(school)],
        "description": ["", *(f"  {one}: {WORDS['description'].get(one, WORDS['description'][SECOND_LANGUAGE])}" for one in languages)],
        **({"periods": ["", *periods]} if (periods := list(_period_lines(loading, languages))) else {}),
        "contacts": [
            "",
            f"  - name: {definition('school').fields['contacts'].items.fields['name'].titles[language]}",  # type: ignore[union-attr]
            f"    email: office@{school}.example",
            "    roles:",
            *(f"      - {role}" for role in ("contact_person", "payer", "coordinator")),
        ],
    }
    lines = [f"# {WORDS['school_head'][language]}", *_fields(definition("school"), values, language)]
    return path, "\n".join(lines) + "\n"


def _free_path(content: Path, folder: str, name: str, ending: str) -> str:
    name = name.removesuffix(ending)
    if not ID.fullmatch(name) or len(name) > MAX_ID or RESERVED.fullmatch(name):
        suggestion = id_text(name)[:MAX_ID].strip("-") or "maa3-geometria"
        raise ScaffoldRefused(f"{name!r} will not do as a name; use a–z, digits and hyphens, for example {suggestion}")
    path = f"{folder}/{name}{ending}"
    if (content / path).exists():
        raise ScaffoldRefused(f"{path} is already there; open it, or choose another name")
    return path


def _modules_in(name: str, loading: Loading) -> list[Module]:
    """The modules whose codes a course's name begins with."""
    by_fold = {fold(code): module for code, module in loading.modules.items()}
    found: list[Module] = []
    for part in name.split("-"):
        if part not in by_fold:
            break
        found.append(by_fold[part])
    return found


def _course_text(loading: Loading, modules: list[Module], language: Language) -> str:
    subject = modules[0].subject_id if modules else next(iter(loading.subjects), "AI")
    total = sum(module.credits or 0 for module in modules)
    values = {
        "title": [scalar_text(modules[0].name.to(language), None) if modules else WORDS["title"][language]],
        "summary": [WORDS["summary"][language]],
        "status": [f"draft  # {WORDS['publish'][language]}"],
        "subject": [subject],
        **({"modules": ["", *(f"  - {module.code}" for module in modules)]} if modules else {}),
        "credits": [str(total or 2)],
        **(
            {"credits_reason": [f"{', '.join(one.code for one in modules)}: {total or 2}"]}
            if None in [one.credits for one in modules]
            else {}
        ),
        "mode": ["guided"],
        "language": [language],
        "audience": ["", f"  - {next(iter(loading.levels), 'lukio')}"],
        "teacher": [WORDS["teacher"][language]],
        "exam": ["home_school"],
        "offerings": ["", *_offering_lines(loading, language)],
    }
    if "credits_reason" in values:
        values["credits_reason"] = [scalar_text(values["credits_reason"][0], None)]
    head = f"# {WORDS['course_head'][language]}"
    return "\n".join(["---", head, *_fields(definition("course"), values, language), "---", "", WORDS["body"][language], ""])


def _fields(spec: Field, values: Mapping[str, list[str]], language: Language) -> Iterator[str]:
    """Each field under its explanation; one without a value as a comment with an example."""
    for key, field in spec.fields.items():
        if key in values:
            if field.helps:
                yield f"# {field.helps[language]}"
            first, *rest = values[key]
            yield f"{key}: {first}".rstrip()
            yield from rest
        elif field.examples and not isinstance(field.examples[0], (list, dict)):
            if field.helps:
                yield f"# {field.helps[language]}"
            yield f"# {key}: {field.examples[0]}"


def _offering_lines(loading: Loading, language: Language) -> Iterator[str]:
    """The dated offering that most schools have last in the year; without any, ten weeks in the middle of the school year."""
    dated = [one for entry in loading.courses if entry.thing for one in entry.thing.offerings if one.starts_on and not one.cancelled]
    runs = Counter((one.starts_on, one.ends_on) for one in dated)
    usual = [run for run, count in runs.items() if count * 10 >= max(runs.values())]
    model = next((one for one in dated if (one.starts_on, one.ends_on) == max(usual, key=str)), None) if usual else None
    yield from _like(model, loading, language) if model else _invented(loading)
    yield "    seats: 30"


def _like(model: Offering, loading: Loading, language: Language) -> Iterator[str]:
    opens, closes = (moment.astimezone(loading.zone) for moment in (model.enrolment_opens_at, model.enrolment_closes_at))
    yield f"  - id: {model.id}"
    yield "    label:"
    for one in loading.known.languages:
        yield f"      {one}: {scalar_text(model.label.to(one), None)}"
    yield f"    starts_on: {model.starts_on}"
    yield f"    ends_on: {model.ends_on}"
    yield f"    enrolment_opens_at: {opens:%Y-%m-%dT%H:%M}"
    yield f"    enrolment_closes_at: {closes:%Y-%m-%dT%H:%M}"


def _invented(loading: Loading) -> Iterator[str]:
    begins = loading.network.school_year_starts_on if loading.network else date(2026, 8, 1)
    starts = begins + timedelta(days=180)
    yield f"  - id: {starts.year}-p4"
    yield f"    starts_on: {starts}"
    yield f"    ends_on: {starts + timedelta(days=70)}"
    yield f"    enrolment_opens_at: {begins}T08:00"
    yield f"    enrolment_closes_at: {starts - timedelta(days=7)}T16:00"


def _period_lines(loading: Loading, languages: tuple[Language, ...]) -> Iterator[str]:
    """The periods that most schools of the network have, to be mended; nothing where none has any."""
    known = [school.periods for school in loading.schools.values() if school.periods]
    for one in max(known, key=known.count, default=()):
        yield f"  - id: {one.id}"
        yield "    label:"
        yield from (f"      {language}: {scalar_text(one.label.to(language), None)}" for language in languages)
        yield f"    starts_on: {one.starts_on}"
        yield f"    ends_on: {one.ends_on}"


def _business_id(school: str) -> str:
    """An invented business ID with a right check digit, so that the draft can be checked before the real one is known."""
    seven = 9_000_000 + sum(ord(one) * place for place, one in enumerate(school, 1)) % 900_000
    while check_digit(str(seven)) is None:
        seven += 1
    return f"{seven}-{check_digit(str(seven))}"
