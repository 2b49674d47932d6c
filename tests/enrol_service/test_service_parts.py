"""The holder of the catalogue, the site's files, the search, the open numbers, the accounts and the clock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import brotli
import pytest
from flask import Flask

from enrol_service.__main__ import main
from enrol_service.clock import clock
from enrol_service.holder import Holder
from enrol_service.school.accounts import end, grant, staff_of
from enrol_service.service import Service
from tests.enrol_service.cast import CATALOGUE, FY4, NOW, P3, P4, SMALL, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import enrol, sign_in
from theme.static_file import static_files

ROOT = Path(__file__).resolve().parent.parent.parent


def build(site: Path, on: str = "2026-11-23") -> None:
    (site / "build.json").write_text(json.dumps({"built_on": on, "commit": "abc", "pages": 1}), encoding="utf-8")


def test_a_new_build_makes_the_service_load_the_content_again_and_broken_content_changes_nothing(tmp_path: Path) -> None:
    content, site = tmp_path / "content", tmp_path / "site"
    shutil.copytree(SMALL, content)
    site.mkdir()
    holder = Holder(content, site)
    assert not holder.refresh()
    course = content / "courses" / f"{FY4}.md"
    text = course.read_text(encoding="utf-8")
    course.write_text(text.replace("title: Voima ja liike", "title: Voima"), encoding="utf-8")
    assert not holder.refresh(), "not before the site has been built"
    build(site)
    assert holder.refresh()
    assert str(holder.current.catalogue.courses[FY4].title) == "Voima"
    before = holder.current
    course.write_text(text.replace("credits: 2", "credits: two"), encoding="utf-8")
    build(site, "2026-11-24")
    assert not holder.refresh()
    assert holder.current is before


@pytest.fixture
def site(service: Service) -> Path:
    """A built site of a few files."""
    root = service.settings.site
    for path, text in {
        "index.html": "<h1>Tarjotin</h1>" + "x" * 2000,
        "sv/index.html": "<h1>Tarjotin på svenska</h1>",
        "404.html": "<h1>Sivua ei löydy</h1>",
        "sv/404.html": "<h1>Sidan finns inte</h1>",
        "catalogue.json": "{}",
        "embed/kuusikko.html": "<h1>Kuusikon lukio</h1>",
        "sv/embed/kuusikko.html": "<h1>Kuusikon lukio</h1>",
        "courses/embed/x.html": "<h1>A course of a school that is called embed</h1>",
        "feed.atom": "<feed/>",
        "opensearch.xml": "<OpenSearchDescription/>",
        "courses.csv": "id",
        "schools/kuusikko.ics": "BEGIN:VCALENDAR",
        "card.png": "",
        "static/old.0123456789.css": "p{}",
        ".hidden/secret.txt": "secret",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root.parent / "outside.txt").write_text("outside", encoding="utf-8")
    (root / "link.txt").symlink_to(root.parent / "outside.txt")
    return root


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/", 200, "<h1>Tarjotin</h1>"),
        ("/sv/", 200, "på svenska"),
        ("/sv", 301, ""),
        ("/catalogue.json", 200, "{}"),
        ("/courses/no/such.html", 404, "Sivua ei löydy"),
        ("/sv/courses/no/such.html", 404, "Sidan finns inte"),
        ("/../outside.txt", 404, "Sivua ei löydy"),
        ("/%2e%2e/outside.txt", 404, "Sivua ei löydy"),
        ("/..%2foutside.txt", 404, "Sivua ei löydy"),
        ("/static/../../outside.txt", 404, "Sivua ei löydy"),
        ("/link.txt", 404, "Sivua ei löydy"),
        ("/.hidden/secret.txt", 404, "Sivua ei löydy"),
        ("/tarjotin.db", 404, "Sivua ei löydy"),
        ("/a%00b", 404, "Sivua ei löydy"),
    ],
)
def test_the_site_is_served_and_nothing_else(site: Path, app: Flask, path: str, status: int, words: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
    assert "outside" not in answer.get_data(as_text=True).replace(path, "")


@pytest.mark.parametrize(
    ("path", "anywhere"),
    [
        ("/embed/kuusikko.html", True),
        ("/sv/embed/kuusikko.html", True),
        ("/", False),
        ("/sv/", False),
        ("/courses/embed/x.html", False),
        ("/embed/..%2findex.html", False),
        ("/embed/%2e%2e/index.html", False),
        ("/sv/embed/..%2f..%2findex.html", False),
        ("/embed/no-such.html", False),
        ("/search", False),
        ("/catalogue.json", False),
    ],
)
def test_only_a_school_s_list_may_stand_in_a_frame_on_another_site(site: Path, app: Flask, path: str, anywhere: bool) -> None:
    policy = app.test_client().get(path).headers["Content-Security-Policy"]
    assert ("frame-ancestors *" in policy) == anywhere
    assert ("frame-ancestors 'none'" in policy) != anywhere
    if anywhere:
        assert "script-src" not in policy
        assert policy.startswith("default-src 'none'; style-src 'self'")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/opensearch.xml", "application/opensearchdescription+xml; charset=utf-8"),
        ("/courses.csv", "text/csv; charset=utf-8"),
        ("/schools/kuusikko.ics", "text/calendar; charset=utf-8"),
        ("/card.png", "image/png"),
    ],
)
def test_programs_are_told_what_a_file_is(site: Path, app: Flask, path: str, content_type: str) -> None:
    assert app.test_client().get(path).content_type == content_type


def test_files_are_kept_by_browsers_as_long_as_they_are_true(site: Path, app: Flask) -> None:
    client = app.test_client()
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert "immutable" in client.get("/static/old.0123456789.css").headers["Cache-Control"]
    assert client.get("/static/old.0123456789.css").content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize("gone", ["index.html", "*"])
def test_a_file_that_a_new_site_takes_away_while_it_is_read_is_not_found(
    site: Path, app: Flask, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """Whether the page alone is gone, or for a moment the whole site."""
    read = Path.read_bytes

    def read_late(self: Path) -> bytes:
        if self.is_relative_to(site) and self.match(gone):
            self.unlink()
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", read_late)
    answer = app.test_client().get("/")
    assert answer.status_code == 404
    assert b"<h1" in answer.data


def test_the_theme_of_this_version_is_served_whatever_the_site_was_built_with(app: Flask) -> None:
    style = static_files()["tray.css"]
    answer = app.test_client().get(style.address)
    assert (answer.status_code, answer.data) == (200, style.content)
    assert "immutable" in answer.headers["Cache-Control"]


def test_what_a_browser_takes_packed_is_packed(site: Path, app: Flask) -> None:
    for address in ("/", "/search"):
        answer = app.test_client().get(address, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert b"<h1" in brotli.decompress(answer.data)
        assert "Content-Encoding" not in app.test_client().get(address, headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(("ending", "encoding"), [(".br", "br"), (".gz", "gzip")])
def test_what_the_build_has_packed_is_sent_as_it_lies_there(site: Path, app: Flask, ending: str, encoding: str) -> None:
    """In the way the reader takes it; the packed file has no address of its own."""
    packed = site / f"index.html{ending}"
    packed.write_bytes(b"packed")
    answer = app.test_client().get("/", headers={"Accept-Encoding": encoding})
    packed.unlink()
    assert (answer.data, answer.headers["Content-Encoding"], answer.headers["Vary"]) == (b"packed", encoding, "Accept-Encoding")
    assert answer.content_type == "text/html; charset=utf-8"
    packed.write_bytes(b"packed")
    assert b"<h1" in app.test_client().get("/").data
    assert app.test_client().get(f"/index.html{ending}").status_code == 404
    packed.unlink()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["FY4", "HI1", "MAA6", "FY1", "Palaute"]),
        ("?q=voima", ["FY4"]),
        ("?school=strand", ["FY1", "Palaute"]),
        ("?mode=independent&open=1", ["MAA6"]),
        ("?month=2027-02", ["FY4"]),
    ],
)
def test_the_list_is_searched_without_script(reader: Reader, query: str, found: list[str]) -> None:
    reader.open(f"/search{query}")
    rows = [row.get_text(" ", strip=True) for row in reader.soup.select(".course-row")]
    for words in found:
        assert any(words in row for row in rows), words
    assert f"{len(rows)} kurssi" in (reader.soup.title.get_text() if reader.soup.title else "")


def test_an_empty_search_shows_only_ways_out_that_lead_somewhere(reader: Reader) -> None:
    reader.open("/search?q=voima&school=strand")
    ways = [way.get_text(strip=True) for way in reader.soup.select(".empty a")]
    assert len(ways) == 3
    reader.follow("Ilman rajausta Strandgymnasiet")
    assert "FY4" in reader.soup.select(".course-row")[0].get_text()


def test_the_numbers_of_seats_are_open_data(reader: Reader, office: Office, watch: Watch) -> None:
    office.fill(2, offering_id=P4)
    office.fill_one("siiri@strand.example", P4)
    office.withdraw(office.fill_one("siiri@strand.example", P3))
    answer = reader.client.get("/api/offerings/seats.json")
    conditional = {"taken": 0, "queued": 0, "to_go": 2}
    assert answer.get_json() == {"at": "2026-11-23T07:52:00+00:00", "seats": {FY4: {P3: conditional, P4: {"taken": 2, "queued": 1}}}}
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    office.fill_one("aila@strand.example", P4)
    for seconds, moment, queued in ((20, "07:52:20", 1), (10, "07:52:30", 2)):  # the clock is that of the answer, the numbers are kept
        watch.later(seconds=seconds)
        told = reader.client.get("/api/offerings/seats.json").get_json()
        assert (told["at"], told["seats"][FY4][P4]["queued"]) == (f"2026-11-23T{moment}+00:00", queued)


def test_an_account_gives_rights_beside_the_content_and_ends(office: Office) -> None:
    with office.database.write() as connection:
        grant(connection, "Uusi.Opettaja@kuusikko.example", "kuusikko", "Uusi Opettaja", "fi", ["teacher"], NOW)
        found = staff_of(connection, CATALOGUE, "uusi.opettaja@kuusikko.example", NOW)
        assert found is not None
        assert found.may("see_offerings", "kuusikko")
        assert not found.can("decide")
        assert end(connection, found, "kuusikko", NOW)
        assert staff_of(connection, CATALOGUE, "uusi.opettaja@kuusikko.example", NOW) is None


def test_who_is_removed_is_out_at_once(app: Flask, post: Post, office: Office) -> None:
    with office.database.write() as connection:
        grant(connection, "uusi@kuusikko.example", "kuusikko", "Uusi", "fi", ["teacher"], NOW)
    reader = Reader(app)
    sign_in(reader, post, "uusi@kuusikko.example")
    assert reader.heading == "Omat kurssit"
    with office.database.write() as connection:
        person = staff_of(connection, CATALOGUE, "uusi@kuusikko.example", NOW)
        assert person is not None
        end(connection, person, "kuusikko", NOW)
    reader.open("/staff/offerings")
    assert reader.heading == "Kirjaudu oppilaitoksena"


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of somebody who runs a development service; the folder it keeps its data in."""
    monkeypatch.setenv("TARJOTIN_ENVIRONMENT", "development")
    monkeypatch.setenv("TARJOTIN_CONTENT", str(SMALL))
    monkeypatch.setenv("TARJOTIN_DATA", str(tmp_path))
    return tmp_path


