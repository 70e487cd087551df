"""What people edit leaves a history, by whatever way it was changed, and nobody can touch it."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Branch, BranchHistory, User, UserHistory
from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.calendar.loading import load_holidays
from compliance.models import (
    Holiday,
    HolidayHistory,
    HolidayYear,
    HolidayYearHistory,
    LegalSource,
    LegalSourceHistory,
    Restriction,
    RestrictionHistory,
)
from compliance.restrictions import enter_restriction, lift_restriction
from config import rights
from config.history import History, acting, history_model_of
from config.ledger import Ledger, LedgerChanged
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory
from tests.accounts.feed_files import account_row, customer_row, deliver, month_row, write_feed
from tests.visits.factories import TEN, team
from visits.models import Plan, PlanHistory, Shift, Team, TeamHistory, TeamMember, TeamMemberHistory

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HISTORIES = [model for model in apps.get_models() if issubclass(model, History)]
TRACKED = {model.tracked_model() for model in HISTORIES}


def happened(history, *fields, **where):
    """What was recorded, the oldest first."""
    rows = history.objects.filter(**where).order_by("pgh_id")
    return list(rows.values_list("pgh_label", *fields))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# What is kept


def test_this_is_what_has_a_history():
    assert {model.__name__ for model in TRACKED} == {
        "AreaRestriction",
        "Branch",
        "Holiday",
        "HolidayYear",
        "LegalSource",
        "Override",
        "Plan",
        "QuietHours",
        "Restriction",
        "RuleAmendment",
        "Shift",
        "Team",
        "TeamMember",
        "User",
    }


@pytest.mark.parametrize("history", HISTORIES, ids=lambda it: it.__name__)
def test_a_history_is_a_ledger_with_a_page_of_its_own(history):
    assert issubclass(history, Ledger)
    assert history._meta.db_table in rights.ledger_tables()
    assert history in admin.site._registry
    assert history_model_of(history.tracked_model()) is history


# What a history may not hold: secrets, and what is known of customers in clear.
NEVER = {"password", "last_login", "name_sealed", "identity_number_masked", "birth_date", "number_masked"}
WORDS_ABOUT_A_CUSTOMER = {"Restriction": {"evidence"}, "Override": {"reason", "decision_note"}}


@pytest.mark.parametrize("history", HISTORIES, ids=lambda it: it.__name__)
def test_a_history_holds_no_secret_and_nothing_of_a_customer(history):
    names = {field.name for field in history.kept_fields()}

    assert not names & (NEVER | WORDS_ABOUT_A_CUSTOMER.get(history.tracked_model().__name__, set()))
    assert history.tracked_model()._meta.label not in {
        "accounts.Customer",
        "accounts.Phone",
        "accounts.Address",
        "accounts.Account",
    }


# Every way of changing


def by_save(branch):
    branch.hotline = "2"
    branch.save()


WAYS = {
    "save": by_save,
    "update": lambda branch: Branch.objects.filter(pk=branch.pk).update(hotline="2"),
    "bulk_update": lambda branch: Branch.objects.bulk_update(
        [Branch(**{**vars_of(branch), "hotline": "2"})], ["hotline"]
    ),
    "upsert": lambda branch: Branch.objects.bulk_create(
        [Branch(**{**vars_of(branch), "hotline": "2"})],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["hotline"],
    ),
    "raw SQL": lambda branch: sql("UPDATE accounts_branch SET hotline = '2' WHERE id = %s", branch.pk),
}


def vars_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_kept_with_what_was_before(way):
    branch = BranchFactory(hotline="1")

    WAYS[way](branch)

    assert happened(BranchHistory, "hotline", pgh_obj=branch.pk) == [
        ("added", "1"),
        ("changed_from", "1"),
        ("changed_to", "2"),
    ]


@pytest.mark.django_db
def test_many_at_once_are_all_kept():
    BranchFactory.create_batch(2)
    Branch.objects.bulk_create(BranchFactory.build_batch(20))

    Branch.objects.update(city="呼和浩特市")

    for label in ("added", "changed_from", "changed_to"):
        rows = BranchHistory.objects.filter(pgh_label=label)
        assert {*rows.values_list("pgh_obj", flat=True)} == {*Branch.objects.values_list("pk", flat=True)}
        assert rows.count() == 22


DELETIONS = {
    "delete": lambda row: row.delete(),
    "QuerySet": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "raw SQL": lambda row: sql(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", DELETIONS)
def test_what_is_deleted_stays_in_the_history(way):
    branch = BranchFactory(name="包头分行")
    pk = branch.pk

    DELETIONS[way](branch)

    assert happened(BranchHistory, "name", pgh_obj=pk)[-1] == ("deleted", "包头分行")


@pytest.mark.django_db
def test_a_change_of_nothing_is_no_change():
    branch = BranchFactory()

    branch.save()
    Branch.objects.update(code=branch.code)

    assert [label for (label,) in happened(BranchHistory)] == ["added"]


@pytest.mark.django_db
def test_what_is_rolled_back_did_not_happen():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        BranchFactory()
        raise ZeroDivisionError

    assert not BranchHistory.objects.exists()


def test_it_is_recorded_when_it_was_written_not_when_its_transaction_began(committed_db):
    with transaction.atomic():
        sql("SELECT pg_sleep(0.05)")
        branch = BranchFactory()
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            began = cursor.fetchone()[0]

    assert BranchHistory.objects.get(pgh_obj=branch.pk).pgh_created_at - began >= timedelta(milliseconds=50)


# Staff


@pytest.mark.django_db
def test_no_password_is_ever_copied_but_its_change_is_noticed():
    person = UserFactory()

    person.set_password("a long secret of somebody")
    person.save()

    assert [label for (label,) in happened(UserHistory, pgh_obj=person.pk)] == [
        "added",
        "changed_from",
        "changed_to",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_userhistory AS h WHERE h::text LIKE '%pbkdf2%'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM accounts_user AS u WHERE u::text LIKE '%pbkdf2%'")
        assert cursor.fetchone()[0] >= 1


@pytest.mark.django_db
def test_a_log_in_is_no_edit():
    person = UserFactory()

    Client().force_login(person)

    assert User.objects.get(pk=person.pk).last_login is not None
    assert [label for (label,) in happened(UserHistory, pgh_obj=person.pk)] == ["added"]


@pytest.mark.django_db
def test_a_promotion_is_remembered():
    person = UserFactory(role=Role.FIELD_AGENT)

    User.objects.filter(pk=person.pk).update(role=Role.SUPERVISOR, is_staff=True)

    assert happened(UserHistory, "role", "is_staff", pgh_obj=person.pk)[1:] == [
        ("changed_from", "FIELD_AGENT", False),
        ("changed_to", "SUPERVISOR", True),
    ]


# The other packages


@pytest.mark.django_db
def test_a_load_of_the_calendar_is_kept_day_by_day():
    load_holidays(countries=["CN"], years=[2026], by=UserFactory(), now=NOW)

    added = HolidayHistory.objects.filter(pgh_label="added")
    assert {*added.values_list("date", "kind")} == {*Holiday.objects.values_list("date", "kind")}


@pytest.mark.django_db
def test_a_restriction_and_its_lifting_are_kept_without_the_evidence():
    officer, customer = UserFactory(role=Role.COMPLIANCE_OFFICER), CustomerFactory()
    row = enter_restriction(
        customer=customer,
        kind="HOSPITAL",
        channels=[],
        starts_at=NOW,
        ends_at=None,
        evidence="李明的住院通知",
        by=officer,
        now=NOW,
    )
    lift_restriction(row, by=officer, now=NOW)

    assert happened(RestrictionHistory, "customer", "lifted_by") == [
        ("added", customer.pk, None),
        ("changed_from", customer.pk, None),
        ("changed_to", customer.pk, officer.pk),
    ]
    assert Restriction.objects.get().evidence
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM compliance_restrictionhistory AS h WHERE h::text LIKE '%李明%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_source_keeps_what_it_was_confirmed_as_before():
    source = LegalSource.objects.first()
    before, after = (
        source.verification,
        next(it for it in ("CONFIRMED", "BACKGROUND") if it != source.verification),
    )

    LegalSource.objects.filter(pk=source.pk).update(verification=after)

    assert happened(LegalSourceHistory, "verification", pgh_obj=source.pk)[-2:] == [
        ("changed_from", before),
        ("changed_to", after),
    ]


@pytest.mark.django_db
def test_teams_and_the_decision_on_a_plan_are_kept():
    crew = team(BranchFactory(), size=2)
    plan = Plan.objects.create(
        branch=crew.branch,
        date=TEN.date(),
        status="PROPOSED",
        solver="x",
        seed=1,
        proposed_at=TEN,
        proposed_by=UserFactory(),
    )
    decider = UserFactory()
    Plan.objects.filter(pk=plan.pk).update(status="REJECTED", decided_at=TEN, decided_by=decider)
    leaver = TeamMember.objects.filter(team=crew).first()
    leaver_pk, who = leaver.pk, leaver.user_id
    leaver.delete()

    assert happened(PlanHistory, "status", "decided_by") == [
        ("added", "PROPOSED", None),
        ("changed_from", "PROPOSED", None),
        ("changed_to", "REJECTED", decider.pk),
    ]
    assert happened(TeamHistory, "name") == [("added", crew.name)]
    assert happened(TeamMemberHistory, "user", pgh_obj=leaver_pk)[-1] == ("deleted", who)
    assert Team.objects.filter(pk=crew.pk).exists()


# Nobody touches it


def attacks(table):
    return {
        "update": f"UPDATE {table} SET pgh_label = 'added'",
        "delete": f"DELETE FROM {table}",
        "truncate": f"TRUNCATE {table}",
        "invent": f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
        "drop": f"DROP TABLE {table}",
        "disable": f"ALTER TABLE {table} DISABLE TRIGGER ALL",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("history", HISTORIES, ids=lambda it: it.__name__)
@pytest.mark.parametrize("attack", attacks(""))
def test_the_application_cannot_change_a_history(history, attack):
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql(attacks(history._meta.db_table)[attack])


@pytest.mark.django_db
@pytest.mark.parametrize("history", HISTORIES, ids=lambda it: it.__name__)
def test_the_application_cannot_stop_the_recording(history):
    table = history.tracked_model()._meta.db_table
    for statement in (
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"TRUNCATE {table} CASCADE",
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            sql(statement)


@pytest.mark.parametrize("attack", ["update", "delete", "truncate", "invent"])
def test_not_even_the_owner_changes_a_history_by_accident(committed_db, attack):
    BranchFactory()

    with connections["owner"].cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(attacks("accounts_branchhistory")[attack])


@pytest.mark.django_db
def test_the_models_refuse_too():
    BranchFactory()
    row = BranchHistory.objects.get()

    with pytest.raises(LedgerChanged):
        row.save()
    with pytest.raises(LedgerChanged):
        row.delete()
    with pytest.raises(LedgerChanged):
        BranchHistory.objects.update(name="x")


@pytest.mark.django_db
def test_django_pgtriggers_own_way_of_skipping_triggers_is_closed():
    with pgtrigger.ignore():
        branch = BranchFactory()
    sql("SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger), true)")
    Branch.objects.update(hotline="2")

    assert [label for (label,) in happened(BranchHistory, pgh_obj=branch.pk)] == [
        "added",
        "changed_from",
        "changed_to",
    ]


# Who


@pytest.mark.django_db
def test_a_block_that_fails_names_nobody_afterwards():
    branch = BranchFactory(hotline="1")
    with pytest.raises(ZeroDivisionError), acting(7), transaction.atomic():
        Branch.objects.update(hotline="2")
        raise ZeroDivisionError
    Branch.objects.update(hotline="3")

    assert happened(BranchHistory, "hotline", "pgh_context", pgh_obj=branch.pk)[1:] == [
        ("changed_from", "1", None),
        ("changed_to", "3", None),
    ]


@pytest.mark.django_db
def test_outside_a_block_nobody_is_named_and_inside_the_actor_is():
    branch = BranchFactory(hotline="1")
    with acting(7):
        Branch.objects.update(hotline="2")
    Branch.objects.update(hotline="3")

    rows = BranchHistory.objects.filter(pgh_obj=branch.pk).order_by("pgh_id")
    assert [row.pgh_context for row in rows] == [None, {"user": 7}, {"user": 7}, None, None]


def browser_of(role, **staff):
    make_role_groups()
    user = UserFactory(role=role, **staff)
    apply_role(user)
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    client.user = user
    return client


@pytest.fixture
def administrator(db):
    return browser_of(Role.ADMINISTRATOR)


def form_of(branch, **changes):
    fields = ("code", "name", "city", "country", "time_zone", "latitude", "longitude", "datum", "hotline")
    return {**{name: getattr(branch, name) for name in fields}, **changes}


def test_a_form_names_who_sent_it(administrator):
    branch = BranchFactory(hotline="1")

    answer = administrator.post(
        reverse("admin:accounts_branch_change", args=[branch.pk]), form_of(branch, hotline="2")
    )

    assert answer.status_code == 302
    assert happened(BranchHistory, "hotline", "pgh_context", pgh_obj=branch.pk)[1:] == [
        ("changed_from", "1", {"user": administrator.user.pk}),
        ("changed_to", "2", {"user": administrator.user.pk}),
    ]


def test_an_action_names_who_chose_it(administrator):
    load_holidays(countries=["CN"], years=[2099], by=administrator.user, now=NOW)
    year = HolidayYear.objects.get(country="CN", year=2099)

    administrator.post(
        reverse("admin:compliance_holidayyear_changelist"),
        {"action": "confirm", "_selected_action": [year.pk]},
    )

    assert happened(HolidayYearHistory, "status", "pgh_context", pgh_obj=year.pk) == [
        ("added", "ESTIMATED", None),
        ("changed_from", "ESTIMATED", {"user": administrator.user.pk}),
        ("changed_to", "OFFICIAL", {"user": administrator.user.pk}),
    ]


def test_the_next_request_does_not_inherit_the_name(administrator):
    branch = BranchFactory()
    administrator.post(
        reverse("admin:accounts_branch_change", args=[branch.pk]), form_of(branch, hotline="2")
    )

    Branch.objects.update(hotline="3")

    assert BranchHistory.objects.latest("pgh_id").pgh_context is None
    assert not hasattr(pghistory.runtime._tracker, "value")


# Reading


def history_page(browser, model="accounts_branchhistory", **lookups):
    return browser.get(reverse(f"admin:{model}_changelist"), lookups)


def test_the_page_says_when_who_and_from_what_to_what(administrator):
    branch = BranchFactory(hotline="0472-1")
    administrator.post(
        reverse("admin:accounts_branch_change", args=[branch.pk]), form_of(branch, hotline="0472-2")
    )

    page = history_page(administrator).content.decode()

    assert "0472-1 → 0472-2" in page
    assert administrator.user.username in page
    row = BranchHistory.objects.get(pgh_label="changed_to")
    one = administrator.get(reverse("admin:accounts_branchhistory_change", args=[row.pk])).content.decode()
    assert "0472-1 → 0472-2" in one


def test_a_change_of_which_nothing_is_kept_is_shown_as_such(administrator):
    person = UserFactory()
    person.set_password("a long secret of somebody")
    person.save()

    page = history_page(administrator, "accounts_userhistory", pgh_obj=person.pk).content.decode()

    assert "something of which no copy is kept" in page


def test_the_history_button_leads_there(administrator):
    branch, other = BranchFactory(name="Alpha"), BranchFactory(name="Beta")

    answer = administrator.get(reverse("admin:accounts_branch_history", args=[branch.pk]), follow=True)

    shown = answer.context["cl"].result_list
    assert [row.pgh_obj_id for row in shown] == [branch.pk]
    assert other.pk != branch.pk


def test_the_list_is_narrowed_to_one_kind_of_change(administrator):
    BranchFactory(name="Gone branch").delete()
    BranchFactory(name="Standing branch")

    page = history_page(administrator, happening="deleted").content.decode()

    assert "Gone branch" in page
    assert "Standing branch" not in page
    assert "happening=changed_from" not in page


def test_what_was_deleted_is_still_listed(administrator):
    branch = BranchFactory(name="Gone branch")
    branch.delete()

    assert "Gone branch" in history_page(administrator).content.decode()


def test_a_long_history_takes_as_many_queries_as_a_short_one(administrator, django_assert_max_num_queries):
    BranchFactory.create_batch(30)
    for n in range(3):
        Branch.objects.update(hotline=str(n))

    with django_assert_max_num_queries(8):
        answer = history_page(administrator)

    assert len(answer.context["cl"].result_list) == 50


@pytest.mark.parametrize("history", HISTORIES, ids=lambda it: it.__name__)
def test_every_history_can_be_looked_at(administrator, history):
    crew = team(BranchFactory(), size=2)
    Shift.objects.create(
        user=crew.members.first(), date=crew.date, starts_at=crew.starts_at, ends_at=crew.ends_at
    )
    Plan.objects.create(
        branch=crew.branch,
        date=TEN.date(),
        status="PROPOSED",
        solver="x",
        seed=1,
        proposed_at=TEN,
        proposed_by=administrator.user,
    )
    load_holidays(countries=["CN"], years=[2027], by=administrator.user, now=NOW)
    enter_restriction(
        customer=CustomerFactory(),
        kind="HOSPITAL",
        channels=["VISIT"],
        starts_at=NOW,
        ends_at=None,
        evidence="x",
        by=administrator.user,
        now=NOW,
    )
    name = f"{history._meta.app_label}_{history._meta.model_name}"

    assert history_page(administrator, name).status_code == 200
    row = history.objects.order_by("pgh_id").first()
    if row is None:
        pytest.skip("nobody changed anything here")
    assert administrator.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200


def test_a_supervisor_sees_the_history_of_her_own_people_only(db):
    branch = BranchFactory()
    supervisor = browser_of(Role.SUPERVISOR, branch=branch)
    hers, other = UserFactory(branch=branch), UserFactory()

    shown = history_page(supervisor, "accounts_userhistory").context["cl"].result_list

    seen = {row.pgh_obj_id for row in shown}
    assert hers.pk in seen
    assert other.pk not in seen


# The feed


WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM|COPY|MERGE INTO)\s+\"?(\w+)")


@pytest.mark.django_db
def test_the_feed_writes_nothing_that_has_a_history(tmp_path):
    """Its speed rests on it; and what the bank tells is kept batch by batch, not edit by edit."""
    BranchFactory(code="BT")
    files = {"customers": [customer_row()], "accounts": [account_row()], "months": [month_row()]}
    before = [model.objects.count() for model in HISTORIES]

    with CaptureQueriesContext(connection) as queries:
        for day in (20, 21):
            deliver(write_feed(tmp_path / str(day), **files), as_of=date(2026, 11, day))

    said = [it["sql"] if isinstance(it["sql"], str) else repr(it["sql"]) for it in queries]
    written = {name for statement in said for name in WRITES.findall(statement)}
    assert "accounts_customer" in written
    assert not written & {model._meta.db_table for model in TRACKED}
    assert [model.objects.count() for model in HISTORIES] == before
