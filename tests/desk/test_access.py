"""Everything held on a customer: nothing forgotten, nobody else's, in clear for them and on record."""

import hashlib
import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Customer
from accounts.models.cases import NextAction
from accounts.models.staff import Role
from compliance.complaints.intake import receive_complaint
from compliance.complaints.terms import Category, Intake
from compliance.data_requests.life import check_identity, decide, receive
from compliance.data_requests.terms import IdentityCheck, ReceivedThrough, RequestKind, RequestStatus
from compliance.models import Disclosure, Export
from compliance.restrictions import enter_restriction
from compliance.terms import Purpose, RestrictionKind
from config.desk.access.collecting import without_others_numbers
from config.desk.access.held import EXCLUDED, HELD
from config.desk.access.package import NotGranted, access_package
from followups.letters import text_of, write_letter
from followups.models import FollowUp, SentMessage
from risk.behaviour import note_surroundings
from risk.models import Animal
from tests.accounts.factories import PhoneFactory, UserFactory
from tests.desk import scenes
from tests.followups import factories as followups
from tests.visits import factories as visits
from visits.models import Visit

NOW = scenes.NOW
IDENTITY, NUMBER, NEIGHBOUR = "150203198801012343", "+8613911112222", "13700001111"
PACKAGES = ("accounts", "risk", "compliance", "visits", "followups")


# What is held


def ours():
    return [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def leads_to_a_customer(model, seen=frozenset()):
    """Whether following foreign keys from a row of `model` can end at a customer."""
    if model is Customer:
        return True
    targets = [
        field.related_model
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField) and not field.auto_created
    ]
    return any(
        leads_to_a_customer(target, seen | {model})
        for target in targets
        if target is not model and target not in seen and target._meta.app_label in PACKAGES
    )


def is_history(model):
    """A table of earlier values kept by triggers; it follows the table it belongs to."""
    return hasattr(model, "pgh_tracked_model")


def test_no_table_with_a_path_to_the_customer_is_forgotten():
    found = {model._meta.label for model in ours() if leads_to_a_customer(model) and not is_history(model)}
    told = {part.model for part in HELD}

    assert found - told - set(EXCLUDED) == set(), "Put it into HELD, or into EXCLUDED with the reason."
    assert (told | set(EXCLUDED)) - found == set()
    assert told & set(EXCLUDED) == set()
    assert all(str(why) for why in EXCLUDED.values())


@pytest.mark.parametrize("part", HELD, ids=lambda part: part.model)
def test_what_is_left_out_exists_and_has_a_reason(part):
    names = {field.name for field in apps.get_model(part.model)._meta.concrete_fields}

    assert set(part.leave_out) <= names
    assert set(part.in_words) <= names - set(part.leave_out)
    assert all(str(why) for why in part.leave_out.values())


@pytest.mark.parametrize("part", HELD, ids=lambda part: part.model)
def test_nothing_sealed_is_told_sealed(part):
    fields = apps.get_model(part.model)._meta.concrete_fields
    sealed = {field.name for field in fields if isinstance(field, models.BinaryField)}

    assert sealed <= set(part.leave_out) | set(part.opened)
    assert set(part.opened) <= sealed


# The package


@pytest.fixture
def case(db, database_clock):
    """A customer of whom there is at least one row of nearly every table."""
    database_clock(NOW)
    case = visits.case_to_visit(now=NOW - timedelta(hours=1), identity_number=IDENTITY)
    visit = visits.notified_visit(start=NOW, case=case)
    visits.check_in(visit, now=NOW)
    visit = Visit.objects.get(pk=visit.pk)
    visits.record(visit, now=NOW, notes=f"Neighbour's number {NEIGHBOUR}, own {NUMBER}.")
    visits.check_out(visit, now=NOW)
    case = visit.case
    PhoneFactory(customer=case.customer, number=NUMBER)
    note_surroundings(case.customer_id, animal=Animal.LOOSE, by=followups.system(), now=NOW)
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.HOSPITAL,
        channels=[],
        starts_at=NOW,
        ends_at=None,
        evidence="letter of the hospital",
        by=followups.system(),
        now=NOW,
    )
    sent = followups.message(case, due_at=NOW)
    SentMessage.objects.create(
        message=sent, to_masked="+86139****0000", text="尊敬的客户,您好", handed_over_at=NOW
    )
    if not FollowUp.objects.filter(case=case).exists():
        FollowUp.objects.create(
            case=case,
            customer=case.customer,
            kind="CALL",
            due_on=NOW.date(),
            created_at=NOW,
            created_by=followups.system(),
        )
    receive_complaint(
        category=Category.FREQUENCY,
        intake=Intake.HOTLINE,
        told="You call my neighbour every day.",
        customer=case.customer,
        by=followups.system(),
        now=NOW,
    )
    followups.promise(case, now=NOW)
    followups.payment(case)
    scenes.refused(case.branch, case=case)
    return case


def asked(case, *, kind=RequestKind.ACCESS, granted=True):
    by = followups.system()
    request = receive(customer=case.customer, kind=kind, through=ReceivedThrough.COUNTER, by=by, now=NOW)
    check_identity(request, how=IdentityCheck.DOCUMENT, by=by, now=NOW)
    if granted:
        decide(request, decision=RequestStatus.GRANTED, by=by, now=NOW)
    return request


def built(case, by=None):
    """The row of the ledger, the bytes, and the files by name."""
    by = by or UserFactory(role=Role.COMPLIANCE_OFFICER)
    exported = access_package(asked(case), purpose="at the counter", by=by, now=NOW)
    with exported.file as file:
        data = file.read()
    package = zipfile.ZipFile(io.BytesIO(data))
    return exported.export, data, {name: package.read(name) for name in package.namelist()}


