"""What is not one course, in the words of schema.org: lists of courses, the way to a page, a school, the site itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_catalogue.model import Catalogue, Language, School, Subject
from theme.address import Addresses
from theme.list_view import ListView
from theme.translation import translation
from tray_site.head.course_data import provider

FEWEST, MOST = 3, 30  # items of an ItemList; Google takes no shorter list for one, and nobody needs a longer one


def shown_list(catalogue: Catalogue, view: ListView, url: Addresses, name: str) -> Iterator[dict[str, Any]]:
    """schema.org/ItemList of the courses on the page, in its order; nothing where they are few."""
    courses = [row.course for group in view.groups for row in group.rows]
    if len(courses) < FEWEST:
        return
    site = catalogue.network.site_url
    items = [
        {"@type": "ListItem", "position": place, "url": f"{site}{url.course(course.id)}"}
        for place, course in enumerate(courses[:MOST], start=1)
    ]
    yield {"@type": "ItemList", "name": name, "numberOfItems": view.count, "itemListElement": items}


def breadcrumb(
    catalogue: Catalogue,
    language: Language,
    url: Addresses,
    subject: Subject | None,
    *last: tuple[str, str],
    of_schools: bool = False,
) -> dict[str, Any]:
    """schema.org/BreadcrumbList: courses or schools, the subject, and the page itself, each as its name and address."""
    words = translation(language)
    steps = [(words.gettext("Schools"), url.schools()) if of_schools else (words.gettext("Courses"), url.home())]
    if subject:
        steps.append((subject.name.to(language), url.subject(subject.id)))
    steps += last
    site = catalogue.network.site_url
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site}{address}"}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def organisation(catalogue: Catalogue, school: School, language: Language, url: Addresses) -> dict[str, Any]:
    """schema.org/EducationalOrganization: the school, and the education provider behind it."""
    found = {
        **provider(catalogue, school, language, url),
        "description": school.description.to(language) if school.description else None,
        "address": {"@type": "PostalAddress", "addressLocality": school.place},
        "parentOrganization": {"@type": "Organization", "name": school.provider, "taxID": school.business_id},
        "memberOf": _network(catalogue, language),
    }
    return {name: value for name, value in found.items() if value is not None}


def website(catalogue: Catalogue, language: Language, url: Addresses) -> dict[str, Any]:
    """schema.org/WebSite with the search that the service answers."""
    site = catalogue.network.site_url
    search = url.search() if "://" in url.search() else f"{site}{url.search()}"
    return {
        "@type": "WebSite",
        "@id": f"{site}/#site",
        "url": f"{site}{url.home()}",
        "name": translation(language).gettext("Tarjotin"),
        "alternateName": catalogue.network.name.to(language),
        "description": catalogue.network.slogan.to(language),
        "inLanguage": language,
        "publisher": _network(catalogue, language),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def _network(catalogue: Catalogue, language: Language) -> dict[str, Any]:
    network = catalogue.network
    return {
        "@type": "Organization",
        "@id": f"{network.site_url}/#network",
        "name": network.name.to(language),
        "url": f"{network.site_url}/",
    }
