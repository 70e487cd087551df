"""The ledgers as tables for auditors. Always masked: there is no way to ask for one in clear."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.exporting.cells import Cell
from compliance.exporting.export import Exported, export
from compliance.exporting.formats import WRITERS, Head
from compliance.exporting.terms import ExportFormat, ExportKind
from compliance.gate import readable
from compliance.models import Clearance, Contact, Disclosure, Export, Refusal

AT_ONCE = 2000

Read = Callable[[Any], Cell]


@dataclass(frozen=True)
class Column:
    key: str
    title: str | Promise
    read: Read


@dataclass(frozen=True)
class Listing:
    """Which ledger, by which time it is narrowed down, and what is told of each row."""

    model: type[Any]
    at: str
    related: tuple[str, ...]
    branch: str
    columns: tuple[Column, ...]


def _time(name: str) -> Read:
    return lambda row: timezone.localtime(getattr(row, name)) if getattr(row, name) else None


CUSTOMER = (
    Column("customer_number", _("customer number"), lambda row: row.customer.bank_number),
    Column("customer", _("customer"), lambda row: row.customer.masked_name),
    Column("branch", _("branch"), lambda row: row.customer.branch.code),
)
CONTACT = (
    Column("channel", _("channel"), lambda row: row.get_channel_display()),
    Column("purpose", _("purpose"), lambda row: row.get_purpose_display()),
)
DECISION = (
    Column("decided_at", _("decided at"), _time("decided_at")),
    *CUSTOMER,
    *CONTACT,
    Column("contact_at", _("contact at"), _time("at")),
    Column("asked_by", _("asked by"), lambda row: str(row.asked_by)),
    Column("rulebook", _("rule book version"), lambda row: row.rulebook),
)


def _reasons(row: Refusal) -> str:
    return "; ".join(f"{one['rule']} v{one['version']} {one['sentence']}" for one in readable(row.reasons))


LISTINGS: Mapping[ExportKind, Listing] = {
    ExportKind.REFUSALS: Listing(
        Refusal,
        "decided_at",
        ("customer__branch", "asked_by"),
        "customer__branch__code",
        (
            Column("id", _("number"), lambda row: str(row.pk)),
            *DECISION,
            Column("reasons", _("reasons"), _reasons),
            Column("next_allowed_at", _("next allowed at"), _time("next_allowed_at")),
        ),
    ),
    ExportKind.CLEARANCES: Listing(
        Clearance,
        "decided_at",
        ("customer__branch", "asked_by"),
        "customer__branch__code",
        (
            Column("id", _("number"), lambda row: str(row.pk)),
            *DECISION,
            Column("expires_at", _("expires at"), _time("expires_at")),
        ),
    ),
    ExportKind.CONTACTS: Listing(
        Contact,
        "made_at",
        ("customer__branch", "made_by"),
        "customer__branch__code",
        (
            Column("id", _("number"), lambda row: str(row.pk)),
            Column("made_at", _("made at"), _time("made_at")),
            *CUSTOMER,
            *CONTACT,
            Column("staff_present", _("staff present"), lambda row: row.staff_present),
            Column("made_by", _("made by"), lambda row: str(row.made_by)),
            Column("clearance", _("clearance"), lambda row: str(row.clearance_id)),
        ),
    ),
    ExportKind.DISCLOSURES: Listing(
        Disclosure,
        "at",
        ("customer__branch", "by"),
        "customer__branch__code",
        (
            Column("at", _("at"), _time("at")),
            *CUSTOMER,
            Column("field", _("field"), lambda row: row.field),
            Column("reason_code", _("reason code"), lambda row: row.get_reason_code_display()),
            Column("reason", _("reason"), lambda row: row.reason),
            Column("by", _("by"), lambda row: str(row.by)),
        ),
    ),
    ExportKind.EXPORTS: Listing(
        Export,
        "at",
        ("by",),
        "by__branch__code",
        (
            Column("id", _("number"), lambda row: str(row.pk)),
            Column("at", _("at"), _time("at")),
            Column("what", _("what"), lambda row: row.get_what_display()),
            Column("format", _("format"), lambda row: row.format),
            Column("purpose", _("purpose"), lambda row: row.purpose),
            Column("rows", _("rows"), lambda row: row.row_count),
            Column("sha256", _("SHA-256"), lambda row: row.sha256),
            Column("by", _("by"), lambda row: str(row.by)),
        ),
    ),
}
FORMATS = (ExportFormat.XLSX, ExportFormat.CSV, ExportFormat.JSON)


@dataclass(frozen=True)
class Wanted:
    """Rows from `since` until before `until`, of the branch called `branch` (of all when empty)."""

    what: ExportKind
    since: datetime
    until: datetime
    branch: str = ""

    def as_filters(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "branch": self.branch}


def export_list(
    wanted: Wanted,
    *,
    in_format: ExportFormat,
    purpose: str,
    by: User,
    now: datetime,
) -> Exported:
    """One ledger's rows as far as `by` may see them, oldest first, masked. Raises NoPurpose and TooManyRows."""
    listing = LISTINGS[wanted.what]
    head_of = _head(listing)

    def build(out: IO[bytes], mark: str) -> int:
        return WRITERS[in_format](out, head_of(mark), _cells(listing, _rows(listing, wanted, by)))

    filters = wanted.as_filters()
    return export(
        what=wanted.what, in_format=in_format, purpose=purpose, filters=filters, build=build, by=by, now=now
    )


def _head(listing: Listing) -> Callable[[str], Head]:
    keys = tuple(column.key for column in listing.columns)
    titles = tuple(str(column.title) for column in listing.columns)
    return lambda mark: Head(keys, titles, mark, gettext("exported by, at, number"))


def _rows(listing: Listing, wanted: Wanted, by: User) -> QuerySet[Any]:
    rows = listing.model.objects.visible_to(by).select_related(*listing.related)
    inside = {f"{listing.at}__gte": wanted.since, f"{listing.at}__lt": wanted.until}
    of_branch = {listing.branch: wanted.branch} if wanted.branch else {}
    found: QuerySet[Any] = rows.filter(**inside, **of_branch).order_by(listing.at, "pk")
    return found


def _cells(listing: Listing, rows: QuerySet[Any]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [column.read(row) for column in listing.columns]
