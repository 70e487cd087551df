"""Complaints in every status, reached through the use cases."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models.staff import Role
from compliance.complaints.handling import (
    answer_complaint,
    assign_complaint,
    close_complaint,
    reopen_complaint,
    withdraw_complaint,
)
from compliance.complaints.intake import receive_complaint
from compliance.complaints.terms import Category, Intake, Outcome, Status
from compliance.models import Complaint
from tests.accounts.factories import CustomerFactory, UserFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def officer():
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def received(
    *, category=Category.FREQUENCY, customer="new", now=NOON, by=None, told="You call every day.", **said
):
    return receive_complaint(
        category=category,
        intake=said.pop("intake", Intake.HOTLINE),
        told=told,
        customer=CustomerFactory() if customer == "new" else customer,
        by=by or officer(),
        now=now,
        **said,
    )


def under_review(*, handler=None, now=NOON, **said):
    complaint = received(now=now, **said)
    handler = handler or officer()
    assign_complaint(complaint, handler=handler, by=handler, now=now)
    return complaint


def answer(complaint, *, outcome=Outcome.UPHELD, now=NOON, by=None, **said):
    answer_complaint(
        complaint,
        outcome=outcome,
        measures=said.get("measures", "Calls were stopped."),
        answer=said.get("answer", "You were right, and we are sorry."),
        by=by or complaint.handler,
        now=now,
    )


def answered(*, outcome=Outcome.UPHELD, now=NOON, **said):
    complaint = under_review(now=now, **said)
    answer(complaint, outcome=outcome, now=now)
    return complaint


def complaint_in(status, **said):
    complaint = {
        Status.RECEIVED: received,
        Status.UNDER_REVIEW: under_review,
        Status.ANSWERED: answered,
        Status.CLOSED: answered,
        Status.REOPENED: answered,
        Status.WITHDRAWN: received,
    }[status](**said)
    by = officer()
    if status == Status.CLOSED:
        close_complaint(complaint, by=by, now=NOON)
    if status == Status.REOPENED:
        reopen_complaint(complaint, reason="Still wrong.", by=by, now=NOON)
    if status == Status.WITHDRAWN:
        withdraw_complaint(complaint, reason="It was a misunderstanding.", by=by, now=NOON)
    return Complaint.objects.get(pk=complaint.pk)
