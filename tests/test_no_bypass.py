"""A rule book that refuses everything, and every surface driven against it: nobody is reached, every refusal stays.

The surfaces are found in the code (`tests.surfaces`). One that nobody drives here fails the test.
"""

from collections import Counter
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db.models import ForeignObject
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models.cases import NextAction
from accounts.models.staff import Role
from accounts.phones import report_wrong_number
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.area_restrictions import enter_area_restriction
from compliance.calendar.loading import load_holidays
from compliance.certificate import issue_certificate
from compliance.complaints.intake import receive_complaint
from compliance.complaints.public import token_of
from compliance.complaints.terms import Category, Intake
from compliance.content import Category as WordCategory
from compliance.data_requests.life import receive
from compliance.data_requests.terms import ReceivedThrough, RequestKind
from compliance.forbidden_words import add_forbidden_word
from compliance.gate import Ask, Channel, Refused
from compliance.models import Clearance, Complaint, Contact, ContactOutcome, Refusal
from compliance.models.quiet_hours import Weekday
from compliance.outcomes import note_outcome
from compliance.overrides import request_override
from compliance.parties import PartyReached
from compliance.quiet_hours import enter_quiet_hours
from compliance.restrictions import enter_restriction
from compliance.retention.setting import enter_hold
from compliance.rules import Policy, Setting
from compliance.rules.rule import EVERY_CHANNEL, Authority, Decision, Found, PolicySet, Rule
from compliance.terms import OverrideReason, Purpose, RestrictionKind
from config.celery import app as celery
from followups import ticks
from followups.dispatch import dispatch_due
from followups.letters import write_letter
from followups.models import FollowUp, Letter, Message, SentMessage
from followups.searching import plan_search
from tests import surfaces
from tests.accounts.factories import BranchFactory, ContactPersonFactory, UserFactory
from tests.compliance.asking import cleared, set_database_clock
from tests.followups.factories import case_with, message, promise, system, timing_out
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    case_to_visit,
    confirmed_visit,
    members,
    notified_visit,
    planned_visit,
    proposed_visit,
    team,
)
from visits.models import Plan, Visit
from visits.models.visits import STARTED, Status

HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
NO = Rule(
    "NO",
    PolicySet.BANK,
    EVERY_CHANNEL,
    Decision.FORBID,
    Authority.BANK_POLICY,
    ("POLICY",),
    lambda facts, params: Found({}, None),
)
NOTHING_PASSES = Policy((Setting(NO, {}, Decision.FORBID),))


