"""`build.py serve` as a newcomer meets it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

from tests.served import ROOT, free_port, serve, wait_until

SMALL = ROOT / "tests" / "networks" / "small"


def _small_copy(folder: Path) -> tuple[Path, Path]:
    content = folder / "content"
    shutil.copytree(SMALL, content)
    return content, sorted((content / "courses").glob("*/*.md"))[0]


def test_it_says_what_to_open_and_stops_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    content, _ = _small_copy(tmp_path)
    with serve(tmp_path / "data", "--content", str(content)) as served:
        assert f"{served.address}/ " in served.printed()
        assert f"{served.address}/mailbox" in served.printed()
        assert served.interrupt() == 0
        assert served.printed().rstrip().endswith("Stopped.")
        assert "Traceback" not in served.printed()


def test_a_changed_course_is_on_the_page_by_itself_and_a_broken_one_leaves_the_site_standing(tmp_path: Path) -> None:
    content, course = _small_copy(tmp_path)
    page = f"/courses/{course.parent.name}/{course.stem}.html"
    text = course.read_text(encoding="utf-8")
    with serve(tmp_path / "data", "--content", str(content)) as served:
        course.write_text(text.rstrip("\n") + "\n\nUusi lause kurssista.\n", encoding="utf-8")
        wait_until(lambda: "Uusi lause kurssista." in served.get(page))
        course.write_text(text.replace("credits:", "credit:"), encoding="utf-8")
        wait_until(lambda: f"{course.parent.name}/{course.name}:" in served.printed())
        assert "Uusi lause kurssista." in served.get(page)


def test_a_taken_port_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        port = free_port()
        taken.bind(("127.0.0.1", port))
        taken.listen()
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(port), "--data", str(tmp_path)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 1
    assert f"Port {port} is in use. Choose another: python3 build.py serve --port {port + 1}" in ended.stdout
