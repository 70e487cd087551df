import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from followups import ticks


class Command(BaseCommand):
    help = "Send the messages that are due, without the broker. Harmless beside the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on every minute until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{timezone.now():%Y-%m-%d %H:%M:%S} {ticks.dispatch(clock=timezone.now)}")
            if not options["loop"]:
                return
            time.sleep(60)
