"""Adding to the chains: what an entry says, what a digest covers, and that nobody can fork or falsify one."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import override_settings

from accounts.models import Payment
from accounts.models.staff import Role
from compliance import audit
from compliance.audit import Chain, Kind, News, audited, content
from compliance.audit.content import plain
from compliance.audit.hashing import GENESIS, Entry, hash_of, mac_of
from compliance.audit.keys import mac_key
from compliance.models import AuditEntry, Clearance, Contact, Disclosure
from compliance.terms import Channel, Purpose
from config.ledger import LedgerChanged
from tests.accounts.factories import CustomerFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=SHANGHAI)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def note(by=None, *, chain=Chain.POLICY, kind=Kind.POLICY, subject="compliance.policy:1", now=NOON, **detail):
    return audit.record(chain=chain, kind=kind, subject=subject, detail=detail, by=by, now=now)


def clearance(officer, **changes):
    given = {
        "customer": CustomerFactory(),
        "channel": "SMS",
        "purpose": "PAYMENT_REMINDER",
        "asked_by": officer,
        "decided_at": NOON,
        "at": NOON,
        "facts": {"zones": ["Asia/Shanghai"], "limit": 1.0, "nothing": None, "姓": {"b": 2, "a": [1, 2.5]}},
        "rulebook": "1",
        "rules": [["WIN-CN", 1]],
        "expires_at": NOON + timedelta(seconds=60),
    }
    return Clearance.objects.create(**given | changes)


# What an entry is


def test_an_entry_says_all_of_it_and_hashes_to_its_hash(officer):
    entry = note(officer, parameter="quiet_from", to=20)

    kept = AuditEntry.objects.get()
    assert json.loads(kept.body) == {
        "at": "2026-11-23T04:00:00.123456+00:00",
        "by": officer.pk,
        "chain": "POLICY",
        "detail": {"parameter": "quiet_from", "to": 20},
        "kind": "POLICY",
        "seq": 1,
        "subject": "compliance.policy:1",
        "subject_digest": "",
    }
    assert kept.hash == entry.hash == hashlib.sha256((GENESIS + kept.body).encode()).hexdigest()
    assert kept.mac == mac_of(kept.hash, key=mac_key())
    assert (kept.prev, kept.by, kept.at) == (GENESIS, officer, NOON)


def test_each_entry_follows_the_one_before_in_its_own_chain(officer):
    first, other, second = note(), note(chain=Chain.PEOPLE), note(officer)

    assert (first.seq, other.seq, second.seq) == (1, 1, 2)
    assert (second.prev, other.prev) == (first.hash, GENESIS)


def test_many_entries_take_one_insert_and_one_look_at_each_chain(officer, django_assert_num_queries):
    news = [
        News(chain, Kind.POLICY, f"compliance.policy:{n}", {"n": n})
        for n in range(50)
        for chain in (Chain.PEOPLE, Chain.POLICY)
    ]

    with django_assert_num_queries(3):
        rows = audit.record_many(news, by=officer, now=NOON)

    assert [row.seq for row in rows if row.chain == Chain.POLICY] == list(range(1, 51))
    assert [json.loads(row.body)["detail"]["n"] for row in rows] == [it.detail["n"] for it in news]


def test_nothing_to_record_is_nothing_recorded(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert audit.record_many([], by=None, now=NOON) == []


def test_a_time_without_zone_is_refused(db):
    with pytest.raises(ValueError, match="aware"):
        note(now=datetime(2026, 11, 23, 12))


def test_an_entry_goes_with_the_transaction_it_is_about(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        note()
        raise RuntimeError
    assert not AuditEntry.objects.exists()


def test_another_key_is_another_mac(officer):
    first = note()
    with override_settings(AUDIT_KEY="b" * 43):
        assert mac_of(first.hash, key=mac_key()) != first.mac
    assert settings.AUDIT_KEY != settings.INDEX_KEY


# Digests


def test_a_row_of_an_audited_ledger_is_recorded_with_its_digest(officer):
    row = clearance(officer)

    (entry,) = audit.record_rows([row], by=officer, now=NOON)

    assert (entry.chain, entry.kind) == (Chain.DECISIONS, Kind.DECISION)
    assert entry.subject == f"compliance.clearance:{row.pk}"
    assert entry.subject_digest == audit.digest_of(Clearance.objects.get())
    assert json.loads(entry.body)["detail"] == {"channel": "SMS", "purpose": "PAYMENT_REMINDER"}


def test_a_contact_is_recorded_like_the_decision_that_allowed_it(officer, database_clock):
    database_clock(NOON)
    allowed = clearance(officer)
    made = Contact.objects.create(
        clearance=allowed,
        customer_id=allowed.customer_id,
        channel=Channel.SMS,
        purpose=Purpose.PAYMENT_REMINDER,
        made_at=NOON,
        made_by=officer,
    )

    entries = audit.record_rows([allowed, made], by=officer, now=NOON)

    assert [entry.kind for entry in entries] == ["DECISION", "CONTACT"]
    assert entries[1].subject_digest == audit.digest_of(Contact.objects.get())


def test_a_digest_is_the_same_before_writing_and_after_reading(officer):
    row = clearance(
        officer,
        at=NOON.astimezone(ZoneInfo("America/New_York")),
        facts={"at": [NOON.isoformat()], 7: 1e22, "small": 1e-7, "big": 10**30, "none": [None, True]},
    )

    assert audit.digest_of(row) == audit.digest_of(Clearance.objects.get())


def test_a_key_given_as_text_is_the_same_key(officer):
    customer = CustomerFactory()
    row = Clearance(**{**_fields(clearance(officer)), "id": uuid4(), "customer_id": str(customer.pk)})
    row.save()

    assert audit.digest_of(row) == audit.digest_of(Clearance.objects.get(pk=row.pk))


def _fields(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_many_digests_are_those_of_the_rows(officer):
    rows = [
        clearance(officer),
        Disclosure.objects.create(
            customer=CustomerFactory(),
            field="customer.identity_number",
            reason_code="AUDIT",
            reason="check",
            at=NOON,
            by=officer,
        ),
    ]

    assert audit.digests_of(rows) == {row.pk: audit.digest_of(row) for row in rows}


def test_every_column_counts(officer):
    row = clearance(officer)
    columns = content.columns_of(Clearance)
    said = [None if (value := getattr(row, it.name)) is None else it.plain(value) for it in columns]
    as_said = [column._replace(plain=lambda value: value) for column in columns]

    assert [column.name for column in columns] == [it.attname for it in Clearance._meta.concrete_fields]
    assert content.digest(said, as_said) == audit.digest_of(row)
    for position, column in enumerate(columns):
        changed = [*said[:position], "changed", *said[position + 1 :]]
        assert content.digest(changed, as_said) != audit.digest_of(row), column.name


def test_a_column_added_later_leaves_old_digests_true_and_its_changes_visible(officer, monkeypatch):
    row = clearance(officer)
    later = audited.Audited(Clearance, Chain.DECISIONS, Kind.DECISION, added_later={"rulebook": "1"})
    monkeypatch.setitem(content.BY_LABEL, later.label, later)
    content.columns_of.cache_clear()
    try:
        as_before = audit.digest_of(row)
        row.rulebook = "2"
        assert audit.digest_of(row) != as_before
    finally:
        content.columns_of.cache_clear()


@pytest.mark.django_db
def test_money_is_digested_to_the_cent():
    columns = {column.name: column for column in content.columns_of(Payment)}

    assert columns["amount"].plain(Decimal("1.5")) == columns["amount"].plain("1.500") == "1.50"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x01\xff", "01ff"),
        (2.0, 2),
        (-0.0, 0),
        (Chain.POLICY, "POLICY"),
        ((1, [None]), [1, [None]]),
        (datetime(2026, 1, 1, tzinfo=UTC).date(), "2026-01-01"),
    ],
)
def test_canonical_values(value, said):
    assert plain(value) == said


@pytest.mark.parametrize("value", [object(), {1, 2}, {True: 1}, {None: 1}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        plain(value)


# Nobody changes or falsifies an entry


def test_the_orm_refuses_changes(officer):
    entry = note()

    for change in (
        lambda: AuditEntry.objects.update(kind="EXPORT"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.bulk_update([entry], ["kind"]),
        entry.save,
        entry.delete,
    ):
        with pytest.raises(LedgerChanged):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_auditentry SET kind = kind",
        "DELETE FROM compliance_auditentry",
        "TRUNCATE compliance_auditentry",
        "ALTER TABLE compliance_auditentry DISABLE TRIGGER compliance_audit_link",
        "ALTER TABLE compliance_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER compliance_audit_link ON compliance_auditentry",
        "DROP FUNCTION compliance_audit_head(text) CASCADE",
        "ALTER TABLE compliance_auditentry DROP CONSTRAINT audit_chain_never_forks",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION compliance_audit_link() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_the_application_may_not_change_the_ledger_or_its_walls(officer, statement):
    note()

    with (
        pytest.raises(DatabaseError, match="permission denied|must be owner|never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


COLUMNS = "chain, seq, kind, at, by_id, subject, subject_digest, body, prev, hash, mac"


def insert(entry):
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(entry))
        cursor.execute(f"INSERT INTO compliance_auditentry ({COLUMNS}) VALUES ({marks})", list(entry))


def next_entry(**changes):
    """What would follow by the rules, then changed, hashed again unless the hash itself is given."""
    last = AuditEntry.objects.filter(chain="POLICY").order_by("-seq").first()
    said = json.loads(last.body) | {"seq": last.seq + 1}
    body = changes.pop("body", json.dumps(said | changes.pop("said", {})))
    prev = changes.pop("prev", last.hash)
    seq = changes.pop("seq", last.seq + 1)
    hashed = changes.pop("hash", hash_of(prev, body))
    entry = Entry("POLICY", seq, "POLICY", NOON, None, last.subject, "", body, prev, hashed, "0" * 64)
    return entry._replace(**changes)


def test_raw_sql_that_keeps_the_rules_gets_in_without_a_true_mac(officer):
    note()

    insert(next_entry())

    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "wall"),
    [
        ({"prev": GENESIS}, "follows_the_head"),
        ({"prev": "f" * 64}, "follows_the_head"),
        ({"seq": 4, "said": {"seq": 4}}, "follows_the_head"),
        ({"seq": 1, "said": {"seq": 1}}, "follows_the_head"),
        ({"seq": 2, "said": {"seq": 2}}, "follows_the_head"),
        ({"hash": "e" * 64}, "hashes_to_its_hash"),
        ({"kind": "EXPORT"}, "says_its_columns"),
        ({"subject": "x"}, "says_its_columns"),
        ({"subject_digest": "x"}, "says_its_columns"),
        ({"at": NOON + timedelta(microseconds=1)}, "says_its_columns"),
        ({"said": {"by": 1}}, "says_its_columns"),
        ({"said": {"chain": "PEOPLE"}}, "says_its_columns"),
        ({"said": {"seq": 9}}, "says_its_columns"),
        (
            {"chain": "OTHER", "seq": 1, "prev": GENESIS, "said": {"chain": "OTHER", "seq": 1}},
            "chain_is_known",
        ),
    ],
)
def test_raw_sql_can_neither_fork_nor_falsify(officer, changes, wall):
    note()
    note()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        insert(next_entry(**changes))

    assert refused.value.__cause__.diag.constraint_name.endswith(wall)


def test_a_temporary_table_does_not_stand_in_for_the_ledger(officer):
    note()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE compliance_auditentry (LIKE public.compliance_auditentry)")
    try:
        with (
            pytest.raises(IntegrityError, match="stands at 1"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            body = json.dumps({"seq": 1, "chain": "POLICY"})
            cursor.execute(
                f"INSERT INTO public.compliance_auditentry ({COLUMNS})"
                " VALUES ('POLICY', 1, 'POLICY', now(), NULL, 'x', '', %s, %s, %s, '')",
                [body, GENESIS, hash_of(GENESIS, body)],
            )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pg_temp.compliance_auditentry")


# Races


def test_four_connections_write_one_chain_without_a_fork(committed_db):
    start, failures = Barrier(4), []

    def write(number):
        try:
            start.wait(timeout=10)
            for n in range(20):
                note(subject=f"x:{number}-{n}")
                audit.record_many(
                    [News(Chain.POLICY, Kind.POLICY, f"y:{number}-{n}-{k}") for k in range(5)],
                    by=None,
                    now=NOON,
                )
        except DatabaseError as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    rows = list(AuditEntry.objects.order_by("seq").values_list("seq", "prev", "hash"))
    assert failures == []
    assert [seq for seq, _, _ in rows] == list(range(1, 4 * 20 * 6 + 1))
    assert [prev for _, prev, _ in rows] == [GENESIS, *(hashed for _, _, hashed in rows[:-1])]


def test_two_transactions_that_use_several_chains_do_not_wait_for_each_other(committed_db):
    start, failures = Barrier(2), []

    def write(chains):
        try:
            start.wait(timeout=10)
            for n in range(30):
                audit.record_many([News(chain, Kind.POLICY, f"x:{n}") for chain in chains], by=None, now=NOON)
        except DatabaseError as failure:
            failures.append(failure)
        finally:
            connection.close()

    orders = [[Chain.PEOPLE, Chain.POLICY], [Chain.POLICY, Chain.PEOPLE]]
    threads = [Thread(target=write, args=[chains]) for chains in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failures == []
    assert AuditEntry.objects.count() == 120
    connections.close_all()