def test_the_hash_in_the_ledger_is_that_of_the_bytes(case):
    row, data, files = built(case)

    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert (row.byte_count, row.customer) == (len(data), case.customer)
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_every_row_of_every_table_is_in_it(case):
    row, _data, files = built(case)
    tables = json.loads(files["personal-data.json"])["tables"]

    for part in HELD:
        rows = apps.get_model(part.model)._default_manager.filter(**{part.path or "pk": case.customer_id})
        late = {"compliance.Export"}  # the package is not in itself
        assert len(tables[part.model]) == rows.count() - (part.model in late), part.model
    assert row.row_count == sum(len(rows) for rows in tables.values())
    empty = {name for name, rows in tables.items() if not rows}
    assert empty <= {
        "accounts.RepaymentMonth",
        "accounts.CaseEvent",
        "accounts.ContactPerson",
        "compliance.Correction",
        "compliance.Override",
        "compliance.OverrideUse",
        "compliance.QuietHours",
        "compliance.RestrictionReview",
        "compliance.ContactOutcome",
        "followups.Letter",
        "visits.BreakOff",
        "visits.Consent",
        "visits.EndOfOverrun",
        "visits.IdentityConfirmation",
        "visits.Overrun",
        "visits.OverrunAlert",
        "compliance.Export",
        "followups.PromisePayment",
        "followups.MessageEvent",
        "visits.Incident",
    }


def test_their_own_data_are_in_clear_and_each_opening_is_on_record(case):
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)

    _row, _data, files = built(case, by=officer)

    page = files["personal-data.html"].decode()
    assert case.customer.unseal_identity_number() in page
    assert NUMBER in page
    assert "You call my neighbour every day." in page
    shown = Disclosure.objects.filter(customer=case.customer, reason_code="RIGHT_OF_ACCESS", by=officer)
    assert sorted(shown.values_list("field", flat=True)) == [
        "complaint.told",
        "customer.identity_number",
        "phone.number",
        "phone.number",
    ]


def test_a_letter_is_told_as_it_was_written(db, database_clock):
    database_clock(NOW)
    case = followups.case_with(NextAction.CALL, now=NOW)
    by = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
    letter = write_letter(case, purpose=Purpose.PAYMENT_REMINDER, by=by, now=NOW)

    _row, _data, files = built(case)

    told = json.loads(files["personal-data.json"])["tables"]["followups.Letter"]
    assert [row["text_sealed"] for row in told] == [text_of(letter)]
    assert Disclosure.objects.filter(field="letter.text", reason_code="RIGHT_OF_ACCESS").count() == 1


def test_others_are_left_out_or_masked(case, database_clock):
    other = visits.case_to_visit(now=NOW, branch=case.branch, name="王大锤")
    agent = visits.members(Visit.objects.get(case=case))[0]

    _row, _data, files = built(case)

    for content in (files["personal-data.html"].decode(), files["personal-data.json"].decode()):
        assert NEIGHBOUR not in content
        assert other.customer.bank_number not in content
        assert "王大锤" not in content
        assert str(agent) not in content
        assert agent.get_role_display() in content or "外勤" in content


def test_it_reads_in_the_customers_language(case):
    page = built(case)[2]["personal-data.html"].decode()
    assert '<html lang="zh-hans">' in page

    Customer.objects.filter(pk=case.customer_id).update(language="en")
    case.customer.refresh_from_db()
    assert '<html lang="en">' in built(case)[2]["personal-data.html"].decode()


def test_a_constant_number_of_queries(case, django_assert_max_num_queries):
    for _ in range(5):
        PhoneFactory(customer=case.customer)
        scenes.refused(case.branch, case=case, now=NOW + timedelta(minutes=1))
    request, by = asked(case), UserFactory(role=Role.COMPLIANCE_OFFICER)

    with django_assert_max_num_queries(len(HELD) + 30):
        access_package(request, purpose="x", by=by, now=NOW).file.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda case: asked(case, granted=False),
        lambda case: asked(case, kind=RequestKind.OBJECTION),
    ],
)
def test_without_a_granted_request_for_access_there_is_none(case, make):
    with pytest.raises(NotGranted):
        access_package(make(case), purpose="x", by=UserFactory(), now=NOW)
    assert not Export.objects.exists()


def test_when_it_fails_nothing_was_opened_either(case, monkeypatch):
    request = asked(case)

    def broken(*args, **kwargs):
        raise RuntimeError("no template")

    monkeypatch.setattr("config.desk.access.package._write", broken)
    with pytest.raises(RuntimeError):
        access_package(request, purpose="x", by=UserFactory(), now=NOW)

    assert not Export.objects.exists()
    assert not Disclosure.objects.filter(reason_code="RIGHT_OF_ACCESS").exists()


def test_nothing_personal_is_logged(case, caplog):
    with caplog.at_level(logging.DEBUG):
        built(case)

    assert case.customer.unseal_identity_number() not in caplog.text
    assert NUMBER not in caplog.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("call 13700001111 at six", "call 13****** at six"),
        ("own 13911112222 is fine", "own 13911112222 is fine"),
        ("id 15020319900101123X", "id 15******"),
        ("room 1203, 5000.00 on 2026-11-20", "room 1203, 5000.00 on 2026-11-20"),
        ("a1b2c3d4-0000-1111-2222-333344445555", "a1b2c3d4-0000-1111-2222-333344445555"),
    ],
)
def test_numbers_that_may_be_somebody_elses(text, told):
    assert without_others_numbers(text, frozenset({"8613911112222", IDENTITY})) == told
