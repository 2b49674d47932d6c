"""A build is whole or not at all, the same twice, and the same with kept pages as without."""

from __future__ import annotations

import json
import locale
import logging
import os
import random
import re
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from course_catalogue import spread as spreading
from course_catalogue.catalogue import ContentProblems
from course_catalogue.link import AGREEMENT_PLACES, PLACES
from tests.tray_site.conftest import NOW, SMALL, tree
from tray_site import page_print, printing
from tray_site import swap as swapping
from tray_site.build import BuildReport, OutputProblems, build
from tray_site.output_check import SERVICE
from tray_site.page_facts import facts_of

ROOT = Path(__file__).resolve().parent.parent.parent
COURSE = "courses/kuusikko/maa6-derivaatta.md"
MAA6, ABOUT = "/courses/kuusikko/maa6-derivaatta.html", "/pages/about.html"


def make(content: Path, output: Path, cache: Path | None = None) -> BuildReport:
    return build(content, output, now=NOW, cache=cache, progress=False)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_two_builds_are_the_same(site: Path, tmp_path: Path) -> None:
    make(SMALL, tmp_path / "again")
    assert tree(tmp_path / "again") == tree(site)


def test_one_process_prints_what_many_print(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "WORTH_FORKING", 1)
    monkeypatch.setattr(spreading, "processors", lambda: 3)
    make(SMALL, tmp_path / "many", tmp_path / "cache")
    assert tree(tmp_path / "many") == tree(site)


def test_nothing_changed_means_nothing_printed(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path / "site", tmp_path / "cache")
    before = tree(tmp_path / "site")
    second = make(content, tmp_path / "site", tmp_path / "cache")
    assert (first.printed, second.printed) == (first.pages, 0)
    assert tree(tmp_path / "site") == before


def test_a_changed_text_is_printed_on_its_page_alone(content: Path, tmp_path: Path) -> None:
    """And on the front page, which knows the words of the search by their hash."""
    make(content, tmp_path / "site", tmp_path / "cache")
    edit(content / COURSE, "## ", "## Uusi: ")
    assert make(content, tmp_path / "site", tmp_path / "cache").printed == 6


def test_a_changed_course_is_printed_with_the_lists_it_stands_in(content: Path, tmp_path: Path) -> None:
    make(content, tmp_path / "site", tmp_path / "cache")
    before = tree(tmp_path / "site")
    edit(content / COURSE, "Derivaatta omaan tahtiin", "Derivaatta omassa tahdissa")
    report = make(content, tmp_path / "site", tmp_path / "cache")
    assert 6 < report.printed < report.pages / 2
    changed = {name for name, found in tree(tmp_path / "site").items() if before.get(name) != found}
    assert {MAA6[1:], f"sv{MAA6}", f"en{MAA6}", "subjects/maa.html", "schools/kuusikko.html"} <= changed
    assert not changed & {"pages/about.html", "courses/kuusikko/fy4-voima-ja-liike.html", "schools/rantakyla.html"}


