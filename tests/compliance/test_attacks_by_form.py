"""The attack list, by way of the admin's forms and of the agents' API: forged posts, forged ids, borrowed tokens."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.amendments import AMENDABLE, propose_amendment
from compliance.models import Clearance, Contact, Override, Restriction, RuleAmendment
from compliance.overrides import request_override
from compliance.restrictions import enter_restriction
from compliance.terms import OverrideReason, Purpose, RestrictionKind
from config.ledger import Ledger
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, refused, set_database_clock, sms
from tests.visits.factories import TEN, DeviceFactory, members, notified_visit
from visits.models import Visit
from visits.models.visits import Status

WRITERS = [Role.SUPERVISOR, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR]
PAGES = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "compliance"),
    key=lambda model: model.__name__,
)
LEDGERS = [model for model in PAGES if issubclass(model, Ledger)]

# What some role may change on its form, through its use case; everything else is never rewritten.
WITH_A_FORM_TO_CHANGE = {"DisclosureQuota", "Holiday", "LegalSource", "RetentionClass"}
# What some role may enter on the ordinary form.
WITH_A_FORM_TO_ADD = {
    "AreaRestriction",
    "Complaint",
    "DataRequest",
    "DisclosureQuota",
    "ForbiddenWord",
    "Holiday",
    "LegalHold",
    "QuietHours",
    "Restriction",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    set_database_clock(NOON)


def browser_of(role, **staff):
    make_role_groups()
    user = UserFactory(role=role, **staff)
    apply_role(user)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def page(model, name, *args):
    return reverse(f"admin:compliance_{model._meta.model_name}_{name}", args=args)


def post_action(client, model, action, *ids):
    return client.post(page(model, "changelist"), {"action": action, "_selected_action": list(ids)})


# Forms of evidence


@pytest.mark.parametrize("role", WRITERS)
def test_no_ledger_has_a_form_that_writes(role):
    client = browser_of(role)

    for model in LEDGERS:
        posts = [page(model, "add"), page(model, "change", "1"), page(model, "delete", "1")]
        answers = [client.post(where, {"purpose": "PAYMENT_REMINDER", "post": "yes"}) for where in posts]
        assert [one.status_code for one in answers] == [403] * 3, model


@pytest.mark.parametrize("role", WRITERS)
def test_nothing_of_compliance_is_deleted_and_little_is_changed(role):
    client = browser_of(role)

    for model in PAGES:
        name = model.__name__
        assert client.post(page(model, "delete", "1"), {"post": "yes"}).status_code == 403, name
        if name not in WITH_A_FORM_TO_CHANGE:
            assert client.post(page(model, "change", "1"), {}).status_code in (302, 403), name
        if name not in WITH_A_FORM_TO_ADD:
            assert client.post(page(model, "add"), {}).status_code == 403, name


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize("action", ["delete_selected", "approve", "lift", "__class__", ""])
def test_an_action_that_a_page_does_not_offer_does_nothing(role, action):
    contact = make(sms(overdue_case(now=NOON)), by=UserFactory(), now=NOON)
    client = browser_of(role)

    answers = [
        post_action(client, model, action, row.pk)
        for model, row in ((Contact, contact), (Clearance, contact.clearance))
    ]
    answers.append(
        client.post(
            page(Contact, "changelist"),
            {
                "form-TOTAL_FORMS": 1,
                "form-INITIAL_FORMS": 1,
                "form-0-id": contact.pk,
                "form-0-purpose": "VISIT_START",
                "_save": "x",
            },
        )
    )

    assert all(one.status_code in (200, 302, 403) for one in answers)
    assert Contact.objects.get().purpose == "PAYMENT_REMINDER"
    assert Clearance.objects.count() == 1


def test_no_model_of_evidence_is_without_its_page():
    evidence = {
        model
        for model in apps.get_app_config("compliance").get_models()
        if issubclass(model, Ledger)
        and model.__name__ not in ("RestrictionReview", "Correction", "DataRequestEvent")
    }  # those three are inlines, which have no form either

    assert evidence <= set(LEDGERS)


# Approving alone, or what is not one's own to approve


@pytest.fixture
def asked():
    """An override that a supervisor asked for, of a refusal that an agent got."""
    case = overdue_case(now=NOON)
    agent = UserFactory(branch=case.branch)
    for day in range(17, 24):
        make(sms(case, at(9, day=day), Purpose.VISIT_NOTICE), by=agent, now=at(9, day=day))
    set_database_clock(NOON)
    refusal = refused(sms(case, NOON, Purpose.VISIT_NOTICE), by=agent, now=NOON)
    requester = browser_of(Role.SUPERVISOR, branch=case.branch)
    override = request_override(
        refusal=refusal, reason_code=OverrideReason.OTHER, reason="x", by=requester.user, now=NOON
    )
    return override, requester, case


@pytest.mark.parametrize("decision", ["approve", "reject"])
@pytest.mark.parametrize("who", ["requester", "elsewhere", "auditor", "agent", "administrator", "nobody"])
def test_an_override_is_not_decided_by_whom_it_should_not(asked, who, decision):
    override, requester, _case = asked
    client = {
        "requester": lambda: requester,
        "elsewhere": lambda: browser_of(Role.SUPERVISOR, branch=BranchFactory()),
        "auditor": lambda: browser_of(Role.AUDITOR),
        "agent": lambda: browser_of(Role.FIELD_AGENT),
        "administrator": lambda: browser_of(Role.ADMINISTRATOR),
        "nobody": Client,
    }[who]()

    answer = post_action(client, Override, decision, override.pk)

    assert answer.status_code in (200, 302, 403)
    assert Override.objects.get().status == "REQUESTED"


def test_an_override_is_decided_by_a_second_person_of_the_branch(asked):
    """So that the refusals above are for the reason they seem to be."""
    override, _requester, case = asked

    post_action(browser_of(Role.SUPERVISOR, branch=case.branch), Override, "approve", override.pk)

    assert Override.objects.get().status == "APPROVED"


def test_an_override_is_not_asked_for_what_belongs_to_another_branch(asked):
    override, _requester, _case = asked
    client = browser_of(Role.SUPERVISOR, branch=BranchFactory())
    where = reverse("admin:compliance_override_request", args=[override.refusal_id])

    assert client.post(where, {"reason_code": "OTHER", "reason": "x"}).status_code == 404
    assert client.post(where.replace(str(override.refusal_id), str(uuid4())), {}).status_code == 404


def proposed(by):
    settings = {one.name: int(one.value) for one in AMENDABLE["WIN-BANK"].settings}
    return propose_amendment(
        rule="WIN-BANK", settings=settings, effective_from=NOON, reason="x", by=by, now=NOON
    )


@pytest.mark.parametrize("decision", ["approve", "reject"])
@pytest.mark.parametrize("role", WRITERS)
def test_an_amendment_is_not_decided_by_whom_it_should_not(role, decision):
    client = browser_of(role)
    officer = client.user if role == Role.COMPLIANCE_OFFICER else UserFactory(role=Role.COMPLIANCE_OFFICER)
    amendment = proposed(officer)

    post_action(client, RuleAmendment, decision, amendment.pk)

    assert RuleAmendment.objects.get().status == "PROPOSED"


@pytest.mark.parametrize("closes", ["21:00:01", "23:59", "20:00 "])
def test_a_form_that_was_tampered_with_loosens_no_rule(closes):
    client = browser_of(Role.COMPLIANCE_OFFICER)
    said = {
        "opens": "07:00" if closes == "20:00 " else "08:00",
        "closes": closes,
        "decision": "1",
        "reason": "x",
    }

    client.post(f"{page(RuleAmendment, 'propose')}?rule=WIN-BANK", said)

    assert not RuleAmendment.objects.exists()


# Forged ids


FORGED = [
    "5f0e3c1a-2b7d-4c58-9f6e-0a1b2c3d4e5f",
    "0",
    "-1",
    "1 OR 1=1",
    "'; DROP TABLE compliance_contact; --",
    "９",
    "",
    "a" * 5000,
]


@pytest.mark.parametrize("model", [Override, RuleAmendment, Restriction], ids=lambda it: it.__name__)
@pytest.mark.parametrize("id_", FORGED, ids=lambda it: it[:12])
def test_a_forged_id_leads_nowhere(asked, model, id_):
    client = browser_of(Role.COMPLIANCE_OFFICER)
    action = "lift" if model is Restriction else "approve"

    answer = post_action(client, model, action, id_)

    assert answer.status_code in (200, 302, 400)
    assert Override.objects.get().status == "REQUESTED"


def test_a_restriction_of_another_branch_is_neither_lifted_nor_entered():
    case = overdue_case(now=NOON)
    held = enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.VISIT_REFUSED,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="told",
        by=UserFactory(role=Role.COMPLIANCE_OFFICER),
        now=NOON,
    )
    client = browser_of(Role.SUPERVISOR, branch=BranchFactory())

    post_action(client, Restriction, "lift", held.pk)
    entered = client.post(
        page(Restriction, "add"),
        {"customer": case.customer_id, "kind": "HOSPITAL", "starts_at_0": "2026-11-23", "starts_at_1": "08:00",
         "evidence_kind": "MEDICAL", "evidence": "x"},
    )  # fmt: skip

    assert entered.status_code == 200  # the form again: no such customer
    assert Restriction.objects.get().lifted_at is None


def test_what_a_form_does_not_ask_is_not_written():
    """Who entered it, when, and that it is lifted: posted along, and ignored."""
    case = overdue_case(now=NOON)
    client = browser_of(Role.SUPERVISOR, branch=case.branch)
    somebody = UserFactory()

    client.post(
        page(Restriction, "add"),
        {"customer": case.customer_id, "kind": "HOSPITAL", "starts_at_0": "2026-11-23", "starts_at_1": "08:00",
         "ends_at_0": "", "ends_at_1": "", "evidence_kind": "MEDICAL", "evidence": "x", "id": "77",
         "entered_by": somebody.pk, "entered_at_0": "2020-01-01", "lifted_at_0": "2026-11-23",
         "lifted_at_1": "08:00", "lifted_by": somebody.pk},
    )  # fmt: skip

    kept = Restriction.objects.get()
    assert (kept.entered_by, kept.entered_at, kept.lifted_at, kept.lifted_by) == (
        client.user,
        NOON,
        None,
        None,
    )


# The agents' API


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    set_database_clock(TEN)
    return notified_visit()


def phone_of(user, **device):
    token = uuid4().hex
    DeviceFactory(user=user, token=token, **device)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
    return client


def check_in(client, visit, *, pk=None, **said):
    report = {
        "reference": str(uuid4()),
        "client_at": TEN.isoformat(),
        "present": [one.pk for one in members(visit)],
    }
    return client.post(reverse("check-in", args=[pk or visit.pk]), {**report, **said}, format="json")


def nothing_happened(visit):
    fresh = Visit.objects.get(pk=visit.pk)
    return fresh.status == Status.NOTIFIED and not Contact.objects.filter(channel="VISIT").exists()


def test_a_token_that_is_not_ones_own_opens_nothing(visit):
    agent = members(visit)[0]
    forged = APIClient()
    forged.credentials(HTTP_AUTHORIZATION=f"Device {uuid4().hex}")
    expired = phone_of(agent, expires_at=TEN)
    revoked = phone_of(agent, revoked_at=TEN)
    elsewhere = phone_of(UserFactory(role=Role.FIELD_AGENT))

    assert [check_in(one, visit).status_code for one in (forged, expired, revoked, elsewhere)] == [
        401,
        401,
        401,
        404,
    ]
    assert nothing_happened(visit)


def test_an_invented_visit_does_not_exist(visit):
    client = phone_of(members(visit)[0])

    assert check_in(client, visit, pk=uuid4()).status_code == 404
    assert check_in(client, visit, pk=visit.plan_clearance_id).status_code == 404
    assert nothing_happened(visit)


def test_nobody_is_named_as_present_who_is_not_of_the_team(visit):
    agent, _other = members(visit)
    client = phone_of(agent)

    for present in (
        [agent.pk, UserFactory().pk],
        [agent.pk, agent.pk],
        [agent.pk, 0],
        [-1, agent.pk],
        [agent.pk],
    ):
        assert check_in(client, visit, present=present).status_code in (400, 403, 409), present
        assert nothing_happened(visit)


def test_ids_that_are_sent_along_are_not_listened_to(visit):
    """A clearance, a customer or a contact is never the caller's to name."""
    other = CustomerFactory(identity_number="110101199003077715")
    client = phone_of(members(visit)[0])

    answer = check_in(
        client,
        visit,
        clearance=str(visit.plan_clearance_id),
        clearance_id=str(visit.plan_clearance_id),
        customer_id=str(other.pk),
        purpose="VISIT_PLAN",
        now=(TEN + timedelta(hours=3)).isoformat(),
        by=UserFactory().pk,
    )

    assert answer.status_code == 201
    contact = Contact.objects.get(channel="VISIT")
    assert contact.clearance_id != visit.plan_clearance_id
    assert (contact.customer_id, contact.purpose, contact.made_at) == (visit.customer_id, "VISIT_START", TEN)


def test_a_reference_is_not_used_again_for_another_visit(visit):
    reference = str(uuid4())
    client = phone_of(members(visit)[0])
    assert check_in(client, visit, reference=reference).status_code == 201
    second = notified_visit()

    other = phone_of(members(second)[0])

    assert check_in(other, second, reference=reference).status_code == 409
    assert Contact.objects.filter(channel="VISIT").count() == 1
