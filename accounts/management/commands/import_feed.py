"""`manage.py import_feed DIR --as-of DATE`: take a delivery of the bank's feed (see docs/feed.md)."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts.feed import FeedRefused, ImportUnderWay, import_feed
from accounts.feed.summary import summary
from accounts.models import User


class ProgressBars:
    """One bar a file on standard error."""

    def __init__(self) -> None:
        self.bars: dict[str, tqdm[Any]] = {}

    def __call__(self, file: str, done: int, total: int) -> None:
        bar = self.bars.get(file)
        if bar is None:
            bar = self.bars[file] = tqdm(total=total, desc=file, unit="row", unit_scale=True)
        bar.update(done - bar.n)

    def close(self) -> None:
        for bar in self.bars.values():
            bar.close()


class Command(BaseCommand):
    help = "Imports the bank's feed files of one directory. The format is described in docs/feed.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="2026-11-20")
        parser.add_argument("--source", default="core", help="which of the bank's systems delivers (core)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        progress = ProgressBars()
        try:
            batch = import_feed(
                options["directory"],
                source=options["source"],
                as_of=options["as_of"],
                by=User.objects.system(),
                now=now,
                report=progress,
            )
        except (FeedRefused, ImportUnderWay, OSError) as reason:
            raise CommandError(str(reason)) from reason
        finally:
            progress.close()
        if batch.started_at < now:
            self.stdout.write(
                _("These files were taken on %(when)s already. Nothing changed.")
                % {"when": timezone.localtime(batch.started_at).strftime("%Y-%m-%d %H:%M")}
            )
            return
        for sentence in summary(batch):
            self.stdout.write(sentence)
