"""Says things in one reader's language where no template does: refusals, the text that a commitment stores, file columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from course_catalogue.model import Catalogue, Language
from enrol_service.refusals.base import Refusal
from theme.translation import Translation, translation
from theme.wording import Wording


@dataclass(frozen=True, slots=True)
class Money:
    """Whole cents of a currency, to be written in the reader's way."""

    cents: int
    currency: str


@dataclass(frozen=True)
class Speech:
    """The words and the ways of writing of one language."""

    language: Language
    catalogue: Catalogue

    @cached_property
    def words(self) -> Translation:
        return translation(self.language)

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.language, self.catalogue.network.time_zone)

    def gettext(self, message: str, **facts: object) -> str:
        """A translated sentence with its facts written out: instants, days, money, numbers and plain texts."""
        return self.words.gettext(message) % {name: self.write(value) for name, value in facts.items()}

    def write(self, value: object) -> str:
        if isinstance(value, datetime):
            return self.wording.moment(value)
        if isinstance(value, date):
            return self.wording.day(value)
        if isinstance(value, Money):
            return self.wording.money(value.cents, value.currency)
        return str(value)

    def say(self, refusal: Refusal) -> str:
        """The refusal's sentence."""
        return self.gettext(refusal.text, **refusal.facts)
