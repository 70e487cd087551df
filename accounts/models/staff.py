"""The bank's own people and branches."""

from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.ledger import LedgerQuerySet

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

SYSTEM = "system"


class Datum(models.TextChoices):
    WGS84 = "WGS84", "WGS-84"
    GCJ02 = "GCJ02", "GCJ-02"


class Branch(models.Model):
    """A branch of the bank: its people, its customers and the clock its day runs on."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    city = models.CharField(_("city"), max_length=60)
    country = models.CharField(
        _("country"),
        max_length=2,
        default="CN",
        help_text=_("ISO 3166: its rules bind the branch's customers"),
    )
    time_zone = models.CharField(_("time zone"), max_length=60)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    datum = models.CharField(_("datum"), max_length=5, choices=Datum, default=Datum.WGS84)
    hotline = models.CharField(_("hotline"), max_length=30)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    FIELD_AGENT = "FIELD_AGENT", _("field agent")
    SECURITY_OFFICER = "SECURITY_OFFICER", _("security officer")
    SUPERVISOR = "SUPERVISOR", _("collections supervisor")
    COMPLIANCE_OFFICER = "COMPLIANCE_OFFICER", _("compliance officer")
    AUDITOR = "AUDITOR", _("auditor")
    ADMINISTRATOR = "ADMINISTRATOR", _("administrator")
    SYSTEM = "SYSTEM", _("scheduled job")


GOES_OUT = frozenset({Role.FIELD_AGENT, Role.SECURITY_OFFICER})
SEES_EVERY_BRANCH = frozenset({Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM})


class StaffManager(UserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """An administrator: the only role above the permission groups."""
        return super().create_superuser(username, email, password, **{"role": Role.ADMINISTRATOR, **fields})

    def system(self) -> "User":
        """The account under which scheduled jobs act. Nobody can log in with it."""
        return self.get(username=SYSTEM)


class User(AbstractUser):
    """A member of staff. Customers have no log-in."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    employee_number = models.CharField(_("employee number"), max_length=20, blank=True)

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(branch__isnull=False) | models.Q(role__in=sorted(SEES_EVERY_BRANCH)),
                name="staff_has_a_branch",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Family name first, as the bank's staff are called."""
        return f"{self.last_name}{self.first_name}".strip()

    @property
    def goes_out(self) -> bool:
        return self.role in GOES_OUT

    @property
    def sees_every_branch(self) -> bool:
        return self.role in SEES_EVERY_BRANCH


def within_branch(rows: Rows, user: User, *, path: str) -> Rows:
    """The rows an office user may see: all of them, or those of the user's branch; field staff see none.

    Field staff see customers only through their own visits (`Visit.objects.visible_to`).
    """
    if user.sees_every_branch:
        return rows
    if user.role == Role.SUPERVISOR and user.branch_id:
        return rows.filter(**{path: user.branch_id})
    return rows.none()


class InBranchQuerySet(models.QuerySet[Any]):
    """Rows that belong to a branch, found along `branch_path`."""

    branch_path = "branch"

    def visible_to(self, user: User) -> Self:
        return within_branch(self, user, path=self.branch_path)


class InBranchLedgerQuerySet(LedgerQuerySet):
    """Ledger rows that belong to a branch, found along `branch_path`."""

    branch_path = "branch"

    def visible_to(self, user: User) -> Self:
        return within_branch(self, user, path=self.branch_path)
