"""The teams of a branch's day: those that stand, and new ones from whoever is on shift and in none."""

from datetime import date

from django.db import transaction
from django.db.models import Prefetch

from accounts.models import Branch, User
from accounts.models.staff import Role
from visits.models import Shift, Team, TeamMember
from visits.planning.pairing import Crew, Person, pair, shared_hours


def teams_of_day(*, branch: Branch, date: date) -> list[Team]:
    """Every team of at least two active members on this local date, members loaded, in the order of their hours.

    Teams that a supervisor made stay as they are; people on shift who are in none are paired.
    """
    with transaction.atomic():
        Branch.objects.select_for_update().get(pk=branch.pk)
        _add_teams(branch, date)
    teams = (
        Team.objects.filter(branch=branch, date=date)
        .prefetch_related(Prefetch("members", User.objects.filter(is_active=True).order_by("pk")))
        .order_by("starts_at", "ends_at", "name")
    )
    return [team for team in teams if len(team.members.all()) >= 2]


def _add_teams(branch: Branch, date: date) -> None:
    crews = pair(_free_people(branch, date))
    taken = set(Team.objects.filter(branch=branch, date=date).values_list("name", flat=True))
    names = (name for number in range(1, 1000) if (name := f"{branch.code}-{number:02}") not in taken)
    made = dict(zip(names, crews, strict=False))
    teams = Team.objects.bulk_create(_team(branch, date, name=name, crew=crew) for name, crew in made.items())
    TeamMember.objects.bulk_create(
        TeamMember(team=team, user_id=person.id, date=date) for team in teams for person in made[team.name]
    )


def _team(branch: Branch, date: date, *, name: str, crew: Crew) -> Team:
    starts, ends = shared_hours(crew)
    return Team(branch=branch, date=date, name=name, starts_at=starts, ends_at=ends)


def _free_people(branch: Branch, date: date) -> list[Person]:
    shifts = (
        Shift.objects.filter(user__branch=branch, user__is_active=True, date=date)
        .exclude(user__teammember__date=date)
        .select_related("user")
        .order_by("starts_at", "user")
    )
    first_of_the_day: dict[int, Person] = {}
    for shift in shifts:
        officer = shift.user.role == Role.SECURITY_OFFICER
        person = Person(shift.user_id, officer, shift.starts_at, shift.ends_at)
        first_of_the_day.setdefault(shift.user_id, person)
    return list(first_of_the_day.values())
