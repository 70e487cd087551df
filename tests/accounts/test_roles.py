from collections import Counter

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.models import User
from accounts.models.staff import Role
from accounts.roles import PERMISSIONS, WITHHELD, apply_role, make_role_groups
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    """`member(role)`: somebody with that role as the database now knows them."""
    make_role_groups()

    def make(role):
        user = UserFactory(role=role, is_staff=False, is_superuser=False)
        apply_role(user)
        return User.objects.get(pk=user.pk)

    return make


def verbs(user):
    return Counter(name.split(".")[1].split("_")[0] for name in user.get_all_permissions())


def test_every_permission_named_exists():
    tables = (*PERMISSIONS.values(), *WITHHELD.values())
    exact = {name for names in tables for name in names if not name.endswith("*")}
    known = {
        f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }

    assert exact <= known


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.SUPERVISOR, "compliance.view_refusal", True),
        (Role.SUPERVISOR, "visits.change_plan", True),
        (Role.SUPERVISOR, "compliance.add_restriction", True),
        (Role.SUPERVISOR, "compliance.add_arearestriction", False),
        (Role.COMPLIANCE_OFFICER, "compliance.add_arearestriction", True),
        (Role.SUPERVISOR, "compliance.view_auditentry", False),
        (Role.COMPLIANCE_OFFICER, "compliance.view_auditentry", True),
        (Role.AUDITOR, "compliance.view_auditentry", True),
        (Role.COMPLIANCE_OFFICER, "compliance.add_restriction", True),
        (Role.COMPLIANCE_OFFICER, "visits.change_plan", False),
        (Role.SUPERVISOR, "followups.add_template", True),
        (Role.SUPERVISOR, "compliance.add_forbiddenword", False),
        (Role.COMPLIANCE_OFFICER, "compliance.add_forbiddenword", True),
        (Role.COMPLIANCE_OFFICER, "followups.change_template", True),
        (Role.COMPLIANCE_OFFICER, "followups.add_letter", False),
        (Role.AUDITOR, "accounts.view_case", True),
        (Role.ADMINISTRATOR, "accounts.change_user", True),
        (Role.FIELD_AGENT, "accounts.view_case", False),
        (Role.SECURITY_OFFICER, "visits.view_visit", False),
    ],
)
def test_what_a_role_may(member, role, permission, may):
    assert member(role).has_perm(permission) == may


def test_an_auditor_looks_takes_masked_copies_and_does_nothing_else(member):
    auditor = member(Role.AUDITOR)

    assert set(verbs(auditor)) == {"view", "export", "issue"}
    assert auditor.has_perms(["compliance.export_ledgers", "compliance.issue_certificate"])
    assert not auditor.has_perm("compliance.export_data")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SYSTEM)])
def test_nobody_but_administrators_deletes_or_changes_customers_and_ledgers(member, role):
    permissions = member(role).get_all_permissions()

    assert not {name for name in permissions if ".delete_" in name}
    assert not {
        name
        for name in permissions
        if name.endswith(("_customer", "_account", "_payment", "_case", "_clearance", "_refusal", "_contact"))
        and ".view_" not in name
    }


@pytest.mark.parametrize(
    ("role", "staff"),
    [
        (Role.FIELD_AGENT, False),
        (Role.SECURITY_OFFICER, False),
        (Role.SUPERVISOR, True),
        (Role.AUDITOR, True),
    ],
)
def test_only_the_office_enters_the_admin(member, role, staff):
    assert member(role).is_staff == staff


def test_a_changed_role_takes_the_old_rights_away(member):
    user = member(Role.ADMINISTRATOR)
    user.role = Role.AUDITOR
    apply_role(user)

    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, user.is_staff) == (False, True)
    assert list(user.groups.values_list("name", flat=True)) == [Role.AUDITOR]


def test_groups_changed_by_hand_are_mended():
    make_role_groups()
    group = Group.objects.get(name=Role.AUDITOR)
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.set(Permission.objects.filter(codename="delete_customer"))

    make_role_groups()

    assert set(group.permissions.values_list("codename", flat=True)) == before


def test_a_migrated_database_has_the_groups(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(PERMISSIONS)


def test_the_first_administrator_is_made_on_the_command_line(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long and winding road")
    call_command(
        "createsuperuser", "--no-input", "--username=first", "--email=first@example.com", verbosity=0
    )

    first = User.objects.get(username="first")

    assert first.role == Role.ADMINISTRATOR
    assert first.is_staff
    assert first.is_superuser
