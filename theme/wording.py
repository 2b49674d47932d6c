"""How dates, times, money and amounts are written in each language. Patterns by Babel; words that belong to them are here.

Finnish `ma 30.11.2026 klo 16.00`, Swedish `mån 30.11.2026 kl. 16.00`, English `Mon 30 November 2026, 16:00`.
What belongs together (`150 €`, `klo 16.00`, `4 op`) is joined with a no-break space.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from course_catalogue.model import Language

Day = date  # in the class below `date` is a way of writing one

NBSP = "\u00a0"
RANGE = "–"

# Babel's locale for a language of the site: the Swedish of Finland, British English.
LOCALES = {"sv": "sv_FI", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class _Forms:
    """The patterns of a language. `short` has no year; `joined` ranges keep the dash without spaces."""

    day: str
    day_long: str
    short: str
    long: str
    month: str
    clock: str  # strftime; {hour} without a leading zero
    moment: str  # of a day and a clock
    joined: bool
    credits: tuple[str, str]


KLO, KL = f"klo{NBSP}{{hour}}.{{minute}}", f"kl.{NBSP}{{hour}}.{{minute}}"
_FORMS = {
    "fi": _Forms("EEE d.M.", "EEE d.M.yyyy", "d.M.", "d.M.yyyy", "LLLL", KLO, "{day} {clock}", True, ("op", "op")),
    "sv": _Forms("EEE d.M", "EEE d.M.yyyy", "d.M", "d.M.yyyy", "LLLL", KL, "{day} {clock}", True, ("sp", "sp")),
    "en": _Forms(
        "EEE d MMMM", "EEE d MMMM yyyy", "d MMMM", "d MMMM yyyy", "LLLL", "{hour}:{minute}", "{day}, {clock}", False, ("credit", "credits")
    ),
}

# The ways of writing that templates use as filters, by their names here.
FILTERS = (
    *("day", "day_long", "date", "date_short", "clock", "hour", "moment", "moment_long", "period_short", "month"),
    *("money", "money_short", "number", "percent", "credits", "listed"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The ways of writing of one language, with clock times in `zone`."""

    language: Language
    zone: ZoneInfo

    @property
    def _forms(self) -> _Forms:
        return _FORMS.get(self.language, _FORMS["en"])

    def _local(self, day: Day) -> Day:
        return day.astimezone(self.zone).date() if isinstance(day, datetime) else day

    def _write(self, day: Day, pattern: str) -> str:
        return _written(self._local(day), pattern, self.language)

    def day(self, day: Day, today: Day | None = None) -> str:
        """`ma 23.11.`; with the year when it is not that of `today`."""
        with_year = today is not None and self._local(day).year != self._local(today).year
        return self._write(day, self._forms.day_long if with_year else self._forms.day)

    def day_long(self, day: Day) -> str:
        """`ma 30.11.2026`."""
        return self._write(day, self._forms.day_long)

    def date(self, day: Day) -> str:
        """`30.11.2026`."""
        return self._write(day, self._forms.long)

    def date_short(self, day: Day, today: Day | None = None) -> str:
        """`30.11.`; with the year when it is not that of `today`."""
        with_year = today is not None and self._local(day).year != self._local(today).year
        return self._write(day, self._forms.long if with_year else self._forms.short)

    def clock(self, moment: datetime) -> str:
        """`klo 16.00`, in the network's time zone."""
        local = moment.astimezone(self.zone)
        return self._forms.clock.format(hour=local.hour, minute=f"{local.minute:02}")

    def hour(self, hour: str) -> str:
        """A clock time given as `16:00`: `klo 16.00`."""
        hours, minutes = hour.split(":")
        return self._forms.clock.format(hour=int(hours), minute=minutes)

    def moment(self, moment: datetime, today: Day | None = None) -> str:
        """`ma 23.11. klo 16.00`; with the year when it is not that of `today`."""
        return self._forms.moment.format(day=self.day(moment, today), clock=self.clock(moment))

    def moment_long(self, moment: datetime) -> str:
        """`ma 23.11.2026 klo 16.00`."""
        return self._forms.moment.format(day=self.day_long(moment), clock=self.clock(moment))

    def period(self, start: Day, end: Day) -> str:
        """`30.11.2026–5.2.2027`, `5.10.–27.11.2026`: the year once unless it changes."""
        return self._range(start, end, self._forms.short, self._forms.long, spaced=not self._forms.joined)

    def period_short(self, start: Day, end: Day) -> str:
        """`30.11.–5.2.`, for rows of a list."""
        space = "" if self._forms.joined else " "
        return f"{self._write(start, self._forms.short)}{space}{RANGE}{space}{self._write(end, self._forms.short)}"

    def period_days(self, start: Day, end: Day) -> str:
        """`ma 30.11.2026 – pe 5.2.2027`, for headings."""
        return self._range(start, end, self._forms.day, self._forms.day_long, spaced=True)

    def _range(self, start: Day, end: Day, short: str, long: str, *, spaced: bool) -> str:
        space = " " if spaced else ""
        first = self._write(start, short if start.year == end.year else long)
        return f"{first}{space}{RANGE}{space}{self._write(end, long)}"

    def month(self, month: str, today: Day | None = None) -> str:
        """A month given as `2026-11`, as an answer to "when does it start": `marraskuussa`, `tammikuussa 2027`."""
        first = Day.fromisoformat(f"{month}-01")
        name = self._write(first, self._forms.month)
        if self.language == "fi":
            name += "ssa"  # every Finnish month ends in -kuu, so the inessive is regular
        return name if today is None or first.year == today.year else f"{name} {first.year}"

    def money(self, cents: int, currency: str = "EUR") -> str:
        """`1 234,50 €`, `€1,234.50`."""
        return _money(cents, currency, self.language, whole=False)

    def money_short(self, cents: int, currency: str = "EUR") -> str:
        """`150 €`: without the cents when there are none."""
        return _money(cents, currency, self.language, whole=cents % 100 == 0)

    def number(self, number: int) -> str:
        return str(format_decimal(number, locale=_locale(self.language)))

    def percent(self, whole: int) -> str:
        """Whole percent: `63 %`, `63%`."""
        return str(format_percent(whole / 100, locale=_locale(self.language)))

    def credits(self, credits: int) -> str:
        """`4 op`, `4 sp`, `4 credits`."""
        one, many = self._forms.credits
        return f"{credits}{NBSP}{one if credits == 1 else many}"

    def listed(self, words: Iterable[str]) -> str:
        """`Suomi, ruotsi ja englanti`."""
        return format_list(list(words), locale=_locale(self.language))

    def time_place(self) -> str:
        """The country whose time the clock times are: `Suomi`, `Finland`; a zone of no country is named as it is."""
        country = get_global("zone_territories").get(self.zone.key)
        return str(_locale(self.language).territories.get(country, self.zone.key))

    def filters(self) -> dict[str, Callable[..., str]]:
        """All of these by name, for the templates."""
        return {name: getattr(self, name) for name in FILTERS}


def upper_first(text: str) -> str:
    """The first letter as a capital, the rest as it is: `Ma 30.11.2026`."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The first letter as a small one, for a label inside a list of words: `Lukio, aikuisten lukiokoulutus`."""
    return text[:1].lower() + text[1:]


def ended(sentence: str) -> str:
    """The sentence with a full stop, unless the date at its end has brought one: `Kurssi alkaa ma 30.11.`"""
    return sentence if sentence.endswith(".") else sentence + type(sentence)(".")


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(LOCALES.get(language, language))


@cache
def _written(day: date, pattern: str, language: Language) -> str:
    return format_date(day, pattern, locale=_locale(language))


@cache
def _money(cents: int, currency: str, language: Language, *, whole: bool) -> str:
    locale = _locale(language)
    if not whole:
        return format_currency(Decimal(cents) / 100, currency, locale=locale)
    pattern = str(locale.currency_formats["standard"].pattern).split(";")[0].replace(".00", "")
    return format_currency(cents // 100, currency, pattern, locale=locale, currency_digits=False)
