"""JSON-LD by schema.org: a Course with its instances, provider and offers; an ItemList for a list of courses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_catalogue.model import Catalogue, Course, Language
from theme.address import Addresses
from theme.course_view import CourseView, OfferingView

CONTEXT = "https://schema.org"
LISTED = 300  # so many items at most in an ItemList


def course_data(catalogue: Catalogue, view: CourseView, language: Language, url: Addresses) -> dict[str, Any]:
    """schema.org/Course. The offer's price is what a member school pays; for the student the course costs nothing."""
    course = view.course
    site = catalogue.network.site_url
    running = [one for one in view.offerings if one.state != "cancelled"]
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Course",
        "@id": f"{site}{url.course(course.id)}",
        "url": f"{site}{url.course(course.id)}",
        "name": course.title.to(language),
        "description": course.summary.to(language),
        "inLanguage": course.language,
        "isAccessibleForFree": False,
        "provider": {
            "@type": "EducationalOrganization",
            "name": view.school.name.to(language),
            "url": f"{site}{url.school(view.school.id)}",
        },
        "numberOfCredits": course.credits,
        "hasCourseInstance": [_instance(one) for one in running],
        "offers": [_offer(one) for one in running],
    }
    if course.modules:
        found["courseCode"] = " ".join(course.modules)
    if course.prerequisites:
        found["coursePrerequisites"] = course.prerequisites
    if course.keywords:
        found["keywords"] = list(course.keywords)
    return found


def _instance(view: OfferingView) -> dict[str, Any]:
    offering = view.offering
    found: dict[str, Any] = {"@type": "CourseInstance", "courseMode": "online", "name": str(offering.label)}
    if offering.starts_on is not None:
        found["startDate"] = offering.starts_on.isoformat()
    if offering.ends_on is not None:
        found["endDate"] = offering.ends_on.isoformat()
    if offering.seats is not None:
        found["maximumAttendeeCapacity"] = offering.seats
    return found


def _offer(view: OfferingView) -> dict[str, Any]:
    offering = view.offering
    return {
        "@type": "Offer",
        "category": "Paid",
        "price": f"{view.member.cents / 100:.2f}",
        "priceCurrency": view.member.currency,
        "availabilityStarts": offering.enrolment_opens_at.isoformat(timespec="minutes"),
        "availabilityEnds": offering.enrolment_closes_at.isoformat(timespec="minutes"),
    }


def list_data(catalogue: Catalogue, courses: Sequence[Course], url: Addresses) -> dict[str, Any]:
    """schema.org/ItemList of course pages, in the order of the page."""
    site = catalogue.network.site_url
    items = [
        {"@type": "ListItem", "position": place, "url": f"{site}{url.course(course.id)}"}
        for place, course in enumerate(courses[:LISTED], start=1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "numberOfItems": len(courses), "itemListElement": items}
