"""One definition for each operation of the API: its route, its scope, its body and answer, and its page in the OpenAPI document.

An operation that changes something runs in one write transaction together with the keeping of its Idempotency-Key: the same
request again gets the same answer, and nothing is done twice. A refusal is not kept: nothing was done.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, Response, current_app, g, request
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service.events import Actor
from enrol_service.permissions import ActName
from enrol_service.refusals.api import BodyNotJson, BodyWrong, IdempotencyKeyReused, IdempotencyKeyWrong, TokenUnknown, TooManyCalls
from enrol_service.refusals.base import Refusal
from enrol_service.school.token import Caller, caller_of, is_mark_due, mark_used
from enrol_service.tables import api_answer
from enrol_service.web.access import public
from enrol_service.web.page import STAFF_PAGE, here, private, service
from enrol_service.web.traffic import Buckets, network_of

KEY = re.compile(r"[A-Za-z0-9_-]{8,100}")
PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")  # {request_id:number} or {course_name}
SAFE = ("GET",)
MOST_AT_ONCE = 200  # rows of one answer, students of one act

Number = Annotated[int, Field(ge=0, le=999_999_999)]  # a row's
Word = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]  # an id or an address: nothing that cannot be seen
Text = Annotated[str, Field(max_length=20_000)]  # judged by the command


@dataclass(frozen=True, slots=True)
class OneOf:
    """Says that a text is one of a closed list, in the document and when it is judged: `Annotated[str, OneOf(("a", "b"))]`."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


class Given(BaseModel):
    """What a program sends. A field that nobody knows is refused: it is a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who calls, for what, and the connection of its transaction."""

    connection: Connection
    caller: Caller
    act: ActName

    @property
    def school_id(self) -> SchoolId:
        return self.caller.school_id

    def actor(self) -> Actor:
        """Whoever takes the steps. Only in an operation that changes something."""
        return self.caller.actor(self.connection, self.act, here().now)


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is below /api. `answer` is a model, or None when the answer is a file or empty. `most_bytes` of the body, if not the usual."""

    method: str
    path: str
    act: ActName
    summary: str
    view: Callable[..., Any]
    body: type[Given] | None
    query: type[Given] | None
    answer: Any
    media: tuple[str, ...]
    most_bytes: int | None
    refusals: tuple[type[Refusal], ...]

    @property
    def name(self) -> str:
        return f"{self.view.__module__.rpartition('.')[2].removesuffix('_api')}_{self.view.__name__}"

    @property
    def rule(self) -> str:
        """The route as Flask writes it."""
        return "/api" + PARAMETER.sub(lambda match: f"<{match[2]}:{match[1]}>" if match[2] else f"<{match[1]}>", self.path)

    @property
    def needs_body(self) -> bool:
        """Whether a request without a body is refused: it is not when every field has a default."""
        return self.body is not None and any(field.is_required() for field in self.body.model_fields.values())


OPERATIONS: dict[str, Operation] = {}  # name → operation, in the order of their definition
pages = Blueprint("api_operations", __name__)


def operation(
    method: str,
    path: str,
    act: ActName,
    summary: str,
    *,
    answer: Any = None,
    body: type[Given] | None = None,
    query: type[Given] | None = None,
    media: tuple[str, ...] = ("application/json",),
    most_bytes: int | None = None,
    refusals: tuple[type[Refusal], ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function an operation: it gets a Call, the path's parameters, and `body` or `query` when it has them."""

    def define(view: Callable[..., Any]) -> Callable[..., Any]:
        made = Operation(method, path, act, summary, view, body, query, answer, media, most_bytes, refusals)
        OPERATIONS[made.name] = made
        run = _runner(made)
        public("the key in the request is the right; each operation asks for its scope")(run)
        pages.add_url_rule(made.rule, endpoint=made.name, view_func=run, methods=[method])
        return view

    return define


def _runner(made: Operation) -> Callable[..., Response]:
    def run(**parameters: Any) -> Response:
        private(STAFF_PAGE)
        key, database = _key(), service().database
        with database.read() as connection:
            call = _call(connection, made, key)
            _limit(f"key {call.caller.token.id}")
            arguments = {**parameters, **_arguments(made)}
            answer = _answered(made, made.view(call, **arguments)) if made.method in SAFE else None
        if answer is not None:
            if is_mark_due(call.caller.token, here().now):
                with database.write() as connection:
                    mark_used(connection, call.caller.token, here().now)
            return answer
        with database.write() as connection:
            call = _call(connection, made, key)  # asked again: the key may have ended while the lock was waited for
            mark_used(connection, call.caller.token, here().now)
            return _once(call, lambda: _answered(made, made.view(call, **arguments)))

    run.__name__ = run.__qualname__ = made.name
    return run


def _key() -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenUnknown
    return key.strip()


def _call(connection: Connection, made: Operation, key: str) -> Call:
    try:
        caller = caller_of(connection, here().catalogue, key, here().now)
    except TokenUnknown:
        _limit(f"unknown {network_of(request.remote_addr or '')}")
        raise
    caller.needs(made.act)
    return Call(connection, caller, made.act)


def _limit(caller: str) -> None:
    buckets: Buckets = current_app.extensions["buckets"]["api"]
    if not buckets.take(caller):
        raise TooManyCalls


def _arguments(made: Operation) -> dict[str, Any]:
    """Query and body, judged by their models."""
    found: dict[str, Any] = {}
    if made.query is not None:
        found["query"] = _judged(lambda: made.query.model_validate(request.args.to_dict()))  # type: ignore[union-attr]
    if made.body is not None:
        if made.most_bytes is not None:
            request.max_content_length = made.most_bytes
        sent = request.get_data()
        if sent and request.mimetype != "application/json":
            raise BodyNotJson
        found["body"] = _judged(lambda: made.body.model_validate_json(sent or b"{}", strict=True))  # type: ignore[union-attr]
    return found


def _judged(read: Callable[[], Given]) -> Given:
    try:
        return read()
    except ValidationError as wrong:
        raise BodyWrong(_errors(wrong)) from None


def _errors(wrong: ValidationError) -> list[dict[str, str]]:
    """Where and what, without the value: it may be a name."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    return [{"at": "/".join(str(part) for part in one["loc"]), "what": one["msg"]} for one in found]


def _answered(made: Operation, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if made.answer is None:
        return Response(status=204)
    return Response(TypeAdapter(made.answer).dump_json(result), 200, content_type="application/json")


def _once(call: Call, act: Callable[[], Response]) -> Response:
    """Do it, or give the answer that the same request got before. Refuses with IdempotencyKeyReused for another request."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not KEY.fullmatch(key):
        raise IdempotencyKeyWrong
    text = json.dumps([request.method, request.full_path, hashlib.sha256(request.get_data()).hexdigest()])
    digest = hashlib.sha256(text.encode()).hexdigest()
    token_id = call.caller.token.id
    before = call.connection.execute(api_answer.select().where(api_answer.c.token_id == token_id, api_answer.c.key == key)).first()
    if before is not None:
        if before.request_digest != digest:
            raise IdempotencyKeyReused
        g.replayed = True
        repeated = Response(before.body, before.status, content_type="application/json" if before.body else None)
        repeated.headers["Idempotency-Replayed"] = "true"
        return repeated
    answer = act()
    row = {"token_id": token_id, "key": key, "request_digest": digest, "status": answer.status_code}
    call.connection.execute(api_answer.insert().values(**row, body=answer.get_data(as_text=True), created_at=here().now))
    return answer
