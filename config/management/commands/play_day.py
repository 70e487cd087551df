"""A day at the branch, played over HTTP by the demonstration's agents: nothing here knows more than a phone does."""

import json
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.play.day import Day, Wishes
from config.play.phone import Log, NobodyAnswers, NotLoggedIn


class Command(BaseCommand):
    help = (
        "Plays the demonstration's agents over the public API of a running server: log in, check in, record,"
        " promises, check out, one visit broken off. Plays the branch where it is day and shows why the other is"
        " refused. When no visit may begin anywhere it says when it goes on, and waits."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Wishes()
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="where the server listens")
        parser.add_argument("--logins", type=Path, default=settings.BASE_DIR / ".run" / "logins.json")
        parser.add_argument("--seed", type=int, default=usual.seed, help="another seed, other encounters")
        parser.add_argument("--visits", type=int, default=usual.visits, help="visits per team")
        parser.add_argument("--pause", type=float, default=usual.pause, help="seconds between two steps")
        parser.add_argument("--minutes", type=float, default=usual.lasts / 60, help="no new visit after that")
        parser.add_argument("--no-wait", action="store_true", help="end when no visit may begin anywhere now")

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = Wishes(
            seed=options["seed"],
            visits=options["visits"],
            pause=options["pause"],
            lasts=options["minutes"] * 60,
            waits=not options["no_wait"],
        )
        day = Day(options["base_url"].rstrip("/"), read_log_ins(options["logins"]), wishes, self._teller())
        try:
            day.play()
        except NotLoggedIn as wrong:
            raise CommandError(_("Log-in failed. %(why)s") % {"why": wrong}) from wrong
        except NobodyAnswers as silence:
            raise CommandError(_("Nobody answered at %(where)s.") % {"where": silence}) from silence
        self.stdout.write(summary(day.log))

    def _teller(self) -> Any:
        """Teams speak at the same time; their lines do not mix."""
        one_at_a_time = threading.Lock()

        def tell(line: str) -> None:
            with one_at_a_time:
                self.stdout.write(line)
                self.stdout.flush()

        return tell


def read_log_ins(path: Path) -> list[dict[str, str]]:
    try:
        people: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(
            _("%(path)s cannot be read (%(error)s). `make run` writes it; or name another with --logins.")
            % {"path": path, "error": error}
        ) from error
    return people


def summary(log: Log) -> str:
    told = {
        "check-in": _("check-ins"),
        "record": _("records"),
        "promises": _("promises"),
        "check-out": _("visits done"),
        "abort": _("visits broken off"),
        "refused": _("attempts refused"),
        "repeated": _("reports sent twice and taken once"),
        "retried": _("tries on a bad line"),
    }
    counts = ", ".join(f"{title} {log.counts[what]}" for what, title in told.items() if log.counts[what])
    return _("The day in numbers: %(counts)s.") % {"counts": counts or _("nothing happened")}
