"""The attack list: every way around the gate that somebody with code, SQL, a form or a token would try.

Each is refused, or it is detected afterwards; what an attack on the audit ledger itself meets is in
`test_audit_attacks.py`, what the database says of the hours of every zone in `test_walls.py`.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction

from accounts.models import Customer
from accounts.models.staff import Role
from compliance import gate
from compliance.certificate import issue_certificate
from compliance.gate import Ask, Channel, Party, Purpose, Refused
from compliance.models import AuditEntry, Clearance, Contact, Refusal, Restriction
from compliance.outcomes import note_outcome
from compliance.overrides import approve_override, request_override
from compliance.parties import PartyReached
from compliance.restrictions import enter_restriction, review_restriction
from compliance.terms import OverrideReason, RestrictionKind
from config.ledger import Ledger, LedgerChanged
from tests.accounts.factories import ContactPersonFactory, PhoneFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, call, make, refused, set_database_clock, sms
from tests.compliance.audit_scenes import as_owner, found, verified
from tests.visits.factories import TEN, members, notified_visit, sent_by
from visits import life
from visits.clocks import ClockNotTrusted
from visits.models import Visit
from visits.models.visits import Status

MINUTE = timedelta(minutes=1)
LEDGERS = [model for model in apps.get_models() if issubclass(model, Ledger)]
OF_COMPLIANCE = [model for model in LEDGERS if model._meta.app_label == "compliance"]


@pytest.fixture
def case(db):
    set_database_clock(NOON)
    return overdue_case(now=NOON)


@pytest.fixture
def by(db):
    return UserFactory(role=Role.SUPERVISOR)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def is_refused(act, *, match, kind=DatabaseError):
    with pytest.raises(kind, match=match), transaction.atomic():
        act()
        connection.check_constraints()


def permit(customer_id, by, *, now=NOON, **changes):
    """A clearance written past the gate, as a determined programmer would."""
    given = {
        "customer_id": customer_id,
        "channel": "SMS",
        "purpose": "PAYMENT_REMINDER",
        "asked_by": by,
        "decided_at": now,
        "at": now,
        "facts": {"zones": ["Asia/Shanghai"]},
        "rulebook": "x",
        "rules": [],
        "expires_at": now + MINUTE,
    }
    return Clearance.objects.create(**given | changes)


def contact_of(clearance, by, **changes):
    given = {
        "clearance_id": clearance.pk,
        "customer_id": clearance.customer_id,
        "channel": clearance.channel,
        "purpose": clearance.purpose,
        "party": clearance.party,
        "staff_present": 0,
        "made_at": NOON,
        "made_by": by,
    }
    return Contact(**given | changes)


def by_orm(contact):
    contact.save(force_insert=True)


def by_bulk_create(contact):
    Contact.objects.bulk_create([contact])


def by_bulk_create_that_overlooks_conflicts(contact):
    Contact.objects.bulk_create([contact], ignore_conflicts=True)


def by_sql(contact):
    columns = [field.column for field in Contact._meta.concrete_fields]
    values = [getattr(contact, field.attname) for field in Contact._meta.concrete_fields]
    told = ", ".join(["%s"] * len(values))
    sql(f"INSERT INTO public.compliance_contact ({', '.join(columns)}) VALUES ({told})", *values)


WAYS = [by_orm, by_bulk_create, by_bulk_create_that_overlooks_conflicts, by_sql]


# Changing what was written


@pytest.mark.parametrize("model", OF_COMPLIANCE, ids=lambda it: it.__name__)
def test_no_ledger_is_changed_through_the_orm(db, model):
    field = model._meta.pk.attname
    for change in (
        lambda: model._default_manager.update(**{field: models.F(field)}),
        lambda: model._default_manager.all().delete(),
        lambda: model._default_manager.bulk_update([model()], [model._meta.concrete_fields[-1].name]),
    ):
        with pytest.raises(LedgerChanged):
            change()
    kept = model()
    kept._state.adding = False
    with pytest.raises(LedgerChanged):
        kept.save()
    with pytest.raises(LedgerChanged):
        kept.delete()


@pytest.mark.parametrize("model", LEDGERS, ids=lambda it: it._meta.label)
def test_no_ledger_is_changed_by_a_query_that_has_forgotten_it_is_one(db, model):
    rows, column = models.QuerySet(model), model._meta.pk.attname
    table = connection.ops.quote_name(model._meta.db_table)
    for change in (
        lambda: rows.update(**{column: models.F(column)}),
        lambda: rows._raw_delete("default"),
        lambda: sql(f"UPDATE {table} SET {model._meta.pk.column} = {model._meta.pk.column}"),
        lambda: sql(f"DELETE FROM {table}"),
        lambda: sql(f"TRUNCATE {table} CASCADE"),
        lambda: sql(f"MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE"),
        lambda: sql(f"SELECT * FROM {table} FOR UPDATE"),
    ):
        is_refused(change, match="permission denied|never changed")


def test_a_row_is_not_replaced_by_inserting_it_again(case, by):
    contact = make(sms(case), by=by, now=NOON)
    contact.purpose = "PROMISE_REMINDER"

    is_refused(
        lambda: Contact.objects.bulk_create(
            [contact], update_conflicts=True, unique_fields=["id"], update_fields=["purpose"]
        ),
        match="permission denied",
    )
    is_refused(lambda: contact.save_base(raw=True), match="permission denied|never changed")


# A clearance that is not one's own


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(
    ("changes", "wall"),
    [
        ({"clearance_id": uuid4()}, "expired|foreign key"),
        ({"channel": "CALL"}, "contact_has_its_own_clearance"),
        ({"purpose": "PROMISE_REMINDER"}, "contact_has_its_own_clearance"),
        ({"purpose": "VISIT_PLAN"}, "contact_codes_are_known"),
        ({"channel": "PIGEON"}, "contact_codes_are_known"),
        ({"party": "GUARANTOR"}, "clearance .* is for DEBTOR"),
        ({"party": "CONTACT_PERSON"}, "clearance .* is for DEBTOR"),
        ({"channel": "VISIT"}, "nobody_visits_alone|contact_has_its_own_clearance"),
        ({"party": "NOBODY"}, "contact_party_is_known|is for DEBTOR"),
    ],
)
def test_a_clearance_serves_what_it_was_given_for(case, by, write, changes, wall):
    clearance = permit(case.customer_id, by)

    is_refused(lambda: write(contact_of(clearance, by, **changes)), match=wall)

    assert not Contact.objects.exists()


@pytest.mark.parametrize("write", WAYS)
def test_a_clearance_of_somebody_else_is_not_borrowed(case, by, write):
    other = overdue_case(now=NOON, identity_number="110101199003077715")
    clearance = permit(other.customer_id, by)

    is_refused(
        lambda: write(contact_of(clearance, by, customer_id=case.customer_id)),
        match="contact_has_its_own_clearance",
    )


@pytest.mark.parametrize("write", WAYS)
def test_a_refusal_is_no_clearance(case, by, write):
    no = refused(sms(case, at(22)), by=by, now=at(22))
    set_database_clock(NOON)

    is_refused(
        lambda: write(contact_of(permit(case.customer_id, by), by, clearance_id=no.pk)), match="expired"
    )


@pytest.mark.parametrize("write", WAYS)
def test_a_clearance_is_used_once(case, by, write):
    used = make(sms(case), by=by, now=NOON).clearance

    if write is by_bulk_create_that_overlooks_conflicts:
        write(contact_of(used, by))
    else:
        is_refused(lambda: write(contact_of(used, by)), match="clearance_id")

    assert Contact.objects.count() == 1


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=1), timedelta(days=1)])
def test_an_expired_clearance_opens_nothing(case, by, write, late):
    clearance = permit(case.customer_id, by)
    set_database_clock(clearance.expires_at + late)

    is_refused(lambda: write(contact_of(clearance, by)), match="expired")


def test_a_plan_does_not_open_a_door(case, by):
    plan = permit(case.customer_id, by, channel="VISIT", purpose="VISIT_PLAN")

    is_refused(
        lambda: by_orm(contact_of(plan, by, purpose="VISIT_START", staff_present=2)),
        match="contact_has_its_own_clearance",
    )


def test_a_person_of_another_customer_is_not_asked(case, by):
    other = overdue_case(now=NOON, identity_number="110101199003077715")
    person = ContactPersonFactory(customer=other.customer)
    clearance = permit(case.customer_id, by, channel="CALL", purpose="CONTACT_SEARCH", party="CONTACT_PERSON")

    is_refused(
        lambda: by_orm(contact_of(clearance, by, contact_person_id=person.pk)),
        match="contact_person_of_customer",
    )


def test_a_clearance_that_the_gate_did_not_give_is_detected(case, by, tmp_path):
    """The application may add rows: whoever writes a clearance and a contact by hand keeps within the walls and is named."""
    make(sms(case), by=by, now=NOON)
    forged = permit(case.customer_id, by, channel="CALL", purpose="FOLLOW_UP_CALL")
    assert found(verified(tmp_path)) == [("DECISIONS", None, "ROW_WITHOUT_ENTRY")]

    by_sql(contact_of(forged, by))

    assert found(verified(tmp_path)) == [("DECISIONS", None, "ROW_WITHOUT_ENTRY")]


# Switching the walls off


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE compliance_contact DISABLE TRIGGER ALL",
        "ALTER TABLE compliance_contact DISABLE TRIGGER compliance_contact_wall",
        "ALTER TABLE compliance_contact ENABLE REPLICA TRIGGER compliance_contact_wall",
        "ALTER TABLE compliance_contact DROP CONSTRAINT contact_has_its_own_clearance",
        "ALTER TABLE compliance_contact RENAME TO contact",
        "ALTER TABLE compliance_contact OWNER TO CURRENT_USER",
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION zoufang_owner",
        "SET ROLE zoufang_owner",
        "DROP TRIGGER compliance_contact_wall ON compliance_contact",
        "DROP FUNCTION compliance_contact_wall() CASCADE",
        "DROP FUNCTION compliance_now()",
        "CREATE OR REPLACE FUNCTION compliance_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "CREATE OR REPLACE FUNCTION compliance_contact_wall() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END'",
        "ALTER FUNCTION compliance_contact_wall() RESET search_path",
        "ALTER FUNCTION compliance_contact_wall() SET search_path = pg_temp, public",
        "ALTER FUNCTION compliance_now() RENAME TO other",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (n int)",
        "CREATE RULE nothing AS ON INSERT TO compliance_contact DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON compliance_contact FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE VIEW public.mine AS SELECT 1",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "UPDATE compliance_rulelimit SET loosest = 86400",
        "DELETE FROM compliance_rulelimit",
        "INSERT INTO compliance_rulelimit SELECT * FROM compliance_rulelimit",
        "UPDATE django_migrations SET name = 'x'",
        "COPY compliance_contact TO PROGRAM 'cat'",
        "COPY compliance_contact FROM '/tmp/contacts'",
        "ALTER DATABASE postgres SET session_replication_role = replica",
        "UPDATE pg_proc SET prosrc = 'BEGIN RETURN NEW; END' WHERE proname = 'compliance_contact_wall'",
        "UPDATE pg_trigger SET tgenabled = 'D'",
    ],
)
def test_the_application_does_not_switch_a_wall_off(db, statement):
    is_refused(
        lambda: sql(statement),
        match="must be owner|permission denied|must be able to SET ROLE|does not exist|must be superuser",
        kind=ProgrammingError,
    )


def test_the_application_grants_itself_nothing(db):
    sql("GRANT UPDATE, DELETE ON compliance_contact TO CURRENT_USER")  # PostgreSQL only warns

    is_refused(lambda: sql("UPDATE compliance_contact SET staff_present = 2"), match="permission denied")


def test_a_setting_of_the_session_does_not_switch_a_history_off(case, by):
    restriction = hold(case, by)
    sql("SET LOCAL pgtrigger.ignore = 'compliance.restriction:added_insert,{}'")

    hold(case, by, RestrictionKind.REPRESENTED)

    history = apps.get_model("compliance", "RestrictionHistory")
    assert history.objects.count() == 2
    is_refused(lambda: Restriction.objects.filter(pk=restriction.pk).update(starts_at=at(23)), match="lifted")


def hold(case, by, kind=RestrictionKind.BEREAVEMENT):
    return enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="told",
        by=UserFactory(role=Role.COMPLIANCE_OFFICER),
        now=NOON,
    )


# Putting something in front of what the walls look at


def shadow(table, *changes):
    """A temporary table that has the name of one of ours, and its rows with `changes`."""
    sql(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT * FROM public.{table}")
    for change in changes:
        sql(change)


def test_every_function_of_ours_looks_for_tables_in_our_schema_first(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, p.proconfig FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
            " WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('plpgsql', 'sql')"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass"
            " AND d.objid = p.oid AND d.deptype = 'e')"
        )
        functions = dict(cursor.fetchall())

    assert {"compliance_contact_wall()", "compliance_now()", "refuse_ledger_change()"} <= functions.keys()
    assert {
        name
        for name, settings in functions.items()
        if "search_path=pg_catalog, public, pg_temp" not in (settings or [])
    } == set()


NEW_YORK = "UPDATE pg_temp.accounts_customer SET time_zones = ARRAY['America/New_York']"
SEARCH_PATHS = ["DEFAULT", "pg_temp, public", "public, pg_temp"]


@pytest.mark.parametrize("path", SEARCH_PATHS)
def test_a_shadow_of_the_customers_opens_no_hour(case, by, path):
    night = at(23)
    clearance = permit(case.customer_id, by, now=night)
    set_database_clock(night)
    shadow("accounts_customer", NEW_YORK)
    sql(f"SET LOCAL search_path = {path}")

    is_refused(lambda: by_sql(contact_of(clearance, by)), match="contact refused: it is 23:00:00")


def test_a_shadow_of_the_clearances_prolongs_none(case, by):
    clearance = permit(case.customer_id, by)
    set_database_clock(NOON + 2 * MINUTE)
    shadow(
        "compliance_clearance",
        "UPDATE pg_temp.compliance_clearance SET expires_at = expires_at + interval '1 day', party = 'GUARANTOR'",
    )

    is_refused(lambda: by_sql(contact_of(clearance, by)), match="expired")


VALUES = {"opens": 0, "closes": 86_399, "decision": 4}


def test_a_shadow_of_the_limits_loosens_no_rule(db):
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    shadow("compliance_rulelimit", "UPDATE pg_temp.compliance_rulelimit SET loosest = most, direction = -1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM public.compliance_rulelimit WHERE rule = 'WIN-BANK'")
        names = [name for (name,) in cursor.fetchall()]
    settings = ", ".join(f"'{name}', {VALUES.get(name, 0)}" for name in names)

    is_refused(
        lambda: sql(
            "INSERT INTO public.compliance_ruleamendment (rule, number, settings, effective_from, reason, status,"
            " proposed_at, proposed_by_id)"
            f" VALUES ('WIN-BANK', 1, jsonb_build_object({settings}), now(), 'x', 'PROPOSED', now(), %s)",
            officer.pk,
        ),
        match="WIN-BANK",
        kind=IntegrityError,
    )


def overridden(case):
    """A contact that an override made possible."""
    agent, first, second = (
        UserFactory(role=role, branch=case.branch)
        for role in (Role.FIELD_AGENT, Role.SUPERVISOR, Role.SUPERVISOR)
    )
    for day in range(17, 24):
        make(sms(case, at(9, day=day), Purpose.VISIT_NOTICE), by=agent, now=at(9, day=day))
    ask = sms(case, NOON, Purpose.VISIT_NOTICE)
    override = request_override(
        refusal=refused(ask, by=agent, now=NOON),
        reason_code=OverrideReason.CUSTOMER_ASKED,
        reason="asked to be told",
        by=first,
        now=NOON,
    )
    approve_override(override, by=second, now=NOON)
    return make(ask, by=agent, now=NOON)


def test_a_shadow_of_the_uses_lets_no_override_be_used_again(case, by):
    used = overridden(case).clearance.override_use
    again = permit(case.customer_id, by)
    shadow("compliance_overrideuse", "DELETE FROM pg_temp.compliance_overrideuse")

    is_refused(
        lambda: sql(
            "INSERT INTO public.compliance_overrideuse (override_id, purpose, clearance_id, used_at)"
            " VALUES (%s, %s, %s, %s)",
            used.override_id,
            again.purpose,
            again.pk,
            NOON,
        ),
        match="was used before",
    )


def test_a_shadow_of_the_contacts_lets_nobody_be_asked_again(case, by):
    PhoneFactory(customer=case.customer)
    person = ContactPersonFactory(customer=case.customer)
    first, second = (
        permit(case.customer_id, by, channel="CALL", purpose="CONTACT_SEARCH", party="CONTACT_PERSON")
        for _ in range(2)
    )
    by_sql(contact_of(first, by, contact_person_id=person.pk))
    shadow("compliance_contact", "DELETE FROM pg_temp.compliance_contact")
    shadow("accounts_contactperson", "UPDATE pg_temp.accounts_contactperson SET role = 'GUARANTOR'")

    is_refused(lambda: by_sql(contact_of(second, by, contact_person_id=person.pk)), match="was asked already")


def test_a_shadow_of_the_catalogue_is_no_purge(case, by):
    """`purging()` asks the catalogue who owns a table: a session that answers itself would rewrite restrictions."""
    restriction = hold(case, by)
    sql("SET LOCAL zoufang.purging = 'compliance_restriction'")
    sql(
        "CREATE TEMPORARY TABLE pg_class ON COMMIT DROP AS SELECT oid, relname,"
        " (SELECT oid FROM pg_roles WHERE rolname = current_user) AS relowner FROM pg_catalog.pg_class"
    )

    is_refused(
        lambda: sql("UPDATE compliance_restriction SET ends_at = starts_at + interval '1 s'"), match="lifted"
    )
    is_refused(lambda: sql("DELETE FROM compliance_restriction"), match="never deleted")
    assert Restriction.objects.get() == restriction


def test_a_function_of_the_session_does_not_stand_in_for_the_clock(case, by):
    night = at(23)
    clearance = permit(case.customer_id, by, now=night)
    set_database_clock(night)
    sql(
        "CREATE FUNCTION pg_temp.compliance_now() RETURNS timestamptz LANGUAGE sql AS"
        f" 'SELECT ''{NOON.isoformat()}''::timestamptz'"
    )
    sql("SET LOCAL search_path = pg_temp, public")

    is_refused(lambda: by_sql(contact_of(clearance, by)), match="it is 23:00:00")


def test_what_is_written_to_a_shadow_is_no_contact(case, by):
    """A message names a row of the ledger itself, whatever the session calls by its name."""
    clearance = permit(case.customer_id, by)
    shadow("compliance_contact")
    contact = contact_of(clearance, by)

    contact.save(force_insert=True)  # into the temporary table

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.compliance_contact")
        assert cursor.fetchone() == (0,)
    is_refused(
        lambda: sql(
            "INSERT INTO public.compliance_contactoutcome (contact_id, reached, party_reached, refused_further,"
            " noted_at, noted_by_id) VALUES (%s, false, 'NOBODY', false, now(), %s)",
            contact.pk,
            by.pk,
        ),
        match="foreign key",
    )


# Turning clocks


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Kiritimati"])
def test_the_time_zone_of_the_session_opens_no_hour(case, by, zone):
    night = at(23)
    clearance = permit(case.customer_id, by, now=night)
    set_database_clock(night)
    sql(f"SET LOCAL TIME ZONE '{zone}'")

    is_refused(lambda: by_sql(contact_of(clearance, by)), match="it is 23:00:00")


@pytest.mark.parametrize("write", WAYS)
def test_a_transaction_begun_before_nine_does_not_act_at_nine(case, by, write):
    begun = at(20, 59)
    with transaction.atomic():
        set_database_clock(begun)
        first, second = (
            permit(case.customer_id, by, now=begun, expires_at=begun + 5 * MINUTE) for _ in range(2)
        )
        set_database_clock(at(20, 59, 59, 999_999))
        write(contact_of(first, by))
        set_database_clock(at(21))

        is_refused(lambda: write(contact_of(second, by)), match="it is 21:00:00")

    assert Contact.objects.count() == 1


def test_a_permit_does_not_outlive_the_cut_off_inside_its_own_transaction(case, by):
    begun = at(20, 49, 30)
    set_database_clock(begun)

    with (
        pytest.raises(IntegrityError, match="expired"),
        gate.clearance(sms(case, begun), by=by, now=begun) as given,
    ):
        set_database_clock(at(20, 50))
        gate.make_contact(given, by=by, now=begun)

    assert not Clearance.objects.exists()
    assert not AuditEntry.objects.filter(chain="DECISIONS").exists()


def test_an_application_that_believes_it_is_noon_does_not_act_at_night(case, by):
    set_database_clock(at(23))

    with pytest.raises(Refused) as no, gate.clearance(sms(case), by=by, now=NOON):
        pass

    assert Refusal.objects.get() == no.value.refusal
    assert no.value.refusal.rule_ids == ["CLOCK"]


@pytest.mark.parametrize(
    ("device_at", "now"),
    [(at(20, 55, day=20), at(21, 5, day=20)), (TEN, at(7, 30, day=20)), (TEN, at(23, day=20))],
)
def test_a_phone_whose_clock_was_turned_opens_no_door(db, database_clock, device_at, now):
    database_clock(TEN)
    visit = notified_visit()
    database_clock(now)
    agent = members(visit)[0]

    with pytest.raises((Refused, ClockNotTrusted)):
        life.check_in(
            visit,
            sent=sent_by(agent, at=device_at, device_at=device_at),
            fix=None,
            present=[one.pk for one in members(visit)],
            by=agent,
            now=now,
        )

    assert Visit.objects.get().status == Status.NOTIFIED
    assert not Contact.objects.filter(channel="VISIT").exists()


def test_a_zone_that_was_changed_just_before_is_on_record_and_shows_in_the_certificate(case, by, tmp_path):
    """Whoever may change customers may move one to where the sun shines: the decision keeps what it saw, for good."""
    night = at(23)
    Customer.objects.filter(pk=case.customer_id).update(time_zones=["America/New_York"])

    contact = make(sms(case, night), by=by, now=night)
    Customer.objects.filter(pk=case.customer_id).update(time_zones=["Asia/Shanghai"])

    kept = Clearance.objects.get().facts
    assert kept["zones"] == ["America/New_York"]
    assert [place[0] for place in kept["places"]] == ["CN"]  # and still lives in China
    assert found(verified(tmp_path)) == []
    certificate = issue_certificate(
        since=at(0), until=at(23, 30), by=UserFactory(role=Role.AUDITOR), now=at(23, 30)
    )
    assert (certificate.contacts, certificate.outside, certificate.examples) == (1, 1, (str(contact.pk),))


# Rows behind the chain


def test_every_ledger_of_decisions_is_fixed_by_the_chain(committed_db, tmp_path):
    """The owner changes a row of each with the walls down; and slips in one of its own."""
    case = overdue_case(now=NOON)
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    contact = overridden(case)
    other = overdue_case(now=NOON, identity_number="110101199003077715")
    spoken = make(call(other), by=officer, now=NOON)
    note_outcome(spoken, reached=True, party=PartyReached.DEBTOR, by=officer, now=NOON)
    review_restriction(hold(case, officer, RestrictionKind.REPRESENTED), by=officer, now=NOON)
    assert found(verified(tmp_path)) == []
    use = contact.clearance.override_use

    for table, change, back, chain in (
        ("compliance_contactoutcome", "reached = false, party_reached = 'NOBODY'", "reached = true, party_reached = 'DEBTOR'", "DECISIONS"),
        ("compliance_overrideuse", "purpose = 'PAYMENT_REMINDER'", f"purpose = '{use.purpose}'", "DECISIONS"),
        ("compliance_policysnapshot", "rulebook = rulebook || '!'", "rulebook = rtrim(rulebook, '!')", "POLICY"),
        ("compliance_stoppage", "visits = visits + 1", "visits = visits - 1", "EVIDENCE"),
        ("compliance_restrictionreview", "next_on = next_on + 1", "next_on = next_on - 1", "EVIDENCE"),
        ("compliance_refusal", "severity = severity + 1", "severity = severity - 1", "DECISIONS"),
        ("compliance_contact", "made_at = made_at - interval '1 h'", "made_at = made_at + interval '1 h'", "DECISIONS"),
    ):  # fmt: skip
        as_owner((f"UPDATE {table} SET {change}", []), table=table)
        assert [(bad[0], bad[2]) for bad in found(verified(tmp_path))] == [(chain, "SUBJECT_CHANGED")], table
        as_owner((f"UPDATE {table} SET {back}", []), table=table)
        assert found(verified(tmp_path)) == [], table


def test_a_use_or_an_outcome_without_its_entry_is_named(case, by, tmp_path):
    contact = make(call(case), by=by, now=NOON)
    sql(
        "INSERT INTO compliance_contactoutcome (contact_id, reached, party_reached, refused_further, noted_at,"
        " noted_by_id) VALUES (%s, false, 'NOBODY', false, now(), %s)",
        contact.pk,
        by.pk,
    )

    assert found(verified(tmp_path)) == [("DECISIONS", None, "ROW_WITHOUT_ENTRY")]


def test_the_gate_is_not_asked_for_another_party_by_the_same_word(case, by):
    """The purpose of a reminder is the debtor's: a contact person is not reminded of anybody's debt."""
    person = ContactPersonFactory(customer=case.customer)
    ask = Ask(
        case.customer_id, Channel.CALL, Purpose.PAYMENT_REMINDER, NOON, NOON, party=Party.CONTACT_PERSON,
        contact_person_id=person.pk,
    )  # fmt: skip

    assert refused(ask, by=by, now=NOON).reasons