EDITS = [
    ("courses/kuusikko/fy4-voima-ja-liike.md", "seats: 10", "seats: 12"),
    (COURSE, "{fi: Derivaatta", "{fi: Uusi derivaatta"),
    ("courses/kuusikko/fy4-voima-ja-liike.md", "status: published", "status: cancelled"),
    ("courses/strand/fy1-fysik.md", "title: ", "title: Ny "),
    ("agreements/2026-2027.yaml", "amount: 150.00", "amount: 155.00"),
    ("agreements/2026-2027.yaml", "share: 50", "share: 40"),
    ("schools/kuusikko.yaml", "place: ", "place: Uusi-"),
    ("pages/sv/about.md", "title: ", "title: Ny "),
    ("network.yaml", "slogan: {fi: ", "slogan: {fi: Uusi "),
    ("vocabulary/levels.yaml", "lukio: {fi: ", "lukio: {fi: Uusi "),
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_kept_pages_and_new_ones_make_the_site_that_a_cold_build_makes(content: Path, tmp_path: Path, seed: int) -> None:
    """After each of some edits in random order, taken back at times, both builds are equal byte for byte."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    make(content, tmp_path / "site", tmp_path / "cache")
    for path, old, new in chance.sample(EDITS, 3):
        before = (content / path).read_text(encoding="utf-8")
        edit(content / path, old, new)
        make(content, tmp_path / "site", tmp_path / "cache")
        make(content, tmp_path / "cold")
        assert tree(tmp_path / "site") == tree(tmp_path / "cold"), path
        if chance.random() < 0.5:
            (content / path).write_text(before, encoding="utf-8")


def test_the_next_day_and_the_day_after_closing_are_printed_anew(content: Path, tmp_path: Path) -> None:
    for days in (0, 1, 5, 80):
        now = NOW + timedelta(days=days)
        build(content, tmp_path / "site", now=now, cache=tmp_path / "cache", progress=False)
        build(content, tmp_path / "cold", now=now, cache=None, progress=False)
        assert tree(tmp_path / "site") == tree(tmp_path / "cold")


def test_a_site_for_another_host_sends_its_forms_to_the_service(content: Path, tmp_path: Path) -> None:
    """And the kept pages of the one are not taken for the other."""
    service = "https://service.example"
    make(content, tmp_path / "here", tmp_path / "cache")
    build(content, tmp_path / "there", now=NOW, cache=tmp_path / "cache", progress=False, service=service)
    here, there = tree(tmp_path / "here"), tree(tmp_path / "there")
    assert here.keys() == there.keys()
    for name in (name for name in there if name.endswith(".html")):
        links = [link for link in facts_of(there[name]).links if SERVICE.fullmatch(urlsplit(link).path)]
        assert links or "embed/" in name, name  # each page of our own at least leads the staff to the service
        assert all(link.startswith(service + "/") for link in links), (name, links)
    for course in (name for name in there if "courses/" in name and b"<form" in here[name]):
        assert f'action="{service}/'.encode() in there[course]
        assert service.encode() not in here[course]


def test_a_course_taken_away_is_gone_from_the_site(content: Path, tmp_path: Path) -> None:
    make(content, tmp_path / "site", tmp_path / "cache")
    (content / COURSE).unlink()
    make(content, tmp_path / "site", tmp_path / "cache")
    assert not list((tmp_path / "site").rglob("maa6-derivaatta.html"))


def test_content_with_errors_leaves_the_old_site(content: Path, tmp_path: Path) -> None:
    make(content, tmp_path / "site")
    before = tree(tmp_path / "site")
    edit(content / COURSE, "subject: ", "subject: NONE-")
    edit(content / "courses/strand/fy1-fysik.md", "mode: ", "mode: none-")
    with pytest.raises(ContentProblems) as found:
        make(content, tmp_path / "site")
    assert {problem.path for problem in found.value.problems if problem.is_error} >= {COURSE, "courses/strand/fy1-fysik.md"}
    assert tree(tmp_path / "site") == before


def test_a_link_to_nowhere_leaves_the_old_site(content: Path, tmp_path: Path) -> None:
    make(content, tmp_path / "site")
    before = tree(tmp_path / "site")
    with (content / "pages/fi/about.md").open("a", encoding="utf-8") as page:
        page.write("\n[Ei mitään](/courses/kuusikko/poissa.html)\n")
    with pytest.raises(ContentProblems, match=re.escape("T709 at pages/fi/about.md:10:13")):
        make(content, tmp_path / "site")
    assert tree(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# Not for a text to link to: what is no page of its own, and lists that come and go with the courses.
PASSING = re.compile(r"404|embed/|(?:modules|languages|levels|modes|starts)/")


def test_what_the_check_lets_a_text_link_to_is_there(content: Path, tmp_path: Path) -> None:
    """Every page of the site, every place on it that the check knows, and the service wherever it is."""
    make(content, tmp_path / "site")
    shown = [name for name in tree(tmp_path / "site") if name.endswith(".html") and not PASSING.search(name)]
    pages = [f"/{name}".removesuffix("index.html") for name in shown]
    places = [f"/pages/rules.html#2026-2027-{part}" for part in (*AGREEMENT_PLACES, "ohjattu")]
    places += [f"{page}#{place}" for page, kind in ((ABOUT, ""), ("/", "home"), (MAA6, "course")) for place in PLACES[kind]]
    links = [*pages, *places, "/search?q=x", "/sv/staff/", "/staff", "/catalogue.json"]
    with (content / "pages/fi/about.md").open("a", encoding="utf-8") as page:
        page.writelines(f"\n[{link}]({link})\n" for link in links)
    for service in ("", "https://service.example"):
        build(content, tmp_path / "site", now=NOW, cache=None, progress=False, service=service)
        text = (tmp_path / "site/pages/about.html").read_text(encoding="utf-8")
        assert f'href="{service}/search?q=x"' in text
        assert f'href="{service}/sv/staff/"' in text


def test_a_page_that_was_not_written_stops_the_build(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = printing.Printer.finish

    def forgetful(self: printing.Printer) -> object:
        (self.folder / "schools.html").unlink()
        return real(self)

    monkeypatch.setattr(printing.Printer, "finish", forgetful)
    with pytest.raises(OutputProblems, match=re.escape("/schools.html was promised but not written.")):
        make(content, tmp_path / "site")


def test_a_template_from_elsewhere_stops_the_build(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pelican's own theme, for example, which stands in where a template is missing."""
    monkeypatch.setattr(page_print, "TEMPLATES", tmp_path)
    with pytest.raises(page_print.TemplateOutsideTheme):
        make(content, tmp_path / "site")


@pytest.mark.parametrize("where", ["content", "content/site", "."])
def test_the_site_never_replaces_the_content(content: Path, tmp_path: Path, where: str) -> None:
    with pytest.raises(OutputProblems, match="overlaps the content folder"):
        make(content, tmp_path / where)
    assert (content / "network.yaml").is_file()


def test_a_folder_of_somebody_s_own_is_not_replaced(content: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputProblems, match="did not build"):
        make(content, tmp_path / "site")
    assert (tmp_path / "site" / "thesis.txt").is_file()


def test_an_empty_folder_may_be_filled(content: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert make(content, tmp_path / "site").pages > 0


def two_sites(tmp_path: Path) -> tuple[Path, Path]:
    new, output = tmp_path / "parent" / "site", tmp_path / "output"
    for folder, text in ((new, "new"), (output, "old")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(text, encoding="utf-8")
    return new, output


@pytest.mark.parametrize("in_one_step", [True, False])
def test_the_new_site_takes_the_place_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool) -> None:
    if not in_one_step:
        monkeypatch.setattr(swapping, "exchange", lambda one, other: False)
    new, output = two_sites(tmp_path)
    swapping.swap(new, output)
    assert (output / "index.html").read_text(encoding="utf-8") == "new"
    assert list((tmp_path / "parent").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two names in one step")
def test_a_reader_finds_a_site_at_every_moment(tmp_path: Path) -> None:
    """A thread reads all the while; one that came into a gap would find no file."""
    _, output = two_sites(tmp_path)
    found: set[str] = set()
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                found.add((output / "index.html").read_text(encoding="utf-8"))
            except FileNotFoundError:
                found.add("nothing")

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(300):
        new, _ = two_sites(tmp_path)
        swapping.swap(new, output)
    ended.set()
    reader.join()
    assert "new" in found
    assert "nothing" not in found


def test_an_exchange_that_fails_is_no_silent_one(tmp_path: Path) -> None:
    if sys.platform == "linux":
        with pytest.raises(FileNotFoundError):
            swapping.exchange(tmp_path / "nothing", tmp_path)


def test_if_the_new_site_cannot_be_moved_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, output = two_sites(tmp_path)
    monkeypatch.setattr(swapping, "exchange", lambda one, other: False)
    real = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == new:
            raise OSError("disk on fire")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="fire"):
        swapping.swap(new, output)
    assert (output / "index.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("courses/kuusikko/.hidden.md", "secret-7731"),
        ("courses/kuusikko/notes.txt", "secret-7731"),
        ("pages/fi/.htaccess", "secret-7731"),
        ("secret.html", "secret-7731"),
        ("images/secret.png", "secret-7731"),
    ],
)
def test_stray_files_are_refused_or_left_unpublished(content: Path, tmp_path: Path, path: str, text: str) -> None:
    (content / path).parent.mkdir(parents=True, exist_ok=True)
    (content / path).write_text(text, encoding="utf-8")
    try:
        make(content, tmp_path / "site")
    except ContentProblems:
        assert not (tmp_path / "site").exists()
        return
    assert not [name for name, content_bytes in tree(tmp_path / "site").items() if b"secret-7731" in content_bytes]


def test_a_link_to_a_file_outside_is_never_published(content: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passwords.md"
    secret.write_text((content / COURSE).read_text(encoding="utf-8").replace("## ", "## secret-7731 "), encoding="utf-8")
    os.symlink(secret, content / "courses/kuusikko/lainattu.md")
    with pytest.raises(ContentProblems):
        make(content, tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "{attach}../../../etc/passwd",
        "[x]({static}/etc/passwd)",
        "{{ catalogue }}",
        "{% include '/etc/passwd' %}",
        "<script>alert(1)</script>",
    ],
)
def test_hostile_text_is_refused(content: Path, tmp_path: Path, hostile: str) -> None:
    with (content / COURSE).open("a", encoding="utf-8") as file:
        file.write(f"\n{hostile}\n")
    with pytest.raises(ContentProblems):
        make(content, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_two_courses_of_a_school_may_have_the_same_name(content: Path, tmp_path: Path) -> None:
    twin = (content / COURSE).read_text(encoding="utf-8")
    (content / "courses/kuusikko/maa6-toinen.md").write_text(twin, encoding="utf-8")
    make(content, tmp_path / "site")
    titles = [
        re.search("<title>(.*?)</title>", (tmp_path / "site/courses/kuusikko" / name).read_text(encoding="utf-8"))
        for name in ("maa6-derivaatta.html", "maa6-toinen.html")
    ]
    assert len({found[1] for found in titles if found}) == 2


def test_the_report_is_a_sentence(content: Path, tmp_path: Path) -> None:
    report = make(content, tmp_path / "site")
    assert re.fullmatch(r"\d+ pages of 6 courses in 3 languages, \d+ of them made anew, in \d+\.\d s: .*/site", str(report))


def test_the_site_says_what_it_was_built_from(site: Path) -> None:
    mark = json.loads((site / "build.json").read_text(encoding="utf-8"))
    assert mark["built_on"] == "2026-11-23"
    assert mark["pages"] == len(list(site.rglob("*.html")))


def test_pelican_leaves_the_loggers_of_the_process_as_they_were(site: Path) -> None:
    assert type(logging.getLogger()) is logging.RootLogger
    assert logging.getLoggerClass() is logging.Logger
    assert type(logging.getLogger("a-new-one")) is logging.Logger


def test_a_build_leaves_the_locale_of_the_process_as_it_was(content: Path, tmp_path: Path) -> None:
    before = locale.setlocale(locale.LC_ALL)
    make(content, tmp_path / "site")
    assert locale.setlocale(locale.LC_ALL) == before


def test_a_progress_bar_can_be_shown(content: Path, tmp_path: Path) -> None:
    assert build(content, tmp_path / "site", now=NOW, cache=None, progress=True).pages > 0


def test_a_page_s_day_of_change_is_that_of_its_commit(content: Path, tmp_path: Path) -> None:
    """And of the file itself where it is not in git."""
    environment = {**os.environ, "GIT_AUTHOR_DATE": "2026-05-04T12:00:00+03:00", "GIT_COMMITTER_DATE": "2026-05-04T12:00:00+03:00"}
    git = [
        "git",
        "-c",
        "user.name=Aino",
        "-c",
        "user.email=aino@pikku.example",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
    ]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Content"]):
        subprocess.run([*git, *arguments], cwd=content, check=True, env=environment)  # noqa: S603
    make(content, tmp_path / "site")
    sitemap = (tmp_path / "site/sitemap.xml").read_text(encoding="utf-8")
    assert set(re.findall("<lastmod>(.*?)</lastmod>", sitemap)) == {"2026-05-04"}


def test_a_fresh_process_builds_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """No order of a set, no hash of an object, no clock comes onto a page."""
    program = (
        "import sys; from pathlib import Path; from datetime import datetime; from tray_site.build import build; "
        f"build(Path({str(SMALL)!r}), Path(sys.argv[1]), now=datetime.fromisoformat({NOW.isoformat()!r}), cache=None, progress=False)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-W", "error", "-c", program, str(tmp_path / "site")], cwd=ROOT, check=True, env=environment)  # noqa: S603
    assert tree(tmp_path / "site") == tree(site)
