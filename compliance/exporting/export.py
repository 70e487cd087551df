"""The one way a file leaves: built, hashed, written into the ledger, and only then handed over."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance import audit
from compliance.exporting.terms import ExportFormat, ExportKind
from compliance.models import Export

IN_MEMORY = 4 * 1024 * 1024
AT_ONCE = 1024 * 1024

# Writes the file with its watermark and returns how many rows it holds.
Build = Callable[[IO[bytes], str], int]


class NoPurpose(Exception):
    """A file leaves for a stated purpose only."""


@dataclass(frozen=True)
class Exported:
    """The file, at its beginning, and its row in the ledger, which is already committed."""

    export: Export
    file: IO[bytes]

    @property
    def name(self) -> str:
        """Free of personal data; the last part finds the row in the ledger again."""
        what, number = self.export.what.lower().replace("_", "-"), str(self.export.pk)[:8]
        return f"zoufang-{what}-{self.export.at:%Y%m%d}-{number}.{self.export.format.lower()}"


def watermark(number: UUID, *, by: User, now: datetime) -> str:
    """Whose copy it is: the member of staff, the time, and the number of the export."""
    who = f"{by} {by.employee_number or by.username}"
    return f"{who} {timezone.localtime(now):%Y-%m-%d %H:%M:%S %z} {number}"


def export(
    *,
    what: ExportKind,
    in_format: ExportFormat,
    purpose: str,
    filters: dict[str, Any],
    build: Build,
    customer: Customer | None = None,
    by: User,
    now: datetime,
) -> Exported:
    """Build the file, then write its row; whatever fails on the way leaves neither. Raises NoPurpose.

    `build` runs in the transaction of the row, so that what it logs itself stands or falls with the export.
    """
    if not purpose.strip():
        raise NoPurpose(gettext("Say what the file is for."))
    number = uuid4()
    file = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    try:
        with transaction.atomic():
            rows = build(file, watermark(number, by=by, now=now))
            size, sha256 = _measured(file)
            row = Export.objects.create(
                id=number,
                what=what,
                format=in_format,
                purpose=purpose.strip(),
                filters=filters,
                customer=customer,
                row_count=rows,
                byte_count=size,
                sha256=sha256,
                at=now,
                by=by,
            )
            audit.record_rows([row], by=by, now=now)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Exported(row, file)


def _measured(file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(AT_ONCE):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
