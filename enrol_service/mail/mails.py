"""What a mail says: rendered when it is sent, with its link, as plain text and HTML in the receiver's language.

The subject says what and by when; no student's name and no course stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Connection

from course_catalogue.model import Catalogue, Language
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.waiting_list import MOVE_REASONS, moves_of
from enrol_service.enrolment.words import (
    awaits_network,
    guest_reason,
    home_school_name,
    place_in_line,
    refusal_reason,
)
from enrol_service.events import came_from
from enrol_service.mail import change_mail, completion_mail, digest, facts, people_mail, run_mail
from enrol_service.mail.enrolled_by import who_enrolled
from enrol_service.mail.message import message_said
from enrol_service.mail.notices import INVITATION_LIVES, SIGN_IN_LINK_LIVES
from enrol_service.mail.outbox import Message
from enrol_service.mail.who_left import who_left
from enrol_service.service import Service
from enrol_service.speech import Speech
from enrol_service.states import COMMITMENT, ENROLMENT, HAS_PLACE, LIVE
from enrol_service.tables import guest_school
from theme.address import addresses

# From the outbox row, its language and the moment: further values of the template.
More = Callable[[Connection, Speech, Message, datetime], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail: where its link leads, and in which states what it says still holds."""

    opens: str  # student, decide, sign_in: a page by its link; staff: one to sign in to; empty = no link
    enrolment: frozenset[str] = frozenset()
    commitment: frozenset[str] = frozenset(COMMITMENT.states)
    until_answer: bool = False  # holds only while the home school has time to answer
    lives: timedelta | None = None  # holds so long after it was asked for
    more: More | None = None  # what else the mail says; None from it when that holds no more
    page: str = ""  # where `staff` leads, below /staff/; numbers of the facts stand in braces

    def still_true(self, enrolment: Enrolment, commitment: Commitment, now: datetime) -> bool:
        """Whether a mail about the enrolment may still be sent; a later mail tells what has happened since."""
        in_time = now < commitment.answer_by_at or not self.until_answer
        return in_time and enrolment.state in self.enrolment and commitment.state in self.commitment


