from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import Refusal, Restriction
from compliance.terms import RestrictionKind
from compliance.wording import AUTHORITIES
from tests.accounts.factories import UserFactory, overdue_case

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 23, tzinfo=SHANGHAI)


@pytest.fixture
def administrator(client, db):
    user = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def refusal(administrator):
    case = overdue_case(now=NIGHT)
    with (
        pytest.raises(Refused),
        gate.clearance(
            Ask(case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, NIGHT, NIGHT),
            by=administrator,
            now=NIGHT,
        ),
    ):
        pass
    return Refusal.objects.get()


def enter(client, customer, **changes):
    given = {
        "customer": customer.pk,
        "kind": RestrictionKind.HOSPITAL,
        "channels": ["VISIT", "CALL"],
        "starts_at_0": "2026-11-23",
        "starts_at_1": "08:00",
        "ends_at_0": "",
        "ends_at_1": "",
        "evidence_kind": "MEDICAL",
        "evidence": "住院通知",
    }
    return client.post(reverse("admin:compliance_restriction_add"), {**given, **changes})


def test_a_restriction_is_entered_with_who_and_when(client, administrator):
    case = overdue_case(now=NIGHT)

    answer = enter(client, case.customer)

    entered = Restriction.objects.get()
    assert answer.status_code == 302
    assert entered.entered_by == administrator
    assert entered.channels == ["VISIT", "CALL"]
    assert entered.entered_at is not None


def test_a_restriction_that_ends_before_it_starts_is_told_in_the_form(client, administrator):
    case = overdue_case(now=NIGHT)

    answer = enter(client, case.customer, ends_at_0="2026-11-22", ends_at_1="08:00")

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not Restriction.objects.exists()


def test_lifting_is_an_action_and_keeps_the_row(client, administrator):
    case = overdue_case(now=NIGHT)
    enter(client, case.customer)
    row = Restriction.objects.get()

    for _ in range(2):
        client.post(
            reverse("admin:compliance_restriction_changelist"),
            {"action": "lift", "_selected_action": [row.pk]},
        )

    row.refresh_from_db()
    assert row.lifted_by == administrator


def test_a_restriction_cannot_be_rewritten(client, administrator):
    case = overdue_case(now=NIGHT)
    enter(client, case.customer)
    row = Restriction.objects.get()

    answer = client.post(
        reverse("admin:compliance_restriction_change", args=[row.pk]), {"evidence": "something else"}
    )

    assert answer.status_code == 403


def test_a_refusal_is_read_with_its_reasons(client, refusal):
    page = client.get(reverse("admin:compliance_refusal_change", args=[refusal.pk])).content.decode()
    listed = client.get(reverse("admin:compliance_refusal_changelist")).content.decode()

    assert "WIN-BANK" in page
    assert "23:00:00" in page
    assert "WIN-CN" in page
    assert str(refusal.customer.bank_number) in listed


@pytest.mark.parametrize("model", ["clearance", "refusal", "contact", "disclosure"])
def test_the_ledgers_have_no_form(client, administrator, refusal, model):
    assert client.get(reverse(f"admin:compliance_{model}_add")).status_code == 403
    if model == "refusal":
        change = reverse("admin:compliance_refusal_change", args=[refusal.pk])
        assert client.post(change, {"reasons": "[]"}).status_code == 403
        assert client.post(
            reverse("admin:compliance_refusal_delete", args=[refusal.pk]), {"post": "yes"}
        ).status_code in (403, 302)
        assert Refusal.objects.filter(pk=refusal.pk).exists()


def test_a_supervisor_sees_the_refusals_of_her_branch_only(client, refusal):
    stranger = UserFactory(role=Role.SUPERVISOR, is_superuser=True)
    client.force_login(stranger)

    listed = client.get(reverse("admin:compliance_refusal_changelist")).content.decode()

    assert str(refusal.customer.bank_number) not in listed


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one(
    client, administrator, refusal, django_assert_max_num_queries
):
    case = overdue_case(now=NIGHT)
    for n in range(20):
        moment = NIGHT + timedelta(seconds=n)
        ask = Ask(case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, moment, moment)
        with pytest.raises(Refused), gate.clearance(ask, by=administrator, now=moment):
            pass

    with django_assert_max_num_queries(9):
        client.get(reverse("admin:compliance_refusal_changelist"))


def test_a_refusal_names_the_authority_and_the_source_of_each_rule(client, refusal):
    page = client.get(reverse("admin:compliance_refusal_change", args=[refusal.pk])).content.decode()

    assert "GB/T 45251-2025" in page
    assert str(AUTHORITIES["BANK_POLICY"]) in page
    assert refusal.facts["birth_date"] not in page


def test_a_contact_says_why_it_was_allowed(client, administrator, database_clock):
    noon = NIGHT.replace(hour=12)
    database_clock(noon)
    case = overdue_case(now=noon)
    ask = Ask(case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, noon, noon)
    with gate.clearance(ask, by=administrator, now=noon) as clearance:
        contact = gate.make_contact(clearance, by=administrator, now=noon)

    page = client.get(reverse("admin:compliance_contact_change", args=[contact.pk])).content.decode()

    assert len(contact.clearance.rules) > 20
    for rule, _version in contact.clearance.rules:
        assert rule in page
