from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from compliance.calendar.loading import EVERY_COUNTRY, Loaded, load_holidays
from compliance.calendar.package import NoSuchCalendar


class Command(BaseCommand):
    help = (
        "Fills the calendar of holidays from the package: this year and the next, every country, unless told"
        " otherwise. Days entered and years confirmed by people are left alone. May be run any number of times."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", nargs="+", type=int, help="for instance 2026 2027")
        parser.add_argument("--countries", nargs="+", help=f"some of {' '.join(EVERY_COUNTRY)}")

    def handle(self, *args: Any, **options: Any) -> None:
        this_year = timezone.localdate().year
        try:
            loaded = load_holidays(
                countries=options["countries"] or EVERY_COUNTRY,
                years=options["years"] or (this_year, this_year + 1),
                by=User.objects.system(),
                now=timezone.now(),
            )
        except NoSuchCalendar as unknown:
            raise CommandError(str(unknown)) from unknown
        self._tell(loaded)

    def _tell(self, loaded: Loaded) -> None:
        said = ngettext(
            "Calendar: %(count)d day written, %(removed)d removed.",
            "Calendar: %(count)d days written, %(removed)d removed.",
            loaded.written,
        )
        self.stdout.write(said % {"count": loaded.written, "removed": loaded.removed})
        if loaded.left_alone:
            said = ngettext(
                "%(count)d day that people entered or confirmed was left alone.",
                "%(count)d days that people entered or confirmed were left alone.",
                loaded.left_alone,
            )
            self.stdout.write(said % {"count": loaded.left_alone})
        estimated = ", ".join(f"{it.country} {it.year}" for it in loaded.years if not it.official)
        if estimated:
            self.stdout.write(
                _(
                    "Estimated, not official: %(years)s. Compare with the published notice and confirm the year."
                )
                % {"years": estimated}
            )
