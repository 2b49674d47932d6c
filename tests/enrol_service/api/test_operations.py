"""What school staff do, done by a program: the same commands as the pages, the same refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from enrol_service.school.token import ANSWERS_KEPT
from enrol_service.tables import api_answer, api_token, event
from enrol_service.web.traffic import Buckets, Rate
from tests.enrol_service.api.scene import FY1, FY1_RUN, HIDDEN, Program, Scene, key_of, play, unlimited
from tests.enrol_service.cast import FY4, NOW, P3, P4, Office, day
from tests.enrol_service.conftest import Watch

RUN = f"/offerings/{FY4.split('/')[1]}/{P3}"
QUEUE = f"/offerings/{FY4.split('/')[1]}/{P4}/queue"


@pytest.fixture
def scene(office: Office) -> Scene:
    return play(office)


@pytest.fixture
def program(app: Flask, office: Office, scene: Scene) -> Program:
    unlimited(app)
    return Program(app, key_of(office.database))


def test_a_commitment_is_given_once(program: Program, scene: Scene, office: Office) -> None:
    first, second = (program.post(f"/requests/{scene.requested}/give") for _ in range(2))
    assert (first.status_code, first.json["changed"], first.json["request"]["commitment"]) == (200, True, "given")
    assert second.json["changed"] is False
    with office.database.read() as connection:
        token_id = connection.execute(
            select(event.c.token_id).where(event.c.enrolment_id == scene.requested, event.c.step == "give")
        ).scalar_one()
    assert token_id is not None


def test_many_requests_are_answered_each_by_itself(program: Program, scene: Scene) -> None:
    answer = program.post("/requests/give", {"requests": [{"id": scene.requested}, {"id": scene.placed}]})
    assert [one["result"] for one in answer.json["results"]] == ["done", "decided"]
    foreign = program.post("/requests/give", {"requests": [{"id": scene.requested}, {"id": scene.strangers}]})
    assert (foreign.status_code, foreign.json["refusal"]) == (404, "NotFound")


def test_a_request_is_refused_for_a_reason_of_the_agreement(program: Program, scene: Scene) -> None:
    wrong = program.post(f"/requests/{scene.requested}/refuse", {"reason": "huvin vuoksi"})
    assert (wrong.status_code, wrong.json["refusal"]) == (422, "ReasonMissing")
    assert program.post(f"/requests/{scene.requested}/refuse", {"reason": "esitiedot"}).json["request"]["commitment"] == "refused"


def test_students_come_in_parts(program: Program, scene: Scene) -> None:
    first = program.get("/students?limit=2").json
    rest = program.get(f"/students?limit=2&after={first['next']}").json
    assert [one["id"] for one in first["students"] + rest["students"]] == [scene.requested, scene.placed, scene.graded]
    assert rest["next"] is None
    assert [one["id"] for one in program.get("/students?state=requested").json["students"]] == [scene.requested]


def test_leaving_is_told_its_price_and_then_done(program: Program, scene: Scene) -> None:
    told = program.get(f"/students/{scene.placed}").json
    assert told["can_leave"]
    assert told["leaving"]["currency"] == "EUR"
    cents = told["leaving"]["cents"]
    refused = program.post(f"/students/{scene.placed}/withdraw", {"price_cents": cents + 1})
    assert (refused.status_code, refused.json["refusal"]) == (409, "LeavingPriceChanged")
    done = program.post(f"/students/{scene.placed}/withdraw", {"price_cents": cents}).json
    assert (done["changed"], done["student"]["state"]) == (True, "withdrawn")


def test_a_dry_run_tells_the_price_and_does_nothing(program: Program, scene: Scene) -> None:
    row = {
        "name": "Uusi Oppilas",
        "email": "uusi@kuusikko.example",
        "group": "24B",
        "syllabus": "nuoret",
        "course": FY1,
        "offering": FY1_RUN,
    }
    tried = program.post("/students/enrol", {"rows": [row, {**row, "email": "puuttuu"}]}).json
    assert [(one["outcome"], one["done"]) for one in tried["rows"]] == [("created", False), ("error", False)]
    assert tried["rows"][1]["errors"][0]["at"] == "email"
    assert len(program.get("/students").json["students"]) == 3
    act = {"rows": [{**row, "price_cents": tried["rows"][0]["price_cents"]}], "dry_run": False, "all_or_none": True}
    done = program.post("/students/enrol", act).json["rows"][0]
    assert (done["outcome"], done["done"], done["commits"], done["state"]) == ("created", True, True, "placed")


def test_a_late_change_is_asked_taken_back_and_answered(program: Program, scene: Scene) -> None:
    assert program.post(f"/changes/{scene.change}/take-back").json["change"]["state"] == "withdrawn"
    assert program.post(f"/changes/{scene.asked_of_us}/take-back").status_code == 404
    refused = program.post(f"/changes/{scene.asked_of_us}/answer", {"accepted": False})
    assert refused.json["refusal"] == "AnswerReasonMissing"
    answered = program.post(f"/changes/{scene.asked_of_us}/answer", {"accepted": False, "text": "Täynnä."}).json
    assert (answered["changed"], answered["change"]["state"]) == (True, "refused")


def test_authorisations_tell_what_is_left(program: Program, scene: Scene) -> None:
    (one,) = program.get("/authorisations").json["authorisations"]
    assert (one["budget_cents"], one["left_cents"]) == (1500, 1500)
    terms = {"budget_cents": 99950, "per_student": 2, "from_on": "2026-11-23", "until_on": "2027-05-31"}
    assert program.post("/authorisations", terms).json["budget_cents"] == 99950
    backwards = program.post("/authorisations", {**terms, "until_on": "2026-11-01"})
    assert (backwards.status_code, backwards.json["errors"][0]["at"]) == (422, "until_on")
    assert program.post(f"/authorisations/{scene.authorisation}/end").json["changed"] is True


def test_completions_are_acknowledged_and_queried(program: Program, scene: Scene) -> None:
    (told,) = program.get("/completions").json["completions"]
    version = told["versions"][0]
    assert version["grades"][0]["grade"] == "8"
    asked = program.post(f"/completions/{scene.graded}/query", {"completion": version["id"], "text": "Miksi?"}).json
    assert asked["completion"]["standing"] == "queried"
    done = program.post(f"/completions/{scene.graded}/acknowledge", {"completion": version["id"]}).json
    assert (done["changed"], done["completion"]["standing"]) == (True, "acknowledged")
    assert program.post(f"/completions/{scene.graded}/acknowledge", {"completion": scene.completion}).status_code == 404


def test_participants_are_marked_each_by_itself(program: Program, scene: Scene) -> None:
    body = {"mark": "start", "students": [scene.protected, scene.participant], "on": "2026-11-23"}
    results = {one["enrolment"]: one["result"] for one in program.post(f"{RUN}/marks", body).json["results"]}
    assert results == {scene.protected: "done", scene.participant: "refused"}
    assert program.post(f"{RUN}/marks", {**body, "on": None}).json["refusal"] == "DayUnreadable"
    assert program.post(f"{RUN}/marks", {**body, "students": [scene.placed]}).status_code == 404


def test_the_queue_is_reordered_for_a_reason(program: Program, scene: Scene) -> None:
    assert [one["rank"] for one in program.get(QUEUE).json["line"]] == [1, 2]
    moved = program.post(QUEUE, {"enrolment": scene.queued, "rank": 1, "reason": "graduating"}).json
    assert (moved["changed"], moved["line"][0]["enrolment"]) == (2, scene.queued)


def test_a_message_goes_to_everybody_on_the_course(program: Program, scene: Scene) -> None:
    sent = program.post(f"{RUN}/messages", {"subject": "Huomenna", "body": "Tavataan luokassa."}).json
    assert sent["receivers"] == 1
    empty = program.post(f"{RUN}/messages", {"subject": "", "body": ""})
    assert [one["at"] for one in empty.json["errors"]] == ["subject", "body"]


def test_grades_are_drafted_published_corrected_and_answered(program: Program, scene: Scene, watch: Watch) -> None:
    watch.now = day("2026-11-30")
    saved = program.post(f"{RUN}/diary", {"entries": [{"enrolment": scene.protected, "grades": {"FY": "9"}}]}).json["results"][0]
    assert saved["result"] == "saved"
    stale = program.post(f"{RUN}/diary/publish", {"entries": [{"enrolment": scene.protected, "seen": "1.1.draft"}]}).json["results"][0]
    assert (stale["result"], stale["refusal"]) == ("refused", "EntryStale")
    published = program.post(f"{RUN}/diary/publish", {"entries": [{"enrolment": scene.protected, "seen": saved["seen"]}]}).json["results"][
        0
    ]
    assert published["result"] == "published"
    correction = {"grades": {"FY": "10"}, "reason": "retake"}
    assert program.post(f"{RUN}/diary/{scene.protected}/correct", correction).json["changed"] is True
    wrong = program.post(f"{RUN}/diary/{scene.protected}/correct", {"grades": {"FY": "11"}, "reason": "mistake"})
    assert wrong.json["errors"][0]["at"] == "FY"
    assert program.post(f"{RUN}/diary/{scene.participant}/reply", {"text": "Kokeen perusteella."}).json["changed"] is True


def test_a_cancelled_run_takes_no_marks(program: Program, scene: Scene) -> None:
    assert program.post(f"{RUN}/cancel", {"reason": "Opettaja on sairastunut."}).json["let_go"] >= 1
    assert program.post(f"{RUN}/cancel", {"reason": "Vielä kerran."}).json["let_go"] == 0
    marked = program.post(f"{RUN}/marks", {"mark": "miss", "students": [scene.protected]})
    assert (marked.status_code, marked.json["refusal"]) == (409, "RunOff")


def test_teachers_are_assigned_and_people_invited(program: Program) -> None:
    assert program.post("/teachers/fy4-voima-ja-liike", {"teachers": ["fysiikka@kuusikko.example"]}).json["changed"] is True
    assert program.post("/teachers/fy4-voima-ja-liike", {"teachers": ["nobody@x.example"]}).json["refusal"] == "NotTeacher"
    person = {"email": "uusi.ope@kuusikko.example", "name": "Uusi Ope", "language": "fi", "roles": ["teacher"]}
    assert program.post("/people/invite", person).json["sent"] is True
    assert program.post("/people/roles", {"email": person["email"], "roles": ["office"]}).json["changed"] is True
    assert program.post("/people/remove", {"email": person["email"]}).json["changed"] is True
    assert program.post("/people/deputies/1/end").json["changed"] is True


@pytest.mark.parametrize("shape", ["csv", "xlsx"])
@pytest.mark.parametrize("side", ["students", "courses"])
def test_reports_come_as_rows_and_as_files(program: Program, side: str, shape: str) -> None:
    told = program.get(f"/reports/{side}?report=participants").json
    assert told["rows"]
    assert all(set(row) == set(told["columns"]) for row in told["rows"])
    file = program.get(f"/reports/{side}/file?report=completions&format={shape}")
    assert (file.status_code, bool(file.get_data())) == (200, True)


def test_a_protected_student_is_an_alias_in_every_answer_to_the_offering_side(program: Program, scene: Scene) -> None:
    paths = [f"{RUN}/participants", f"{RUN}/diary", "/changes/to-answer", f"{RUN}/messages"]
    paths += [f"/reports/courses?report={one}" for one in ("participants", "completions")]
    paths += [f"/reports/courses/file?report={one}&format=csv" for one in ("participants", "completions")]
    texts = {path: program.get(path).get_data(as_text=True) for path in paths}
    marked = program.post(f"{RUN}/marks", {"mark": "start", "students": [scene.protected], "on": "2026-11-23"})
    texts["marks"] = marked.get_data(as_text=True)
    for path, text in texts.items():
        assert [word for word in (*HIDDEN[:3],) if word in text] == [], path
    (row,) = [one for one in program.get(f"{RUN}/participants").json["participants"] if one["id"] == scene.protected]
    assert (row["home_school"], row["email"], row["group"], row["phone"]) == ("", "", "", "")
    assert row["name"].startswith("Student ")


def test_national_learner_ids_and_sums_need_their_own_scope(app: Flask, office: Office, scene: Scene) -> None:
    plain = Program(app, key_of(office.database, ["see_offerings", "see_offering_reports"]))
    whole = Program(app, key_of(office.database, ["see_offerings", "see_offering_reports", "see_payments"]))
    for program, told in ((plain, None), (whole, "")):
        assert {one["learner_id"] for one in program.get(f"{RUN}/participants").json["participants"]} == {told}
    assert len(plain.get("/reports/courses?report=participants").json["columns"]) < len(
        whole.get("/reports/courses?report=participants").json["columns"]
    )


def test_a_problem_speaks_the_language_that_was_asked_for(app: Flask, office: Office, scene: Scene) -> None:
    key = key_of(office.database)
    titles = {language: Program(app, key, language).get("/requests/999999").json["title"] for language in ("fi", "sv", "en")}
    assert len(set(titles.values())) == 3
    assert titles["en"] == "There is nothing here that this key may see."


@pytest.mark.parametrize(
    ("method", "path", "status", "refusal"),
    [
        ("GET", "/nothing", 404, "NotFound"),
        ("DELETE", "/students", 405, "MethodWrong"),
        ("POST", "/students/enrol", 415, "BodyNotJson"),
        ("POST", "/teachers/x", 413, "BodyTooLarge"),
    ],
)
def test_http_s_own_errors_are_problems_too(program: Program, method: str, path: str, status: int, refusal: str) -> None:
    body = {"json": {"teachers": ["x" * 70_000]}} if status == 413 else {"data": "x=1"} if method == "POST" else {}
    answer: Any = program.client.open(f"/api{path}", method=method, headers=program.headers, **body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (answer.json["status"], answer.json["refusal"]) == (status, refusal)


def test_the_same_request_again_gets_the_same_answer(program: Program, scene: Scene, office: Office) -> None:
    key = {"Idempotency_Key": "first-request"}
    first, again = (program.post(f"/requests/{scene.requested}/give", **key) for _ in range(2))
    assert (again.get_data(), again.headers["Idempotency-Replayed"]) == (first.get_data(), "true")
    other = program.post(f"/requests/{scene.requested}/refuse", {"reason": "esitiedot"}, **key)
    assert (other.status_code, other.json["refusal"]) == (409, "IdempotencyKeyReused")
    assert program.post(f"/requests/{scene.requested}/give", Idempotency_Key="ä").json["refusal"] == "IdempotencyKeyWrong"
    office.later(seconds=ANSWERS_KEPT.total_seconds())
    office.tick()
    with office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(api_answer)).scalar_one() == 0


def test_the_same_request_from_ten_threads_at_once_is_done_once(app: Flask, office: Office, scene: Scene) -> None:
    unlimited(app)
    key = key_of(office.database)
    body = {"mark": "start", "students": [scene.protected], "on": "2026-11-23"}
    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(Program(app, key).post, f"{RUN}/marks", body, Idempotency_Key="ten-at-once") for _ in range(10)]
        answers = {(one.result().status_code, one.result().get_data()) for one in asked}
    assert len(answers) == 1
    with office.database.read() as connection:
        started = select(func.count()).where(event.c.enrolment_id == scene.protected, event.c.step == "start")
        assert connection.execute(started).scalar_one() == 1


def test_a_key_that_asks_too_often_is_told_to_wait(app: Flask, office: Office, scene: Scene) -> None:
    app.extensions["buckets"]["api"] = Buckets(Rate(2, 60))
    program, other = (Program(app, key_of(office.database)) for _ in range(2))
    answers = [program.get("/requests") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert (answers[2].json["refusal"], answers[2].headers["Retry-After"]) == ("TooManyCalls", "5")
    assert other.get("/requests").status_code == 200


def test_looking_is_a_use_of_the_key(program: Program, office: Office) -> None:
    assert program.get("/requests").status_code == 200
    with office.database.read() as connection:
        assert connection.execute(select(api_token.c.used_at)).scalar_one() == NOW
    assert timedelta(hours=24) == ANSWERS_KEPT
