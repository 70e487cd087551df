"""How many personal values one person may be shown: to the microsecond, across tabs, and heard of."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models.staff import Role
from compliance import gate
from compliance.disclosure import (
    NoReason,
    NotCleared,
    QuotaSpent,
    ReasonCode,
    disclose_identity_number,
    disclose_number_to_dial,
    disclose_phone,
    disclose_to_the_customer,
)
from compliance.gate import Ask, Channel, Purpose
from compliance.models import AuditEntry, Disclosure, DisclosureAlert, DisclosureQuota
from compliance.quota import limits_of, set_quota
from tests.accounts.factories import CustomerFactory, PhoneFactory, UserFactory, overdue_case
from tests.followups.factories import TEN

HOUR, A_MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


def look(customer, by, now, code=ReasonCode.IDENTITY):
    return disclose_identity_number(customer, code=code, by=by, now=now)


@pytest.fixture
def customer(db):
    return CustomerFactory()


@pytest.fixture
def supervisor(db):
    return UserFactory(role=Role.SUPERVISOR)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def looked(customer, by, times):
    Disclosure.objects.bulk_create(
        Disclosure(customer=customer, field="phone.number", reason_code="CALL", at=at, by=by) for at in times
    )


class TestTheLine:
    def test_the_thirtieth_of_an_hour_is_shown_and_the_next_is_not(self, customer, supervisor):
        looked(customer, supervisor, [TEN] * 29)

        look(customer, supervisor, TEN)
        with pytest.raises(QuotaSpent) as spent:
            look(customer, supervisor, TEN)

        assert spent.value.next_at == TEN + HOUR
        assert Disclosure.objects.count() == 30

    @pytest.mark.parametrize(
        ("later", "shown"),
        [(HOUR - A_MICROSECOND, False), (HOUR, True), (HOUR + A_MICROSECOND, True)],
    )
    def test_a_look_is_free_again_an_hour_later_to_the_microsecond(self, customer, supervisor, later, shown):
        looked(customer, supervisor, [TEN] * 30)

        if shown:
            look(customer, supervisor, TEN + later)
        else:
            with pytest.raises(QuotaSpent):
                look(customer, supervisor, TEN + later)

    @pytest.mark.parametrize(("later", "shown"), [(24 * HOUR - A_MICROSECOND, False), (24 * HOUR, True)])
    def test_a_day_is_24_hours_to_the_microsecond(self, customer, supervisor, later, shown):
        looked(customer, supervisor, [TEN] * 20 + [TEN + number * HOUR for number in range(2, 18)] * 5)

        if shown:
            look(customer, supervisor, TEN + later)
        else:
            with pytest.raises(QuotaSpent) as spent:
                look(customer, supervisor, TEN + later)
            assert spent.value.next_at == TEN + 24 * HOUR

    def test_the_next_is_possible_when_both_windows_have_room(self, customer, supervisor, officer):
        set_quota(role="", per_hour=2, per_day=3, by=officer, now=TEN)
        looked(customer, supervisor, [TEN - 5 * HOUR, TEN - HOUR / 2, TEN])

        with pytest.raises(QuotaSpent) as spent:
            look(customer, supervisor, TEN)

        assert spent.value.next_at == TEN + 19 * HOUR
        look(customer, supervisor, spent.value.next_at)

    def test_each_has_a_quota_of_their_own(self, customer, supervisor):
        looked(customer, supervisor, [TEN] * 30)

        assert look(customer, UserFactory(role=Role.SUPERVISOR), TEN)


class TestSetting:
    def test_the_tightest_holds(self, officer, supervisor):
        set_quota(role="", per_hour=20, per_day=90, by=officer, now=TEN)
        set_quota(role=Role.SUPERVISOR, per_hour=25, per_day=40, by=officer, now=TEN)

        assert limits_of(supervisor) == {"HOUR": 20, "DAY": 40}
        assert limits_of(officer) == {"HOUR": 20, "DAY": 90}
        assert AuditEntry.objects.filter(kind="POLICY", by=officer).count() == 2

    @pytest.mark.parametrize(
        "loose",
        [{"per_hour": 31, "per_day": 100}, {"per_hour": 30, "per_day": 101}, {"per_hour": 0, "per_day": 1}],
    )
    def test_nothing_looser_is_taken(self, officer, loose):
        with pytest.raises(ValidationError):
            set_quota(role="", **loose, by=officer, now=TEN)
        with pytest.raises(IntegrityError), transaction.atomic():
            DisclosureQuota.objects.create(role="", **loose, changed_at=TEN, changed_by=officer)

    def test_the_form_refuses_it_too(self, admin_page, officer):
        add = reverse("admin:compliance_disclosurequota_add")

        loose = admin_page.post(add, {"role": "", "per_hour": "31", "per_day": "100"})
        tight = admin_page.post(add, {"role": "", "per_hour": "12", "per_day": "50"})

        assert (loose.status_code, tight.status_code) == (200, 302)
        row = DisclosureQuota.objects.get()
        assert (row.per_hour, row.changed_by.role) == (12, Role.ADMINISTRATOR)


@pytest.fixture
def admin_page(client, db):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


class TestAlerts:
    def test_the_officer_hears_at_four_fifths_once(self, customer, supervisor):
        looked(customer, supervisor, [TEN] * 22)

        for _ in range(4):
            look(customer, supervisor, TEN)

        alert = DisclosureAlert.objects.get()
        assert (alert.user, alert.kind, alert.window, alert.shown, alert.most) == (
            supervisor,
            "NEARLY_SPENT",
            "HOUR",
            24,
            30,
        )

    def test_and_at_every_refusal(self, customer, supervisor):
        looked(customer, supervisor, [TEN] * 30)

        for _ in range(2):
            with pytest.raises(QuotaSpent):
                look(customer, supervisor, TEN)

        assert list(DisclosureAlert.objects.values_list("kind", "window")) == [("SPENT", "HOUR")] * 2

    def test_the_page_of_alerts_is_a_constant_number_of_queries(
        self, admin_page, django_assert_max_num_queries
    ):
        for number in range(10):
            DisclosureAlert.objects.create(
                user=UserFactory(), kind="SPENT", window="DAY", shown=100, most=100, at=TEN + number * HOUR
            )

        with django_assert_max_num_queries(10):
            assert admin_page.get(reverse("admin:compliance_disclosurealert_changelist")).status_code == 200


class TestWhatIsNeverRefused:
    def test_the_number_of_a_cleared_call_counts_and_is_shown(self, supervisor, database_clock):
        database_clock(TEN)
        case = overdue_case(now=TEN)
        looked(case.customer, supervisor, [TEN] * 30)
        phone = case.customer.phones.get()

        ask = Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, TEN, TEN)
        with gate.clearance(ask, by=supervisor, now=TEN) as clearance:
            number = disclose_number_to_dial(phone, clearance=clearance, by=supervisor, now=TEN)

        assert number == phone.unseal_number()
        assert Disclosure.objects.filter(reason=f"clearance {clearance.pk}", reason_code="CALL").count() == 1
        with pytest.raises(QuotaSpent):
            disclose_phone(phone, code=ReasonCode.CALL, by=supervisor, now=TEN)

    def test_no_number_of_another_customer_with_that_clearance(self, supervisor, database_clock):
        database_clock(TEN)
        case = overdue_case(now=TEN)
        other = PhoneFactory()

        ask = Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, TEN, TEN)
        with gate.clearance(ask, by=supervisor, now=TEN) as clearance, pytest.raises(NotCleared):
            disclose_number_to_dial(other, clearance=clearance, by=supervisor, now=TEN)

        assert not Disclosure.objects.exists()

    def test_the_customers_own_package_leaves_one_row_a_value(self, customer, officer):
        phones = [PhoneFactory(customer=customer), PhoneFactory(customer=customer)]
        looked(customer, officer, [TEN] * 30)

        identity, numbers = disclose_to_the_customer(customer, phones, reason="request", by=officer, now=TEN)

        assert identity == "150203198801012343"
        assert numbers == [phone.unseal_number() for phone in phones]
        assert Disclosure.objects.filter(reason_code="RIGHT_OF_ACCESS").count() == 3


class TestReasons:
    def test_a_code_nobody_can_choose_shows_nothing(self, customer, supervisor):
        with pytest.raises(NoReason):
            look(customer, supervisor, TEN, code=ReasonCode.UNCODED)

        assert not Disclosure.objects.exists()

    @pytest.mark.parametrize("code", ["", "CURIOUS"])
    def test_the_database_knows_the_list(self, customer, supervisor, code):
        with pytest.raises(IntegrityError), transaction.atomic():
            Disclosure.objects.create(
                customer=customer, field="x", reason_code=code, reason="x", at=TEN, by=supervisor
            )


def test_two_tabs_share_one_quota(committed_db):
    customer, supervisor = CustomerFactory(), UserFactory(role=Role.SUPERVISOR)
    looked(customer, supervisor, [TEN] * 28)
    outcomes, start = [], threading.Barrier(6)

    def tab():
        try:
            start.wait(timeout=10)
            look(customer, supervisor, TEN)
            outcomes.append("shown")
        except QuotaSpent:
            outcomes.append("refused")
        finally:
            connection.close()

    tabs = [threading.Thread(target=tab) for _ in range(6)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join(timeout=30)

    assert sorted(outcomes) == ["refused"] * 4 + ["shown"] * 2
    assert Disclosure.objects.count() == 30
    assert DisclosureAlert.objects.filter(kind="SPENT").count() == 4