def about_guest(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """A guest school: to the network while it waits, to its contact person once it is admitted."""
    row = connection.execute(guest_school.select().where(guest_school.c.id == message.facts["guest_school"])).one()
    wanted = "applied" if message.kind == "guest_applied" else "admitted"
    return {"school": row.name, "facts": ((speech.gettext("School"), row.name),)} if row.state == wanted else None


def offer_missed(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """Until when the seat was kept for a student who did not answer."""
    until = read_enrolment(connection, message.enrolment_id or 0).offer_until_at
    return {"until": until} if until else None


def last_move(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """Why a student in line was moved back last; None when the last move was forward."""
    moves = moves_of(connection, message.enrolment_id or 0)
    return {"move_reason": speech.gettext(MOVE_REASONS[moves[-1].reason_id])} if moves and moves[-1].is_back else None


ASKED = frozenset({"asked"})
WAITING = frozenset({"requested", "queued"})
LEFT = frozenset({"withdrawn", "interrupted"})

# Kind → when it holds. The template is templates/mail/<kind>.html. A mail that is no longer true is not sent.
KINDS = {
    "receipt": Kind("student", WAITING, ASKED, until_answer=True),
    "placed": Kind("student", HAS_PLACE),
    "approved": Kind("student", frozenset({"queued"}), frozenset({"given"})),
    "enrolled_by_school": Kind("student", HAS_PLACE | {"queued"}, more=who_enrolled),
    "promoted": Kind("student", frozenset({"requested"}), ASKED, until_answer=True),
    "refused": Kind("student", frozenset({"refused"})),
    "expired": Kind("student", frozenset({"expired"})),
    "withdrawn": Kind("student", LEFT),
    "cancelled": Kind("student", frozenset({"cancelled"})),
    "link_again": Kind("student", frozenset(ENROLMENT.states)),
    "decide": Kind("decide", WAITING, ASKED, until_answer=True),
    "student_left": Kind("", LEFT, more=who_left),
    "course_cancelled": Kind("", frozenset({"cancelled"}), more=run_mail.to_home_school),
    "charge_released": Kind("", LEFT | {"no_show"}, frozenset({"released"})),
    "change_asked": Kind("staff", page="changes", more=change_mail.asked),
    "change_answered": Kind("staff", frozenset(ENROLMENT.states), page="changes", more=change_mail.answered),
    "own_change_answered": Kind("student", frozenset(ENROLMENT.states), more=change_mail.answered),
    "moved": Kind("student", HAS_PLACE),
    "grade_published": Kind("student", frozenset({"active", "completed", "failed", "interrupted"}), more=completion_mail.of_student),
    "completion_published": Kind("staff", page="completions", more=completion_mail.published),
    "completion_corrected": Kind("staff", page="completions/{enrolment}", more=completion_mail.about_one),
    "completion_queried": Kind("staff", page="diary/{completion}", more=completion_mail.about_one),
    "completion_replied": Kind("staff", page="completions/{enrolment}", more=completion_mail.about_one),
    "digest": Kind("staff", more=digest.contents),
    "sign_in": Kind("sign_in", lives=SIGN_IN_LINK_LIVES),
    "invite": Kind("sign_in", lives=INVITATION_LIVES, more=people_mail.invited),
    "deputy_named": Kind("staff", more=people_mail.deputy_named),
    "link_identity": Kind("sign_in", lives=SIGN_IN_LINK_LIVES, more=people_mail.identity_asked),
    "guest_applied": Kind("staff", page="network", more=about_guest),
    "guest_admitted": Kind("sign_in", lives=INVITATION_LIVES, more=about_guest),
    "offer": Kind("student", frozenset({"offered"}), frozenset({"given"})),
    "offer_lapsed": Kind("student", frozenset({"expired"}), more=offer_missed),
    "queue_moved": Kind("student", frozenset({"queued"}), more=last_move),
    "run_confirmed": Kind("student", HAS_PLACE),
    "run_lapsed": Kind("student", frozenset({"cancelled"})),
    "course_confirmed": Kind("", frozenset(ENROLMENT.states), more=run_mail.to_home_school),
    "course_lapsed": Kind("", frozenset({"cancelled"}), more=run_mail.to_home_school),
    "run_decided": Kind("staff", page="offerings/{course}/{offering}", more=run_mail.decided),
    "remind": Kind("decide", frozenset({"requested"}), ASKED, until_answer=True),
    "escalate": Kind("decide", frozenset({"requested"}), ASKED, until_answer=True),
    "not_started": Kind("student", frozenset({"no_show"})),
    "interrupted": Kind("student", frozenset({"interrupted"})),
    "mark_undone": Kind("student", HAS_PLACE),
    "message": Kind("student", frozenset(ENROLMENT.states), more=message_said),
}


def render(connection: Connection, service: Service, message: Message, now: datetime) -> EmailMessage | None:
    """The mail of an outbox row, or None when what it says is no longer true."""
    loaded = service.loaded
    kind = KINDS[message.kind]
    if kind.lives is not None and now >= message.created_at + kind.lives:
        return None
    language = loaded.language(message.language)
    catalogue = loaded.catalogue
    url = addresses(catalogue, language)

    def link_to(link_id: str) -> str:
        return service.settings.service_url + url.decide(service.signer.token("decide", link_id))

    values: dict[str, object] = {"link_to": link_to, "link": _link(service, catalogue, language, message), "facts": ()}
    if message.enrolment_id is not None:
        enrolment, commitment = read_enrolment(connection, message.enrolment_id), read_commitment(connection, message.enrolment_id)
        if not kind.still_true(enrolment, commitment, now):
            return None
        values |= about(connection, loaded.speech[language], enrolment, commitment, to_student=kind.opens == "student")
    if kind.more is not None:
        more = kind.more(connection, loaded.speech[language], message, now)
        if more is None:
            return None
        values |= more
    environment = loaded.environments[language]
    mail = _envelope(service, catalogue, language, message)
    name = f"mail/{message.kind}.html"
    plain = environment.overlay(autoescape=False)
    if reply_to := values.get("reply_to"):
        mail.replace_header("Reply-To", Address(addr_spec=str(reply_to)))
    mail["Subject"] = _block(plain, name, "subject", values)
    mail.set_content(_text(plain, name, values), cte="quoted-printable")
    html = environment.get_template(name).render(layout="mail/layout.html", strong=_strong, **values)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # last: content that is set or wrapped takes every Content- header away from the whole
    return mail


def about(
    connection: Connection, speech: Speech, enrolment: Enrolment, commitment: Commitment, *, to_student: bool = False
) -> dict[str, object]:
    """What every mail about an enrolment may say. The student's name is on the page behind the link, not here."""
    home_school = home_school_name(connection, speech, enrolment)
    return {
        "enrolment": enrolment,
        "commitment": commitment,
        "is_live": enrolment.state in LIVE,
        "rank": place_in_line(connection, enrolment),
        "home_school_name": home_school,
        "awaits_network": awaits_network(speech, enrolment),
        "ended_in_queue": came_from(connection, enrolment.id) == "queued",
        "facts": _facts(speech, enrolment, commitment, payer=home_school if to_student else ""),
        "cancel_reason": cancel_reason(connection, enrolment),
        "refusal_reason": refusal_reason(connection, speech, commitment),
        "guest_reason": guest_reason(connection, enrolment),
    }


def cancel_reason(connection: Connection, enrolment: Enrolment) -> str:
    """Why the school cancelled the run, in its own words; empty where it did not, or said so in the content."""
    run = run_of(connection, enrolment.course_id, enrolment.offering_id) if enrolment.state == "cancelled" else None
    reason = run.reason if run else ""
    return reason if not reason or reason.endswith((".", "!", "?")) else f"{reason}."


def _facts(speech: Speech, enrolment: Enrolment, commitment: Commitment, *, payer: str) -> tuple[facts.Row, ...]:
    """`payer` is the home school as its student reads it; empty in mails to schools."""
    own = facts.own_price_rows(speech, payer, commitment)
    return (
        facts.course_row(speech, enrolment),
        facts.school_row(speech, enrolment),
        facts.time_row(speech, enrolment),
        *(own if payer else facts.price_rows(speech, enrolment.home_school_id, (commitment,))),
        facts.number_row(speech, (enrolment,)),
    )


def _link(service: Service, catalogue: Catalogue, language: Language, message: Message) -> str:
    kind, opens = KINDS[message.kind], KINDS[message.kind].opens
    if opens == "staff":
        return service.settings.service_url + addresses(catalogue, language).staff(kind.page.format(**message.facts))
    if message.link_id is None or not opens:
        return ""
    token = service.signer.token(opens, message.link_id)
    url = addresses(catalogue, language)
    path = {"student": url.enrolment(token), "decide": url.decide(token), "sign_in": url.staff(f"sign-in/{token}")}[opens]
    return service.settings.service_url + path


def _envelope(service: Service, catalogue: Catalogue, language: Language, message: Message) -> EmailMessage:
    network = catalogue.network
    sender = service.settings.mail_from or network.contact_email
    mail = EmailMessage()
    mail["From"] = formataddr((network.name.to(language), sender))
    mail["To"] = Address(addr_spec=message.to_email)  # never parsed again: an address cannot become two
    mail["Reply-To"] = network.contact_email
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}@{urlsplit(service.settings.service_url).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    return mail


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(text)


def _block(environment: Environment, name: str, block: str, values: dict[str, object]) -> str:
    template = environment.get_template(name)
    context = template.new_context({"layout": "mail/layout.txt", "strong": str, **values})
    return " ".join("".join(template.blocks[block](context)).split())


def _text(environment: Environment, name: str, values: dict[str, object]) -> str:
    text = environment.get_template(name).render(layout="mail/layout.txt", strong=str, **values)
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
