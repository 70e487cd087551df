from datetime import UTC, datetime

import pytest

from accounts.models import User, verified_customers
from accounts.models.staff import Role
from tests.accounts.factories import UserFactory, overdue_case

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_an_overdue_case_belongs_to_a_verified_customer():
    case = overdue_case(now=NOW)

    assert verified_customers(at=NOW).get() == case.customer
    assert len(case.customer.unseal_identity_number()) == 18
    assert case.customer.phones.get().unseal_number().startswith("+8613900")


@pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.AUDITOR])
def test_only_staff_of_a_branch_have_one(role):
    assert (UserFactory(role=role).branch is None) == (role == Role.AUDITOR)


def test_scheduled_jobs_have_an_account_nobody_can_log_in_with():
    system = User.objects.system()

    assert (system.role, system.is_active, system.has_usable_password()) == (Role.SYSTEM, False, False)
