from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from followups import ticks


class Command(BaseCommand):
    help = "Queue the messages and draw up the follow-ups that are wanted now, without the broker."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(ticks.queue(now=timezone.now()))