class World:
    """A branch at ten in the morning, with somebody to reach by every way there is."""

    def __init__(self):
        self.branch = BranchFactory()
        self.unknown = self._unknown()
        note_outcome(self.unknown.contact, reached=False, party=PartyReached.NOBODY, by=system(), now=TEN)
        crew = team(self.branch, size=2)
        shared = {"crew": crew}
        self.under_way = confirmed_visit(case=self._case(), **shared)
        self.notified = notified_visit(case=self._case(), start=TEN + HOUR, now=TEN, **shared)
        self.planned = planned_visit(case=self._case(), start=TEN + 2 * HOUR, now=TEN, **shared)
        self.proposed = proposed_visit(case=self._case(), start=TEN + A_DAY, now=TEN)
        self.to_call = self._follow_up()
        self.to_ask = self._search()
        to_remind = case_with(NextAction.REMIND, branch=self.branch)
        self.promise = promise(
            case_with(NextAction.CALL, branch=self.branch), due_on=TEN.date() + timedelta(1)
        )
        self.restricted = enter_restriction(
            customer=self._case().customer,
            kind=RestrictionKind.HOSPITAL,
            channels=[],
            starts_at=TEN - HOUR,
            ends_at=None,
            evidence="letter",
            by=system(),
            now=TEN,
        )
        self.asked = receive(
            customer=self._case().customer,
            kind=RequestKind.ACCESS,
            through=ReceivedThrough.COUNTER,
            by=system(),
            now=TEN,
        )
        enter_hold(
            customer=self._case().customer,
            reason="lawsuit",
            starts_at=TEN,
            ends_at=None,
            by=system(),
            now=TEN,
        )
        self.area = enter_area_restriction(
            prefix="99",
            name="elsewhere",
            starts_at=TEN - HOUR,
            ends_at=None,
            declared_by="the province",
            evidence="notice 1",
            by=system(),
            now=TEN,
        )
        self.forbidden = add_forbidden_word(
            word="黄牛党",
            category=WordCategory.INSULT,
            note="this test",
            by=UserFactory(role=Role.COMPLIANCE_OFFICER),
            now=TEN,
        )
        self.quiet = enter_quiet_hours(
            customer=self._case().customer,
            weekday=Weekday.SUNDAY,
            starts=time(8),
            ends=time(10),
            by=system(),
            now=TEN,
        )
        self.refusal = self._refused(self.restricted.customer, at=TEN - HOUR / 2)
        other = self._refused(self.restricted.customer, at=TEN - HOUR / 4)
        self.override = request_override(
            refusal=other,
            reason_code=OverrideReason.OTHER,
            reason="this test",
            by=UserFactory(role=Role.SUPERVISOR, branch=self.branch),
            now=TEN,
        )
        self.letter = write_letter(self.promise.case, purpose=Purpose.PAYMENT_REMINDER, by=system(), now=TEN)
        self.device = DeviceFactory(user=members(self.under_way)[0], token="here")
        load_holidays(countries=["CN"], years=[TEN.year], by=system(), now=TEN)
        ticks.queue(now=TEN)
        self.reminder = Message.objects.get(case=to_remind)

    def _refused(self, customer, *, at):
        """Refused by the real book, before the one that refuses everything."""
        ask = Ask(customer.pk, Channel.SMS, Purpose.PAYMENT_REMINDER, at, at)
        try:
            with cleared(ask, by=system(), now=at):
                raise AssertionError("The real book let it pass.")
        except Refused as no:
            return no.refusal
        finally:
            set_database_clock(TEN)

    def _case(self):
        return case_to_visit(branch=self.branch, now=TEN - HOUR)

    def _follow_up(self):
        case = case_with(NextAction.CALL, branch=self.branch)
        return FollowUp.objects.create(
            case=case,
            customer=case.customer,
            kind="CALL",
            due_on=TEN.date(),
            created_at=TEN,
            created_by=system(),
        )

    def _search(self):
        """A contact person is to be asked about a customer whose number was wrong; another one could be."""
        case = case_with(NextAction.VERIFY, branch=self.branch)
        report_wrong_number(case.customer.phones.get(), by=system(), now=TEN)
        person, self.other = [ContactPersonFactory(customer=case.customer) for _number in range(2)]
        return plan_search(case, person, by=system(), now=TEN)

    def _unknown(self):
        row = message(case_with(NextAction.REMIND, branch=self.branch), due_at=TEN - HOUR)
        dispatch_due(gateway=timing_out(), clock=lambda: TEN, by=system())
        return Message.objects.get(pk=row.pk)

    @property
    def phone(self):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")
        return client


