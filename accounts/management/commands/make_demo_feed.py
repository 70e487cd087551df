"""`manage.py make_demo_feed DIR`: feed files of the demonstration portfolio, to be imported with import_feed."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.demo.feed import make_demo_feed
from accounts.management.commands.import_feed import ProgressBars


class Command(BaseCommand):
    help = "Writes the demonstration portfolio (21,011 real arrears, invented people) as feed files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="2026-11-20", help="today by default")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        progress = ProgressBars()
        make_demo_feed(options["directory"], as_of=as_of, seed=options["seed"], report=progress)
        progress.close()
        self.stdout.write(
            _("Feed files for %(as_of)s are in %(directory)s.")
            % {"as_of": as_of, "directory": options["directory"]}
        )
