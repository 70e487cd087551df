"""Plan a branch's day from the command line."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Branch, User
from accounts.models.staff import SYSTEM
from visits.life import NotAllowed
from visits.models import Plan
from visits.planning import accept_plan, propose_plan

SECONDS = 10.0


class Command(BaseCommand):
    help = "Propose the visits of a branch for one of its local dates, and accept the plan when asked to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--branch", required=True, help="The branch's code.")
        parser.add_argument(
            "--date", required=True, type=date.fromisoformat, help="YYYY-MM-DD at the branch."
        )
        effort = parser.add_mutually_exclusive_group()
        effort.add_argument("--seconds", type=float, help=f"How long to look for better ways ({SECONDS:g}).")
        effort.add_argument(
            "--iterations", type=int, help="Steps instead of seconds, for a reproducible plan."
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--accept", action="store_true", help="Accept the plan at once.")
        parser.add_argument("--by", help="User name of who plans (the account of scheduled jobs).")

    def handle(self, *args: Any, **options: Any) -> None:
        branch = _branch(options["branch"])
        by = _user(options["by"] or SYSTEM)
        try:
            plan = self._propose(branch, by, options)
            if options["accept"]:
                accept_plan(plan, by=by, now=timezone.now())
        except NotAllowed as reason:
            raise CommandError(str(reason)) from reason
        self._say(_told(plan))

    def _propose(self, branch: Branch, by: User, options: dict[str, Any]) -> Plan:
        iterations = options["iterations"]
        return propose_plan(
            branch=branch,
            date=_date(options["date"]),
            by=by,
            now=timezone.now(),
            seed=options["seed"],
            seconds=None if iterations else options["seconds"] or SECONDS,
            iterations=iterations,
            report=self._say,
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _branch(code: str) -> Branch:
    try:
        return Branch.objects.get(code=code)
    except Branch.DoesNotExist as missing:
        known = ", ".join(Branch.objects.order_by("code").values_list("code", flat=True)) or "none"
        raise CommandError(f"There is no branch {code!r}. Known: {known}.") from missing


def _user(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as missing:
        raise CommandError(f"There is no member of staff {username!r}.") from missing


def _date(given: date | str) -> date:
    return date.fromisoformat(given) if isinstance(given, str) else given


def _told(plan: Plan) -> str:
    said = plan.summary
    text = (
        f"{plan.branch} {plan.date}: {plan.status.lower()}, {said['planned']} visits by {said['teams_out']} teams,"
        f" {said['km']} km, {said['hours']} hours, worth {said['prize']} {said['currency']}."
    )
    left_out = {**said["left_out"], **said.get("refused", {})}
    return f"{text} Not planned: {_list(left_out)}." if left_out else text


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())
