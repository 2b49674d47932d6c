"""Each report tells the same problems in the form that its reader knows."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from course_catalogue.problem import Problem
from course_catalogue.report import FORMATS, check_report, check_summary

DATE = Problem(
    "courses/kuusikko/fy.md", 11, 12, 21, "T201", (("key", "starts_on"), ("value", "7.12.2026")), "starts_on:  7.12.2026", "2026-12-07"
)
TWIN = Problem("courses/kuusikko/fy.md", 20, 1, 8, "T403", (("sum", "2"),), "credits_reason: x")
EVIL = Problem('"a\\n::error::x,y:z.md"', 1, 1, 2, "T003", (("name", "::error::"), ("suggestion", "x")))


def test_text_shows_the_place_the_advice_and_the_line_with_a_caret() -> None:
    assert check_report([DATE, TWIN], "text", "fi") == (
        "content/courses/kuusikko/fy.md:11:12: virhe T201: starts_on: ”7.12.2026” ei ole päivä. "
        "Päivä kirjoitetaan VVVV-KK-PP, esimerkiksi 2026-12-07. Kirjoita: 2026-12-07\n"
        "    | starts_on:  7.12.2026\n"
        "    |            ^^^^^^^^^\n"
        "content/courses/kuusikko/fy.md:20:1: huomautus T403: Opintopisteet ovat moduulien summa (2), "
        "joten kenttää credits_reason ei tarvita.\n"
        "    | credits_reason: x\n"
        "    | ^^^^^^^\n"
        "1 virhe, 1 huomautus."
    )


@pytest.mark.parametrize(("language", "said"), [("fi", "Sisältö on kunnossa."), ("sv", "Innehållet är i sin ordning."), ("en", "in order")])
def test_without_problems_the_text_says_so(language: str, said: str) -> None:
    assert said in check_report([], "text", language)


def test_json_holds_every_fact() -> None:
    report = json.loads(check_report([DATE, TWIN], "json", "en"))
    assert (report["errors"], report["warnings"]) == (1, 1)
    assert report["problems"][0] == {
        "code": "T201",
        "severity": "error",
        "path": "content/courses/kuusikko/fy.md",
        "line": 11,
        "column": 12,
        "end_column": 21,
        "message": "starts_on: “7.12.2026” is not a date. A date is written YYYY-MM-DD, for example 2026-12-07.",
        "replacement": "2026-12-07",
        "source": "starts_on:  7.12.2026",
    }


def test_github_annotates_the_line() -> None:
    first, second, last = check_report([DATE, TWIN], "github", "en").split("\n")
    assert first.startswith("::error file=content/courses/kuusikko/fy.md,line=11,col=12,endColumn=21,title=T201::starts_on: ")
    assert second.startswith("::warning file=content/")
    assert last == "1 error, 1 warning"


def test_github_escapes_what_could_end_a_command() -> None:
    command = check_report([EVIL], "github", "en").split("\n")[0]
    assert command.startswith('::error file="content/a\\n%3A%3Aerror%3A%3Ax%2Cy%3Az.md",line=1')


def test_gitlab_issues_have_their_own_fingerprints_that_do_not_move_with_the_line() -> None:
    issues = json.loads(check_report([DATE, DATE, TWIN], "gitlab", "en"))
    moved = Problem(DATE.path, 99, 12, 21, DATE.code, DATE.facts, DATE.source_line, DATE.replacement)
    assert len({issue["fingerprint"] for issue in issues}) == 3
    assert json.loads(check_report([moved], "gitlab", "en"))[0]["fingerprint"] == issues[0]["fingerprint"]
    assert issues[0]["severity"] == "major"
    assert issues[0]["location"]["positions"]["begin"] == {"line": 11, "column": 12}


def test_sarif_tells_rules_places_and_fixes() -> None:
    run = json.loads(check_report([DATE, TWIN], "sarif", "en"))["runs"][0]
    result = run["results"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["T201", "T403"]
    assert (result["ruleId"], result["level"]) == ("T201", "error")
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 12
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "2026-12-07"}
    assert run["results"][1]["level"] == "warning"


def test_junit_fails_a_test_for_each_error_and_passes_one_for_each_warning() -> None:
    suite = ElementTree.fromstring(check_report([DATE, TWIN, EVIL], "junit", "en"))  # noqa: S314 - our own output
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert [len(case.findall("failure")) for case in suite] == [1, 0, 1]
    assert ElementTree.fromstring(check_report([], "junit", "en")).get("tests") == "1"  # noqa: S314


def test_the_summary_holds_everything_by_file() -> None:
    summary = check_summary([DATE, TWIN], "en")
    assert summary.startswith("## Content check\n\n1 error, 1 warning\n\n### content/courses/kuusikko/fy.md\n")
    assert "- **Line 11**, error T201: starts\\_on\\:" in summary
    assert "      starts_on:  7.12.2026\n                 ^^^^^^^^^\n" in summary
    assert check_summary([], "sv") == "## Granskning av innehållet\n\nInnehållet är i sin ordning.\n"


def test_a_summary_of_very_many_problems_fits_the_host() -> None:
    assert len(check_summary([DATE] * 20_000, "fi").encode()) < 1_000_000


def test_a_long_line_is_cut_round_the_place() -> None:
    long = Problem("a.md", 1, 5001, 5005, "T201", DATE.facts, "x" * 5000 + "2026" + "y" * 5000)
    source, carets = check_report([long], "text", "en").split("\n")[1:3]
    assert len(source) < 200
    start = carets.index("^")
    assert source[start : start + 4] == "2026"
    assert carets.count("^") == 4


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_nothing_is_still_a_report(name: str) -> None:
    assert isinstance(check_report([], name, "fi"), str)
