"""Cards are PNGs of the right size, always the same for the same words, and nothing in a word is run."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from course_catalogue.colours import Colours
from course_catalogue.model import Catalogue
from tests.tray_site.conftest import NOW, page
from tests.tray_site.files.conftest import planned
from tray_site.build import build
from tray_site.files.card import drawing
from tray_site.files.card.card import CODES, HEIGHT, WIDTH, Card, course_card, network_card
from tray_site.files.card.drawing import CardNotDrawn, Press, drawn

CARD = Card(
    "fi",
    ("FY4", "FY5"),
    "Voima ja liike",
    "Kuusikon lukio",
    "4 op · Ohjattu",
    "5.10.–27.11.2026",
    "Tarjotin",
    Colours("#0d4a40", "#ffb43a"),
)


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, once every chunk has been found whole (PNG, ISO/IEC 15948)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, names, pixels = 8, [], b""
    size = (0, 0)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        name, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length]) == (zlib.crc32(name + content),)
        names.append(name)
        if name == b"IHDR":
            size = struct.unpack(">II", content[:8])
        if name == b"IDAT":
            pixels += content
        place += 12 + length
    assert names[0] == b"IHDR"
    assert names[-1] == b"IEND"
    assert len(zlib.decompress(pixels)) >= size[0] * size[1] * 3
    return size


def test_a_card_is_a_png_of_the_size_that_its_page_tells() -> None:
    assert size_of(drawn(CARD)) == (WIDTH, HEIGHT) == (1200, 630)


def test_the_same_words_give_the_same_bytes_in_another_process_too() -> None:
    other = Press()
    try:
        assert other.draw(CARD) == drawn(CARD) == drawn(CARD)
    finally:
        other.close()


@pytest.mark.parametrize("part", ["title", "school", "facts", "dates", "name"])
def test_every_word_is_seen(part: str) -> None:
    assert drawn(replace(CARD, **{part: "Toinen"})) != drawn(CARD)


def test_codes_and_the_network_s_colours_are_seen() -> None:
    pictures = {drawn(CARD), drawn(replace(CARD, codes=("FY4",))), drawn(replace(CARD, colours=Colours("#4a0d1a", "#ffb43a")))}
    assert len(pictures) == 3


@pytest.mark.parametrize(
    "title",
    [
        '#read("/etc/passwd")',
        "#panic(1)",
        "*ei* _lihavoitu_ $x$ `koodi` @viite <nimi>",
        '"); #{',
        "漢字 Ελληνικά 🧪",
        "\\",
        "a" * 100,
        "Elintarvikehygieniaosaamistodistusvalmennuskurssi " * 4,
        " ",
    ],
)
def test_no_word_is_run_and_none_stops_the_build(title: str) -> None:
    assert size_of(drawn(replace(CARD, title=title))) == (WIDTH, HEIGHT)


def test_what_cannot_be_drawn_is_said() -> None:
    press = Press()
    press.close()
    with pytest.raises(CardNotDrawn):
        press.draw(CARD)


def test_a_press_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Also when that process is ended by force, as the pool of workers ends its own."""
    program = (
        "import os, sys\n"
        "from tests.tray_site.files.test_card import CARD\n"
        "from tray_site.files.card import drawing\n"
        "drawing.drawn(CARD)\n"
        "print(drawing._press(os.getpid())._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    root = Path(__file__).resolve().parent.parent.parent.parent
    answer = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    status = Path(f"/proc/{int(answer.stdout)}/stat")
    for _ in range(100):
        if not status.exists() or status.read_text().split(") ")[1][0] == "Z":
            return
        import time

        time.sleep(0.05)
    raise AssertionError("the press is still there")


def test_a_course_s_card_says_what_the_course_is(sample: Catalogue) -> None:
    for course in sample.published():
        card = course_card(sample, course)
        assert card.title == course.title.to(card.language)
        assert card.school == sample.schools[course.school_id].name.to(card.language)
        assert card.codes[:1] == (course.modules or (course.subject_id,))[:1]
        assert len(card.codes) <= CODES + 1
        assert card.language == course.language or course.language not in sample.network.languages
        assert bool(card.dates) == (course.status != "cancelled" and not all(one.cancelled for one in course.offerings))


def test_time_alone_draws_nothing_anew(sample: Catalogue) -> None:
    now, later = planned(sample), planned(sample, NOW.replace(year=2027, month=6))
    keys = [{one.address: one.key for one in plan.files if one.kind == "card"} for plan in (now, later)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(sample.published()) + 3


def test_one_changed_course_draws_one_card_anew(sample: Catalogue) -> None:
    course = sample.published()[0]
    changed = replace(sample, courses={**sample.courses, course.id: replace(course, credits=course.credits + 1)})
    before, after = ({one.address: one.key for one in planned(each).files if one.kind == "card"} for each in (sample, changed))
    assert {address for address in before if before[address] != after[address]} == {f"/courses/{course.id}.png"}


def test_pages_name_their_card_and_it_is_there(site: Path) -> None:
    for path in site.rglob("*.html"):
        found = page(site, f"/{path.relative_to(site).as_posix()}")
        meta = {str(one["property"]): str(one["content"]) for one in found.select('meta[property^="og:"]')}
        if "404" in path.name or "embed" in path.parts:
            continue
        assert meta["og:url"] == found.select_one('link[rel="canonical"]')["href"]  # type: ignore[index]
        assert all(meta[f"og:{name}"] for name in ("title", "description", "type", "site_name", "locale", "image:alt"))
        picture = site / meta["og:image"].removeprefix("https://tarjotin.pikku.example/")
        assert size_of(picture.read_bytes()) == (int(meta["og:image:width"]), int(meta["og:image:height"]))
        assert found.select_one('meta[name="twitter:card"]')["content"] == "summary_large_image"  # type: ignore[index]


@pytest.mark.parametrize(("prefix", "locale"), [("", "fi_FI"), ("/sv", "sv_FI"), ("/en", "en_GB")])
def test_a_page_says_in_which_language_it_is(site: Path, prefix: str, locale: str) -> None:
    assert page(site, f"{prefix}/schools.html").select_one('meta[property="og:locale"]')["content"] == locale  # type: ignore[index]


def test_a_network_may_do_without(content: Path, tmp_path: Path) -> None:
    with (content / "network.yaml").open("a", encoding="utf-8") as file:
        file.write("card_images: false\n")
    build(content, tmp_path / "site", now=NOW, cache=None, progress=False)
    assert not list((tmp_path / "site").rglob("*.png"))
    text = (tmp_path / "site/courses/kuusikko/maa6-derivaatta.html").read_text(encoding="utf-8")
    assert "og:image" not in text
    assert '"image"' not in text
    assert '<meta name="twitter:card" content="summary">' in text


def test_the_network_s_own_card_says_its_name_and_host(sample: Catalogue) -> None:
    card = network_card(sample, "sv")
    assert (card.title, card.school) == (sample.network.slogan.to("sv"), sample.network.name.to("sv"))
    assert card.facts == sample.network.site_url.removeprefix("https://")


def test_the_engine_s_hash_holds_the_drawing_the_letters_and_the_mark() -> None:
    assert {path.name for path in drawing.FOLDER.iterdir() if path.is_file()} >= {"card.typ", "press.py", "tarjotin-sans.ttf"}
    assert len(drawing.card_engine()) == 16
