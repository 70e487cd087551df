"""Every page of accounts in the admin, for those who may and those who may not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Batch, Case, Customer, Payment, Reject, User
from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from tests.accounts.factories import (
    AccountFactory,
    BranchFactory,
    CaseFactory,
    ContactPersonFactory,
    UserFactory,
    overdue_case,
)
from tests.accounts.feed_files import account_row, customer_row, month_row, payment_row

NOW = datetime.now(UTC)
IDENTITY, PHONE = "150203198801012343", "13900001234"
WRITTEN = ("Branch", "User", "ContactPerson")  # by forms of the admin
MODELS = list(apps.get_app_config("accounts").get_models())

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    """`signed_in(role, branch=…)`: a browser of somebody with that role."""
    make_role_groups()

    def sign_in(role, **staff):
        user = UserFactory(role=role, **staff)
        apply_role(user)
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def portfolio(feed):
    feed(
        customers=[
            customer_row(mobile_phone=PHONE),
            customer_row("C2", identity_number="150203198801012344"),
        ],
        accounts=[account_row(), account_row("A9", "C9")],
        months=[month_row()],
        payments=[payment_row()],
    )
    ContactPersonFactory(customer=Customer.objects.first(), number=f"+86{PHONE}")


def page(model, view="changelist", *args):
    return reverse(f"admin:accounts_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_and_a_page_and_neither_shows_a_number_in_clear(signed_in, portfolio, model):
    browser = signed_in(Role.ADMINISTRATOR)

    texts = [browser.get(page(model)).content.decode()]
    row = browser.user if model is User else model.objects.last()
    texts.append(browser.get(page(model, "change", row.pk)).content.decode())

    for text in texts:
        assert "</html>" in text
        assert IDENTITY not in text
        assert PHONE not in text
        assert "style=" not in text


@pytest.mark.parametrize("model", [model for model in MODELS if model.__name__ not in WRITTEN])
def test_even_administrators_only_look(signed_in, portfolio, model):
    browser = signed_in(Role.ADMINISTRATOR)
    row = model.objects.first()

    assert browser.post(page(model, "change", row.pk), {}).status_code == 403
    assert browser.get(page(model, "add")).status_code == 403
    assert browser.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_lists_show_masked_names_only(signed_in, portfolio):
    text = signed_in(Role.AUDITOR).get(page(Customer)).content.decode()

    assert "李*" in text
    assert "李明" not in text
    assert "1502**********2343" in text


@pytest.mark.parametrize("wanted", [IDENTITY, PHONE, "李明"])
def test_nobody_is_found_by_a_personal_number_or_name(signed_in, portfolio, wanted):
    text = signed_in(Role.ADMINISTRATOR).get(page(Customer), {"q": wanted}).content.decode()

    assert "1502****" not in text


def test_a_customer_is_found_by_the_whole_customer_number(signed_in, portfolio):
    browser = signed_in(Role.SUPERVISOR, branch=Case.objects.get().branch)

    assert "1502****" in browser.get(page(Customer), {"q": "C1"}).content.decode()


def test_the_case_file_tells_what_is_owed_checked_and_happened(signed_in, portfolio):
    browser = signed_in(Role.AUDITOR)
    browser.cookies["django_language"] = "en"

    text = browser.get(page(Case, "change", Case.objects.get().pk)).content.decode()

    for told in (
        "李* C1",
        "500.00 CNY overdue, unpaid since 2026-10-05",
        "From verification to assessment",
        "****A1",
        "address",
        "valid",
    ):
        assert told in text


def test_a_supervisor_sees_the_own_branch_only(signed_in):
    here, there = BranchFactory(), BranchFactory()
    mine = overdue_case(now=NOW, branch=here)
    other = overdue_case(now=NOW, branch=there)
    browser = signed_in(Role.SUPERVISOR, branch=here)

    assert mine.customer.bank_number in browser.get(page(Case)).content.decode()
    assert other.customer.bank_number not in browser.get(page(Case)).content.decode()
    assert browser.get(page(Case, "change", other.pk)).status_code == 302
    assert browser.get(page(Customer, "change", other.customer.pk)).status_code == 302


@pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.SECURITY_OFFICER])
def test_field_staff_do_not_get_in(signed_in, role):
    assert signed_in(role).get(page(Case)).status_code == 302


@pytest.mark.parametrize("model", [Case, Customer, Payment], ids=lambda model: model.__name__)
def test_lists_make_as_many_queries_for_many_rows_as_for_few(signed_in, portfolio, model):
    browser = signed_in(Role.ADMINISTRATOR)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(page(model)).status_code == 200
        return len(captured)

    queries()
    few = queries()
    batch, branch = Batch.objects.get(), BranchFactory()
    for n in range(8):
        account = AccountFactory(customer__branch=branch)
        CaseFactory(customer=account.customer, opened_at=NOW - timedelta(days=1))
        Payment.objects.create(account=account, batch=batch, reference=f"X{n}", amount=1, received_at=NOW)
    assert queries() == few


def test_rejected_rows_say_why_in_the_readers_language(signed_in, portfolio):
    browser = signed_in(Role.AUDITOR)
    browser.cookies["django_language"] = "en"
    batch = Batch.objects.get()

    assert "accounts.csv: 2 rows, 1 new" in browser.get(page(Batch, "change", batch.pk)).content.decode()
    text = browser.get(page(Reject), {"batch__id__exact": batch.pk}).content.decode()
    assert "No customer has this number." in text
    assert "1502**********2344" in text


def test_an_administrator_hires_somebody_whose_rights_follow_from_the_role(signed_in):
    branch = BranchFactory()
    browser = signed_in(Role.ADMINISTRATOR)

    answer = browser.post(
        page(User, "add"),
        {
            "username": "new-supervisor",
            "last_name": "王",
            "first_name": "敏",
            "employee_number": "E1",
            "role": Role.SUPERVISOR,
            "branch": branch.pk,
            "usable_password": "true",
            "password1": "a-long-Passphrase-7",
            "password2": "a-long-Passphrase-7",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    hired = User.objects.get(username="new-supervisor")
    assert (hired.is_staff, hired.is_superuser) == (True, False)
    assert hired.has_perm("accounts.view_case")


def test_a_supervisor_without_a_branch_is_not_hired(signed_in):
    browser = signed_in(Role.ADMINISTRATOR)

    answer = browser.post(
        page(User, "add"),
        {
            "username": "homeless",
            "role": Role.SUPERVISOR,
            "usable_password": "true",
            "password1": "a-long-Passphrase-7",
            "password2": "a-long-Passphrase-7",
        },
    )

    assert answer.status_code == 200
    assert not User.objects.filter(username="homeless").exists()


def test_the_account_of_scheduled_jobs_is_not_to_be_hired_or_edited(signed_in):
    browser = signed_in(Role.ADMINISTRATOR)

    assert browser.get(page(User, "change", User.objects.system().pk)).status_code == 302
    assert 'value="SYSTEM"' not in browser.get(page(User, "add")).content.decode()


def test_a_supervisor_cannot_change_staff(signed_in):
    browser = signed_in(Role.SUPERVISOR)
    colleague = UserFactory(role=Role.FIELD_AGENT, branch=browser.user.branch)
    stranger = UserFactory(role=Role.FIELD_AGENT)

    assert browser.post(page(User, "change", colleague.pk), {"role": Role.ADMINISTRATOR}).status_code == 403
    assert stranger.username not in browser.get(page(User)).content.decode()


def test_all_models_are_registered():
    assert not [model for model in MODELS if not admin.site.is_registered(model)]