@pytest.fixture
def world(db, monkeypatch, database_clock, settings, tmp_path):
    """The world, then the rule book that refuses everything, then a look at whether anybody was reached."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    database_clock(TEN)
    settings.AUDIT_CHECKPOINTS = tmp_path
    world = World()
    monkeypatch.setattr("compliance.loading.policies.amended", lambda amendments, on: NOTHING_PASSES)
    before = reached()
    yield world
    assert reached() == before, "somebody was reached although every rule said no"


def reached():
    """All there is to show that a customer was reached."""
    return {
        "contacts": set(Contact.objects.values_list("pk", flat=True)),
        "clearances": set(Clearance.objects.values_list("pk", flat=True)),
        "handed over": set(SentMessage.objects.values_list("pk", flat=True)),
        "visits": set(Visit.objects.filter(status__in=STARTED).values_list("pk", flat=True)),
        "letters": set(Letter.objects.values_list("pk", flat=True)),
        "calls": set(FollowUp.objects.filter(contact__isnull=False).values_list("pk", flat=True)),
    }


def refusals():
    """How many there are of each purpose, each with the one rule of this book."""
    rows = list(Refusal.objects.filter(decided_at__gte=TEN))
    assert all(row.rule_ids == ["NO"] and row.next_allowed_at is None for row in rows)
    return Counter(row.purpose for row in rows)


@pytest.fixture
def administrator(world):
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


# The API


def report(**said):
    return {"reference": str(uuid4()), "client_at": TEN.isoformat(), **said}


FOUND = {"party": "DEBTOR", "address_state": "VALID", "result": "PROMISE"}
CONFIRMED = {"party": "DEBTOR", "factors": ["FULL_NAME", "BIRTH_DATE"]}
CONSENT = {
    "kind": "ENTRY",
    "answer": "GIVEN",
    "party": "DEBTOR",
    "name": "the customer",
    "how": "SPOKEN",
    "given_at": TEN.isoformat(),
}
SUM = {"reference": str(uuid4()), "amount": "100.00", "due_on": TEN.date().isoformat()}

# For each operation: the visit it is about, what is said, the answer, and the refusals that stay.
API = {
    ("GET", "schema"): (None, None, 200, {}),
    ("POST", "devices"): (None, {"username": "x", "password": "x", "device": "x"}, 401, {}),
    ("DELETE", "device"): (None, None, 204, {}),
    ("GET", "today"): (None, None, 200, {}),
    ("GET", "unreported"): (None, None, 200, {}),
    ("GET", "visit"): ("notified", None, 200, {}),
    ("POST", "check-in"): ("notified", report(), 403, {"VISIT_START": 1}),
    ("POST", "confirm-identity"): ("under_way", report(**CONFIRMED), 201, {}),
    ("POST", "consents"): ("under_way", report(**CONSENT), 201, {}),
    ("POST", "record"): ("under_way", report(**FOUND), 201, {}),
    ("POST", "check-out"): ("under_way", report(), 201, {}),
    ("POST", "abort"): ("under_way", report(kind="NO_ACCESS", account="locked"), 201, {}),
    ("GET", "promises"): ("under_way", None, 200, {}),
    ("POST", "promises"): ("under_way", SUM, 201, {}),
}


@pytest.mark.parametrize(("method", "route"), API)
def test_the_api_reaches_nobody(world, method, route):
    name, said, status, refused = API[method, route]
    visit = getattr(world, name) if name else None
    if route == "check-in":
        said = said | {"present": [one.pk for one in members(visit)]}
    send = getattr(world.phone, method.lower())

    answer = send(reverse(route, args=[visit.pk] if visit else []), said, format="json" if said else None)

    assert answer.status_code == status, answer.content
    assert refusals() == refused


@pytest.mark.parametrize("name", ["notified", "planned"])
def test_a_check_in_is_refused_on_record_with_its_reasons(world, name):
    visit = getattr(world, name)
    said = report(present=[one.pk for one in members(visit)])

    answer = world.phone.post(reverse("check-in", args=[visit.pk]), said, format="json")

    assert answer.status_code == 403
    assert answer.data["type"] == "refused"
    assert [reason["rule"] for reason in answer.data["reasons"]] == ["NO"]
    assert answer.data["refusal"] == str(Refusal.objects.get(decided_at__gte=TEN).pk)


def test_every_operation_of_the_api_is_driven():
    assert sorted(API) == surfaces.api_operations()


# The admin

REFUSED_BY_ACTION = {
    ("followups.FollowUp", "call"): {"FOLLOW_UP_CALL": 1},
    ("visits.Plan", "accept"): {"VISIT_PLAN": 1},
}
FORM = {"outcome": "NOTHING_NOW", "note": "", "reason": "SUPERVISOR", "index": "0"}


def actions():
    user = UserFactory.build(role=Role.ADMINISTRATOR, is_active=True)
    return surfaces.admin_actions(user)


@pytest.mark.parametrize(
    ("model_admin", "action"), actions(), ids=lambda it: getattr(getattr(it, "opts", None), "label", it)
)
def test_no_action_of_the_admin_reaches_anybody(world, administrator, model_admin, action):
    """Every action on every row, one at a time as careful people would, then on all at once."""
    model, url = model_admin.model, reverse(f"admin:{url_name(model_admin)}_changelist")
    rows = [str(pk) for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)]
    assert rows, f"The world has no {model._meta.label} to drive {action} on."

    for chosen in [*([row] for row in rows), *([rows] if len(rows) > 1 else [])]:
        answer = administrator.post(url, {**FORM, "action": action, "_selected_action": chosen})
        assert answer.status_code in (200, 302)

    assert refusals() == REFUSED_BY_ACTION.get((model_admin.opts.label, action), {})


def url_name(model_admin):
    return f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"


A_DAY_OF = {"since": TEN.date().isoformat(), "until": TEN.date().isoformat()}


def a_complaint(world):
    return receive_complaint(
        category=Category.FREQUENCY,
        intake=Intake.HOTLINE,
        told="Every day.",
        customer=world.to_call.customer,
        by=system(),
        now=TEN,
    )


def a_certificate():
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    return issue_certificate(since=TEN - timedelta(days=1), until=TEN, by=officer, now=TEN).number


OF_THE_OFFICER = {"compliance_ruleamendment_propose"}
REFUSED_BY_PAGE = {
    "followups_followup_search": {"CONTACT_SEARCH": 1},
    "write-letter": {"PAYMENT_REMINDER": 1},
}
PAGES = {
    "complaint": lambda world: (
        [],
        {"category": "FREQUENCY", "told": "Every day.", "once": str(uuid4())},
    ),
    "certificate": lambda world: ([], {"first": A_DAY_OF["since"], "last": A_DAY_OF["until"]}),
    "complaint-report": lambda world: ([], None),
    "compliance-report": lambda world: ([], None),
    "decision": lambda world: (["clearance", Clearance.objects.first().pk], None),
    "decisions": lambda world: ([], None),
    "issued-certificate": lambda world: ([a_certificate()], None),
    "issued-certificate-pdf": lambda world: ([a_certificate()], {}),
    "may-contact": lambda world: ([world.to_call.case_id], None),
    "rule-book": lambda world: ([], None),
    "complaint-status": lambda world: ([token_of(a_complaint(world))], None),
    "compliance_complaint_step": lambda world: (
        [a_complaint(world).pk, "assign"],
        {"handler": UserFactory(role=Role.COMPLIANCE_OFFICER).pk},
    ),
    "desk": lambda world: ([], None),
    "map": lambda world: ([], None),
    "records": lambda world: ([], None),
    "case-file": lambda world: ([world.to_call.case_id], None),
    "write-letter": lambda world: ([world.to_call.case_id], {}),
    "show-identity-number": lambda world: ([world.to_call.case_id], {"code": "IDENTITY"}),
    "show-phone": lambda world: (
        [world.to_call.case_id, world.to_call.customer.phones.get().pk],
        {"code": "CALL"},
    ),
    "ask-person": lambda world: ([world.to_ask.case_id, world.other.pk], {}),
    "followups_followup_search": lambda world: ([world.to_ask.pk], {"step": "call"}),
    "privacy": lambda world: ([], None),
    "exports": lambda world: ([], {"what": "REFUSALS", "format": "CSV", "purpose": "audit", **A_DAY_OF}),
    "retention": lambda world: ([], {}),
    "data-request": lambda world: ([world.asked.pk], None),
    "data-request-step": lambda world: ([world.asked.pk, "identity"], {"how": "DOCUMENT"}),
    "data-request-package": lambda world: ([world.asked.pk], {"purpose": "at the counter"}),
    "who-saw-what": lambda world: ([world.to_call.case_id], None),
    "compliance_override_request": lambda world: (
        [world.refusal.pk],
        {"reason_code": "OTHER", "reason": "this test"},
    ),
    "compliance_ruleamendment_propose": lambda world: ([], {"rule": "WIN-BANK"}),
    "compliance_restriction_extend": lambda world: (
        [world.restricted.pk],
        {"evidence_kind": "MEDICAL", "evidence": "letter 2"},
    ),
    "visits_plan_propose": lambda world: (
        [],
        {"branch": world.branch.pk, "date": TEN.date().isoformat(), "seconds": "1"},
    ),
}


@pytest.mark.parametrize("page", surfaces.own_pages())
def test_no_page_of_the_office_reaches_anybody(world, administrator, page):
    assert page in PAGES, f"Drive the page {page!r} here."
    arguments, form = PAGES[page](world)
    of_the_admin = page.startswith(("compliance_", "followups_", "visits_"))
    url = reverse(f"admin:{page}" if of_the_admin else page, args=arguments)

    if page in OF_THE_OFFICER:
        officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
        make_role_groups()
        put_into_role_groups([officer])
        administrator.force_login(officer)
    answers = [administrator.get(url)]
    if form is not None:
        answers.append(administrator.post(url, form))
    for answer in answers:
        answer.getvalue()  # which also closes a file that is handed out

    assert {answer.status_code for answer in answers} <= {200, 302, 405}
    assert answers[-1].status_code in (200, 302)
    assert refusals() == REFUSED_BY_PAGE.get(page, {})


def test_no_form_writes_what_carries_a_contact(world, administrator):
    carriers = [
        it
        for it in admin.site._registry.values()
        if any(
            isinstance(field, ForeignObject) and field.related_model is Contact for field in it.opts.fields
        )
    ]
    # A complaint is about a contact that was made long ago.
    carriers = [it for it in carriers if it.model is not Complaint]
    assert {it.model for it in carriers} == {Visit, Message, FollowUp, ContactOutcome, Letter}
    for model_admin in carriers:
        row = model_admin.model._default_manager.first()
        add = reverse(f"admin:{url_name(model_admin)}_add")
        change = reverse(f"admin:{url_name(model_admin)}_change", args=[row.pk])
        delete = reverse(f"admin:{url_name(model_admin)}_delete", args=[row.pk])

        assert administrator.post(add, {}).status_code == 403
        assert administrator.post(change, {}).status_code == 403
        assert administrator.post(delete, {"post": "yes"}).status_code == 403


# Tasks and commands


def of_due_messages():
    """The gate is asked once for every message that is due."""
    return Counter(Message.objects.due(at=TEN).values_list("purpose", flat=True))


@pytest.mark.parametrize("task", surfaces.tasks())
def test_no_task_reaches_anybody(world, task):
    due = of_due_messages()
    assert due == {"PAYMENT_REMINDER": 1, "VISIT_NOTICE": 1}

    celery.tasks[task].apply(throw=True)

    assert refusals() == (due if task == "followups.tasks.dispatch_messages" else {})


PLAN = (
    "--branch",
    "BRANCH",
    "--date",
    TEN.date().isoformat(),
    "--iterations",
    "20",
    "--accept",
    "--by",
    "SUPERVISOR",
)
DRIVEN = {
    "assess": (),
    "dispatch": (),
    "plan_day": PLAN,
    "queue_messages": (),
    "settle_promises": (),
}
REACHES_NOBODY = {
    "audit_key": "prints a public key",
    "demo": "calls import_feed, assess and plan_day",
    "import_feed": "writes what the bank told",
    "load_holidays": "writes the calendar",
    "make_demo_feed": "writes files",
    "may_contact": "asks what the gate would say",
    "messages": "writes the catalogue of texts",
    "migrate": "writes tables",
    "play_day": "knows the API only",
    "purge": "lets go of what is past its time",
    "ready": "asks the servers",
    "verify_audit": "reads the chains",
}


@pytest.mark.parametrize("command", DRIVEN)
def test_no_command_reaches_anybody(world, command, capsys):
    due = of_due_messages()

    names = {"BRANCH": world.branch.code, "SUPERVISOR": world.override.requested_by.username}
    call_command(command, *(names.get(word, word) for word in DRIVEN[command]))

    assert refusals() == (due if command == "dispatch" else {})
    if command == "plan_day":
        assert Plan.objects.get(status="ACCEPTED", date=TEN.date()).summary["planned"] == 0


def test_every_command_is_driven_or_reaches_nobody():
    assert sorted({*DRIVEN, *REACHES_NOBODY}) == surfaces.commands()


def test_a_refused_message_is_blocked_with_its_refusal(world):
    celery.tasks["followups.tasks.dispatch_messages"].apply(throw=True)

    row = Message.objects.get(pk=world.reminder.pk)
    assert (row.status, row.last_refusal) == ("BLOCKED", Refusal.objects.get(customer=row.customer))


def test_an_accepted_plan_loses_what_the_gate_refuses(world, administrator):
    plan = world.proposed.plan

    administrator.post(
        reverse("admin:visits_plan_changelist"), {"action": "accept", "_selected_action": [str(plan.pk)]}
    )

    visit = Visit.objects.get(pk=world.proposed.pk)
    assert (visit.status, visit.cancel_reason) == (Status.CANCELLED, "REFUSED_BY_GATE")
    assert Refusal.objects.get(decided_at__gte=TEN).customer == visit.customer
