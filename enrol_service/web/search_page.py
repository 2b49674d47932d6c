"""/search: the list of courses for a reader without script; the same names in the address as on the static page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from course_catalogue.selection import Selection, select
from enrol_service.web.access import public
from enrol_service.web.packing import compressed, is_wanted, pack
from enrol_service.web.page import here, page
from theme.list_view import ListView, list_view

pages = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A choice that can be taken away, the address without it, and how many courses that shows. The text has no `value`."""

    name: str
    value: str
    address: str
    count: int


@pages.get("/search")
@public("the catalogue is public")
def show() -> ResponseReturnValue:
    at = here()
    selection = Selection.from_pairs(request.args.items(multi=True))
    courses = select(at.catalogue, selection, at.now, at.loaded.index)
    view = list_view(at.catalogue, at.loaded.index, selection, courses, at.now)
    ways = _ways_out(selection, view) if selection else ()
    response = page("search.html", view=view, ways=ways, nav_current="courses")
    response.headers["Vary"] = "Accept-Encoding"
    plain = response.get_data()
    if is_wanted(str(response.content_type), len(plain)):
        pack(response, compressed(plain))
    return response


def _ways_out(selection: Selection, view: ListView) -> tuple[WayOut, ...]:
    """One for the text and one for each choice, with what each would show."""
    at = here()
    chosen = [("q", "")] if selection.text else []
    chosen += [(value.name, value.value) for value in view.chosen]
    found = []
    for name, value in chosen:
        fewer = selection.without(name, value)
        count = len(select(at.catalogue, fewer, at.now, at.loaded.index)) if view.count == 0 else 0
        pairs = fewer.pairs()
        found.append(WayOut(name, value, f"{at.url.search()}?{urlencode(pairs)}" if pairs else at.url.home(), count))
    return tuple(found)
