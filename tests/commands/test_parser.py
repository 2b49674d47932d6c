"""The command line, in words a teacher understands."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from commands import parser
from tests.served import ROOT


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--today", "23.11.2026"], '"23.11.2026" is not a date; write it as 2026-11-23'),
        (["serve", "--port", "http"], '"http" is not a port; write a number from 1 to 65535, for example 8001'),
        (["serve", "--port", "0"], '"0" is not a port'),
        (["site", "--langauge", "fi"], "unknown here: --langauge fi"),
        (
            ["site", "--service", "service.example"],
            '"service.example" is not the address of a service; write it as https://service.example',
        ),
        (["site", "--service", "http://service.example"], "write it as https://service.example"),
        (["site", "--service", "http://localhost.service.example"], "write it as https://service.example"),
        (["site", "--service", "https://service.example/tarjotin"], "write it as https://service.example"),
        (["site", "--service", 'https://x.example"onclick="x'], "write it as https://service.example"),
        (["serve", "--service", "https://service.example"], "unknown here: --service https://service.example"),
        (["chekc"], "invalid choice: 'chekc'"),
        ([], "COMMAND"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser.parse(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_options_are_typed() -> None:
    options = parser.parse(["serve", "--today", "2026-11-23", "--port", "8001", "--content", "elsewhere"])
    assert (options.today, options.port, options.content) == (date(2026, 11, 23), 8001, Path("elsewhere"))


@pytest.mark.parametrize(
    ("given", "service"),
    [
        ([], ""),
        (["--service", ""], ""),  # as a workflow gives a variable that is not set
        (["--service", "https://Service.Example/"], "https://service.example"),
        (["--service", "https://service.example:8443"], "https://service.example:8443"),
        (["--service", "http://localhost:8000"], "http://localhost:8000"),
    ],
)
def test_the_service_is_a_host_or_nothing(given: list[str], service: str) -> None:
    assert parser.parse(["site", *given]).service == service


def test_everything_after_test_goes_to_pytest() -> None:
    assert parser.parse(["test", "-k", "price", "-x"]).rest == ["-k", "price", "-x"]


def test_help_is_printed_by_a_bare_python_without_installing_anything() -> None:
    command = [sys.executable, "-S", "-E", str(ROOT / "build.py"), "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 0, ended.stderr
    assert "look at the tray on this computer" in ended.stdout
    assert "site --service https://service.example" in ended.stdout
