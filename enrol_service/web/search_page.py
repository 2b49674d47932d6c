"""/search: the list of courses for a reader without script; the same names in the address as on the static page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from course_catalogue.facet import RunId
from course_catalogue.neighbour import neighbours
from course_catalogue.search import marks, nearest_words
from course_catalogue.selection import ORDERS, Selection
from enrol_service.enrolment.run import Run, all_runs
from enrol_service.enrolment.seats import Seats, all_seats
from enrol_service.holder import Loaded
from enrol_service.web.access import public
from enrol_service.web.packing import compressed, is_wanted, pack
from enrol_service.web.page import here, page, service
from enrol_service.web.traffic import limit
from theme.list_view import ListView
from theme.listing import Listing

pages = Blueprint("search", __name__)

SIZE = 50  # rows on a page
MOST_OFFERED = 5  # other things to ask where nothing was found
KEPT = "listing"  # of the application's extensions


@dataclass(frozen=True, slots=True)
class WayOut:
    """A choice that can be taken away, the address without it, and how many courses that shows. The text has no `value`."""

    name: str
    value: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Something else to ask: its text, or the subject of all whose courses it shows; its address and how many courses that shows."""

    text: str
    subject_id: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The list of one minute: runs open, close and end on the minute."""

    loaded: Loaded
    minute: datetime
    full: frozenset[RunId]
    listing: Listing


@pages.get("/search")
@public("the catalogue is public")
def show() -> ResponseReturnValue:
    limit(current_app.extensions["buckets"]["search"])
    at = here()
    selection = Selection.from_pairs(request.args.items(multi=True))
    with service().database.read() as connection:
        taken, decided = all_seats(connection), all_runs(connection)
    listing = _listing(_full(taken, decided))
    number = request.args.get("page", "")
    view = listing.view(
        selection, at.language, size=SIZE, number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    )
    found = view.count > 0
    response = page(
        "search.html",
        view=view,
        ways=tuple(_ways_out(listing, view)),
        offers=() if found else tuple(_offers(listing, selection)),
        orders={name: _address(replace(selection, order=name)) for name in ("", *ORDERS) if name != "fit"},
        before=_address(selection, view.pages.number - 1) if view.pages.number > 1 else None,
        after=_address(selection, view.pages.number + 1) if view.pages.number < view.pages.of else None,
        seats_now=lambda course_id, offering_id: taken.get((course_id, offering_id), Seats()),
        marked=lambda title: _marked(selection.text, title),
        priced_for=selection.buyer if selection.prices or selection.ordered_by == "price" else None,
        nav_current="courses",
    )
    response.headers["Vary"] = "Accept-Encoding"
    plain = response.get_data()
    if is_wanted(str(response.content_type), len(plain)):
        pack(response, compressed(plain))
    return response


def _listing(full: frozenset[RunId]) -> Listing:
    """The list of this minute, made anew when another catalogue is in force or other runs are full."""
    at = here()
    minute = at.now.replace(second=0, microsecond=0)
    kept: Kept | None = current_app.extensions.get(KEPT)
    if kept is None or kept.loaded is not at.loaded or (kept.minute, kept.full) != (minute, full):
        kept = Kept(at.loaded, minute, full, Listing(at.catalogue, at.loaded.index, at.loaded.facts, minute, full))
        current_app.extensions[KEPT] = kept
    return kept.listing


def _address(selection: Selection, number: int = 1) -> str:
    pairs = [*selection.pairs(), *([("page", str(number))] if number > 1 else [])]
    search = here().url.search()
    return f"{search}?{urlencode(pairs)}" if pairs else search


def _full(taken: Mapping[RunId, Seats], decided: Mapping[RunId, Run]) -> frozenset[RunId]:
    """The runs in which nobody can get a place any more."""
    catalogue = here().catalogue
    offerings = {(course_id, offering_id): catalogue.offering(course_id, offering_id) for course_id, offering_id in taken}
    full = {key for key, one in offerings.items() if one is not None and one.seats is not None and taken[key].taken >= one.seats}
    return frozenset(full | {key for key, run in decided.items() if run.state in ("cancelled", "lapsed")})


def _marked(text: str, title: str) -> Markup:
    """The title with what the text has hit in it marked."""
    parts, end = [], 0
    for start, stop in marks(here().loaded.index, text, title) if text else ():
        parts += [escape(title[end:start]), Markup("<mark>{}</mark>").format(title[start:stop])]
        end = stop
    return Markup("").join([*parts, escape(title[end:])])


def _ways_out(listing: Listing, view: ListView) -> Iterator[WayOut]:
    """One for the text, one for each choice and one for the days, with what each would show where there is nothing now.

    One of several choices of a filter is not counted: they are alternatives, and without it there is nothing either.
    """
    selection = view.selection
    chosen = [("q", "")] if selection.text else []
    chosen += [(value.name, value.value) for value in view.chosen]
    chosen += [("starts", "")] if selection.from_on or selection.to_on else []
    choices = Counter(name for name, _ in chosen)
    for name, value in chosen:
        fewer = selection.without(name, value)
        yield WayOut(name, value, _address(fewer), listing.count(fewer) if view.count == 0 and choices[name] == 1 else 0)


def _offers(listing: Listing, selection: Selection) -> Iterator[Offer]:
    at = here()
    offered = 0
    for one in neighbours(selection, nearest_words(at.loaded.index, selection.text), at.catalogue.subjects):
        if offered == MOST_OFFERED:
            return
        if count := listing.count(one):
            offered += 1
            yield Offer(one.text, one.subjects[-1] if not one.text and one.subjects else "", _address(one), count)
