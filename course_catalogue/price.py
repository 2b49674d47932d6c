"""What a course costs a school: the one place where a price is computed.

The page prints a Quote, the commitment stores it, and nobody computes a price again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from course_catalogue.model import Agreement, BuyerClass, Catalogue, Course, Offering, PriceRule, SchoolId

NO_SCHOOL = ""  # an id that no school has: the price for any school outside the network


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one course for one home school, and why. `cents` is whole cents of `currency`."""

    cents: int
    currency: str
    buyer: BuyerClass
    rule: PriceRule
    agreement: Agreement


class NoAgreement(LookupError):
    """No agreement of the network covers the day. The check refuses such an offering."""


class NoPrice(LookupError):
    """No price rule of the agreement covers the course for this buyer. The check refuses such a course."""


def agreement_for(catalogue: Catalogue, offering: Offering) -> Agreement:
    """The agreement in force on the offering's first day; for a non-stop one, on the day its enrolment closes."""
    day: date = offering.starts_on or catalogue.network.day_of(offering.enrolment_closes_at)
    for agreement in catalogue.agreements.values():
        if agreement.starts_on <= day <= agreement.ends_on:
            return agreement
    raise NoAgreement(day)


def price_for(agreement: Agreement, course: Course, school_id: SchoolId) -> Quote:
    """The price of `course` for a student of `school_id`: the first rule of the agreement that matches."""
    buyer = agreement.buyer_class(school_id)
    for rule in agreement.prices:
        if _matches(rule, course, buyer):
            cents = rule.amount_cents * (course.credits if rule.per == "credit" else 1)
            return Quote(cents, agreement.currency, buyer, rule, agreement)
    raise NoPrice(f"{course.id} for {school_id} under {agreement.id}")


def _matches(rule: PriceRule, course: Course, buyer: BuyerClass) -> bool:
    return (
        rule.buyer in (None, buyer)
        and rule.mode in (None, course.mode)
        and (rule.min_credits is None or course.credits >= rule.min_credits)
        and (rule.max_credits is None or course.credits <= rule.max_credits)
        and (rule.audience is None or rule.audience in course.audience)
        and (not rule.courses or course.id in rule.courses)
    )
