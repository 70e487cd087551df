"""The office's pages: look at everything of the branch, change nothing but by an action."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models.cases import NextAction
from accounts.models.staff import Role
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.models import Contact, Refusal
from followups.calls import call
from followups.dispatch import dispatch_due
from followups.models import FollowUp, Message, MessageEvent, Promise, SentMessage
from followups.models.actions import FollowUpStatus, Outcome
from followups.models.messages import CancelReason, MessageStatus
from followups.settlement import settle_promises
from followups.worklist import queue_follow_ups
from tests.accounts.factories import BranchFactory, UserFactory
from tests.followups.factories import TEN, case_with, message, payment, promise, system, timing_out

MODELS = [FollowUp, Message, MessageEvent, Promise, SentMessage]


@pytest.fixture(autouse=True)
def clock(db, database_clock, monkeypatch):
    def believe(now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        database_clock(now)

    believe(TEN)
    return believe


@pytest.fixture
def log_in(client):
    """Log somebody of this role in, with exactly the rights of the role."""

    def let_in(role, branch=None):
        make_role_groups()
        user = UserFactory(role=role, **({"branch": branch} if branch else {}))
        put_into_role_groups([user])
        client.force_login(user)
        return user

    return let_in


@pytest.fixture
def branch():
    return BranchFactory()


@pytest.fixture
def supervisor(log_in, branch):
    return log_in(Role.SUPERVISOR, branch)


def changelist(model):
    return reverse(f"admin:followups_{model._meta.model_name}_changelist")


def act(client, model, action, *rows, **more):
    body = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows], **more}
    return client.post(changelist(model), body, follow=True)


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


def reminder(branch):
    return message(case_with(NextAction.REMIND, branch=branch))


def unknown(branch):
    row = reminder(branch)
    dispatch_due(gateway=timing_out(), clock=lambda: TEN, by=system())
    return as_it_is(row)


def to_do(branch, action=NextAction.CALL):
    case = case_with(action, branch=branch)
    queue_follow_ups(by=system(), now=TEN)
    return FollowUp.objects.get(case=case)


def one_of_each(branch):
    made = promise(case_with(NextAction.CALL, branch=branch))
    payment(made.case, received_at=TEN)
    settle_promises(by=system(), now=TEN)
    row = unknown(branch)
    SentMessage.objects.create(message=row, to_masked="+86****0000", text="…", handed_over_at=TEN)
    to_do(branch)
    return {
        FollowUp: FollowUp.objects.get(),
        Message: row,
        MessageEvent: MessageEvent.objects.filter(message=row).first(),
        Promise: made,
        SentMessage: SentMessage.objects.get(),
    }


@pytest.mark.parametrize("model", MODELS)
def test_the_pages_open_and_nothing_on_them_can_be_edited_or_deleted(client, supervisor, branch, model):
    row = one_of_each(branch)[model]
    name = f"admin:followups_{model._meta.model_name}"

    listed = client.get(changelist(model))
    page = client.get(reverse(f"{name}_change", args=[row.pk]))

    assert listed.status_code == page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_another_branch_is_not_shown(client, log_in, branch, model):
    row = one_of_each(branch)[model]
    log_in(Role.SUPERVISOR, BranchFactory())

    listed = client.get(changelist(model))

    assert listed.context["cl"].result_count == 0
    page = reverse(f"admin:followups_{model._meta.model_name}_change", args=[row.pk])
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
@pytest.mark.parametrize(
    ("model", "action"),
    [
        (Message, "cancel"),
        (Message, "settle_as_sent"),
        (Message, "settle_as_failed"),
        (FollowUp, "call"),
        (FollowUp, "done"),
        (FollowUp, "cancel"),
    ],
)
def test_who_only_looks_cannot_act(client, log_in, branch, role, model, action):
    row = to_do(branch) if model is FollowUp else reminder(branch)
    log_in(role)
    before = model.objects.values().get(pk=row.pk)

    act(client, model, action, row, outcome=Outcome.REFUSES)

    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", MODELS)
def test_lists_make_as_many_queries_for_one_row_as_for_many(client, supervisor, branch, model):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(changelist(model))
        return len(caught)

    one_of_each(branch)
    few = queries()
    for _ in range(3):
        promise(case_with(NextAction.CALL, branch=branch))
        row = unknown(branch)
        SentMessage.objects.create(message=row, to_masked="+86****0000", text="…", handed_over_at=TEN)
        to_do(branch)

    assert queries() == few


class TestMessages:
    def test_what_waits_is_cancelled(self, client, supervisor, branch):
        row = reminder(branch)

        act(client, Message, "cancel", row)

        cancelled = as_it_is(row)
        assert (cancelled.status, cancelled.cancel_reason) == ("CANCELLED", CancelReason.BY_STAFF)
        assert MessageEvent.objects.get(message=row).by == supervisor

    @pytest.mark.parametrize(
        ("action", "status"),
        [("settle_as_sent", MessageStatus.SENT), ("settle_as_failed", MessageStatus.FAILED)],
    )
    def test_what_nobody_knows_is_settled_by_a_person(self, client, supervisor, branch, action, status):
        row = unknown(branch)

        act(client, Message, action, row)

        assert as_it_is(row).status == status
        assert MessageEvent.objects.get(message=row, new=status).by == supervisor

    def test_what_is_known_is_not_settled_and_the_reason_is_said(self, client, supervisor, branch):
        settled = unknown(branch)
        act(client, Message, "settle_as_sent", settled)

        answer = act(client, Message, "settle_as_failed", settled)

        assert as_it_is(settled).status == MessageStatus.SENT
        assert [said.level_tag for said in answer.context["messages"]] == ["warning"]

    def test_the_number_is_masked(self, client, supervisor, branch):
        row = reminder(branch)

        page = client.get(reverse("admin:followups_message_change", args=[row.pk])).content.decode()

        assert row.phone.number_masked in page
        assert row.phone.unseal_number() not in page


class TestFollowUps:
    def test_a_call_goes_through_the_gate_and_shows_the_number_on_that_page_alone(
        self, client, supervisor, branch
    ):
        row = to_do(branch)
        number = row.customer.phones.get().unseal_number()

        answer = act(client, FollowUp, "call", row)

        assert number in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert Contact.objects.get().made_by == supervisor
        assert number not in client.get(changelist(FollowUp)).content.decode()

    def test_at_night_no_number_is_shown_and_the_reason_is(self, client, supervisor, branch, clock):
        row = to_do(branch)
        clock(TEN.replace(hour=21))

        answer = act(client, FollowUp, "call", row)

        refusal = Refusal.objects.get()
        assert row.customer.phones.get().unseal_number() not in answer.content.decode()
        assert [said.level_tag for said in answer.context["messages"]] == ["warning"]
        assert refusal.asked_by == supervisor

    def test_one_is_called_at_a_time(self, client, supervisor, branch):
        act(client, FollowUp, "call", to_do(branch), to_do(branch))

        assert not Contact.objects.exists()

    def test_the_page_of_the_call_tells_what_came_of_it(self, client, supervisor, branch):
        row = to_do(branch)
        page = act(client, FollowUp, "call", row).content.decode()
        assert f'name="_selected_action" value="{row.pk}"' in page

        act(client, FollowUp, "done", row, outcome=Outcome.HARDSHIP, note="lost the job", select_across="0")

        done = as_it_is(row)
        assert (done.status, done.outcome, done.note) == (FollowUpStatus.DONE, "HARDSHIP", "lost the job")
        assert done.done_by == supervisor

    def test_without_an_outcome_nothing_is_done(self, client, supervisor, branch):
        row = to_do(branch)
        call(row, by=supervisor, now=TEN)

        act(client, FollowUp, "done", row)

        assert as_it_is(row).status == FollowUpStatus.OPEN

    def test_a_call_is_not_done_without_calling(self, client, supervisor, branch):
        row = to_do(branch)

        answer = act(client, FollowUp, "done", row, outcome=Outcome.REFUSES)

        assert as_it_is(row).status == FollowUpStatus.OPEN
        assert [said.level_tag for said in answer.context["messages"]] == ["warning"]

    def test_other_follow_ups_are_done_with_an_outcome(self, client, supervisor, branch):
        row = to_do(branch, NextAction.SUPERVISOR)

        act(client, FollowUp, "done", row, outcome=Outcome.TO_LEGAL)

        assert as_it_is(row.case).next_action == NextAction.LEGAL

    def test_what_need_not_be_done_is_cancelled(self, client, supervisor, branch):
        row = to_do(branch)

        act(client, FollowUp, "cancel", row, note="on holiday")

        cancelled = as_it_is(row)
        assert (cancelled.status, cancelled.note) == (FollowUpStatus.CANCELLED, "on holiday")
