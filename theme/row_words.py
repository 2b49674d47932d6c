"""How a row of the list writes a course: on a page, and in the blocks from which the script draws rows."""

from __future__ import annotations

from datetime import date, datetime

from course_catalogue.model import BuyerClass, Catalogue, Course, Language, Offering
from course_catalogue.price import NO_SCHOOL, Quote, agreement_for, price_for
from theme.wording import Wording

LONG_AGO = date(1, 1, 1)  # a day whose year is no other's


class RowWords:
    """The writing of one language. A year is told only where it is not of the network's school year, whatever day it is."""

    def __init__(self, language: Language, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._wording = Wording(language, catalogue.network.time_zone)

    @property
    def currency(self) -> str:
        """That of the newest agreement."""
        return max(self._catalogue.agreements.values(), key=lambda one: one.starts_on).currency

    def dates(self, offering: Offering) -> str:
        """`30.11.–5.2.`; empty for a run in one's own pace."""
        if offering.starts_on is None or offering.ends_on is None:
            return ""
        return self._wording.period_short(offering.starts_on, offering.ends_on)

    def day(self, moment: datetime) -> str:
        """`23.11.`, of an opening or a closing."""
        return self._wording.date_short(moment, self._goes_without_saying(self._catalogue.network.day_of(moment)))

    def month(self, month: str) -> str:
        """`marraskuussa`, of a month given as `2026-11`."""
        return self._wording.month(month, self._goes_without_saying(date.fromisoformat(f"{month}-01")))

    def credits(self, course: Course) -> str:
        return self._wording.credits(course.credits)

    def price(self, course: Course, offering: Offering, buyer: BuyerClass) -> str:
        """`150 €`, for a school of the class."""
        quote = self._quote(course, offering, buyer)
        return self._wording.money_short(quote.cents, quote.currency)

    def price_mark(self, course: Course, offering: Offering) -> str:
        """The agreement and the prices of a member and of an outside school in cents, for scripts: `2026-2027 15000 18000`."""
        member, outside = self._quote(course, offering, "member"), self._quote(course, offering, "outside")
        return f"{member.agreement.id} {member.cents} {outside.cents}"

    def _quote(self, course: Course, offering: Offering, buyer: BuyerClass) -> Quote:
        agreement = agreement_for(self._catalogue, offering)
        return price_for(agreement, course, agreement.members[0] if buyer == "member" else NO_SCHOOL)

    def _goes_without_saying(self, day: date) -> date:
        """A day of the year that need not be told."""
        network = self._catalogue.network
        known = network.school_year_starts_on.replace(day=1) <= day <= network.school_year_ends_on
        return day if known else LONG_AGO
