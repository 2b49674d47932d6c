"""The form as it arrives."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.enrolment.form import MOST, EnrolmentForm, read_form, typed_values
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import (
    EmailIncomplete,
    FormRefused,
    GroupMissing,
    IdentityCodeFound,
    NameMissing,
    OfferingUnknown,
    SchoolMissing,
    SyllabusMissing,
    TextTooLong,
    TextUnprintable,
)
from tests.enrol_service.cast import CATALOGUE, FY4
from tests.enrol_service.walk import typed


def read(course_id: str = FY4, **changed: str) -> EnrolmentForm:
    return read_form(typed(course=course_id, **changed), CATALOGUE, CATALOGUE.courses[course_id])


def refused(**changed: str) -> dict[str, type[Refusal]]:
    with pytest.raises(FormRefused) as caught:
        read(**changed)
    return {name: type(refusal) for name, refusal in caught.value.fields}


def test_a_whole_form_is_read_and_tidied() -> None:
    form = read(name="  Veeti   Korhonen ", email=" Veeti.Korhonen@Strand.example ", message="Hei,\r\n\r\nkiitos.  ")
    assert (form.name, form.email, form.message) == ("Veeti Korhonen", "veeti.korhonen@strand.example", "Hei,\n\nkiitos.")
    assert form.prices_shown["2026-p3"] == (15000, 20000)


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("name", "", NameMissing),
        ("name", "  ", NameMissing),
        ("name", "1", NameMissing),
        ("name", "Veeti", NameMissing),
        ("name", "Veeti 24", NameMissing),
        ("name", "Veeti -", NameMissing),
        ("name", "A" * 101, TextTooLong),
        ("name", "Veeti\x00Korhonen", TextUnprintable),
        ("name", "Veeti \u202enenohroK", TextUnprintable),
        ("name", "Veeti 131052-308T", IdentityCodeFound),
        ("email", "", EmailIncomplete),
        ("email", "veeti@edu", EmailIncomplete),
        ("email", "veeti korhonen@edu.fi", EmailIncomplete),
        ("email", "veeti@edu.fi, toinen@edu.fi", EmailIncomplete),
        ("email", "veeti@edu.fi\nBcc: all@edu.fi", EmailIncomplete),
        ("email", "@edu.fi", EmailIncomplete),
        ("email", "veeti@-.fi", EmailIncomplete),
        ("email", "=?utf-8?q?a=0d=0ab?=@x.fi", EmailIncomplete),
        ("email", "matti.meikäläinen@koulu.fi", EmailIncomplete),
        ("school", "", SchoolMissing),
        ("school", "hogwarts", SchoolMissing),
        ("group", "", GroupMissing),
        ("syllabus", "", SyllabusMissing),
        ("syllabus", "velho", SyllabusMissing),
        ("offering", "", OfferingUnknown),
        ("offering", "2040-p9", OfferingUnknown),
        ("message", "x" * 2001, TextTooLong),
        ("message", "Tunnukseni on 131052-308T", IdentityCodeFound),
        ("learner_id", "131052A308T", IdentityCodeFound),
        ("phone", "131052+308T", IdentityCodeFound),
        ("group", "131052-308T", IdentityCodeFound),
        ("message", "Tunnukseni on 131052\u200b-30\u00ad8T", IdentityCodeFound),
        ("name", "\u200b\u2060 \ufeff", NameMissing),
        ("group", "\u200b", GroupMissing),
    ],
)
def test_each_field_says_what_is_wrong_with_it(field: str, value: str, refusal: type[Refusal]) -> None:
    assert refused(**{field: value}) == {field: refusal}


def test_all_that_must_be_mended_is_said_at_once_in_the_order_of_the_form() -> None:
    assert list(refused(group="", email="veeti", name="", offering="x")) == ["offering", "name", "email", "group"]


@pytest.mark.parametrize("email", ["a@b.fi", "etunimi.sukunimi@edu.kuusikko.fi", "o'hara+x@xn--4ca.example"])
def test_real_addresses_are_taken(email: str) -> None:
    assert read(email=email).email == email


@pytest.mark.parametrize("value", ["yes", "on", "1", "true", "kyllä", "no", " ", "\u200b"])
def test_any_value_of_the_protected_box_protects(value: str) -> None:
    assert read(protected=value).protected


def test_an_empty_box_protects_nobody() -> None:
    assert not read(protected="").protected


def test_characters_without_width_are_left_out_of_what_is_stored() -> None:
    form = read(name="Vee\u200bti Kor\u00adhonen", email="veeti\u200b@strand.example", message="Hei\u2060\u200d!")
    assert (form.name, form.email, form.message) == ("Veeti Korhonen", "veeti@strand.example", "Hei!")


def test_a_course_for_teachers_asks_for_neither_group_nor_syllabus() -> None:
    form = read(
        course_id="strand/feedback-online",
        offering="2027-spring",
        group="",
        syllabus="",
        prices_shown="2027-spring:12000/12000",
    )
    assert (form.group, form.syllabus) == ("", "")


def test_two_forms_are_the_same_only_when_everything_typed_is() -> None:
    assert read().digest() == read(key="another-key").digest()
    assert read().digest() != read(message="Hei").digest()


@given(st.dictionaries(st.sampled_from([*MOST, "other"]), st.text(max_size=3000)))
def test_anything_is_read_or_refused(fields: dict[str, str]) -> None:
    """And nothing that a person may have typed is lost on the way back to the form."""
    kept = typed_values(fields)
    assert set(kept) == set(MOST)
    assert all(len(fields.get(name, "")) > len(kept[name]) or kept[name] == fields.get(name, "") for name in MOST)
    with contextlib.suppress(FormRefused):
        read_form(fields, CATALOGUE, CATALOGUE.courses[FY4])
