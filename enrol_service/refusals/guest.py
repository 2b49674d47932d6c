"""Refusals of guest schools: those outside the content, typed by somebody who enrols and admitted by the network."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class OtherSchoolMissing(Refusal):
    text = sentence("Enter your school's whole name")


class OtherContactMissing(Refusal):
    text = sentence("Enter the email address of your guidance counsellor or principal")


class OtherContactIsYou(Refusal):
    text = sentence("Enter your school's address here, not your own: your school is asked to approve and pay")


class SchoolListed(Refusal):
    """`school`: the name of a school that the list has."""

    text = sentence("%(school)s is in the list. Choose it there.")


class GuestDecided(Refusal):
    """Somebody was there first. `who`, `when`."""

    status = 409
    text = sentence("%(who)s decided about this school %(when)s. Nothing was changed.")


class SchoolNameMissing(Refusal):
    text = sentence("Enter the school's whole name")


class ContactNameMissing(Refusal):
    text = sentence("Enter the contact person's name")


class BusinessIdWrong(Refusal):
    text = sentence("Check the business ID: seven digits, a hyphen and a check digit, for example 0116297-6")


class GuestReasonMissing(Refusal):
    text = sentence("Say in a sentence why the school is not admitted. The student reads it.")
