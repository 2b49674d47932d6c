"""Staff get the first mail at once and the rest of the next hours in one, each open request with its link, never too late."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from enrol_service.mail.gathering import SPARE, WINDOW
from enrol_service.service import Service
from enrol_service.tables import outbox
from tests.enrol_service.cast import CAMILLA, P4, Office, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader


@pytest.fixture
def clocks(office: Office, watch: Watch) -> list[Office | Watch]:
    """The commands' clock and the service's: they are moved together."""
    return [office, watch]


def later(clocks: list[Office | Watch], **by: float) -> None:
    for clock in clocks:
        clock.later(**by)


def kinds(office: Office, email: str = CAMILLA) -> list[str]:
    with office.database.read() as connection:
        return list(connection.execute(select(outbox.c.kind).where(outbox.c.to_email == email).order_by(outbox.c.id)).scalars())


def test_a_class_that_enrols_in_one_lesson_is_two_mails(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    office.fill(10, offering_id=P4)
    assert len(post.mails(CAMILLA)) == 1
    later(clocks, minutes=30)
    office.enrol(form(email="late@strand.example", offering_id=P4))
    assert kinds(office) == ["decide", "digest"]
    later(clocks, hours=4)
    digest = post.mails(CAMILLA)[-1]
    assert re.match(r"11 (pyyntöä odottaa|begäranden väntar|requests await)", str(digest["Subject"]))
    plain, html = (str(part.get_content()) for form_of in ("plain", "html") if (part := digest.get_body((form_of,))))
    assert len(re.findall(r"http://localhost\S*/decide/", plain)) == len(re.findall(r'href="http://localhost[^"]*/decide/', html)) == 11
    assert "Veeti" not in plain + html


def test_a_link_of_the_digest_decides_its_request(office: Office, post: Post, clocks: list[Office | Watch], reader: Reader) -> None:
    office.fill(2, offering_id=P4)
    later(clocks, hours=4)
    body = post.mails(CAMILLA)[-1].get_body(("plain",))
    assert body is not None
    for address in re.findall(r"http://localhost(\S+/decide/\S+)", body.get_content()):
        reader.open(address)
        reader.press("Godkänn")
    assert [office.states(number) for number in (1, 2)] == [("placed", "given")] * 2


def test_what_was_dealt_with_meanwhile_is_not_told(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    numbers = office.fill(3, offering_id=P4)
    post.deliver()
    for number in numbers:
        office.give(number)
    later(clocks, hours=5)
    assert len(post.mails(CAMILLA)) == 1


def test_who_left_meanwhile_is_told_by_number(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    numbers = office.fill(2, offering_id=P4)
    for number in numbers:
        office.give(number)
    office.withdraw(numbers[1])
    later(clocks, hours=5)
    body = post.mails(CAMILLA)[-1].get_body(("plain",))
    assert body is not None
    assert "T-2026-00002" in body.get_content()
    assert "T-2026-00001" not in body.get_content()


def test_a_digest_leaves_before_the_deadline_of_what_it_tells(office: Office, clocks: list[Office | Watch]) -> None:
    office.fill(2, offering_id=P4)
    with office.database.read() as connection:
        row = connection.execute(outbox.select().where(outbox.c.kind == "digest")).one()
    assert row.next_attempt_at == office.now + WINDOW
    deadline = office.commitment(2).answer_by_at
    later(clocks, seconds=(deadline - office.now - SPARE).total_seconds() - 3600)
    office.enrol(form(email="x@strand.example", offering_id=P4))
    office.enrol(form(email="y@strand.example", offering_id=P4))
    with office.database.read() as connection:
        moments = connection.execute(select(outbox.c.next_attempt_at).where(outbox.c.kind == "digest")).scalars().all()
    assert max(moments) <= office.commitment(4).answer_by_at - SPARE


def test_after_quiet_hours_the_next_one_comes_at_once(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    office.fill(1, offering_id=P4)
    post.deliver()
    later(clocks, hours=4)
    office.enrol(form(email="x@strand.example", offering_id=P4))
    assert kinds(office) == ["decide", "decide"]


def test_a_digest_is_written_in_every_language(service: Service, office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    office.fill(2, offering_id=P4)
    with office.database.write() as connection:
        for number, language in enumerate(("fi", "sv", "en"), start=50):
            row = {"kind": "digest", "to_email": CAMILLA, "language": language, "facts": {"after_event": 0}, "message_id": f"m{number}"}
            connection.execute(outbox.insert().values(**row, created_at=office.now, next_attempt_at=office.now))
    subjects = [str(one["Subject"]) for one in post.mails(CAMILLA)][-3:]
    assert len(set(subjects)) == 3
    assert all("%(" not in one and "{" not in one for one in subjects)
