from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from risk.assess import assess_changed_cases, assess_portfolio


class Command(BaseCommand):
    help = "Assesses the cases that are new or whose facts changed; with --all every open case."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every open case, changed or not")

    def handle(self, *args: Any, **options: Any) -> None:
        assess = assess_portfolio if options["all"] else assess_changed_cases
        done = assess(now=timezone.now(), report=self._tell)
        self.stdout.write(f"Assessed {done:,} cases." if done else "No case needed an assessment.")

    def _tell(self, done: int) -> None:
        self.stdout.write(f"  {done:,} cases so far")
