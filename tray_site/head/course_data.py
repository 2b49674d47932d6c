"""A course in the words of schema.org: Course, its runs as CourseInstance, its prices as Offer.

The list of properties is that of Google's course pages, and what schema.org has beside them that we know for certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_catalogue.model import Catalogue, Language, School
from course_catalogue.price import Quote
from theme.address import Addresses
from theme.course_view import CourseView, OfferingView
from theme.translation import translation

# State of a run → schema.org/ItemAvailability of a place on it.
AVAILABILITY = {"open": "InStock", "not_open": "PreOrder", "closed": "OutOfStock", "ended": "Discontinued", "cancelled": "Discontinued"}
SCHEMA = "https://schema.org/"
SCHOOLS = "http://purl.org/goodrelations/v1#PublicInstitution"  # who buys: a schema.org/BusinessEntityType


def course_data(catalogue: Catalogue, view: CourseView, language: Language, url: Addresses) -> dict[str, Any]:
    """schema.org/Course. An offer's price is what the home school pays; the student pays for materials alone, if for anything."""
    course, site = view.course, catalogue.network.site_url
    address = f"{site}{url.course(course.id)}"
    found: dict[str, Any] = {
        "@type": "Course",
        "@id": address,
        "url": address,
        "name": course.title.to(language),
        "description": course.summary.to(language),
        "inLanguage": course.language,
        "availableLanguage": course.language,
        "isAccessibleForFree": course.materials_cost_cents == 0,
        "provider": provider(catalogue, view.school, language, url),
        "courseCode": " ".join(course.modules) or None,
        "numberOfCredits": course.credits,
        "educationalLevel": [catalogue.words["audience"][one].to(language) for one in course.audience],
        "audience": {"@type": "EducationalAudience", "educationalRole": "teacher" if view.for_teachers else "student"},
        "about": {"@type": "DefinedTerm", "name": view.subject.name.to(language), "termCode": view.subject.id},
        "teaches": [_module(catalogue, code, language, url) for code in course.modules if code in catalogue.modules],
        "coursePrerequisites": course.prerequisites,
        "keywords": list(course.keywords),
        "image": f"{site}{url.course_card(course.id)}" if catalogue.network.card_images else None,
        "hasCourseInstance": [_instance(catalogue, view, one, address) for one in view.offerings],
        "offers": [
            offer for one in view.offerings if one.state not in ("cancelled", "ended") for offer in _offers(view, one, language, address)
        ],
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def provider(catalogue: Catalogue, school: School, language: Language, url: Addresses) -> dict[str, Any]:
    """The school that teaches, short; its own page says the rest."""
    address = f"{catalogue.network.site_url}{url.school(school.id)}"
    found = {"@type": "EducationalOrganization", "@id": f"{address}#school", "name": school.name.to(language), "url": address}
    return {**found, "sameAs": school.website} if school.website else found


def _module(catalogue: Catalogue, code: str, language: Language, url: Addresses) -> dict[str, Any]:
    module = catalogue.modules[code]
    found = {"@type": "DefinedTerm", "termCode": code, "name": module.name.to(language)}
    return {**found, "identifier": module.uri} if module.uri else found


def workload(catalogue: Catalogue, credits: int) -> str | None:
    """The work of so many credits as a duration by ISO 8601, `PT28H30M`; None where the network does not say what a credit is."""
    if catalogue.network.credit_minutes is None:
        return None
    hours, minutes = divmod(credits * catalogue.network.credit_minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"


def _instance(catalogue: Catalogue, view: CourseView, one: OfferingView, address: str) -> dict[str, Any]:
    offering, course = one.offering, view.course
    found: dict[str, Any] = {
        "@type": "CourseInstance",
        "@id": f"{address}#{offering.id}",
        "identifier": offering.id,
        "name": str(offering.label),
        "url": address,
        "inLanguage": course.language,
        "courseMode": "Online",
        "courseWorkload": workload(catalogue, course.credits),
        "eventAttendanceMode": f"{SCHEMA}OnlineEventAttendanceMode",
        "eventStatus": f"{SCHEMA}{'EventCancelled' if one.state == 'cancelled' else 'EventScheduled'}",
        "location": {"@type": "VirtualLocation", "url": address},
        "startDate": offering.starts_on.isoformat() if offering.starts_on else None,
        "endDate": offering.ends_on.isoformat() if offering.ends_on else None,
        "maximumAttendeeCapacity": offering.seats,
    }
    return {name: value for name, value in found.items() if value is not None}


def _offers(view: CourseView, one: OfferingView, language: Language, address: str) -> Iterator[dict[str, Any]]:
    """What a run costs a member school and, where that is another price, any other school."""
    words = translation(language)
    yield _offer(one, one.member, words.gettext("For a member school"), address)
    if (one.outside.cents, one.outside.currency) != (one.member.cents, one.member.currency):
        yield _offer(one, one.outside, words.gettext("For another school"), address)


def _offer(one: OfferingView, quote: Quote, name: str, address: str) -> dict[str, Any]:
    offering = one.offering
    return {
        "@type": "Offer",
        "name": name,
        "eligibleCustomerType": SCHOOLS,
        "category": "Paid" if quote.cents else "Free",
        "price": f"{quote.cents // 100}.{quote.cents % 100:02}",
        "priceCurrency": quote.currency,
        "availability": f"{SCHEMA}{AVAILABILITY[one.state]}",
        "availabilityStarts": offering.enrolment_opens_at.isoformat(timespec="minutes"),
        "availabilityEnds": offering.enrolment_closes_at.isoformat(timespec="minutes"),
        "itemOffered": {"@id": f"{address}#{offering.id}"},
        "url": address,
    }
