"""Refusals of enrolling by the home school, of its tables of students, and of standing authorisations."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class RunLapsed(Refusal):
    status = 410
    text = sentence("Too few students came, so this run is not held. Choose another run or another course.")


class SheetEmpty(Refusal):
    text = sentence("Paste a table or choose a file: headings on the first row, then one student on each row.")


class SheetUnreadable(Refusal):
    """Neither text nor a workbook, or one that is broken or locked by a password."""

    text = sentence("The file could not be read. Save it as XLSX or CSV, or copy the cells and paste them here.")


class SheetTooLarge(Refusal):
    """`most`: megabytes."""

    status = 413
    text = sentence("The table is too large: at most %(most)s MB. Send it in parts.")


class TooManyRows(Refusal):
    """`most`: rows."""

    text = sentence("The table has too many rows: at most %(most)s at a time. Send it in parts.")


class HeadingsMissing(Refusal):
    """The first row does not name the columns that no student can do without."""

    text = sentence("The first row must name the columns. Name and Email are needed, for example: Name, Email, Group, Syllabus.")


class HeadingTwice(Refusal):
    """`heading`: what two columns are called, or what both mean."""

    text = sentence("Two columns mean the same: %(heading)s. Leave one of them out.")


class RowTwice(Refusal):
    """`row`: the number of the row where the student stands already."""

    text = sentence("The same student is already on row %(row)s. Leave one of them out.")


class RunMissing(Refusal):
    text = sentence("Choose the course and its run.")


class RunUnknown(Refusal):
    text = sentence("No such course or run in the tray. Copy the address of the course's page, and write the run after it.")


class RunNotChosen(Refusal):
    """`runs`: the ids of those that are open."""

    text = sentence("The course has several runs. Write one after the course: %(runs)s")


class OwnCourse(Refusal):
    """A school cannot owe itself."""

    text = sentence("Your own school teaches this course, so its students do not enrol through the tray.")


class StudentNameMissing(Refusal):
    text = sentence("Enter the student's first and last name")


class StudentEmailIncomplete(Refusal):
    text = sentence("Enter the student's whole email address, for example firstname.lastname@edu.kuusikko.fi")


class StudentGroupMissing(Refusal):
    text = sentence("Enter the student's group, for example 24B")


class SyllabusUnknown(Refusal):
    text = sentence("Write the syllabus as one of these: young, adult, vocational, other")


class EnrolledElsewhere(Refusal):
    """On the run by way of another school. Which one is nobody's business here."""

    status = 409
    text = sentence("This address cannot be enrolled on this run. Ask the student whether they have enrolled through another school.")


class NameDiffers(Refusal):
    """The address is enrolled on the run already, with another name than the row has."""

    status = 409
    text = sentence("The student is enrolled with another name. Write the same name, or ask the student.")


class RowsUnreadable(Refusal):
    """The hidden rows of a preview did not come back as they were sent."""

    text = sentence("The table did not come through whole, so nothing was done. Send it again.")


class BudgetMissing(Refusal):
    text = sentence("Enter the budget in euros, for example 1500 or 1500.00")


class BudgetTooLarge(Refusal):
    """`most`: money."""

    text = sentence("Enter at most %(most)s")


class PerStudentMissing(Refusal):
    """`most`: courses."""

    text = sentence("Enter how many courses one student may take: from 1 to %(most)s")


class DayMissing(Refusal):
    text = sentence("Enter the day, for example 30.11.2026")


class DayPast(Refusal):
    text = sentence("Choose today or a later day")


class DaysBackwards(Refusal):
    text = sentence("The last day must not be before the first one")


class DaysTooMany(Refusal):
    text = sentence("Choose a last day within two years of the first one")
