"""Files that somebody put into a pull request to break out, to break the build or to fool a reader: refused, never a traceback."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from course_catalogue.catalogue import examine
from course_catalogue.content_file import read_content_file
from course_catalogue.problem import Problem
from course_catalogue.report import FORMATS, check_report, check_summary
from tests.course_catalogue.conftest import COURSE, SMALL, Network

GOOD = (SMALL / COURSE).read_text(encoding="utf-8")
EVIL = "courses/kuusikko/evil.md"


def fields(extra: str) -> str:
    return GOOD.replace("subject: FY\n", f"subject: FY\n{extra}\n", 1)


def titled(title: str) -> str:
    return GOOD.replace("title: Voima ja liike", f"title: {title}", 1)


def bodied(body: str) -> str:
    return f"{GOOD}\n{body}\n"


BOMB = "\n".join(["title: &a0 [x, x]", *(f"k{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30))])

HOSTILE: list[tuple[str, str | bytes, set[str]]] = [
    ("script in the body", bodied("<script>alert(1)</script>"), {"T701"}),
    ("iframe in the body", bodied('<iframe src="https://evil.example"></iframe>'), {"T701"}),
    ("svg with onload over two lines", bodied("<svg\nonload=alert(1)>"), {"T701"}),
    ("javascript link", bodied("[x](javascript:alert(1))"), {"T706"}),
    ("javascript link in capitals", bodied("[x](JavaScript:alert(1))"), {"T706"}),
    ("javascript link by entities", bodied("[x](&#106;avascript&colon;alert(1))"), {"T706"}),
    ("javascript link by definition", bodied("[x][1]\n\n[1]: javascript:alert(1)"), {"T706"}),
    ("javascript autolink", bodied("<javascript:alert(1)>"), {"T701"}),
    ("data link", bodied("[x](data:text/html;base64,PHNjcmlwdD4=)"), {"T706"}),
    ("protocol-relative link", bodied("[x](//evil.example)"), {"T706"}),
    ("backslash link", bodied("[x](/\\evil.example)"), {"T706"}),
    ("picture that counts readers", bodied("![x](https://evil.example/1.gif)"), {"T704"}),
    ("picture by definition", bodied("![x][1]\n\n[1]: https://evil.example/1.gif"), {"T705"}),
    ("onerror in the title", titled("<img src=x onerror=alert(1)>"), {"T214"}),
    ("entity in the title", titled("'&lt;script&gt;'"), {"T214"}),
    ("template in the title", titled('"{{ config }}"'), {"T214"}),
    ("save_as takes the home page", fields("save_as: index.html"), {"T117"}),
    ("slug climbs out", fields("slug: ../../x"), {"T117"}),
    ("template that does not exist", fields("template: nothing"), {"T117"}),
    ("attach", bodied("[x]({attach}../../secret/s.txt)"), {"T703"}),
    ("static", bodied("[x]({static}/../../etc/hostname)"), {"T703"}),
    ("filename", bodied("[x]({filename}/pages/fi/about.md)"), {"T703"}),
    ("old attach", bodied("[x](|attach|s.txt)"), {"T703"}),
    ("jinja expression", bodied("{{ 7*7 }}"), {"T702"}),
    ("jinja statement", bodied("{% include 'x' %}"), {"T702"}),
    ("alias bomb", f"---\n{BOMB}\n---\n\nx\n", {"T107", "T016"}),
    ("alias to itself", titled("&a [*a]"), {"T107", "T109"}),
    ("python object", titled("!!python/object/apply:os.system ['id']"), {"T108", "T109"}),
    ("merge key", fields("<<: {x: y}"), {"T117"}),
    ("nesting that kills a recursive parser", titled("[" * 60_000), {"T112"}),
    ("nesting by dashes", f"---\n{'- ' * 60_000}x\n---\n\nx\n", {"T112"}),
    ("nesting by braces", titled("{a: " * 30_000), {"T112"}),
    ("a key twice", fields("status: draft"), {"T106"}),
    ("300 kB", bodied("x" * 300_000), {"T004"}),
    ("Latin-1", titled("Äiti").encode("latin-1", "replace"), {"T005"}),
    ("UTF-16", GOOD.encode("utf-16"), {"T005"}),
    ("NUL", titled('"Voima\0"'), {"T006"}),
    ("escape sequence", titled("\x1b[31mpunainen"), {"T006"}),
    ("line separator", titled("Voima\u2028ja"), {"T006"}),
    ("lone carriage return", titled("Voima\rsave_as: x"), {"T006"}),
    ("text turned round", titled("Voima \u202eekiil aj"), {"T007"}),
    ("zero-width space", titled("Voi\u200bma"), {"T007"}),
    ("tag characters", titled("Voima\U000e0041"), {"T007"}),
    ("escaped control in quotes", titled('"Voima\\u202e"'), {"T006"}),
    ("escaped NUL in quotes", titled('"Voima\\0"'), {"T006"}),
    ("escaped surrogate in quotes", titled('"\\ud800"'), {"T101"}),
    ("no front matter", "# hei\n", {"T014"}),
    ("front matter that never ends", GOOD.replace("---\n\n##", "\n\n##"), {"T015"}),
    ("empty file", b"", {"T014"}),
    ("tabs", fields("\tkeywords: [x]"), {"T103"}),
    ("a colon without quotes", titled("Fysiikka: voima"), {"T102"}),
    ("a directive", "---\n%YAML 1.1\n---\ntitle: x\n", {"T111"}),
    ("a second document", fields("...\n%TAG ! x:\n"), {"T111"}),
    ("numbers without end", fields(f"materials_cost: {'9' * 5000}"), {"T206"}),
    ("number that Python would take minutes to read", GOOD.replace("credits: 2", f"credits: {'9' * 50_000}"), {"T204"}),
    ("other digits", GOOD.replace("credits: 2", "credits: ٢"), {"T204"}),
]


MANY = {
    "fields that nobody knows": "---\n" + "".join(f"kenttä{n}: x\n" for n in range(12_000)) + "---\n\nx\n",
    "choices far from any": fields("audience: [" + ", ".join(f"lukiolaisille{n}" for n in range(9_000)) + "]"),
    "opening brackets": bodied("[" * 190_000),
    "opening pictures": bodied("![" * 90_000),
    "brackets in brackets": bodied("[a[b]" * 39_000),
    "links without an end": bodied("](" * 90_000),
    "opening tags": bodied("<a" * 90_000),
    "autolinks without an end": bodied("<https://" * 20_000),
    "backticks of growing number": bodied(" ".join("`" * n for n in range(1, 600))),
    "fences of growing number": bodied("\n".join("`" * n for n in range(3, 600))),
    "definitions": bodied("[x]:" * 45_000),
    "blank lines": bodied(" \n" * 95_000),
    "a long title of markup": titled("<" * 190_000),
    "a long title of colons": titled("a: " * 60_000),
    "hash signs": bodied("#" * 190_000),
    "lines of control characters": bodied("\x01\n" * 90_000),
    "lines of equals signs": bodied("x\n=\n" * 40_000),
    "quotes without an end": fields("\n".join(f"k{n}: 'x" for n in range(15_000))),
    "colons to be quoted": "---\n" + "".join(f"k{n}: a: b\n" for n in range(10_000)) + "---\n\nx\n",
    "anchors": "---\n" + "".join(f"k{n}: &a{n} b\n" for n in range(10_000)) + "---\n\nx\n",
    "a day of very many digits": GOOD.replace("2026-11-30", "9" * 150_000, 1),
    "a time of very many blanks": GOOD.replace("2026-08-15T08:00", "7.12.2026" + " \u00a0" * 60_000 + "x", 1),
    "money of very many digits": fields(f"materials_cost: {'1 ' * 90_000}x"),
    "a web address of dots": fields("teacher: " + "a." * 90_000),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in MANY.items()])
def test_a_file_made_to_be_slow_is_answered_at_once(text: str, network: Network) -> None:
    content = network({EVIL: text})
    began = time.process_time()
    _, problems = examine(content)
    assert time.process_time() - began < 4  # a second is much; a pattern that is not linear takes minutes
    assert len(problems) <= 202
    assert_reports_are_safe(problems)


def test_of_a_file_with_very_many_errors_a_hundred_are_told(network: Network) -> None:
    _, problems = examine(network({EVIL: MANY["fields that nobody knows"]}))
    assert [problem.code for problem in problems].count("T117") == 100
    assert [problem.code for problem in problems].count("T016") == 1


@pytest.mark.parametrize(("text", "codes"), [pytest.param(text, codes, id=name) for name, text, codes in HOSTILE])
def test_a_hostile_file_is_refused_for_the_right_reason(text: str | bytes, codes: set[str], network: Network) -> None:
    catalogue, problems = examine(network({EVIL: text}))
    assert catalogue is None
    assert {problem.path for problem in problems} == {EVIL}
    assert codes <= {problem.code for problem in problems}
    assert all(problem.line >= 1 and problem.column >= 1 and problem.end_column > problem.column for problem in problems)
    assert_reports_are_safe(problems)


def test_crlf_and_a_bom_are_welcome(network: Network) -> None:
    catalogue, problems = examine(network({EVIL: b"\xef\xbb\xbf" + titled("Toinen").replace("FY4", "FY5").replace("\n", "\r\n").encode()}))
    assert [problem.code for problem in problems if problem.is_error] == []
    assert catalogue is not None
    assert "\r" not in catalogue.courses["kuusikko/evil"].body


def test_a_link_to_a_file_outside_is_not_followed(network: Network, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(GOOD.replace("title: Voima ja liike", "title: Salaisuus"), encoding="utf-8")
    content = network({})
    (content / EVIL).symlink_to(secret)
    (content / "pages/fi/host.md").symlink_to("/etc/hostname")
    _, problems = examine(content)
    assert [(problem.code, problem.path) for problem in problems] == [("T001", EVIL), ("T001", "pages/fi/host.md")]
    assert "Salaisuus" not in check_report(problems, "json", "en")


def test_a_link_to_a_folder_is_not_followed(network: Network, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "fy9.md").write_text("x", encoding="utf-8")
    content = network({})
    (content / "courses/strandby").symlink_to(outside, target_is_directory=True)
    (content / "courses/kuusikko/loop").symlink_to(content, target_is_directory=True)
    (content / "nowhere").symlink_to("/does/not/exist")
    _, problems = examine(content)
    assert [(problem.code, problem.path) for problem in problems] == [
        ("T001", "courses/kuusikko/loop"),
        ("T001", "courses/strandby"),
        ("T001", "nowhere"),
    ]


def test_a_content_folder_that_is_a_link_is_not_followed(network: Network, tmp_path: Path) -> None:
    """A proposal could put a link in the place of `content`, to something else on the machine that checks it."""
    link = tmp_path / "link"
    link.symlink_to(network({}), target_is_directory=True)
    catalogue, problems = examine(link)
    assert catalogue is None
    assert [problem.code for problem in problems] == ["T017"]


def test_the_folders_above_may_be_links(network: Network, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(network({}).parent, target_is_directory=True)
    catalogue, problems = examine(tmp_path / "current" / "content")
    assert catalogue is not None
    assert problems == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in the file system")
def test_a_pipe_does_not_hold_up_the_check(network: Network) -> None:
    content = network({})
    os.mkfifo(content / EVIL)
    _, problems = examine(content)
    assert [problem.code for problem in problems] == ["T012"]


def test_a_file_that_is_gone_again_is_a_problem_and_no_traceback(network: Network) -> None:
    problems: list[Problem] = []
    assert read_content_file(network({}), "courses/kuusikko/gone.md", problems) is None
    assert [problem.code for problem in problems] == ["T013"]


NAMES = [
    "::error title=x.md",
    "::set-output name=x::y.md",
    "a\n::error::x.md",
    "a\r\nb.md",
    "\x1b[31mred.md",
    "<img src=x onerror=alert(1)>.md",
    "`rm -rf`.md",
    "a|b.md",
    "[x](javascript:1).md",
    "\u202etxt.md",
    "%0A::error::x.md",
    '"quoted".md',
    "…" + "a" * 200 + ".md",
    os.fsdecode(b"latin-\xe4.md"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_hostile_file_name_is_refused_and_cannot_fool_a_log(name: str, network: Network) -> None:
    content = network({})
    (content / "courses/kuusikko" / name).write_text(bodied("<b>x</b>"), encoding="utf-8")
    catalogue, problems = examine(content)
    assert catalogue is None
    assert {problem.code for problem in problems} <= {"T002", "T003"}
    assert_reports_are_safe(problems)


def test_a_hostile_folder_name_is_refused_and_cannot_fool_a_log(network: Network) -> None:
    content = network({})
    folder = content / "courses" / "::error title=x::\n::warning::y"
    folder.mkdir()
    (folder / "x.md").write_text(GOOD, encoding="utf-8")
    _, problems = examine(content)
    assert {problem.code for problem in problems} == {"T003"}
    assert_reports_are_safe(problems)


def assert_reports_are_safe(problems: list[Problem]) -> None:
    """Each line of each report is one of ours, can be encoded, and holds nothing that a terminal or a log obeys."""
    for language in ("fi", "sv", "en"):
        for name in FORMATS:
            report = check_report(problems, name, language)
            report.encode("utf-8")
            assert not set(map(ord, report)) & ({*range(32)} - {10}), name
            assert "\u202e" not in report
            for line in report.splitlines():
                if name == "github":
                    assert (
                        line.startswith(("::error file=content/", "::warning file=content/", '::error file="content/')) or line[0].isdigit()
                    )
                    assert line.count("::error file=") + line.count("::warning file=") <= 1
                else:
                    assert not line.lstrip().startswith("::")
        summary = check_summary(problems, language)
        assert "<img" not in "".join(line for line in summary.splitlines() if not line.startswith("      "))
    assert json.loads(check_report(problems, "json", "en"))["errors"] == sum(problem.is_error for problem in problems)
