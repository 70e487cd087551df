"""How long restrictions last, who enters, continues, reviews and lifts them, and what the database holds to."""

import importlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.models import CaseEvent
from accounts.models.staff import Role
from accounts.timeline import sentence
from compliance.evidence import EvidenceKind
from compliance.models import Restriction, RestrictionReview, Stoppage
from compliance.restrictions import (
    AlreadyLifted,
    CannotBeExtended,
    EndsBeforeItStarts,
    NoEnd,
    NoProof,
    NotYours,
    TooLong,
    enter_restriction,
    extend_restriction,
    lift_restriction,
    review_restriction,
)
from compliance.reviews import call_for_reviews, restrictions_to_review
from compliance.special_care import EFFECTS
from compliance.terms import Channel, RestrictionKind
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.accounts.people import make_everybody_somebody_else

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOON.date()
DAY, A_MOMENT = timedelta(days=1), timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def officer():
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


@pytest.fixture
def case():
    return overdue_case(now=NOON - DAY)


def enter(case, kind, *, by, ends_at=None, starts_at=NOON, now=NOON, channels=(), evidence_kind=None):
    return enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=channels,
        starts_at=starts_at,
        ends_at=ends_at,
        evidence="no. 17",
        evidence_kind=evidence_kind or EFFECTS[kind].proof[0],
        by=by,
        now=now,
    )


def extend(row, *, by, ends_at=None, now=NOON + DAY, evidence_kind=EvidenceKind.MEDICAL):
    return extend_restriction(
        row, ends_at=ends_at, evidence="no. 18", evidence_kind=evidence_kind, by=by, now=now
    )


LIMITED = [kind for kind, care in EFFECTS.items() if care.longest]


class TestDuration:
    @pytest.mark.parametrize("kind", RestrictionKind)
    def test_without_an_end_it_lasts_as_the_table_says(self, case, officer, kind):
        usual = EFFECTS[kind].usual
        if EFFECTS[kind].dated:
            with pytest.raises(NoEnd, match="Enter its end"):
                enter(case, kind, by=officer)
            return

        assert enter(case, kind, by=officer).ends_at == (NOON + usual * DAY if usual else None)

    @pytest.mark.parametrize("kind", LIMITED)
    def test_the_last_possible_end_is_taken_and_one_moment_more_is_not(self, case, officer, kind):
        latest = NOON + EFFECTS[kind].longest * DAY

        assert enter(case, kind, by=officer, ends_at=latest).ends_at == latest
        with pytest.raises(TooLong, match=f"{EFFECTS[kind].longest} days at most") as limit:
            enter(case, kind, by=officer, ends_at=latest + A_MOMENT)
        assert limit.value.latest == latest

    def test_it_ends_after_it_starts(self, case, officer):
        with pytest.raises(EndsBeforeItStarts):
            enter(case, RestrictionKind.DISPUTE, by=officer, ends_at=NOON)

    def test_what_was_refused_leaves_nothing(self, case, officer):
        with pytest.raises(TooLong):
            enter(case, RestrictionKind.HOSPITAL, by=officer, ends_at=NOON + 91 * DAY)

        assert not Restriction.objects.exists()
        assert not CaseEvent.objects.filter(kind="RESTRICTION_ENTERED").exists()


class TestEvidence:
    @pytest.mark.parametrize("kind", [kind for kind, care in EFFECTS.items() if not care.on_word])
    def test_some_kinds_rest_on_paper_only(self, case, officer, kind):
        with pytest.raises(NoProof, match="rests on one of these"):
            enter(case, kind, by=officer, ends_at=NOON + DAY, evidence_kind=EvidenceKind.WORD)

    def test_the_wrong_paper_proves_nothing(self, case, officer):
        with pytest.raises(NoProof):
            enter(case, RestrictionKind.HOSPITAL, by=officer, evidence_kind=EvidenceKind.COURT)

    @pytest.mark.parametrize(
        ("kind", "evidence", "days"),
        [
            (RestrictionKind.HOSPITAL, EvidenceKind.WORD, 14),
            (RestrictionKind.HOSPITAL, EvidenceKind.MEDICAL, None),
            (RestrictionKind.DISABILITY, EvidenceKind.WORD, 14),
            (RestrictionKind.DISABILITY, EvidenceKind.DISABILITY, 180),
            (RestrictionKind.SERIOUS_ILLNESS, EvidenceKind.MEDICAL, 90),
            (RestrictionKind.DISPUTE, EvidenceKind.OWN_RECORD, 20),
        ],
    )
    def test_the_first_review_comes_early_when_only_somebody_says_so(
        self, case, officer, kind, evidence, days
    ):
        entered = enter(case, kind, by=officer, evidence_kind=evidence)

        assert entered.review_on == (TODAY + days * DAY if days else None)

    def test_the_review_date_is_the_branchs_own(self, officer):
        case = overdue_case(now=NOON - DAY, branch=BranchFactory(time_zone="America/New_York"))

        entered = enter(case, RestrictionKind.DISPUTE, by=officer)

        assert entered.review_on == date(2026, 11, 22) + 20 * DAY


