"""Writes a made-up network of any size, the same bytes every time: `python benchmarks/corpus.py FOLDER COURSES [fi,sv,en]`.

The national modules, the subjects, the levels, the agreement and the content pages are the sample network's own. Schools and
courses are made up: 22 fields and some 240 words to a course, 70 % in Finnish, 15 % in Swedish, 15 % in English. The words
are drawn from a vocabulary that grows as a real one does; they mean nothing.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus_words import PARTS, Words  # noqa: E402 - the folder is not installed
from course_catalogue.field import definition  # noqa: E402

SAMPLE = ROOT / "content"
SCHOOLS = ((250, 26), (2_000, 111), (10_000, 301), (50_000, 400))  # up to so many courses, so many schools
MOST_SCHOOLS = 400
PERIODS = (  # of the sample's school year: its first and last day, and the days on which enrolment opens and closes
    (date(2026, 10, 5), date(2026, 11, 27), date(2026, 8, 15), date(2026, 9, 28)),
    (date(2026, 11, 30), date(2027, 2, 5), date(2026, 8, 15), date(2026, 11, 27)),
    (date(2027, 2, 8), date(2027, 4, 9), date(2026, 11, 2), date(2027, 2, 1)),
    (date(2027, 4, 12), date(2027, 5, 28), date(2027, 1, 11), date(2027, 4, 5)),
)
BEFORE, PLACES = (parts.split() for parts in yaml.safe_load(PARTS.read_text(encoding="utf-8"))["schools"].values())
LANGUAGES = ("fi",) * 14 + ("sv",) * 3 + ("en",) * 3
MODES = ("guided",) * 11 + ("independent",) * 6 + ("virtual_class",) * 3
AUDIENCES = ("lukio",), ("lukio",), ("lukio", "lukio-aikuiset"), ("lukio-aikuiset",)


def write(folder: Path, courses: int, languages: Sequence[str] = ("fi",)) -> None:
    """Write the content of a network with so many courses into an empty or missing folder; `languages` are those of its site."""
    schools = [_school_id(number) for number in range(next((count for most, count in SCHOOLS if courses <= most), MOST_SCHOOLS))]
    _write(folder / "network.yaml", _network(languages))
    for name in ("subjects", "levels"):
        _write(folder / f"vocabulary/{name}.yaml", _only(_read(f"vocabulary/{name}.yaml"), languages))
    modules = _modules(languages)
    with _target(folder / "vocabulary/modules.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(modules[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(modules)
    _write(folder / "agreements/2026-2027.yaml", _agreement(schools, languages))
    for number, school in enumerate(schools):
        _write(folder / f"schools/{school}.yaml", _school(number, languages))
    for language in languages:
        for page in sorted((SAMPLE / "pages" / language).glob("*.md")):
            _copy(folder, page.relative_to(SAMPLE).as_posix())
    for school in schools:
        (folder / "courses" / school).mkdir(parents=True)
    for number in range(courses):
        module = modules[number * 7 % len(modules)]
        school = schools[number // 3 % len(schools)]
        path = folder / "courses" / school / f"{module['subject'].lower()}-{number}.md"
        path.write_text(_course(random.Random(number), number, module), encoding="utf-8")  # noqa: S311 - no secret


def _read(path: str) -> Any:
    return yaml.safe_load((SAMPLE / path).read_text(encoding="utf-8"))


def _copy(folder: Path, path: str) -> None:
    _target(folder / path).write_bytes((SAMPLE / path).read_bytes())


def _write(path: Path, tree: Any) -> None:
    text = yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    _target(path).write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Without the references by which YAML says a thing once that stands in two places."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _target(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _only(tree: Any, languages: Sequence[str]) -> Any:
    """The tree with its texts in these languages alone."""
    if isinstance(tree, list):
        return [_only(one, languages) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if set(tree) == {"fi", "sv", "en"}:
        return {one: tree[one] for one in languages}
    return {key: _only(one, languages) for key, one in tree.items()}


def _network(languages: Sequence[str]) -> Mapping[str, Any]:
    network = {**_read("network.yaml"), "languages": list(languages)}
    network["name"] = dict.fromkeys(("fi", "sv", "en"), "Verkosto")
    if "card_images" in definition("network").fields:
        network["card_images"] = False  # no pictures to be drawn: the peers draw none
    return dict(_only(network, languages))


def _agreement(schools: Sequence[str], languages: Sequence[str]) -> Mapping[str, Any]:
    agreement = _only(_read("agreements/2026-2027.yaml"), languages)
    members = [school for number, school in enumerate(schools) if number % 5]
    prices = [rule for rule in agreement["prices"] if "courses" not in rule]
    return {**agreement, "members": members, "prices": prices}


def _school_id(number: int) -> str:
    return f"{BEFORE[number % len(BEFORE)]}{PLACES[number // len(BEFORE)]}".lower().replace("ä", "a").replace("ö", "o")


def _school(number: int, languages: Sequence[str]) -> Mapping[str, Any]:
    place = f"{BEFORE[number % len(BEFORE)]}{PLACES[number // len(BEFORE)].lower()}"
    host = f"{_school_id(number)}.example"
    return {
        "name": f"{place}n lukio",
        "kind": "lukio",
        "language": "fi",
        "place": place,
        "provider": f"{place}n kaupunki",
        "business_id": _business_id(9_000_000 + 13 * number),
        "website": f"https://www.{host}",
        "description": dict.fromkeys(
            languages, f"{place} opettaa verkossa iltapäivisin ja alkuillasta, ja opettaja vastaa viesteihin joka arkipäivä."
        ),
        "contacts": [
            {"name": "Opinto-ohjaaja", "email": f"opo@{host}", "roles": ["contact_person"], "language": "fi"},
            {"name": "Rehtori", "email": f"rehtori@{host}", "roles": ["payer", "coordinator"], "language": "fi"},
            {"name": "Opintotoimisto", "email": f"toimisto@{host}", "roles": ["office"], "language": "fi"},
        ],
    }


def _business_id(number: int) -> str:
    """The next number from this one that has a check digit, with it."""
    while (rest := sum(int(digit) * weight for digit, weight in zip(f"{number}", (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11) == 1:
        number += 1
    return f"{number}-{11 - rest if rest else 0}"


def _modules(languages: Sequence[str]) -> list[dict[str, str]]:
    """The modules that have a name in one of these languages and whose extent is fixed."""
    with (SAMPLE / "vocabulary/modules.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["credits"] and any(row[f"name_{one}"] for one in languages)]


def _course(chance: random.Random, number: int, module: Mapping[str, str]) -> str:
    language = chance.choice(LANGUAGES)
    words = Words(chance, language)
    audience = chance.choice(AUDIENCES)
    head = [
        f"title: {words.title()}",
        f"summary: {words.sentence(11)}",
        "status: published",
        f"subject: {module['subject']}",
        f"modules: [{module['code']}]",
        f"credits: {module['credits']}",
        f"mode: {chance.choice(MODES)}",
        f"language: {language}",
        f"audience: [{', '.join(audience)}]",
        f"teacher: Opettaja {number % 997}",
        f"prerequisites: {words.sentence(5)}",
        f"keywords: [{', '.join(dict.fromkeys(words.word() for _ in range(4)))}]",
        f"exam: {chance.choice(('home_school', 'online', 'none'))}",
        f"materials_cost: {chance.choice((0, 0, 0, 12.50))}",
        f"production: {{licence: CC-BY-4.0, produced_by: school, reviewed_on: 2026-0{1 + number % 9}-15}}",
        "offerings:",
    ]
    for period in sorted(chance.sample(range(len(PERIODS)), chance.randint(1, 3))):
        head += _offering(chance, period)
    return "\n".join(["---", *head, "---", "", _body(chance, words), ""])


def _offering(chance: random.Random, period: int) -> list[str]:
    starts, ends, opens, closes = PERIODS[period]
    closes += timedelta(days=chance.randint(-7, 2))
    return [
        f"  - id: 2026-p{period + 2}",
        f"    starts_on: {starts}",
        f"    ends_on: {ends}",
        f"    enrolment_opens_at: {opens}T08:00",
        f"    enrolment_closes_at: {closes}T16:00",
        f"    seats: {chance.choice((16, 20, 24, 30))}",
    ]


def _body(chance: random.Random, words: Words) -> str:
    """Headings, paragraphs, a list with a link, and in three of ten a table."""
    parts = []
    for _ in range(4):
        parts += [f"## {words.title()}", " ".join(words.sentence(chance.randint(8, 14)) for _ in range(4))]
    parts.append(
        "\n".join(f"- **{words.word()}** {words.sentence(5)}" for _ in range(4)) + f"\n- [{words.word()}](https://www.example.org/)"
    )
    if chance.random() < 0.3:
        parts.append("\n".join(["| Viikko | Aihe |", "| --- | --- |", *(f"| {week} | {words.title()} |" for week in range(1, 6))]))
    return "\n\n".join(parts)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), tuple(sys.argv[3].split(",")) if len(sys.argv) > 3 else ("fi",))
