from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import health


class Command(BaseCommand):
    help = "Says whether database, broker, worker and beat are at work, as /readyz does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "part", nargs="*", help="Look at these parts only: database, broker, worker, beat."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = health.look_at_everything(now=timezone.now())
        parts = options["part"] or list(findings)
        if unknown := sorted(set(parts) - set(findings)):
            raise CommandError(f"Unknown: {', '.join(unknown)}. The parts are {', '.join(findings)}.")
        for part in parts:
            self.stdout.write(f"{part}: {findings[part].says}")
        if not all(findings[part].fine for part in parts):
            raise CommandError("Not ready.")