class TestRoles:
    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.FIELD_AGENT])
    def test_who_may_not_enter(self, case, role):
        with pytest.raises(NotYours, match="not for your role"):
            enter(case, RestrictionKind.COURT, by=UserFactory(role=role))

    @pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.SUPERVISOR])
    def test_protection_is_entered_by_whoever_learns_of_it_and_lifted_by_the_officer(
        self, case, officer, role
    ):
        who = UserFactory(role=role)
        entered = enter(case, RestrictionKind.BEREAVEMENT, by=who)

        with pytest.raises(NotYours):
            lift_restriction(entered, by=who, now=NOON)
        with pytest.raises(NotYours):
            review_restriction(entered, by=who, now=NOON)

        lift_restriction(entered, by=officer, now=NOON)

    def test_a_supervisor_lifts_a_hardship_application_that_was_decided(self, case):
        supervisor = UserFactory(role=Role.SUPERVISOR)
        entered = enter(case, RestrictionKind.HARDSHIP_APPLICATION, by=supervisor)

        lift_restriction(entered, by=supervisor, now=NOON)

        assert Restriction.objects.get().lifted_by == supervisor


class TestExtension:
    def test_it_goes_on_from_its_end_as_a_row_of_its_own(self, case, officer):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer, channels=[Channel.VISIT])

        longer = extend(first, by=officer)

        assert longer.extended_from == first
        assert (longer.starts_at, longer.ends_at) == (NOON + 90 * DAY, NOON + 180 * DAY)
        assert (longer.kind, longer.channels) == (first.kind, ["VISIT"])
        assert Restriction.objects.get(pk=first.pk).ends_at == NOON + 90 * DAY

    def test_a_stay_in_hospital_is_continued_once(self, case, officer):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer)
        longer = extend(first, by=officer)

        with pytest.raises(CannotBeExtended, match="continued already"):
            extend(first, by=officer)
        with pytest.raises(CannotBeExtended, match="1 times at most"):
            extend(longer, by=officer)

    def test_not_longer_than_the_table_says(self, case, officer):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer)

        with pytest.raises(TooLong):
            extend(first, by=officer, ends_at=NOON + 180 * DAY + A_MOMENT)
        assert extend(first, by=officer, ends_at=NOON + 180 * DAY)

    @pytest.mark.parametrize("kind", [RestrictionKind.BEREAVEMENT, RestrictionKind.HARDSHIP_APPLICATION])
    def test_kinds_that_are_not_continued(self, case, officer, kind):
        entered = enter(case, kind, by=officer)

        with pytest.raises(CannotBeExtended):
            extend(entered, by=officer, evidence_kind=EFFECTS[kind].proof[0])

    def test_only_while_it_is_in_force(self, case, officer):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer)

        with pytest.raises(CannotBeExtended, match="in force"):
            extend(first, by=officer, now=NOON + 90 * DAY)
        assert extend(first, by=officer, now=NOON + 90 * DAY - A_MOMENT)

    def test_a_lifted_one_is_not_continued_and_lifting_takes_what_would_follow(self, case, officer):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer)
        extend(first, by=officer)

        lift_restriction(first, by=officer, now=NOON + 2 * DAY)

        assert not Restriction.objects.not_over(at=NOON + 2 * DAY).exists()
        with pytest.raises(CannotBeExtended):
            extend(first, by=officer, now=NOON + 2 * DAY)

    @pytest.mark.parametrize(
        "changes",
        [
            {"kind": "BEREAVEMENT"},
            {"starts_at": NOON},
            {"channels": ["SMS"]},
            {"customer": "another"},
        ],
    )
    def test_the_database_holds_a_continuation_to_its_own(self, case, officer, changes):
        first = enter(case, RestrictionKind.HOSPITAL, by=officer)
        if "customer" in changes:
            changes = {"customer": overdue_case(now=NOON).customer}

        with pytest.raises(IntegrityError, match="not continued by another"), transaction.atomic():
            Restriction.objects.create(**copy_of(first, officer, **changes))

    def test_the_database_counts_continuations(self, case, officer):
        longer = extend(enter(case, RestrictionKind.HOSPITAL, by=officer), by=officer)

        with pytest.raises(IntegrityError, match="not continued 2 times"), transaction.atomic():
            Restriction.objects.create(**copy_of(longer, officer))

    def test_the_database_counts_by_the_table(self):
        walls = importlib.import_module("compliance.migrations.0009_restriction_walls")

        assert {
            str(kind): care.extensions for kind, care in EFFECTS.items() if care.extensions
        } == walls.CONTINUED_AT_MOST


