"""/staff/school/tokens: a school's keys to the API: what each may do, who made it, when it was last used; making one and ending one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from course_catalogue.model import SchoolId
from enrol_service.enrolment.free_text import tidied
from enrol_service.enrolment.words import school_name
from enrol_service.permissions import ACTS, ActName, Side
from enrol_service.refusals.base import sentence
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import name_of
from enrol_service.school.scope_words import SCOPE_WORDS, said_scopes
from enrol_service.school.token import LIVES, NAME_LENGTH, PREFIX, Token, end_token, make_token, scopes_of, token_of_key, tokens_of
from enrol_service.tables import api_token
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("school_tokens", __name__)

MOST_TYPED = 1000  # characters kept of a field as typed
SIDES: Mapping[Side, str] = {
    "home_school": sentence("For the school's own students"),
    "offering_school": sentence("On the school's own courses"),
    "school": sentence("The school itself"),
}
LIFE_WORDS: Mapping[int, str] = {30: sentence("A month"), 90: sentence("Three months"), 365: sentence("A year")}


@dataclass(frozen=True, slots=True)
class TokenView:
    """A key as pages show it; `is_over`: it opens nothing any more."""

    token: Token
    scopes: list[str]
    made_by: str
    is_over: bool


@pages.get("/staff/school/tokens")
@staff("manage_tokens")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    schools = me().schools_for("manage_tokens")
    with service().database.read() as connection:
        found = tokens_of(connection, api_token.c.school_id.in_(schools))
    views = sorted((_view(one) for one in found), key=lambda view: (view.is_over, -view.token.id))
    groups = [(one, school_name(here().speech, one), [view for view in views if view.token.school_id == one]) for one in schools]
    return page("school/tokens.html", groups=groups, ended=request.args.get("said") == "ended", nav_current="school")


@pages.get("/staff/school/tokens/new/<school_id>")
@staff("manage_tokens")
def show_form(school_id: SchoolId) -> ResponseReturnValue:
    _my_school(school_id)
    return _form(school_id, {"days": str(LIVES[1]), "form": secrets.token_urlsafe(16)}, (), {})


@pages.post("/staff/school/tokens/new/<school_id>")
@staff("manage_tokens")
def make(school_id: SchoolId) -> ResponseReturnValue:
    """Make the key and show it, this once. The same form again shows the same key; with other details, or once it has ended, it says so."""
    _my_school(school_id)
    at = here()
    typed = {name: request.form.get(name, "")[:MOST_TYPED] for name in ("name", "days", "form")}
    scopes = [one for one in SCOPE_WORDS if request.form.get(f"scope_{one}")]
    days = int(typed["days"]) if typed["days"] in map(str, LIVES) else 0
    try:
        with service().database.write() as connection:
            key = make_token(connection, me(), school_id, typed["name"], scopes, days, at.now, _key_of_form(school_id, typed["form"]))
            made = token_of_key(connection, key)
    except FormRefused as refused:
        return _form(school_id, typed, scopes, {field: at.speech.say(one) for field, one in refused.fields}, refused.status)
    if made is None or _is_over(made) or (made.name, set(made.scopes)) != (tidied(typed["name"]), set(scopes)):
        return page("school/token_used.html", 409, name=made.name if made else typed["name"], nav_current="school")
    said = said_scopes(at.speech, made.scopes)
    return page("school/token_made.html", key=key, name=made.name, scopes=said, address=_api_address(), nav_current="school")


@pages.get("/staff/school/tokens/<number:token_id>/end")
@staff("manage_tokens")
def show_end(token_id: int) -> ResponseReturnValue:
    return page("school/token_end.html", view=_view(_mine(token_id)), nav_current="school")


@pages.post("/staff/school/tokens/<number:token_id>/end")
@staff("manage_tokens")
def end(token_id: int) -> ResponseReturnValue:
    """End it at once. A second click finds it ended."""
    _mine(token_id)
    at = here()
    with service().database.write() as connection:
        end_token(connection, me(), token_id, at.now)
    return redirect(f"{at.url.staff('school/tokens')}?said=ended", 303)


def _my_school(school_id: SchoolId) -> None:
    """Refuse with NotFound another school, which answers as one that does not exist."""
    private(STAFF_PAGE)
    if not me().may("manage_tokens", school_id):
        raise NotFound


def _mine(token_id: int) -> Token:
    with service().database.read() as connection:
        found = next(iter(tokens_of(connection, api_token.c.id == token_id)), None)
    if found is None:
        private(STAFF_PAGE)
        raise NotFound
    _my_school(found.school_id)
    return found


def _key_of_form(school_id: SchoolId, form: str) -> str:
    """The key that a form makes: the same for the same form of the same person, and nobody can tell it from the form."""
    text = f"tarjotin key 1 {school_id} {me().email} {form or secrets.token_urlsafe(16)}"
    return PREFIX + base64.urlsafe_b64encode(hmac.digest(service().settings.secret, text.encode(), hashlib.sha256)).decode().rstrip("=")


def _form(
    school_id: SchoolId, typed: Mapping[str, str], chosen: Collection[ActName], errors: Mapping[str, str], status: int = 200
) -> Response:
    mine = scopes_of(me(), school_id)
    groups = [(title, [(one, SCOPE_WORDS[one]) for one in mine if ACTS[one].side == side]) for side, title in SIDES.items()]
    return page(
        "school/token_new.html",
        status,
        school_id=school_id,
        school=school_name(here().speech, school_id),
        typed=typed,
        groups=[(title, choices) for title, choices in groups if choices],
        chosen=chosen,
        lives=[(str(days), here().speech.gettext(LIFE_WORDS[days]), None) for days in LIVES],
        most=NAME_LENGTH,
        errors=errors,
        nav_current="school",
    )


def _view(token: Token) -> TokenView:
    at = here()
    with service().database.read() as connection:
        made_by = name_of(connection, token.created_by_id) or ""
    return TokenView(token, said_scopes(at.speech, token.scopes), made_by, _is_over(token))


def _is_over(token: Token) -> bool:
    return token.ended_at is not None or here().now >= token.expires_at


def _api_address() -> str:
    return f"{service().settings.service_url}/api"
