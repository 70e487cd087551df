"""The people around a customer: with an origin or not at all, masked, never rewritten, a refusal for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import vault
from accounts.contact_people import (
    AlreadyWithdrawn,
    CannotBeNamed,
    Named,
    name_contact_person,
    note_refusal,
    withdraw_contact_person,
)
from accounts.models import ContactPerson
from accounts.models.contact_people import ContactOrigin, ContactRole, Relation
from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from tests.accounts.factories import (
    BranchFactory,
    ContactPersonFactory,
    CustomerFactory,
    PhoneFactory,
    UserFactory,
)

NOW = datetime.now(UTC)
NUMBER = "137 0000 1234"

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return UserFactory(role=Role.SUPERVISOR)


def told(**facts):
    return replace(
        Named(
            customer=facts.pop("customer", None) or CustomerFactory(),
            role=ContactRole.CONTACT,
            name="赵小梅",
            relation=Relation.SIBLING,
            country="CN",
            number=NUMBER,
            origin=ContactOrigin.APPLICATION,
            named_at=NOW - timedelta(days=400),
        ),
        **facts,
    )


def as_it_is(person):
    return ContactPerson.objects.get(pk=person.pk)


class TestNaming:
    def test_the_number_is_sealed_for_its_own_column_and_shown_masked(self, supervisor):
        person = as_it_is(name_contact_person(told(), by=supervisor, now=NOW))

        assert person.unseal_number() == "+8613700001234"
        assert person.number_masked == "+86137****1234"
        assert (person.masked_name, str(person)) == ("赵**", "赵** +86137****1234")
        assert (person.origin, person.entered_by, person.entered_at) == ("APPLICATION", supervisor, NOW)
        with pytest.raises(vault.NotOpened):
            vault.unseal(person.number_sealed, column="phone.number", row=person.pk)

    @pytest.mark.parametrize("origin", ["", "UNKNOWN", "SCRAPED", "PHONE_BOOK"])
    def test_without_an_origin_of_the_list_nobody_is_kept(self, supervisor, origin):
        with pytest.raises(CannotBeNamed) as wrong:
            name_contact_person(told(origin=origin), by=supervisor, now=NOW)

        assert wrong.value.field == "origin"
        assert not ContactPerson.objects.exists()

    @pytest.mark.parametrize("origin", ["", "UNKNOWN", "SCRAPED"])
    def test_the_database_refuses_it_too(self, origin):
        with pytest.raises(IntegrityError, match="contact_person_codes_are_known"):
            ContactPersonFactory(origin=origin)

    def test_the_database_refuses_no_origin_at_all(self):
        person = ContactPersonFactory()

        with pytest.raises(IntegrityError, match="origin"):
            ContactPerson.objects.bulk_create([ContactPerson(**_copy(person), origin=None)])

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"role": ContactRole.GUARANTOR}, "guarantee_reference"),
            ({"role": ContactRole.GUARANTOR, "guarantee_reference": "  "}, "guarantee_reference"),
            ({"origin": ContactOrigin.GUARANTEE}, "role"),
            ({"guarantee_reference": "G-1"}, "role"),
            ({"number": "12345"}, "number"),
            ({"named_at": NOW + timedelta(seconds=1)}, "named_at"),
            ({"time_zones": ("Asia/Beijing",)}, "time_zones"),
        ],
    )
    def test_what_cannot_be_is_said_with_its_field(self, supervisor, facts, field):
        with pytest.raises(CannotBeNamed) as wrong:
            name_contact_person(told(**facts), by=supervisor, now=NOW)

        assert wrong.value.field == field

    def test_a_guarantor_comes_with_a_contract(self, supervisor):
        contract = {"role": ContactRole.GUARANTOR, "guarantee_reference": "G-2026-7"}

        person = name_contact_person(told(origin=ContactOrigin.GUARANTEE, **contract), by=supervisor, now=NOW)

        assert (person.role, person.guarantee_reference) == ("GUARANTOR", "G-2026-7")

    @pytest.mark.parametrize(
        "facts",
        [
            {"role": "GUARANTOR", "guarantee_reference": ""},
            {"role": "CONTACT", "guarantee_reference": "G-1"},
            {"role": "CONTACT", "origin": "GUARANTEE"},
        ],
    )
    def test_the_database_knows_a_guarantor_by_the_contract(self, facts):
        with pytest.raises(IntegrityError, match="guarantor_has_a_contract"):
            ContactPersonFactory(**facts)

    def test_a_number_of_the_customers_own_is_no_third_party(self, supervisor):
        phone = PhoneFactory(number="+8613700001234")

        with pytest.raises(CannotBeNamed, match="own|本人"):
            name_contact_person(told(customer=phone.customer), by=supervisor, now=NOW)

    def test_a_number_is_named_once_for_a_customer_and_again_after_it_was_withdrawn(self, supervisor):
        first = name_contact_person(told(), by=supervisor, now=NOW)
        with pytest.raises(CannotBeNamed):
            name_contact_person(told(customer=first.customer), by=supervisor, now=NOW)

        withdraw_contact_person(first, by=supervisor, now=NOW)
        again = name_contact_person(told(customer=first.customer), by=supervisor, now=NOW)

        assert list(ContactPerson.objects.in_use()) == [again]

    def test_the_database_holds_one_of_two_who_name_it_at_once(self):
        person = ContactPersonFactory(number="+8613700001234")

        with pytest.raises(IntegrityError, match="contact_person_named_once"):
            ContactPersonFactory(customer=person.customer, number="+8613700001234")


def _copy(person):
    kept = {field.attname: getattr(person, field.attname) for field in ContactPerson._meta.concrete_fields}
    return {key: value for key, value in kept.items() if key not in ("id", "origin")}


class TestForEver:
    def test_a_person_is_withdrawn_once(self, supervisor):
        person = ContactPersonFactory()
        withdraw_contact_person(person, by=supervisor, now=NOW)

        with pytest.raises(AlreadyWithdrawn):
            withdraw_contact_person(person, by=supervisor, now=NOW)

        assert as_it_is(person).withdrawn_by == supervisor

    def test_a_refusal_is_entered_once_and_stays(self, supervisor):
        person = ContactPersonFactory()
        note_refusal(person, by=supervisor, now=NOW)
        note_refusal(person, by=UserFactory(), now=NOW + timedelta(days=1))

        assert (as_it_is(person).refused_at, as_it_is(person).refused_by) == (NOW, supervisor)

    @pytest.mark.parametrize(
        "change",
        [
            {"refused_at": None, "refused_by": None},
            {"origin": "CUSTOMER"},
            {"number_index": b"x" * 32},
            {"name": "other"},
            {"role": "GUARANTOR", "guarantee_reference": "G"},
            {"named_at": NOW},
        ],
    )
    def test_the_database_rewrites_nothing(self, supervisor, change):
        person = ContactPersonFactory()
        note_refusal(person, by=supervisor, now=NOW)

        with pytest.raises(ProgrammingError, match="for ever|never rewritten"), transaction.atomic():
            ContactPerson.objects.filter(pk=person.pk).update(**change)

    def test_who_refused_is_not_deleted(self, supervisor):
        refused, other = ContactPersonFactory(), ContactPersonFactory()
        note_refusal(refused, by=supervisor, now=NOW)

        with pytest.raises(ProgrammingError, match="for ever"), transaction.atomic():
            refused.delete()
        other.delete()

        assert ContactPerson.objects.get() == refused

    def test_a_number_may_be_sealed_anew(self):
        person = ContactPersonFactory(number="+8613700001234")
        sealed = vault.seal("+8613700001234", column="contact_person.number", row=person.pk)

        ContactPerson.objects.filter(pk=person.pk).update(number_sealed=sealed)

        assert as_it_is(person).unseal_number() == "+8613700001234"


class TestPages:
    @pytest.fixture
    def signed_in(self, client):
        make_role_groups()

        def sign_in(role, **staff):
            user = UserFactory(role=role, **staff)
            apply_role(user)
            client.force_login(user)
            client.cookies["django_language"] = "en"
            client.user = user
            return client

        return sign_in

    def form(self, customer, **changed):
        return {
            "customer": str(customer.pk),
            "role": "CONTACT",
            "relation": "SIBLING",
            "name": "赵小梅",
            "country": "cn",
            "number": NUMBER,
            "time_zones": "",
            "origin": "APPLICATION",
            "named_at_0": "2026-01-05",
            "named_at_1": "10:00",
            "guarantee_reference": "",
            **changed,
        }

    def add(self, browser, customer, **changed):
        return browser.post(reverse("admin:accounts_contactperson_add"), self.form(customer, **changed))

    def test_a_supervisor_names_a_person_of_the_branch(self, signed_in):
        branch = BranchFactory()
        browser = signed_in(Role.SUPERVISOR, branch=branch)

        answer = self.add(browser, CustomerFactory(branch=branch))

        assert answer.status_code == 302
        assert ContactPerson.objects.get().entered_by == browser.user

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"origin": ""}, "origin"),
            ({"origin": "UNKNOWN"}, "origin"),
            ({"role": "GUARANTOR"}, "guarantee_reference"),
            ({"number": "1"}, "number"),
            ({"time_zones": "Nowhere"}, "time_zones"),
            ({"name": ""}, "name"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, signed_in, changed, field):
        branch = BranchFactory()

        answer = self.add(
            signed_in(Role.SUPERVISOR, branch=branch), CustomerFactory(branch=branch), **changed
        )

        assert field in answer.context["adminform"].form.errors
        assert not ContactPerson.objects.exists()

    def test_a_customer_of_another_branch_does_not_exist(self, signed_in):
        answer = self.add(signed_in(Role.SUPERVISOR), CustomerFactory())

        assert "customer" in answer.context["adminform"].form.errors

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
    def test_others_look_and_name_nobody(self, signed_in, role):
        browser = signed_in(role)
        person = ContactPersonFactory()

        assert self.add(browser, person.customer).status_code == 403
        text = browser.get(reverse("admin:accounts_contactperson_changelist")).content.decode()
        assert "withdraw" not in text.split("<table")[0]

    def test_neither_list_nor_page_shows_name_or_number(self, signed_in):
        person = ContactPersonFactory(name="赵小梅", number="+8613700001234")
        browser = signed_in(Role.ADMINISTRATOR)

        for url in (
            reverse("admin:accounts_contactperson_changelist"),
            reverse("admin:accounts_contactperson_change", args=[person.pk]),
        ):
            text = browser.get(url).content.decode()
            assert "赵**" in text
            assert "赵小梅" not in text
            assert "13700001234" not in text

    def test_nothing_is_rewritten_or_deleted(self, signed_in):
        person = ContactPersonFactory()
        browser = signed_in(Role.ADMINISTRATOR)

        for view in ("change", "delete"):
            url = reverse(f"admin:accounts_contactperson_{view}", args=[person.pk])
            assert browser.post(url, {"post": "yes"}).status_code == 403

    def act(self, browser, action, person):
        return browser.post(
            reverse("admin:accounts_contactperson_changelist"),
            {"action": action, "_selected_action": [str(person.pk)]},
        )

    def test_a_supervisor_withdraws_and_enters_a_refusal(self, signed_in):
        branch = BranchFactory()
        person = ContactPersonFactory(customer__branch=branch)
        browser = signed_in(Role.SUPERVISOR, branch=branch)

        self.act(browser, "withdraw", person)
        self.act(browser, "wants_no_contact", person)

        assert as_it_is(person).withdrawn_by == as_it_is(person).refused_by == browser.user

    def test_a_person_of_another_branch_is_out_of_reach(self, signed_in):
        person = ContactPersonFactory()

        self.act(signed_in(Role.SUPERVISOR), "withdraw", person)

        assert as_it_is(person).withdrawn_at is None

    def test_the_list_makes_a_constant_number_of_queries(self, signed_in):
        browser, url = signed_in(Role.AUDITOR), reverse("admin:accounts_contactperson_changelist")
        counts = []
        for _more in range(2):
            for _one in range(3):
                ContactPersonFactory()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(url)
            counts.append(len(queries))

        assert counts[0] == counts[1]