def test_the_commands_of_an_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TARJOTIN_ENVIRONMENT", "development")
    monkeypatch.setenv("TARJOTIN_CONTENT", str(SMALL))
    monkeypatch.setenv("TARJOTIN_DATA", str(tmp_path))
    assert main(["migrate"]) == 0
    assert main(["sample"]) == 0
    assert main(["account", "uusi@kuusikko.example", "kuusikko", "teacher", "coordinator"]) == 0
    assert "teacher, coordinator of Kuusikon lukio" in capsys.readouterr().out
    assert main(["account", "uusi@kuusikko.example", "hogwarts"]) == 1
    assert "Schools: kuusikko, rantakyla, strand" in capsys.readouterr().err
    assert main(["account", "uusi@kuusikko.example", "kuusikko", "king"]) == 1
    assert "There is no role king" in capsys.readouterr().err
    assert main(["account", "uusi@kuusikko.example", "kuusikko"]) == 0
    assert "is coordinator of" in capsys.readouterr().out
    assert main(["account", "uusi@kuusikko.example", "kuusikko", "--end"]) == 0
    monkeypatch.setenv("TARJOTIN_TODAY", "tomorrow")
    assert main(["migrate"]) == 1
    assert "write it as 2026-11-23" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["uusi@kuusikko.example", "kuusikko"], "uusi@kuusikko.example may sign in and is coordinator of Kuusikon lukio.\n"),
        (["Uusi@Kuusikko.example", "kuusikko", "teacher"], "uusi@kuusikko.example may sign in and is teacher of Kuusikon lukio.\n"),
        (["uusi@kuusikko.example", "kuusikko", "--end"], "This person has no rights there.\n"),
    ],
)
def test_an_account_is_given_from_the_command_line(
    operator: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["account", *arguments]) == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("email", ["uusi", "uusi@", "uusi@kuusikko", "Uusi <uusi@kuusikko.example>", "=?utf-8?q?a?=@kuusikko.example"])
