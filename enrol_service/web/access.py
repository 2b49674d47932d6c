"""Who may open a page: every view is either public with a reason or guarded. A test finds the one that says neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import g, request
from flask.typing import ResponseReturnValue

from enrol_service.permissions import ActName
from enrol_service.refusals.web import ForeignOrigin, NotYours
from enrol_service.school.accounts import Staff
from enrol_service.settings import origin_of
from enrol_service.web.page import here, service
from enrol_service.web.person.wanted import ask_to_sign_in
from enrol_service.web.session import signed_in

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Access:
    """How a view is guarded: `reason` for public ones, `acts` of permissions.ACTS for those of staff."""

    reason: str = ""
    acts: tuple[ActName, ...] = ()


ACCESS: dict[str, Access] = {}  # view's name, module and function → access


def _name(view: Callable[..., object]) -> str:
    return f"{view.__module__}.{view.__qualname__}"


def access_of(view: Callable[..., object]) -> Access | None:
    return ACCESS.get(_name(view))


def public(reason: str) -> Callable[[View[P]], View[P]]:
    """Anybody may open the page, for this reason."""

    def mark(view: View[P]) -> View[P]:
        ACCESS[_name(view)] = Access(reason=reason)
        return view

    return mark


def staff(*acts: ActName) -> Callable[[View[P]], View[P]]:
    """Only somebody signed in who may do one of the acts for some school; `me()` is that person. What is theirs, the view asks."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if request.method not in ("GET", "HEAD"):
                refuse_foreign_origin()
            person = signed_in(service(), request)
            if person is None:
                return ask_to_sign_in()
            if not person.can(*acts):
                raise NotYours
            g.staff = person
            return view(*args, **kwargs)

        ACCESS[_name(guarded)] = Access(acts=acts)
        return guarded

    return guard


def me() -> Staff:
    """The person who is signed in. Only inside views guarded by `staff`."""
    person: Staff = g.staff
    return person


def known_origins() -> frozenset[str]:
    """Whose pages may send the enrolment form: the service's own, the network's site, and those the operator has named."""
    settings = service().settings
    return frozenset({origin_of(settings.service_url), origin_of(here().catalogue.network.site_url), *settings.origins})


def refuse_stated_foreign_origin() -> None:
    """Refuse a change that says it comes from another site's page. For pages opened by a secret link, whose form names no origin."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null").lower()
    if site != "same-origin" and (site is not None or origin not in {"null", *known_origins()}):
        raise ForeignOrigin


def refuse_foreign_origin() -> None:
    """Refuse a change that another site's page has sent. Browsers say where a request comes from; one that says nothing is refused."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise ForeignOrigin
        return
    if request.headers.get("Origin") != origin_of(service().settings.service_url):
        raise ForeignOrigin
