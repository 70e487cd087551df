"""Which role may do what in the admin: one group a role, its permissions written here and nowhere else.

Row by row what one sees is decided by `visible_to`; this says which pages one may open. Agents and security
officers have no admin: they work through the API. Administrators are superusers.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.models.staff import Role

OURS = ("accounts", "risk", "compliance", "visits", "followups")
VIEW = tuple(f"{app}.view_*" for app in OURS)

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.SUPERVISOR: (
        *VIEW,
        "accounts.add_contactperson",
        "accounts.change_contactperson",
        "accounts.change_phone",
        "compliance.add_complaint",
        "compliance.add_disclosure",
        "compliance.add_datarequest",
        "compliance.add_restriction",
        "compliance.change_restriction",
        "compliance.add_quiethours",
        "compliance.change_quiethours",
        "compliance.add_override",
        "compliance.change_override",
        "compliance.handle_complaint",
        "visits.add_shift",
        "visits.change_shift",
        "visits.add_team",
        "visits.change_team",
        "visits.add_teammember",
        "visits.change_teammember",
        "visits.change_plan",
        "visits.change_visit",
        "visits.change_device",
        "followups.change_followup",
        "followups.change_message",
        "followups.change_promise",
        "followups.add_letter",
        "followups.add_template",
        "followups.change_template",
    ),
    Role.COMPLIANCE_OFFICER: (
        *VIEW,
        "compliance.add_complaint",
        "compliance.add_disclosure",
        "compliance.handle_complaint",
        "compliance.add_restriction",
        "compliance.change_restriction",
        "compliance.add_disclosurequota",
        "compliance.change_disclosurequota",
        "compliance.export_data",
        "compliance.export_ledgers",
        "compliance.add_datarequest",
        "compliance.change_datarequest",
        "compliance.add_legalhold",
        "compliance.change_retentionclass",
        "compliance.add_quiethours",
        "compliance.change_quiethours",
        "compliance.add_override",
        "compliance.change_override",
        "compliance.add_ruleamendment",
        "compliance.change_ruleamendment",
        "compliance.change_legalsource",
        "compliance.add_holiday",
        "compliance.change_holiday",
        "compliance.change_holidayyear",
        "compliance.add_arearestriction",
        "compliance.change_arearestriction",
        "compliance.add_forbiddenword",
        "compliance.issue_certificate",
        "followups.change_template",
    ),
    Role.AUDITOR: (*VIEW, "compliance.export_ledgers", "compliance.issue_certificate"),
}

# What a pattern above would give and the role is not to have: who is watched does not read what was seen.
WITHHELD: dict[Role, tuple[str, ...]] = {Role.SUPERVISOR: ("compliance.view_auditentry",)}


def make_role_groups(*, using: str = "default") -> None:
    """Bring the groups of all roles in line with PERMISSIONS. May be run any number of times; `migrate` does."""
    with transaction.atomic(using=using):
        named = Group.objects.using(using)
        named.bulk_create([Group(name=role.value) for role in PERMISSIONS], ignore_conflicts=True)
        groups = {group.name: group for group in named.filter(name__in=PERMISSIONS)}
        for role, patterns in PERMISSIONS.items():
            given = Permission.objects.using(using).filter(_matching(patterns))
            if role in WITHHELD:
                given = given.exclude(_matching(WITHHELD[role]))
            groups[role].permissions.set(given)


def _matching(patterns: tuple[str, ...]) -> Q:
    wanted = Q()
    for pattern in patterns:
        app, codename = pattern.split(".")
        exact = Q(codename=codename)
        start = Q(codename__startswith=codename.removesuffix("*"))
        wanted |= Q(content_type__app_label=app) & (start if codename.endswith("*") else exact)
    return wanted


def uses_admin(role: Role) -> bool:
    return role in PERMISSIONS or role == Role.ADMINISTRATOR


@transaction.atomic
def apply_role(user: User) -> None:
    """Give a member of staff what their role allows, and take away what it does not."""
    role = Role(user.role)
    user.is_staff = uses_admin(role)
    user.is_superuser = role == Role.ADMINISTRATOR
    user.save(update_fields=["is_staff", "is_superuser"])
    put_into_role_groups([user])


@transaction.atomic
def put_into_role_groups(users: list[User]) -> None:
    """Give each user the group of their role and of no other."""
    through = User.groups.through
    roles = {user.pk: user.role for user in users}
    groups = dict(Group.objects.filter(name__in=PERMISSIONS).values_list("name", "pk"))
    memberships = through.objects.filter(user_id__in=roles, group_id__in=groups.values())
    memberships.delete()
    through.objects.bulk_create(
        through(user_id=pk, group_id=groups[role]) for pk, role in roles.items() if role in groups
    )