def copy_of(row, officer, **changes):
    return {
        "customer": row.customer,
        "kind": row.kind,
        "channels": row.channels,
        "starts_at": row.ends_at,
        "ends_at": row.ends_at + 10 * DAY,
        "evidence": "x",
        "extended_from": row,
        "entered_at": NOON,
        "entered_by": officer,
        **changes,
    }


class TestReview:
    def test_what_still_holds_is_looked_at_again_later(self, case, officer):
        entered = enter(case, RestrictionKind.DISPUTE, by=officer)

        later = review_restriction(entered, by=officer, now=NOON + 20 * DAY)

        assert later == TODAY + 40 * DAY == Restriction.objects.get().review_on
        kept = RestrictionReview.objects.get()
        assert (kept.by, kept.next_on) == (officer, later)

    def test_a_lifted_one_is_not_reviewed(self, case, officer):
        entered = enter(case, RestrictionKind.DISPUTE, by=officer)
        lift_restriction(entered, by=officer, now=NOON)

        with pytest.raises(AlreadyLifted):
            review_restriction(entered, by=officer, now=NOON)

    def test_one_that_ends_by_itself_is_not_looked_at_before(self, case, officer):
        entered = enter(case, RestrictionKind.HOSPITAL, by=officer, evidence_kind=EvidenceKind.WORD)

        assert review_restriction(entered, by=officer, now=NOON + 14 * DAY) == TODAY + 90 * DAY

    def test_a_review_is_never_put_earlier(self, case, officer):
        entered = enter(case, RestrictionKind.DISPUTE, by=officer)

        for earlier in (TODAY, None):
            with pytest.raises(DatabaseError, match="put later|permission denied"), transaction.atomic():
                Restriction.objects.filter(pk=entered.pk).update(review_on=earlier)

    def test_the_tick_gives_open_ones_a_date_and_counts_what_is_due(self, case, officer):
        Restriction.objects.create(
            customer=case.customer,
            kind="DO_NOT_CONTACT",
            starts_at=NOON - DAY,
            evidence="from before",
            entered_at=NOON - DAY,
            entered_by=officer,
        )
        enter(case, RestrictionKind.DISPUTE, by=officer)
        enter(case, RestrictionKind.BEREAVEMENT, by=officer)

        assert call_for_reviews(today=TODAY, now=NOON) == "1 to review, 1 of them had no date"
        assert call_for_reviews(today=TODAY + 20 * DAY, now=NOON + 20 * DAY) == (
            "2 to review, 0 of them had no date"
        )

    def test_each_sees_what_is_theirs_to_decide(self, case, officer):
        enter(case, RestrictionKind.DISPUTE, by=officer)
        plan = enter(case, RestrictionKind.PERFORMING_PLAN, by=officer)
        supervisor = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
        stranger = UserFactory(role=Role.SUPERVISOR)

        assert restrictions_to_review(officer).count() == 2
        assert list(restrictions_to_review(supervisor)) == [plan]
        assert not restrictions_to_review(stranger).exists()
        assert not restrictions_to_review(UserFactory(role=Role.AUDITOR)).exists()


class TestTimeline:
    def test_the_case_tells_until_when_and_not_why(self, case, officer):
        entered = enter(case, RestrictionKind.SERIOUS_ILLNESS, by=officer)
        lift_restriction(entered, by=officer, now=NOON + DAY)

        told = list(case.events.filter(kind__startswith="RESTRICTION").order_by("at"))

        assert [event.kind for event in told] == ["RESTRICTION_ENTERED", "RESTRICTION_LIFTED"]
        assert told[0].detail == {"until": None}
        assert sentence(told[0]) == "Contact is restricted until further notice."
        assert told[1].detail == {}

    def test_with_an_end_it_says_so(self, case, officer):
        enter(case, RestrictionKind.HOSPITAL, by=officer)

        assert sentence(case.events.get(kind="RESTRICTION_ENTERED")) == (
            "Contact is restricted until 2027-02-21 12:00."
        )


def test_what_was_stopped_is_kept_even_when_it_was_nothing(case, officer):
    enter(case, RestrictionKind.HOSPITAL, by=officer)

    kept = Stoppage.objects.get()
    assert (kept.branch, kept.by, kept.anything) == (case.branch, officer, False)


def test_everybody_who_is_told_of_a_restriction_exists():
    assert all(callable(import_string(path)) for path in settings.ON_RESTRICTION)
