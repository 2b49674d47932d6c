"""Staff get the first mail at once and the rest of the next hours in one, each open request with its link, never too late."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection, select

from enrol_service.mail.gathering import SPARE, WINDOW
from enrol_service.mail.outbox import Message, lease, mark_failed, mark_sent, park
from enrol_service.service import Service
from enrol_service.tables import outbox
from tests.enrol_service.cast import CAMILLA, P3, P4, Office, day, form
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
            row = {"kind": "digest", "to_email": CAMILLA, "language": language, "message_id": f"m{number}"}
            connection.execute(outbox.insert().values(**row, created_at=office.now, next_attempt_at=office.now))
    subjects = [str(one["Subject"]) for one in post.mails(CAMILLA)][-3:]
    assert len(set(subjects)) == 3
    assert all("%(" not in one and "{" not in one for one in subjects)


def text(post: Post, email: str = CAMILLA) -> str:
    """The plain text of somebody's newest mail."""
    body = post.mails(email)[-1].get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).replace("\u00a0", " ").split())


def test_what_comes_while_a_digest_is_leaving_waits_for_another(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    office.fill(2, offering_id=P4)
    post.deliver()
    later(clocks, hours=4)
    with office.database.write() as connection:
        leaving = digest_leaving(connection, office)
    office.enrol(form(email="late@strand.example", offering_id=P4))
    with office.database.write() as connection:
        mark_sent(connection, leaving, office.now)
    assert kinds(office) == ["decide", "digest", "digest"]
    later(clocks, hours=4)
    assert "T-2026-00003" in text(post)


def digest_leaving(connection: Connection, office: Office) -> Message:
    """The digest, taken up by a worker."""
    leaving = lease(connection, office.now)
    assert leaving is not None
    assert leaving.kind == "digest"
    return leaving


def test_a_digest_that_could_not_leave_is_not_added_to(office: Office, clocks: list[Office | Watch]) -> None:
    """It may have arrived all the same, and its receiver drops what comes again under one Message-ID."""
    office.fill(2, offering_id=P4)
    with office.database.write() as connection:
        first = lease(connection, office.now)
        assert first is not None
        mark_sent(connection, first, office.now)
    later(clocks, hours=4)
    with office.database.write() as connection:
        for leaving in iter(lambda: lease(connection, office.now), None):
            mark_failed(connection, leaving, office.now, "TimeoutError")
    office.fill_one("late@strand.example", P4)
    office.fill_one("later@strand.example", P4)
    assert kinds(office) == ["decide", "digest", "digest"]


def test_a_mail_that_was_never_sent_does_not_make_the_next_one_wait(office: Office) -> None:
    office.fill_one("x@strand.example", P4)
    with office.database.write() as connection:
        for leaving in iter(lambda: lease(connection, office.now), None):
            park(connection, leaving, office.now, "the receiver was refused: SMTP 550")
    office.fill_one("y@strand.example", P4)
    assert kinds(office) == ["decide", "decide"]


def placed(office: Office, count: int, offering_id: str = P3) -> list[int]:
    numbers = office.fill(count, offering_id=offering_id)
    for number in numbers:
        office.give(number)
    return numbers


def test_a_run_that_is_decided_is_one_mail_for_each_person_of_a_home_school(
    office: Office, post: Post, clocks: list[Office | Watch]
) -> None:
    placed(office, 5)
    post.deliver()
    later(clocks, seconds=(day("2026-11-29", "00:00") - office.now).total_seconds())
    before = len(kinds(office))
    office.tick()
    assert kinds(office)[before:] == ["course_confirmed"]
    said = text(post)
    assert all(f"T-2026-0000{number}" in said for number in range(1, 6))
    assert re.search(r"\d+ €", said), said


def test_a_student_who_leaves_before_the_mail_has_left_takes_nobody_elses_news_away(
    office: Office, post: Post, clocks: list[Office | Watch]
) -> None:
    first, *_ = placed(office, 3)
    post.deliver()
    later(clocks, seconds=(day("2026-11-29", "00:00") - office.now).total_seconds())
    office.tick()
    office.withdraw(first)
    post.deliver()
    said = " ".join(str(mail.get_body(("plain",))) for mail in post.mails(CAMILLA))
    assert "T-2026-00002, T-2026-00003" in said


@pytest.mark.parametrize("decided", ["confirmed", "lapsed"])
def test_the_digest_says_what_became_of_runs(office: Office, post: Post, clocks: list[Office | Watch], decided: str) -> None:
    numbers = placed(office, 2 if decided == "confirmed" else 1)
    later(clocks, seconds=(day("2026-11-28", "23:00") - office.now).total_seconds())
    post.deliver()
    office.fill_one("x@strand.example", P4)
    later(clocks, hours=1)
    office.tick()
    assert kinds(office)[-1] == "digest"
    later(clocks, hours=4)
    words = {"confirmed": "Blir av", "lapsed": "Blir inte av, för få deltagare, ingen betalar"}
    numbers_said = ", ".join(f"T-2026-0000{number}" for number in numbers)
    assert f": {words[decided]}. {numbers_said}" in text(post)


def test_the_digest_says_why_a_run_was_cancelled(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    placed(office, 2, P4)
    office.cancel_run(P4, "Opettaja on sairastunut.")
    later(clocks, hours=4)
    assert ": Inställd av arrangören, ingen betalar. Orsak: Opettaja on sairastunut. T-2026-00001, T-2026-00002" in text(post)


def test_the_digest_says_that_a_mark_was_taken_back(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    first, second = placed(office, 2)
    later(clocks, hours=5)
    post.deliver()
    later(clocks, seconds=(day("2026-12-02") - office.now).total_seconds())
    office.miss(first)
    office.miss(second)
    office.resume(second)
    later(clocks, hours=4)
    said = text(post)
    assert "T-2026-00002" in said
    assert "Markeringen återtogs, platsen är i kraft" in said
    assert said.count("återtogs") == 1


def test_the_digest_says_what_was_answered(office: Office, post: Post, clocks: list[Office | Watch]) -> None:
    first, second = placed(office, 2)
    later(clocks, hours=5)
    post.deliver()
    later(clocks, seconds=(day("2026-12-02") - office.now).total_seconds())
    changes = [office.ask_change(number, "leave_free") for number in (first, second)]
    office.answer_change(changes[0], accepted=False, text="Ei käy.")
    office.answer_change(changes[1], accepted=False, text="Ei käy.")
    assert kinds(office)[-2:] == ["change_answered", "digest"]
    later(clocks, hours=4)
    said = text(post)
    assert "T-2026-00002" in said
    assert ": Inte godkänd" in said
    assert "Ei käy" not in said
