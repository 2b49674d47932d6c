"""Dates, times, money and amounts in three languages, each compared with what is printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from theme.wording import FILTERS, Wording, ended, upper_first

HELSINKI = ZoneInfo("Europe/Helsinki")
CLOSING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 16.00 in Helsinki
NIGHT = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # 0.30 on the next day and in the next year in Helsinki
START, END = date(2026, 11, 30), date(2027, 2, 5)
SAME_YEAR = date(2026, 10, 5), date(2026, 11, 27)
TODAY = date(2026, 11, 23)
NEXT_YEAR = date(2027, 2, 1)


def plain(text: str) -> str:
    return text.replace("\u00a0", "_")


CASES = [
    # what, fi, sv, en; _ is a no-break space
    (lambda w: w.day(CLOSING), "ma 23.11.", "mån 23.11", "Mon 23 November"),
    (lambda w: w.day(NEXT_YEAR, TODAY), "ma 1.2.2027", "mån 1.2.2027", "Mon 1 February 2027"),
    (lambda w: w.day(CLOSING, TODAY), "ma 23.11.", "mån 23.11", "Mon 23 November"),
    (lambda w: w.day(date(2026, 11, 26)), "to 26.11.", "tors 26.11", "Thu 26 November"),
    (lambda w: w.day_long(START), "ma 30.11.2026", "mån 30.11.2026", "Mon 30 November 2026"),
    (lambda w: w.date(START), "30.11.2026", "30.11.2026", "30 November 2026"),
    (lambda w: w.date_short(START), "30.11.", "30.11", "30 November"),
    (lambda w: w.date_short(NEXT_YEAR, TODAY), "1.2.2027", "1.2.2027", "1 February 2027"),
    (lambda w: w.clock(CLOSING), "klo_16.00", "kl._16.00", "16:00"),
    (lambda w: w.clock(datetime(2026, 11, 23, 7, 5, tzinfo=UTC)), "klo_9.05", "kl._9.05", "9:05"),
    (lambda w: w.hour("16:00"), "klo_16.00", "kl._16.00", "16:00"),
    (lambda w: w.hour("08:30"), "klo_8.30", "kl._8.30", "8:30"),
    (lambda w: w.moment(CLOSING), "ma 23.11. klo_16.00", "mån 23.11 kl._16.00", "Mon 23 November, 16:00"),
    (lambda w: w.moment(NIGHT, TODAY), "pe 1.1.2027 klo_0.30", "fre 1.1.2027 kl._0.30", "Fri 1 January 2027, 0:30"),
    (lambda w: w.moment_long(CLOSING), "ma 23.11.2026 klo_16.00", "mån 23.11.2026 kl._16.00", "Mon 23 November 2026, 16:00"),
    (lambda w: w.period(START, END), "30.11.2026–5.2.2027", "30.11.2026–5.2.2027", "30 November 2026 – 5 February 2027"),
    (lambda w: w.period(*SAME_YEAR), "5.10.–27.11.2026", "5.10–27.11.2026", "5 October – 27 November 2026"),
    (lambda w: w.period_short(START, END), "30.11.–5.2.", "30.11–5.2", "30 November – 5 February"),
    (lambda w: w.period_days(START, END), "ma 30.11.2026 – pe 5.2.2027", "mån 30.11.2026 – fre 5.2.2027", None),
    (lambda w: w.period_days(*SAME_YEAR), "ma 5.10. – pe 27.11.2026", "mån 5.10 – fre 27.11.2026", "Mon 5 October – Fri 27 November 2026"),
    (lambda w: w.month("2026-11", TODAY), "marraskuussa", "november", "November"),
    (lambda w: w.month("2027-01", TODAY), "tammikuussa 2027", "januari 2027", "January 2027"),
    (lambda w: w.money(15000), "150,00_€", "150,00_€", "€150.00"),
    (lambda w: w.money(123450), "1_234,50_€", "1_234,50_€", "€1,234.50"),
    (lambda w: w.money(1), "0,01_€", "0,01_€", "€0.01"),
    (lambda w: w.money_short(15000), "150_€", "150_€", "€150"),
    (lambda w: w.money_short(0), "0_€", "0_€", "€0"),
    (lambda w: w.money_short(15050), "150,50_€", "150,50_€", "€150.50"),
    (lambda w: w.money_short(120000), "1_200_€", "1_200_€", "€1,200"),
    (lambda w: w.number(1234), "1_234", "1_234", "1,234"),
    (lambda w: w.percent(63), "63_%", "63_%", "63%"),
    (lambda w: w.percent(0), "0_%", "0_%", "0%"),
    (lambda w: w.credits(4), "4_op", "4_sp", "4_credits"),
    (lambda w: w.credits(1), "1_op", "1_sp", "1_credit"),
    (lambda w: w.listed(["a", "b", "c"]), "a, b ja c", "a, b och c", "a, b and c"),
    (lambda w: w.time_place(), "Suomi", "Finland", "Finland"),
]


@pytest.mark.parametrize(("write", "fi", "sv", "en"), CASES, ids=[case[1] for case in CASES])
def test_it_is_written_the_way_of_each_language(write, fi, sv, en) -> None:  # type: ignore[no-untyped-def]
    for language, expected in (("fi", fi), ("sv", sv), ("en", en)):
        if expected is not None:
            assert plain(write(Wording(language, HELSINKI))) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_every_finnish_month_answers_when(month: int) -> None:
    assert Wording("fi", HELSINKI).month(f"2026-{month:02}").endswith("kuussa")


def test_a_language_without_forms_of_its_own_is_written_the_english_way() -> None:
    assert Wording("se", HELSINKI).clock(CLOSING) == "16:00"


@pytest.mark.parametrize(
    ("sentence", "expected"), [("Kurssi alkaa ma 30.11.", "Kurssi alkaa ma 30.11."), ("Det avgörs 24.11", "Det avgörs 24.11.")]
)
def test_a_sentence_has_one_full_stop(sentence: str, expected: str) -> None:
    assert ended(sentence) == expected


def test_only_the_first_letter_becomes_a_capital() -> None:
    assert upper_first("äidinkieli ja S2") == "Äidinkieli ja S2"
    assert upper_first("") == ""


def test_every_filter_is_a_way_of_writing() -> None:
    assert set(Wording("fi", HELSINKI).filters()) == set(FILTERS)
