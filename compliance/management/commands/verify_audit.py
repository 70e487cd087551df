import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.audit.report import Report
from compliance.audit.verifying import verify
from compliance.models import Chain

TELL_EVERY = 50_000  # entries


class Command(BaseCommand):
    help = "Check the audit ledger against its keys, its rows and the signed checkpoints. Exit code 1: not intact."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
        parser.add_argument(
            "--checkpoints",
            type=Path,
            metavar="DIR",
            help="where the checkpoints are, for instance your own copy; AUDIT_CHECKPOINTS by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["checkpoints"] or settings.AUDIT_CHECKPOINTS
        report = verify(directory=directory, now=timezone.now(), progress=self._tell)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines_of(report)))
        if not report.ok:
            sys.exit(1)

    def _tell(self, chain: str, done: int, total: int) -> None:
        if done % TELL_EVERY == 0 and done:
            self.stderr.write(f"{chain} {done:,} / {total:,}")


def lines_of(report: Report) -> list[str]:
    """The report as a person reads it, the verdict last."""
    names = dict(Chain.choices)
    lines = []
    for code, chain in report.chains.items():
        counted = _("%(entries)s entries") % {"entries": f"{chain.entries:,}"}
        state = f"✗ {chain.bad.says}" if chain.bad else f"✓ {chain.head.hash[:16]}"
        lines.append(f"{code} ({names[code]}): {counted}. {state}")
    return [*lines, _checkpoints(report), _verdict(report)]


def _checkpoints(report: Report) -> str:
    found = report.checkpoints
    newest = found.newest_at or _("none")
    said = _("Checkpoints in %(directory)s: %(lines)s lines, the newest %(newest)s.") % {
        "directory": found.directory,
        "lines": f"{found.lines:,}",
        "newest": newest,
    }
    if found.bad:
        return f"{said} ✗ {found.says}"
    if found.late:
        late = _("There should be a newer one. Look whether the worker runs and writes to this directory.")
        return f"{said} ! {late}"
    return f"{said} ✓"


def _verdict(report: Report) -> str:
    if report.ok:
        return _("The audit ledger is intact.")
    return _(
        "The audit ledger is NOT intact. Keep database and checkpoints as they are and call the auditors."
    )
