"""A bank branch at work: today's feed, today's plan. The demonstration's night job, run by `make run` once a day."""

import json
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.demo.staff import create_demo_staff
from accounts.models import Branch, User
from accounts.models.staff import SYSTEM, Role
from visits.models.plans import Plan, PlanStatus

FEED_ZONE = ZoneInfo("Asia/Shanghai")
TOO_LATE_TO_PLAN_TODAY = time(19)
PLANNING_SECONDS = 8
SEED = 2026


class Command(BaseCommand):
    help = (
        "Load the demonstration: branches, staff, the portfolio's feed, its scores, and a plan for each branch."
        " Run again on the same day it changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--directory", type=Path, default=settings.BASE_DIR / ".run")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        now = timezone.now()
        as_of = now.astimezone(FEED_ZONE).date()
        self._staff(directory / "logins.json", now)
        call_command("load_holidays", stdout=self.stdout)
        self._feed(directory / "demo_feed", as_of)
        self._say(_("Assessing the portfolio …"))
        call_command("assess", stdout=self.stdout)
        for branch in Branch.objects.order_by("code"):
            self._plan(branch, now)
        call_command("queue_messages", stdout=self.stdout)

    def _staff(self, logins: Path, now: datetime) -> None:
        self._say(_("Branches and staff …"))
        people = create_demo_staff(now=now)
        if people:
            logins.touch(mode=0o600)
            logins.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")

    def _feed(self, directory: Path, as_of: date) -> None:
        # The same files every day: the demonstration's bank delivers them anew, and its customers grow older in debt.
        self._say(_("The bank's feed of %(day)s …") % {"day": as_of})
        if not directory.exists():
            unfinished = directory.with_suffix(".unfinished")
            call_command("make_demo_feed", str(unfinished), f"--as-of={as_of}", stdout=self.stdout)
            unfinished.rename(directory)
        call_command("import_feed", str(directory), f"--as-of={as_of}", stdout=self.stdout)

    def _plan(self, branch: Branch, now: datetime) -> None:
        day = day_to_plan(branch, now)
        if Plan.objects.filter(branch=branch, date=day, status=PlanStatus.ACCEPTED).exists():
            self._say(_("%(branch)s: the plan of %(day)s stands.") % {"branch": branch, "day": day})
            return
        self._say(_("%(branch)s: planning %(day)s …") % {"branch": branch, "day": day})
        supervisor = User.objects.filter(branch=branch, role=Role.SUPERVISOR).order_by("pk").first()
        call_command(
            "plan_day",
            f"--branch={branch.code}",
            f"--date={day}",
            f"--seconds={PLANNING_SECONDS}",
            f"--seed={SEED}",
            f"--by={supervisor.username if supervisor else SYSTEM}",
            "--accept",
            stdout=self.stdout,
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def day_to_plan(branch: Branch, now: datetime) -> date:
    """The branch's local today while a visit can still be made, else its tomorrow."""
    local = now.astimezone(ZoneInfo(branch.time_zone))
    return local.date() if local.time() < TOO_LATE_TO_PLAN_TODAY else local.date() + timedelta(days=1)
