"""Files that leave: safe to open, marked, hashed, and in the ledger before the first byte."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models.staff import Role
from compliance import audit, gate
from compliance.exporting.cells import STARTS_A_FORMULA, guarded
from compliance.exporting.export import NoPurpose, export
from compliance.exporting.formats import WRITERS, Head, TooManyRows
from compliance.exporting.lists import FORMATS, LISTINGS, Wanted, export_list
from compliance.exporting.terms import ExportFormat, ExportKind
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import AuditEntry, Disclosure, Export
from tests.accounts.factories import CustomerFactory, UserFactory, overdue_case
from tests.followups.factories import TEN

DAY = timedelta(days=1)
HEAD = Head(("a", "b"), ("甲", "乙"), "王小明 E1 2026-11-20", "导出")
ROWS = [["=cmd|' /C calc'!A0", 1], ["李*", Decimal("-5.00")], [None, TEN]]


def written(kind, rows=ROWS):
    out = io.BytesIO()
    assert WRITERS[kind](out, HEAD, iter(rows)) == len(rows)
    return out.getvalue()


class TestFormats:
    def test_csv_for_people(self):
        text = written("CSV").decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text)))

        assert table[0] == ["甲", "乙", "导出"]
        assert table[1][0] == "'=cmd|' /C calc'!A0"
        assert table[2][:2] == ["李*", "-5.00"]
        assert table[3][:2] == ["", TEN.isoformat()]
        assert {row[-1] for row in table[1:]} == {HEAD.mark}

    def test_json_for_machines(self):
        said = json.loads(written("JSON"))

        assert said["watermark"] == HEAD.mark
        assert said["rows"][0] == {"a": "=cmd|' /C calc'!A0", "b": 1}

    def test_a_sheet_in_which_nothing_is_a_formula(self):
        book = zipfile.ZipFile(io.BytesIO(written("XLSX", [["=1+1", 2], ["a<b>&\x01", 3]])))
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        cells = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{name}row")]

        assert cells == [["甲", "乙", "导出"], ["=1+1", "2", HEAD.mark], ["a<b>&", "3", HEAD.mark]]
        assert not list(sheet.iter(f"{name}f"))

    def test_a_sheet_that_is_full_is_said_to_be(self, monkeypatch):
        monkeypatch.setattr("compliance.exporting.formats.MOST_ROWS_OF_A_SHEET", 3)
        written("XLSX", ROWS[:2])
        with pytest.raises(TooManyRows):
            written("XLSX", ROWS)

    @pytest.mark.parametrize("kind", WRITERS)
    def test_no_rows_are_a_file_too(self, kind):
        assert written(kind, [])


@given(st.text())
def test_no_text_begins_as_a_formula(text):
    said = guarded(text)

    assert said.lstrip(" \u3000\u00a0\ufeff")[:1] not in STARTS_A_FORMULA or not said.strip(" ")
    assert said.removeprefix("'") == text or said == text


@pytest.mark.parametrize("text", ["=1", "+86139****1234", "-1", "@a", "\t=1", "＝1", "  =1", "\n=1"])
def test_formulas_by_every_beginning(text):
    assert guarded(text) == f"'{text}"


@pytest.fixture
def auditor(db):
    return UserFactory(role=Role.AUDITOR)


def disclosed(n=1, at=TEN, **customer):
    return [
        Disclosure.objects.create(
            customer=CustomerFactory(**customer),
            field="phone.number",
            reason_code="CALL",
            reason="=1+1",
            at=at,
            by=UserFactory(),
        )
        for _ in range(n)
    ]


def ask(by, what=ExportKind.DISCLOSURES, kind=ExportFormat.CSV, **asked):
    """The row of the ledger and the bytes of the file."""
    wanted = Wanted(what, **{"since": TEN - DAY, "until": TEN + DAY, **asked})
    exported = export_list(wanted, in_format=kind, purpose="audit of November", by=by, now=TEN)
    with exported.file as file:
        return exported.export, file.read()


class TestTheLedger:
    @pytest.mark.parametrize("kind", FORMATS)
    def test_the_row_says_what_the_bytes_are(self, auditor, kind):
        disclosed(3)

        _row, data = ask(auditor, kind=kind)

        row = Export.objects.get()
        assert (row.row_count, row.byte_count) == (3, len(data))
        assert row.sha256 == hashlib.sha256(data).hexdigest()
        assert (row.by, row.at, row.purpose) == (auditor, TEN, "audit of November")
        assert row.filters["since"] == (TEN - DAY).isoformat()
        entry = AuditEntry.objects.get(kind="EXPORT")
        assert (entry.subject_digest, entry.by) == (audit.digest_of(row), auditor)

    def test_without_a_row_there_are_no_bytes(self, auditor, monkeypatch):
        disclosed()

        def full_disk(**row):
            raise DatabaseError("could not extend file")

        monkeypatch.setattr(Export.objects, "create", full_disk)
        with pytest.raises(DatabaseError):
            ask(auditor)

    def test_without_bytes_there_is_no_row(self, auditor):
        def build(out, mark):
            raise TooManyRows

        with pytest.raises(TooManyRows):
            export(
                what=ExportKind.REFUSALS,
                in_format=ExportFormat.CSV,
                purpose="x",
                filters={},
                build=build,
                by=auditor,
                now=TEN,
            )
        assert not Export.objects.exists()

    @pytest.mark.parametrize("purpose", ["", "   "])
    def test_a_file_has_a_purpose(self, auditor, purpose):
        wanted = Wanted(ExportKind.REFUSALS, TEN, TEN)
        with pytest.raises(NoPurpose):
            export_list(wanted, in_format=ExportFormat.CSV, purpose=purpose, by=auditor, now=TEN)

    @pytest.mark.parametrize("wrong", [{"sha256": "x"}, {"purpose": ""}, {"what": "ALL"}, {"format": "DOC"}])
    def test_the_database_keeps_rows_whole(self, auditor, wrong):
        right = {
            "what": "REFUSALS",
            "format": "CSV",
            "purpose": "x",
            "row_count": 0,
            "byte_count": 0,
            "sha256": "0" * 64,
            "at": TEN,
            "by": auditor,
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.create(**right | wrong)


class TestTheTables:
    def test_names_are_masked_and_rows_marked(self, auditor):
        (row,) = disclosed(name="李晓明")

        table = list(csv.DictReader(io.StringIO(ask(auditor)[1].decode("utf-8-sig"))))

        (line,) = table
        values = list(line.values())
        assert row.customer.bank_number in values
        assert "李**" in values
        assert "李晓明" not in str(table)
        assert "'=1+1" in values
        assert str(Export.objects.get().pk) in values[-1]
        assert (auditor.employee_number or auditor.username) in values[-1]

    def test_the_span_is_half_open(self, auditor):
        times = [TEN - DAY - timedelta(microseconds=1), TEN - DAY, TEN, TEN + DAY]
        for at in times:
            disclosed(at=at)

        assert ask(auditor)[0].row_count == 2

    def test_one_branch_on_demand(self, auditor):
        (one, _other) = disclosed(2)

        assert ask(auditor, branch=one.customer.branch.code)[0].row_count == 1

    def test_a_supervisor_takes_no_more_than_the_branch(self, db):
        (one, _other) = disclosed(2)
        supervisor = UserFactory(role=Role.SUPERVISOR, branch=one.customer.branch)

        assert ask(supervisor)[0].row_count == 1

    @pytest.mark.parametrize("what", LISTINGS)
    def test_every_ledger_in_every_format_in_a_constant_number_of_queries(
        self, auditor, what, django_assert_max_num_queries, ledgers
    ):
        for kind in FORMATS:
            with django_assert_max_num_queries(6):
                assert ask(auditor, what=what, kind=kind)[0].row_count >= 1


@pytest.fixture
def ledgers(db, database_clock, auditor):
    """Two rows of each ledger."""
    database_clock(TEN)
    disclosed(2)
    for number in range(2):
        case = overdue_case(now=TEN, identity_number=f"15020319880101{number:04}")
        yes = Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, TEN, TEN)
        with gate.clearance(yes, by=auditor, now=TEN) as clearance:
            gate.make_contact(clearance, by=auditor, now=TEN)
        night = datetime.combine(TEN.date(), TEN.time().replace(hour=3), TEN.tzinfo)
        no = Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, night, night)
        with pytest.raises(Refused), gate.clearance(no, by=auditor, now=night):
            pass
    ask(auditor)
