from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from followups import ticks


class Command(BaseCommand):
    help = "Judge the promises to pay by the payments, without the broker."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(ticks.settle(now=timezone.now()))
