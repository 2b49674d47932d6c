"""docs/api.md: how a program does what school staff do. Its list of operations is drawn from them; a test finds a stale file."""

from __future__ import annotations

from enrol_service.permissions import ACTS
from enrol_service.web.api.api import ROOMS
from enrol_service.web.api.operation import OPERATIONS, Operation

HEAD = """# The API for school staff's programs

Drawn by `python -m enrol_service api > docs/api.md`. What people do on the pages of their school, a program does here: the same
commands, the same rules, the same refusals. The full description, with every field, is the OpenAPI 3.1 document at
`/api/openapi.json`. The open data of the catalogue needs no key and is another thing: `/catalogue.json`.

## A key

A contact person, payer or coordinator makes one on the page *School → Keys to the API*: what it is for, what it may do, and whether
it works for a month, three months or a year. It is shown once; the service keeps its SHA-256 alone. A key acts in the name of
whoever made it, for one school, and never may more than that person still may. It is ended on the same page, at once.

```sh
curl -H "Authorization: Bearer $KEY" https://SERVICE/api/requests
```

## Three examples

Give the payment commitment for a request. `seen` comes from the request as it was read; it is empty unless the course has changed:

```sh
curl -X POST https://SERVICE/api/requests/184/give -H "Authorization: Bearer $KEY" -H "Idempotency-Key: request-184-give" \\
  -H "Content-Type: application/json" -d '{"seen": ""}'
```

Say what enrolling a student would be, at which price. Sent again with `"dry_run": false` and that `price_cents`, it is done:

```sh
curl -X POST https://SERVICE/api/students/enrol -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '{"dry_run": true,
  "rows": [{"name": "Veeti Korhonen", "email": "veeti.korhonen@strand.example", "group": "24B", "syllabus": "nuoret",
  "course": "kuusikko/fy4-voima-ja-liike", "offering": "2026-p3"}]}'
```

Mark first contact of two participants; each is answered by itself:

```sh
curl -X POST https://SERVICE/api/offerings/fy4-voima-ja-liike/2026-p3/marks -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" -d '{"mark": "start", "students": [184, 191], "on": "2026-11-30"}'
```

## Errors

Every refusal is `application/problem+json` (RFC 9457): `refusal` is its name for programs, `title` a sentence for people in the
language of `Accept-Language` (fi, sv, en), `errors` say what must be mended and where, `number` is the request's own, for asking the
operator. What belongs to another school is answered exactly like what does not exist: 404. Where many are acted on at once, the
answer is 200 and each has its own result. More than 240 calls at once, or two a second, are answered 429 with `Retry-After`.

## The same request again

Send an `Idempotency-Key` of your own with each change. The same request with the same key gets the same answer for 24 hours, with
`Idempotency-Replayed: true`, and nothing is done twice. Another request with a used key is refused: 409. A refusal is not kept:
nothing was done, so the request may be mended or sent again with the same key. Without a key most acts are safe to repeat too: they
answer `"changed": false`.

## Long lists

Lists in parts take `limit`, at most 200, and `after`: the `next` of the part before.

## Operations

Paths are below `/api`. The scope is an act of [permissions.md](permissions.md). Of a protected student the offering side gets an
alias, and neither address nor home school. National learner IDs and sums of participants need the scope `see_payments` as well.
"""


def operations_document() -> str:
    """The page's text."""
    rooms = {room.__name__ for room in ROOMS}
    made = [one for one in OPERATIONS.values() if one.view.__module__ in rooms]
    return HEAD + "".join(_of_act(act, [one for one in made if one.act == act]) for act in ACTS if any(one.act == act for one in made))


def _of_act(act: str, operations: list[Operation]) -> str:
    rows = "".join(f"| {made.method} | `{_path(made.path)}` | {made.summary} |\n" for made in operations)
    return f"\n### `{act}`: {ACTS[act].means}\n\n| | path | what |\n| --- | --- | --- |\n{rows}"


def _path(path: str) -> str:
    return path.replace(":number}", "}")
