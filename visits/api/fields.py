from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class InstantField(serializers.DateTimeField):
    """An instant with its offset. A time without one is refused, not guessed."""

    default_error_messages = {
        "naive": _("Give the time with its offset, as in 2026-11-20T10:00:00+08:00."),
        "far": _("This time lies outside the years 2000 to 2199."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        if not EARLIEST <= value < LATEST:
            self.fail("far")
        return value
