"""Let go of what is past its time, or say what would go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.retention.declared import Declared
from compliance.retention.purging import purge


class Command(BaseCommand):
    help = "Purge every retention class of what is older than its days and under no legal hold. --dry-run counts only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        done = purge(dry_run=dry_run, by=User.objects.system(), now=timezone.now(), tell=self._tell)
        said = _("%(rows)s rows would go.") if dry_run else _("%(rows)s rows went.")
        self.stdout.write(said % {"rows": sum(one.rows for one in done)})

    def _tell(self, one: Declared, rows: int) -> None:
        self.stdout.write(f"{one.key}: {rows}")
        self.stdout.flush()
