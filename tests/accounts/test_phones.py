"""Numbers of the customer: where they come from, which were somebody else's, which a contact person named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from accounts.models import Case, Phone, Verification
from accounts.phones import (
    BadNumber,
    NotWrong,
    add_found_number,
    note_reached_at,
    reinstate_number,
    report_wrong_number,
)
from accounts.verification import verify_customers
from tests.accounts.factories import ContactPersonFactory, PhoneFactory, UserFactory, overdue_case
from tests.accounts.feed_files import customer_row
from tests.accounts.test_feed_customers import TOMORROW

NOW = datetime.now(UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return overdue_case(now=NOW)


@pytest.fixture
def agent():
    return UserFactory()


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


def phone_check(case):
    return Verification.objects.get(customer=case.customer_id, kind="PHONE").status


class TestWrongNumber:
    def test_it_is_out_of_use_and_the_other_mobile_stays(self, case, agent):
        wrong, other = case.customer.phones.get(), PhoneFactory(customer=case.customer)

        left = report_wrong_number(wrong, by=agent, now=NOW)

        assert left is True
        assert (as_it_is(wrong).withdrawn_at, as_it_is(wrong).invalid_at) == (NOW, NOW)
        assert list(Phone.objects.own_mobiles().filter(customer=case.customer)) == [other]
        assert phone_check(case) == "VALID"

    @pytest.mark.parametrize("facts", [{"kind": "WORK"}, {"is_mobile": False}, {"withdrawn_at": NOW}])
    def test_what_is_no_own_mobile_in_use_does_not_count_as_another(self, case, agent, facts):
        wrong = case.customer.phones.get()
        PhoneFactory(customer=case.customer, **facts)

        assert report_wrong_number(wrong, by=agent, now=NOW) is False

    def test_without_another_the_checklist_says_so_at_once(self, case, agent):
        assert report_wrong_number(case.customer.phones.get(), by=agent, now=NOW) is False

        assert phone_check(case) == "INVALID"
        assert Case.objects.get(pk=case.pk).facts_changed_at == NOW

    def test_a_number_withdrawn_before_keeps_its_day(self, case, agent):
        wrong = case.customer.phones.get()
        Phone.objects.update(withdrawn_at=NOW - timedelta(days=3))

        report_wrong_number(wrong, by=agent, now=NOW)

        assert as_it_is(wrong).withdrawn_at == NOW - timedelta(days=3)

    def test_a_wrong_number_in_use_is_refused_by_the_database(self, case):
        with pytest.raises(IntegrityError, match="wrong_number_is_withdrawn"):
            Phone.objects.update(invalid_at=NOW)

    def test_a_mistake_is_mended(self, case, agent):
        wrong = case.customer.phones.get()
        report_wrong_number(wrong, by=agent, now=NOW)

        reinstate_number(wrong, by=agent, now=NOW)

        assert Phone.objects.own_mobiles().get() == wrong
        assert phone_check(case) == "VALID"
        with pytest.raises(NotWrong):
            reinstate_number(wrong, by=agent, now=NOW)

    def test_the_feed_does_not_bring_it_back(self, feed, agent):
        feed(customers=[customer_row()])
        report_wrong_number(Phone.objects.get(), by=agent, now=NOW)

        feed(customers=[customer_row()], as_of=TOMORROW)

        assert not Phone.objects.in_use().exists()


class TestFoundNumber:
    def found(self, case, number="13812345678", country="CN"):
        return add_found_number(customer=case.customer, country=country, number=number, now=NOW)

    def test_it_carries_its_origin_and_is_called_but_never_written_to(self, case):
        phone = self.found(case)

        assert (phone.origin, phone.number_masked, phone.is_mobile) == (
            "CONTACT_PERSON",
            "+86138****5678",
            True,
        )
        assert as_it_is(phone).unseal_number() == "+8613812345678"
        assert phone in Phone.objects.to_call()
        assert phone not in Phone.objects.own_mobiles()

    def test_once_the_customer_was_reached_there_it_is_the_customers(self, case):
        phone = self.found(case)

        note_reached_at(phone.pk, now=NOW)

        assert phone in Phone.objects.own_mobiles()

    @pytest.mark.parametrize(("reached", "status"), [(None, "INVALID"), (NOW, "VALID")])
    def test_alone_it_is_no_verified_number(self, case, agent, reached, status):
        phone = self.found(case)
        Phone.objects.exclude(pk=phone.pk).update(withdrawn_at=NOW)
        Phone.objects.filter(pk=phone.pk).update(last_reached_at=reached)

        verify_customers(by=agent, now=NOW)

        assert phone_check(case) == status

    def test_what_is_known_is_not_kept_twice(self, case):
        assert self.found(case) == self.found(case, "+86 138 1234 5678")
        Phone.objects.filter(customer=case.customer).update(withdrawn_at=NOW)

        assert self.found(case).withdrawn_at is None
        assert case.customer.phones.count() == 2

    @pytest.mark.parametrize("number", ["12345", "0472-5100100", ""])
    def test_only_a_valid_mobile_is_kept(self, case, number):
        with pytest.raises(BadNumber):
            self.found(case, number)

    def test_a_number_where_somebody_else_answered_is_not_tried_again(self, case, agent):
        report_wrong_number(self.found(case), by=agent, now=NOW)

        with pytest.raises(BadNumber):
            self.found(case)

    def test_the_contact_persons_own_number_is_not_the_customers(self, case):
        ContactPersonFactory(customer=case.customer, number="+8613812345678")

        with pytest.raises(BadNumber):
            self.found(case)


class TestOrigin:
    def test_the_feed_tells_the_banks_own_record(self, feed):
        feed(customers=[customer_row(home_phone="0472-5100100")])

        assert set(Phone.objects.values_list("origin", flat=True)) == {"BANK_RECORD"}

    @pytest.mark.parametrize("origin", ["APPLICATION", "CUSTOMER", "CONTACT_PERSON"])
    def test_what_the_bank_never_told_it_does_not_take_back(self, feed, origin):
        feed(customers=[customer_row()])
        phone = PhoneFactory(customer=Phone.objects.get().customer, origin=origin)

        feed(customers=[customer_row(mobile_phone="13900009999")], as_of=TOMORROW)

        assert as_it_is(phone).withdrawn_at is None

    @pytest.mark.parametrize("origin", ["", "SCRAPED"])
    def test_there_is_no_other_origin(self, origin):
        with pytest.raises(IntegrityError, match="phone_origin_is_known"):
            PhoneFactory(origin=origin)
