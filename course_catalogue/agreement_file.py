"""agreements/<agreement>.yaml → Agreement, with the rules that one file can be held to by itself."""

from __future__ import annotations

from itertools import pairwise

from course_catalogue.content_file import ContentFile
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Agreement, Language, LeavingStep, Outcome, PriceRule, RefusalReason, Source
from course_catalogue.reader import Record, read_record
from course_catalogue.text_value import text_of

WHOLE_PRICE: dict[Outcome, int] = {"completed": 100, "failed": 100}  # where the agreement does not say otherwise
ANCHORS = {"leaving": ("enrolled", "starts"), "leaving_nonstop": ("enrolled", "first_contact")}


def read_agreement(file: ContentFile, known: Known) -> tuple[Agreement | None, Record | None]:
    """The agreement, or None when its file has an error; and its record, for checks across files."""
    record = read_record(definition("agreement"), file.text, 1, file, known)
    if record is None:
        return None, None
    starts, ends = record.get("starts_on"), record.get("ends_on")
    if starts and ends and starts >= ends:
        file.report("T404", record.at("ends_on"), starts=str(starts), ends=str(ends))
    for price in record.get("prices", ()):
        low, high = price.get("min_credits"), price.get("max_credits")
        if low is not None and high is not None and low > high:
            file.report("T508", price.at("max_credits"), low=str(low), high=str(high))
    for kind in ANCHORS:
        _check_steps(record, kind, file)
    return (
        None if file.errors else _agreement(record, file.path.removeprefix("agreements/").removesuffix(".yaml"), known.languages, file.path)
    ), record


def _check_steps(record: Record, kind: str, file: ContentFile) -> None:
    """Steps come in order of time, so the days from one anchor rise; leaving later never costs less."""
    steps: tuple[Record, ...] = record.get(kind, ())
    for step in steps:
        anchor = step.get("anchor")
        if anchor and anchor not in ANCHORS[kind]:
            file.report("T507", step.at("anchor"), anchor=anchor, known=", ".join(ANCHORS[kind]))
    for before, after in pairwise(steps):
        days, next_days = before.get("days"), after.get("days")
        if before.get("anchor") == after.get("anchor") and days is not None and next_days is not None and next_days <= days:
            file.report("T505", after.at("days"), days=str(next_days), before=str(days))
        if before.get("share", 0) > after.get("share", 100):
            file.report("T506", after.at("share"), share=str(after.get("share")), before=str(before.get("share")))


def _agreement(record: Record, agreement_id: str, languages: tuple[Language, ...], path: str) -> Agreement:
    values = record.values
    own = languages[0]
    return Agreement(
        id=agreement_id,
        title=text_of(values["title"], own, languages),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        currency=values["currency"],
        members=values["members"],
        prices=tuple(_price(one, languages) for one in values["prices"]),
        answer_within_days=values["answer_within_days"],
        answer_by_hour=values["answer_by_hour"],
        remind_after_days=values.get("remind_after_days"),
        escalate_after_days=values.get("escalate_after_days"),
        offer_answer_hours=values.get("offer_answer_hours"),
        outcomes={**WHOLE_PRICE, **(values["outcomes"].values if "outcomes" in values else {})},
        leaving=tuple(_step(one, languages) for one in values["leaving"]),
        leaving_nonstop=tuple(_step(one, languages) for one in values["leaving_nonstop"]),
        refusal_reasons=tuple(
            RefusalReason(one.values["id"], text_of(one.values["text"], own, languages)) for one in values["refusal_reasons"]
        ),
        responsibilities={
            party: tuple(text_of(one, own, languages) for one in duties) for party, duties in values["responsibilities"].values.items()
        },
        source=Source(path),
    )


def _price(record: Record, languages: tuple[Language, ...]) -> PriceRule:
    values = record.values
    return PriceRule(
        id=values["id"],
        amount_cents=values["amount"],
        per=values["per"],
        because=text_of(values["because"], languages[0], languages),
        buyer=values.get("buyer"),
        mode=values.get("mode"),
        min_credits=values.get("min_credits"),
        max_credits=values.get("max_credits"),
        audience=values.get("audience"),
        courses=values.get("courses", ()),
    )


def _step(record: Record, languages: tuple[Language, ...]) -> LeavingStep:
    values = record.values
    because = text_of(values["because"], languages[0], languages)
    return LeavingStep(values["id"], values["anchor"], values["days"], values["share"], because)
