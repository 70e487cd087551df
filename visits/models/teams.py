"""Who works when, and with whom: shifts of people, and teams of at least two for a day."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.models.staff import InBranchQuerySet, Role


class TsTzRange(models.Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class ShiftQuerySet(InBranchQuerySet):
    branch_path = "user__branch"


class Shift(models.Model):
    """When a member of the field staff works; `date` is the branch's local date."""

    user = models.ForeignKey(User, models.PROTECT, related_name="shifts", verbose_name=_("member of staff"))
    date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_later"
            ),
            ExclusionConstraint(
                name="one_shift_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.date}"


class TeamQuerySet(InBranchQuerySet):
    pass


class Team(models.Model):
    """Two to four people who go out together on one day. Working hours are those all members share."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=60)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    members = models.ManyToManyField(
        User, through="TeamMember", related_name="teams", verbose_name=_("members")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(fields=["branch", "date", "name"], name="one_team_per_name"),
            models.UniqueConstraint(fields=["id", "date"], name="team_of_date"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="team_day_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.date}"

    @property
    def has_security_officer(self) -> bool:
        return any(member.role == Role.SECURITY_OFFICER for member in self.members.all())


class TeamMember(models.Model):
    """A person in one team a day (`date` repeats the team's, so that the database can hold the line)."""

    team = models.ForeignKey(Team, models.CASCADE, verbose_name=_("team"))
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("member of staff"))
    date = models.DateField(_("date"))

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["user", "date"], name="one_team_per_person_and_day")]

    def __str__(self) -> str:
        return str(self.user)