def test_an_account_needs_a_whole_address(operator: Path, capsys: pytest.CaptureFixture[str], email: str) -> None:
    assert main(["account", email, "kuusikko"]) == 1
    assert capsys.readouterr().err.startswith(f'"{email}" is not an e-mail address.')


@pytest.mark.parametrize(
    "command", [["-m", "enrol_service", "migrate"], ["-m", "enrol_service", "worker"], ["-c", "import enrol_service.wsgi"]], ids=" ".join
)
def test_broken_content_stops_the_start_with_every_problem_and_no_traceback(operator: Path, command: list[str]) -> None:
    content = operator / "content"
    shutil.copytree(SMALL, content)
    for course, old, new in ((FY4, "credits: 2", "credits: two"), ("strand/fy1-fysik", "status: published", "status: perhaps")):
        file = content / "courses" / f"{course}.md"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    environment = {**os.environ, "TARJOTIN_CONTENT": str(content)}
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert f"courses/{FY4}.md:7:10: error T204" in ended.stderr
    assert "courses/strand/fy1-fysik.md" in ended.stderr


def test_a_shifted_clock_shows_the_day_at_the_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = CATALOGUE.network.time_zone
    shown = clock(zone, date(2026, 11, 23))().astimezone(zone)
    real = datetime.now(zone)
    assert shown.date() == date(2026, 11, 23)
    assert abs((shown.hour * 60 + shown.minute) - (real.hour * 60 + real.minute)) <= 1


def test_a_reader_who_sends_the_form_twice_in_two_languages_has_one_enrolment(reader: Reader) -> None:
    enrol(reader, "/sv", key="0123456789abcdef")
    own = reader.address.removeprefix("/sv")
    enrol(reader, key="0123456789abcdef")
    assert reader.address == own
